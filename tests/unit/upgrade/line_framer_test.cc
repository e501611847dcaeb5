#include "upgrade/line_framer.h"

#include <fmt/format.h>

#include <algorithm>
#include <string>
#include <vector>

#include "support/catch2.h"

using namespace mailcheck;
using upgrade::LineFramer;
using upgrade::Literals;
using Texts = std::vector<std::string>;

namespace {

constexpr upgrade::FrameLimits kTight = {.line = 20, .lines = 3, .response = 50};

std::string x(std::size_t count) {
  return std::string(count, 'x');
}

std::string lines(const std::vector<std::size_t>& sizes) {
  std::string text;
  for (const std::size_t size : sizes) text.append(size, 'x').append("\n");
  return text;
}

// All frames, and at the end "!" and the reason if something is malformed.
Texts framed(std::string_view bytes, Literals literals, std::size_t piece, upgrade::FrameLimits limits = kTight) {
  LineFramer framer(literals, limits);
  Texts found;
  for (; !bytes.empty(); bytes.remove_prefix(std::min(piece, bytes.size()))) {
    framer.receive(bytes.substr(0, piece));
    while (true) {
      const auto result = framer.next();
      if (const auto* malformed = std::get_if<upgrade::FrameMalformed>(&result)) {
        found.push_back("!" + malformed->reason);
        return found;
      }
      if (std::holds_alternative<upgrade::FrameIncomplete>(result)) break;
      found.push_back(std::get<upgrade::Frame>(result).bytes);
    }
  }
  return found;
}

}  // namespace

TEST_CASE("lines come out the same whole and in pieces") {
  struct Row {
    std::string bytes;
    Literals literals;
    Texts frames;
  };
  const auto row = GENERATE(values<Row>({
      {"+OK\r\na\r\n", Literals::none, {"+OK", "a"}},
      {"+OK\na\n", Literals::none, {"+OK", "a"}},
      {"\r\n\r\n", Literals::none, {"", ""}},
      {"a\rb\r\n", Literals::none, {"a\rb"}},
      {"no end", Literals::none, {}},
      {"+OK {3}\r\nabc\r\n", Literals::none, {"+OK {3}", "abc"}},
      {"OK {3}\r\nabc\r\nx\r\n", Literals::announced, {"OK {3}\r\nabc", "x"}},
      {"OK {3+}\r\na\nb\r\n", Literals::announced, {"OK {3+}\r\na\nb"}},
      {"OK {3}\na\r\n\n", Literals::announced, {"OK {3}\na\r\n"}},
      {"{1}\r\na {2}\r\nbc\r\n", Literals::announced, {"{1}\r\na {2}\r\nbc"}},
      {"NO ({1}\r\na)\r\n", Literals::announced, {"NO ({1}\r\na)"}},
      {"{0}\r\n\r\nx\r\n", Literals::announced, {"{0}\r\n", "x"}},
      {"OK {4}\r\nabc", Literals::announced, {}},
      {"OK a{3}\r\nx\r\n", Literals::announced, {"OK a{3}", "x"}},
      {"OK {-3}\r\nx\r\n", Literals::announced, {"OK {-3}", "x"}},
      {"OK {}\r\nx\r\n", Literals::announced, {"OK {}", "x"}},
      {"OK {3}x\r\n", Literals::announced, {"OK {3}x"}},
  }));
  CAPTURE(row.bytes);
  const std::size_t piece = GENERATE(1U, 2U, 3U, 1000U);
  CAPTURE(piece);
  CHECK(framed(row.bytes, row.literals, piece) == row.frames);
}

TEST_CASE("every size is capped, at the same byte whole and in pieces") {
  struct Row {
    std::string bytes;
    Texts frames;
  };
  const auto row = GENERATE(values<Row>({
      {lines({20}), {x(20)}},
      {fmt::format("{}\r\n", x(19)), {x(19)}},
      {lines({21}), {"!line longer than 20 bytes"}},
      {x(22), {"!line longer than 20 bytes"}},
      {"a\nb\nc\n", {"a", "b", "c"}},
      {"a\nb\nc\nd", {"a", "b", "c", "!response of more than 3 lines"}},
      {lines({20, 20, 7}), {x(20), x(20), x(7)}},
      {lines({20, 20, 8}), {x(20), x(20), "!response longer than 50 bytes"}},
      {"{45}\n" + x(44), {}},
      {"{44}\n" + lines({44}), {"{44}\n" + x(44)}},
      {"{45}\n" + lines({45}), {"!response longer than 50 bytes"}},
      {"{46}\n", {"!response longer than 50 bytes"}},
      {"{18446744073709551615}\n", {"!line longer than 20 bytes"}},
      {"{9999999999999999}\n", {"!response longer than 50 bytes"}},
      {"{10}\n" + lines({31}), {"!line longer than 20 bytes"}},
  }));
  CAPTURE(row.bytes);
  const std::size_t piece = GENERATE(1U, 7U, 1000U);
  CAPTURE(piece);
  CHECK(framed(row.bytes, Literals::announced, piece) == row.frames);
}

TEST_CASE("a literal past all numbers is refused") {
  constexpr upgrade::FrameLimits kLongLines = {.line = 100};
  CHECK(framed("{18446744073709551615}\n", Literals::announced, 100, kLongLines) ==
        Texts{"!response longer than 262144 bytes"});
  CHECK(framed("{18446744073709551616}\n", Literals::announced, 100, kLongLines) == Texts{"{18446744073709551616}"});
}

TEST_CASE("what is malformed stays so, and shows what was received") {
  LineFramer framer(Literals::none, kTight);
  framer.receive("0123456789012345678901234567890\r\n");
  for (int i = 0; i < 2; ++i) {
    const auto result = framer.next();
    REQUIRE(std::holds_alternative<upgrade::FrameMalformed>(result));
    CHECK(std::get<upgrade::FrameMalformed>(result).bytes == "012345678901234567890");
  }
}

TEST_CASE("the caps count anew with each response, and the rest of the bytes is known") {
  LineFramer framer(Literals::none, kTight);
  for (int i = 0; i < 20; ++i) {
    framer.begin_response();
    CHECK(framer.frames() == 0);
    framer.receive("0123456789\r\n0123456789\r\n0123456789\r\nab");
    for (int line = 0; line < 3; ++line) CHECK(std::holds_alternative<upgrade::Frame>(framer.next()));
    CHECK(framer.frames() == 3);
    CHECK(framer.has_leftover());
    CHECK(framer.leftover() == "ab");
    framer.forget_leftover();
    CHECK_FALSE(framer.has_leftover());
  }
}
