// After the last response that needs it, the password is nowhere in this process's writable memory. The needle is kept
// with every bit turned round, so that the search does not find itself.
#include <fcntl.h>
#include <unistd.h>

#include <fstream>
#include <vector>

#include "support/catch2.h"
#include "unit/sasl/exchange.h"

using namespace mailcheck;
using namespace mailcheck::test;

namespace {

constexpr std::size_t kMaxRegion = 64U << 20U;  // the sanitizers' shadow is larger and of no interest

struct Region {
  std::size_t begin;
  std::size_t end;
};

std::vector<Region> writable_regions() {
  std::vector<Region> out;
  std::ifstream maps("/proc/self/maps");
  for (std::string line; std::getline(maps, line);) {
    std::size_t used = 0;
    const std::size_t begin = std::stoull(line, &used, 16);
    const std::size_t end = std::stoull(line.substr(used + 1), nullptr, 16);
    if (line.find(" rw") != std::string::npos && end - begin <= kMaxRegion) out.push_back({begin, end});
  }
  return out;
}

std::string inverted(std::string_view text) {
  std::string out(text);
  for (char& c : out) c = static_cast<char>(~c);
  return out;
}

// Some 24 characters that stand nowhere in the program.
std::string inverted_needle() {
  std::string out;
  for (int i = 0; i < 24; ++i) out += static_cast<char>(~('a' + (i * 7 + 3) % 26));
  return out;
}

std::size_t count_in(const std::string& memory_inverted, const std::string& needle) {
  std::size_t count = 0;
  for (std::size_t at = memory_inverted.find(needle); at != std::string::npos;
       at = memory_inverted.find(needle, at + 1)) {
    ++count;
  }
  return count;
}

// How often the needle stands in memory, in the clear.
std::size_t occurrences(const std::string& needle) {
  const int memory = ::open("/proc/self/mem", O_RDONLY | O_CLOEXEC);
  REQUIRE(memory >= 0);
  std::size_t count = 0;
  std::string page;
  for (const Region& region : writable_regions()) {
    page.assign(region.end - region.begin, '\0');
    const ssize_t got = ::pread(memory, page.data(), page.size(), static_cast<off_t>(region.begin));
    if (got <= 0) continue;
    page.resize(static_cast<std::size_t>(got));
    for (char& c : page) c = static_cast<char>(~c);
    count += count_in(page, needle);
  }
  ::close(memory);
  base::wipe(page);
  return count;
}

sasl::Credentials credentials_with(const std::string& needle) {
  std::string clear = inverted(needle);
  sasl::Credentials credentials;
  credentials.user = "probe";
  credentials.password = base::Secret(clear);
  credentials.token = base::Secret::take(clear);
  return credentials;
}

struct Exchange {
  const char* name;
  std::vector<std::string> challenges;
};

std::unique_ptr<sasl::Mechanism> run(const Exchange& exchange, const std::string& needle) {
  auto mechanism = made({.name = exchange.name, .nonce = "abc"}, credentials_with(needle));
  for (const auto& challenge : exchange.challenges) REQUIRE(mechanism->respond(challenge).has_value());
  return mechanism;
}

}  // namespace

TEST_CASE("the search finds a secret that is in use") {
  const std::string needle = inverted_needle();
  const auto credentials = credentials_with(needle);
  CHECK(occurrences(needle) >= 2);
}

TEST_CASE("a mechanism that needs its secret no more has left none behind") {
  const std::string needle = inverted_needle();
  const Exchange exchanges[] = {{"PLAIN", {""}},
                                {"LOGIN", {"Username:", "Password:"}},
                                {"CRAM-MD5", {"<1@example>"}},
                                {"SCRAM-SHA-1", {"", "r=abcDEF,s=c2FsdA==,i=4096"}},
                                {"SCRAM-SHA-256", {"", "r=abcDEF,s=c2FsdA==,i=4096"}},
                                {"XOAUTH2", {""}},
                                {"OAUTHBEARER", {""}}};
  for (const Exchange& exchange : exchanges) {
    CAPTURE(exchange.name);
    const auto mechanism = run(exchange, needle);
    CHECK(occurrences(needle) == 0);
  }
}
