#include "cli/credential_options.h"

#include "support/catch2.h"
#include "unit/cli/command_line.h"

using namespace mailcheck;
using namespace mailcheck::cli;

namespace {

struct Fixture {
  Fixture() { add_credential_options(table, options, {.mechanisms = {"PLAIN", "SCRAM-SHA-256", "strongest"}}); }
  Fixture(const Fixture&) = delete;
  Fixture& operator=(const Fixture&) = delete;
  void run(std::initializer_list<std::string> words) {
    test::CommandLine line(words);
    parse(table, line.argv());
    memory = line.memory();
  }
  std::string error(std::initializer_list<std::string> words) { return test::error_of(table, words); }

  test::Folder folder;
  OptionTable table;
  CredentialOptions options;
  std::string memory;
};

}  // namespace

TEST_CASE_METHOD(Fixture, "without options nobody logs in") {
  run({});
  CHECK(options.user.empty());
  CHECK_FALSE(options.has_password);
  CHECK_FALSE(options.password_fd.has_value());
  CHECK_FALSE(options.may_send_plain_text);
}

TEST_CASE_METHOD(Fixture, "a password on the command line is kept as a secret and wiped from argv") {
  run({"-U", "probe@example.test", "-Ps3cr3t \"x\"", "--allow-plaintext-auth", "--authzid", "boss"});
  CHECK(options.user == "probe@example.test");
  CHECK(options.password.expose() == "s3cr3t \"x\"");
  CHECK(options.has_password);
  CHECK(options.authorization_identity == "boss");
  CHECK(options.may_send_plain_text);
  CHECK(memory.find("s3cr3t") == std::string::npos);
  CHECK(memory.find("probe@example.test") != std::string::npos);
}

TEST_CASE_METHOD(Fixture, "of two passwords the last is kept and neither stays in argv") {
  run({"-U", "u", "--password", "first-one", "-P", "second-one"});
  CHECK(options.password.expose() == "second-one");
  CHECK(memory.find("-one") == std::string::npos);
}

TEST_CASE_METHOD(Fixture, "the beginning of --password could be several options, and is wiped all the same") {
  test::CommandLine line({"-U", "u", "--pass", "s3cr3t"});
  CHECK_THROWS_AS(parse(table, line.argv()), plugin::UsageError);
  CHECK(line.memory().find("s3cr3t") == std::string::npos);
}

TEST_CASE_METHOD(Fixture, "a password may hold what a file may hold") {
  run({"-U", "u", "-P", "a\tb\x1b\x7f"});
  CHECK(options.password.expose() == "a\tb\x1b\x7f");
  CHECK(error({"-U", "a\tb"}).ends_with("without line breaks and control characters"));
}

TEST_CASE_METHOD(Fixture, "an empty password and an empty user are refused") {
  CHECK(error({"-U", "u", "-P", ""}) == "--password: expected a password, got nothing");
  CHECK(error({"-U", ""}) == "--user: expected a value, got nothing");
}

TEST_CASE_METHOD(Fixture, "a password file is looked at") {
  const std::string file = folder.write("password", "x\n");
  run({"--user=u", "--password-file", file});
  CHECK(options.password_file == file);
  CHECK(error({"--user=u", "--password-file", file + "x"}) ==
        "--password-file: cannot read '" + file + "x': No such file or directory");
}

TEST_CASE_METHOD(Fixture, "a variable's name and a descriptor are checked") {
  CHECK(error({"-Uu", "--password-env="}) ==
        "--password-env: expected the name of an environment variable, got nothing");
  CHECK(error({"-Uu", "--oauth2-token-env", "A=b"})
            .starts_with("--oauth2-token-env: expected the name of an environment"));
  CHECK(error({"-Uu", "--password-fd", "-1"}).starts_with("--password-fd: expected a number from 0 to "));
  CHECK(error({"-Uu", "--password-fd", "x"}).starts_with("--password-fd: expected a number from 0 to "));
  run({"-Uu", "--password-fd", "3"});
  CHECK(options.password_fd == 3);
}

TEST_CASE("two sources of secrets contradict each other") {
  const test::Folder folder;
  const std::string file = folder.write("password", "x\n");
  const auto error = [&](std::initializer_list<std::string> words) {
    OptionTable table;
    CredentialOptions options;
    add_credential_options(table, options, {});
    return test::error_of(table, words);
  };
  CHECK(error({"-Uu", "-Px", "--password-file", file}) == "--password: contradicts --password-file");
  CHECK(error({"-Uu", "--password-fd=3", "--password-env=A"}) == "--password-env: contradicts --password-fd");
  CHECK(error({"-Uu", "--oauth2-token-env=A", "--oauth2-token-file", file}) ==
        "--oauth2-token-file: contradicts --oauth2-token-env");
  CHECK(error({"-Uu", "--oauth2-token-env=A", "--password-env=B"}) == "--oauth2-token-env: contradicts --password-env");
  CHECK(error({"-Uu", "-Px", "--oauth2-token-file", file}) == "--oauth2-token-file: contradicts --password");
  CHECK(error({"-Uu", "--password-fd=0", "--oauth2-token-env=A"}) == "--oauth2-token-env: contradicts --password-fd");
}

TEST_CASE_METHOD(Fixture, "a password without a user is refused: nobody would log in, and all be well") {
  CHECK(error({"--password-env=A"}) == "--password-env: needs --user");
}

TEST_CASE("a lone secret is allowed where another option may bring the user") {
  OptionTable table;
  CredentialOptions options;
  add_credential_options(table, options, {.prefix = "smtp-", .lone_secret = CredentialContext::LoneSecret::allowed});
  CHECK(test::error_of(table, {"--smtp-password-env=A"}).empty());
  CHECK(options.password_env == "A");
  CHECK(table.find_letter('P') == nullptr);
  CHECK(table.find("smtp-password")->is_secret);
}

TEST_CASE_METHOD(Fixture, "mechanisms are blind to case and come from the plugin's list") {
  run({"--user", "a", "--auth", "scram-sha-256"});
  CHECK(options.auth == "SCRAM-SHA-256");
  CHECK(error({"--auth", "NTLM"}) == "--auth: expected PLAIN, SCRAM-SHA-256 or strongest, got 'NTLM'");
}

TEST_CASE("an empty user means nobody where the plugin says so, and the last one counts") {
  const auto run = [](std::initializer_list<std::string> words, CredentialOptions& options) {
    OptionTable table;
    add_credential_options(table, options, {.nobody = CredentialContext::Nobody::allowed});
    test::CommandLine line(words);
    parse(table, line.argv());
  };
  CredentialOptions options;
  run({"--user", "u", "--user", ""}, options);
  CHECK(options.user.empty());
  CHECK(options.is_nobody);
  CredentialOptions other;
  run({"--user", "", "--user", "u"}, other);
  CHECK(other.user == "u");
  CHECK_FALSE(other.is_nobody);
}
