// The verdict on what DNS and policies say: DANE, MTA-STS, mail exchangers, notes. Part of judge.
#pragma once

#include <string>

#include "plugins/check_mail_tls/judge.h"
#include "plugins/check_mail_tls/judge_look.h"

namespace mailcheck::plugins::mail_tls {

// How the certificate's own faults count for this connection: an enforced MTA-STS policy demands PKIX whatever DANE
// says.
[[nodiscard]] ChainRule chain_rule(const probe::TlsSurveyFacts& facts, const probe::TlsTarget& target,
                                   const probe::TlsLook& look, const Limits& limits);

// DANE, per target and connection. Nothing without --dane.
void judge_tlsa(plugin::Report& report, const probe::TlsTarget& target, const std::string& where, const Limits& limits);
void judge_dane(plugin::Report& report, const probe::TlsTarget& target, const JudgedLook& judged, const Limits& limits);

// Once for all targets.
void judge_domain(plugin::Report& report, const probe::TlsSurveyFacts& facts, const Limits& limits);

void add_tlsa_facts(plugin::Report& report, const probe::TlsTarget& target, const probe::TlsLook& look);
void add_name_facts(plugin::Report& report, const probe::TlsSurveyFacts& facts);

}  // namespace mailcheck::plugins::mail_tls
