#include "tls/client_key.h"

#include <openssl/err.h>
#include <openssl/pem.h>
#include <openssl/ssl.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <string>
#include <system_error>

namespace mailcheck::tls {
namespace {

// What OpenSSL's callback is handed, and hands back.
struct PasswordRequest {
  const base::Secret* password;
  bool has_been_asked = false;
};

// OpenSSL would prompt on the terminal without a callback of ours.
int give_password(char* buffer, int size, int /*is_writing*/, void* data) {
  auto* request = static_cast<PasswordRequest*>(data);
  if (request == nullptr) return -1;
  request->has_been_asked = true;
  const std::string_view password = request->password->expose();
  if (password.empty() || size < 0 || password.size() > static_cast<std::size_t>(size)) return -1;
  std::copy(password.begin(), password.end(), buffer);
  return static_cast<int>(password.size());
}

tl::unexpected<base::Error> local(std::string detail) {
  ERR_clear_error();
  return base::fail({base::Stage::tls, base::ErrorKind::local, std::move(detail)});
}

base::Result<void> check_readable(const char* what, const std::string& path) {
  if (access(path.c_str(), R_OK) == 0) return {};
  return local(std::string("cannot read ") + what + " " + path + ": " + std::generic_category().message(errno));
}

std::string why(const char* what, const PasswordRequest& request) {
  const unsigned long code = ERR_peek_error();
  if (ERR_GET_LIB(code) == ERR_LIB_SSL && ERR_GET_REASON(code) == SSL_R_EE_KEY_TOO_SMALL) {
    return "has a key that the system's security level calls too small";
  }
  if (ERR_GET_LIB(code) == ERR_LIB_SSL && ERR_GET_REASON(code) == SSL_R_CA_MD_TOO_WEAK) {
    return "has a signature that the system's security level calls too weak";
  }
  if (request.has_been_asked && request.password->is_empty()) return "is encrypted and no password is given";
  if (request.has_been_asked) return "cannot be decrypted with the password given";
  return std::string("holds no ") + what + " in PEM form";
}

base::Result<void> load_certificate(SSL_CTX* context, const std::string& path, const PasswordRequest& request) {
  if (auto readable = check_readable("client certificate", path); !readable) return readable;
  if (SSL_CTX_use_certificate_chain_file(context, path.c_str()) == 1) return {};
  return local("client certificate " + path + " " + why("certificate", request));
}

base::Result<void> load_key(SSL_CTX* context, const std::string& path, const PasswordRequest& request) {
  if (auto readable = check_readable("client key", path); !readable) return readable;
  if (SSL_CTX_use_PrivateKey_file(context, path.c_str(), SSL_FILETYPE_PEM) == 1) return {};
  const unsigned long code = ERR_peek_last_error();
  if (ERR_GET_LIB(code) == ERR_LIB_X509 && ERR_GET_REASON(code) != 0 && SSL_CTX_get0_certificate(context) != nullptr) {
    return local("client key " + path + " does not belong to the client certificate");
  }
  return local("client key " + path + " " + why("private key", request));
}

base::Result<void> load_both(SSL_CTX* context, const ClientOptions& options, const PasswordRequest& request) {
  if (auto loaded = load_certificate(context, options.client_certificate_file, request); !loaded) return loaded;
  const std::string& key = options.client_key_file.empty() ? options.client_certificate_file : options.client_key_file;
  if (auto loaded = load_key(context, key, request); !loaded) return loaded;
  if (SSL_CTX_check_private_key(context) == 1) return {};
  return local("client key " + key + " does not belong to the client certificate");
}

}  // namespace

base::Result<void> load_client_key(ssl_ctx_st* context, const ClientOptions& options) {
  if (options.client_certificate_file.empty() && options.client_key_file.empty()) return {};
  if (options.client_certificate_file.empty()) return local("a client key is given without a client certificate");
  PasswordRequest request{&options.client_key_password};
  SSL_CTX_set_default_passwd_cb(context, &give_password);
  SSL_CTX_set_default_passwd_cb_userdata(context, &request);
  auto loaded = load_both(context, options, request);
  SSL_CTX_set_default_passwd_cb_userdata(context, nullptr);  // the request dies here
  return loaded;
}

}  // namespace mailcheck::tls
