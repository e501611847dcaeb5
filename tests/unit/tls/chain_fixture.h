// Certificates of the test CA as OpenSSL has them, for the parts that look at a chain without a handshake.
#pragma once

#include <openssl/err.h>
#include <openssl/pem.h>
#include <openssl/x509.h>

#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "support/tls_pair.h"
#include "tls/owned.h"

namespace mailcheck::test {

inline void free_chain(STACK_OF(X509) * chain) {
  sk_X509_pop_free(chain, &X509_free);
}

using ChainHandle = tls::Owned<STACK_OF(X509), &free_chain>;
using StoreHandle = tls::Owned<X509_STORE, &X509_STORE_free>;

// All certificates of these files ("good.pem"), in that order.
inline ChainHandle load_chain(const std::vector<std::string>& files) {
  ChainHandle chain(sk_X509_new_null());
  for (const std::string& name : files) {
    const tls::BioHandle file(BIO_new_file(test_ca(name).c_str(), "r"));
    REQUIRE(file);
    while (X509* one = PEM_read_bio_X509(file.get(), nullptr, nullptr, nullptr)) sk_X509_push(chain.get(), one);
  }
  ERR_clear_error();  // the end of the file
  REQUIRE(sk_X509_num(chain.get()) > 0);
  return chain;
}

inline tls::KeyHandle load_key(const std::string& name) {
  const tls::BioHandle file(BIO_new_file(test_ca(name).c_str(), "r"));
  REQUIRE(file);
  tls::KeyHandle key(PEM_read_bio_PrivateKey(file.get(), nullptr, nullptr, nullptr));
  REQUIRE(key);
  return key;
}

// A store that trusts these files; none: nobody.
inline StoreHandle load_store(const std::vector<std::string>& files) {
  StoreHandle store(X509_STORE_new());
  REQUIRE(store);
  for (const std::string& name : files) REQUIRE(X509_STORE_load_file(store.get(), test_ca(name).c_str()) == 1);
  return store;
}

}  // namespace mailcheck::test
