// The server's two SCRAM messages, taken apart strictly (RFC 5802 section 7): attributes in the given order, one letter
// each, no NUL; unknown extensions behind them are skipped, the mandatory one (m=) is refused. Pure; knows no password.
#pragma once

#include <string>
#include <string_view>

#include "base/error.h"

namespace mailcheck::sasl {

// Below the floor guessing the password from a stolen exchange is too cheap (RFC 5802 section 5.1; Dovecot and Cyrus
// use 4096); past the ceiling (a quarter of a second of CPU) a server could stall us.
inline constexpr unsigned kMinIterations = 4096;
inline constexpr unsigned kMaxIterations = 1'000'000;

// Printable ASCII without ',' and at least one character of it.
[[nodiscard]] bool is_nonce(std::string_view text);

// r=<nonce>,s=<base64 salt>,i=<count>
struct ServerFirst {
  std::string nonce;  // whole: the client's and the server's part
  std::string salt;   // decoded
  unsigned iterations = 0;
};

// Errors, with `mechanism` in front of the words: protocol_error for anything that is not this message, a nonce that is
// not client_nonce with something behind it, a count out of bounds, m=, or more than 4096 bytes. An e= is answered as
// in parse_server_final.
[[nodiscard]] base::Result<ServerFirst> parse_server_first(std::string_view mechanism, std::string_view message,
                                                           std::string_view client_nonce);

// v=<base64 signature>: the decoded signature. Errors: protocol_error as above; for e=<word> auth_failed
// (invalid-proof, unknown-user), protocol_error (what says that one side broke the rules, such as
// channel-bindings-dont-match), or else auth_unavailable, with the whole word as peer_text.
[[nodiscard]] base::Result<std::string> parse_server_final(std::string_view mechanism, std::string_view message);

}  // namespace mailcheck::sasl
