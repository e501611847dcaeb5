// MIME part: what a message of many parts holds (RFC 2045, RFC 2046), as far as delivery reports need it: its leaves in
// their order, decoded, a message inside a message being one leaf.
//
// Lenient, since what is read was often made by hand, and may end anywhere: a missing or wrong boundary, parts without
// an end, transfer encodings on parts that may have none. Bounded: at most 64 parts, 5 levels deep.
// Does not do: character sets, file names, external bodies.
#pragma once

#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "mail/header_section.h"

namespace mailcheck::mail {

struct ContentType {
  std::string type;  // "multipart/report", lower case; "text/plain" where there is none
  std::vector<std::pair<std::string, std::string>> parameters;  // names in lower case, as they stand

  // Unquoted; empty if there is none. Pieces ("boundary*0", RFC 2231) are put together.
  [[nodiscard]] std::string parameter(std::string_view name) const;
};

[[nodiscard]] ContentType parse_content_type(std::string_view value);
[[nodiscard]] ContentType content_type(const HeaderSection& header);

struct MimePart {
  std::string type;  // lower case
  std::string text;  // transfer encoding undone, line ends are LF
};

// CRLF -> LF.
[[nodiscard]] std::string with_line_feeds(std::string_view text);

// Precondition: the message's line ends are LF.
[[nodiscard]] std::vector<MimePart> read_mime_parts(std::string_view message);

// The header of a message or part, up to its empty line, and what follows that; line ends are LF.
struct HeaderAndBody {
  std::string_view header;
  std::string_view body;
};
[[nodiscard]] HeaderAndBody split_header(std::string_view entity);

}  // namespace mailcheck::mail
