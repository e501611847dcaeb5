// What the reports of all probes of a single server have in common: steps, the error that ended the session, TLS facts,
// certificate days, notes. Pure: values in, report out.
#pragma once

#include <optional>
#include <string>

#include "plugin/report.h"
#include "plugin/thresholds.h"
#include "plugins/shared/findings.h"
#include "probe/session_facts.h"

namespace mailcheck::plugins {

// Host, steps, server's reply, address notes, dialogue, and the facts on TLS. Not the error.
[[nodiscard]] plugin::Report report_of(const probe::SessionFacts& facts, const plugin::Thresholds& thresholds,
                                       const Findings& findings);

// cert_days and chain_days, where there was a certificate; and with it the notes of --insecure.
void add_certificate(plugin::Report& report, const probe::SessionFacts& facts, const plugin::Thresholds& thresholds,
                     const Findings& findings);

// `auth: auth-failed, user name or password refused: NO [AUTHENTICATIONFAILED] "Authentication failed.", after 0.041 s`
[[nodiscard]] std::string describe(const base::Error& error, base::Duration after);

// The server's codes and words in it: `NO [AUTHENTICATIONFAILED] "Authentication failed."`; empty if there are none.
[[nodiscard]] std::string quote(const base::Error& error);

// The finding of the error that ended the session, with a hint that fits the case.
[[nodiscard]] plugin::Finding ending(const probe::SessionFacts& facts, const base::Error& error,
                                     const Findings& findings);

// A finding `not-expected` if the text does not occur in the greeting, both as they are shown, so that what can be read
// there can be expected. No greeting: nothing, the error that ended the session says it.
void judge_greeting(plugin::Report& report, const std::optional<std::string>& greeting, const std::string& expected,
                    const Findings& findings);

void add_metric(plugin::Report& report, plugin::Metric metric, const plugin::Thresholds& thresholds);

// "2026-11-21 10:15:00 UTC"
[[nodiscard]] std::string utc(base::WallTime time);
[[nodiscard]] double days_between(base::WallTime from, base::WallTime to);

// The facts' text, or nothing if it is empty.
void add_fact(plugin::Report& report, std::string name, std::string text);

}  // namespace mailcheck::plugins
