#include "cli/describe.h"

#include <nlohmann/json.hpp>

#include "cli/common_options.h"
#include "cli/credential_options.h"
#include "cli/tls_options.h"
#include "support/catch2.h"
#include "unit/cli/command_line.h"

using namespace mailcheck;
using namespace mailcheck::cli;

namespace {

// A whole plugin's options.
struct Fixture {
  Fixture() {
    add_common_options(table, common, {.program = program, .labels = {"total"}, .findings = {"untrusted"}});
    add_tls_options(table, tls, "");
    add_credential_options(table, credentials, {.mechanisms = {"PLAIN", "LOGIN"}});
  }
  Fixture(const Fixture&) = delete;
  Fixture& operator=(const Fixture&) = delete;

  ProgramDescription program{"check_test", "-H HOST [options]", "Logs in and looks."};
  OptionTable table;
  CommonOptions common;
  TlsOptions tls;
  CredentialOptions credentials;
};

std::vector<std::string> lines_of(std::string_view text) {
  std::vector<std::string> lines;
  while (!text.empty()) {
    const std::size_t end = text.find('\n');
    lines.emplace_back(text.substr(0, end));
    text.remove_prefix(end == std::string_view::npos ? text.size() : end + 1);
  }
  return lines;
}

bool contains(std::string_view text, std::string_view part) {
  return text.find(part) != std::string_view::npos;
}

}  // namespace

TEST_CASE_METHOD(Fixture, "help opens with usage and sentence, has lines of at most 80 columns and every option") {
  const std::string page = help_page(table, program);
  const auto lines = lines_of(page);
  CHECK(lines[0] == "usage: check_test -H HOST [options]");
  CHECK(lines[1] == "Logs in and looks.");
  for (const std::string& line : lines) {
    CAPTURE(line);
    CHECK(line.size() <= 80);
  }
  for (const Option& option : table.options()) {
    CAPTURE(option.name);
    CHECK(contains(page, "--" + option.name));
    CHECK_FALSE(option.help.empty());
    CHECK_FALSE(option.group.empty());
  }
  CHECK(contains(page, "\n  -H, --hostname HOST "));
  CHECK(contains(page, "\n      --extra-opts[=[SECTION][@FILE]]..."));
  CHECK(contains(page, "\n  -w, --warning [LABEL=]RANGE..."));
  CHECK(contains(page, "\n  -v, --verbose... "));
  CHECK(contains(page, "\n      --insecure "));
  CHECK(contains(page, "use this mechanism only: PLAIN or LOGIN\n"));
  CHECK(lines.back() == "Options with ... may be given more than once; of the others the last one counts.");
  CHECK(contains(page, "\nEncryption:\n"));
  CHECK(contains(page, "(default 10)"));
}

TEST_CASE("help breaks a text that is too long for its line") {
  OptionTable table;
  std::string words;
  for (int i = 0; i < 40; ++i) words += "word" + std::to_string(i) + " ";
  table.add({.name = "long", .value_name = "X", .help = words + "end", .group = "G", .apply = [](std::string_view) {}});
  table.add(
      {.name = std::string(60, 'n'), .value_name = "X", .help = "far", .group = "G", .apply = [](std::string_view) {}});
  const std::string page = help_page(table, {"p", "u", "s"});
  for (const std::string& line : lines_of(page)) CHECK(line.size() <= 80);
  CHECK(contains(page, "word39"));
  CHECK(contains(page, " end\n"));
  CHECK(contains(page, std::string(60, 'n') + " X\n"));
}

TEST_CASE_METHOD(Fixture, "-h and -V throw what they say") {
  try {
    test::CommandLine line({"-V"});
    parse(table, line.argv());
    FAIL("no answer");
  } catch (const plugin::InformationRequest& request) {
    CHECK(request.text == "check_test " MAILCHECK_VERSION " (monitoring-plugins-mail)\n");
  }
  try {
    test::CommandLine line({"--help"});
    parse(table, line.argv());
    FAIL("no answer");
  } catch (const plugin::InformationRequest& request) {
    CHECK(request.text == help_page(table, program));
  }
}

TEST_CASE_METHOD(Fixture, "the JSON description is JSON and has every option") {
  const auto json = nlohmann::json::parse(describe_json(table, program));
  CHECK(json["program"] == "check_test");
  REQUIRE(json["options"].size() == table.options().size());
  const auto find = [&](const std::string& name) {
    for (const auto& option : json["options"]) {
      if (option["name"] == name) return option;
    }
    return nlohmann::json();
  };
  CHECK(find("hostname")["letter"] == "H");
  CHECK(find("hostname")["value"] == "HOST");
  CHECK(find("insecure")["value"].is_null());
  CHECK(find("insecure")["letter"].is_null());
  CHECK(find("password")["secret"] == true);
  CHECK(find("warning")["repeatable"] == true);
  CHECK(find("tls")["choices"] == std::vector<std::string>{"implicit", "starttls", "none"});
  CHECK(find("extra-opts")["value_optional"] == true);
}

TEST_CASE("text in the JSON description is escaped") {
  OptionTable table;
  table.add({.name = "a", .help = "say \"x\\y\"", .apply = [](std::string_view) {}});
  CHECK(nlohmann::json::parse(describe_json(table, {"p", "u", "s"}))["options"][0]["help"] == "say \"x\\y\"");
}

TEST_CASE_METHOD(Fixture, "man paragraphs have escaped dashes, and every option once") {
  const std::string text = man_options(table);
  CHECK(contains(text, ".SS Connection\n"));
  CHECK(contains(text, "\n\\fB\\-H\\fR \\fIHOST\\fR, \\fB\\-\\-hostname\\fR=\\fIHOST\\fR\n"));
  CHECK(contains(text, "\n\\fB\\-\\-client\\-key\\-password\\-file\\fR=\\fIFILE\\fR\n"));
  CHECK(contains(text, "\\fB\\-\\-extra\\-opts\\fR[=\\fI[SECTION][@FILE]\\fR]\n"));
  std::size_t paragraphs = 0;
  for (const std::string& line : lines_of(text)) paragraphs += line == ".TP" ? 1U : 0U;
  CHECK(paragraphs == table.options().size());
}

TEST_CASE("man text that starts like a request is defused") {
  OptionTable table;
  table.add({.name = "a", .help = ".so \\x", .group = "G", .apply = [](std::string_view) {}});
  CHECK(contains(man_options(table), "\n\\&.so \\ex.\n"));
}

TEST_CASE("what is told by a note is left out of the help page alone, what is hidden is left out everywhere") {
  OptionTable table;
  const auto nothing = [](std::string_view) {};
  std::string words;
  for (int i = 0; i < 40; ++i) words += "word" + std::to_string(i) + " ";
  table.add({.name = "user", .help = "who", .group = "Log in", .apply = nothing});
  table.add({.name = "port",
             .value_name = "PORT",
             .help = "refused",
             .group = "Log in",
             .visibility = Visibility::hidden,
             .apply = nothing});
  table.add_note("Sides", words + "end.");
  table.add_side("smtp-", "Sides", [&] {
    table.add({.name = "smtp-user", .value_name = "U", .help = "who there", .apply = nothing});
    table.add({.name = "smtp-port", .value_name = "PORT", .help = "which", .apply = nothing});
  });
  const std::string page = help_page(table, {"p", "u", "s"});
  CHECK(contains(page, "\nSides:\n  word0 word1 "));
  CHECK(contains(page, " end.\n      --smtp-port PORT  which\n"));
  CHECK_FALSE(contains(page, "smtp-user"));
  CHECK_FALSE(contains(page, "--port"));
  for (const std::string& line : lines_of(page)) CHECK(line.size() <= 80);

  const std::string man = man_options(table);
  CHECK(contains(man, ".SS Sides\nword0 "));
  CHECK(contains(man, "\\-\\-smtp\\-user"));
  CHECK_FALSE(contains(man, "\\-\\-port"));

  const auto options = nlohmann::json::parse(describe_json(table, {"p", "u", "s"}))["options"];
  REQUIRE(options.size() == 3);
  CHECK(options[0]["in_help"] == true);
  CHECK(options[1]["name"] == "smtp-user");
  CHECK(options[1]["in_help"] == false);
}
