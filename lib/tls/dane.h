// DANE: do the published TLSA records speak for the server? A second look at a certificate chain after the handshake,
// without a second handshake, so that the PKIX verdict stands untouched beside this one (RFC 6698, RFC 7671, RFC 7672).
//
// Each record is matched by itself, so that a roll-over (some match, some do not) can be told. What counts, as OpenSSL
// and so Postfix have it:
// - Usage 3: the leaf alone. Names, dates and chain are ignored (RFC 7671 section 5.1).
// - Usage 2: a certificate that was sent, or stands in full in the record; then dates and names count, the store does
//   not. The digest of a root that the server does not send matches nothing.
// - Usages 0 and 1: unusable for mail transfer; else the chain must be good by the store too.
// - A SHA-256 record beside a usable SHA-512 record of the same usage and selector is matched and told, but does not
//   authenticate: senders skip it (RFC 7671 section 9).
// Weak keys and digests are not looked at here. Whether the records came secure from DNS is the caller's matter.
#pragma once

#include <string>
#include <vector>

#include "base/clock.h"
#include "tls/tlsa.h"

struct stack_st_X509;
struct x509_st;
struct x509_store_st;

namespace mailcheck::tls {

enum class DaneRules {
  mail_transfer,  // RFC 7672
  generic,        // RFC 7671
};

struct DaneQuestion {
  std::vector<Tlsa> records;
  std::vector<std::string> names;  // for usages 0 to 2: the TLSA base domain and further names; one of them must fit
  x509_st* leaf;
  stack_st_X509* sent_chain;  // the leaf may be in it; nullptr: none
  x509_store_st* store;       // never nullptr
  base::WallTime now{};
  DaneRules rules = DaneRules::mail_transfer;
};

struct DaneRecordFacts {
  enum class Result { matched, not_matched, unusable };
  Tlsa tlsa;
  Result result = Result::unusable;
  std::string detail;  // "3 1 1 matches the server's certificate", "3 1 1: digest of 20 bytes instead of 32"
};

struct DaneFacts {
  // In the order given, each once, the first 64; of usages 0 to 2 no more than 8 are looked at.
  std::vector<DaneRecordFacts> records;
  bool is_authenticated = false;
  std::string detail;  // the record that did it, or why none did
};

// "3 1 1"
[[nodiscard]] std::string label_of(const Tlsa& tlsa);

// OpenSSL's error queue is empty afterwards.
[[nodiscard]] DaneFacts match_dane(const DaneQuestion& question);

}  // namespace mailcheck::tls
