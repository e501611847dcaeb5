// SCRAM against whatever a server may send: messages alone, and an exchange of up to four challenges, one a line. The
// iteration count of valid messages is left at the floor (hashing is not what is tested).
#include "sasl/scram.h"

#include "sasl/choice.h"
#include "sasl/scram_message.h"
#include "target.h"

namespace mailcheck::fuzz {
namespace {

constexpr std::string_view kNonce = "rOprNGfwEbeRWgbNEkqO";

// More rounds than the floor's would only take time.
bool is_slow(std::string_view challenge) {
  const auto first = sasl::parse_server_first("SCRAM-SHA-256", challenge, kNonce);
  return first && first->iterations > 5000;
}

void check_messages(std::string_view message) {
  if (const auto first = sasl::parse_server_first("SCRAM-SHA-256", message, kNonce)) {
    hold(first->nonce.starts_with(kNonce) && first->nonce.size() > kNonce.size(),
         "the server's nonce goes on from ours");
    hold(first->iterations >= sasl::kMinIterations && first->iterations <= sasl::kMaxIterations,
         "the iteration count keeps within its bounds");
  }
  (void)sasl::parse_server_final("SCRAM-SHA-256", message);
}

}  // namespace

void scram(std::string_view input) {
  sasl::Credentials credentials;
  credentials.user = "user";
  credentials.password = base::Secret("pencil");
  auto mechanism = sasl::make({.name = "SCRAM-SHA-256", .nonce = std::string(kNonce)}, credentials);
  hold(mechanism.has_value(), "SCRAM-SHA-256 can be made");
  hold((*mechanism)->respond("").has_value(), "the client's first message needs nothing");
  for (int round = 0; round < 4; ++round) {
    const std::size_t end = input.find('\n');
    const std::string_view challenge = input.substr(0, end);
    check_messages(challenge);
    if (is_slow(challenge)) return;
    const auto response = (*mechanism)->respond(challenge);
    if (response) hold(response->expose().find("pencil") == std::string_view::npos, "no message holds the password");
    if (end == std::string_view::npos) break;
    input.remove_prefix(end + 1);
  }
  // RFC 7677's exchange is the only one with this nonce that a fuzzer can know
  if ((*mechanism)->finish()) {
    hold((*mechanism)->server_error().empty(), "a server that failed has not proved itself");
  }
}

}  // namespace mailcheck::fuzz
