// Transfer encoding: base64 and quoted-printable of a message's parts, undone (RFC 2045 sections 6.7 and 6.8). As
// lenient as readers of mail are, unlike base/base64.h: what is no part of the encoding is passed over, and a text that
// was cut off gives what it has.
#pragma once

#include <string>
#include <string_view>

namespace mailcheck::mail {

// `encoding` as in Content-Transfer-Encoding; unknown ones, 7bit, 8bit and binary leave the text as it is.
[[nodiscard]] std::string decode_transfer(std::string_view text, std::string_view encoding);

}  // namespace mailcheck::mail
