// Checks of user and password that several mechanisms share, before anything is sent. Errors: stage auth, kind local.
#pragma once

#include <string_view>

#include "base/error.h"
#include "sasl/credentials.h"

namespace mailcheck::sasl {

// A user name is there; neither it nor the authorization identity holds a NUL.
[[nodiscard]] base::Result<void> check_user(std::string_view mechanism, const Credentials& credentials);

// The same, and a password is there that is not empty and holds no NUL.
[[nodiscard]] base::Result<void> check_user_and_password(std::string_view mechanism, const Credentials& credentials);

// No authorization identity that differs from the user: the mechanism has no field for one, and leaving it out would
// open another mailbox than the one asked for.
[[nodiscard]] base::Result<void> check_no_authorization(std::string_view mechanism, const Credentials& credentials);

// True if the user wants to act as somebody else.
[[nodiscard]] bool has_other_authorization(const Credentials& credentials);

// True if the text holds a byte below 0x20 or 0x7f: such a byte breaks the framing of the OAuth messages.
[[nodiscard]] bool has_control_character(std::string_view text);

}  // namespace mailcheck::sasl
