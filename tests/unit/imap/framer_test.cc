#include "support/catch2.h"
#include "unit/imap/framing.h"

using namespace mailcheck;
using namespace mailcheck::test;
using Lines = std::vector<std::string>;

namespace {

// Not inlined: GCC 12 sees overflows in what it knows too much about.
[[gnu::noinline]] std::string run(std::size_t size, char c) {
  return std::string(size, c);
}

}  // namespace

TEST_CASE("an input gives the same frames whole, by line and by byte") {
  const std::string input =
      GENERATE(as<std::string>{}, "* OK ready\r\n", "* OK ready\n", "* 1 EXISTS\r\n* 2 EXISTS\r\nA1 OK done\r\n",
               "\r\n\r\n", "\n", "* 1 FETCH (BODY[] {5}\r\nA1 OK)\r\nA1 OK done\r\n",
               "* LIST () \"/\" {3}\r\na\r\n\r\n* LIST () NIL {0}\r\n\r\n",
               "* 1 FETCH (A {3}\r\n{9} B {2}\r\n\r\n C {0}\r\n)\r\n",
               "* 1 FETCH (A {3}\nabc)\n* OK {3}\nA1 OK {7}\r\n", "+ go {12}\r\n+\r\n", "* OK [ALERT] {5}\r\nhello\r\n",
               "* LIST () \"/\" ~{4}\r\n{}{}\r\n", "* X {3+}\r\nabc\r\n", "* X {18446744073709551616}\r\nabc\r\n",
               "* X {-1}\r\nabc\r\n", "* X {}\r\nabc\r\n", "half a line", "* X {5}\r\nab", "a\rb\r\n", "\r\r\n");
  CAPTURE(input);
  const Framed whole = framed(input);
  for (const std::size_t piece : {std::size_t{1}, std::size_t{2}, std::size_t{3}, std::size_t{7}}) {
    CAPTURE(piece);
    CHECK(framed(input, piece) == whole);
  }
}

TEST_CASE("a literal that looks like replies stays inside its response") {
  const Framed result =
      framed("* 1 FETCH (BODY[HEADER] {29}\r\nA1 OK done\r\n* BYE out\r\n+ ok\r\n)\r\nA1 OK fetched\r\n");
  REQUIRE(result.frames.size() == 2);
  CHECK(result.frames[0] == "* 1 FETCH (BODY[HEADER] {29}\r\nA1 OK done\r\n* BYE out\r\n+ ok\r\n)");
  CHECK(result.frames[1] == "A1 OK fetched");
}

TEST_CASE("a literal's data never announces another, the rest of its line may") {
  const Framed result = framed("* X {3}\r\n{4} {2}\r\nab c\r\n* 1 EXISTS\r\n");
  CHECK(result.frames == Lines{"* X {3}\r\n{4} {2}\r\nab c", "* 1 EXISTS"});
}

TEST_CASE("text-only responses that end in braces announce nothing") {
  const std::string line =
      GENERATE(as<std::string>{}, "* OK {5}", "* ok x {5}", "A1 NO try {5}", "A1 BAD {5}", "* BYE {5}", "* PREAUTH {5}",
               "+ {5}", "+{5}", "*  OK two spaces {5}", "A1  NO two spaces {5}", "* OK");
  CAPTURE(line);
  CHECK(framed(line + "\r\n* 1 EXISTS\r\n").frames == Lines{line, "* 1 EXISTS"});
}

TEST_CASE("the line after a literal announces whatever its first words are") {
  CHECK(framed("* X {1}\r\na OK {2}\r\nbc\r\n").frames == Lines{"* X {1}\r\na OK {2}\r\nbc"});
}

TEST_CASE("lines may end in a bare line feed, and that is noticed") {
  CHECK_FALSE(framed("* OK a\r\n").has_bare_line_feed);
  const Framed result = framed("* OK a\r\n* 1 FETCH (X {2}\nab)\nA1 OK\n");
  CHECK(result.frames == Lines{"* OK a", "* 1 FETCH (X {2}\nab)", "A1 OK"});
  CHECK(result.has_bare_line_feed);
}

TEST_CASE("a carriage return alone ends no line") {
  CHECK(framed("* OK a\rb\r\n").frames == Lines{"* OK a\rb"});
}

TEST_CASE("every cap holds, whole and by byte") {
  const imap::FrameLimits limits{.line = 20, .literal = 30, .frame = 60, .total = 1000};
  struct Row {
    std::string input;
    std::string reason;
    std::size_t frames = 0;
  };
  const auto row = GENERATE(values<Row>({
      {run(20, 'a') + "\n", "", 1},
      {run(19, 'a') + "\r\n", "", 1},
      {run(21, 'a') + "\n", "line longer than 20 bytes"},
      {run(500, 'a'), "line longer than 20 bytes"},
      {"* X {30}\r\n" + run(30, 'b') + "\r\n", "", 1},
      {"* X {31}\r\n", "literal of 31 bytes, limit 30"},
      {"* X {9999999999}\r\n", "literal of 9999999999 bytes, limit 30"},
      {"* X {30}\r\n" + run(30, 'b') + " {20}\r\n" + run(20, 'c') + "\r\n", "response longer than 60 bytes"},
      {"* X {30}\r\n" + run(30, 'b') + " {12}\r\n" + run(12, 'c') + "\r\n", "", 1},
      {"* X {30}\r\n" + run(30, 'b') + " {30}\r\n", "response longer than 60 bytes"},
      {"* X {30}\r\n" + run(30, 'b') + " {10}\r\n" + run(10, 'c') + "\n", "", 1},
      {"* X {30}\r\n" + run(30, 'b') + " {10}\r\n" + run(10, 'c') + "d\n", "", 1},
      {"* X {30}\r\n" + run(30, 'b') + " {10}\r\n" + run(10, 'c') + "123456\n", "response longer than 60 bytes"},
      {"* X {30}\r\n" + run(30, 'b') + run(21, 'c') + "\n", "line longer than 20 bytes"},
  }));
  CAPTURE(row.input);
  const Framed whole = framed(row.input, std::string_view::npos, limits);
  CHECK(whole.reason == row.reason);
  CHECK(whole.frames.size() == row.frames);
  const Framed by_byte = framed(row.input, 1, limits);
  CHECK(by_byte.reason == row.reason);
  CHECK(by_byte.frames.size() == row.frames);
}

TEST_CASE("the cap on a session counts every byte, taken or not") {
  const imap::FrameLimits limits{.total = 100};
  const std::string line = "* OK 45\r\n\n";  // ten bytes
  std::string input;
  for (int i = 0; i < 10; ++i) input += line;
  CHECK(framed(input, 10, limits).frames.size() == 20);
  const Framed over = framed(input + "a", 10, limits);
  CHECK(over.frames.size() == 20);
  CHECK(over.reason == "more than 100 bytes in one session");
}

TEST_CASE("the cap on responses counts them one by one") {
  const Framed over = framed("a\r\nb\r\nc\r\n", 3, {.frames = 2});
  CHECK(over.frames.size() == 3);
  CHECK(over.reason == "more than 2 responses in one session");
  CHECK(framed("a\r\nb\r\n", 3, {.frames = 2}).reason.empty());
}

TEST_CASE("the default caps let the longest useful replies through") {
  const std::string numbers(64 * 1024 - 1, '1');
  CHECK(framed(numbers + "\n", 16384).frames.size() == 1);
  imap::Framer framer;
  framer.set_limits({.line = 1024 * 1024});
  framer.receive("* SEARCH" + std::string(1000 * 1000, '1') + "\r\n");
  CHECK(std::holds_alternative<imap::Frame>(framer.next()));
}

TEST_CASE("what no frame has taken is left over, and can be forgotten") {
  imap::Framer framer;
  framer.receive("A1 OK begin TLS\r\n* OK injected");
  CHECK(std::holds_alternative<imap::Frame>(framer.next()));
  CHECK(framer.has_leftover());
  CHECK(framer.leftover() == "* OK injected");
  framer.forget_leftover();
  CHECK_FALSE(framer.has_leftover());
  framer.receive("* OK new\r\n");
  const auto next = framer.next();
  REQUIRE(std::holds_alternative<imap::Frame>(next));
  CHECK(std::get<imap::Frame>(next).bytes == "* OK new");
}

TEST_CASE("an announcement is a number in braces at the very end") {
  constexpr std::size_t kNone = std::string_view::npos;
  struct Row {
    std::string_view line;
    std::size_t size;
  };
  const auto row = GENERATE(values<Row>({{"{0}", 0},
                                         {"* X {12}", 12},
                                         {"* X {12+}", 12},
                                         {"~{7}", 7},
                                         {"{007}", 7},
                                         {"{1}{2}", 2},
                                         {"{12} ", kNone},
                                         {"{12", kNone},
                                         {"12}", kNone},
                                         {"{}", kNone},
                                         {"{+}", kNone},
                                         {"{-1}", kNone},
                                         {"{1 }", kNone},
                                         {"{1++}", kNone},
                                         {"{0x1}", kNone},
                                         {"{99999999999999999999}", kNone},
                                         {"", kNone},
                                         {"}", kNone}}));
  CAPTURE(row.line);
  CHECK(imap::announced_literal(row.line) == row.size);
}
