#include "imap/command.h"

#include "imap/search.h"
#include "support/catch2.h"

using namespace mailcheck;
using imap::Command;
using imap::LiteralStyle;
using imap::Visibility;
using Texts = std::vector<std::string>;

namespace {

Texts bytes_of(Command command) {
  Texts texts;
  for (const auto& chunk : std::move(command).finish()) texts.emplace_back(chunk.bytes.expose());
  return texts;
}

Texts displays_of(Command command) {
  Texts texts;
  for (const auto& chunk : std::move(command).finish()) texts.push_back(chunk.display);
  return texts;
}

Texts astring(std::string_view text, LiteralStyle style = LiteralStyle::synchronizing) {
  Command command(style);
  command.astring(text);
  return bytes_of(std::move(command));
}

}  // namespace

TEST_CASE("an astring is an atom, quoted or a literal, as its text needs") {
  struct Row {
    std::string_view text;
    Texts chunks;
  };
  const auto row = GENERATE(values<Row>({{"INBOX", {"INBOX\r\n"}},
                                         {"a.b/c@d-e_f+g'h", {"a.b/c@d-e_f+g'h\r\n"}},
                                         {"", {"\"\"\r\n"}},
                                         {"Sent Items", {"\"Sent Items\"\r\n"}},
                                         {"a\"b", {"\"a\\\"b\"\r\n"}},
                                         {"a\\b", {"\"a\\\\b\"\r\n"}},
                                         {"a(b", {"\"a(b\"\r\n"}},
                                         {"a)b", {"\"a)b\"\r\n"}},
                                         {"a{3}", {"\"a{3}\"\r\n"}},
                                         {"{3}", {"\"{3}\"\r\n"}},
                                         {"a%", {"\"a%\"\r\n"}},
                                         {"a*", {"\"a*\"\r\n"}},
                                         {"a]", {"\"a]\"\r\n"}},
                                         {"a\tb", {"\"a\tb\"\r\n"}},
                                         {"a\x7f", {"\"a\x7f\"\r\n"}},
                                         {"a\rb", {"{3}\r\n", "a\rb\r\n"}},
                                         {"a\nb", {"{3}\r\n", "a\nb\r\n"}},
                                         {"x\r\nA2 DELETE INBOX", {"{18}\r\n", "x\r\nA2 DELETE INBOX\r\n"}},
                                         {"p\xc3\xa4ss", {"{5}\r\n", "p\xc3\xa4ss\r\n"}}}));
  CAPTURE(row.text);
  CHECK(astring(row.text) == row.chunks);
}

TEST_CASE("text that is too long for old servers' lines is a literal") {
  CHECK(astring(std::string(1000, 'a') + " ").front() == "{1001}\r\n");
  CHECK(astring(std::string(999, 'a') + " ").front().front() == '"');
}

TEST_CASE("with LITERAL+ nothing waits") {
  CHECK(astring("a\r\nb", LiteralStyle::non_synchronizing) == Texts{"{4+}\r\na\r\nb\r\n"});
}

TEST_CASE("a command with two literals waits twice") {
  Command command;
  command.keyword("A1 LOGIN ").astring("\xc3\xa4").keyword(" ").astring("\xc3\xb6", Visibility::masked);
  CHECK(bytes_of(std::move(command)) == Texts{"A1 LOGIN {2}\r\n", "\xc3\xa4 {2}\r\n", "\xc3\xb6\r\n"});
}

TEST_CASE("a string is never an atom") {
  Command command;
  command.string("INBOX");
  CHECK(bytes_of(std::move(command)) == Texts{"\"INBOX\"\r\n"});
}

TEST_CASE("what is shown holds neither a masked text nor its length") {
  const std::string secret = GENERATE(as<std::string>{}, "hunter2", "with space", "quo\"te\\d", "new\r\nline",
                                      "\xc3\xa4\xc3\xb6", "", std::string(1200, 's'));
  const LiteralStyle style = GENERATE(LiteralStyle::synchronizing, LiteralStyle::non_synchronizing);
  CAPTURE(secret);
  Command command(style);
  command.keyword("A1 LOGIN probe ").astring(secret, Visibility::masked);
  std::string shown;
  for (const auto& text : displays_of(std::move(command))) shown += text;
  CHECK(shown.find("***") != std::string::npos);
  if (!secret.empty()) CHECK(shown.find(secret) == std::string::npos);
  CHECK(shown.find(std::to_string(secret.size())) == std::string::npos);
  CHECK(shown.find('\\') == std::string::npos);
}

TEST_CASE("what is not masked is shown as it is sent, without the line end") {
  Command command;
  command.keyword("A1 LIST \"\" ").string("a\"b");
  CHECK(displays_of(std::move(command)) == Texts{"A1 LIST \"\" \"a\\\"b\""});
}

TEST_CASE("credentials go out whole and are shown as stars") {
  const auto make = [] {
    Command command;
    command.keyword("A1 AUTHENTICATE PLAIN ").credentials(base::Secret("AHByb2JlAGh1bnRlcjI="));
    return command;
  };
  CHECK(bytes_of(make()) == Texts{"A1 AUTHENTICATE PLAIN AHByb2JlAGh1bnRlcjI=\r\n"});
  CHECK(displays_of(make()) == Texts{"A1 AUTHENTICATE PLAIN ***"});
}

TEST_CASE("only NUL cannot be sent") {
  CHECK(imap::is_sendable(""));
  CHECK(imap::is_sendable("a\r\n\xff"));
  CHECK_FALSE(imap::is_sendable(std::string_view("a\0b", 3)));
}
