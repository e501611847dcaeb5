#include "tls/trust.h"

#include <filesystem>

#include "support/tls_pair.h"

namespace {

using namespace mailcheck;
using test::test_ca;

// Places of a machine as the test CA lays them out: "hashed" has links, "empty" does not.
struct Machine {
  std::string hashed = test_ca("ca-hashed");
  std::string empty = test_ca("no-such-directory");
  std::string bundle = test_ca("root-bundle.pem");
};

tls::TrustSource chosen(const tls::TrustPlaces& places, const tls::ClientOptions& options = {}) {
  const auto source = tls::choose_trust(options, places);
  REQUIRE(source.has_value());
  return *source;
}

base::Result<void> loaded(const tls::TrustSource& source) {
  const tls::ContextHandle context(SSL_CTX_new(TLS_client_method()));
  return tls::load_trust(context.get(), source);
}

}  // namespace

TEST_CASE("a hashed directory goes before a bundle") {
  const Machine machine;
  const auto source = chosen({"", "", {machine.empty, machine.hashed}, {machine.bundle}});
  CHECK(source.directory == machine.hashed);
  CHECK(source.file.empty());
}

TEST_CASE("without hash links the first bundle that can be read is taken") {
  const Machine machine;
  const auto source = chosen({"", "", {machine.empty, MAILCHECK_TEST_CA}, {"/no/such/bundle.pem", machine.bundle}});
  CHECK(source.directory.empty());
  CHECK(source.file == machine.bundle);
}

TEST_CASE("a machine without CA certificates gives neither") {
  const auto source = chosen({"", "", {"/no/such/directory"}, {"/no/such/bundle.pem"}});
  CHECK(source.directory.empty());
  CHECK(source.file.empty());
}

TEST_CASE("SSL_CERT_FILE and SSL_CERT_DIR together are both used") {
  const Machine machine;
  const auto source = chosen({"/some/file.pem", machine.hashed, {"/etc/ssl/certs"}, {machine.bundle}});
  CHECK(source.file == "/some/file.pem");
  CHECK(source.directory == machine.hashed);
}

TEST_CASE("SSL_CERT_FILE alone stands beside the system's directory") {
  const Machine machine;
  const auto source = chosen({"/some/file.pem", "", {machine.hashed}, {machine.bundle}});
  CHECK(source.file == "/some/file.pem");
  CHECK(source.directory == machine.hashed);
}

TEST_CASE("SSL_CERT_DIR alone replaces the system's directory, or gives way to the bundle if it holds nothing") {
  const Machine machine;
  const std::string list = machine.empty + ":" + machine.hashed;
  const auto full = chosen({"", list, {"/etc/ssl/certs"}, {machine.bundle}});
  CHECK(full.directory == list);
  CHECK(full.file.empty());
  const auto vain = chosen({"", machine.empty, {machine.hashed}, {machine.bundle}});
  CHECK(vain.directory.empty());
  CHECK(vain.file == machine.bundle);
}

TEST_CASE("a CA file or path in the options replaces everything else") {
  const Machine machine;
  tls::ClientOptions options;
  options.ca_file = "/mine.pem";
  const auto source = chosen({machine.bundle, machine.hashed, {machine.hashed}, {machine.bundle}}, options);
  CHECK(source.file == "/mine.pem");
  CHECK(source.directory.empty());
}

TEST_CASE("hash links are seen in any directory of a list") {
  const Machine machine;
  CHECK(tls::holds_hash_links(machine.hashed));
  CHECK(tls::holds_hash_links(machine.empty + "::" + machine.hashed + ":"));
  CHECK_FALSE(tls::holds_hash_links(MAILCHECK_TEST_CA));
  CHECK_FALSE(tls::holds_hash_links(""));
}

TEST_CASE("trust that cannot be loaded is an error that names the file and the reason") {
  CHECK(loaded({test_ca("root.pem"), test_ca("ca-hashed")}).has_value());
  const auto missing = loaded({"/no/such/ca.pem", ""});
  REQUIRE_FALSE(missing.has_value());
  CHECK(missing.error().stage == base::Stage::tls);
  CHECK(missing.error().kind == base::ErrorKind::local);
  CHECK(missing.error().detail == "cannot read CA file /no/such/ca.pem: No such file or directory");
  const auto no_pem = loaded({test_ca("good.key"), ""});
  REQUIRE_FALSE(no_pem.has_value());
  CHECK(no_pem.error().detail == "CA file " + test_ca("good.key") + " holds no certificate in PEM form");
  tls::ClientOptions options;
  options.ca_path = MAILCHECK_TEST_CA;
  const auto unhashed = tls::choose_trust(options, {});
  REQUIRE_FALSE(unhashed.has_value());
  CHECK(unhashed.error().detail.find("holds no hash links") != std::string::npos);
  CHECK(unhashed.error().input == "ca-path");
}
