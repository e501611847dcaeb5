#include "plugins/check_mail_tls/services.h"

#include "support/catch2.h"

using namespace mailcheck;
using namespace mailcheck::plugins::mail_tls;
using client::Protocol;
using probe::Encryption;

TEST_CASE("services have IANA's names and ports") {
  struct Row {
    std::string_view name;
    Protocol protocol;
    Encryption encryption;
    std::uint16_t port;
  };
  const auto row = GENERATE(values<Row>({{"smtp", Protocol::smtp, Encryption::starttls, 25},
                                         {"submission", Protocol::smtp, Encryption::starttls, 587},
                                         {"smtps", Protocol::smtp, Encryption::implicit, 465},
                                         {"submissions", Protocol::smtp, Encryption::implicit, 465},
                                         {"lmtp", Protocol::lmtp, Encryption::starttls, 24},
                                         {"imap", Protocol::imap, Encryption::starttls, 143},
                                         {"imaps", Protocol::imap, Encryption::implicit, 993},
                                         {"pop3", Protocol::pop3, Encryption::starttls, 110},
                                         {"pop3s", Protocol::pop3, Encryption::implicit, 995},
                                         {"sieve", Protocol::sieve, Encryption::starttls, 4190}}));
  CAPTURE(row.name);
  const Service& service = service_of(row.name);
  CHECK(service.name == row.name);
  CHECK(service.protocol == row.protocol);
  CHECK(service.encryption == row.encryption);
  CHECK(service.port == row.port);
}

TEST_CASE("the names are those that --protocol shows, each a service of its own") {
  const auto names = service_names();
  CHECK(names == std::vector<std::string>{"smtp", "submission", "smtps", "submissions", "lmtp", "imap", "imaps", "pop3",
                                          "pop3s", "sieve"});
  for (const auto& name : names) CHECK(service_of(name).name == name);
}

TEST_CASE("a port means its first service, any other port none") {
  const auto name_at = [](std::uint16_t port) {
    const Service* service = service_of(port);
    return service == nullptr ? std::string_view("none") : service->name;
  };
  CHECK(name_at(25) == "smtp");
  CHECK(name_at(587) == "submission");
  CHECK(name_at(465) == "smtps");
  CHECK(name_at(24) == "lmtp");
  CHECK(name_at(143) == "imap");
  CHECK(name_at(993) == "imaps");
  CHECK(name_at(110) == "pop3");
  CHECK(name_at(995) == "pop3s");
  CHECK(name_at(4190) == "sieve");
  CHECK(name_at(2525) == "none");
  CHECK(name_at(443) == "none");
}

TEST_CASE("the twin is the same protocol with TLS from the first byte, where there is one") {
  const auto twin_of = [](std::string_view name) {
    const Service* twin = implicit_twin(service_of(name));
    return twin == nullptr ? std::string_view("none") : twin->name;
  };
  CHECK(twin_of("smtp") == "smtps");
  CHECK(twin_of("submission") == "smtps");
  CHECK(twin_of("imap") == "imaps");
  CHECK(twin_of("pop3") == "pop3s");
  CHECK(twin_of("lmtp") == "none");
  CHECK(twin_of("sieve") == "none");
}
