#include "authentication/public_suffix.h"

#include "support/catch2.h"

using namespace mailcheck;
using authentication::organizational_domain_by_list;

TEST_CASE("the organizational domain is the label below the public suffix") {
  const auto [domain, organizational] = GENERATE(table<std::string, std::string>({
      {"example.com", "example.com"},
      {"a.b.c.example.com", "example.com"},
      {"Mail.Example.COM.", "example.com"},
      {"mail.example.co.uk", "example.co.uk"},
      {"a.agency.gov", "agency.gov"},
      // rules with a wildcard, and the exceptions from them
      {"a.b.ck", "a.b.ck"},
      {"x.a.b.ck", "a.b.ck"},
      {"mail.www.ck", "www.ck"},
      {"a.city.kobe.jp", "city.kobe.jp"},
      {"x.a.b.kobe.jp", "a.b.kobe.jp"},
      // private suffixes
      {"www.user.github.io", "user.github.io"},
      {"mail.shop.blogspot.com", "shop.blogspot.com"},
      // no such rule: the last label is the suffix
      {"mail.example.test", "example.test"},
      // IDN, as U-labels and as A-labels
      {"www.食狮.公司.cn", "xn--85x722f.xn--55qx5d.cn"},
      {"www.xn--85x722f.xn--55qx5d.cn", "xn--85x722f.xn--55qx5d.cn"},
      {"mail.bücher.de", "xn--bcher-kva.de"},
  }));
  CAPTURE(domain);
  CHECK(organizational_domain_by_list(domain) == organizational);
}

TEST_CASE("a public suffix and a single label are their own organizational domain") {
  const auto domain = GENERATE(as<std::string>{}, "com", "co.uk", "gov", "github.io", "blogspot.com", "foo.ck", "test",
                               "localhost", "xn--55qx5d.cn");
  CAPTURE(domain);
  CHECK(organizational_domain_by_list(domain) == domain);
  CHECK(organizational_domain_by_list(domain + ".") == domain);
}

TEST_CASE("what is no domain name stays as it is") {
  const auto text = GENERATE(as<std::string>{}, "", "192.0.2.1", "[192.0.2.1]", "[IPv6:2001:DB8::1]", "2001:db8::1",
                             "A..com", ".com", "a b.com");
  CAPTURE(text);
  CHECK(organizational_domain_by_list(text) == text);
}
