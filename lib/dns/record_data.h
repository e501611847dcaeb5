// What stands in the rdata of MX, TXT and CAA records, as a RecordSet has it. std::nullopt: malformed.
//
// Text comes as it is in the DNS: untrusted, any bytes. A host name is in the form of zone files: what is no visible
// character, or would be misread, is escaped (\032, \.).
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace mailcheck::dns {

// RFC 1035 section 3.3.9
struct MailExchange {
  std::uint16_t preference = 0;
  std::string host;  // no final full stop; empty: the root, "no mail here" (null MX, RFC 7505)
};
[[nodiscard]] std::optional<MailExchange> read_mx(std::string_view data);

// The strings of one record, joined without a space (as RFC 7208 section 3.3 and RFC 8461 section 3.1 want it).
[[nodiscard]] std::optional<std::string> read_txt(std::string_view data);

// RFC 8659 section 4.1
struct CertificationAuthority {
  bool is_critical = false;
  std::string tag;    // "issue", "issuewild", "iodef": letters and digits, in lower case
  std::string value;  // "letsencrypt.org; validationmethods=dns-01"
};
[[nodiscard]] std::optional<CertificationAuthority> read_caa(std::string_view data);

// A name in wire form, uncompressed and nothing after it -> text without a final full stop.
[[nodiscard]] std::optional<std::string> read_name(std::string_view data);

}  // namespace mailcheck::dns
