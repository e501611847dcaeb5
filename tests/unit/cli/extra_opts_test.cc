// --extra-opts as users of other check plugins know it.
#include "cli/extra_opts.h"

#include <fcntl.h>
#include <unistd.h>

#include <functional>

#include "cli/ini_file.h"
#include "support/catch2.h"
#include "unit/cli/command_line.h"

using namespace mailcheck;
using namespace mailcheck::cli;
using mailcheck::test::CommandLine;
using mailcheck::test::Folder;
using mailcheck::test::Variable;
using Words = std::vector<std::string>;

namespace {

struct Fixture {
  Fixture() {
    table.add({.name = "hostname", .letter = 'H', .value_name = "HOST", .apply = note("hostname")});
    table.add({.name = "port", .letter = 'p', .value_name = "PORT", .apply = note("port")});
    table.add(
        {.name = "warning", .letter = 'w', .value_name = "RANGE", .repeat = Repeat::accumulates, .apply = note("w")});
    table.add({.name = "insecure", .letter = 'k', .apply = note("insecure")});
    table.add({.name = "password", .letter = 'P', .value_name = "PASSWORD", .is_secret = true, .apply = note("P")});
    add_extra_opts_option(table, files);
  }
  Fixture(const Fixture&) = delete;
  Fixture& operator=(const Fixture&) = delete;

  std::function<void(std::string_view)> note(std::string name) {
    return [this, name](std::string_view value) {
      applied.push_back(value.empty() ? name : name + "=" + std::string(value));
    };
  }
  Words run(std::initializer_list<std::string> words) {
    applied.clear();
    CommandLine line(words);
    parse(table, line.argv());
    return applied;
  }
  std::string error(std::initializer_list<std::string> words) { return test::error_of(table, words); }
  // Runs one section [check_test] with these lines.
  Words run_section(std::string_view lines) {
    const std::string file = folder.write("one.ini", "[check_test]\n" + std::string(lines));
    return run({"--extra-opts=@" + file});
  }
  std::string error_of_section(std::string_view lines) {
    const std::string file = folder.write("one.ini", "[check_test]\n" + std::string(lines));
    const std::string text = error({"--extra-opts=@" + file});
    const std::size_t at = text.find(file);
    return at == std::string::npos ? text : text.substr(0, at) + "FILE" + text.substr(at + file.size());
  }

  Variable no_file{"MP_CONFIG_FILE", nullptr};
  Variable no_path{"NAGIOS_CONFIG_PATH", nullptr};
  Words files;
  OptionTable table;
  Words applied;
  Folder folder;
};

}  // namespace

TEST_CASE_METHOD(Fixture, "section and file may both be named") {
  const std::string file = folder.write("a.ini", "[mail]\nport=25\n[other]\nport=26\n");
  CHECK(run({"--extra-opts=mail@" + file}) == Words{"port=25"});
  CHECK(run({"--extra-opts", "other@" + file}) == Words{"port=26"});
  CHECK(run({"--extra", "other@" + file}) == Words{"port=26"});
}

TEST_CASE_METHOD(Fixture, "the section is the program's name unless given") {
  const std::string file = folder.write("a.ini", "[mail]\nport=25\n[check_test]\nport=26\n");
  CHECK(run({"--extra-opts=@" + file}) == Words{"port=26"});
}

TEST_CASE_METHOD(Fixture, "MP_CONFIG_FILE names the file, with and without a section") {
  const std::string file = folder.write("a.ini", "[mail]\nport=25\n[check_test]\nport=26\n");
  const Variable variable("MP_CONFIG_FILE", file.c_str());
  CHECK(run({"--extra-opts"}) == Words{"port=26"});
  CHECK(run({"--extra-opts="}) == Words{"port=26"});
  CHECK(run({"--extra-opts", ""}) == Words{"port=26"});
  CHECK(run({"--extra-opts=mail"}) == Words{"port=25"});
  CHECK(run({"--extra-opts", "-k"}) == Words{"port=26", "insecure"});
}

TEST_CASE_METHOD(Fixture, "NAGIOS_CONFIG_PATH is a list of folders, three names are looked for in each") {
  folder.write("b/plugins.ini", "[check_test]\nport=1\n");
  folder.write("c/monitoring-plugins.ini", "[check_test]\nport=2\n");
  folder.write("c/plugins.ini", "[check_test]\nport=3\n");
  const std::string path = ":" + folder.path() + "/a::" + folder.path() + "/b:" + folder.path() + "/c";
  {
    const Variable variable("NAGIOS_CONFIG_PATH", path.c_str());
    CHECK(default_ini_file() == folder.path() + "/b/plugins.ini");
    CHECK(run({"--extra-opts"}) == Words{"port=1"});
  }
  const Variable variable("NAGIOS_CONFIG_PATH", (folder.path() + "/c").c_str());
  CHECK(run({"--extra-opts"}) == Words{"port=2"});
  const std::string file = folder.write("mine.ini", "[check_test]\nport=4\n");
  const Variable first("MP_CONFIG_FILE", file.c_str());
  CHECK(run({"--extra-opts"}) == Words{"port=4"});
}

TEST_CASE_METHOD(Fixture, "the command line wins over the file, wherever the option stands") {
  const std::string file = folder.write("a.ini", "[check_test]\nport=25\nwarning=1\n");
  CHECK(run({"-p", "587", "--extra-opts=@" + file}) == Words{"port=587", "w=1"});
  CHECK(run({"--extra-opts=@" + file, "-p", "587", "-w2"}) == Words{"port=587", "w=1", "w=2"});
}

TEST_CASE_METHOD(Fixture, "several files and sections add up, the later one wins") {
  const std::string file = folder.write("a.ini", "[a]\nport=1\nwarning=1\n[b]\nport=2\nwarning=2\n");
  CHECK(run({"--extra-opts=a@" + file, "--extra-opts=b@" + file}) == Words{"port=2", "w=1", "w=2"});
  CHECK(run({"--extra-opts=b@" + file, "--extra-opts=a@" + file}) == Words{"port=1", "w=2", "w=1"});
}

TEST_CASE_METHOD(Fixture, "the names of the files are kept, however they were found") {
  const std::string file = folder.write("a.ini", "[check_test]\nport=25\n[mail]\nport=26\n");
  const Variable named{"MP_CONFIG_FILE", file.c_str()};
  run({"--extra-opts", "--extra-opts=mail", "--extra-opts=mail@" + file, "-p1"});
  CHECK(files == Words{file, file, file});
}

TEST_CASE_METHOD(Fixture, "a section that appears twice is one") {
  CHECK(run_section("port=1\n[other]\nport=9\n[check_test]\nwarning=5\n") == Words{"port=1", "w=5"});
}

TEST_CASE_METHOD(Fixture, "lines are read as upstream reads them") {
  struct Row {
    const char* lines;
    Words expected;
  };
  const auto row = GENERATE(values<Row>({
      {"port = 25\n", {"port=25"}},
      {"  \t port\t=\t25 \t\r\n", {"port=25"}},
      {"port=25", {"port=25"}},
      {"\n\n# port=1\n; port=2\n   # port=3\nport=25\n", {"port=25"}},
      {"hostname=a # b ; c\n", {"hostname=a # b ; c"}},
      {"hostname=a=b=c\n", {"hostname=a=b=c"}},
      {"password=two words\n", {"P=two words"}},
      {"password=\"quoted\"\n", {"P=\"quoted\""}},
      {"password='quoted'\n", {"P='quoted'"}},
      {"insecure=\n", {"insecure"}},
      {"insecure =   \n", {"insecure"}},
      {"k=\n", {"insecure"}},
      {"p=587\n", {"port=587"}},
      {"p = 587\n", {"port=587"}},
      {"host=a\n", {"hostname=a"}},
      {"w=-10:-2\nwarning=@1:2\n", {"w=-10:-2", "w=@1:2"}},
      {"port=1\nport=2\n", {"port=2"}},
  }));
  CAPTURE(row.lines);
  CHECK(run_section(row.lines) == row.expected);
}

TEST_CASE_METHOD(Fixture, "bad lines are refused with file, line and what was expected") {
  struct Row {
    const char* lines;
    const char* expected;
  };
  const auto row = GENERATE(values<Row>({
      {"port=1\nnonsense\n", "--extra-opts: FILE:3: expected KEY=VALUE, or KEY= for a flag"},
      {"=5\n", "--extra-opts: FILE:2: expected an option's name before the ="},
      {"prot=5\n", "--extra-opts: FILE:2: --prot: unknown option, did you mean --port?"},
      {"x=5\n", "--extra-opts: FILE:2: -x: unknown option, see --help"},
      {"insecure=yes\n", "--extra-opts: FILE:2: --insecure: takes no value, write 'insecure='"},
      {"port=\n", "--extra-opts: FILE:2: --port: expected PORT, got nothing"},
      {"extra-opts=other\n", "--extra-opts: FILE:2: --extra-opts: works on the command line only"},
      {"hostname=a\x01"
       "b\n",
       "FILE:2: --hostname: expected a value without line breaks and control characters"},
      {"hostname=a\rb\n", "FILE:2: --hostname: expected a value without line breaks and control characters"},
  }));
  CAPTURE(row.lines);
  CHECK(error_of_section(row.lines) == row.expected);
}

TEST_CASE_METHOD(Fixture, "a NUL byte in a value is refused") {
  CHECK(error_of_section(std::string("hostname=a\0b\n", 13)) ==
        "FILE:2: --hostname: expected a value without line breaks and control characters");
}

TEST_CASE_METHOD(Fixture, "what an option says about a value from a file carries file and line") {
  table.add({.name = "count", .value_name = "N", .apply = [](std::string_view) {
               throw plugin::UsageError{"expected a number"};
             }});
  CHECK(error_of_section("\ncount=x\n") == "FILE:3: --count: expected a number");
}

TEST_CASE_METHOD(Fixture, "a missing or empty section is refused") {
  const std::string file = folder.write("a.ini", "[empty]\n# port=25\n[full]\nport=25\n");
  CHECK(error({"--extra-opts=none@" + file}) == "--extra-opts: section [none] of '" + file + "' is missing or empty");
  CHECK(error({"--extra-opts=empty@" + file}) == "--extra-opts: section [empty] of '" + file + "' is missing or empty");
  CHECK(error({"--extra-opts=FULL@" + file}) != "");
  const std::string nothing = folder.write("b.ini", "");
  CHECK(error({"--extra-opts=full@" + nothing}) != "");
}

TEST_CASE_METHOD(Fixture, "a line before the first section is refused") {
  const std::string file = folder.write("a.ini", "# fine\nport=25\n[mail]\nport=26\n");
  CHECK(error({"--extra-opts=mail@" + file}) ==
        "--extra-opts: " + file + ":2: expected a [section] before the first entry");
}

TEST_CASE_METHOD(Fixture, "other sections may hold what other plugins understand") {
  CHECK(run_section("port=25\n[check_disk]\nnonsense\nx y z=\n=\n") == Words{"port=25"});
}

TEST_CASE_METHOD(Fixture, "section names may have space around them and text behind") {
  const std::string file =
      folder.write("a.ini", "\xEF\xBB\xBF  [ mail ] ; the mail server\nport=25\n[broken\nport=1\n");
  CHECK(run({"--extra-opts=mail@" + file}) == Words{"port=25"});
}

TEST_CASE_METHOD(Fixture, "a missing file, a folder and a name left out are refused") {
  const std::string none = folder.path() + "/none.ini";
  CHECK(error({"--extra-opts=@" + none}) == "--extra-opts: cannot read '" + none + "': No such file or directory");
  CHECK(error({"--extra-opts=@" + folder.path()}) ==
        "--extra-opts: cannot read '" + folder.path() + "': Is a directory");
  CHECK(error({"--extra-opts=mail@"}) == "--extra-opts: expected a file name after the @");
  const Variable variable("MP_CONFIG_FILE", none.c_str());
  CHECK(error({"--extra-opts"}) == "--extra-opts: cannot read '" + none + "': No such file or directory");
}

TEST_CASE_METHOD(Fixture, "a file may have 1 MiB and no more") {
  const std::string head = "[check_test]\nport=25\n#";
  const std::string fits = folder.write("fits.ini", head + std::string(1024 * 1024 - head.size(), 'x'));
  CHECK(run({"--extra-opts=@" + fits}) == Words{"port=25"});
  const std::string large = folder.write("large.ini", head + std::string(1024 * 1024 - head.size() + 1, 'x'));
  CHECK(error({"--extra-opts=@" + large}) == "--extra-opts: expected at most 1024 KiB in '" + large + "'");
}

TEST_CASE_METHOD(Fixture, "a dash reads standard input") {
  const std::string file = folder.write("stdin.ini", "[check_test]\nport=25\n");
  const int saved = ::dup(STDIN_FILENO);
  const int input = ::open(file.c_str(), O_RDONLY);
  REQUIRE(input >= 0);
  REQUIRE(::dup2(input, STDIN_FILENO) == STDIN_FILENO);
  const Words result = run({"--extra-opts=@-"});
  if (saved >= 0) {
    ::dup2(saved, STDIN_FILENO);
    ::close(saved);
  }
  ::close(input);
  CHECK(result == Words{"port=25"});
}

TEST_CASE("errors about a file never show the line") {
  try {
    (void)read_ini_section("[a]\npassword s3cr3t\n", "a", "x.ini");
    FAIL("accepted");
  } catch (const plugin::UsageError& error) {
    CHECK(error.text == "x.ini:2: expected KEY=VALUE, or KEY= for a flag");
  }
}
