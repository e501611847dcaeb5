#include "smtp/reply.h"

#include "support/catch2.h"
#include "unit/smtp/framed_replies.h"

using namespace mailcheck;
using namespace mailcheck::test;
using Lines = std::vector<std::string>;
using namespace std::string_literals;

namespace {

Lines shown_all(const FramedReplies& framed) {
  Lines out;
  for (const auto& reply : framed.replies) out.push_back(shown(reply));
  return out;
}

// Not inlined: GCC 12 sees overflows in what it knows too much about.
[[gnu::noinline]] std::string run(std::size_t size, char c) {
  return std::string(size, c);
}

std::string repeated(std::string_view text, int times) {
  std::string out;
  for (int i = 0; i < times; ++i) out += text;
  return out;
}

}  // namespace

TEST_CASE("a reply is a code, maybe an enhanced code, and lines") {
  struct Row {
    std::string input;
    Lines replies;
  };
  const auto row = GENERATE(values<Row>({
      {"220 mx.example.test ESMTP\r\n", {"220[mx.example.test ESMTP]"}},
      {"250\r\n", {"250[]"}},
      {"250 \r\n", {"250[]"}},
      {"250-\r\n250\r\n", {"250[][]"}},
      {"250-mx\r\n250-SIZE 1000\r\n250 8BITMIME\r\n", {"250[mx][SIZE 1000][8BITMIME]"}},
      {"250 2.1.0 Ok\r\n550 5.1.1 no\r\n", {"250 2.1.0[Ok]", "550 5.1.1[no]"}},
      {"535-5.7.8 Username and\r\n535 5.7.8  refused\r\n", {"535 5.7.8[Username and][refused]"}},
      {"550-no code here\r\n550-5.7.1 but here\r\n550 5.7.2 and another\r\n",
       {"550 5.7.1[no code here][but here][and another]"}},
      {"451 4.7.1\r\n", {"451 4.7.1[]"}},
      {"550 5.7.606 banned\r\n", {"550 5.7.606[banned]"}},
      {"334 VXNlcm5hbWU6\r\n", {"334[VXNlcm5hbWU6]"}},
      {"334\r\n", {"334[]"}},
      {"354 2.0.0 not in class 3\r\n", {"354[2.0.0 not in class 3]"}},
      {"599 last\r\n200 first\r\n", {"599[last]", "200[first]"}},
      {"220 a\rb\r\n", {"220[a\rb]"}},
      {"220 x\r\r\n", {"220[x\r]"}},
      {"250 \xff\xfe\r\n", {"250[\xff\xfe]"}},
  }));
  CAPTURE(row.input);
  const auto framed = framed_replies(row.input);
  CHECK(framed.reason.empty());
  CHECK(shown_all(framed) == row.replies);
  CHECK(framed.quirks.empty());
  CHECK_FALSE(framed.has_leftover);
}

TEST_CASE("only [245].d{1,3}.d{1,3} and a space or the end is an enhanced code") {
  const std::string text = GENERATE(as<std::string>{}, "5.7", "5.7.", "5.7.1234 x", "5.1234.1 x", "5..1 x", "1.2.3 x",
                                    "3.0.0 x", "6.0.0 x", "5.7.8x", "5.7.8-x", "5.7.8.1 x", "192.0.2.1 x", "#5.7.1 x",
                                    "(5.7.1) x", "-5.7.1 x", "5.a.1 x", "5 7.1", ".5.7.1 x");
  CAPTURE(text);
  const auto framed = framed_replies("550 " + text + "\r\n");
  REQUIRE(framed.replies.size() == 1);
  CHECK(framed.replies[0].enhanced.empty());
  CHECK(framed.replies[0].lines == Lines{text});
}

TEST_CASE("the words and the code of a reply in one piece") {
  const auto framed = framed_replies("535-5.7.8 Username and Password\r\n535 5.7.8 not accepted\r\n421 bye\r\n");
  REQUIRE(framed.replies.size() == 2);
  CHECK(framed.replies[0].text() == "Username and Password not accepted");
  CHECK(framed.replies[0].code_text() == "535 5.7.8");
  CHECK(framed.replies[1].code_text() == "421");
  CHECK(framed.replies[1].code_class() == 4);
  CHECK_FALSE(framed.replies[1].is_positive());
}

TEST_CASE("deviations are tolerated and told once") {
  struct Row {
    std::string input;
    std::string reply;
    Lines quirks;
  };
  const auto row = GENERATE(values<Row>({
      {"250-a\n250 b\n", "250[a][b]", {"a line that ends in a bare LF"}},
      {"250-a\r\n250 b\n", "250[a][b]", {"a line that ends in a bare LF"}},
      {"250\tok\r\n", "250[ok]", {"no space after a reply code"}},
      {"554: no\r\n", "554[: no]", {"no space after a reply code"}},
      {"250ok\r\n", "250[ok]", {"no space after a reply code"}},
      {"550 4.7.1 mixed\r\n", "550 4.7.1[mixed]", {"an enhanced status code of another class than the reply code"}},
  }));
  CAPTURE(row.input);
  const auto framed = framed_replies(row.input);
  CHECK(shown_all(framed) == Lines{row.reply});
  CHECK(framed.quirks == row.quirks);
}

TEST_CASE("what is no reply is malformed, with its reason and its line, and stays so") {
  struct Row {
    std::string input;
    std::string reason;
    std::string line;
  };
  const auto row = GENERATE(values<Row>({
      {"450-a\r\n550 b\r\n", "the code changes from 450 to 550 within a reply", "550 b"},
      {"250-a\r\n251-b\r\n251 c\r\n", "the code changes from 250 to 251 within a reply", "251-b"},
      {"* OK IMAP4rev1\r\n", "a reply without a code from 200 to 599", "* OK IMAP4rev1"},
      {"\r\n", "a reply without a code from 200 to 599", ""},
      {"25\r\n", "a reply without a code from 200 to 599", "25"},
      {"2500 x\r\n", "a reply without a code from 200 to 599", "2500 x"},
      {"199 x\r\n", "a reply without a code from 200 to 599", "199 x"},
      {"600 x\r\n", "a reply without a code from 200 to 599", "600 x"},
      {"000 x\r\n", "a reply without a code from 200 to 599", "000 x"},
      {" 250 x\r\n", "a reply without a code from 200 to 599", " 250 x"},
      {"2\xb2\xb3 x\r\n", "a reply without a code from 200 to 599", "2\xb2\xb3 x"},
      {"250-a\r\nb\r\n250 c\r\n", "a reply without a code from 200 to 599", "b"},
      {"250 a\0b\r\n"s, "a NUL byte in a reply", "250 a\0b"s},
      {"\0\r\n"s, "a NUL byte in a reply", "\0"s},
  }));
  CAPTURE(row.input);
  for (const std::size_t piece : {std::string_view::npos, std::size_t{1}}) {
    const auto framed = framed_replies(row.input, piece);
    CHECK(framed.reason == row.reason);
    CHECK(framed.line == row.line);
    CHECK(framed.replies.empty());
  }
  smtp::ReplyReader reader;
  reader.receive(row.input);
  for (int i = 0; i < 3; ++i) {
    const auto result = reader.next();
    REQUIRE(std::holds_alternative<smtp::ReplyMalformed>(result));
    CHECK(std::get<smtp::ReplyMalformed>(result).reason == row.reason);
    reader.receive("250 ok\r\n");
  }
}

TEST_CASE("the pieces in which bytes come in change nothing") {
  const std::string input = GENERATE(
      as<std::string>{}, "220 a\r\n250-b\r\n250 c\r\n", "220 a\n250 b\r\n", "250-a\r\n550 b\r\n", "half a line",
      "250-a\r\n250", "250 a\r", "\n\n", "250-\r\n250-\r\n250-\r\n", "535-5.7.8 a\r\n535 5.7.8\r\n421 x\n",
      "250 ok\r\nrubbish\r\n250 ok\r\n", "250-a\r\n250 b\r\n250 0123456789012345678901234567890\r\n",
      "250 0123456789012345678901234567890", "250-0123456789\r\n250-0123456789\r\n250-0123456789\r\n250 a\r\n",
      "250 a\0b\r\n"s, "250 1\r\n250 2\r\n250 3\r\n250 4\r\n250 5\r\n250 6\r\n250 7\r\n250 8\r\n250 9\r\n");
  CAPTURE(input);
  const smtp::ReplyLimits limits = GENERATE(
      smtp::ReplyLimits{}, smtp::ReplyLimits{.line = 20, .reply = 40, .total = 50},
      smtp::ReplyLimits{.line = 20, .reply = 21, .total = 22}, smtp::ReplyLimits{.line = 50, .reply = 20, .total = 9});
  const auto whole = framed_replies(input, std::string_view::npos, limits);
  for (const std::size_t piece : {std::size_t{1}, std::size_t{2}, std::size_t{3}, std::size_t{7}}) {
    CAPTURE(piece);
    const auto pieces = framed_replies(input, piece, limits);
    CHECK(shown_all(pieces) == shown_all(whole));
    CHECK(pieces.reason == whole.reason);
    CHECK(pieces.line == whole.line);
    CHECK(pieces.quirks == whole.quirks);
    CHECK(pieces.has_leftover == whole.has_leftover);
  }
}

TEST_CASE("every cap holds, at its border") {
  const smtp::ReplyLimits limits{.line = 20, .reply = 60, .total = 1000};
  struct Row {
    std::string input;
    std::string reason;
    std::size_t replies;
  };
  const auto row = GENERATE(values<Row>({
      {"250 " + run(16, 'a') + "\n", "", 1},
      {"250 " + run(15, 'a') + "\r\n", "", 1},
      {"250 " + run(17, 'a') + "\n", "line longer than 20 bytes", 0},
      {run(500, '2'), "line longer than 20 bytes", 0},
      {repeated("250-567890123\r\n", 3) + "250 567890123\r\n", "", 1},  // 60 bytes
      {repeated("250-567890123\r\n", 3) + "250 5678901234\r\n", "reply longer than 60 bytes", 0},
      {repeated("250-\r\n", 1000), "reply longer than 60 bytes", 0},
      {repeated("250 567\r\n1", 1), "", 1},
      {repeated("250 5678\r\n", 100), "", 100},
      {repeated("250 5678\r\n", 101), "more than 1000 bytes in one session", 100},
      {repeated("250 5678\r\n", 100) + "2", "more than 1000 bytes in one session", 100},
  }));
  CAPTURE(row.input);
  for (const std::size_t piece : {std::string_view::npos, std::size_t{1}}) {
    const auto framed = framed_replies(row.input, piece, limits);
    CHECK(framed.reason == row.reason);
    CHECK(framed.replies.size() == row.replies);
  }
}

TEST_CASE("a continuation without end stops at the default caps, and a malformed line is told whole") {
  const auto endless = framed_replies(repeated("250-\r\n", 20000), 4096);
  CHECK(endless.reason == "reply longer than 65536 bytes");
  CHECK(endless.replies.empty());
  CHECK(framed_replies("no code " + run(5000, 'x') + "\r\n").line.size() == 5008);
  CHECK(framed_replies(run(9000, 'x')).line.size() == 8193);
}

TEST_CASE("what no reply has taken is left over, and can be forgotten") {
  smtp::ReplyReader reader;
  reader.receive("220 go ahead\r\n250 injected\r\n250-half\r\n");
  CHECK(std::holds_alternative<smtp::Reply>(reader.next()));
  CHECK(reader.has_leftover());
  CHECK(reader.leftover() == "250 injected\r\n250-half\r\n");
  CHECK(std::holds_alternative<smtp::Reply>(reader.next()));
  CHECK(std::holds_alternative<smtp::ReplyIncomplete>(reader.next()));
  CHECK(reader.has_leftover());  // a line of an unfinished reply
  reader.forget_leftover();
  CHECK_FALSE(reader.has_leftover());
  reader.receive("550 new\r\n");
  const auto next = reader.next();
  REQUIRE(std::holds_alternative<smtp::Reply>(next));
  CHECK(shown(std::get<smtp::Reply>(next)) == "550[new]");
  CHECK_FALSE(reader.has_leftover());
}

TEST_CASE("a greeting may turn into a refusal between its lines, no other reply may") {
  for (const std::size_t piece : {std::size_t{1}, std::size_t{1000}}) {
    const auto greeting = framed_replies("220-mx\r\n521 5.7.1 listed\r\n", piece);
    REQUIRE(greeting.replies.size() == 1);
    CHECK(greeting.reason.empty());
    CHECK(framed_replies("521-mx\r\n220 fine\r\n", piece).reason == "the code changes from 521 to 220 within a reply");
    CHECK(framed_replies("220 mx\r\n250-a\r\n550 b\r\n", piece).reason ==
          "the code changes from 250 to 550 within a reply");
  }
}
