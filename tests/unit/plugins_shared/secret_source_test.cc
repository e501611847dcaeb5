#include "plugins/shared/secret_source.h"

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <array>
#include <cstdlib>

#include "plugin/usage_error.h"
#include "support/catch2.h"

using namespace mailcheck;
using namespace std::string_view_literals;
using plugins::read_password;
using plugins::read_secret_file;
using plugins::read_token;
using plugins::SecretReading;

namespace {

// A file of that content, gone at the end.
class TemporaryFile {
 public:
  explicit TemporaryFile(std::string_view content, mode_t mode = 0600) {
    std::string pattern = "/tmp/secret_source_test.XXXXXX";
    const int descriptor = mkstemp(pattern.data());
    REQUIRE(descriptor >= 0);
    path_ = pattern;
    REQUIRE(fchmod(descriptor, mode) == 0);
    REQUIRE(write(descriptor, content.data(), content.size()) == static_cast<ssize_t>(content.size()));
    close(descriptor);
  }
  ~TemporaryFile() { unlink(path_.c_str()); }
  TemporaryFile(const TemporaryFile&) = delete;
  TemporaryFile& operator=(const TemporaryFile&) = delete;
  [[nodiscard]] const std::string& path() const { return path_; }

 private:
  std::string path_;
};

base::Deadline soon() {
  static const base::SystemClock clock;
  return {clock, std::chrono::seconds(10)};
}

template <typename Read>
std::string refusal_of(Read read) {
  try {
    (void)read();
  } catch (const plugin::UsageError& error) {
    return error.text;
  }
  return "accepted";
}

std::string read_file(std::string_view content) {
  const TemporaryFile file(content);
  SecretReading reading{soon()};
  return std::string(read_secret_file(file.path(), "--password-file", reading).expose());
}

std::string environ_bytes() {
  const int descriptor = open("/proc/self/environ", O_RDONLY | O_CLOEXEC);
  std::string bytes;
  std::array<char, 4096> buffer;
  for (ssize_t size; (size = read(descriptor, buffer.data(), buffer.size())) > 0;) {
    bytes.append(buffer.data(), static_cast<std::size_t>(size));
  }
  close(descriptor);
  return bytes;
}

}  // namespace

TEST_CASE("from a file one trailing line end is removed, and nothing else") {
  struct Row {
    std::string_view content, secret;
  };
  const auto row = GENERATE(values<Row>({{"hunter2", "hunter2"},
                                         {"hunter2\n", "hunter2"},
                                         {"hunter2\r\n", "hunter2"},
                                         {" hunter2 \t", " hunter2 \t"},
                                         {" \n", " "},
                                         {"p\xc3\xa4ss\xff", "p\xc3\xa4ss\xff"}}));
  CAPTURE(row.content);
  CHECK(read_file(row.content) == row.secret);
}

TEST_CASE("a file is read whole, up to 64 KiB") {
  const std::string large(64 * 1024, 's');
  CHECK(read_file(large) == large);
  for (const std::size_t size : {large.size() + 1, 16 * large.size()}) {
    const std::string refusal = refusal_of([&] { return read_file(std::string(size, 's')); });
    CHECK(refusal.starts_with("--password-file: expected at most 64 KiB in '/tmp/secret_source_test."));
  }
}

TEST_CASE("a file without a secret is refused, and the option is named") {
  for (const std::string_view content : {""sv, "\n"sv, "\r\n"sv}) {
    CHECK(refusal_of([&] { return read_file(content); }) == "--password-file: expected a secret, got nothing");
  }
  for (const std::string_view content :
       {"hunter\0002"sv, "\0"sv, "hunter2\0"sv, "hunter2\0\n"sv, "hunter2\n\n"sv, "hunter2\r\n\r\n"sv, "hunter2\r"sv,
        "hunter2\n\r"sv, "\nhunter2\n"sv, "\n\n"sv, "hunter\n2"sv}) {
    CHECK(refusal_of([&] { return read_file(content); }) ==
          "--password-file: expected one line, got a line break or a NUL byte inside");
  }
}

TEST_CASE("a file that cannot be read is refused, and named") {
  SecretReading reading{soon()};
  const auto refusal = [&](const std::string& path) {
    return refusal_of([&] { return read_secret_file(path, "--oauth2-token-file", reading); });
  };
  CHECK(refusal("/nowhere/secret") == "--oauth2-token-file: cannot read '/nowhere/secret': No such file or directory");
  CHECK(refusal("") == "--oauth2-token-file: cannot read '': No such file or directory");
  CHECK(refusal("/tmp") == "--oauth2-token-file: cannot read '/tmp': Is a directory");
  CHECK(refusal("/no\nwhere").find('\n') == std::string::npos);
  CHECK(refusal("/dev/null") == "--oauth2-token-file: expected a secret, got nothing");
  if (geteuid() != 0) {
    const TemporaryFile file("hunter2", 0000);
    CHECK(refusal(file.path()).ends_with("Permission denied"));
  }
}

TEST_CASE("a file that everyone may read is used, and noted") {
  struct Row {
    mode_t mode;
    bool is_noted;
  };
  const auto row =
      GENERATE(values<Row>({{0600, false}, {0640, false}, {0644, true}, {0604, true}, {0444, true}, {0400, false}}));
  const TemporaryFile file("hunter2", row.mode);
  SecretReading reading{soon()};
  CHECK(read_secret_file(file.path(), "--password-file", reading).expose() == "hunter2");
  CHECK(reading.readable_files == (row.is_noted ? std::vector{file.path()} : std::vector<std::string>{}));
}

TEST_CASE("a variable of the environment is overwritten once it was read") {
  REQUIRE(setenv("MAILCHECK_TEST_SECRET", "hunter2-of-the-environment", 1) == 0);
  const char* const value = std::getenv("MAILCHECK_TEST_SECRET");
  REQUIRE(value != nullptr);
  cli::CredentialOptions options;
  options.password_env = "MAILCHECK_TEST_SECRET";
  SecretReading reading{soon()};
  const auto password = read_password(options, "", reading);
  REQUIRE(password);
  CHECK(password->expose() == "hunter2-of-the-environment");
  CHECK(std::string_view(std::getenv("MAILCHECK_TEST_SECRET")).empty());
  CHECK(std::string_view(value, 26) == std::string(26, '\0'));
  unsetenv("MAILCHECK_TEST_SECRET");
}

TEST_CASE("a variable that came with the process is gone from its environ too") {
  // the first of our own variables that is long enough to look for
  std::string name;
  std::string value;
  for (char** entry = environ; *entry != nullptr && value.size() < 8; ++entry) {
    const std::string_view text(*entry);
    const std::size_t equals = text.find('=');
    if (equals == std::string_view::npos || text.substr(0, equals) == "PATH") continue;
    name = text.substr(0, equals);
    value = text.substr(equals + 1);
  }
  if (value.size() < 8 || environ_bytes().find(name + "=" + value) == std::string::npos) {
    WARN("no variable to try it with");
    return;
  }
  cli::CredentialOptions options;
  options.token_env = name;
  SecretReading reading{soon()};
  CHECK(read_token(options, "", reading)->expose() == value);
  CHECK(environ_bytes().find(name + "=" + value) == std::string::npos);
  setenv(name.c_str(), value.c_str(), 1);
}

TEST_CASE("a variable that is not there, or empty, is refused") {
  cli::CredentialOptions options;
  SecretReading reading{soon()};
  unsetenv("MAILCHECK_TEST_SECRET");
  options.password_env = "MAILCHECK_TEST_SECRET";
  CHECK(refusal_of([&] { return read_password(options, "smtp-", reading); }) ==
        "--smtp-password-env: environment variable MAILCHECK_TEST_SECRET is not set");
  setenv("MAILCHECK_TEST_SECRET", "", 1);
  CHECK(refusal_of([&] { return read_password(options, "", reading); }) ==
        "--password-env: expected a secret, got nothing");
  options = {};
  options.token_env = "MAILCHECK_TEST_SECRET";
  CHECK(refusal_of([&] { return read_token(options, "", reading); }) ==
        "--oauth2-token-env: expected a secret, got nothing");
  unsetenv("MAILCHECK_TEST_SECRET");
}

TEST_CASE("a descriptor is read to its end, without one trailing line end") {
  int ends[2];
  REQUIRE(pipe(ends) == 0);
  REQUIRE(write(ends[1], "hunter2\r\n", 9) == 9);
  close(ends[1]);
  cli::CredentialOptions options;
  options.password_fd = ends[0];
  SecretReading reading{soon()};
  CHECK(read_password(options, "", reading)->expose() == "hunter2");
  CHECK(refusal_of([&] { return read_password(options, "", reading); }) ==
        "--password-fd: expected a secret, got nothing");
  close(ends[0]);
  CHECK(refusal_of([&] { return read_password(options, "", reading); }) ==
        "--password-fd: cannot read descriptor " + std::to_string(ends[0]) + ": Bad file descriptor");
}

TEST_CASE("a password of the command line is taken as it is") {
  cli::CredentialOptions options;
  SecretReading reading{soon()};
  options.has_password = true;
  options.password = base::Secret(" hunter2 ");
  CHECK(read_password(options, "", reading)->expose() == " hunter2 ");
  options.has_password = true;
  options.password = base::Secret("hunter2\n");
  CHECK(refusal_of([&] { return read_password(options, "", reading); }) ==
        "--password: expected one line, got a line break or a NUL byte inside");
  options = {};
  options.has_password = true;
  CHECK(refusal_of([&] { return read_password(options, "", reading); }) ==
        "--password: expected a secret, got nothing");
}

TEST_CASE("without a source there is no secret") {
  cli::CredentialOptions options;
  SecretReading reading{soon()};
  CHECK_FALSE(read_password(options, "", reading).has_value());
  CHECK_FALSE(read_token(options, "", reading).has_value());
}

TEST_CASE("a token comes from a file as a password does") {
  const TemporaryFile file("ya29.token\n", 0644);
  cli::CredentialOptions options;
  options.token_file = file.path();
  SecretReading reading{soon()};
  CHECK(read_token(options, "", reading)->expose() == "ya29.token");
  CHECK(reading.readable_files.size() == 1);
}
