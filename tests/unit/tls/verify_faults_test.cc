#include "tls/verify_faults.h"

#include <openssl/x509_vfy.h>

#include "support/catch2.h"

namespace {

using namespace mailcheck;
using namespace std::chrono;
using base::ErrorKind;

const base::WallTime kNow = sys_days(2026y / 11 / 21) + hours(18);

std::vector<tls::Certificate> chain() {
  tls::Certificate leaf;
  leaf.subject = "CN=leaf";
  leaf.issuer = "CN=middle";
  leaf.not_before = sys_days(2026y / 12 / 1);
  leaf.not_after = sys_days(2026y / 11 / 16) + hours(12);
  leaf.key = "RSA 1024";
  leaf.signature_algorithm = "sha1WithRSAEncryption";
  tls::Certificate middle = leaf;
  middle.subject = "CN=middle";
  middle.issuer = "CN=top";
  tls::Certificate top = leaf;
  top.subject = top.issuer = "CN=top";
  top.is_self_issued = true;
  return {leaf, middle, top};
}

std::vector<tls::Certificate> first(std::size_t count) {
  auto all = chain();
  all.resize(count);
  return all;
}

tls::VerifyFault only(const std::vector<tls::VerifyFault>& faults) {
  REQUIRE(faults.size() == 1);
  return faults.front();
}

}  // namespace

TEST_CASE("an expired certificate is named by its place in the chain, with date and days") {
  const auto told = [](int depth) {
    return only(tls::classify({{X509_V_ERR_CERT_HAS_EXPIRED, depth}}, chain(), kNow)).detail;
  };
  CHECK(told(0) == "certificate ended 2026-11-16 12:00 UTC, 5 days ago");
  CHECK(told(1) == "intermediate CN=middle ended 2026-11-16 12:00 UTC, 5 days ago");
  CHECK(told(2) == "root CN=top ended 2026-11-16 12:00 UTC, 5 days ago");
}

TEST_CASE("short spans are told in hours and minutes") {
  auto one = first(1);
  const auto told = [&one](seconds ago) {
    one[0].not_after = kNow - ago;
    return only(tls::classify({{X509_V_ERR_CERT_HAS_EXPIRED, 0}}, one, kNow)).detail;
  };
  CHECK(told(hours(47)) == "certificate ended 2026-11-19 19:00 UTC, 47 hours ago");
  CHECK(told(minutes(61)) == "certificate ended 2026-11-21 16:59 UTC, 61 minutes ago");
  CHECK(told(seconds(61)) == "certificate ended 2026-11-21 17:58 UTC, 1 minute ago");
}

TEST_CASE("a certificate of the future says when it begins") {
  const auto fault = only(tls::classify({{X509_V_ERR_CERT_NOT_YET_VALID, 0}}, chain(), kNow));
  CHECK(fault.kind == ErrorKind::not_yet_valid);
  CHECK(fault.detail == "certificate begins 2026-12-01 00:00 UTC, in 9 days");
}

TEST_CASE("the errors of one missing issuer are one fault") {
  const std::vector<tls::VerifyEvent> events = {{X509_V_ERR_UNABLE_TO_GET_ISSUER_CERT_LOCALLY, 0},
                                                {X509_V_ERR_CERT_UNTRUSTED, 0},
                                                {X509_V_ERR_UNABLE_TO_VERIFY_LEAF_SIGNATURE, 0}};
  const auto fault = only(tls::classify(events, first(1), kNow));
  CHECK(fault.kind == ErrorKind::missing_intermediate);
  CHECK(fault.detail == "the server sent no certificate of its issuer CN=middle, which is not known here either");
}

TEST_CASE("a chain that ends at a stranger is untrusted, not incomplete") {
  const auto unsent = only(tls::classify({{X509_V_ERR_UNABLE_TO_GET_ISSUER_CERT_LOCALLY, 1}}, first(2), kNow));
  CHECK(unsent.kind == ErrorKind::untrusted);
  CHECK(unsent.detail == "intermediate CN=middle is issued by CN=top, which is not trusted here");
  const auto sent = only(tls::classify({{X509_V_ERR_SELF_SIGNED_CERT_IN_CHAIN, 2}}, chain(), kNow));
  CHECK(sent.kind == ErrorKind::untrusted);
  CHECK(sent.detail == "root CN=top is not trusted here");
}

TEST_CASE("weak keys and digests are named") {
  CHECK(only(tls::classify({{X509_V_ERR_EE_KEY_TOO_SMALL, 0}}, chain(), kNow)).detail ==
        "certificate has a weak key (RSA 1024)");
  CHECK(only(tls::classify({{X509_V_ERR_CA_KEY_TOO_SMALL, 1}}, chain(), kNow)).kind == ErrorKind::weak_key);
  const auto digest = only(tls::classify({{X509_V_ERR_CA_MD_TOO_WEAK, 0}}, chain(), kNow));
  CHECK(digest.kind == ErrorKind::weak_digest);
  CHECK(digest.detail == "certificate is signed with a weak digest (sha1WithRSAEncryption)");
}

TEST_CASE("any other error is untrusted, in OpenSSL's words") {
  const auto fault = only(tls::classify({{X509_V_ERR_INVALID_CA, 1}}, chain(), kNow));
  CHECK(fault.kind == ErrorKind::untrusted);
  CHECK(fault.detail.find("intermediate CN=middle: invalid CA") == 0);
}

TEST_CASE("faults stand with the most telling first") {
  const auto faults = tls::classify({{X509_V_ERR_CA_MD_TOO_WEAK, 0},
                                     {X509_V_ERR_SELF_SIGNED_CERT_IN_CHAIN, 2},
                                     {X509_V_ERR_CERT_NOT_YET_VALID, 0},
                                     {X509_V_ERR_CERT_HAS_EXPIRED, 1}},
                                    chain(), kNow);
  REQUIRE(faults.size() == 4);
  CHECK(faults[0].kind == ErrorKind::expired);
  CHECK(faults[1].kind == ErrorKind::not_yet_valid);
  CHECK(faults[2].kind == ErrorKind::untrusted);
  CHECK(faults[3].kind == ErrorKind::weak_digest);
}

TEST_CASE("a depth outside the chain does no harm") {
  CHECK(tls::classify({{X509_V_ERR_CERT_HAS_EXPIRED, 7}, {X509_V_ERR_CERT_UNTRUSTED, -1}}, {}, kNow).size() == 2);
}
