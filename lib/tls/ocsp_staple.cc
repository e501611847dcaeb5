#include "tls/ocsp_staple.h"

#include <fmt/format.h>
#include <openssl/err.h>
#include <openssl/ocsp.h>
#include <openssl/x509v3.h>

#include <array>
#include <chrono>

#include "tls/asn1_time.h"
#include "tls/handles.h"
#include "tls/owned.h"

namespace mailcheck::tls {
namespace {

using Status = StapleFacts::Status;
using BasicResponse = Owned<OCSP_BASICRESP, &OCSP_BASICRESP_free>;

constexpr std::size_t kSizeLimit = std::size_t{64} * 1024;
constexpr std::chrono::seconds kLeeway{300};
constexpr std::chrono::days kUndatedLife{7};  // of an answer without nextUpdate
constexpr long kStatusRequest = 5;

StapleFacts invalid(std::string detail) {
  return {.status = Status::invalid, .detail = std::move(detail)};
}

struct Parsed {
  BasicResponse response;
  std::string trouble;
};

Parsed parse(std::string_view der) {
  if (der.size() > kSizeLimit) return {nullptr, fmt::format("{} bytes, more than 64 KiB", der.size())};
  const auto* next = reinterpret_cast<const unsigned char*>(der.data());
  const auto* end = next + der.size();
  const Owned<OCSP_RESPONSE, &OCSP_RESPONSE_free> whole(d2i_OCSP_RESPONSE(nullptr, &next, std::ssize(der)));
  if (!whole) return {nullptr, "cannot be parsed"};
  if (next != end) return {nullptr, fmt::format("{} bytes follow it", end - next)};
  const int status = OCSP_response_status(whole.get());
  if (status != OCSP_RESPONSE_STATUS_SUCCESSFUL) {
    return {nullptr, fmt::format("the responder answered {}", OCSP_response_status_str(status))};
  }
  BasicResponse basic(OCSP_response_get1_basic(whole.get()));
  if (!basic) return {nullptr, "not a basic OCSP answer"};
  return {std::move(basic), {}};
}

bool has_signed(X509* issuer, X509* leaf) {
  EVP_PKEY* key = X509_get0_pubkey(issuer);
  return key != nullptr && X509_check_issued(issuer, leaf) == X509_V_OK && X509_verify(leaf, key) == 1;
}

CertificateHandle issuer_from_store(X509* leaf, X509_STORE* store, base::WallTime now) {
  const Owned<X509_STORE_CTX, &X509_STORE_CTX_free> search(X509_STORE_CTX_new());
  if (!search || X509_STORE_CTX_init(search.get(), store, leaf, nullptr) != 1) return nullptr;
  X509_STORE_CTX_set_time(search.get(), 0, now.time_since_epoch().count());
  X509* found = nullptr;
  if (X509_STORE_CTX_get1_issuer(&found, search.get(), leaf) != 1) return nullptr;
  CertificateHandle issuer(found);
  return has_signed(issuer.get(), leaf) ? std::move(issuer) : nullptr;
}

CertificateHandle find_issuer(X509* leaf, stack_st_X509* sent_chain, X509_STORE* store, base::WallTime now) {
  for (int i = 0; i < sk_X509_num(sent_chain); ++i) {
    X509* candidate = sk_X509_value(sent_chain, i);
    if (!has_signed(candidate, leaf)) continue;
    X509_up_ref(candidate);
    return CertificateHandle(candidate);
  }
  return store == nullptr ? nullptr : issuer_from_store(leaf, store, now);
}

// OpenSSL's last complaint.
struct Complaint {
  int reason = 0;    // OCSP_R_*; 0: it had none
  std::string text;  // of the verification, after "Verify error:"
};

Complaint take_complaint() {
  const char* data = nullptr;
  int flags = 0;
  const unsigned long code = ERR_peek_last_error_data(&data, &flags);
  Complaint out{ERR_GET_REASON(code), data == nullptr || (flags & ERR_TXT_STRING) == 0 ? "" : data};
  out.text.erase(0, out.text.find_first_not_of(' ', out.text.find(':') + 1));
  ERR_clear_error();
  return out;
}

// Signed with the issuer's own key. No chain, so no dates: an issuer that has expired is a fault of the chain.
std::optional<Complaint> check_direct(OCSP_BASICRESP* response, X509* issuer) {
  ERR_clear_error();
  STACK_OF(X509)* signers = sk_X509_new_null();
  sk_X509_push(signers, issuer);
  const int verified = OCSP_basic_verify(response, signers, nullptr, OCSP_NOINTERN | OCSP_TRUSTOTHER);
  sk_X509_free(signers);
  return verified == 1 ? std::nullopt : std::optional(take_complaint());
}

// Signed by a responder whose certificate is in the answer: that must be valid now and come directly from the issuer.
std::optional<Complaint> check_delegated(OCSP_BASICRESP* response, X509* issuer, base::WallTime now) {
  ERR_clear_error();
  const Owned<X509_STORE, &X509_STORE_free> anchors(X509_STORE_new());
  if (!anchors || X509_STORE_add_cert(anchors.get(), issuer) != 1) return take_complaint();
  X509_STORE_set_flags(anchors.get(), X509_V_FLAG_PARTIAL_CHAIN);
  X509_VERIFY_PARAM_set_time(X509_STORE_get0_param(anchors.get()), now.time_since_epoch().count());
  if (OCSP_basic_verify(response, nullptr, anchors.get(), OCSP_NOEXPLICIT) == 1) return std::nullopt;
  return take_complaint();
}

// Empty: signed by one who may.
std::string check_signature(OCSP_BASICRESP* response, X509* issuer, base::WallTime now) {
  const auto direct = check_direct(response, issuer);
  if (!direct) return {};
  const auto delegated = check_delegated(response, issuer, now);
  if (!delegated) return {};
  if (direct->reason == OCSP_R_SIGNATURE_FAILURE || delegated->reason == OCSP_R_SIGNATURE_FAILURE) {
    return "its signature does not verify";
  }
  if (delegated->reason == OCSP_R_CERTIFICATE_VERIFY_ERROR) {
    return "the certificate of its signer is not good: " + delegated->text;
  }
  if (delegated->reason == OCSP_R_MISSING_OCSPSIGNING_USAGE) {
    return "the certificate of its signer is not for signing OCSP answers";
  }
  return "signed neither by the certificate's issuer nor by a responder of that issuer";
}

struct Answer {
  int status = V_OCSP_CERTSTATUS_UNKNOWN;
  int reason = OCSP_REVOKED_STATUS_NOSTATUS;
  ASN1_GENERALIZEDTIME* revoked_at = nullptr;  // owned by the response, like the next two
  ASN1_GENERALIZEDTIME* this_update = nullptr;
  ASN1_GENERALIZEDTIME* next_update = nullptr;
};

std::optional<Answer> find_answer(OCSP_BASICRESP* response, const X509* leaf, const X509* issuer) {
  for (const EVP_MD* digest : std::array{EVP_sha1(), EVP_sha256()}) {
    const Owned<OCSP_CERTID, &OCSP_CERTID_free> id(OCSP_cert_to_id(digest, leaf, issuer));
    Answer found;
    if (id && OCSP_resp_find_status(response, id.get(), &found.status, &found.reason, &found.revoked_at,
                                    &found.this_update, &found.next_update) == 1) {
      return found;
    }
  }
  return std::nullopt;
}

Status status_of(const Answer& answer, const StapleFacts& times, base::WallTime now) {
  if (answer.status == V_OCSP_CERTSTATUS_REVOKED) return Status::revoked;
  if (times.this_update > now + kLeeway) return Status::stale;
  if (times.next_update && *times.next_update + kLeeway < now) return Status::stale;
  if (!times.next_update && times.this_update + kUndatedLife < now) return Status::stale;
  return answer.status == V_OCSP_CERTSTATUS_GOOD ? Status::good : Status::unknown_certificate;
}

StapleFacts facts_of(const Answer& answer, base::WallTime now) {
  StapleFacts facts;
  const auto this_update = wall_time_of(answer.this_update);
  if (!this_update) return invalid("thisUpdate is not a time");
  facts.this_update = *this_update;
  facts.next_update = wall_time_of(answer.next_update);
  if (answer.next_update != nullptr && !facts.next_update) return invalid("nextUpdate is not a time");
  if (facts.next_update && *facts.next_update < facts.this_update) return invalid("nextUpdate is before thisUpdate");
  facts.revoked_at = wall_time_of(answer.revoked_at);
  if (answer.reason != OCSP_REVOKED_STATUS_NOSTATUS) facts.reason = OCSP_crl_reason_str(answer.reason);
  facts.status = status_of(answer, facts, now);
  return facts;
}

StapleFacts read_checked(OCSP_BASICRESP* response, X509* leaf, X509* issuer, base::WallTime now) {
  if (auto trouble = check_signature(response, issuer, now); !trouble.empty()) return invalid(std::move(trouble));
  const auto answer = find_answer(response, leaf, issuer);
  if (!answer) return invalid("about another certificate");
  return facts_of(*answer, now);
}

}  // namespace

StapleFacts read_staple(std::string_view der, x509_st* leaf, stack_st_X509* sent_chain, x509_store_st* store,
                        base::WallTime now) {
  if (der.empty()) return {};
  const Parsed parsed = parse(der);
  const CertificateHandle issuer = parsed.response ? find_issuer(leaf, sent_chain, store, now) : nullptr;
  StapleFacts facts;
  if (!parsed.response) {
    facts = invalid(parsed.trouble);
  } else if (!issuer) {
    facts = invalid("the certificate's issuer was not sent and is not known here, so its signature cannot be checked");
  } else {
    facts = read_checked(parsed.response.get(), leaf, issuer.get(), now);
  }
  ERR_clear_error();
  return facts;
}

bool requires_staple(const x509_st* certificate) {
  const Owned<TLS_FEATURE, &TLS_FEATURE_free> features(
      static_cast<TLS_FEATURE*>(X509_get_ext_d2i(certificate, NID_tlsfeature, nullptr, nullptr)));
  ERR_clear_error();  // of an extension that cannot be parsed
  for (int i = 0; i < sk_ASN1_INTEGER_num(features.get()); ++i) {
    if (ASN1_INTEGER_get(sk_ASN1_INTEGER_value(features.get(), i)) == kStatusRequest) return true;
  }
  return false;
}

}  // namespace mailcheck::tls
