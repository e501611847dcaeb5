#include "tls/verify_faults.h"

#include <fmt/format.h>
#include <openssl/x509_vfy.h>

#include <algorithm>
#include <array>
#include <chrono>
#include <string>
#include <string_view>

#include "base/utc.h"

namespace mailcheck::tls {
namespace {

using base::ErrorKind;

constexpr std::array kByWeight = {ErrorKind::expired,
                                  ErrorKind::not_yet_valid,
                                  ErrorKind::name_mismatch,
                                  ErrorKind::self_signed,
                                  ErrorKind::missing_intermediate,
                                  ErrorKind::untrusted,
                                  ErrorKind::wrong_purpose,
                                  ErrorKind::weak_key,
                                  ErrorKind::weak_digest};

// "certificate", "intermediate CN=...", "root CN=..."
std::string role(const std::vector<Certificate>& chain, std::size_t depth) {
  if (depth == 0 || depth >= chain.size()) return "certificate";
  const bool is_root = depth + 1 == chain.size() && chain[depth].is_self_issued;
  return fmt::format("{} {}", is_root ? "root" : "intermediate", chain[depth].subject);
}

std::string counted(std::chrono::seconds span) {
  using namespace std::chrono;
  const auto say = [](auto count, std::string_view unit) {
    return fmt::format("{} {}{}", count, unit, count == 1 ? "" : "s");
  };
  if (span >= days(2)) return say(duration_cast<days>(span).count(), "day");
  if (span >= hours(2)) return say(duration_cast<hours>(span).count(), "hour");
  return say(duration_cast<minutes>(span).count(), "minute");
}

std::string date(base::WallTime time) {
  return base::utc_text(time, base::Precision::minute);
}

// What a classification needs to know.
struct Case {
  const std::vector<Certificate>& chain;
  base::WallTime now;
  std::size_t depth;

  [[nodiscard]] std::string who() const { return role(chain, depth); }
  [[nodiscard]] Certificate certificate() const { return depth < chain.size() ? chain[depth] : Certificate{}; }
};

VerifyFault expired(const Case& at) {
  const base::WallTime end = at.certificate().not_after;
  return {ErrorKind::expired, fmt::format("{} ended {}, {} ago", at.who(), date(end), counted(at.now - end))};
}

VerifyFault not_yet_valid(const Case& at) {
  const base::WallTime begin = at.certificate().not_before;
  return {ErrorKind::not_yet_valid, fmt::format("{} begins {}, in {}", at.who(), date(begin), counted(begin - at.now))};
}

// The chain ends at a certificate whose issuer was neither sent nor is trusted here.
VerifyFault no_issuer(const Case& at) {
  if (at.chain.empty()) return {ErrorKind::untrusted, "certificate is not trusted"};
  const Certificate& last = at.chain.back();
  if (at.chain.size() == 1 && !last.is_self_issued) {
    return {
        ErrorKind::missing_intermediate,
        fmt::format("the server sent no certificate of its issuer {}, which is not known here either", last.issuer)};
  }
  if (last.is_self_issued) return {ErrorKind::untrusted, fmt::format("root {} is not trusted here", last.subject)};
  return {ErrorKind::untrusted, fmt::format("{} is issued by {}, which is not trusted here",
                                            role(at.chain, at.chain.size() - 1), last.issuer)};
}

VerifyFault self_signed(const Case& at) {
  return {ErrorKind::self_signed, fmt::format("certificate is self-signed ({})", at.certificate().subject)};
}

VerifyFault wrong_purpose(const Case& at) {
  return {ErrorKind::wrong_purpose, fmt::format("{} is not made for servers (extended key usage)", at.who())};
}

VerifyFault weak_key(const Case& at) {
  return {ErrorKind::weak_key, fmt::format("{} has a weak key ({})", at.who(), at.certificate().key)};
}

VerifyFault weak_digest(const Case& at) {
  return {ErrorKind::weak_digest,
          fmt::format("{} is signed with a weak digest ({})", at.who(), at.certificate().signature_algorithm)};
}

VerifyFault other(const Case& at, int error) {
  return {ErrorKind::untrusted, fmt::format("{}: {}", at.who(), X509_verify_cert_error_string(error))};
}

VerifyFault fault_of(int error, const Case& at) {
  switch (error) {
    case X509_V_ERR_CERT_HAS_EXPIRED: return expired(at);
    case X509_V_ERR_CERT_NOT_YET_VALID: return not_yet_valid(at);
    case X509_V_ERR_DEPTH_ZERO_SELF_SIGNED_CERT: return self_signed(at);
    case X509_V_ERR_UNABLE_TO_GET_ISSUER_CERT:
    case X509_V_ERR_UNABLE_TO_GET_ISSUER_CERT_LOCALLY:
    case X509_V_ERR_UNABLE_TO_VERIFY_LEAF_SIGNATURE:
    case X509_V_ERR_SELF_SIGNED_CERT_IN_CHAIN:
    case X509_V_ERR_CERT_UNTRUSTED: return no_issuer(at);
    case X509_V_ERR_INVALID_PURPOSE: return wrong_purpose(at);
    case X509_V_ERR_EE_KEY_TOO_SMALL:
    case X509_V_ERR_CA_KEY_TOO_SMALL: return weak_key(at);
    case X509_V_ERR_CA_MD_TOO_WEAK: return weak_digest(at);
    default: return other(at, error);
  }
}

// Of an issuer that is no authority OpenSSL says both; its purpose is not what is wrong with it.
bool is_said_otherwise(const VerifyEvent& event, const std::vector<VerifyEvent>& events) {
  return event.error == X509_V_ERR_INVALID_PURPOSE &&
         std::any_of(events.begin(), events.end(), [&event](const VerifyEvent& other) {
           return other.error == X509_V_ERR_INVALID_CA && other.depth == event.depth;
         });
}

}  // namespace

std::vector<VerifyFault> classify(const std::vector<VerifyEvent>& events, const std::vector<Certificate>& built_chain,
                                  base::WallTime now) {
  std::vector<VerifyFault> faults;
  for (const VerifyEvent& event : events) {
    if (is_said_otherwise(event, events)) continue;
    const std::size_t depth = event.depth < 0 ? 0 : static_cast<std::size_t>(event.depth);
    VerifyFault fault = fault_of(event.error, {built_chain, now, depth});
    const bool is_known = std::any_of(faults.begin(), faults.end(), [&fault](const VerifyFault& known) {
      return known.kind == fault.kind && known.detail == fault.detail;
    });
    if (!is_known) faults.push_back(std::move(fault));
  }
  sort_by_weight(faults);
  return faults;
}

void sort_by_weight(std::vector<VerifyFault>& faults) {
  const auto weight = [](const VerifyFault& fault) {
    return std::find(kByWeight.begin(), kByWeight.end(), fault.kind) - kByWeight.begin();
  };
  std::stable_sort(faults.begin(), faults.end(),
                   [&weight](const VerifyFault& a, const VerifyFault& b) { return weight(a) < weight(b); });
}

}  // namespace mailcheck::tls
