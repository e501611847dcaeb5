// The transcript: opened early, written late, and never one of the files that are read.
#include "plugins/shared/run.h"

#include <sys/stat.h>
#include <unistd.h>

#include <fstream>
#include <sstream>

#include "plugin/usage_error.h"
#include "support/catch2.h"
#include "unit/cli/command_line.h"

using namespace mailcheck;
using plugins::InputFile;

namespace {

std::string content(const std::string& path) {
  std::ostringstream text;
  text << std::ifstream(path, std::ios::binary).rdbuf();
  return text.str();
}

mode_t mode(const std::string& path) {
  struct stat status {};
  REQUIRE(::stat(path.c_str(), &status) == 0);
  return status.st_mode & 07777;
}

cli::CommonOptions to_file(const std::string& path) {
  cli::CommonOptions options;
  options.transcript_file = path;
  return options;
}

std::string refusal(const cli::CommonOptions& options, const std::vector<InputFile>& inputs = {}) {
  try {
    (void)plugins::open_transcript(options, inputs);
  } catch (const plugin::UsageError& error) {
    return error.text;
  }
  return "accepted";
}

plugin::Report report_with(std::vector<std::string> dialogue) {
  plugin::Report report;
  report.service = "IMAP";
  report.dialogue = std::move(dialogue);
  return report;
}

}  // namespace

TEST_CASE("without --transcript nothing is opened and nothing written") {
  const auto file = plugins::open_transcript({}, {});
  CHECK_FALSE(file.is_open());
  CHECK(plugins::finish(report_with({"S: * OK"}), {}, file).code == 0);
}

TEST_CASE("the old transcript stays until the new one is written, and nothing of it is left then") {
  const test::Folder folder;
  const auto options = to_file(folder.write("dialogue", "a long transcript of the last run\n"));
  REQUIRE(::chmod(options.transcript_file.c_str(), 0644) == 0);
  const auto file = plugins::open_transcript(options, {});
  CHECK(content(options.transcript_file) == "a long transcript of the last run\n");
  CHECK(mode(options.transcript_file) == 0644);
  CHECK(plugins::finish(report_with({"S: * OK"}), options, file).code == 0);
  CHECK(content(options.transcript_file) == "S: * OK\n");
  CHECK(mode(options.transcript_file) == 0600);
}

TEST_CASE("a new file is its owner's only, whatever the umask") {
  const test::Folder folder;
  const mode_t old = ::umask(0);
  const auto options = to_file(folder.path() + "/new");
  const auto file = plugins::open_transcript(options, {});
  ::umask(old);
  CHECK(mode(options.transcript_file) == 0600);
}

TEST_CASE("a transcript that cannot be written is refused, and no link is followed") {
  const test::Folder folder;
  CHECK(refusal(to_file(folder.path())).ends_with(": Is a directory"));
  const std::string link = folder.path() + "/link";
  REQUIRE(::symlink(folder.write("x", "kept").c_str(), link.c_str()) == 0);
  CHECK(refusal(to_file(link)).starts_with("--transcript: cannot write "));
  CHECK(content(folder.path() + "/x") == "kept");
}

TEST_CASE("a disk that is full in the end is a note") {
  const auto options = to_file("/dev/full");
  const auto file = plugins::open_transcript(options, {});
  const auto outcome = plugins::finish(report_with({"S: * OK"}), options, file);
  CHECK(outcome.code == 0);
  auto json = options;
  json.output = plugin::Format::json;
  CHECK(plugins::finish(report_with({"S: * OK"}), json, file)
            .output.find("transcript-failed: cannot write /dev/full: No space left on device") != std::string::npos);
}

TEST_CASE("a file that an option reads is no transcript, under whatever name") {
  const test::Folder folder;
  const std::string path = folder.write("secret", "hunter2\n");
  const std::string other = folder.path() + "/other-name";
  REQUIRE(::link(path.c_str(), other.c_str()) == 0);
  cli::TlsOptions tls;
  cli::CredentialOptions credentials;
  const auto error = [&] { return refusal(to_file(other), plugins::input_files(tls, credentials, "")); };
  CHECK(error() == "accepted");
  for (const auto& [option, place] :
       {std::pair{"--ca-file", &tls.ca_file}, std::pair{"--client-cert", &tls.client_certificate},
        std::pair{"--client-key", &tls.client_key},
        std::pair{"--client-key-password-file", &tls.client_key_password_file},
        std::pair{"--password-file", &credentials.password_file},
        std::pair{"--oauth2-token-file", &credentials.token_file}}) {
    *place = path;
    CHECK(error() == std::string("--transcript: contradicts ") + option + ", which reads the same file");
    place->clear();
  }
  credentials.token_file = path;
  CHECK(refusal(to_file(other), plugins::input_files(tls, credentials, "smtp-")) ==
        "--transcript: contradicts --smtp-oauth2-token-file, which reads the same file");
  auto with_ini = to_file(other);
  with_ini.ini_files = {"/dev/null", path};
  CHECK(refusal(with_ini) == "--transcript: contradicts --extra-opts, which reads the same file");
  CHECK(content(path) == "hunter2\n");
}

TEST_CASE("what is no file may be both: a terminal, say") {
  CHECK(refusal(to_file("/dev/null"), {{"--password-file", "/dev/null"}}) == "accepted");
}
