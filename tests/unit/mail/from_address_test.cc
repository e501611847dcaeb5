#include "mail/from_address.h"

#include "support/catch2.h"

using namespace mailcheck;

namespace {

std::string read(std::string_view value) {
  const auto address = mail::parse_single_mailbox(value);
  return address ? address->text() : "-";
}

}  // namespace

TEST_CASE("the one address of From is found") {
  CHECK(read("probe@example.org") == "probe@example.org");
  CHECK(read("<probe@example.org>") == "probe@example.org");
  CHECK(read("Mail Probe <probe@example.org>") == "probe@example.org");
  CHECK(read("\"Probe, Mail <fake@example.com>\" <probe@example.org>") == "probe@example.org");
  CHECK(read("=?utf-8?q?Pr=C3=BCfer?= <probe@Example.org> (night)") == "probe@Example.org");
  CHECK(read("probe@example.org (Mail (the) Probe, fake@example.com)") == "probe@example.org");
  CHECK(read("Pete(A nice \\) chap) <pete(his account)@silly.test(his host)>") == "pete@silly.test");
  CHECK(read("Mary Smith <@node.test,@relay.test:mary@example.net>") == "mary@example.net");
  CHECK(read("john . doe @ example . org") == "john.doe@example.org");
  CHECK(read("\"john doe\"@example.org") == "\"john doe\"@example.org");
  CHECK(read("x <\"a>b\"@example.org>") == "\"a>b\"@example.org");
}

TEST_CASE("several addresses, none, or what is broken, cannot be used") {
  const auto value =
      GENERATE(as<std::string>{}, "", " ", "(only a comment)", "Mail Probe", "Mail Probe <>",
               "a@example.org, b@example.com", "<a@example.org>, <b@example.com>", "<a@example.org> <b@example.com>",
               "<a@example.org> b@example.com", "a@example.org b@example.com", "<a@example.org", "a@example.org>",
               "team: a@example.org;", "team:;", "a@example.org (open", "\"open <a@example.org>", "postmaster",
               "<postmaster>", "a@", "@example.org", "a@b@example.org", "a@example.org,",
               "<a@example.org,b@example.com>", "<@relay.test:>", "a@exam ple.org", "a@example.org; x");
  CAPTURE(value);
  CHECK(read(value) == "-");
}

TEST_CASE("several From fields cannot be used") {
  const auto from = [](std::string_view text) {
    return mail::read_from_address(mail::HeaderSection::parse(text)).has_value();
  };
  CHECK(from("From: Probe\r\n <probe@example.org>\r\n\r\n"));
  CHECK_FALSE(from("From: probe@example.org\r\nfrom: probe@example.org\r\n\r\n"));
  CHECK_FALSE(from("Sender: probe@example.org\r\n\r\n"));
}
