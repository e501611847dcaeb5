// The habits of getopt_long that users of other check plugins rely on, one test each.
#include "cli/parse.h"

#include <algorithm>
#include <functional>

#include "support/catch2.h"
#include "unit/cli/command_line.h"

using namespace mailcheck;
using namespace mailcheck::cli;
using mailcheck::test::CommandLine;
using mailcheck::test::error_of;
using Words = std::vector<std::string>;

namespace {

// A small plugin: scalars, flags, a repeatable option and a secret; every application is written down.
struct Fixture {
  Fixture() {
    table.add({.name = "hostname", .letter = 'H', .value_name = "HOST", .apply = note("hostname")});
    table.add({.name = "port", .letter = 'p', .value_name = "PORT", .apply = note("port")});
    table.add({.name = "portal", .value_name = "X", .apply = note("portal")});
    table.add(
        {.name = "warning", .letter = 'w', .value_name = "RANGE", .repeat = Repeat::accumulates, .apply = note("w")});
    table.add({.name = "critical", .letter = 'c', .value_name = "RANGE", .apply = note("c")});
    table.add({.name = "require-tls", .letter = 'S', .apply = note("S")});
    table.add({.name = "insecure", .apply = note("insecure")});
    table.add({.name = "ipv4", .letter = '4', .apply = note("4")});
    table.add({.name = "verbose", .letter = 'v', .repeat = Repeat::accumulates, .apply = note("v")});
    table.add({.name = "password", .letter = 'P', .value_name = "PASSWORD", .is_secret = true, .apply = note("P")});
    table.add({.name = "note", .value_name = "TEXT", .characters = Characters::any, .apply = note("note")});
    table.add({.name = "help", .letter = 'h', .timing = Timing::immediate, .apply = [](std::string_view) {
                 throw plugin::InformationRequest{"the help"};
               }});
  }
  Fixture(const Fixture&) = delete;
  Fixture& operator=(const Fixture&) = delete;

  std::function<void(std::string_view)> note(std::string name) {
    return [this, name](std::string_view value) {
      applied.push_back(value.empty() ? name : name + "=" + std::string(value));
    };
  }
  // What was applied, in the order of declaration.
  Words run(std::initializer_list<std::string> words) {
    applied.clear();
    CommandLine line(words);
    parse(table, line.argv());
    return applied;
  }
  std::string error(std::initializer_list<std::string> words) { return error_of(table, words); }

  OptionTable table;
  Words applied;
};

}  // namespace

TEST_CASE_METHOD(Fixture, "attached values belong to their letter") {
  CHECK(run({"-w5", "-p587"}) == Words{"port=587", "w=5"});
}

TEST_CASE_METHOD(Fixture, "long options may be shortened as long as one is meant") {
  CHECK(run({"--host", "mail"}) == Words{"hostname=mail"});
  CHECK(run({"--host=mail"}) == Words{"hostname=mail"});
  CHECK(run({"--insec"}) == Words{"insecure"});
}

TEST_CASE_METHOD(Fixture, "an exact long option wins over a longer one that starts with it") {
  CHECK(run({"--port", "25"}) == Words{"port=25"});
  CHECK(run({"--porta", "25"}) == Words{"portal=25"});
}

TEST_CASE_METHOD(Fixture, "a shortened option that could be several is refused with the candidates") {
  CHECK(error({"--por", "25"}) == "--por: ambiguous, could be --port or --portal");
  CHECK(error({"--p=25"}) == "--p: ambiguous, could be --port, --portal or --password");
}

TEST_CASE_METHOD(Fixture, "a long option takes its value after = or as the next word") {
  CHECK(run({"--warning=10", "--critical", "20"}) == Words{"w=10", "c=20"});
  CHECK(run({"--hostname=a=b"}) == Words{"hostname=a=b"});
}

TEST_CASE_METHOD(Fixture, "bundled flags are one each, the last may bring a value") {
  CHECK(run({"-Sv"}) == Words{"S", "v"});
  CHECK(run({"-vvv"}) == Words{"v", "v", "v"});
  CHECK(run({"-Svp587"}) == Words{"port=587", "S", "v"});
  CHECK(run({"-Svp", "587"}) == Words{"port=587", "S", "v"});
}

TEST_CASE_METHOD(Fixture, "a value that starts with a dash is the value") {
  CHECK(run({"-w", "-10:-2"}) == Words{"w=-10:-2"});
  CHECK(run({"-w-10:-2"}) == Words{"w=-10:-2"});
  CHECK(run({"--warning", "-10:-2"}) == Words{"w=-10:-2"});
  CHECK(run({"-w", "--", "-v"}) == Words{"w=--", "v"});
  CHECK(run({"-w", "-4"}) == Words{"w=-4"});
  CHECK(run({"-H", "-v"}) == Words{"hostname=-v"});
}

TEST_CASE_METHOD(Fixture, "ranges are passed on literally") {
  const auto* range = GENERATE("@10:20", "~:5", ":", "@~:", "[1,2]", "{}", "\"q\"", "a b", "=5", "%%");
  CHECK(run({"-w", range, "-c", range}) == Words{std::string("w=") + range, std::string("c=") + range});
  CHECK(run({std::string("--warning=") + range}) == Words{std::string("w=") + range});
}

TEST_CASE_METHOD(Fixture, "the last of a repeated scalar wins") {
  CHECK(run({"-p25", "--port=465", "-p", "587"}) == Words{"port=587"});
}

TEST_CASE_METHOD(Fixture, "repeatable options add up in their order") {
  CHECK(run({"-w", "a=1", "--warning=b=2", "-wc=3"}) == Words{"w=a=1", "w=b=2", "w=c=3"});
}

TEST_CASE_METHOD(Fixture, "an empty extra argument is ignored") {
  CHECK(run({"", "-p", "25", ""}) == Words{"port=25"});
  CHECK(run({"-p", "25", "--", ""}) == Words{"port=25"});
}

TEST_CASE_METHOD(Fixture, "any other extra argument is refused by name") {
  CHECK(error({"-p", "25", "mail.example"}) == "expected options only, got the argument 'mail.example'");
  CHECK(error({"-"}) == "expected options only, got the argument '-'");
}

TEST_CASE_METHOD(Fixture, "two dashes end the options") {
  CHECK(run({"-v", "--"}) == Words{"v"});
  CHECK(error({"--", "-v"}) == "expected options only, got the argument '-v'");
}

TEST_CASE_METHOD(Fixture, "an empty word after an option is its value") {
  CHECK(run({"-H", "", "-v"}) == Words{"hostname", "v"});
  CHECK(run({"--hostname=", "-v"}) == Words{"hostname", "v"});
}

TEST_CASE_METHOD(Fixture, "a flag with a value is refused") {
  CHECK(error({"--insecure=yes"}) == "--insecure: takes no value");
  CHECK(error({"--insec="}) == "--insecure: takes no value");
  CHECK(error({"--verbose=2"}) == "--verbose: takes no value; give it again for more, as in -vv");
  CHECK(error({"-v=2"}) == "--verbose: takes no value; give it again for more, as in -vv");
  CHECK(error({"-vS=2"}) == "--require-tls: takes no value");
  CHECK(error({"-="}) == "-=: unknown option, see --help");
}

TEST_CASE_METHOD(Fixture, "a missing value is refused with what was expected") {
  CHECK(error({"-v", "-p"}) == "--port: expected PORT, got nothing");
  CHECK(error({"--hostname"}) == "--hostname: expected HOST, got nothing");
  CHECK(error({"-Svp"}) == "--port: expected PORT, got nothing");
}

TEST_CASE_METHOD(Fixture, "an unknown option is named, with a near one if there is any") {
  CHECK(error({"--hotsname", "x"}) == "--hotsname: unknown option, did you mean --hostname?");
  CHECK(error({"--Verbose"}) == "--Verbose: unknown option, did you mean --verbose?");
  CHECK(error({"--quux=1"}) == "--quux: unknown option, see --help");
  CHECK(error({"-vX"}) == "-X: unknown option, see --help");
  CHECK(error({"--=5"}) == "--: unknown option, see --help");
  CHECK(error({"--ho\nst"}) == "--ho st: unknown option, see --help");
}

TEST_CASE_METHOD(Fixture, "what an option says about its value carries the option's name") {
  table.add({.name = "count", .letter = 'n', .value_name = "N", .apply = [](std::string_view) {
               throw plugin::UsageError{"expected a number"};
             }});
  CHECK(error({"-n", "x"}) == "--count: expected a number");
}

TEST_CASE_METHOD(Fixture, "control characters in a value are refused, unless the option allows them") {
  const auto* bad = GENERATE("a\rb", "a\nb", "a\r\nLOGOUT", "\x1b[31m", "a\tb", "\x7f");
  const std::string expected = ": expected a value without line breaks and control characters";
  CHECK(error({"-H", bad}) == "--hostname" + expected);
  CHECK(error({std::string("--hostname=") + bad}) == "--hostname" + expected);
  CHECK(error({"-P", bad}) == "--password" + expected);
  CHECK(error({"-H", bad, "-H", "overridden"}) == "--hostname" + expected);
  CHECK(run({"--note", bad}) == Words{std::string("note=") + bad});
}

TEST_CASE_METHOD(Fixture, "UTF-8 in a value is no control character") {
  CHECK(run({"-H", "b\xc3\xbc\x63her"}) == Words{"hostname=b\xc3\xbc\x63her"});
}

TEST_CASE_METHOD(Fixture, "help answers if nothing wrong stands before it") {
  CHECK_THROWS_AS(run({"-h"}), plugin::InformationRequest);
  CHECK_THROWS_AS(run({"-p", "25", "--hel", "--unknown"}), plugin::InformationRequest);
  CHECK_THROWS_AS(run({"-vh"}), plugin::InformationRequest);
  CHECK(error({"--unknown", "-h"}) == "--unknown: unknown option, see --help");
  CHECK(run({"-H", "-h"}) == Words{"hostname=-h"});
}

TEST_CASE_METHOD(Fixture, "nothing is applied when something is wrong") {
  CHECK(error({"-p25", "--quux"}) == "--quux: unknown option, see --help");
  CHECK(applied.empty());
}

TEST_CASE_METHOD(Fixture, "the final checks run last and in turn") {
  table.add_final_check([this] { applied.emplace_back("first"); });
  table.add_final_check([] { throw plugin::UsageError{"--a: contradicts --b"}; });
  CHECK(error({"-p25"}) == "--a: contradicts --b");
  CHECK(applied == Words{"port=25", "first"});
}

TEST_CASE_METHOD(Fixture, "no arguments at all are no error here") {
  CHECK(run({}).empty());
  parse(table, {});
  CHECK(applied.empty());
}

TEST_CASE_METHOD(Fixture, "a password leaves the memory of argv, however it was written") {
  const auto words = GENERATE(Words{"-P", "s3cr3t"}, Words{"-Ps3cr3t"}, Words{"-SvPs3cr3t"}, Words{"-SvP", "s3cr3t"},
                              Words{"--password=s3cr3t"}, Words{"--password", "s3cr3t"}, Words{"--pass", "s3cr3t"},
                              Words{"--pass=s3cr3t"}, Words{"-P", "s3cr3t", "-v"});
  std::vector<char*> argv;
  Words memory = {"check_test"};
  memory.insert(memory.end(), words.begin(), words.end());
  for (std::string& word : memory) argv.push_back(word.data());
  parse(table, argv);
  CHECK(std::count(applied.begin(), applied.end(), "P=s3cr3t") == 1);
  for (const std::string& word : memory) {
    CAPTURE(word);
    CHECK(word.find("s3cr3t") == std::string::npos);
  }
}

TEST_CASE_METHOD(Fixture, "a password is gone from argv before its option is applied, and when parsing fails") {
  CommandLine line({"-z", "-Ps3cr3t", "-H", "x"});
  std::string seen = "not looked";
  table.add({.name = "zeal",
             .letter = 'z',
             .timing = Timing::immediate,  // the earliest that any code of an option can run
             .apply = [&](std::string_view) { seen = line.memory(); }});
  CommandLine failing({"--quux", "-P", "s3cr3t", "--password=s3cr3t"});
  CHECK_THROWS_AS(parse(table, failing.argv()), plugin::UsageError);
  CHECK(failing.memory().find("s3cr3t") == std::string::npos);

  parse(table, line.argv());
  CHECK(seen.find("s3cr3t") == std::string::npos);
  CHECK(seen.find("-H") != std::string::npos);
}

TEST_CASE_METHOD(Fixture, "a misspelt password option leaves nothing behind and shows nothing") {
  table.add({.name = "password-file", .value_name = "FILE", .apply = note("file")});
  const auto words = GENERATE(Words{"--passw=s3cr3t"}, Words{"--passw", "s3cr3t"}, Words{"--pasword=s3cr3t"},
                              Words{"-vXPs3cr3t"}, Words{"--insecure", "--passwords=s3cr3t"});
  std::vector<char*> argv;
  Words memory = {"check_test"};
  memory.insert(memory.end(), words.begin(), words.end());
  for (std::string& word : memory) argv.push_back(word.data());
  std::string error;
  try {
    parse(table, argv);
  } catch (const plugin::UsageError& usage) {
    error = usage.text;
  }
  CHECK_FALSE(error.empty());
  CHECK(error.find("s3cr3t") == std::string::npos);
  for (const std::string& word : memory) CHECK(word.find("s3cr3t") == std::string::npos);
}
