// Readers of the options that make a message, alike in all plugins that send one. They throw plugin::UsageError with
// what was expected.
#pragma once

#include <string>
#include <string_view>

#include "mail/address.h"
#include "mail/message.h"
#include "plugins/shared/secret_source.h"

namespace mailcheck::plugins {

[[nodiscard]] mail::Address read_address(std::string_view value);
// One line that leaves room for a token in the longest line of a message.
[[nodiscard]] std::string read_subject(std::string_view value);
[[nodiscard]] mail::Header read_header(std::string_view value);

// The text of --body-file: UTF-8, at most 16 MiB; nothing at all is a text too. The error names the option.
[[nodiscard]] std::string read_body(const std::string& path, const SecretReading& reading);

}  // namespace mailcheck::plugins
