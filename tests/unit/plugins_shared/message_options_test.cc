#include "plugins/shared/message_options.h"

#include "plugin/usage_error.h"
#include "support/catch2.h"
#include "unit/cli/command_line.h"

using namespace mailcheck;

namespace {

const base::SystemClock kClock;

template <typename Read>
std::string refusal(const Read& read) {
  try {
    (void)read();
  } catch (const plugin::UsageError& error) {
    return error.text;
  }
  return "accepted";
}

std::string body_refusal(const std::string& path) {
  return refusal([&] { return plugins::read_body(path, {base::Deadline(kClock, std::chrono::seconds(10))}); });
}

}  // namespace

TEST_CASE("a body is text in UTF-8, and nothing is a text too") {
  const test::Folder folder;
  const plugins::SecretReading reading{base::Deadline(kClock, std::chrono::seconds(10))};
  CHECK(plugins::read_body(folder.write("body", "a\r\nü\n"), reading) == "a\r\nü\n");
  CHECK(plugins::read_body(folder.write("empty", ""), reading).empty());
  CHECK(body_refusal(folder.write("latin", "\xfc\n")).starts_with("--body-file: expected a value in UTF-8"));
  CHECK(body_refusal(folder.write("nul", std::string_view("a\0b", 3))) ==
        "--body-file: expected text, got a NUL byte inside");
  CHECK(body_refusal(folder.path() + "/missing").starts_with("--body-file: "));
}

TEST_CASE("a subject is one line that leaves room for a token") {
  CHECK(plugins::read_subject("Grüße") == "Grüße");
  CHECK(plugins::read_subject(std::string(900, 'x')).size() == 900);
  for (const std::string& bad : {std::string(), std::string(901, 'x'), std::string("a\nb"), std::string("\xff")}) {
    CHECK(refusal([&] { return plugins::read_subject(bad); }).starts_with("expected one line of text in UTF-8"));
  }
}

TEST_CASE("addresses and headers are the room mail's") {
  CHECK(plugins::read_address("a@example.test").text() == "a@example.test");
  CHECK(refusal([] {
          return plugins::read_address("a@b.test,c@d.test");
        }).starts_with("expected one mail address, for example probe@example.org, got "));
  CHECK(plugins::read_header("X-A: b").value() == "b");
  CHECK(refusal([] { return plugins::read_header("Message-ID: <x>"); }).starts_with("expected 'Name: text', "));
}
