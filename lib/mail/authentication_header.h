// AuthenticationHeader: the value of one Authentication-Results field (RFC 8601 section 2.2), read whole or not at all.
//
// The grammar is the RFC's: CFWS between all tokens, comments that nest, quoted strings, a version behind the
// authserv-id and behind methods, "none". Beyond it, because servers write it so: surplus ";", an unquoted value of any
// bytes but blanks, quotes, ";" and parentheses (IPv6, base64, "@example.org", VERP), an empty value at the end of a
// result, properties without a type ("action=none"), a reason anywhere, and Microsoft's header without authserv-id, in
// which bare domains stand between the results.
//
// A header that is not understood to its last byte is an error, never a result: half of a forged or broken header must
// not say "pass". So is a version of the header other than 1, and an ARC set's copy ("i=1; ...") under the wrong name.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "base/error.h"

namespace mailcheck::mail {

// "smtp.mailfrom=user@example.org"
struct ResultProperty {
  std::string type = {};   // smtp, header, body, policy ...; lower case; empty: none was written
  std::string name = {};   // lower case
  std::string value = {};  // as written, quotes undone
};

// "dkim/1=pass (good signature) reason="..." header.d=example.org"
struct AuthenticationResult {
  std::string method = {};  // lower case
  unsigned version = 1;     // of the method
  std::string result = {};  // lower case
  std::string reason = {};
  std::string comment = {};  // all comments in it, without their outermost parentheses
  std::vector<ResultProperty> properties = {};

  // The value of the first property of that type and name; empty if there is none.
  [[nodiscard]] std::string_view property(std::string_view type, std::string_view name) const;
};

struct AuthenticationHeader {
  std::string authserv_id = {};  // as written; empty: the header has none
  unsigned version = 1;
  std::vector<AuthenticationResult> results = {};  // empty: "none"
};

// Errors: kind protocol_error, the detail is "unparsable at byte 17: ...", in our words alone.
[[nodiscard]] base::Result<AuthenticationHeader> parse_authentication_header(std::string_view value);

// Who wrote the header, even one whose rest cannot be parsed; empty: it does not say, or not legibly.
[[nodiscard]] std::string read_authserv_id(std::string_view value);

}  // namespace mailcheck::mail
