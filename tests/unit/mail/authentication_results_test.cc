#include "mail/authentication_results.h"

#include "support/catch2.h"

using namespace mailcheck;
using Texts = std::vector<std::string>;

namespace {

// Each value a field, from the top down.
mail::AuthenticationResults collect(const Texts& values, const Texts& trusted = {"mx.example.org"}) {
  std::string header = "Received: from a by b\r\n";
  for (const auto& value : values) header += "Authentication-Results: " + value + "\r\n";
  return mail::collect_authentication(mail::HeaderSection::parse(header + "\r\n"), trusted);
}

}  // namespace

TEST_CASE("SPF, DKIM, DMARC and ARC of a trusted header") {
  const auto results =
      collect({"mx.example.org; dkim=pass header.d=Example.NET header.s=S1; dkim=fail header.i=user@Sub.example.com; "
               "spf=softfail smtp.mailfrom=bounce@example.net smtp.helo=mail.example.net; "
               "dmarc=pass (p=NONE sp=REJECT dis=NONE) header.from=example.net; arc=none"});
  REQUIRE(results.spf);
  CHECK(results.spf->result == "softfail");
  CHECK(results.spf->identity == "mailfrom");
  CHECK(results.spf->domain == "example.net");
  REQUIRE(results.dkim.size() == 2);
  CHECK(results.dkim[0].result == "pass");
  CHECK(results.dkim[0].domain == "example.net");
  CHECK(results.dkim[0].selector == "s1");
  CHECK(results.dkim[1].result == "fail");
  CHECK(results.dkim[1].domain == "sub.example.com");
  REQUIRE(results.dmarc);
  CHECK(results.dmarc->result == "pass");
  CHECK(results.dmarc->from_domain == "example.net");
  CHECK(results.dmarc->policy == "none");
  CHECK(results.arc == "none");
  CHECK(results.has_trusted);
  CHECK(results.unreadable.empty());
  CHECK(results.untrusted_ids.empty());
}

TEST_CASE("only trusted names count, case-blind and whole") {
  const Texts values = {"mx.example.com; spf=pass", "MX.Example.ORG; dkim=pass header.d=a.example",
                        "mx.example.com; dkim=fail", "mx.example.org.evil.example; dmarc=pass", "spf=pass"};
  const auto results = collect(values);
  CHECK_FALSE(results.spf);
  CHECK_FALSE(results.dmarc);
  REQUIRE(results.dkim.size() == 1);
  CHECK(results.dkim[0].result == "pass");
  CHECK(results.untrusted_ids == Texts{"mx.example.com", "mx.example.org.evil.example", ""});
  const auto nobody = collect(values, {});
  CHECK_FALSE(nobody.has_trusted);
  CHECK(nobody.dkim.empty());
}

TEST_CASE("forged headers below do not win") {
  const auto results = collect({"mx.example.org; spf=fail smtp.mailfrom=a.example; dkim=none",
                                "mx.example.org; spf=pass smtp.mailfrom=evil.example; dkim=pass header.d=evil.example; "
                                "dmarc=pass header.from=evil.example"});
  CHECK(results.spf->result == "fail");
  CHECK(results.spf->domain == "a.example");
  REQUIRE(results.dkim.size() == 1);
  CHECK(results.dkim[0].result == "none");
}

TEST_CASE("each method may have a header of its own") {
  const auto results =
      collect({"mx.example.org; dmarc=pass header.from=a.example", "mx.example.org; dkim=pass header.d=a.example",
               "mx.example.org; spf=pass smtp.mailfrom=a.example"});
  CHECK(results.dmarc->result == "pass");
  CHECK(results.dkim.size() == 1);
  CHECK(results.spf->result == "pass");
  const Texts icloud = {"bimi.icloud.com; bimi=pass header.d=x.example",
                        "dmarc.icloud.com; dmarc=pass header.from=a.example",
                        "dkim-verifier.icloud.com; dkim=pass (2048-bit key) header.d=a.example",
                        "spf.icloud.com; spf=pass smtp.mailfrom=u@a.example"};
  const auto apple = collect(icloud, {"dmarc.icloud.com", "spf.icloud.com", "dkim-verifier.icloud.com"});
  CHECK(apple.dmarc->result == "pass");
  REQUIRE(apple.dkim.size() == 1);
  CHECK(apple.dkim[0].domain == "a.example");
  CHECK(apple.spf->domain == "a.example");
  CHECK(apple.untrusted_ids == Texts{"bimi.icloud.com"});
}

TEST_CASE("below a trusted header that cannot be parsed nothing of the same name passes") {
  const auto results =
      collect({"mx.example.org; dmarc=fail header.from=a.example", "mx.example.org; spf=fail smtp.(x",
               "mx.example.org; spf=pass; dkim=pass header.d=a.example", "other.example.org; dkim=neutral"},
              {"mx.example.org", "other.example.org"});
  CHECK(results.unreadable.starts_with("unparsable at byte "));
  CHECK_FALSE(results.spf);
  CHECK(results.dmarc->result == "fail");
  REQUIRE(results.dkim.size() == 1);
  CHECK(results.dkim[0].result == "neutral");
  CHECK(results.has_trusted);
}

TEST_CASE("a broken header of somebody else is no fault") {
  const auto results = collect({"evil.example; spf=", "((", "mx.example.org; spf=pass smtp.helo=a.example"});
  CHECK(results.unreadable.empty());
  CHECK(results.spf->result == "pass");
  CHECK(results.spf->identity == "helo");
  CHECK(results.untrusted_ids == Texts{"evil.example", ""});
}

TEST_CASE("below a trusted 'none' nothing of the same name counts") {
  const auto results = collect({"mx.example.org; none", "mx.example.org; spf=pass; dmarc=pass"});
  CHECK(results.has_trusted);
  CHECK_FALSE(results.spf);
  CHECK_FALSE(results.dmarc);
}

TEST_CASE("ARC's copies are never the real ones") {
  const auto header = mail::HeaderSection::parse(
      "ARC-Authentication-Results: i=1; mx.example.org; spf=pass\r\n"
      "Authentication-Results-Original: mx.example.org; spf=pass\r\n"
      "Authentication-Results: i=1; mx.example.org; spf=pass\r\n\r\n");
  const auto results = mail::collect_authentication(header, {"mx.example.org"});
  CHECK_FALSE(results.spf);
  CHECK_FALSE(results.has_trusted);
  const auto trusting = mail::collect_authentication(header, {"mx.example.org", ""});
  CHECK_FALSE(trusting.spf);
  CHECK_FALSE(trusting.unreadable.empty());
}

TEST_CASE("a header without authserv-id is trusted only on request") {
  const Texts values = {
      "spf=pass (sender IP is 192.0.2.1) smtp.mailfrom=example.org; dkim=none (message not signed) header.d=none;"
      "dmarc=bestguesspass action=none header.from=example.org;compauth=pass reason=109"};
  CHECK_FALSE(collect(values).spf);
  const auto results = collect(values, {""});
  CHECK(results.spf->result == "pass");
  CHECK(results.dmarc->result == "bestguesspass");
  CHECK_FALSE(mail::is_pass(results.dmarc->result));
}

TEST_CASE("vendors' words and identities") {
  const auto yahoo =
      collect({"mx.example.org; dkim=dkim_pass header.i=@a.example; dmarc=success(p=REJECT) "
               "header.from=a.example; spf=pass smtp.mail=u@a.example"});
  CHECK(yahoo.dkim[0].result == "pass");
  CHECK(yahoo.dmarc->result == "pass");
  CHECK(yahoo.dmarc->policy == "reject");
  CHECK(yahoo.spf->domain == "a.example");
  CHECK(yahoo.spf->identity == "mailfrom");
  const auto mailru = collect({"mx.example.org; dmarc=pass header.from=User@A.example"});
  CHECK(mailru.dmarc->from_domain == "a.example");
  CHECK(mailru.dmarc->policy.empty());
  CHECK(collect({"mx.example.org; dkim=success"}).dkim[0].result == "success");
}

TEST_CASE("the policy that a domain has published") {
  const auto policy = [](const std::string& text) {
    return collect({"mx.example.org; dmarc=pass " + text + " header.from=a.example"}).dmarc->policy;
  };
  CHECK(policy("(policy=quarantine)") == "quarantine");
  CHECK(policy("(p=none,d=none,d.eval=none)") == "none");
  CHECK(policy("policy.published-domain-policy=Reject (p=none)") == "reject");
  CHECK(policy("policy.dmarc=none") == "none");
  CHECK(policy("(sp=reject dis=none p=nothing)").empty());
}

TEST_CASE("MAIL FROM is preferred to HELO, and what is no domain is none") {
  const auto both =
      collect({"mx.example.org; spf=none smtp.helo=mail.a.example; spf=pass smtp.mailfrom=a.example; "
               "spf=fail smtp.mailfrom=b.example"});
  CHECK(both.spf->result == "pass");
  CHECK(both.spf->domain == "a.example");
  const auto null_sender = collect({"mx.example.org; spf=pass smtp.mailfrom=<> smtp.helo=mail.a.example."});
  CHECK(null_sender.spf->identity == "helo");
  CHECK(null_sender.spf->domain == "mail.a.example");
  const auto odd =
      collect({"mx.example.org; spf=pass smtp.mailfrom=\"a b\"; dkim=pass header.d=\"a|b\" header.i=x@y@z"});
  CHECK(odd.spf->domain.empty());
  CHECK(odd.spf->identity.empty());
  CHECK(odd.dkim[0].domain == "z");
}

TEST_CASE("a method in an unknown version is there, without result, and keeps lower ones out") {
  const auto results = collect({"mx.example.org; dmarc/2=pass header.from=a.example", "mx.example.org; dmarc=pass"});
  REQUIRE(results.dmarc);
  CHECK(results.dmarc->result.empty());
}

TEST_CASE("untrusted names are bounded") {
  Texts values;
  for (int i = 0; i < 40; ++i) values.push_back("id" + std::to_string(i) + ".example; none");
  CHECK(collect(values).untrusted_ids.size() == 16);
}
