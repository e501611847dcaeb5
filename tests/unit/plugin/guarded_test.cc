#include "plugin/guarded.h"

#include <fcntl.h>
#include <sys/wait.h>
#include <unistd.h>

#include <array>
#include <csignal>
#include <nlohmann/json.hpp>
#include <stdexcept>
#include <vector>

#include "plugin/usage_error.h"
#include "support/catch2.h"

using namespace mailcheck::plugin;
using Json = nlohmann::ordered_json;

namespace {

Outcome throw_usage(const std::string& text, Format format = Format::plain) {
  return run_guarded("IMAP", format, [&]() -> Outcome { throw UsageError{text}; });
}

Format format_of(std::vector<std::string> words) {
  std::string program = "check_x";
  std::vector<char*> arguments{program.data()};
  for (std::string& word : words) arguments.push_back(word.data());
  return find_format(arguments);
}

// What a child process with this body leaves behind. Its stdout is prepared by the caller.
struct Left {
  int code = -1;
  std::string output = {};
  std::string errors = {};
};

std::string read_all(int descriptor) {
  std::string text;
  std::array<char, 4096> buffer{};
  for (ssize_t size = 0; (size = ::read(descriptor, buffer.data(), buffer.size())) > 0;) {
    text.append(buffer.data(), static_cast<std::size_t>(size));
  }
  return text;
}

using Pipe = std::array<int, 2>;

Pipe make_pipe() {
  Pipe ends{};
  REQUIRE(::pipe(ends.data()) == 0);
  return ends;
}

[[noreturn]] void become_plugin(const Pipe& out, const Pipe& err, const std::function<int()>& program) {
  ::dup2(out[1], STDOUT_FILENO);
  ::dup2(err[1], STDERR_FILENO);
  for (const int end : {out[0], out[1], err[0], err[1]}) ::close(end);
  ::_exit(program());
}

Left run_in_child(const std::function<int()>& program, useconds_t reader_waits = 0) {
  const Pipe out = make_pipe();
  const Pipe err = make_pipe();
  const pid_t child = ::fork();
  REQUIRE(child >= 0);
  if (child == 0) become_plugin(out, err, program);
  ::close(out[1]);
  ::close(err[1]);
  ::usleep(reader_waits);
  Left left{.output = read_all(out[0]), .errors = read_all(err[0])};
  ::close(out[0]);
  ::close(err[0]);
  int status = 0;
  ::waitpid(child, &status, 0);
  if (WIFEXITED(status)) left.code = WEXITSTATUS(status);
  return left;
}

Outcome fine() {
  return {0, "IMAP OK - fine\n"};
}

}  // namespace

TEST_CASE("an outcome passes through as it is") {
  const Outcome outcome = run_guarded("IMAP", Format::plain, [] { return Outcome{1, "IMAP WARNING - x\n"}; });
  CHECK(outcome.code == 1);
  CHECK(outcome.output == "IMAP WARNING - x\n");
}

TEST_CASE("a code that is no state becomes 3") {
  for (const int code : {-1, 4, 100, 256}) {
    CHECK(run_guarded("IMAP", Format::plain, [&] { return Outcome{code, "x\n"}; }).code == 3);
  }
}

TEST_CASE("a usage error is one clean line and exit 3") {
  const Outcome outcome = throw_usage("--port: expected a number from 1 to 65535, not '70000'");
  CHECK(outcome.code == 3);
  CHECK(outcome.output == "IMAP UNKNOWN - --port: expected a number from 1 to 65535, not '70000'\n");
  CHECK(throw_usage("-H: not 'a|b\nIMAP OK'").output == "IMAP UNKNOWN - -H: not 'a/b IMAP OK'\n");
  CHECK(throw_usage(std::string(100000, 'x')).output.size() < 2100);
}

TEST_CASE("a usage error in JSON is an object of the same shape as a report") {
  const Outcome outcome = throw_usage("--port: not 'a\nb\xff'", Format::json);
  CHECK(outcome.code == 3);
  const Json object = Json::parse(outcome.output);
  const Json report = Json::parse(render(Report{}, {.format = Format::json}));
  for (const auto& [key, value] : report.items()) CHECK(object.contains(key));
  CHECK(object["service"] == "IMAP");
  CHECK(object["state"] == "UNKNOWN");
  CHECK(object["code"] == 3);
  CHECK(object["summary"] == "--port: not 'a b?'");
  CHECK(object["steps"].empty());
  CHECK(object["findings"][0]["name"] == "usage");
}

TEST_CASE("a usage error for Prometheus is a state, a finding and a comment") {
  const std::string text = throw_usage("--port: not 'a\n# HELP b'", Format::prometheus).output;
  CHECK(text.starts_with("# IMAP UNKNOWN - --port: not 'a # HELP b'\n# HELP mailcheck_state "));
  CHECK(text.find("\nmailcheck_state{service=\"IMAP\"} 3\n") != std::string::npos);
  CHECK(text.find("\nmailcheck_finding{service=\"IMAP\",name=\"usage\",state=\"UNKNOWN\"} 1\n") != std::string::npos);
  CHECK(text.find("\nmailcheck_last_run_timestamp_seconds{service=\"IMAP\"} 0\n") == std::string::npos);
}

TEST_CASE("help for Prometheus is comments, whatever its lines begin with") {
  const auto help = []() -> Outcome { throw InformationRequest{"usage:\nHELP x y\n\nend"}; };
  const Outcome outcome = run_guarded("IMAP", Format::prometheus, help);
  CHECK(outcome.code == 3);
  CHECK(outcome.output.starts_with("#| usage:\n#| HELP x y\n#| \n#| end\n# IMAP UNKNOWN - usage:\n"));
  CHECK(outcome.output.find("name=\"information\"") != std::string::npos);
}

TEST_CASE("help and version are printed as they are, with exit 3; in JSON they are a list of lines") {
  const auto help = []() -> Outcome { throw InformationRequest{"usage:\n  -H HOST\n\nend"}; };
  CHECK(run_guarded("IMAP", Format::plain, help).code == 3);
  CHECK(run_guarded("IMAP", Format::plain, help).output == "usage:\n  -H HOST\n\nend\n");
  const Outcome outcome = run_guarded("IMAP", Format::json, help);
  const Json object = Json::parse(outcome.output);
  CHECK(outcome.code == 3);
  CHECK(object["code"] == 3);
  CHECK(object["summary"] == "usage:");
  CHECK(object["findings"][0]["name"] == "information");
  CHECK(object["facts"]["text"] == std::vector<std::string>{"usage:", "-H HOST", "", "end"});
}

TEST_CASE("a stray exception of any type is UNKNOWN with its words") {
  const auto standard = []() -> Outcome { throw std::runtime_error("no\nroom"); };
  CHECK(run_guarded("IMAP", Format::plain, standard).output == "IMAP UNKNOWN - internal error: no room\n");
  CHECK(Json::parse(run_guarded("IMAP", Format::json, standard).output)["findings"][0]["name"] == "internal-error");
  const auto other = []() -> Outcome { throw 42; };
  CHECK(run_guarded("IMAP", Format::plain, other).output ==
        "IMAP UNKNOWN - internal error: an exception of unknown type\n");
  CHECK(run_guarded("IMAP", Format::plain, other).code == 3);
}

TEST_CASE("the text goes to stdout whole, nothing to stderr, and the state is the exit code") {
  const Left left = run_in_child([] {
    return guarded("IMAP", Format::plain, [] { return Outcome{2, std::string(300000, 'x')}; });
  });
  CHECK(left.code == 2);
  CHECK(left.output == std::string(300000, 'x'));
  CHECK(left.errors.empty());
  const Left broken =
      run_in_child([] { return guarded("IMAP", Format::plain, []() -> Outcome { throw UsageError{"-p: bad"}; }); });
  CHECK(broken.code == 3);
  CHECK(broken.output == "IMAP UNKNOWN - -p: bad\n");
  CHECK(broken.errors.empty());
}

TEST_CASE("an interrupted write is taken up again") {
  const auto program = [] {
    struct sigaction action {};
    action.sa_handler = [](int) {};  // without SA_RESTART
    ::sigaction(SIGALRM, &action, nullptr);
    ::ualarm(500, 500);
    return guarded("IMAP", Format::plain, [] { return Outcome{0, std::string(2000000, 'y')}; });
  };
  // The pipe is full long before anybody reads, so that a write is interrupted with nothing written.
  const Left left = run_in_child(program, 20000);
  CHECK(left.code == 0);
  CHECK(left.output == std::string(2000000, 'y'));
}

TEST_CASE("a stdout that somebody made non-blocking is waited for") {
  const Left left = run_in_child([] {
    ::fcntl(STDOUT_FILENO, F_SETFL, ::fcntl(STDOUT_FILENO, F_GETFL) | O_NONBLOCK);
    return guarded("IMAP", Format::plain, [] { return Outcome{0, std::string(2000000, 'z')}; });
  });
  CHECK(left.code == 0);
  CHECK(left.output.size() == 2000000);
}

TEST_CASE("a stdout that cannot be written is exit 3, not a signal") {
  CHECK(run_in_child([] {
          ::close(STDOUT_FILENO);
          return guarded("IMAP", Format::plain, fine);
        }).code == 3);
  CHECK(run_in_child([] {
          const int full = ::open("/dev/full", O_WRONLY);
          ::dup2(full, STDOUT_FILENO);
          return guarded("IMAP", Format::plain, fine);
        }).code == 3);
  CHECK(run_in_child([] {
          Pipe ends{};
          if (::pipe(ends.data()) != 0) return 99;
          ::close(ends[0]);
          ::dup2(ends[1], STDOUT_FILENO);
          return guarded("IMAP", Format::plain, fine);
        }).code == 3);
}

TEST_CASE("the output format is found before the options are parsed") {
  CHECK(format_of({}) == Format::plain);
  CHECK(format_of({"-H", "x"}) == Format::plain);
  for (const std::string option : {"--ou", "--out", "--outp", "--outpu", "--output"}) {
    CAPTURE(option);
    CHECK(format_of({"--bad", option, "json", "-H", "x"}) == Format::json);
    CHECK(format_of({option + "=json"}) == Format::json);
    CHECK(format_of({option + "=plain"}) == Format::plain);
  }
  CHECK(format_of({"--output", "json", "--output", "plain"}) == Format::plain);
  for (const std::string spelling : {"JSON", "Json", "jsoN"}) CHECK(format_of({"--output", spelling}) == Format::json);
  for (const std::string spelling : {"prometheus", "Prometheus"}) {
    CHECK(format_of({"--output", spelling}) == Format::prometheus);
  }
  for (const std::string other : {"prometheu", "jso", "jsonx", "J", "\nson"})
    CHECK(format_of({"--output", other}) == Format::plain);
  CHECK(format_of({"--output=plain", "--out=json"}) == Format::json);
}

TEST_CASE("what only looks like the output option is not taken for it") {
  CHECK(format_of({"--o", "json"}) == Format::plain);
  CHECK(format_of({"--", "--output=json"}) == Format::plain);
  CHECK(format_of({"--outputs=json"}) == Format::plain);
  CHECK(format_of({"-output", "json"}) == Format::plain);
  CHECK(format_of({"--output"}) == Format::plain);
  CHECK(format_of({"--output", ""}) == Format::plain);
  CHECK(format_of({"", "--"}) == Format::plain);
  CHECK(find_format({}) == Format::plain);
}
