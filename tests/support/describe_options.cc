// describe_options PLUGIN WHAT: a developer's tool, built with the tests and never installed. Prints what is made from
// a plugin's option table and from the table of findings, so that man page, completion and tests never have a list of
// their own.
//
//   help       what --help prints
//   man        the groups of the man page's OPTIONS, as man(7)
//   findings   the rows of the man page's FINDINGS, as man(7)
//   json       the options, for the Icinga CheckCommand and the tests
//   labels     the labels that -w and -c take, one a line, in the order of perfdata
//
// Exit code 2 for arguments that it does not know.
#include <cstdio>
#include <string>
#include <string_view>

#include "cli/describe.h"
#include "cli/option_table.h"
#include "plugin/usage_error.h"
#include "plugins/check_imap_login/options.h"
#include "plugins/check_mail_roundtrip/options.h"
#include "plugins/check_mail_tls/options.h"
#include "plugins/check_smtp_submit/options.h"
#include "plugins/shared/findings.h"

namespace {

using namespace mailcheck;

std::string help(const cli::OptionTable& table) {
  try {
    table.find("help")->apply("");
  } catch (const plugin::InformationRequest& request) {
    return request.text;
  }
  return {};
}

// Name and sentence stand at the top of the help page: "usage: NAME ..." and the text up to the first empty line.
cli::ProgramDescription program(std::string_view name, const std::string& help_page) {
  const std::size_t begin = help_page.find('\n') + 1;
  std::string sentence = help_page.substr(begin, help_page.find("\n\n") - begin);
  for (char& c : sentence) c = c == '\n' ? ' ' : c;
  return {.name = std::string(name), .usage = {}, .sentence = sentence};
}

// The option itself is asked: an unknown label is refused with "... LABEL one of a, b or c, got ...".
std::string labels(const cli::OptionTable& table) {
  constexpr std::string_view kBefore = "LABEL one of ";
  std::string text;
  try {
    table.find("warning")->apply("no-such-label=1");
  } catch (const plugin::UsageError& error) {
    const std::size_t begin = error.text.find(kBefore) + kBefore.size();
    text = error.text.substr(begin, error.text.find(", got ") - begin);
  }
  for (const std::string_view separator : {", ", " or "}) {
    for (std::size_t at; (at = text.find(separator)) != std::string::npos;) text.replace(at, separator.size(), "\n");
  }
  return text + "\n";
}

// The sentences of the table hold no backslash and start with a letter: only hyphens that are typed need a word.
std::string roff(std::string_view text) {
  std::string result;
  for (const char c : text) {
    if (c == '-') result += '\\';
    result += c == '\'' ? std::string("\\(aq") : std::string(1, c);
  }
  return result;
}

std::string state_of(const plugins::FindingRow& row) {
  if (row.decided == plugins::Decided::by_range) return "WARNING or CRITICAL";
  const std::string state(plugin::to_string(row.state));
  return row.decided == plugins::Decided::always ? "always " + state : state;
}

std::string findings(plugins::Scope scope) {
  std::string text;
  for (const auto& row : plugins::finding_rows()) {
    if (!plugins::overlaps(row.scope, scope)) continue;
    text += ".TP\n.BR " + roff(row.name) + " \" (" + state_of(row) + ")\"\n";
    text += roff(row.meaning) + "\n" + roff(row.advice) + "\n";
  }
  return text;
}

struct Plugin {
  std::string_view name;
  plugins::Scope scope;
};

std::string describe(const cli::OptionTable& table, const Plugin& plugin, std::string_view what) {
  if (what == "help") return help(table);
  if (what == "man") return cli::man_options(table);
  if (what == "findings") return findings(plugin.scope);
  if (what == "json") return cli::describe_json(table, program(plugin.name, help(table)));
  if (what == "labels") return labels(table);
  return {};
}

}  // namespace

int main(int count, char** values) {
  const std::string_view name = count == 3 ? values[1] : "";
  cli::OptionTable table;
  plugins::imap_login::Options imap_login;
  plugins::smtp_submit::Options smtp_submit;
  plugins::mail_tls::Options mail_tls;
  plugins::mail_roundtrip::Options mail_roundtrip;
  Plugin plugin{name, plugins::Scope::all};
  if (name == "check_imap_login") {
    plugins::imap_login::declare(table, imap_login);
    plugin.scope = plugins::Scope::imap;
  } else if (name == "check_smtp_submit") {
    plugins::smtp_submit::declare(table, smtp_submit);
    plugin.scope = plugins::Scope::smtp;
  } else if (name == "check_mail_tls") {
    plugins::mail_tls::declare(table, mail_tls);
    plugin.scope = plugins::Scope::tls;
  } else if (name == "check_mail_roundtrip") {
    plugins::mail_roundtrip::declare(table, mail_roundtrip);
    plugin.scope = plugins::Scope::roundtrip;
  }
  const std::string text = table.options().empty() ? "" : describe(table, plugin, values[2]);
  if (text.empty()) {
    std::fputs("usage: describe_options PLUGIN help|man|findings|json|labels\n", stderr);
    return 2;
  }
  return std::fputs(text.c_str(), stdout) < 0 ? 1 : 0;
}
