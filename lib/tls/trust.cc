#include "tls/trust.h"

#include <dirent.h>
#include <openssl/err.h>
#include <openssl/ssl.h>
#include <unistd.h>

#include <algorithm>
#include <cstdlib>
#include <memory>
#include <string_view>

#include "tls/local_error.h"
#include "tls/pem_file.h"

namespace mailcheck::tls {
namespace {

bool is_hash_link(std::string_view name) {
  return name.size() == 10 && name.substr(8) == ".0" &&
         name.substr(0, 8).find_first_not_of("0123456789abcdef") == std::string_view::npos;
}

bool directory_holds_hash_links(const std::string& path) {
  const std::unique_ptr<DIR, int (*)(DIR*)> directory(opendir(path.c_str()), &closedir);
  if (!directory) return false;
  while (const dirent* entry = readdir(directory.get())) {
    if (is_hash_link(entry->d_name)) return true;
  }
  return false;
}

std::string first_directory(const TrustPlaces& places) {
  const auto found = std::find_if(places.directories.begin(), places.directories.end(), holds_hash_links);
  return found == places.directories.end() ? std::string() : *found;
}

std::string first_bundle(const TrustPlaces& places) {
  const auto found = std::find_if(places.bundles.begin(), places.bundles.end(),
                                  [](const std::string& path) { return access(path.c_str(), R_OK) == 0; });
  return found == places.bundles.end() ? std::string() : *found;
}

std::string variable(const char* name) {
  const char* value = secure_getenv(name);
  return value == nullptr ? std::string() : std::string(value);
}

base::Result<void> load_file(SSL_CTX* context, const std::string& path) {
  if (auto checked = check_pem_file("CA file", path); !checked) return checked;
  if (SSL_CTX_load_verify_file(context, path.c_str()) == 1) return {};
  ERR_clear_error();
  return local_error("CA file " + path + " holds no certificate in PEM form");
}

base::Result<TrustSource> explicit_trust(const ClientOptions& options) {
  if (!options.ca_path.empty() && !holds_hash_links(options.ca_path)) {
    return local_error(
        "CA directory " + options.ca_path + " cannot be read or holds no hash links (openssl rehash makes them)",
        "ca-path");
  }
  return TrustSource{options.ca_file, options.ca_path};
}

}  // namespace

TrustPlaces system_trust_places() {
  return {variable(X509_get_default_cert_file_env()),
          variable(X509_get_default_cert_dir_env()),
          {X509_get_default_cert_dir(), "/etc/ssl/certs", "/etc/pki/ca-trust/extracted/pem/directory-hash"},
          {X509_get_default_cert_file(), "/etc/ssl/certs/ca-certificates.crt", "/etc/pki/tls/certs/ca-bundle.crt",
           "/etc/pki/ca-trust/extracted/pem/tls-ca-bundle.pem", "/etc/ssl/ca-bundle.pem", "/etc/ssl/cert.pem"}};
}

bool holds_hash_links(const std::string& directories) {
  std::string_view rest = directories;
  while (!rest.empty()) {
    const std::string_view path = rest.substr(0, rest.find(':'));
    if (!path.empty() && directory_holds_hash_links(std::string(path))) return true;
    rest.remove_prefix(std::min(rest.size(), path.size() + 1));
  }
  return false;
}

base::Result<TrustSource> choose_trust(const ClientOptions& options, const TrustPlaces& places) {
  if (!options.ca_file.empty() || !options.ca_path.empty()) return explicit_trust(options);
  TrustSource source;
  source.file = places.file_variable;
  if (places.directory_variable.empty()) {
    source.directory = first_directory(places);
  } else if (holds_hash_links(places.directory_variable)) {
    source.directory = places.directory_variable;
  }
  if (source.file.empty() && source.directory.empty()) source.file = first_bundle(places);
  return source;
}

base::Result<void> load_trust(ssl_ctx_st* context, const TrustSource& source) {
  if (!source.file.empty()) {
    if (auto loaded = load_file(context, source.file); !loaded) return loaded;
  }
  if (source.directory.empty() || SSL_CTX_load_verify_dir(context, source.directory.c_str()) == 1) return {};
  ERR_clear_error();
  return local_error("cannot use CA directory " + source.directory);
}

}  // namespace mailcheck::tls
