#include "tls/chain_order.h"

#include "support/catch2.h"

namespace {

using namespace mailcheck;
using namespace std::chrono;
using tls::ChainRemark;
using Kind = ChainRemark::Kind;

const base::WallTime kNow = sys_days(2026y / 6 / 15);

tls::Certificate certificate(const std::string& subject, const std::string& issuer) {
  tls::Certificate out;
  out.subject = "CN=" + subject;
  out.issuer = "CN=" + issuer;
  out.sha256 = subject + " by " + issuer;
  out.not_after = sys_days(2060y / 1 / 1);
  out.is_self_issued = subject == issuer;
  return out;
}

tls::Certificate expired(tls::Certificate one) {
  one.not_after = sys_days(2025y / 1 / 1);
  one.sha256 += " once";
  return one;
}

const tls::Certificate kLeaf = certificate("leaf", "lower");
const tls::Certificate kLower = certificate("lower", "upper");
const tls::Certificate kUpper = certificate("upper", "root");
const tls::Certificate kRoot = certificate("root", "root");
const tls::Certificate kStray = certificate("stray", "stranger");
const std::vector<tls::Certificate> kPath = {kLeaf, kLower, kUpper, kRoot};

std::vector<ChainRemark> remarks(const std::vector<tls::Certificate>& sent) {
  return tls::find_chain_remarks(sent, kPath, kNow);
}

}  // namespace

TEST_CASE("a chain as it should be gets no remark") {
  CHECK(remarks({kLeaf, kLower, kUpper}).empty());
  CHECK(remarks({kLeaf, kLower}).empty());
  CHECK(remarks({kLeaf}).empty());
  CHECK(remarks({}).empty());
}

TEST_CASE("wrong order is told once, with the issuer that should follow") {
  CHECK(remarks({kLeaf, kUpper, kLower}) ==
        std::vector<ChainRemark>{{Kind::wrong_order, "CN=leaf is followed by CN=upper, not by its issuer CN=lower"}});
  CHECK(remarks({kLower, kLeaf, kUpper}) ==
        std::vector<ChainRemark>{{Kind::wrong_order, "CN=lower is followed by CN=leaf, not by its issuer CN=upper"}});
}

TEST_CASE("a certificate outside the verified path is surplus and does not disturb the order") {
  CHECK(remarks({kLeaf, kStray, kLower, kUpper}) ==
        std::vector<ChainRemark>{{Kind::surplus, "CN=stray is not needed"}});
}

TEST_CASE("a surplus certificate that has expired is told so, a surplus root as a root") {
  CHECK(remarks({kLeaf, kLower, kUpper, expired(kStray)}) ==
        std::vector<ChainRemark>{{Kind::surplus, "CN=stray is not needed, and expired 2025-01-01"}});
  CHECK(remarks({kLeaf, kLower, kUpper, expired(kRoot)}) ==
        std::vector<ChainRemark>{{Kind::surplus, "root CN=root is not needed, and expired 2025-01-01"}});
}

TEST_CASE("identity is the fingerprint, not the name") {
  const auto cross = certificate("root", "stranger");
  CHECK(remarks({kLeaf, kLower, kUpper, cross}) == std::vector<ChainRemark>{{Kind::surplus, "CN=root is not needed"}});
}

TEST_CASE("a sent root of the verified path is a root sent") {
  CHECK(remarks({kLeaf, kLower, kUpper, kRoot}) ==
        std::vector<ChainRemark>{{Kind::root_sent, "root CN=root is not needed"}});
}

TEST_CASE("a self-signed server certificate is no root sent") {
  CHECK(tls::find_chain_remarks({kRoot}, {kRoot}, kNow).empty());
}

TEST_CASE("the same certificate twice is a duplicate only") {
  CHECK(remarks({kLeaf, kLeaf, kLower, kUpper, kLower}) ==
        std::vector<ChainRemark>{{Kind::duplicate, "CN=leaf was sent twice"},
                                 {Kind::duplicate, "CN=lower was sent twice"}});
}

TEST_CASE("without a verified path nothing is surplus and the order is still judged") {
  CHECK(tls::find_chain_remarks({kLeaf, kLower, kUpper}, {}, kNow).empty());
  CHECK(tls::find_chain_remarks({kLeaf, kStray}, {}, kNow) ==
        std::vector<ChainRemark>{{Kind::wrong_order, "CN=leaf is followed by CN=stray, not by its issuer CN=lower"}});
}

TEST_CASE("a hostile chain gets sixteen remarks") {
  CHECK(remarks(std::vector<tls::Certificate>(300, kLeaf)).size() == 16);
}
