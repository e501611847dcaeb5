#include "plugins/check_smtp_submit/expected_replies.h"

#include "plugin/usage_error.h"
#include "support/catch2.h"

using namespace mailcheck;
using namespace mailcheck::plugins::smtp_submit;

TEST_CASE("a step is expected to be answered by codes and classes") {
  const ExpectedReply expected = parse_expected_reply("RCPT=550,4XX");
  CHECK(expected.stage == base::Stage::rcpt);
  CHECK(expected.accepts(550));
  CHECK(expected.accepts(451));
  CHECK_FALSE(expected.accepts(554));
  CHECK_FALSE(expected.accepts(250));
  CHECK(expected.in_words() == "550 or 4xx");
}

TEST_CASE("what is no expectation is refused") {
  const auto text = GENERATE(as<std::string>{}, "", "rcpt", "rcpt=", "rcpt=55", "rcpt=5500", "rcpt=5x0", "rcpt=x50",
                             "rcpt=650", "rcpt=150", "rcpt=0xx", "rcpt=550,", "rcpt=,550", "rcpt=550;554", "quit=221",
                             "=550", "rcpt =550", "rcpt= 550", "dns=250");
  CAPTURE(text);
  CHECK_THROWS_AS(parse_expected_reply(text), plugin::UsageError);
}
