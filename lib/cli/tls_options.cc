#include "cli/tls_options.h"

#include <array>
#include <memory>
#include <string_view>
#include <utility>

#include "base/ascii.h"
#include "cli/nearest.h"
#include "cli/option_values.h"
#include "plugin/usage_error.h"

namespace mailcheck::cli {
namespace {

using plugin::UsageError;

constexpr std::string_view kGroup = "Encryption";

TlsMode read_mode(std::string_view value, const std::vector<std::string>& choices) {
  const std::string mode = read_choice(value, choices);
  if (mode == "implicit") return TlsMode::implicit;
  return mode == "starttls" ? TlsMode::starttls : TlsMode::none;
}

// "1.2", "tls1.2", "TLSv1.2"
TlsVersion read_version(std::string_view value) {
  constexpr std::array<std::pair<std::string_view, TlsVersion>, 4> kVersions = {{{"1.0", TlsVersion::tls1_0},
                                                                                 {"1.1", TlsVersion::tls1_1},
                                                                                 {"1.2", TlsVersion::tls1_2},
                                                                                 {"1.3", TlsVersion::tls1_3}}};
  std::string_view number = value;
  if (base::equals_ignoring_case(number.substr(0, 3), "tls")) number.remove_prefix(3);
  if (number.size() < value.size() && base::equals_ignoring_case(number.substr(0, 1), "v")) number.remove_prefix(1);
  for (const auto& [name, version] : kVersions) {
    if (number == name) return version;
  }
  refuse("1.0, 1.1, 1.2 or 1.3", value);
}

std::string read_server_name(std::string_view value) {
  std::string name = read_host(value);
  if (is_ip_address(name) || name.front() == '[') refuse("a host name (RFC 6066 has no addresses here)", value);
  return name;
}

// What -S, -s and --tls said, before it is known whether they agree.
struct ModeWords {
  std::optional<TlsMode> mode;
  bool is_implicit = false;
  bool is_required = false;
};

void settle_mode(const ModeWords& words, TlsOptions& options, const std::string& prefix) {
  const std::string name = "--" + prefix;
  if (words.is_implicit && words.mode && *words.mode != TlsMode::implicit) {
    throw UsageError{name + "ssl: contradicts " + name + "tls " + (*words.mode == TlsMode::none ? "none" : "starttls")};
  }
  if (words.is_required && words.mode == TlsMode::none) {
    throw UsageError{name + "require-tls: contradicts " + name + "tls none"};
  }
  if (words.mode) options.mode = *words.mode;
  if (words.is_implicit) options.mode = TlsMode::implicit;
  options.is_required = words.is_required;
}

// What is asked of a TLS session contradicts having none: the user would believe in a check that is not made.
void check_none(const TlsOptions& options, const std::string& prefix) {
  const std::string asked = first_tls_option(options, prefix);
  if (options.mode == TlsMode::none && !asked.empty()) {
    throw UsageError{asked + ": contradicts --" + prefix + "tls none"};
  }
}

void add_mode(OptionTable& table, TlsOptions& options, const std::string& prefix,
              const std::vector<std::string>& choices) {
  const auto words = std::make_shared<ModeWords>();
  table.add({.name = prefix + "tls",
             .value_name = "MODE",
             .help = one_of({choices.begin(), choices.end()}) + " (default: by port)",
             .group = std::string(kGroup),
             .completion = Completion::choice,
             .choices = choices,
             .apply = [words, choices](std::string_view value) { words->mode = read_mode(value, choices); }});
  table.add({.name = prefix + "require-tls",
             .letter = prefix.empty() ? 'S' : '\0',
             .help = "encryption is required, mode by port (the default)",
             .group = std::string(kGroup),
             .apply = [words](std::string_view) { words->is_required = true; }});
  table.add({.name = prefix + "ssl",
             .letter = prefix.empty() ? 's' : '\0',
             .help = "the same as --" + prefix + "tls implicit",
             .group = std::string(kGroup),
             .apply = [words](std::string_view) { words->is_implicit = true; }});
  table.add_final_check([words, &options, prefix] { settle_mode(*words, options, prefix); });
}

// A file that has to be readable before any connection is made.
void add_file(OptionTable& table, std::string& path, std::string name, std::string help) {
  table.add({.name = std::move(name),
             .value_name = "FILE",
             .help = std::move(help),
             .group = std::string(kGroup),
             .completion = Completion::file,
             .apply = [&path](std::string_view value) { path = read_readable_file(value); }});
}

void add_minimum(OptionTable& table, TlsOptions& options, const std::string& prefix, const std::string& help) {
  table.add({.name = prefix + "tls-min-version",
             .value_name = "VERSION",
             .help = help,
             .group = std::string(kGroup),
             .completion = Completion::choice,
             .choices = {"1.0", "1.1", "1.2", "1.3"},
             .apply = [&options](std::string_view value) { options.minimum_version = read_version(value); }});
}

void add_trust(OptionTable& table, TlsOptions& options, const std::string& prefix) {
  add_file(table, options.ca_file, prefix + "ca-file", "trust the certificates in this PEM file only");
  table.add({.name = prefix + "ca-path",
             .value_name = "DIRECTORY",
             .help = "trust the certificates in this hashed folder only",
             .group = std::string(kGroup),
             .completion = Completion::directory,
             .apply = [&options](std::string_view value) { options.ca_path = read_readable_directory(value); }});
}

void add_insecure(OptionTable& table, TlsOptions& options, const std::string& prefix) {
  table.add({.name = prefix + "insecure",
             .help = "only report a certificate that does not verify",
             .group = std::string(kGroup),
             .apply = [&options](std::string_view) { options.is_insecure = true; }});
}

void add_names(OptionTable& table, TlsOptions& options, const std::string& prefix) {
  table.add({.name = prefix + "sni",
             .value_name = "NAME",
             .help = "server name to ask for (default: HOST)",
             .group = std::string(kGroup),
             .apply = [&options](std::string_view value) { options.sni = read_server_name(value); }});
  table.add({.name = prefix + "verify-name",
             .value_name = "NAME",
             .help = "name in the certificate (default: HOST); any of several",
             .group = std::string(kGroup),
             .repeat = Repeat::accumulates,
             .apply = [&options](std::string_view value) { options.verify_names.push_back(read_host(value)); }});
}

void add_client_certificate(OptionTable& table, TlsOptions& options, const std::string& prefix) {
  add_file(table, options.client_certificate, prefix + "client-cert", "show this certificate (PEM, with its chain)");
  add_file(table, options.client_key, prefix + "client-key", "its private key, if not in the same file");
  add_file(table, options.client_key_password_file, prefix + "client-key-password-file", "the key's pass phrase");
  table.add_final_check([&options, prefix] {
    if (!options.client_certificate.empty()) return;
    const std::string need = ": needs --" + prefix + "client-cert";
    if (!options.client_key.empty()) throw UsageError{"--" + prefix + "client-key" + need};
    if (!options.client_key_password_file.empty()) {
      throw UsageError{"--" + prefix + "client-key-password-file" + need};
    }
  });
}

}  // namespace

std::string first_tls_option(const TlsOptions& options, const std::string& prefix) {
  const std::array<std::pair<std::string_view, bool>, 7> asked = {
      {{"ca-file", !options.ca_file.empty()},
       {"ca-path", !options.ca_path.empty()},
       {"tls-min-version", options.minimum_version.has_value()},
       {"insecure", options.is_insecure},
       {"sni", !options.sni.empty()},
       {"verify-name", !options.verify_names.empty()},
       {"client-cert", !options.client_certificate.empty()}}};
  for (const auto& [name, is_given] : asked) {
    if (is_given) return "--" + prefix + std::string(name);
  }
  return {};
}

void add_tls_options(OptionTable& table, TlsOptions& options, const std::string& prefix) {
  add_tls_side_options(table, options, prefix);
  table.add_final_check([&options, prefix] { check_none(options, prefix); });
}

void add_tls_side_options(OptionTable& table, TlsOptions& options, const std::string& prefix) {
  add_mode(table, options, prefix, {"implicit", "starttls", "none"});
  add_trust(table, options, prefix);
  add_minimum(table, options, prefix, "1.0, 1.1, 1.2 or 1.3: refuse anything older");
  add_insecure(table, options, prefix);
  add_names(table, options, prefix);
  add_client_certificate(table, options, prefix);
}

void add_tls_survey_options(OptionTable& table, TlsOptions& options) {
  add_mode(table, options, "", {"implicit", "starttls"});
  add_trust(table, options, "");
  add_minimum(table, options, "", "1.0 to 1.3: anything older is a finding (default 1.2)");
  add_names(table, options, "");
  add_client_certificate(table, options, "");
}

}  // namespace mailcheck::cli
