#include "mail/message.h"

#include <fmt/format.h>

#include "support/catch2.h"

using namespace mailcheck;
using mail::Address;
using mail::Header;
using mail::Transport;

namespace {

mail::MessageParts parts(std::string body = "Hello\n") {
  return {.from = Address::parse("probe@example.org"),
          .to = {Address::parse("user@example.org").value()},
          .subject = "Mail check",
          .headers = {},
          .body = std::move(body),
          .date = base::WallTime(std::chrono::seconds(0)),
          .message_id = "1@example.org"};
}

bool has(std::string_view text, std::string_view part) {
  return text.find(part) != std::string_view::npos;
}

}  // namespace

TEST_CASE("a message is headers, an empty line and the body, all with CRLF") {
  CHECK(mail::compose(parts(), Transport::seven_bit) ==
        "Date: Thu, 1 Jan 1970 00:00:00 +0000\r\n"
        "From: probe@example.org\r\n"
        "To: user@example.org\r\n"
        "Message-ID: <1@example.org>\r\n"
        "Subject: Mail check\r\n"
        "Auto-Submitted: auto-generated\r\n"
        "MIME-Version: 1.0\r\n"
        "Content-Type: text/plain; charset=utf-8\r\n"
        "Content-Transfer-Encoding: 7bit\r\n"
        "\r\n"
        "Hello\r\n");
}

TEST_CASE("every line end of the body becomes CRLF") {
  const std::string message = mail::compose(parts("a\nb\rc\r\nd"), Transport::seven_bit);
  CHECK(message.ends_with("\r\n\r\na\r\nb\r\nc\r\nd\r\n"));
}

TEST_CASE("eight bits go as they are only where the server takes them") {
  CHECK(has(mail::compose(parts("grün\n"), Transport::eight_bit), "8bit\r\n\r\ngrün\r\n"));
  CHECK(has(mail::compose(parts("grün\n"), Transport::seven_bit), "base64\r\n\r\nZ3LDvG4NCg==\r\n"));
}

TEST_CASE("lines too long for RFC 5322 and NUL go in base64") {
  CHECK(has(mail::compose(parts(std::string(998, 'x')), Transport::seven_bit), ": 7bit"));
  const std::string message = mail::compose(parts(std::string(999, 'x')), Transport::eight_bit);
  CHECK(has(message, ": base64"));
  CHECK(has(mail::compose(parts(std::string("a\0b", 3)), Transport::eight_bit), ": base64"));
  std::size_t longest = 0, length = 0;
  for (const char c : message) longest = std::max(longest, length = c == '\n' ? 0 : length + 1);
  CHECK(longest <= 79);
}

TEST_CASE("a subject of UTF-8 becomes encoded words of whole characters, none longer than 75") {
  CHECK(mail::encode_words("plain") == "plain");
  CHECK(mail::encode_words("Grüße") == "=?UTF-8?B?R3LDvMOfZQ==?=");
  std::string text;
  for (int i = 0; i < 40; ++i) text += "日x";
  const std::string words = mail::encode_words(text);
  std::size_t begin = 0;
  while (begin < words.size()) {
    const std::size_t end = std::min(words.find("\r\n ", begin), words.size());
    CHECK(end - begin <= 75);
    begin = end + 3;
  }
}

TEST_CASE("a header of the user replaces ours, but never those that are made from the message") {
  auto mine = parts();
  mine.headers = {Header::parse("subject: Other").value(), Header::parse("X-Check: 1").value()};
  const std::string message = mail::compose(mine, Transport::seven_bit);
  CHECK_FALSE(has(message, "Mail check"));
  CHECK(has(message, "\r\nsubject: Other\r\n"));
  CHECK(has(message, "\r\nX-Check: 1\r\n"));
  for (const std::string line : {"Content-Type: text/html", "content-language: de", "Mime-version: 7", "message-id: x"})
    CHECK_FALSE(Header::parse(line));
}

TEST_CASE("in a header of addresses only the name is encoded") {
  auto mine = parts();
  mine.headers = {Header::parse("From: J\u00f6rg <j@example.org>").value()};
  CHECK(has(mail::compose(mine, Transport::seven_bit), "\r\nFrom: =?UTF-8?B?SsO2cmc=?= <j@example.org>\r\n"));
  CHECK(Header::parse("Reply-To: a@example.org, b@example.org"));
  for (const std::string line : {"To: j\u00f6rg@example.org", "Cc: J\u00f6rg <j@example.org>, b@example.org",
                                 "From: J\u00f6rg <j\u00f6rg@example.org>", "Sender: \"J\u00f6rg\" <j@example.org>"})
    CHECK_FALSE(Header::parse(line));
}

TEST_CASE("a header's name has an end") {
  const auto named = [](std::size_t size) { return fmt::format("{:X>{}}: b", "", size); };
  CHECK(Header::parse(named(76)));
  CHECK_FALSE(Header::parse(named(77)));
  CHECK_FALSE(Header::parse(named(2000)));
}

TEST_CASE("the null sender leaves From to the first recipient") {
  auto mine = parts();
  mine.from.reset();
  CHECK(has(mail::compose(mine, Transport::seven_bit), "\r\nFrom: user@example.org\r\n"));
}

TEST_CASE("several recipients stand in one header") {
  auto mine = parts();
  mine.to.push_back(Address::parse("second@example.org").value());
  CHECK(has(mail::compose(mine, Transport::seven_bit), "\r\nTo: user@example.org,\r\n second@example.org\r\n"));
}

TEST_CASE("no header can be injected") {
  CHECK_FALSE(Header::parse("X-A: b\r\nBcc: c@d"));
  CHECK_FALSE(Header::parse("X-A: b\nBcc: c@d"));
  CHECK_FALSE(Header::parse(std::string_view("X-A: b\0", 7)));
  CHECK_FALSE(Header::parse("X A: b"));
  CHECK_FALSE(Header::parse(": b"));
  CHECK_FALSE(Header::parse("no colon"));
  CHECK_FALSE(Header::parse("Grün: b"));
  CHECK_FALSE(Header::parse("X-A: \xff"));
  CHECK_FALSE(Header::parse("X-A: " + std::string(998, 'x')));
  CHECK(Header::parse("X-A:").value().value().empty());
  CHECK(Header::parse("X-A: \t b").value().value() == "b");
  CHECK_FALSE(mail::is_header_text("a\rb"));
  CHECK(mail::is_header_text("a\tb ü"));
}
