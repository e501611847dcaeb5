// AnswerSection: the records of one name and type in a DNS answer (RFC 1035 section 4), of any type.
//
// CNAME records of the answer section are followed in whatever order they stand, at most 16 of them (not for a question
// about CNAME itself); records of other names, types and classes are ignored. rdata comes as bytes; names inside of it
// (CNAME, MX) are uncompressed, since what they point to stays behind with the message.
#pragma once

#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "dns/record_type.h"

namespace mailcheck::dns {

struct AnswerSection {
  std::string canonical_name;     // where the aliases lead, without a final full stop; else the name asked for
  std::vector<std::string> data;  // in the order of the answer
};

// std::nullopt: the message is malformed (compression in a circle too), or the aliases go round in a circle.
[[nodiscard]] std::optional<AnswerSection> read_answer(std::span<const unsigned char> message, const std::string& name,
                                                       RecordType type);

// "mail.example.test." -> "mail.example.test"
[[nodiscard]] std::string_view without_final_stop(std::string_view name);
// Case-blind (ASCII), with or without the final full stop.
[[nodiscard]] bool is_same_name(std::string_view one, std::string_view other);

}  // namespace mailcheck::dns
