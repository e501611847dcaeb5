// Certificate reader: OpenSSL's certificate -> plain values, without parsing it again.
#pragma once

#include <vector>

#include "tls/certificate.h"

struct stack_st_X509;
struct x509_st;

namespace mailcheck::tls {

[[nodiscard]] Certificate describe(const x509_st* certificate);
// nullptr: empty.
[[nodiscard]] std::vector<Certificate> describe(const stack_st_X509* chain);

}  // namespace mailcheck::tls
