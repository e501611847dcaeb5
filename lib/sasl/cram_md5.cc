#include "sasl/cram_md5.h"

#include <string>
#include <utility>

#include "crypto/digest.h"
#include "crypto/hmac.h"
#include "sasl/failure.h"
#include "sasl/identity.h"

namespace mailcheck::sasl {
namespace {

using base::ErrorKind;

constexpr std::string_view kName = "CRAM-MD5";
constexpr std::size_t kMaxChallenge = 4096;

class CramMd5 final : public Mechanism {
 public:
  CramMd5(std::string user, base::Secret password, base::Mask* mask)
      : user_(std::move(user)), password_(std::move(password)), mask_(mask) {}

  [[nodiscard]] std::string_view name() const override { return kName; }
  [[nodiscard]] bool is_client_first() const override { return false; }

  [[nodiscard]] base::Result<base::Secret> respond(std::string_view challenge) override {
    if (std::exchange(has_answered_, true)) return surplus_challenge(kName);
    const base::Secret key = std::move(password_);
    if (challenge.empty()) return failure(ErrorKind::protocol_error, kName, "the server's challenge is empty");
    if (challenge.size() > kMaxChallenge) {
      return failure(ErrorKind::protocol_error, kName, "the server's challenge is longer than 4096 bytes");
    }
    const auto code = crypto::hmac(crypto::Digest::md5, key.expose(), challenge);
    if (!code) return failure(ErrorKind::local, kName, "this system's OpenSSL does not allow MD5");
    base::Secret response(user_);
    response.append(" ");
    const base::Secret digits = crypto::hex(*code);
    if (mask_ != nullptr) mask_->add(digits);
    response.append(digits.expose());
    return response;
  }

  [[nodiscard]] base::Result<void> finish() override {
    if (has_answered_) return {};
    return early_success(kName);
  }

 private:
  std::string user_;
  base::Secret password_;
  base::Mask* mask_;
  bool has_answered_ = false;
};

}  // namespace

base::Result<std::unique_ptr<Mechanism>> make_cram_md5(const Credentials& credentials, base::Mask* mask) {
  if (auto checked = check_user_and_password(kName, credentials); !checked) {
    return base::fail(std::move(checked.error()));
  }
  if (auto checked = check_no_authorization(kName, credentials); !checked) {
    return base::fail(std::move(checked.error()));
  }
  return std::make_unique<CramMd5>(credentials.user, credentials.password->clone(), mask);
}

}  // namespace mailcheck::sasl
