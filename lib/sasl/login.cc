#include "sasl/login.h"

#include <string>
#include <utility>

#include "sasl/failure.h"
#include "sasl/identity.h"

namespace mailcheck::sasl {
namespace {

constexpr std::string_view kName = "LOGIN";

class Login final : public Mechanism {
 public:
  Login(std::string user, base::Secret password) : user_(std::move(user)), password_(std::move(password)) {}

  [[nodiscard]] std::string_view name() const override { return kName; }
  [[nodiscard]] bool is_client_first() const override { return false; }

  [[nodiscard]] base::Result<base::Secret> respond(std::string_view) override {
    switch (std::exchange(next_, next_ == Next::user ? Next::password : Next::nothing)) {
      case Next::user: return base::Secret(user_);
      case Next::password: return std::move(password_);
      case Next::nothing: break;
    }
    return surplus_challenge(kName);
  }

  [[nodiscard]] base::Result<void> finish() override {
    if (next_ == Next::nothing) return {};
    return early_success(kName);
  }

 private:
  enum class Next { user, password, nothing };

  std::string user_;
  base::Secret password_;
  Next next_ = Next::user;
};

}  // namespace

base::Result<std::unique_ptr<Mechanism>> make_login(const Credentials& credentials) {
  if (auto checked = check_user_and_password(kName, credentials); !checked) {
    return base::fail(std::move(checked.error()));
  }
  if (auto checked = check_no_authorization(kName, credentials); !checked) {
    return base::fail(std::move(checked.error()));
  }
  return std::make_unique<Login>(credentials.user, credentials.password->clone());
}

}  // namespace mailcheck::sasl
