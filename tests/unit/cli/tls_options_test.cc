#include "cli/tls_options.h"

#include "support/catch2.h"
#include "unit/cli/command_line.h"

using namespace mailcheck;
using namespace mailcheck::cli;

namespace {

struct Fixture {
  Fixture() { add_tls_options(table, options, ""); }
  Fixture(const Fixture&) = delete;
  Fixture& operator=(const Fixture&) = delete;
  void run(std::initializer_list<std::string> words) {
    test::CommandLine line(words);
    parse(table, line.argv());
  }
  std::string error(std::initializer_list<std::string> words) { return test::error_of(table, words); }

  test::Folder folder;
  OptionTable table;
  TlsOptions options;
};

}  // namespace

TEST_CASE_METHOD(Fixture, "without options the mode goes by the port and everything is verified") {
  run({});
  CHECK(options.mode == TlsMode::by_port);
  CHECK_FALSE(options.minimum_version.has_value());
  CHECK_FALSE(options.is_insecure);
}

TEST_CASE_METHOD(Fixture, "the mode is named, in any case") {
  run({"--tls", "StartTLS"});
  CHECK(options.mode == TlsMode::starttls);
}

TEST_CASE_METHOD(Fixture, "-s is implicit TLS, also beside --tls implicit") {
  run({"-s", "--tls=implicit"});
  CHECK(options.mode == TlsMode::implicit);
}

TEST_CASE_METHOD(Fixture, "-S requires encryption and leaves the mode to the port or to --tls") {
  run({"-S"});
  CHECK(options.mode == TlsMode::by_port);
  run({"-S", "--tls", "starttls"});
  CHECK(options.mode == TlsMode::starttls);
}

TEST_CASE_METHOD(Fixture, "the last mode wins") {
  run({"--tls", "none", "--tls", "implicit", "-S"});
  CHECK(options.mode == TlsMode::implicit);
}

TEST_CASE("contradicting modes are refused") {
  struct Row {
    std::initializer_list<std::string> words;
    const char* expected;
  };
  const std::initializer_list<std::string> s_none = {"-s", "--tls", "none"};
  const std::initializer_list<std::string> s_starttls = {"--tls=starttls", "-s"};
  const std::initializer_list<std::string> required_none = {"-S", "--tls=none"};
  for (const Row& row :
       {Row{s_none, "--ssl: contradicts --tls none"}, Row{s_starttls, "--ssl: contradicts --tls starttls"},
        Row{required_none, "--require-tls: contradicts --tls none"}}) {
    OptionTable table;
    TlsOptions options;
    add_tls_options(table, options, "");
    CHECK(test::error_of(table, row.words) == row.expected);
  }
}

TEST_CASE("what is asked of TLS contradicts having none, and is named") {
  struct Row {
    std::string name;
    std::string value;
  };
  for (const Row& row :
       {Row{"--ca-file", "/dev/null"}, Row{"--ca-path", "/"}, Row{"--tls-min-version", "1.2"}, Row{"--insecure", ""},
        Row{"--sni", "a"}, Row{"--verify-name", "a"}, Row{"--client-cert", "/dev/null"}}) {
    OptionTable table;
    TlsOptions options;
    add_tls_options(table, options, "");
    CHECK(first_tls_option(options, "").empty());
    CHECK(test::error_of(table, {"--tls=none", row.name + (row.value.empty() ? "" : "=" + row.value)}) ==
          row.name + ": contradicts --tls none");
    CHECK(first_tls_option(options, "") == row.name);
    CHECK(first_tls_option(options, "smtp-") == "--smtp-" + row.name.substr(2));
  }
}

TEST_CASE_METHOD(Fixture, "an unknown mode is refused with the known ones") {
  CHECK(error({"--tls=ssl"}) == "--tls: expected implicit, starttls or none, got 'ssl'");
  CHECK(error({"--tls", ""}) == "--tls: expected implicit, starttls or none, got nothing");
}

TEST_CASE_METHOD(Fixture, "the least version has three spellings") {
  for (const auto* spelling : {"1.2", "tls1.2", "TLSv1.2", "TLS1.2", "tlsv1.2"}) {
    options.minimum_version.reset();
    run({"--tls-min-version", spelling});
    CHECK(options.minimum_version == TlsVersion::tls1_2);
  }
  run({"--tls-min-version=1.0"});
  CHECK(options.minimum_version == TlsVersion::tls1_0);
  run({"--tls-min-version=1.3"});
  CHECK(options.minimum_version == TlsVersion::tls1_3);
  for (const auto* bad : {"", "1", "1.4", "v1.2", "ssl3", "tls", "1.2 ", "tlsvv1.2"}) {
    CAPTURE(bad);
    CHECK(error({"--tls-min-version", bad}).starts_with("--tls-min-version: expected 1.0, 1.1, 1.2 or 1.3, got "));
  }
}

TEST_CASE_METHOD(Fixture, "names and files land in their places") {
  const std::string file = folder.write("a.pem", "x");
  run({"--ca-file", file, "--ca-path", folder.path(), "--sni=a.example", "--verify-name=b.example", "--verify-name",
       "192.0.2.1", "--insecure", "--client-cert", file, "--client-key", file, "--client-key-password-file", file});
  CHECK(options.ca_file == file);
  CHECK(options.ca_path == folder.path());
  CHECK(options.sni == "a.example");
  CHECK(options.verify_names == std::vector<std::string>{"b.example", "192.0.2.1"});
  CHECK(options.is_insecure);
  CHECK(options.client_certificate == file);
  CHECK(options.client_key == file);
  CHECK(options.client_key_password_file == file);
}

TEST_CASE_METHOD(Fixture, "a file that cannot be read is an option error") {
  const std::string none = folder.path() + "/none.pem";
  for (const auto* name : {"--ca-file", "--ca-path", "--client-cert", "--client-key", "--client-key-password-file"}) {
    CHECK(error({name, none}) == std::string(name) + ": cannot read '" + none + "': No such file or directory");
  }
  CHECK(error({"--ca-file", folder.path()}) == "--ca-file: expected a file, got '" + folder.path() + "'");
  CHECK(error({"--ca-file="}) == "--ca-file: expected a value, got nothing");
}

TEST_CASE_METHOD(Fixture, "a server name for SNI is no address") {
  CHECK(error({"--sni=192.0.2.1"}).starts_with("--sni: expected a host name"));
  CHECK(error({"--sni=[::1]"}).starts_with("--sni: expected a host name"));
  CHECK(error({"--verify-name=a b"}).starts_with("--verify-name: expected a host name"));
}

TEST_CASE_METHOD(Fixture, "a key needs its certificate") {
  const std::string file = folder.write("key.pem", "x");
  CHECK(error({"--client-key", file}) == "--client-key: needs --client-cert");
}

TEST_CASE_METHOD(Fixture, "a key's password needs the certificate") {
  const std::string file = folder.write("password", "x");
  CHECK(error({"--client-key-password-file", file}) == "--client-key-password-file: needs --client-cert");
}

TEST_CASE("a plugin that judges the encryption itself has neither a plain mode nor --insecure") {
  OptionTable table;
  TlsOptions options;
  add_tls_survey_options(table, options);
  CHECK(test::error_of(table, {"--tls=none"}) == "--tls: expected implicit or starttls, got 'none'");
  CHECK(test::error_of(table, {"--insecure"}).starts_with("--insecure: unknown option"));
  CHECK(table.find("insecure") == nullptr);
  CHECK(table.find("tls")->choices == std::vector<std::string>{"implicit", "starttls"});
}

TEST_CASE("its other TLS options are those of all plugins") {
  const test::Folder folder;
  const std::string file = folder.write("a.pem", "x");
  OptionTable table;
  TlsOptions options;
  add_tls_survey_options(table, options);
  test::CommandLine line({"--tls", "STARTTLS", "-S", "--ca-file", file, "--ca-path", folder.path(), "--sni=a.example",
                          "--verify-name=b.example", "--client-cert", file, "--client-key", file, "--tls-min-version",
                          "1.3"});
  parse(table, line.argv());
  CHECK(options.mode == TlsMode::starttls);
  CHECK(options.ca_file == file);
  CHECK(options.ca_path == folder.path());
  CHECK(options.sni == "a.example");
  CHECK(options.verify_names == std::vector<std::string>{"b.example"});
  CHECK(options.client_certificate == file);
  CHECK(options.client_key == file);
  CHECK(options.minimum_version == TlsVersion::tls1_3);
  CHECK_FALSE(options.is_insecure);
  CHECK(test::error_of(table, {"-s", "--tls=starttls"}) == "--ssl: contradicts --tls starttls");
}

TEST_CASE("two sets of options live side by side under prefixes") {
  OptionTable table;
  TlsOptions smtp;
  TlsOptions imap;
  add_tls_options(table, smtp, "smtp-");
  add_tls_options(table, imap, "imap-");
  test::CommandLine line({"--smtp-tls=starttls", "--imap-ssl", "--imap-insecure"});
  parse(table, line.argv());
  CHECK(smtp.mode == TlsMode::starttls);
  CHECK(imap.mode == TlsMode::implicit);
  CHECK_FALSE(smtp.is_insecure);
  CHECK(imap.is_insecure);
  CHECK(table.find_letter('s') == nullptr);
}

TEST_CASE("of a side, -S is noted, and what contradicts --tls none is left to the plugin") {
  const test::Folder folder;
  const std::string file = folder.write("ca.pem", "x");
  const auto error = [](std::initializer_list<std::string> words, TlsOptions& options) {
    OptionTable table;
    add_tls_side_options(table, options, "");
    return test::error_of(table, words);
  };
  TlsOptions none;
  CHECK(error({"--tls=none", "--ca-file", file}, none).empty());
  CHECK_FALSE(none.is_required);
  TlsOptions required;
  CHECK(error({"-S"}, required).empty());
  CHECK(required.is_required);
  CHECK(error({"-S", "--tls=none"}, required) == "--require-tls: contradicts --tls none");
}
