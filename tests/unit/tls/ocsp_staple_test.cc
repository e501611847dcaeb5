#include "tls/ocsp_staple.h"

#include <openssl/ocsp.h>

#include <fstream>
#include <sstream>

#include "chain_fixture.h"

namespace {

using namespace mailcheck;
using namespace mailcheck::test;
using namespace std::chrono;
using Status = tls::StapleFacts::Status;

// The files of the test CA begin when they were made and end 27 years later.
const base::WallTime kNow = sys_days(2040y / 1 / 1);

std::string file(const std::string& name) {
  std::ifstream in(test_ca(name), std::ios::binary);
  REQUIRE(in.good());
  std::ostringstream out;
  out << in.rdbuf();
  return out.str();
}

struct Server {
  std::vector<std::string> sent = {"good.pem"};
  std::vector<std::string> trusted = {"root.pem"};
  base::WallTime now = kNow;
};

tls::StapleFacts read(const std::string& der, const Server& server = {}) {
  const auto chain = load_chain(server.sent);
  const auto store = load_store(server.trusted);
  auto facts = tls::read_staple(der, sk_X509_value(chain.get(), 0), chain.get(), store.get(), server.now);
  CHECK(ERR_peek_error() == 0);
  return facts;
}

std::string encoded(OCSP_RESPONSE* response) {
  unsigned char* bytes = nullptr;
  const int size = i2d_OCSP_RESPONSE(response, &bytes);
  REQUIRE(size > 0);
  std::string out(reinterpret_cast<const char*>(bytes), static_cast<std::size_t>(size));
  OPENSSL_free(bytes);
  OCSP_RESPONSE_free(response);
  return out;
}

struct Answer {
  std::string signer = "ocsp-responder";
  int status = V_OCSP_CERTSTATUS_GOOD;
  int reason = 0;
  base::WallTime this_update = kNow - hours(1);
  std::optional<base::WallTime> next_update = kNow + hours(24);
  std::string about = "good.pem";  // leaf and issuer
  unsigned long flags = 0;
};

using TimeHandle = tls::Owned<ASN1_TIME, &ASN1_TIME_free>;

TimeHandle asn1(std::optional<base::WallTime> time) {
  return TimeHandle(time ? ASN1_GENERALIZEDTIME_set(nullptr, time->time_since_epoch().count()) : nullptr);
}

// An answer by a delegated responder, whose key is at hand.
std::string made(const Answer& answer) {
  const auto chain = load_chain({answer.about});
  const auto signer = load_chain({answer.signer + ".pem"});
  const auto key = load_key(answer.signer + ".key");
  const auto revoked =
      asn1(answer.status == V_OCSP_CERTSTATUS_REVOKED ? std::optional(kNow - hours(48)) : std::nullopt);
  const auto begin = asn1(answer.this_update);
  const auto end = asn1(answer.next_update);
  const tls::Owned<OCSP_BASICRESP, &OCSP_BASICRESP_free> basic(OCSP_BASICRESP_new());
  const tls::Owned<OCSP_CERTID, &OCSP_CERTID_free> id(
      OCSP_cert_to_id(EVP_sha1(), sk_X509_value(chain.get(), 0), sk_X509_value(chain.get(), 1)));
  REQUIRE(OCSP_basic_add1_status(basic.get(), id.get(), answer.status, answer.reason, revoked.get(), begin.get(),
                                 end.get()) != nullptr);
  REQUIRE(OCSP_basic_sign(basic.get(), sk_X509_value(signer.get(), 0), key.get(), EVP_sha256(), nullptr,
                          answer.flags) == 1);
  return encoded(OCSP_response_create(OCSP_RESPONSE_STATUS_SUCCESSFUL, basic.get()));
}

std::string why_invalid(const std::string& der, const Server& server = {}) {
  const auto facts = read(der, server);
  CHECK(facts.status == Status::invalid);
  CHECK(facts.this_update == base::WallTime{});
  return facts.detail;
}

}  // namespace

TEST_CASE("no staple is absent") {
  CHECK(read("").status == Status::absent);
}

TEST_CASE("a good staple by the certificate's issuer") {
  const auto facts = read(file("ocsp-good.der"));
  CHECK(facts.detail.empty());
  CHECK(facts.status == Status::good);
  CHECK(facts.this_update < kNow);
  REQUIRE(facts.next_update.has_value());
  CHECK(*facts.next_update - facts.this_update == days(10000));
  CHECK_FALSE(facts.revoked_at.has_value());
  CHECK(facts.reason.empty());
  CHECK(read(file("ocsp-good.der"), {.sent = {"must-staple.pem"}}).status == Status::good);
}

TEST_CASE("a certificate may be named by SHA-256") {
  CHECK(read(file("ocsp-sha256.der")).status == Status::good);
}

TEST_CASE("a revoked staple says when and why") {
  const auto facts = read(file("ocsp-revoked.der"));
  CHECK(facts.status == Status::revoked);
  CHECK(facts.revoked_at == sys_days(2025y / 1 / 1));
  CHECK(facts.reason == "keyCompromise");
  const auto silent = read(made({.status = V_OCSP_CERTSTATUS_REVOKED, .reason = OCSP_REVOKED_STATUS_NOSTATUS}));
  CHECK(silent.status == Status::revoked);
  CHECK(silent.revoked_at == kNow - hours(48));
  CHECK(silent.reason.empty());
}

TEST_CASE("a certificate that the responder does not know") {
  CHECK(read(made({.status = V_OCSP_CERTSTATUS_UNKNOWN})).status == Status::unknown_certificate);
}

TEST_CASE("a staple is stale outside its time, with five minutes of leeway") {
  const auto at = [](base::WallTime begin, std::optional<base::WallTime> end) {
    return read(made({.this_update = begin, .next_update = end})).status;
  };
  CHECK(at(kNow - hours(24), kNow - seconds(300)) == Status::good);
  CHECK(at(kNow - hours(24), kNow - seconds(301)) == Status::stale);
  CHECK(at(kNow + seconds(300), kNow + hours(24)) == Status::good);
  CHECK(at(kNow + seconds(301), kNow + hours(24)) == Status::stale);
  const auto later = read(file("ocsp-good.der"), {.now = sys_days(2055y / 1 / 1)});
  CHECK(later.status == Status::stale);
  CHECK(later.next_update.has_value());
}

TEST_CASE("a staple that does not say when the next comes is stale after a week") {
  const auto made_at = [](base::WallTime begin) {
    return read(made({.this_update = begin, .next_update = std::nullopt})).status;
  };
  CHECK(made_at(kNow - days(7)) == Status::good);
  CHECK(made_at(kNow - days(7) - seconds(1)) == Status::stale);
  CHECK(made_at(kNow + seconds(301)) == Status::stale);
  CHECK(read(made({.status = V_OCSP_CERTSTATUS_REVOKED, .this_update = kNow - days(400), .next_update = std::nullopt}))
            .status == Status::revoked);
}

TEST_CASE("revoked is told even by a stale staple") {
  CHECK(read(file("ocsp-revoked.der"), {.now = sys_days(2055y / 1 / 1)}).status == Status::revoked);
  CHECK(read(made({.status = V_OCSP_CERTSTATUS_UNKNOWN, .next_update = kNow - minutes(10)})).status == Status::stale);
}

TEST_CASE("an answer that ends before it begins is invalid") {
  CHECK(why_invalid(made({.this_update = kNow, .next_update = kNow - hours(1)})) == "nextUpdate is before thisUpdate");
}

TEST_CASE("an answer about another certificate is invalid") {
  CHECK(why_invalid(file("ocsp-other.der")) == "about another certificate");
  CHECK(why_invalid(made({.about = "good-rsa.pem"})) == "about another certificate");
}

TEST_CASE("a responder that the issuer has appointed may sign") {
  CHECK(read(made({})).detail.empty());
  CHECK(read(made({})).status == Status::good);
}

TEST_CASE("nobody else may sign") {
  const std::string bad = "the certificate of its signer is not good: ";
  CHECK(why_invalid(made({.signer = "good"})) == "the certificate of its signer is not for signing OCSP answers");
  CHECK(why_invalid(made({.signer = "ocsp-responder-foreign"})) == bad + "unable to get local issuer certificate");
  CHECK(why_invalid(made({.signer = "ocsp-responder-expired"})) == bad + "certificate has expired");
  CHECK(why_invalid(file("ocsp-good.der"), {.sent = {"unknown-root-sent.pem"}}) ==
        bad + "unable to get local issuer certificate");
  CHECK(why_invalid(made({.flags = OCSP_NOCERTS})) ==
        "signed neither by the certificate's issuer nor by a responder of that issuer");
}

TEST_CASE("the responder's certificate is checked at that time, not at the system's") {
  const base::WallTime then = sys_days(2024y / 1 / 1);
  const auto der = made({.signer = "ocsp-responder-expired", .this_update = then, .next_update = then + hours(24)});
  CHECK(read(der, {.now = then}).status == Status::good);
}

TEST_CASE("an answer that was changed is invalid, whoever signed it") {
  for (const std::string& signed_one : {file("ocsp-good.der"), made({})}) {
    std::string der = signed_one;
    const std::size_t tag_of_status = der.find(std::string("\x80\x00", 2));  // good
    REQUIRE(tag_of_status != std::string::npos);
    der[tag_of_status] = '\x82';  // unknown
    CHECK(why_invalid(der) == "its signature does not verify");
  }
}

TEST_CASE("the staple is believed under any root, sent or unknown") {
  CHECK(read(file("ocsp-good.der"), {.trusted = {}}).status == Status::good);
  CHECK(read(file("ocsp-revoked.der"), {.trusted = {"other-root.pem"}}).status == Status::revoked);
  CHECK(read(made({}), {.trusted = {}}).status == Status::good);
}

TEST_CASE("an issuer that was not sent is taken from the store, or there is no telling") {
  const auto intermediate = load_chain({"good.pem"});
  const auto leaf = load_chain({"no-intermediate.pem"});
  const auto store = load_store({});
  const auto der = file("ocsp-good.der");
  X509* good = sk_X509_value(intermediate.get(), 0);
  CHECK(tls::read_staple(der, good, leaf.get(), store.get(), kNow).status == Status::invalid);
  CHECK(tls::read_staple(der, good, nullptr, nullptr, kNow).detail ==
        "the certificate's issuer was not sent and is not known here, so its signature cannot be checked");
  REQUIRE(X509_STORE_add_cert(store.get(), sk_X509_value(intermediate.get(), 1)) == 1);
  CHECK(tls::read_staple(der, good, nullptr, store.get(), kNow).status == Status::good);
}

TEST_CASE("bytes that are no successful OCSP answer are invalid") {
  CHECK(why_invalid("nonsense") == "cannot be parsed");
  CHECK(why_invalid(file("ocsp-good.der") + "x") == "1 bytes follow it");
  CHECK(why_invalid(std::string(65537, '0')) == "65537 bytes, more than 64 KiB");
  CHECK(why_invalid(encoded(OCSP_response_create(OCSP_RESPONSE_STATUS_TRYLATER, nullptr))) ==
        "the responder answered trylater");
  CHECK(why_invalid(encoded(OCSP_response_create(OCSP_RESPONSE_STATUS_SUCCESSFUL, nullptr))) ==
        "not a basic OCSP answer");
}

TEST_CASE("a staple cut anywhere is invalid") {
  const std::string der = file("ocsp-good.der");
  const auto chain = load_chain({"good.pem"});
  for (std::size_t size = 1; size < der.size(); ++size) {
    const auto facts = tls::read_staple(der.substr(0, size), sk_X509_value(chain.get(), 0), chain.get(), nullptr, kNow);
    if (facts.status != Status::invalid) FAIL("accepted " << size << " bytes");
  }
}

TEST_CASE("must-staple is read from the certificate") {
  CHECK(tls::requires_staple(sk_X509_value(load_chain({"must-staple.pem"}).get(), 0)));
  CHECK_FALSE(tls::requires_staple(sk_X509_value(load_chain({"good.pem"}).get(), 0)));
}
