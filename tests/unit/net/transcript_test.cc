#include "net/transcript.h"

#include <fmt/format.h>

#include <algorithm>
#include <numeric>

#include "support/catch2.h"
#include "support/fake_clock.h"

using namespace mailcheck;
using namespace std::chrono_literals;

namespace {

struct Scene {
  test::FakeClock clock;
  base::Mask mask;
  net::Transcript transcript{clock, mask};
};

std::size_t total_size(const std::vector<std::string>& lines) {
  return std::accumulate(lines.begin(), lines.end(), std::size_t{0},
                         [](std::size_t sum, const std::string& line) { return sum + line.size(); });
}

}  // namespace

TEST_CASE("lines have their time and direction") {
  Scene scene;
  scene.clock.advance(12'400us);
  scene.transcript.sent("a1 CAPABILITY");
  scene.clock.advance(1s);
  scene.transcript.received("a1 OK done\r\n");
  scene.transcript.event("TLS 1.3 established");
  CHECK(scene.transcript.lines() == std::vector<std::string>{"     12.4 ms C: a1 CAPABILITY",
                                                             "   1012.4 ms S: a1 OK done",
                                                             "   1012.4 ms -- TLS 1.3 established"});
}

TEST_CASE("secrets are masked, also across the place where a long line is cut") {
  Scene scene;
  scene.mask.add(base::Secret("correct horse"));
  scene.transcript.received("a1 NO correct horse is wrong");
  scene.transcript.received(fmt::format("{:x<994}correct horse{:y<10}", "", ""));
  const auto lines = scene.transcript.lines();
  REQUIRE(lines.size() == 2);
  CHECK(lines[0] == "      0.0 ms S: a1 NO *** is wrong");
  CHECK(lines[1].find("corr") == std::string::npos);
}

TEST_CASE("what a peer sends cannot move the cursor or forge a line") {
  Scene scene;
  scene.transcript.received("* OK \x1b[2Jhello\tworld | <b>\r\n");
  scene.transcript.received("two\nlines");
  const auto lines = scene.transcript.lines();
  REQUIRE(lines.size() == 3);
  CHECK(lines[0] == "      0.0 ms S: * OK [2Jhello world / [b]");
  CHECK(lines[1] == "      0.0 ms S: two");
  CHECK(lines[2] == "      0.0 ms S: lines");
}

TEST_CASE("an empty line is a line, a final line end makes none") {
  Scene scene;
  scene.transcript.sent("");
  scene.transcript.sent("\r\n");
  scene.transcript.sent("x\r\n\r\ny\r\n");
  const auto lines = scene.transcript.lines();
  REQUIRE(lines.size() == 5);
  CHECK(lines[0] == "      0.0 ms C: ");
  CHECK(lines[3] == "      0.0 ms C: ");
}

TEST_CASE("a long line is cut at a character border and says how much is missing") {
  Scene scene;
  std::string text(999, 'x');
  text += "\xc3\xa4 and more";
  scene.transcript.received(text);
  const std::string line = scene.transcript.lines().at(0);
  CHECK(line == fmt::format("      0.0 ms S: {:x<999} ... (11 bytes more)", ""));
}

TEST_CASE("a long dialogue keeps its beginning and its end") {
  Scene scene;
  const std::string filler(200, 'x');
  for (int i = 0; i < 10'000; ++i) scene.transcript.received(std::to_string(i) + ' ' + filler);
  const auto lines = scene.transcript.lines();
  CHECK(total_size(lines) <= std::size_t{64} * 1024 + 100);
  CHECK(total_size(lines) >= std::size_t{63} * 1024);
  CHECK(lines.front().find("S: 0 ") != std::string::npos);
  CHECK(lines.back().find("S: 9999 ") != std::string::npos);
  const auto gap = std::find_if(lines.begin(), lines.end(), [](const auto& line) { return line.rfind("-- ", 0) == 0; });
  REQUIRE(gap != lines.end());
  CHECK(gap->find("-- " + std::to_string(10'000 - (lines.size() - 1)) + " lines (") == 0);
}

TEST_CASE("a dialogue that just fits is kept whole") {
  Scene scene;
  const std::string filler(200, 'x');
  for (int i = 0; i < 250; ++i) scene.transcript.received(filler);
  CHECK(scene.transcript.lines().size() == 250);
}

TEST_CASE("a transcript that is not wanted keeps nothing") {
  const test::FakeClock clock;
  const base::Mask mask;
  net::Transcript transcript(clock, mask, net::Recording::off);
  transcript.sent("a1 NOOP");
  transcript.event("end");
  CHECK(transcript.lines().empty());
  CHECK_FALSE(transcript.is_recording());
}
