#include "mail/alignment.h"

#include "support/catch2.h"

using namespace mailcheck;
using mail::Alignment;

namespace {

// The last two labels.
std::string organizational(const std::string& domain) {
  const std::size_t dot = domain.rfind('.');
  if (dot == std::string::npos || dot == 0) return "";
  const std::size_t before = domain.rfind('.', dot - 1);
  return before == std::string::npos ? domain : domain.substr(before + 1);
}

struct Row {
  std::string from;
  std::string domain;
  Alignment alignment;
};

}  // namespace

TEST_CASE("alignment of one domain with From's") {
  const auto row = GENERATE(values<Row>({{"example.org", "example.org", Alignment::strict},
                                         {"Example.ORG", "eXample.org", Alignment::strict},
                                         {"example.org", "mail.example.org", Alignment::relaxed},
                                         {"news.example.org", "example.org", Alignment::relaxed},
                                         {"a.example.org", "b.example.org", Alignment::relaxed},
                                         {"example.org", "example.com", Alignment::none},
                                         {"example.org", "notexample.org", Alignment::none},
                                         {"example.org", "example.org.example.com", Alignment::none},
                                         {"org", "example", Alignment::none},
                                         {"example.org", "", Alignment::none},
                                         {"", "example.org", Alignment::none},
                                         {"", "", Alignment::none}}));
  CAPTURE(row.from, row.domain);
  CHECK(mail::align(row.from, row.domain, organizational) == row.alignment);
}

TEST_CASE("without organizational domains only the same domain is aligned") {
  CHECK(mail::align("example.org", "example.org", {}) == Alignment::strict);
  CHECK(mail::align("example.org", "mail.example.org", mail::OrganizationalDomain()) == Alignment::none);
}

TEST_CASE("only what passed is aligned, and the best signature counts") {
  mail::AuthenticationResults results;
  results.dkim = {{.result = "fail", .domain = "example.org"}, {.result = "pass", .domain = "mailer.example"}};
  results.spf = mail::SpfResult{.result = "softfail", .identity = "mailfrom", .domain = "example.org"};
  auto facts = mail::align("example.org", results, organizational);
  CHECK(facts.dkim == Alignment::none);
  CHECK(facts.spf == Alignment::none);

  results.dkim.push_back({.result = "pass", .domain = "example.org"});
  results.dkim.push_back({.result = "pass", .domain = "mail.example.org"});
  results.spf = mail::SpfResult{.result = "pass", .identity = "mailfrom", .domain = "bounces.example.org"};
  facts = mail::align("example.org", results, organizational);
  CHECK(facts.dkim == Alignment::strict);
  CHECK(facts.spf == Alignment::relaxed);
}

TEST_CASE("no results are aligned with nothing") {
  const auto facts = mail::align("example.org", mail::AuthenticationResults(), organizational);
  CHECK(facts.dkim == Alignment::none);
  CHECK(facts.spf == Alignment::none);
}

TEST_CASE("strict is asked for or relaxed will do") {
  using mail::AlignmentMode;
  CHECK(mail::is_aligned(Alignment::strict, AlignmentMode::strict));
  CHECK(mail::is_aligned(Alignment::strict, AlignmentMode::relaxed));
  CHECK(mail::is_aligned(Alignment::relaxed, AlignmentMode::relaxed));
  CHECK_FALSE(mail::is_aligned(Alignment::relaxed, AlignmentMode::strict));
  CHECK_FALSE(mail::is_aligned(Alignment::none, AlignmentMode::relaxed));
  CHECK_FALSE(mail::is_aligned(Alignment::none, AlignmentMode::strict));
}
