#include "tls/host_name.h"

#include <fmt/format.h>
#include <openssl/x509v3.h>

#include <algorithm>

#include "tls/idn.h"

namespace mailcheck::tls {
namespace {

constexpr unsigned int kFlags = X509_CHECK_FLAG_NO_PARTIAL_WILDCARDS | X509_CHECK_FLAG_NEVER_CHECK_SUBJECT;
constexpr std::size_t kShownNames = 5;

bool is_for(X509* leaf, const std::string& name) {
  // A name with a leading dot would match every host below it.
  if (name.empty() || name.front() == '.') return false;
  if (is_ip_address(name)) return X509_check_ip_asc(leaf, name.c_str(), 0) == 1;
  return X509_check_host(leaf, name.data(), name.size(), kFlags, nullptr) == 1;
}

std::string join(const std::vector<std::string>& names, std::string_view separator) {
  std::string out;
  const std::size_t shown = std::min(names.size(), kShownNames);
  for (std::size_t i = 0; i < shown; ++i) {
    if (i != 0) out += separator;
    out += names[i];
  }
  if (names.size() > shown) out += fmt::format(" and {} more", names.size() - shown);
  return out;
}

std::string what_it_is_for(const Certificate& certificate) {
  std::vector<std::string> names = certificate.dns_names;
  names.insert(names.end(), certificate.ip_addresses.begin(), certificate.ip_addresses.end());
  if (!names.empty()) return "certificate is for " + join(names, ", ");
  return fmt::format("certificate is for no host (no subjectAltName, only {})", certificate.subject);
}

}  // namespace

std::optional<VerifyFault> check_names(x509_st* leaf, const Certificate& description,
                                       const std::vector<std::string>& names) {
  if (std::any_of(names.begin(), names.end(), [leaf](const std::string& name) { return is_for(leaf, name); })) {
    return std::nullopt;
  }
  return VerifyFault{base::ErrorKind::name_mismatch, what_it_is_for(description) + ", not " + join(names, " or ")};
}

}  // namespace mailcheck::tls
