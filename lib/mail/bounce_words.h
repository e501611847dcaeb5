// Bounce words: the sentences by which mail systems can be told from people, as far as they write English. Case and
// line breaks do not count; lines behind a quoting mark (">") are left out: their words are another's.
#pragma once

#include <string_view>

namespace mailcheck::mail {

// That a message was not delivered, or not yet.
[[nodiscard]] bool speaks_of_bounce(std::string_view text);
// Of a subject or a text: that it was not delivered yet, and nobody has given up.
[[nodiscard]] bool speaks_of_delay(std::string_view text);
// Of one line: that the original message follows.
[[nodiscard]] bool announces_original(std::string_view line);
[[nodiscard]] bool is_bounce_subject(std::string_view subject);

}  // namespace mailcheck::mail
