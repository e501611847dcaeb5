// HeaderSection: the header of a message as it came (RFC 5322 section 2.2) -> its fields, in order, unfolded.
//
// Ends at the empty line. Line ends are CRLF or a bare LF. A line that is no field (no colon, no name, a name with
// other than printable ASCII) is skipped with its continuation lines. Values are the peer's bytes, untrusted; folding
// is undone by taking the line ends away, and blanks at both ends are dropped.
//
// At most 64 KiB and 1,000 fields are read; what is behind them is not there. A field that the cap has cut in two is
// dropped, so that no half of a value is taken for a whole one.
#pragma once

#include <cstddef>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace mailcheck::mail {

struct HeaderField {
  std::string name;  // as written; compare it case-blind
  std::string value;
};

class HeaderSection {
 public:
  static constexpr std::size_t kMaxBytes = std::size_t{64} * 1024;
  static constexpr std::size_t kMaxFields = 1000;

  [[nodiscard]] static HeaderSection parse(std::string_view bytes);

  [[nodiscard]] const std::vector<HeaderField>& fields() const { return fields_; }
  // The topmost value of this name, and all of them from the top down. Names are case-blind.
  [[nodiscard]] std::optional<std::string> first(std::string_view name) const;
  [[nodiscard]] std::vector<std::string> all(std::string_view name) const;

 private:
  std::vector<HeaderField> fields_;
};

}  // namespace mailcheck::mail
