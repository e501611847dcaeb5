// AuthenticationResults: what the receiving side found out about a message: SPF, DKIM, DMARC and ARC, from the
// Authentication-Results fields (RFC 8601) of those who are trusted. ARC-Authentication-Results is another field, and
// the word of a server before the last: it is not looked at.
//
// Whom to believe (RFC 8601 sections 1.6 and 5): anybody can put such a field into a message before it is received, so
// only those with a trusted authserv-id count, names case-blind. A receiving server puts its own on top, and forged
// ones of the same name, if it did not remove them, stand below it. Therefore, from the top down:
// - a method is taken whole from the first trusted field that has it; lower ones change nothing, nor add signatures
// - below a trusted field that cannot be parsed, or that says "none", nothing of the same authserv-id counts: there
//   the server has spoken
// - several trusted names may each bring a method (iCloud has one field, and name, per method)
// A method in a version other than 1 is taken as there and without result.
//
// Results are the words of RFC 8601 ("pass", "fail", "softfail", "none", "temperror" ...) or a vendor's own
// ("bestguesspass"); "pass" alone is a pass. Only Yahoo's old "dkim_pass" and DMARC "success" are turned into the
// RFC's. All is untrusted text, in lower case; domains are domains or empty.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "mail/authentication_header.h"
#include "mail/header_section.h"

namespace mailcheck::mail {

struct SpfResult {
  std::string result = {};
  std::string identity = {};  // "mailfrom" or "helo"; empty: the server does not say
  std::string domain = {};    // of the identity
};

struct DkimResult {
  std::string result = {};
  std::string domain = {};    // header.d, or else the domain of header.i, which may be a subdomain of it
  std::string selector = {};  // header.s
};

struct DmarcResult {
  std::string result = {};
  std::string from_domain = {};  // header.from
  std::string policy = {};       // none, quarantine or reject, as published; empty: the server does not say
};

struct AuthenticationResults {
  std::optional<SpfResult> spf = {};
  std::vector<DkimResult> dkim = {};  // one a signature; "none" says that there is none
  std::optional<DmarcResult> dmarc = {};
  std::string arc = {};  // empty: no result

  bool has_trusted = false;                // a field of a trusted name was there
  std::string unreadable = {};             // why the topmost trusted field that cannot be parsed cannot; empty: all can
  std::vector<std::string> untrusted_ids;  // seen and not trusted, each once, from the top, at most 16
};

// "" among the trusted ids trusts fields without authserv-id (Microsoft 365), and so does it stand among the untrusted.
[[nodiscard]] AuthenticationResults collect_authentication(const HeaderSection& header,
                                                           const std::vector<std::string>& trusted_ids);

[[nodiscard]] inline bool is_pass(const std::string& result) {
  return result == "pass";
}

}  // namespace mailcheck::mail
