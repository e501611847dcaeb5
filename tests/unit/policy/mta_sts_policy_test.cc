#include "policy/mta_sts_policy.h"

#include <fmt/format.h>

#include <algorithm>

#include "support/catch2.h"

using namespace mailcheck;
using Texts = std::vector<std::string>;

namespace {

const std::string kPolicy = "version: STSv1\nmode: enforce\nmx: mail.example.org\nmx: *.example.net\nmax_age: 604800\n";

policy::MtaStsPolicy read(std::string_view body) {
  return policy::read_mta_sts_policy(body);
}

std::string with(const std::string& line, const std::string& instead) {
  std::string body = kPolicy;
  return body.replace(body.find(line), line.size(), instead);
}

}  // namespace

TEST_CASE("a policy is read whatever its line ends") {
  std::string body = kPolicy;
  const auto ending = GENERATE(as<std::string>{}, "\n", "\r\n", " \t\r\n", "\n\n");
  for (std::size_t at = 0; (at = body.find('\n', at)) != std::string::npos; at += ending.size()) {
    body.replace(at, 1, ending);
  }
  const auto policy = read(body);
  CHECK(policy.is_valid());
  CHECK(policy.version == "STSv1");
  CHECK(policy.mode == "enforce");
  CHECK(policy.max_age == 604800);
  CHECK(policy.mx == Texts{"mail.example.org", "*.example.net"});
  CHECK(policy.remarks.empty());
}

TEST_CASE("the order of the fields, blanks before values and a missing last line end do not matter") {
  const auto policy = read("max_age:0\nmx:\tmail.example.org\nmode:testing\nversion:   STSv1");
  CHECK(policy.is_valid());
  CHECK(policy.mode == "testing");
  CHECK(policy.max_age == 0);
}

TEST_CASE("only mode none needs no mx") {
  CHECK(read("version: STSv1\nmode: none\nmax_age: 86400\n").is_valid());
  CHECK(read("version: STSv1\nmode: enforce\nmax_age: 86400\n").faults == Texts{"mx is missing"});
}

TEST_CASE("unknown and repeated keys are remarks, each once; the first value counts") {
  const auto policy = read(kPolicy + "mode: none\nversion: x\nfuture.key: a:b\nfuture.key: c\nMode: none\n");
  CHECK(policy.is_valid());
  CHECK(policy.mode == "enforce");
  CHECK(policy.remarks == Texts{"mode comes more than once, the first counts",
                                "version comes more than once, the first counts", "unknown key future.key",
                                "unknown key Mode"});
}

TEST_CASE("an invalid first value is not replaced by a second one") {
  const auto policy = read("mode: enfroce\n" + kPolicy);
  CHECK(policy.mode.empty());
  CHECK(policy.faults == Texts{"mode is \"enfroce\""});
}

TEST_CASE("missing fields are named") {
  CHECK(read("").faults == Texts{"version is missing", "mode is missing", "max_age is missing", "mx is missing"});
  CHECK(read(with("version: STSv1\n", "")).faults == Texts{"version is missing"});
  CHECK(read(with("max_age: 604800\n", "")).faults == Texts{"max_age is missing"});
}

TEST_CASE("invalid fields are named with their value") {
  const auto [line, instead, fault] = GENERATE(table<std::string, std::string, std::string>({
      {"STSv1", "STSv2", "version is \"STSv2\""},
      {"STSv1", "stsv1", "version is \"stsv1\""},
      {"enforce", "Enforce", "mode is \"Enforce\""},
      {"enforce", "", "mode is \"\""},
      {"604800", "-1", "max_age is \"-1\", not 0 to 31557600"},
      {"604800", "31557601", "max_age is \"31557601\", not 0 to 31557600"},
      {"604800", "00000604800", "max_age is \"00000604800\", not 0 to 31557600"},
      {"604800", "1 day", "max_age is \"1 day\", not 0 to 31557600"},
      {"*.example.net", "192.0.2.1", "mx \"192.0.2.1\" is neither a host name nor \"*.\" and one"},
      {"*.example.net", "mail.*.net", "mx \"mail.*.net\" is neither a host name nor \"*.\" and one"},
      {"*.example.net", "mail.example.net.", "mx \"mail.example.net.\" is neither a host name nor \"*.\" and one"},
      {"*.example.net", "a.test, b.test", "mx \"a.test, b.test\" is neither a host name nor \"*.\" and one"},
  }));
  const auto policy = read(with(line, instead));
  CHECK_FALSE(policy.is_valid());
  CHECK(policy.faults == Texts{fault});
}

TEST_CASE("the age of a year is not too long") {
  CHECK(read(with("604800", "31557600")).is_valid());
}

TEST_CASE("a line that is no field is named, fit for output") {
  CHECK(read(with("mode: enforce", "mode : enforce")).faults ==
        Texts{"line 2 is not \"key: value\": \"mode : enforce\"", "mode is missing"});
  CHECK(read(kPolicy + "<html>|\x1b[31m\n").faults == Texts{"line 6 is not \"key: value\": \"[html]/ [31m\""});
  CHECK(read("\xef\xbb\xbf" + kPolicy).faults.size() == 2);  // a byte order mark hides the version
}

TEST_CASE("a thousand mx are read, one more is a fault") {
  std::string body = "version: STSv1\nmode: enforce\nmax_age: 1\n";
  for (int i = 0; i < 1000; ++i) body += fmt::format("mx: m{}.example.org\n", i);
  CHECK(read(body).is_valid());
  CHECK(read(body).mx.size() == 1000);
  const auto policy = read(body + "mx: a.test\nmx: b.test\n");
  CHECK(policy.faults == Texts{"there are more than 1000 mx"});
  CHECK(policy.mx.size() == 1000);
}

TEST_CASE("64 KiB are read, one byte more is not") {
  std::string body = kPolicy + "more: ";
  body.resize(std::size_t{64} * 1024, 'x');
  CHECK(read(body).is_valid());
  const auto policy = read(body + "x");
  CHECK(policy.faults == Texts{"the policy is larger than 64 KiB"});
  CHECK(policy.mode.empty());
}

TEST_CASE("faults and remarks are bounded") {
  std::string body;
  for (int i = 0; i < 5000; ++i) body += fmt::format("key{}: x\nno field\n", i);
  const auto policy = read(body.substr(0, std::size_t{64} * 1024));
  CHECK(policy.faults.size() == 32);
  CHECK(policy.remarks.size() == 32);
}
