// What an option names is read to its end, and no longer than the deadline.
#include "cli/input.h"

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <chrono>
#include <functional>
#include <thread>

#include "support/catch2.h"
#include "unit/cli/command_line.h"

using namespace mailcheck;
using namespace std::chrono_literals;

namespace {

cli::InputLimits within(base::Duration time) {
  static const base::SystemClock clock;
  return {.size = 64 * 1024, .deadline = base::Deadline(clock, time)};
}

std::string refusal(const std::function<base::Secret()>& read) {
  try {
    (void)read();
  } catch (const plugin::UsageError& error) {
    return error.text;
  }
  return "accepted";
}

}  // namespace

TEST_CASE("a file is read as it is") {
  const test::Folder folder;
  const std::string bytes("a\0b\r\n\xff", 6);
  CHECK(cli::read_file(folder.write("file", bytes), within(5s)).expose() == bytes);
  CHECK(cli::read_file("/dev/null", within(5s)).is_empty());
}

TEST_CASE("a file that cannot be read, or is too large, is refused by name") {
  const test::Folder folder;
  CHECK(refusal([] { return cli::read_file("/no/such", within(5s)); }) ==
        "cannot read '/no/such': No such file or directory");
  CHECK(refusal([] { return cli::read_file("/tmp", within(5s)); }) == "cannot read '/tmp': Is a directory");
  CHECK(refusal([] { return cli::read_file("/dev/zero", within(5s)); }) == "expected at most 64 KiB in '/dev/zero'");
  CHECK(refusal([] { return cli::read_descriptor(777, within(5s)); }) ==
        "cannot read descriptor 777: Bad file descriptor");
}

TEST_CASE("a pipe without a writer is waited for until the deadline, and one with a silent writer too") {
  const test::Folder folder;
  const std::string pipe = folder.path() + "/pipe";
  REQUIRE(::mkfifo(pipe.c_str(), 0600) == 0);
  const std::string text = "cannot read '" + pipe + "': it has not ended in time";
  CHECK(refusal([&] { return cli::read_file(pipe, within(60ms)); }) == text);
  const int writer = ::open(pipe.c_str(), O_RDWR | O_CLOEXEC);  // would not open for writing alone
  REQUIRE(::write(writer, "half", 4) == 4);
  CHECK(refusal([&] { return cli::read_file(pipe, within(60ms)); }) == text);
  ::close(writer);
  int ends[2];
  REQUIRE(::pipe(ends) == 0);
  CHECK(refusal([&] { return cli::read_descriptor(ends[0], within(60ms)); }) ==
        "cannot read descriptor " + std::to_string(ends[0]) + ": it has not ended in time");
  ::close(ends[0]);
  ::close(ends[1]);
}

TEST_CASE("a pipe whose writer comes late and pauses is read whole") {
  const test::Folder folder;
  const std::string pipe = folder.path() + "/pipe";
  REQUIRE(::mkfifo(pipe.c_str(), 0600) == 0);
  std::thread writer([&] {
    std::this_thread::sleep_for(20ms);
    const int end = ::open(pipe.c_str(), O_WRONLY | O_CLOEXEC);
    (void)!::write(end, "sec", 3);
    std::this_thread::sleep_for(20ms);
    (void)!::write(end, "ret\n", 4);
    ::close(end);
  });
  std::string text;
  try {
    text = cli::read_file(pipe, within(5s)).expose();
  } catch (const plugin::UsageError& error) {
    text = error.text;
  }
  writer.join();
  CHECK(text == "secret\n");
}
