#include "plugins/check_mail_tls/services.h"

#include <algorithm>
#include <array>

namespace mailcheck::plugins::mail_tls {
namespace {

using client::Protocol;
using probe::Encryption;

// IANA's names and ports (RFC 8314 for the implicit ones); the first of a port is the one that -p means.
constexpr std::array kServices = {Service{"smtp", Protocol::smtp, Encryption::starttls, 25},
                                  Service{"submission", Protocol::smtp, Encryption::starttls, 587},
                                  Service{"smtps", Protocol::smtp, Encryption::implicit, 465},
                                  Service{"submissions", Protocol::smtp, Encryption::implicit, 465},
                                  Service{"lmtp", Protocol::lmtp, Encryption::starttls, 24},
                                  Service{"imap", Protocol::imap, Encryption::starttls, 143},
                                  Service{"imaps", Protocol::imap, Encryption::implicit, 993},
                                  Service{"pop3", Protocol::pop3, Encryption::starttls, 110},
                                  Service{"pop3s", Protocol::pop3, Encryption::implicit, 995},
                                  Service{"sieve", Protocol::sieve, Encryption::starttls, 4190}};

template <typename Predicate>
const Service* find(const Predicate& is_it) {
  const auto* found = std::find_if(kServices.begin(), kServices.end(), is_it);
  return found == kServices.end() ? nullptr : found;
}

}  // namespace

std::vector<std::string> service_names() {
  std::vector<std::string> names;
  for (const Service& service : kServices) names.emplace_back(service.name);
  return names;
}

const Service& service_of(std::string_view name) {
  return *find([&](const Service& service) { return service.name == name; });
}

const Service* service_of(std::uint16_t port) {
  return find([&](const Service& service) { return service.port == port; });
}

const Service* implicit_twin(const Service& service) {
  return find([&](const Service& other) {
    return other.protocol == service.protocol && other.encryption == Encryption::implicit;
  });
}

}  // namespace mailcheck::plugins::mail_tls
