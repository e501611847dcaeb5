// Handles: owners of OpenSSL's objects, usable without OpenSSL's headers, so that a room that includes tls/client.h
// does not see them.
#pragma once

#include <memory>

struct bio_st;
struct evp_pkey_st;
struct ssl_ctx_st;
struct ssl_st;
struct x509_st;

namespace mailcheck::tls {

struct FreeHandle {
  void operator()(bio_st* bio) const noexcept;
  void operator()(evp_pkey_st* key) const noexcept;
  void operator()(ssl_ctx_st* context) const noexcept;
  void operator()(ssl_st* session) const noexcept;
  void operator()(x509_st* certificate) const noexcept;
};

using BioHandle = std::unique_ptr<bio_st, FreeHandle>;
using KeyHandle = std::unique_ptr<evp_pkey_st, FreeHandle>;
using ContextHandle = std::unique_ptr<ssl_ctx_st, FreeHandle>;
using SessionHandle = std::unique_ptr<ssl_st, FreeHandle>;
using CertificateHandle = std::unique_ptr<x509_st, FreeHandle>;

}  // namespace mailcheck::tls
