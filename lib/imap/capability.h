// Capabilities: what a server says it can do (RFC 9051 section 7.2.2). Names compare without case.
//
//   capability-data = "CAPABILITY" *(SP capability) SP "IMAP4rev1" *(SP capability)
//
// They are forgotten after STARTTLS and after log in, when the server does not send them anew they are asked for.
#pragma once

#include <string>
#include <string_view>
#include <vector>

namespace mailcheck::imap {

class Capabilities {
 public:
  Capabilities() = default;
  // The words of a CAPABILITY response or response code, separated by spaces; empty words are skipped, and
  // what follows the first thousand.
  [[nodiscard]] static Capabilities parse(std::string_view words);

  [[nodiscard]] bool is_known() const { return is_known_; }
  [[nodiscard]] bool has(std::string_view name) const;
  [[nodiscard]] const std::vector<std::string>& names() const { return names_; }
  // The X of every AUTH=X, as the server writes it.
  [[nodiscard]] std::vector<std::string> mechanisms() const;

 private:
  bool is_known_ = false;
  std::vector<std::string> names_;
};

}  // namespace mailcheck::imap
