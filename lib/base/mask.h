// Mask: blots secrets out of text that somebody else wrote (a server may echo the password in its answer).
//
// It keeps no secret: only length and a keyed hash of each, so that a core dump of the process after log in does not
// hold them. A secret is masked as it is, as it stands in a quoted string (\" and \\) and in JSON (\/ too, and
// \u003d for = < > & '), and each of these inside base64 at all three alignments. Secrets shorter than four bytes are
// not looked for (they would blot out ordinary words). The work grows with the text's length and with the number of
// secrets, not with the secrets' length.
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
  // The text with every occurrence of a known secret replaced by "***". Half a secret is not recognised: whoever cuts
  // text cuts it afterwards, or where no secret can stand (at a line's end).
  [[nodiscard]] std::string apply(std::string_view text) const;

 private:
  struct Pattern {
    std::size_t size;
    std::uint64_t hash;
    std::uint32_t checksum;  // sorts out nearly all places before the hash is computed there
  };
  struct Match {
    std::size_t begin;
    std::size_t size;
  };
  void add_form(const Secret& form);
  void add_pattern(std::string_view bytes);
  void find(const Pattern& pattern, std::string_view text, std::vector<Match>& matches) const;

  std::uint64_t key_;
  std::vector<Pattern> patterns_;
};

}  // namespace mailcheck::base
