#include "sasl/bearer.h"

#include <algorithm>
#include <string>
#include <utility>

#include "sasl/failure.h"
#include "sasl/identity.h"
#include "sasl/sasl_name.h"

namespace mailcheck::sasl {
namespace {

using base::ErrorKind;

constexpr std::string_view kXoauth2 = "XOAUTH2";
constexpr std::string_view kOauthbearer = "OAUTHBEARER";
constexpr std::string_view kSeparator = "\x01";

class Bearer final : public Mechanism {
 public:
  Bearer(std::string_view name, base::Secret message) : name_(name), message_(std::move(message)) {}

  [[nodiscard]] std::string_view name() const override { return name_; }
  [[nodiscard]] bool is_client_first() const override { return true; }
  [[nodiscard]] std::string server_error() const override { return server_error_; }

  [[nodiscard]] base::Result<void> finish() override {
    if (next_ == Next::message) return early_success(name_);
    if (next_ == Next::error_answer) return {};
    return failure(ErrorKind::protocol_error, name_, "the server reports success after an error challenge");
  }

  [[nodiscard]] base::Result<base::Secret> respond(std::string_view challenge) override {
    switch (std::exchange(next_, next_ == Next::message ? Next::error_answer : Next::nothing)) {
      case Next::message: return open(challenge);
      case Next::error_answer: return answer_error(challenge);
      case Next::nothing: break;
    }
    return surplus_challenge(name_);
  }

 private:
  enum class Next { message, error_answer, nothing };

  base::Result<base::Secret> open(std::string_view challenge) {
    base::Secret message = std::move(message_);
    if (challenge.empty()) return message;
    next_ = Next::nothing;
    return early_challenge(name_);
  }

  base::Secret answer_error(std::string_view challenge) {
    server_error_ = challenge;
    return name_ == kOauthbearer ? base::Secret(kSeparator) : base::Secret();
  }

  std::string_view name_;
  base::Secret message_;
  std::string server_error_;
  Next next_ = Next::message;
};

bool is_visible_ascii(char c) {
  return c >= '!' && c <= '~';
}

base::Result<void> check(std::string_view mechanism, const Credentials& credentials) {
  if (auto checked = check_user(mechanism, credentials); !checked) return checked;
  if (has_control_character(credentials.user) || has_control_character(credentials.authorization) ||
      has_control_character(credentials.host)) {
    return failure(ErrorKind::local, mechanism, "user or host holds a control character, which cannot be sent");
  }
  if (!credentials.token || credentials.token->is_empty()) {
    return failure(ErrorKind::local, mechanism, "there is no access token");
  }
  const std::string_view token = credentials.token->expose();
  if (!std::all_of(token.begin(), token.end(), is_visible_ascii)) {
    return failure(ErrorKind::local, mechanism,
                   "the access token holds a space, a control or a non-ASCII character, which no token has");
  }
  return {};
}

const std::string& identity_of(const Credentials& credentials) {
  return credentials.authorization.empty() ? credentials.user : credentials.authorization;
}

void append_token(base::Secret& message, const base::Secret& token) {
  message.append("auth=Bearer ");
  message.append(token.expose());
  message.append(kSeparator);
  message.append(kSeparator);
}

}  // namespace

base::Result<std::unique_ptr<Mechanism>> make_xoauth2(const Credentials& credentials) {
  if (auto checked = check(kXoauth2, credentials); !checked) return base::fail(std::move(checked.error()));
  base::Secret message("user=");
  message.append(identity_of(credentials));
  message.append(kSeparator);
  append_token(message, *credentials.token);
  return std::make_unique<Bearer>(kXoauth2, std::move(message));
}

base::Result<std::unique_ptr<Mechanism>> make_oauthbearer(const Credentials& credentials) {
  if (auto checked = check(kOauthbearer, credentials); !checked) return base::fail(std::move(checked.error()));
  base::Secret message("n,a=");
  message.append(escape_sasl_name(identity_of(credentials)));
  message.append(",");
  message.append(kSeparator);
  if (!credentials.host.empty()) {
    message.append("host=" + credentials.host);
    message.append(kSeparator);
  }
  if (credentials.port != 0) {
    message.append("port=" + std::to_string(credentials.port));
    message.append(kSeparator);
  }
  append_token(message, *credentials.token);
  return std::make_unique<Bearer>(kOauthbearer, std::move(message));
}

}  // namespace mailcheck::sasl
