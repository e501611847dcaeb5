#include "sasl/saslprep.h"

#include <stringprep.h>

#include <algorithm>
#include <memory>

#include "base/ascii.h"
#include "sasl/identity.h"

namespace mailcheck::sasl {
namespace {

constexpr std::size_t kMaxSize = 4096;

// One code point may grow to 18 (U+FDFA under NFKC), each of up to 4 bytes.
constexpr std::size_t kMaxGrowth = 24;

std::optional<base::Secret> prepare(std::string_view text, Stringprep_profile_flags flags) {
  const std::size_t capacity = text.size() * kMaxGrowth + 1;
  const auto buffer = std::make_unique<char[]>(capacity);
  std::copy(text.begin(), text.end(), buffer.get());
  const int answer = ::stringprep(buffer.get(), capacity, flags, stringprep_saslprep);
  std::optional<base::Secret> result;
  if (answer == STRINGPREP_OK) result.emplace(std::string_view(buffer.get()));
  base::wipe(buffer.get(), capacity);
  return result;
}

}  // namespace

std::optional<base::Secret> saslprep(std::string_view text, Preparation preparation) {
  if (text.size() > kMaxSize || has_control_character(text)) return std::nullopt;  // NUL would end the library's string
  if (base::is_ascii(text)) return base::Secret(text);
  return prepare(text, preparation == Preparation::stored ? STRINGPREP_NO_UNASSIGNED : Stringprep_profile_flags{});
}

}  // namespace mailcheck::sasl
