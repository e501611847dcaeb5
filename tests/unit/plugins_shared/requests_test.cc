#include "plugins/shared/requests.h"

#include "plugin/usage_error.h"
#include "support/catch2.h"

using namespace mailcheck;
using probe::Encryption;

namespace {

const base::SystemClock kClock;

}  // namespace

TEST_CASE("the encryption is what --tls says, else the port's") {
  struct Row {
    cli::TlsMode mode;
    std::uint16_t port;
    Encryption encryption;
  };
  using enum cli::TlsMode;
  const auto row = GENERATE(values<Row>({{by_port, 993, Encryption::implicit},
                                         {by_port, 143, Encryption::starttls},
                                         {by_port, 10143, Encryption::starttls},
                                         {implicit, 143, Encryption::implicit},
                                         {starttls, 993, Encryption::starttls},
                                         {none, 993, Encryption::none}}));
  cli::TlsOptions options;
  options.mode = row.mode;
  CHECK(plugins::encryption(options, row.port, {993}) == row.encryption);
}

TEST_CASE("names for SNI and verification are the host's unless others are given") {
  cli::TlsOptions options;
  plugins::SecretReading reading{base::Deadline(kClock, std::chrono::seconds(10))};
  auto made = plugins::tls_options(options, "imap.example.test", "", reading);
  CHECK(made.server_name == "imap.example.test");
  CHECK(made.verify_names == std::vector<std::string>{"imap.example.test"});
  CHECK(made.verification == tls::Verification::required);
  CHECK(made.minimum_version == tls::Version::tls1_2);
  options.sni = "sni.example.test";
  options.verify_names = {"a", "b"};
  options.is_insecure = true;
  options.minimum_version = cli::TlsVersion::tls1_3;
  made = plugins::tls_options(options, "imap.example.test", "", reading);
  CHECK(made.server_name == "sni.example.test");
  CHECK(made.verify_names == std::vector<std::string>{"a", "b"});
  CHECK(made.verification == tls::Verification::reported);
  CHECK(made.minimum_version == tls::Version::tls1_3);
}

TEST_CASE("the minimum version is TLS 1.2 unless another is named") {
  struct Row {
    std::optional<cli::TlsVersion> given;
    tls::Version version;
  };
  const auto row = GENERATE(values<Row>({{std::nullopt, tls::Version::tls1_2},
                                         {cli::TlsVersion::tls1_0, tls::Version::tls1_0},
                                         {cli::TlsVersion::tls1_1, tls::Version::tls1_1},
                                         {cli::TlsVersion::tls1_2, tls::Version::tls1_2},
                                         {cli::TlsVersion::tls1_3, tls::Version::tls1_3}}));
  CHECK(plugins::tls_version(row.given) == row.version);
}

TEST_CASE("a target has the port of its mode unless one is given, and a fixed address") {
  cli::EndpointOptions options;
  options.hostname = "imap.example.test";
  CHECK(plugins::target(options, 993, "").port == 993);
  CHECK(plugins::target(options, 993, "").addresses.empty());
  options.port = 10993;
  options.address = "192.0.2.7";
  options.family = cli::Family::ipv6;
  const auto target = plugins::target(options, 993, "");
  CHECK(target.port == 10993);
  REQUIRE(target.addresses.size() == 1);
  CHECK(target.addresses.front().to_string() == "192.0.2.7");
  CHECK(target.family == dns::Family::ipv6);
}

TEST_CASE("a name that IDNA does not accept is an error of its option") {
  const auto refusal = [](const auto& make) {
    try {
      make();
    } catch (const plugin::UsageError& error) {
      return error.text.substr(0, error.text.find(": host name"));
    }
    return std::string("accepted");
  };
  const auto of_host = [&](const std::string& name, const std::string& prefix) {
    cli::EndpointOptions options;
    options.hostname = name;
    return refusal([&] { (void)plugins::target(options, 993, prefix); });
  };
  plugins::SecretReading reading{base::Deadline(kClock, std::chrono::seconds(10))};
  const auto of_names = [&](const cli::TlsOptions& options) {
    return refusal([&] { (void)plugins::tls_options(options, "a.example", "smtp-", reading); });
  };
  const std::string forbidden = "\xe2\x80\x8e.example";  // a left-to-right mark
  CHECK(of_host("b\xc3\xbc\x63her.example", "") == "accepted");
  CHECK(of_host("\xe2\x98\x83_\xff.example", "") == "--hostname");
  CHECK(of_host(forbidden, "imap-") == "--imap-hostname");
  std::string long_label;
  for (int i = 0; i < 64; ++i) long_label += "\xc3\xbc";
  CHECK(of_host(long_label + ".example", "") == "--hostname");
  CHECK(of_host("\xc3\xbc\xe3\x80\x82\xe3\x80\x82\x62", "") == "--hostname");  // two ideographic full stops
  cli::TlsOptions options;
  options.sni = forbidden;
  CHECK(of_names(options) == "--smtp-sni");
  options.sni = "stra\xc3\x9f\x65.example";
  CHECK(of_names(options) == "accepted");
  options.verify_names = {"a.example", forbidden};
  CHECK(of_names(options) == "--smtp-verify-name");
}

TEST_CASE("a user without a secret is refused, but for one with a certificate") {
  cli::CredentialOptions options;
  cli::TlsOptions tls;
  plugins::SecretReading reading{base::Deadline(kClock, std::chrono::seconds(10))};
  CHECK_FALSE(plugins::credentials(options, tls, {}, reading).has_value());
  options.user = "probe";
  CHECK_THROWS_AS((void)plugins::credentials(options, tls, {}, reading), plugin::UsageError);
  tls.client_certificate = "client.pem";
  const auto by_certificate = plugins::credentials(options, tls, {}, reading);
  REQUIRE(by_certificate);
  CHECK(by_certificate->has_client_certificate);
  CHECK_FALSE(by_certificate->password.has_value());
}

TEST_CASE("a TLS file that cannot be used is an error of its option, with the prefix of its leg") {
  tls::ClientOptions options;
  options.verification = tls::Verification::reported;  // a machine without CA certificates will do
  options.ca_file = "/nowhere/ca.pem";
  const auto refusal = [&](const std::string& prefix) {
    try {
      plugins::load_tls_files(options, prefix);
    } catch (const plugin::UsageError& error) {
      return error.text;
    }
    return std::string("accepted");
  };
  const std::string why = "cannot read CA file /nowhere/ca.pem: No such file or directory";
  CHECK(refusal("") == "--ca-file: " + why);
  CHECK(refusal("smtp-") == "--smtp-ca-file: " + why);
  CHECK(options.context == nullptr);
  options.ca_file.clear();
  options.client_certificate_file = "/nowhere/client.pem";
  CHECK(refusal("") == "--client-cert: cannot read client certificate /nowhere/client.pem: No such file or directory");
  options.client_certificate_file.clear();
  CHECK(refusal("") == "accepted");
  CHECK(options.context != nullptr);
}
