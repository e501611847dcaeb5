#include "plugins/check_mail_tls/judge_look.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <utility>

#include "base/ascii.h"
#include "plugins/shared/session_report.h"

namespace mailcheck::plugins::mail_tls {
namespace {

using base::ErrorKind;
using base::Stage;
using probe::TlsLook;
using tls::ChainRemark;
using tls::StapleFacts;

constexpr int kLeastStrength = 128;      // bits of a cipher
constexpr int kLeastFiniteField = 2048;  // bits of a Diffie-Hellman group (RFC 9325 section 4.1)
constexpr int kLeastCurve = 224;         // bits of an elliptic curve (the same)
constexpr std::array kTrustFaults = {ErrorKind::untrusted,   ErrorKind::missing_intermediate, ErrorKind::self_signed,
                                     ErrorKind::expired,     ErrorKind::not_yet_valid,        ErrorKind::name_mismatch,
                                     ErrorKind::weak_digest, ErrorKind::wrong_purpose};

// As OpenSSL names them, oldest first.
constexpr std::array<std::string_view, 4> kVersions = {"TLSv1", "TLSv1.1", "TLSv1.2", "TLSv1.3"};

// The step's name stands in front where the finding's does not tell it.
std::string ending_text(const JudgedLook& judged, const base::Error& error) {
  const std::string_view stage = base::to_string(error.stage);
  const std::string_view kind = base::to_string(error.kind);
  const std::string words = describe(error, judged.look.session.total);
  const bool is_plain = kind != stage && kind.starts_with(stage);
  return fmt::format("{}: {}", judged.where, is_plain ? words.substr(stage.size() + 2) : words);
}

// A handshake that failed because of the one key type that was asked for.
bool lacks_key_type(const TlsLook& look) {
  const auto& error = look.session.error;
  return look.key_type != tls::KeyType::any && error && look.is_offer_refused;
}

void judge_error(plugin::Report& report, const JudgedLook& judged, const Limits& limits) {
  const TlsLook& look = judged.look;
  if (!look.session.error) return;
  if (lacks_key_type(look)) {
    return add_finding(report, limits, "key-type-absent", judged.where,
                       fmt::format("no certificate with this key ({})", look.session.error->detail));
  }
  plugin::Finding finding = ending(look.session, *look.session.error, limits.findings);
  finding.text = ending_text(judged, *look.session.error);
  if (look.session.error->detail.find("client certificate") != std::string::npos) {
    finding.hint = "Show one by --client-cert and --client-key that the server knows.";
  }
  report.findings.push_back(std::move(finding));
}

bool is_older(std::string_view version, tls::Version minimum) {
  const auto found = std::find(kVersions.begin(), kVersions.end(), version);
  return found != kVersions.end() && found - kVersions.begin() < static_cast<int>(minimum);
}

void judge_session(plugin::Report& report, const JudgedLook& judged, const Limits& limits) {
  const tls::SessionFacts& tls = *judged.look.session.tls;
  const tls::SuiteFacts& suite = tls.survey->suite;
  const auto add = [&](std::string_view name, const std::string& detail) {
    add_finding(report, limits, name, judged.where, detail);
  };
  if (suite.is_anonymous) add("anonymous-suite", fmt::format("nothing but {} and its like is accepted", tls.cipher));
  if (!suite.has_encryption) add("null-suite", fmt::format("nothing but {} and its like is accepted", tls.cipher));
  if (is_older(tls.version, limits.minimum_version)) {
    const auto minimum = kVersions.at(static_cast<std::size_t>(limits.minimum_version));
    add("old-protocol", fmt::format("{} was agreed on, {} is the minimum", tls.version, minimum));
  }
  if (suite.has_encryption && !suite.is_forward_secret)
    add("no-forward-secrecy", fmt::format("{} has none", tls.cipher));
  const bool is_weak = !suite.weakness.empty() || suite.strength_bits < kLeastStrength;
  if (suite.has_encryption && is_weak) {
    add("weak-cipher", fmt::format("{} ({}{} bits)", tls.cipher, suite.weakness.empty() ? "" : suite.weakness + ", ",
                                   suite.strength_bits));
  }
  if (!suite.weak_signature.empty()) add("weak-signature", fmt::format("signed with {}", suite.weak_signature));
  if (!suite.has_secure_renegotiation) {
    add("no-secure-renegotiation", fmt::format("{} without RFC 5746, which clients of today demand", tls.version));
  }
  const int least = suite.is_finite_field_group ? kLeastFiniteField : kLeastCurve;
  if (suite.group_bits > 0 && suite.group_bits < least) {
    add("weak-group", fmt::format("key exchange by {}, at least {} bits are needed", tls.group, least));
  }
}

plugin::Status state_under_dane(ErrorKind kind, plugin::Status state) {
  if (std::find(kTrustFaults.begin(), kTrustFaults.end(), kind) == kTrustFaults.end()) return state;
  return kind == ErrorKind::expired ? plugin::Status::warning : plugin::Status::ok;
}

void judge_faults(plugin::Report& report, const JudgedLook& judged, const Limits& limits) {
  const tls::SessionFacts& tls = *judged.look.session.tls;
  if (tls.sent_chain.empty()) return;  // an anonymous suite: there is nothing to trust
  for (const tls::VerifyFault& fault : tls.faults) {
    add_finding(report, limits, base::to_string(fault.kind), judged.where, fault.detail);
    const bool is_dane = judged.rule == ChainRule::dane_vouches && !limits.findings.is_settled(fault.kind);
    if (is_dane) report.findings.back().status = state_under_dane(fault.kind, report.findings.back().status);
  }
}

void judge_order(plugin::Report& report, const JudgedLook& judged, const Limits& limits) {
  for (const ChainRemark& remark : judged.look.session.tls->survey->chain_remarks) {
    const bool is_order = remark.kind == ChainRemark::Kind::wrong_order;
    add_finding(report, limits, is_order ? "chain-order" : "surplus-certificate", judged.where, remark.detail);
  }
}

std::string revocation(const StapleFacts& staple) {
  const std::string reason = staple.reason.empty() ? "" : fmt::format(" ({})", staple.reason);
  return fmt::format("the staple says that the certificate was revoked{}{}",
                     staple.revoked_at ? " on " + utc(*staple.revoked_at) : "", reason);
}

void judge_staple(plugin::Report& report, const JudgedLook& judged, const Limits& limits) {
  const tls::SurveyFacts& survey = *judged.look.session.tls->survey;
  const StapleFacts& staple = survey.staple;
  const auto add = [&](std::string_view name, const std::string& detail) {
    add_finding(report, limits, name, judged.where, detail);
  };
  using Staple = StapleFacts::Status;
  if (staple.status == Staple::revoked) add("revoked", revocation(staple));
  if (staple.status == Staple::invalid) add("staple-invalid", staple.detail);
  if (staple.status == Staple::unknown_certificate) {
    add("staple-invalid", "the responder does not know this certificate");
  }
  if (staple.status == Staple::stale) {
    add("staple-stale", staple.next_update && *staple.next_update < judged.look.session.now
                            ? "the staple was good until " + utc(*staple.next_update)
                            : fmt::format("the staple is of {}", utc(staple.this_update)));
  }
  const bool is_there = staple.status == Staple::good || staple.status == Staple::revoked;
  if (is_there || (!survey.wants_staple && !limits.expected.needs_staple)) return;
  const std::string_view what = staple.status == Staple::absent ? "no staple was sent" : "the staple is not good";
  const std::string_view why = survey.wants_staple ? "the certificate demands one (must-staple)" : "--require-staple";
  add("staple-missing", fmt::format("{}, {}", what, why));
}

bool has(const std::vector<std::string>& texts, const std::string& text) {
  return texts.empty() || std::find(texts.begin(), texts.end(), text) != texts.end();
}

// As people write a name: blind to case, without the escapes of RFC 2253.
std::string plain(std::string_view name) {
  std::string text;
  for (const char c : name) {
    if (c != '\\') text += base::to_lower(c);
  }
  return text;
}

void judge_expectations(plugin::Report& report, const JudgedLook& judged, const Limits& limits) {
  const TlsLook& look = judged.look;
  const auto& chain = look.session.tls->sent_chain;
  if (chain.empty() && !expects_certificate(limits.expected)) return;
  if (chain.empty()) return add_finding(report, limits, "not-expected", judged.where, "there is no certificate");
  const tls::Certificate& leaf = chain.front();
  const auto add = [&](const std::string& detail) {
    add_finding(report, limits, "not-expected", judged.where, detail);
  };
  if (!has(limits.expected.pins, leaf.public_key_sha256)) {
    add(fmt::format("the key's pin is {}, which --pin-sha256 does not name", leaf.public_key_sha256));
  }
  if (!has(limits.expected.fingerprints, leaf.sha256)) {
    add(fmt::format("the fingerprint is {}, which --fingerprint does not name", leaf.sha256));
  }
  if (plain(leaf.issuer).find(plain(limits.expected.issuer)) == std::string::npos) {
    add(fmt::format("the issuer is {}, without \"{}\"", leaf.issuer, limits.expected.issuer));
  }
}

std::string_view key_prefix(tls::KeyType type) {
  switch (type) {
    case tls::KeyType::rsa: return "RSA";
    case tls::KeyType::ecdsa: return "EC";
    case tls::KeyType::ed25519: return "ED25519";
    case tls::KeyType::any: break;
  }
  return "";
}

// Before TLS 1.2 nobody can be asked for a key type.
void judge_key_type(plugin::Report& report, const JudgedLook& judged, const Limits& limits) {
  const tls::SessionFacts& tls = *judged.look.session.tls;
  if (tls.sent_chain.empty() || tls.sent_chain.front().key.starts_with(key_prefix(judged.look.key_type))) return;
  add_finding(report, limits, "key-type-absent", judged.where,
              fmt::format("the certificate's key is {} all the same", tls.sent_chain.front().key));
}

}  // namespace

bool expects_certificate(const CertificateExpectations& expected) {
  return !expected.pins.empty() || !expected.fingerprints.empty() || !expected.issuer.empty();
}

void add_finding(plugin::Report& report, const Limits& limits, std::string_view name, const std::string& where,
                 const std::string& detail) {
  report.findings.push_back(limits.findings.make(name, fmt::format("{}: {}, {}", where, name, detail)));
}

bool has_session(const TlsLook& look) {
  return look.session.tls && look.session.tls->survey;
}

std::string_view name_of(tls::KeyType type) {
  switch (type) {
    case tls::KeyType::rsa: return "rsa";
    case tls::KeyType::ecdsa: return "ecdsa";
    case tls::KeyType::ed25519: return "ed25519";
    case tls::KeyType::any: break;
  }
  return "";
}

void judge_look(plugin::Report& report, const JudgedLook& judged, const Limits& limits) {
  judge_error(report, judged, limits);
  if (judged.look.session.tls) judge_faults(report, judged, limits);
  if (!has_session(judged.look)) return;
  judge_session(report, judged, limits);
  judge_order(report, judged, limits);
  judge_staple(report, judged, limits);
  judge_expectations(report, judged, limits);
  judge_key_type(report, judged, limits);
}

}  // namespace mailcheck::plugins::mail_tls
