// Extensions: what a server says it can do in its reply to EHLO or LHLO (RFC 5321 section 4.1.1.1). Keywords compare
// without case. They are forgotten after STARTTLS and asked for anew (RFC 3207 section 4.2).
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "smtp/reply.h"

namespace mailcheck::smtp {

class Extensions {
 public:
  Extensions() = default;
  // The first line is the server's name and greets; each of the others is one extension.
  [[nodiscard]] static Extensions parse(const Reply& reply);

  [[nodiscard]] bool is_known() const { return is_known_; }
  [[nodiscard]] bool has(std::string_view keyword) const;
  // What follows the keyword; empty if nothing does, or if it is not there.
  [[nodiscard]] std::string_view parameters(std::string_view keyword) const;
  // Lines as received: "SIZE 10240000".
  [[nodiscard]] const std::vector<std::string>& lines() const { return lines_; }
  // Of AUTH, and of the old form AUTH=, in the server's order, each once.
  [[nodiscard]] std::vector<std::string> mechanisms() const;
  // The largest message in bytes (RFC 1870); std::nullopt: no limit is told.
  [[nodiscard]] std::optional<std::uint64_t> largest_message() const;

 private:
  bool is_known_ = false;
  std::vector<std::string> lines_;
};

}  // namespace mailcheck::smtp
