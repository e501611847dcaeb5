#include "sasl/identity.h"

#include <algorithm>

#include "sasl/failure.h"

namespace mailcheck::sasl {
namespace {

using base::ErrorKind;

bool has_nul(std::string_view text) {
  return text.find('\0') != std::string_view::npos;
}

}  // namespace

base::Result<void> check_user(std::string_view mechanism, const Credentials& credentials) {
  if (credentials.user.empty()) return failure(ErrorKind::local, mechanism, "the user name is empty");
  if (has_nul(credentials.user) || has_nul(credentials.authorization)) {
    return failure(ErrorKind::local, mechanism, "the user name holds a NUL, which cannot be sent");
  }
  return {};
}

base::Result<void> check_user_and_password(std::string_view mechanism, const Credentials& credentials) {
  if (auto checked = check_user(mechanism, credentials); !checked) return checked;
  if (!credentials.password || credentials.password->is_empty()) {
    return failure(ErrorKind::local, mechanism, "there is no password");
  }
  if (has_nul(credentials.password->expose())) {
    return failure(ErrorKind::local, mechanism, "the password holds a NUL, which cannot be sent");
  }
  return {};
}

base::Result<void> check_no_authorization(std::string_view mechanism, const Credentials& credentials) {
  if (!has_other_authorization(credentials)) return {};
  return failure(ErrorKind::local, mechanism, "the mechanism cannot carry an authorization identity");
}

bool has_other_authorization(const Credentials& credentials) {
  return !credentials.authorization.empty() && credentials.authorization != credentials.user;
}

bool has_control_character(std::string_view text) {
  return std::any_of(text.begin(), text.end(), [](char c) {
    const auto byte = static_cast<unsigned char>(c);
    return byte < 0x20U || byte == 0x7fU;
  });
}

}  // namespace mailcheck::sasl
