// RecordType: the kinds of DNS records that are asked for here.
#pragma once

#include <string_view>

namespace mailcheck::dns {

enum class RecordType { a, aaaa, cname, mx, txt, tlsa, caa };

// "AAAA", "TLSA"
[[nodiscard]] std::string_view to_string(RecordType type);
// The number on the wire (IANA "Resource Record (RR) TYPEs").
[[nodiscard]] int wire_number(RecordType type);

}  // namespace mailcheck::dns
