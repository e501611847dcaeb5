#include "ledger/words.h"

#include <fmt/format.h>
#include <pwd.h>
#include <sys/stat.h>
#include <unistd.h>

#include <array>
#include <cstdio>
#include <memory>
#include <system_error>

#include "base/ascii.h"

namespace mailcheck::ledger {
namespace {

struct Close {
  void operator()(std::FILE* file) const { (void)std::fclose(file); }
};

std::string name_of(uid_t account) {
  const std::unique_ptr<std::FILE, Close> file(std::fopen("/etc/passwd", "re"));
  if (!file) return {};
  std::array<char, 4096> buffer{};
  passwd entry{};
  passwd* found = nullptr;
  while (::fgetpwent_r(file.get(), &entry, buffer.data(), buffer.size(), &found) == 0) {
    if (entry.pw_uid == account) return entry.pw_name;
  }
  return {};
}

}  // namespace

std::string describe_account(uid_t account) {
  const std::string name = name_of(account);
  return name.empty() ? fmt::format("uid {}", account) : fmt::format("{} (uid {})", name, account);
}

std::string describe_owner(uid_t owner) {
  return fmt::format("belongs to {}, and this run is {}", describe_account(owner), describe_account(::geteuid()));
}

std::string describe_mode(mode_t mode) {
  return fmt::format("{:04o}", mode & (S_ISUID | S_ISGID | S_ISVTX | S_IRWXU | S_IRWXG | S_IRWXO));
}

std::string describe_errno(int error) {
  std::string text = std::generic_category().message(error);
  if (!text.empty()) text.front() = base::to_lower(text.front());
  return text;
}

}  // namespace mailcheck::ledger
