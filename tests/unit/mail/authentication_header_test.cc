#include "mail/authentication_header.h"

#include "support/catch2.h"

using namespace mailcheck;

namespace {

mail::AuthenticationHeader parse(std::string_view value) {
  const auto header = mail::parse_authentication_header(value);
  INFO(value);
  INFO((header ? "" : header.error().detail));
  REQUIRE(header);
  return *header;
}

std::string fault(std::string_view value) {
  const auto header = mail::parse_authentication_header(value);
  return header ? "" : header.error().detail;
}

// "method=result type.name=value ..." of each result, joined by "; ".
std::string text(const mail::AuthenticationHeader& header) {
  std::string out;
  for (const auto& result : header.results) {
    if (!out.empty()) out += "; ";
    out += result.method + "=" + result.result;
    for (const auto& each : result.properties) out += " " + each.type + "." + each.name + "=" + each.value;
  }
  return out;
}

}  // namespace

TEST_CASE("RFC 8601 appendix B.2 to B.4: none, one result, several") {
  const auto none = parse("example.org 1; none");
  CHECK(none.authserv_id == "example.org");
  CHECK(none.version == 1);
  CHECK(none.results.empty());
  CHECK(text(parse("example.com;\r\n          spf=pass smtp.mailfrom=example.net")) ==
        "spf=pass smtp.mailfrom=example.net");
  const auto several = parse(
      "example.com;\r\n auth=pass (cram-md5) smtp.auth=sender@example.net;\r\n spf=pass smtp.mailfrom=example.net");
  CHECK(text(several) == "auth=pass smtp.auth=sender@example.net; spf=pass smtp.mailfrom=example.net");
  CHECK(several.results[0].comment == "cram-md5");
}

TEST_CASE("RFC 8601 appendix B.6: several signatures with comments") {
  const auto header = parse(
      "example.com;\r\n      dkim=pass reason=\"good signature\"\r\n        header.i=@mail-router.example.net;\r\n"
      "      dkim=fail reason=\"bad signature\"\r\n        header.i=@newyork.example.com");
  REQUIRE(header.results.size() == 2);
  CHECK(header.results[0].result == "pass");
  CHECK(header.results[0].reason == "good signature");
  CHECK(header.results[0].property("header", "i") == "@mail-router.example.net");
  CHECK(header.results[1].result == "fail");
  CHECK(header.results[1].reason == "bad signature");
}

TEST_CASE("RFC 8601 appendix B.7: comments wherever they may stand") {
  const auto header = parse(
      "foo.example.net (foobar) 1 (baz);\r\n"
      "    dkim (Because I like it) / 1 (One yay) = (wait for it) fail\r\n"
      "      policy (A dot can go here) . (like that) expired\r\n"
      "      (this surprised me) = (as I wasn't expecting it) 1362471462");
  CHECK(header.authserv_id == "foo.example.net");
  CHECK(text(header) == "dkim=fail policy.expired=1362471462");
  CHECK(header.results[0].version == 1);
}

TEST_CASE("in comments and quoted strings everything is text") {
  const auto header = parse(
      "example.org; dkim=fail (a; dkim=pass (nested ; spf=pass) \\) \\( \"; ) reason=\"; dkim=pass \\\"(\\\\\" "
      "header.d=\"example.net\" header.i=\"john doe; x=\"@example.net (end)");
  CHECK(text(header) == "dkim=fail header.d=example.net header.i=\"john doe; x=\"@example.net");
  CHECK(header.results[0].reason == "; dkim=pass \"(\\");
  CHECK(header.results[0].comment == "a; dkim=pass (nested ; spf=pass) \\) \\( \";  end");
}

TEST_CASE("names are lower case, values as they were") {
  const auto header = parse("\"MX Example\"; SPF=Pass Reason=Fine SMTP.MailFrom=User@Example.ORG");
  CHECK(header.authserv_id == "MX Example");
  CHECK(text(header) == "spf=pass smtp.mailfrom=User@Example.ORG");
  CHECK(header.results[0].reason == "Fine");
}

TEST_CASE("unquoted values that are no tokens") {
  CHECK(text(parse("a.example; iprev=pass policy.iprev=2001:db8::25 (x); spf=pass smtp.remote-ip=[2001:db8::1]")) ==
        "iprev=pass policy.iprev=2001:db8::25; spf=pass smtp.remote-ip=[2001:db8::1]");
  CHECK(text(parse("a.example; dkim=pass header.b=ab+/c= header.i=@x.example; spf=none smtp.mailfrom=")) ==
        "dkim=pass header.b=ab+/c= header.i=@x.example; spf=none smtp.mailfrom=");
  CHECK(text(parse("a.example;spf=pass smtp.mailfrom=prvs=12ab=me@x.example;spf=none smtp.mailfrom=<>")) ==
        "spf=pass smtp.mailfrom=prvs=12ab=me@x.example; spf=none smtp.mailfrom=<>");
}

TEST_CASE("Gmail") {
  const auto header = parse(
      "mx.google.com;       dkim=pass header.i=@example.org header.s=20230601 header.b=\"Ab+/c\";"
      "       gateway.spf=pass (google.com: domain of x) smtp.mailfrom=a@example.org;"
      "       spf=pass (google.com: domain of a@example.org designates 2001:db8::1 as permitted sender) "
      "smtp.mailfrom=a@example.org;       dmarc=pass (p=NONE sp=QUARANTINE dis=NONE) header.from=example.org");
  CHECK(header.authserv_id == "mx.google.com");
  REQUIRE(header.results.size() == 4);
  CHECK(header.results[1].method == "gateway.spf");
  CHECK(header.results[3].comment == "p=NONE sp=QUARANTINE dis=NONE");
}

TEST_CASE("Microsoft 365: no authserv-id, bare domains between the results, properties without a type") {
  const auto header = parse(
      "spf=pass (sender IP is 192.0.2.1) smtp.mailfrom=example.org; contoso.example; dkim=pass (signature was "
      "verified) "
      "header.d=example.org;contoso.example; dmarc=pass action=none header.from=example.org;compauth=pass reason=100");
  CHECK(header.authserv_id.empty());
  CHECK(text(header) ==
        "spf=pass smtp.mailfrom=example.org; dkim=pass header.d=example.org; dmarc=pass .action=none "
        "header.from=example.org; compauth=pass");
  CHECK(header.results[3].reason == "100");
}

TEST_CASE("Yahoo, mail.ru, Yandex, Fastmail, iCloud") {
  CHECK(text(parse("atlas1.mail.example; dkim=dkim_pass header.i=@example.org header.s=@sel; spf=pass "
                   "smtp.mailfrom=example.org; dmarc=success(p=REJECT) header.from=example.org;")) ==
        "dkim=dkim_pass header.i=@example.org header.s=@sel; spf=pass smtp.mailfrom=example.org; dmarc=success "
        "header.from=example.org");
  CHECK(text(parse("mxs.mail.ru; spf=pass (mx1.i.mail.ru: domain of example.org designates 192.0.2.1 as permitted "
                   "sender) smtp.mailfrom=a@example.org smtp.helo=mx.example.org;\t dkim=pass header.d=example.org; "
                   "dmarc=pass header.from=a@example.org")) ==
        "spf=pass smtp.mailfrom=a@example.org smtp.helo=mx.example.org; dkim=pass header.d=example.org; dmarc=pass "
        "header.from=a@example.org");
  CHECK(text(parse("mxfront1.mail.yandex.net; spf=pass (mxfront1.mail.yandex.net: domain of example.org designates "
                   "192.0.2.1 as permitted sender, rule=[ip4:192.0.2.1]) smtp.mail=a@example.org; dkim=pass "
                   "header.i=@example.org")) == "spf=pass smtp.mail=a@example.org; dkim=pass header.i=@example.org");
  CHECK(text(parse("mx1.messagingengine.com;    x-csa=none;    bimi=none (No BIMI records found);    dkim=pass "
                   "(2048-bit rsa key sha256) header.d=example.org header.a=rsa-sha256 header.s=s1 x-bits=2048;    "
                   "dmarc=pass policy.published-domain-policy=none (p=none,d=none) header.from=example.org")) ==
        "x-csa=none; bimi=none; dkim=pass header.d=example.org header.a=rsa-sha256 header.s=s1 .x-bits=2048; "
        "dmarc=pass policy.published-domain-policy=none header.from=example.org");
  CHECK(text(parse("bimi.icloud.com; bimi=skipped reason=\"insufficient dmarc\"")) == "bimi=skipped");
}

TEST_CASE("what is not understood whole is no result") {
  CHECK(fault("") == "unparsable at byte 0: no authserv-id");
  CHECK(fault("example.org; spf=pass (open") == "unparsable at byte 22: a comment does not end");
  const auto value =
      GENERATE(as<std::string>{}, " ", ";", "example.org", "example.org;", "example.org; ;", "example.org 2; spf=pass",
               "example.org x; spf=pass", "example.org 1 1; spf=pass", "example.org spf=pass", "example.org; spf",
               "example.org; spf=", "example.org; =pass", "example.org; spf=;", "example.org; spf=pass smtp.mailfrom",
               "example.org; spf=pass smtp.mailfrom smtp.helo=x", "example.org; spf=pass sender authorized",
               "example.org; spf=pass smtp.=x", "example.org; spf=pass .mailfrom=x", "example.org; spf=pass \"x\"",
               "example.org; spf=pass smtp.mailfrom=(c)\"x", "example.org; spf=pass reason=\"x",
               "example.org; spf=\"pass\"", "example.org; spf=pass, dkim=pass", "example.org; spf/x=pass",
               "example.org; spf/=pass", "example.org; spf=pass )", "example.org; none; spf=pass",
               "example.org; spf=pass; none", "example.org; none; none", "example.org; other", "none",
               "\"open; spf=pass", "\"\"; spf=pass", "\"x\"=pass", "example.org (open; spf=pass",
               "example.org; spf=pass smtp.mailfrom=x\"y\"", "spf=pass; dkim", "i=1; mx.example.org; dkim=pass",
               "i=2; mx.example.org 1; spf=pass", "example.org; \xc3\xa4=pass", "example.org; i=1; spf=pass");
  CAPTURE(value);
  CHECK(fault(value).starts_with("unparsable at byte "));
}

TEST_CASE("results, properties and words are bounded") {
  std::string results = "example.org";
  for (int i = 0; i < 101; ++i) results += "; spf=pass";
  CHECK(fault(results).ends_with("too many results"));
  std::string properties = "example.org; spf=pass";
  for (int i = 0; i < 101; ++i) properties += " a.b=c";
  CHECK(fault(properties).ends_with("too many properties"));
  CHECK(fault("example.org; " + std::string(65, 'm') + "=pass").ends_with("no method"));
  CHECK(fault("example.org; spf/1000=pass").ends_with("no version of the method"));
  CHECK(fault("example.org; spf=pass " + std::string(60'000, '(')).ends_with("a comment does not end"));
  const std::string nested = std::string(30'000, '(') + std::string(30'000, ')');
  CHECK(fault("example.org; spf=pass " + nested).empty());
}

TEST_CASE("who wrote a header is known even if the rest is broken") {
  CHECK(mail::read_authserv_id("mx.example.org; spf=") == "mx.example.org");
  CHECK(mail::read_authserv_id(" (c) mx.example.org 7; spf=pass") == "mx.example.org");
  CHECK(mail::read_authserv_id("mx.example.org (open") == "mx.example.org");
  CHECK(mail::read_authserv_id("\"mx.example.org\" x") == "mx.example.org");
  CHECK(mail::read_authserv_id("spf=pass; mx.example.org") == "");
  CHECK(mail::read_authserv_id("i=1; mx.example.org; spf=pass") == "");
  CHECK(mail::read_authserv_id("\"open") == "");
  CHECK(mail::read_authserv_id("") == "");
}
