#include "support/memory_stream.h"

#include <array>

#include "support/catch2.h"

using namespace mailcheck;
using test::MemoryEnd;
using test::MemoryStream;
using namespace std::chrono_literals;

namespace {

const test::FakeClock clock_at_rest;
base::Deadline soon() {
  return {clock_at_rest, 1s};
}

std::string read(MemoryStream& stream) {
  std::array<char, 4> buffer{};
  const auto size = stream.read(buffer, soon());
  REQUIRE(size);
  return {buffer.data(), *size};
}

}  // namespace

TEST_CASE("the memory stream keeps the borders of its chunks and cuts those that are too large") {
  MemoryStream stream({"ab", "cdefg"});
  CHECK(read(stream) == "ab");
  CHECK(read(stream) == "cdef");
  CHECK(read(stream) == "g");
  CHECK(stream.is_drained());
  CHECK(read(stream).empty());
}

TEST_CASE("the memory stream ends as told") {
  std::array<char, 4> buffer{};
  MemoryStream reset({"x"}, MemoryEnd::reset);
  CHECK(reset.write("before", soon()));
  CHECK(read(reset) == "x");
  CHECK(reset.read(buffer, soon()).error().kind == base::ErrorKind::connection_lost);
  CHECK(reset.write("after", soon()).error().kind == base::ErrorKind::connection_lost);
  test::FakeClock clock;
  MemoryStream silent({}, MemoryEnd::silent);
  silent.set_clock(clock);
  const base::Deadline deadline(clock, 1s);
  CHECK(silent.read(buffer, deadline).error().kind == base::ErrorKind::timeout);
  CHECK(deadline.has_expired());
}

TEST_CASE("the memory stream records what is written and may answer it") {
  auto stream = std::make_unique<MemoryStream>();
  const auto written = stream->written();
  stream->on_write([peer = stream.get()](std::string_view bytes) {
    if (bytes == "a1") peer->feed("ok");
  });
  REQUIRE(stream->write("a1", soon()));
  CHECK(read(*stream) == "ok");
  stream.reset();
  CHECK(*written == "a1");
}
