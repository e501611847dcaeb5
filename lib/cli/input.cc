#include "cli/input.h"

#include <fcntl.h>
#include <poll.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <chrono>
#include <string_view>
#include <system_error>

#include "cli/option_values.h"
#include "plugin/usage_error.h"

namespace mailcheck::cli {
namespace {

// A signal that comes just before poll() does not interrupt it, so that no poll() may last long.
constexpr base::Duration kSlice = std::chrono::milliseconds(50);

struct Source {
  int descriptor;
  std::string name;  // for errors
};

[[noreturn]] void fail(const Source& source, std::string_view why) {
  throw plugin::UsageError{"cannot read " + source.name + ": " + std::string(why)};
}

[[noreturn]] void fail(const Source& source, int error) {
  fail(source, std::generic_category().message(error));
}

// Also for a pipe that has no writer yet: read() alone would call that its end.
void wait_for_bytes(const Source& source, const base::Deadline& deadline) {
  while (!deadline.has_expired()) {
    const auto slice = std::chrono::ceil<std::chrono::milliseconds>(std::min(kSlice, deadline.remaining()));
    pollfd entry{source.descriptor, POLLIN, 0};
    if (::poll(&entry, 1, static_cast<int>(slice.count())) > 0) return;
  }
  fail(source, base::Deadline::is_interrupted() ? "interrupted by a signal" : "it has not ended in time");
}

base::Secret read_all(const Source& source, const InputLimits& limits) {
  base::Secret text;
  std::array<char, 4096> buffer{};
  for (;;) {
    wait_for_bytes(source, limits.deadline);
    const ssize_t size = ::read(source.descriptor, buffer.data(), buffer.size());
    if (size == 0) return text;
    if (size < 0 && (errno == EINTR || errno == EAGAIN)) continue;
    if (size < 0) fail(source, errno);
    text.append({buffer.data(), static_cast<std::size_t>(size)});
    base::wipe(buffer.data(), buffer.size());
    if (text.size() > limits.size) {
      throw plugin::UsageError{"expected at most " + std::to_string(limits.size / 1024) + " KiB in " + source.name};
    }
  }
}

}  // namespace

base::Secret read_file(const std::string& path, const InputLimits& limits) {
  // Not blocking: to open a pipe without a writer would hang.
  const Source source{::open(path.c_str(), O_RDONLY | O_NONBLOCK | O_CLOEXEC | O_NOCTTY), in_quotes(path)};
  if (source.descriptor < 0) fail(source, errno);
  struct Closer {
    int descriptor;
    ~Closer() { ::close(descriptor); }
  } closer{source.descriptor};
  return read_all(source, limits);
}

base::Secret read_descriptor(int descriptor, const InputLimits& limits) {
  return read_all({descriptor, "descriptor " + std::to_string(descriptor)}, limits);
}

}  // namespace mailcheck::cli
