// CRAM-MD5 (RFC 2195): one challenge, the answer is the user and the lower-case hex HMAC-MD5 of it, keyed with the
// password. Nothing is prepared (RFC 2195 knows no SASLprep). The challenge is used as it comes, angle brackets
// included; an empty one, or one past 4096 bytes, is a protocol_error. Where OpenSSL refuses MD5 (FIPS mode) respond()
// fails with kind local. The mask, if there is one, learns the HMAC before it is sent.
#pragma once

#include <memory>

#include "base/mask.h"
#include "sasl/credentials.h"
#include "sasl/mechanism.h"

namespace mailcheck::sasl {

// Errors: stage auth, kind local: no user, no password, a NUL, or an authorization identity (there is no field for it).
[[nodiscard]] base::Result<std::unique_ptr<Mechanism>> make_cram_md5(const Credentials& credentials,
                                                                     base::Mask* mask = nullptr);

}  // namespace mailcheck::sasl
