#include "tls/idn.h"

#include <arpa/inet.h>
#include <idn2.h>

#include <algorithm>
#include <array>
#include <memory>

#include "base/ascii.h"

namespace mailcheck::tls {
namespace {

base::Error bad_name(std::string_view host, std::string_view why) {
  return {base::Stage::dns, base::ErrorKind::local, "host name \"" + std::string(host) + "\" " + std::string(why)};
}

base::Result<std::string> convert(const std::string& host) {
  char* converted = nullptr;
  const int code = idn2_to_ascii_8z(host.c_str(), &converted, IDN2_NONTRANSITIONAL | IDN2_NFC_INPUT);
  if (code != IDN2_OK) return base::fail(bad_name(host, std::string("is not valid: ") + idn2_strerror(code)));
  const std::unique_ptr<char, decltype(&idn2_free)> owner(converted, &idn2_free);
  return std::string(converted);
}

}  // namespace

base::Result<std::string> to_ascii(std::string_view host) {
  if (host.find('\0') != std::string_view::npos) return base::fail(bad_name("", "has a NUL inside"));
  std::string_view name = host;
  if (!name.empty() && name.back() == '.') name.remove_suffix(1);
  if (name.empty()) return base::fail(bad_name(host, "is empty"));
  if (name.front() == '.') return base::fail(bad_name(host, "begins with a dot"));
  if (base::is_ascii(name)) return std::string(name);
  return convert(std::string(name));
}

bool is_ip_address(const std::string& text) {
  std::array<unsigned char, sizeof(in6_addr)> address{};
  return inet_pton(AF_INET, text.c_str(), address.data()) == 1 ||
         inet_pton(AF_INET6, text.c_str(), address.data()) == 1;
}

}  // namespace mailcheck::tls
