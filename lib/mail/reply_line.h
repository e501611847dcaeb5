// Reply line: the words of a mail server as a delivery report quotes them, as one line.
//
// In a Diagnostic-Code, or somewhere in the text of a report: after "said:", in quotes, behind "<<<" in a transcript;
// folded, and with the code again in each line where the reply had several.
#pragma once

#include <string>
#include <string_view>

namespace mailcheck::mail {

// In one line, at most 1,000 bytes; "550-5.1.1 No such\n550 5.1.1 user" -> "550 5.1.1 No such user".
[[nodiscard]] std::string join_reply(std::string_view text);

// The refusal (4xx or 5xx) that the text quotes, joined: one with an enhanced code before one without, and before a
// line that has only the enhanced code. Empty if there is none.
[[nodiscard]] std::string find_reply(std::string_view text);

// The first enhanced status code of class 2, 4 or 5: "5.1.1". No part of an address or of a version. Empty if none.
[[nodiscard]] std::string find_status(std::string_view text);

}  // namespace mailcheck::mail
