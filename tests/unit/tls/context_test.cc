#include "tls/context.h"

#include <openssl/conf.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cstdio>
#include <cstdlib>

#include "client_fixture.h"

namespace {

using namespace mailcheck;
using namespace mailcheck::test;

int minimum_version_of(tls::Version version) {
  tls::ClientOptions options = trusting_options();
  options.minimum_version = version;
  const auto context = tls::make_context(options);
  return context ? static_cast<int>(SSL_CTX_get_min_proto_version(context->get())) : -1;
}

// Writes an openssl.cnf whose system-wide policy asks for that version.
std::string policy_file(const char* version) {
  std::string path = "/tmp/mailcheck-policy-XXXXXX";
  const int descriptor = mkstemp(path.data());
  REQUIRE(descriptor >= 0);
  const std::string text = fmt::format(
      "openssl_conf = all\n[all]\nssl_conf = ssl\n[ssl]\nsystem_default = policy\n[policy]\nMinProtocol = {}\n",
      version);
  REQUIRE(write(descriptor, text.data(), text.size()) == static_cast<ssize_t>(text.size()));
  close(descriptor);
  return path;
}

// The minimum version under a system policy; in a child, because OpenSSL's configuration is the whole process's.
int minimum_version_under(const char* policy, tls::Version wanted) {
  const std::string path = policy_file(policy);
  const pid_t child = fork();
  REQUIRE(child >= 0);
  if (child == 0) {
    const bool is_loaded = CONF_modules_load_file(path.c_str(), nullptr, 0) == 1;
    _exit(is_loaded ? minimum_version_of(wanted) - 0x0300 : 99);
  }
  int status = 0;
  REQUIRE(waitpid(child, &status, 0) == child);
  std::remove(path.c_str());
  REQUIRE(WIFEXITED(status));
  return WEXITSTATUS(status) + 0x0300;
}

}  // namespace

TEST_CASE("the minimum version is the one asked for") {
  CHECK(minimum_version_of(tls::Version::tls1_2) == TLS1_2_VERSION);
  CHECK(minimum_version_of(tls::Version::tls1_3) == TLS1_3_VERSION);
}

TEST_CASE("the system's policy is raised, never lowered") {
  CHECK(minimum_version_under("TLSv1.3", tls::Version::tls1_2) == TLS1_3_VERSION);
  CHECK(minimum_version_under("TLSv1.1", tls::Version::tls1_2) == TLS1_2_VERSION);
  CHECK(minimum_version_under("TLSv1.2", tls::Version::tls1_0) == TLS1_2_VERSION);
}

TEST_CASE("sessions are neither renegotiated nor resumed") {
  const auto context = tls::make_context(trusting_options());
  REQUIRE(context.has_value());
  CHECK((SSL_CTX_get_options(context->get()) & SSL_OP_NO_RENEGOTIATION) != 0);
  CHECK(SSL_CTX_get_session_cache_mode(context->get()) == SSL_SESS_CACHE_OFF);
}

TEST_CASE("an unusable CA file fails the making of a client") {
  tls::ClientOptions options = trusting_options();
  options.ca_file = "/no/such/ca.pem";
  const FakeClock clock;
  const auto client = tls::Client::make(options, clock);
  REQUIRE_FALSE(client.has_value());
  CHECK(client.error().detail == "cannot read CA file /no/such/ca.pem: No such file or directory");
  CHECK(client.error().input == "ca-file");
}

TEST_CASE("a context that was made before is used, and no file is read again") {
  tls::ClientOptions options = trusting_options();
  auto context = tls::make_context(options);
  REQUIRE(context.has_value());
  options.context = std::move(*context);
  options.ca_file = "/no/such/ca.pem";
  const FakeClock clock;
  CHECK(tls::Client::make(options, clock).has_value());
}

TEST_CASE("a file that the environment names is told so, and is no option's fault") {
  setenv("SSL_CERT_FILE", "/no/such/ca.pem", 1);
  const auto context = tls::make_context({});
  unsetenv("SSL_CERT_FILE");
  REQUIRE_FALSE(context.has_value());
  CHECK(context.error().input.empty());
  CHECK(context.error().detail ==
        "cannot read CA file /no/such/ca.pem: No such file or directory (SSL_CERT_FILE names it)");
}
