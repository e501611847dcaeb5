// ErrorMark: what OpenSSL queues as errors while it lives is forgotten at its end, what stood there before stays.
// SSL_get_error() of a later call looks into the same queue.
#pragma once

#include <openssl/err.h>

namespace mailcheck::crypto {

class ErrorMark {
 public:
  ErrorMark() { ERR_set_mark(); }
  ~ErrorMark() { ERR_pop_to_mark(); }
  ErrorMark(const ErrorMark&) = delete;
  ErrorMark& operator=(const ErrorMark&) = delete;
};

}  // namespace mailcheck::crypto
