#include "tls/dane.h"

#include <fmt/format.h>
#include <openssl/err.h>
#include <openssl/evp.h>
#include <openssl/ssl.h>
#include <openssl/x509v3.h>

#include <algorithm>
#include <array>
#include <optional>
#include <span>
#include <string_view>

#include "tls/certificate_reader.h"
#include "tls/handles.h"
#include "tls/idn.h"
#include "tls/owned.h"

namespace mailcheck::tls {
namespace {

using Result = DaneRecordFacts::Result;

constexpr std::size_t kRecordLimit = 64;
constexpr std::size_t kChainLimit = 8;  // of usages 0 to 2
constexpr unsigned kLastUsage = 3;
constexpr unsigned kLastSelector = 1;
constexpr unsigned kLastMatching = 2;
constexpr unsigned int kNameFlags = X509_CHECK_FLAG_NO_PARTIAL_WILDCARDS | X509_CHECK_FLAG_NEVER_CHECK_SUBJECT;

bool is_about_leaf(const Tlsa& tlsa) {
  return tlsa.usage == 1 || tlsa.usage == 3;
}

const EVP_MD* digest_of(const Tlsa& tlsa) {
  return tlsa.matching == 1 ? EVP_sha256() : EVP_sha512();
}

std::optional<std::string> why_unusable(const Tlsa& tlsa, DaneRules rules) {
  if (tlsa.usage > kLastUsage) return fmt::format("usage {} is unknown", tlsa.usage);
  if (tlsa.selector > kLastSelector) return fmt::format("selector {} is unknown", tlsa.selector);
  if (tlsa.matching > kLastMatching) return fmt::format("matching type {} is unknown", tlsa.matching);
  if (rules == DaneRules::mail_transfer && tlsa.usage < 2) {
    return fmt::format("usage {} is not for mail transfer (RFC 7672 section 3.1.3)", tlsa.usage);
  }
  if (tlsa.matching == 0) return std::nullopt;
  const auto size = static_cast<std::size_t>(EVP_MD_get_size(digest_of(tlsa)));
  if (tlsa.data.size() == size) return std::nullopt;
  return fmt::format("digest of {} bytes instead of {}", tlsa.data.size(), size);
}

// Tools that read the certificate from a file that is not there publish this.
bool is_digest_of_nothing(const Tlsa& tlsa) {
  std::array<unsigned char, EVP_MAX_MD_SIZE> out{};
  unsigned int size = 0;
  if (tlsa.matching == 0 || EVP_Digest("", 0, out.data(), &size, digest_of(tlsa), nullptr) != 1) return false;
  return tlsa.data == std::string_view(reinterpret_cast<const char*>(out.data()), size);
}

ContextHandle make_dane_context() {
  ContextHandle context(SSL_CTX_new(TLS_client_method()));
  return context && SSL_CTX_dane_enable(context.get()) == 1 ? std::move(context) : nullptr;
}

// A session that is never connected: OpenSSL keeps TLSA records nowhere else. nullptr: out of memory.
SessionHandle make_dane_session(SSL_CTX* context) {
  SessionHandle session(SSL_new(context));
  if (!session || SSL_dane_enable(session.get(), nullptr) != 1) return nullptr;
  SSL_dane_set_flags(session.get(), DANE_FLAG_NO_DANE_EE_NAMECHECKS);
  return session;
}

bool add_record(SSL* session, const Tlsa& tlsa) {
  const auto* data = reinterpret_cast<const unsigned char*>(tlsa.data.data());
  return SSL_dane_tlsa_add(session, tlsa.usage, tlsa.selector, tlsa.matching, data, tlsa.data.size()) == 1;
}

// False: none of the names can be checked. OpenSSL would then check none.
bool set_names(X509_VERIFY_PARAM* parameters, const std::vector<std::string>& names) {
  bool is_set = false;
  X509_VERIFY_PARAM_set_hostflags(parameters, kNameFlags);
  for (const std::string& given : names) {
    const auto name = to_ascii(given);  // refuses a leading dot, which would match every host below it
    if (!name || is_ip_address(*name)) continue;
    if (X509_VERIFY_PARAM_add1_host(parameters, name->data(), name->size()) == 1) is_set = true;
  }
  return is_set;
}

// X509_V_*; X509_V_OK only if the chain was verified and the record matched.
int verify(const DaneQuestion& question, SSL* session) {
  const Owned<X509_STORE_CTX, &X509_STORE_CTX_free> pass(X509_STORE_CTX_new());
  if (!pass || X509_STORE_CTX_init(pass.get(), question.store, question.leaf, question.sent_chain) != 1) {
    return X509_V_ERR_OUT_OF_MEM;
  }
  X509_STORE_CTX_set_default(pass.get(), "ssl_server");
  X509_STORE_CTX_set0_dane(pass.get(), SSL_get0_dane(session));
  X509_VERIFY_PARAM* parameters = X509_STORE_CTX_get0_param(pass.get());
  X509_VERIFY_PARAM_set_time(parameters, question.now.time_since_epoch().count());
  X509_VERIFY_PARAM_set_auth_level(parameters, 0);
  const bool has_names = set_names(parameters, question.names);
  const int is_verified = X509_verify_cert(pass.get());
  const int error = X509_STORE_CTX_get_error(pass.get());
  if (is_verified != 1) return error == X509_V_OK ? X509_V_ERR_UNSPECIFIED : error;
  std::uint8_t usage = 0;
  const int depth = SSL_get0_dane_tlsa(session, &usage, nullptr, nullptr, nullptr, nullptr);
  if (depth < 0) return X509_V_ERR_DANE_NO_MATCH;
  return has_names || usage == kLastUsage ? X509_V_OK : X509_V_ERR_HOSTNAME_MISMATCH;
}

// What the record matched, whether the verification went well or not; empty: nothing.
std::string matched_at(SSL* session) {
  X509* certificate = nullptr;
  EVP_PKEY* bare_key = nullptr;  // of a record 2 1 0, with no certificate around it
  const int depth = SSL_get0_dane_authority(session, &certificate, &bare_key);
  if (depth < 0) return {};
  if (bare_key != nullptr || certificate == nullptr) return "the key that signed the chain";
  return depth == 0 ? "the server's certificate" : describe(certificate).subject;
}

std::string why_not_matched(const Tlsa& tlsa, int error, const std::string& matched) {
  const std::string label = label_of(tlsa);
  if (is_digest_of_nothing(tlsa)) return label + " is the digest of nothing: it was made from an empty file";
  const std::string trouble = X509_verify_cert_error_string(error);
  if (!matched.empty()) return fmt::format("{} matches {}, but: {}", label, matched, trouble);
  if (error != X509_V_ERR_DANE_NO_MATCH && tlsa.usage < 2) {
    return fmt::format("{}: the chain is not good: {}", label, trouble);
  }
  return label + (is_about_leaf(tlsa) ? " does not match the server's certificate" : " matches no CA certificate sent");
}

DaneRecordFacts match_record(const DaneQuestion& question, const Tlsa& tlsa, SSL_CTX* context) {
  const std::string label = label_of(tlsa);
  if (const auto reason = why_unusable(tlsa, question.rules)) {
    return {tlsa, Result::unusable, fmt::format("{}: {}", label, *reason)};
  }
  const SessionHandle session = context == nullptr ? nullptr : make_dane_session(context);
  if (!session) return {tlsa, Result::unusable, label + ": OpenSSL cannot do DANE here"};
  if (!add_record(session.get(), tlsa)) {
    const char* kind = tlsa.selector == 0 ? "certificate" : "public key";
    return {tlsa, Result::unusable, fmt::format("{}: its {} cannot be parsed", label, kind)};
  }
  const int error = verify(question, session.get());
  const std::string matched = matched_at(session.get());
  if (error == X509_V_OK) return {tlsa, Result::matched, fmt::format("{} matches {}", label, matched)};
  return {tlsa, Result::not_matched, why_not_matched(tlsa, error, matched)};
}

// Each record once. Those that need the chain to be built are few in any real zone, and costly with a hostile chain.
std::vector<DaneRecordFacts> match_all(const DaneQuestion& question, SSL_CTX* context) {
  std::vector<DaneRecordFacts> all;
  std::size_t chains = 0;
  for (const Tlsa& tlsa : std::span(question.records).first(std::min(question.records.size(), kRecordLimit))) {
    const auto is_it = [&tlsa](const DaneRecordFacts& known) { return known.tlsa == tlsa; };
    if (std::any_of(all.begin(), all.end(), is_it)) continue;
    const bool is_one_too_many = tlsa.usage != kLastUsage && ++chains > kChainLimit;
    all.push_back(is_one_too_many
                      ? DaneRecordFacts{tlsa, Result::unusable, label_of(tlsa) + ": one of too many for a chain"}
                      : match_record(question, tlsa, context));
  }
  return all;
}

// Is there a usable SHA-512 record beside this SHA-256 one?
bool is_skipped_by_senders(const DaneRecordFacts& record, const std::vector<DaneRecordFacts>& all) {
  if (record.tlsa.matching != 1) return false;
  return std::any_of(all.begin(), all.end(), [&record](const DaneRecordFacts& other) {
    return other.result != Result::unusable && other.tlsa.matching == 2 && other.tlsa.usage == record.tlsa.usage &&
           other.tlsa.selector == record.tlsa.selector;
  });
}

std::string why_not_authenticated(const std::vector<DaneRecordFacts>& records) {
  if (records.empty()) return "no TLSA record";
  const auto matched = std::find_if(records.begin(), records.end(),
                                    [](const DaneRecordFacts& record) { return record.result == Result::matched; });
  if (matched != records.end()) {
    return matched->detail + ", but senders skip it: a record with SHA-512 stands beside it (RFC 7671 section 9)";
  }
  const bool is_none_usable = std::all_of(
      records.begin(), records.end(), [](const DaneRecordFacts& record) { return record.result == Result::unusable; });
  std::string out = is_none_usable ? "no TLSA record can be used" : "no TLSA record matches";
  for (const DaneRecordFacts& record : records) {
    if (record.result == Result::not_matched || is_none_usable) return fmt::format("{}: {}", out, record.detail);
  }
  return out;
}

}  // namespace

std::string label_of(const Tlsa& tlsa) {
  return fmt::format("{} {} {}", tlsa.usage, tlsa.selector, tlsa.matching);
}

DaneFacts match_dane(const DaneQuestion& question) {
  DaneFacts facts;
  const ContextHandle context = make_dane_context();
  facts.records = match_all(question, context.get());
  const auto proof = std::find_if(facts.records.begin(), facts.records.end(), [&facts](const DaneRecordFacts& record) {
    return record.result == Result::matched && !is_skipped_by_senders(record, facts.records);
  });
  facts.is_authenticated = proof != facts.records.end();
  facts.detail = facts.is_authenticated ? proof->detail : why_not_authenticated(facts.records);
  ERR_clear_error();
  return facts;
}

}  // namespace mailcheck::tls
