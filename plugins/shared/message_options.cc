#include "plugins/shared/message_options.h"

#include <utility>

#include "cli/input.h"
#include "cli/option_values.h"
#include "plugin/usage_error.h"

namespace mailcheck::plugins {
namespace {

constexpr std::size_t kLargestBody = std::size_t{16} * 1024 * 1024;
constexpr std::size_t kLongestSubject = 900;  // a line of a message has 998 bytes at most (RFC 5322 section 2.1.1)

}  // namespace

mail::Address read_address(std::string_view value) {
  const auto address = mail::Address::parse(value);
  if (!address) cli::refuse("one mail address, for example probe@example.org", value);
  return *address;
}

std::string read_subject(std::string_view value) {
  if (value.empty() || value.size() > kLongestSubject || !mail::is_header_text(value)) {
    cli::refuse("one line of text in UTF-8, at most 900 bytes", value);
  }
  return std::string(value);
}

mail::Header read_header(std::string_view value) {
  auto header = mail::Header::parse(value);
  if (!header) {
    cli::refuse("'Name: text', one line in UTF-8, not Content-*, MIME-Version or Message-ID, which are made here",
                value);
  }
  return std::move(*header);
}

std::string read_body(const std::string& path, const SecretReading& reading) {
  try {
    const base::Secret bytes = cli::read_file(path, {kLargestBody, reading.deadline});
    const std::string text(bytes.expose());
    if (text.find('\0') != std::string::npos) throw plugin::UsageError{"expected text, got a NUL byte inside"};
    return text.empty() ? text : cli::read_utf8(text);
  } catch (const plugin::UsageError& error) {
    throw plugin::UsageError{"--body-file: " + error.text};
  }
}

}  // namespace mailcheck::plugins
