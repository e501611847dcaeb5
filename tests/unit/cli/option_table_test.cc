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
