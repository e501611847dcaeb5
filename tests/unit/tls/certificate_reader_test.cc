#include "tls/certificate_reader.h"

#include <openssl/pem.h>

#include <cstdio>

#include "support/tls_pair.h"

namespace {

using namespace mailcheck;
using namespace std::chrono;

tls::CertificateHandle load(const std::string& name) {
  const tls::BioHandle file(BIO_new_file(test::test_ca(name + ".pem").c_str(), "r"));
  tls::CertificateHandle certificate(PEM_read_bio_X509(file.get(), nullptr, nullptr, nullptr));
  REQUIRE(certificate);
  return certificate;
}

tls::Certificate described(const std::string& name) {
  return tls::describe(load(name).get());
}

}  // namespace

TEST_CASE("a certificate is read into plain values") {
  const auto certificate = described("good");
  CHECK(certificate.subject == "CN=imap.example.test");
  CHECK(certificate.issuer == "CN=Test Intermediate");
  CHECK(certificate.dns_names == std::vector<std::string>{"imap.example.test", "mail.example.test", "localhost"});
  CHECK(certificate.ip_addresses == std::vector<std::string>{"127.0.0.1", "::1"});
  CHECK(certificate.not_before == sys_days(2020y / 1 / 1));
  CHECK(certificate.not_after == sys_days(2060y / 1 / 1));
  CHECK(certificate.key == "EC P-256");
  CHECK(certificate.signature_algorithm == "ecdsa-with-SHA256");
  CHECK(certificate.sha256.size() == 64);
  CHECK(certificate.sha256.find_first_not_of("0123456789abcdef") == std::string::npos);
  CHECK_FALSE(certificate.serial.empty());
  CHECK_FALSE(certificate.is_self_issued);
}

TEST_CASE("kinds of keys have their usual names") {
  CHECK(described("good-rsa").key == "RSA 2048");
  CHECK(described("weak-key").key == "RSA 1024");
  CHECK(described("good-ed25519").key == "ED25519");
  CHECK(described("good-ed25519").signature_algorithm == "ED25519");
}

TEST_CASE("a self-signed certificate is seen to be its own issuer") {
  CHECK(described("self-signed").is_self_issued);
}

TEST_CASE("a certificate without subjectAltName has no names") {
  CHECK(described("cn-only").dns_names.empty());
  CHECK(described("cn-only").ip_addresses.empty());
}

TEST_CASE("an absent chain is an empty one") {
  CHECK(tls::describe(static_cast<const stack_st_X509*>(nullptr)).empty());
}
