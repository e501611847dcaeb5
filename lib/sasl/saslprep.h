// SASLprep (RFC 4013): user names and passwords in one spelling (NFKC, odd spaces as spaces, invisible marks dropped).
//
// Answers std::nullopt for what the profile refuses: control characters, private use and non-characters, text of mixed
// direction, invalid UTF-8. ASCII is answered without the library (libidn), whose own scratch memory is not wiped: the
// only place where a password that holds non-ASCII characters leaves a trace on the heap.
// The result may be empty; whether that is an error is the caller's affair.
#pragma once

#include <optional>
#include <string_view>

#include "base/secret.h"

namespace mailcheck::sasl {

// RFC 3454 section 7: code points unassigned in Unicode 3.2 (emoji!) are allowed in a query, refused in what is stored.
// RFC 5802: the user name is a query, the password counts as stored.
enum class Preparation { query, stored };

[[nodiscard]] std::optional<base::Secret> saslprep(std::string_view text, Preparation preparation);

}  // namespace mailcheck::sasl
