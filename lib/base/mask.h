// Mask: blots secrets out of text that somebody else wrote (a server may echo the password in its answer).
//
// It keeps no secret: only length and a keyed hash of each, so that a core dump of the process after log in does not
// hold them. A secret is masked as it is and inside base64 at all three alignments. Secrets shorter than four bytes are
// not looked for (they would blot out ordinary words).
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "base/secret.h"

namespace mailcheck::base {

class Mask {
 public:
  Mask();
  void add(const Secret& secret);
  // The text with every occurrence of a known secret replaced by "***".
  [[nodiscard]] std::string apply(std::string_view text) const;

 private:
  struct Pattern {
    std::size_t size;
    std::uint64_t hash;
  };
  void add_pattern(std::string_view bytes);
  [[nodiscard]] std::size_t match_at(std::string_view text) const;

  std::uint64_t key_;
  std::vector<Pattern> patterns_;
};

}  // namespace mailcheck::base
