#include "sasl/scram_message.h"

#include <algorithm>
#include <array>
#include <optional>
#include <utility>

#include "base/base64.h"
#include "base/number.h"
#include "sasl/failure.h"

namespace mailcheck::sasl {
namespace {

using base::ErrorKind;

constexpr std::size_t kMaxMessage = 4096;

struct Refusal {
  std::string_view word;
  ErrorKind kind;
};

// RFC 5802 section 7. A word that is not here counts as other-error there, which may hide any of them.
constexpr std::array<Refusal, 11> kRefusals = {{{"invalid-proof", ErrorKind::auth_failed},
                                                {"unknown-user", ErrorKind::auth_failed},
                                                {"no-resources", ErrorKind::auth_unavailable},
                                                {"other-error", ErrorKind::auth_unavailable},
                                                {"invalid-encoding", ErrorKind::protocol_error},
                                                {"extensions-not-supported", ErrorKind::protocol_error},
                                                {"channel-bindings-dont-match", ErrorKind::protocol_error},
                                                {"server-does-support-channel-binding", ErrorKind::protocol_error},
                                                {"channel-binding-not-supported", ErrorKind::protocol_error},
                                                {"unsupported-channel-binding-type", ErrorKind::protocol_error},
                                                {"invalid-username-encoding", ErrorKind::protocol_error}}};

// Hands out the attributes one after the other.
class Attributes {
 public:
  explicit Attributes(std::string_view message) : rest_(message) {}

  // The value of the next attribute if it has that letter; otherwise nothing is taken.
  std::optional<std::string_view> take(char letter) {
    if (!has_more_ || rest_.size() < 2 || rest_[0] != letter || rest_[1] != '=') return std::nullopt;
    const std::size_t comma = rest_.find(',');
    const std::string_view value = rest_.substr(2, comma == std::string_view::npos ? comma : comma - 2);
    has_more_ = comma != std::string_view::npos;
    rest_ = has_more_ ? rest_.substr(comma + 1) : std::string_view();
    return value;
  }

  // Only extensions are left: any letter that is not one of the attributes that RFC 5802 defines.
  bool skip_extensions() {
    while (has_more_) {
      const char letter = rest_.empty() ? '\0' : rest_[0];
      const bool is_letter = (letter >= 'a' && letter <= 'z') || (letter >= 'A' && letter <= 'Z');
      if (!is_letter || std::string_view("anmrcsipve").find(letter) != std::string_view::npos) return false;
      const auto value = take(letter);
      if (!value || value->empty()) return false;
    }
    return true;
  }

 private:
  std::string_view rest_;
  bool has_more_ = true;
};

tl::unexpected<base::Error> protocol_error(std::string_view mechanism, std::string_view clause) {
  return failure(ErrorKind::protocol_error, mechanism, clause);
}

base::Result<void> check_bytes(std::string_view mechanism, std::string_view message) {
  if (message.size() > kMaxMessage) return protocol_error(mechanism, "the server's message is longer than 4096 bytes");
  if (message.find('\0') != std::string_view::npos) {
    return protocol_error(mechanism, "the server's message holds a NUL");
  }
  return {};
}

tl::unexpected<base::Error> refusal(std::string_view mechanism, std::string_view word) {
  const auto* known =
      std::find_if(kRefusals.begin(), kRefusals.end(), [&](const Refusal& refusal) { return refusal.word == word; });
  const ErrorKind kind = known == kRefusals.end() ? ErrorKind::auth_unavailable : known->kind;
  auto error = failure(kind, mechanism, "the server ended the exchange with an error");
  error.value().peer_text = word;
  error.value().is_about_credentials = kind == ErrorKind::auth_failed;
  return error;
}

bool extends(std::string_view nonce, std::string_view client_nonce) {
  return nonce.size() > client_nonce.size() && nonce.starts_with(client_nonce) && is_nonce(nonce);
}

base::Result<unsigned> parse_iterations(std::string_view mechanism, std::string_view text) {
  const auto count = base::parse_unsigned(text);
  if (!count || text.front() == '0') return protocol_error(mechanism, "the iteration count is not a number");
  if (*count < kMinIterations) {
    return protocol_error(mechanism, "the iteration count is below 4096, which RFC 5802 asks for at least");
  }
  if (*count > kMaxIterations) return protocol_error(mechanism, "the iteration count is past 1000000");
  return static_cast<unsigned>(*count);
}

}  // namespace

bool is_nonce(std::string_view text) {
  return !text.empty() &&
         std::all_of(text.begin(), text.end(), [](char c) { return c >= '!' && c <= '~' && c != ','; });
}

base::Result<ServerFirst> parse_server_first(std::string_view mechanism, std::string_view message,
                                             std::string_view client_nonce) {
  if (auto checked = check_bytes(mechanism, message); !checked) return base::fail(std::move(checked.error()));
  Attributes attributes(message);
  if (const auto word = attributes.take('e')) return refusal(mechanism, *word);
  if (attributes.take('m'))
    return protocol_error(mechanism, "the server demands an extension (m=) that we do not have");
  const auto nonce = attributes.take('r');
  const auto salt = attributes.take('s');
  const auto count = attributes.take('i');
  if (!nonce || !salt || !count || !attributes.skip_extensions()) {
    return protocol_error(mechanism, "the server's first message is not r=,s=,i=");
  }
  if (!extends(*nonce, client_nonce)) {
    return protocol_error(mechanism, "the server's nonce does not begin with ours and go on");
  }
  auto decoded_salt = base::base64_decode(*salt);
  if (!decoded_salt || decoded_salt->empty()) return protocol_error(mechanism, "the salt is not base64 or is empty");
  const auto iterations = parse_iterations(mechanism, *count);
  if (!iterations) return base::fail(iterations.error());
  return ServerFirst{.nonce = std::string(*nonce), .salt = std::move(*decoded_salt), .iterations = *iterations};
}

base::Result<std::string> parse_server_final(std::string_view mechanism, std::string_view message) {
  if (auto checked = check_bytes(mechanism, message); !checked) return base::fail(std::move(checked.error()));
  Attributes attributes(message);
  if (const auto word = attributes.take('e')) return refusal(mechanism, *word);
  const auto verifier = attributes.take('v');
  if (!verifier || !attributes.skip_extensions()) {
    return protocol_error(mechanism, "the server's final message is neither v= nor e=");
  }
  auto signature = base::base64_decode(*verifier);
  if (!signature) return protocol_error(mechanism, "the server's proof is not base64");
  return std::move(*signature);
}

}  // namespace mailcheck::sasl
