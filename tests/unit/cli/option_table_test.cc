#include "cli/option_table.h"

#include <stdexcept>

#include "support/catch2.h"

using namespace mailcheck::cli;

namespace {
void nothing(std::string_view) {}
}  // namespace

TEST_CASE("a name or letter that is taken, and an option without name or effect, are mistakes of the programmer") {
  OptionTable table;
  table.add({.name = "port", .letter = 'p', .apply = nothing});
  CHECK_THROWS_AS(table.add({.name = "port", .apply = nothing}), std::logic_error);
  CHECK_THROWS_AS(table.add({.name = "password", .letter = 'p', .apply = nothing}), std::logic_error);
  CHECK_THROWS_AS(table.add({.name = "", .apply = nothing}), std::logic_error);
  CHECK_THROWS_AS(table.add({.name = "mute"}), std::logic_error);
  CHECK(table.options().size() == 1);
}

TEST_CASE("options are found by name, letter and the start of the name") {
  OptionTable table;
  table.add({.name = "tls", .apply = nothing});
  table.add({.name = "tls-min-version", .apply = nothing});
  table.add({.name = "timeout", .letter = 't', .apply = nothing});
  CHECK(table.find("tls")->name == "tls");
  CHECK(table.find("tl") == nullptr);
  CHECK(table.find_letter('t')->name == "timeout");
  CHECK(table.find_letter('\0') == nullptr);
  CHECK(table.find_abbreviated("tls").size() == 1);
  CHECK(table.find_abbreviated("t").size() == 3);
  CHECK(table.find_abbreviated("tls-").front()->name == "tls-min-version");
  CHECK(table.find_abbreviated("").empty());
}

TEST_CASE("groups come in the order of their first option, General last") {
  OptionTable table;
  table.add({.name = "help", .group = "General", .apply = nothing});
  table.add({.name = "a", .group = "One", .apply = nothing});
  table.add({.name = "b", .group = "Two", .apply = nothing});
  table.add({.name = "c", .group = "One", .apply = nothing});
  CHECK(table.groups() == std::vector<std::string_view>{"One", "Two", "General"});
}

TEST_CASE("options of a side have its heading, and those that have a twin are told of by the note") {
  OptionTable table;
  table.add({.name = "user", .group = "Log in", .apply = nothing});
  table.add({.name = "port", .group = "Log in", .visibility = Visibility::hidden, .apply = nothing});
  table.add_side("smtp-", "SMTP side", [&] {
    table.add({.name = "smtp-user", .group = "Log in", .apply = nothing});
    table.add({.name = "smtp-port", .group = "Log in", .apply = nothing});
    table.add({.name = "smtp-proxy", .group = "Log in", .apply = nothing});
  });
  table.add_note("SMTP side", "Each of the others too.");
  CHECK(table.find("user")->visibility == Visibility::listed);
  CHECK(table.find("smtp-user")->visibility == Visibility::by_note);
  CHECK(table.find("smtp-user")->group == "SMTP side");
  CHECK(table.find("smtp-port")->visibility == Visibility::listed);
  CHECK(table.find("smtp-proxy")->visibility == Visibility::listed);
  CHECK(table.note("SMTP side") == "Each of the others too.");
  CHECK(table.note("Log in").empty());
  CHECK(table.find_abbreviated("smtp-u").size() == 1);
  CHECK(table.find_abbreviated("por").front()->name == "port");
}

TEST_CASE("a heading of hidden options alone is none") {
  OptionTable table;
  table.add({.name = "a", .group = "One", .visibility = Visibility::hidden, .apply = nothing});
  table.add({.name = "b", .group = "Two", .apply = nothing});
  CHECK(table.groups() == std::vector<std::string_view>{"Two"});
}
