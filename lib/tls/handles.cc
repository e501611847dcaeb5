#include "tls/handles.h"

#include <openssl/ssl.h>

namespace mailcheck::tls {

void FreeHandle::operator()(bio_st* bio) const noexcept {
  BIO_free_all(bio);
}
void FreeHandle::operator()(evp_pkey_st* key) const noexcept {
  EVP_PKEY_free(key);
}
void FreeHandle::operator()(ssl_ctx_st* context) const noexcept {
  SSL_CTX_free(context);
}
void FreeHandle::operator()(ssl_st* session) const noexcept {
  SSL_free(session);
}
void FreeHandle::operator()(x509_st* certificate) const noexcept {
  X509_free(certificate);
}

}  // namespace mailcheck::tls
