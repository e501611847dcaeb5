#include "tls/client_key.h"

#include <openssl/err.h>
#include <openssl/pem.h>
#include <openssl/ssl.h>

#include <algorithm>
#include <string>
#include <string_view>

#include "tls/local_error.h"
#include "tls/pem_file.h"

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

constexpr std::string_view kCertificate = "client-cert";
constexpr std::string_view kKey = "client-key";
constexpr std::string_view kPassword = "client-key-password-file";

tl::unexpected<base::Error> fail(std::string detail, std::string_view input) {
  ERR_clear_error();
  return local_error(std::move(detail), input);
}

// `file` as in "client key /etc/x.key"; `what` is what OpenSSL looked for in it.
tl::unexpected<base::Error> unusable(const std::string& file, const char* what, const PasswordRequest& request,
                                     std::string_view input) {
  const unsigned long code = ERR_peek_error();
  if (ERR_GET_LIB(code) == ERR_LIB_SSL && ERR_GET_REASON(code) == SSL_R_EE_KEY_TOO_SMALL) {
    return fail(file + " has a key that the system's security level calls too small", input);
  }
  if (ERR_GET_LIB(code) == ERR_LIB_SSL && ERR_GET_REASON(code) == SSL_R_CA_MD_TOO_WEAK) {
    return fail(file + " has a signature that the system's security level calls too weak", input);
  }
  if (request.has_been_asked && request.password->is_empty()) {
    return fail(file + " is encrypted; expected --client-key-password-file with its password", input);
  }
  if (request.has_been_asked) return fail(file + " cannot be decrypted with the password given", kPassword);
  return fail(file + " holds no " + what + " in PEM form", input);
}

base::Result<void> load_certificate(SSL_CTX* context, const std::string& path, const PasswordRequest& request) {
  if (auto checked = check_pem_file("client certificate", path, kCertificate); !checked) return checked;
  if (SSL_CTX_use_certificate_chain_file(context, path.c_str()) == 1) return {};
  return unusable("client certificate " + path, "certificate", request, kCertificate);
}

bool is_of_other_certificate(unsigned long code) {
  return ERR_GET_LIB(code) == ERR_LIB_X509 && ERR_GET_REASON(code) != 0;
}

// The key may stand in the certificate's file.
base::Result<void> load_key(SSL_CTX* context, const ClientOptions& options, const PasswordRequest& request) {
  const bool is_apart = !options.client_key_file.empty();
  const std::string& path = is_apart ? options.client_key_file : options.client_certificate_file;
  const std::string_view input = is_apart ? kKey : kCertificate;
  const std::string file = (is_apart ? "client key " : "the key in ") + path;
  if (auto checked = check_pem_file("client key", path, input); !checked) return checked;
  const bool is_read = SSL_CTX_use_PrivateKey_file(context, path.c_str(), SSL_FILETYPE_PEM) == 1;
  if (is_read && SSL_CTX_check_private_key(context) == 1) return {};
  if (is_read || is_of_other_certificate(ERR_peek_last_error())) {
    return fail(file + " does not belong to the client certificate", input);
  }
  if (is_apart || request.has_been_asked) return unusable(file, "private key", request, input);
  return fail("client certificate " + path + " holds no private key; expected --client-key with its file", input);
}

base::Result<void> load_both(SSL_CTX* context, const ClientOptions& options, const PasswordRequest& request) {
  if (auto loaded = load_certificate(context, options.client_certificate_file, request); !loaded) return loaded;
  return load_key(context, options, request);
}

}  // namespace

base::Result<void> load_client_key(ssl_ctx_st* context, const ClientOptions& options) {
  if (options.client_certificate_file.empty() && options.client_key_file.empty()) return {};
  if (options.client_certificate_file.empty())
    return local_error("a client key is given without a client certificate", kKey);
  PasswordRequest request{&options.client_key_password};
  SSL_CTX_set_default_passwd_cb(context, &give_password);
  SSL_CTX_set_default_passwd_cb_userdata(context, &request);
  auto loaded = load_both(context, options, request);
  SSL_CTX_set_default_passwd_cb_userdata(context, nullptr);  // the request dies here
  return loaded;
}

}  // namespace mailcheck::tls
