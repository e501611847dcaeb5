// The verdict on one connection: its upgrade, session, certificate and staple. Part of judge.
#pragma once

#include <string>
#include <string_view>

#include "plugins/check_mail_tls/judge.h"

namespace mailcheck::plugins::mail_tls {

// How DANE and MTA-STS turned out, as far as the certificate's own faults are concerned.
enum class ChainRule {
  pkix,          // they are faults
  dane_vouches,  // a TLSA record vouches for it: they are notes, "expired" a warning (DESIGN.md section 4)
};

struct JudgedLook {
  const probe::TlsLook& look;
  std::string where;  // "smtp 587", "mx1.example.test 192.0.2.1 smtp 25, rsa": what every finding begins with
  ChainRule rule = ChainRule::pkix;
};

void judge_look(plugin::Report& report, const JudgedLook& judged, const Limits& limits);

// "where: name, detail"; names and details are shown as they are.
void add_finding(plugin::Report& report, const Limits& limits, std::string_view name, const std::string& where,
                 const std::string& detail);

// Something is expected that only a certificate can keep.
[[nodiscard]] bool expects_certificate(const CertificateExpectations& expected);

// The handshake was done, so that there is a session to speak of.
[[nodiscard]] bool has_session(const probe::TlsLook& look);

// "rsa"; empty: none was asked for.
[[nodiscard]] std::string_view name_of(tls::KeyType type);

}  // namespace mailcheck::plugins::mail_tls
