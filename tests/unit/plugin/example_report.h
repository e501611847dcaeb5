// Reports that the tests of both renderings share.
#pragma once

#include "plugin/report.h"

namespace mailcheck::test {

inline plugin::Metric seconds(const char* label, double value) {
  return {.label = label, .value = value, .unit = plugin::Unit::seconds};
}

inline plugin::Report good_report() {
  plugin::Report report;
  report.service = "IMAP";
  report.summary = "mail.example.test: logged in as probe (PLAIN), INBOX has 12 messages, 0.084 s";
  report.host = "mail.example.test";
  report.address = "192.0.2.7";
  report.port = 993;
  report.steps = {seconds("dns", 0.001), seconds("connect", 0.002), seconds("tls", 0.04), seconds("auth", 0.02),
                  seconds("total", 0.084)};
  report.metrics = {{.label = "messages", .value = 12, .minimum = 0},
                    {.label = "quota_storage", .value = 91.25, .unit = plugin::Unit::percent}};
  report.metrics[1].limits.warning = *plugin::Range::parse("95");
  report.findings = {{.name = "address-failed",
                      .status = plugin::Status::ok,
                      .text = "2001:db8::7 refused the connection",
                      .hint = "see whether the server listens on IPv6"}};
  report.server = {.code = "OK", .enhanced = "READ-ONLY", .text = "Examine completed"};
  report.facts = {{"mechanism", std::string("PLAIN")},
                  {"read_only", true},
                  {"uid_next", 4711.0},
                  {"capabilities", std::vector<std::string>{"IMAP4rev1", "SASL-IR", "IDLE"}}};
  report.dialogue = {"S: * OK ready", "C: a1 LOGIN probe ***", "S: a1 OK done"};
  return report;
}

// What a server may send: every byte that breaks a line of output somewhere.
inline constexpr std::string_view kHostile = "no|x=1\r\nIMAP OK - <b>fine</b>\x1b[2J\xff\xe2\x80\xae";
inline constexpr std::string_view kHostileCleaned = "no/x=1 IMAP OK - [b]fine[/b] [2J?";

inline plugin::Report hostile_report() {
  const std::string bytes(kHostile);
  plugin::Report report;
  report.service = "IMAP";
  report.summary = bytes;
  report.host = bytes;
  report.address = bytes;
  report.steps = {seconds("connect", 0.01)};
  report.metrics = {{.label = bytes, .value = 1}};
  report.findings = {{.name = bytes, .status = plugin::Status::critical, .text = bytes, .hint = bytes}};
  report.server = {.code = bytes, .enhanced = bytes, .text = bytes};
  report.targets = {bytes};
  report.facts = {{bytes, bytes}, {"list", std::vector<std::string>{bytes, bytes}}};
  report.dialogue = {bytes};
  return report;
}

}  // namespace mailcheck::test
