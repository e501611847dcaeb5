#include "ledger/state_folder.h"

#include <fcntl.h>
#include <fmt/format.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>

#include "ledger/local_error.h"
#include "ledger/words.h"

namespace mailcheck::ledger {
namespace {

constexpr mode_t kWritableByOthers = S_IWGRP | S_IWOTH;

// With a slash at its end the link would be followed.
std::string without_slashes(std::string path) {
  while (path.size() > 1 && path.back() == '/') path.pop_back();
  return path;
}

// Empty if the folder is fit.
std::string fault_of_folder(const struct stat& status) {
  if (S_ISLNK(status.st_mode)) return "is a symbolic link; name the folder itself";
  if (!S_ISDIR(status.st_mode)) return "is not a folder";
  if (status.st_uid != ::geteuid() && status.st_uid != 0) return describe_owner(status.st_uid);
  if ((status.st_mode & kWritableByOthers) != 0) {
    return fmt::format("can be written by others (mode {}); it needs a mode such as 0700",
                       describe_mode(status.st_mode));
  }
  return {};
}

// Empty if the file is fit.
std::string fault_of_file(const struct stat& status) {
  if (S_ISLNK(status.st_mode)) return "is a symbolic link";
  if (!S_ISREG(status.st_mode)) return "is not a regular file";
  if (status.st_uid != ::geteuid()) return describe_owner(status.st_uid);
  if (status.st_nlink != 1) return fmt::format("has {} links instead of one", status.st_nlink);
  if ((status.st_mode & kWritableByOthers) != 0) {
    return fmt::format("can be written by others (mode {})", describe_mode(status.st_mode));
  }
  return {};
}

int open_folder(const std::string& path) {
  return ::open(path.c_str(), O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC);
}

std::string why_not_opened(const std::string& path, int error) {
  struct stat status {};
  if (::lstat(path.c_str(), &status) == 0) {
    if (std::string fault = fault_of_folder(status); !fault.empty()) return fault;
    if (error == EACCES) return fmt::format("cannot be opened: it {}", describe_owner(status.st_uid));
  }
  return "cannot be opened: " + describe_errno(error);
}

// Asked now, so that the words are about the folder and not about one of its files.
std::string why_not_written(int folder, const struct stat& status) {
  if (::faccessat(folder, ".", W_OK | X_OK, AT_EACCESS) == 0) return {};
  if (errno != EACCES) return "cannot be written: " + describe_errno(errno);
  return fmt::format("cannot be written: it {} (mode {})", describe_owner(status.st_uid),
                     describe_mode(status.st_mode));
}

}  // namespace

base::Result<StateFolder> StateFolder::open(const std::string& given) {
  const std::string path = without_slashes(given);
  if (path.empty()) return local_error("the folder for the state has no name");
  base::FileDescriptor folder(open_folder(path));
  if (!folder.is_open() && errno == ENOENT) {
    if (::mkdir(path.c_str(), S_IRWXU) != 0 && errno != EEXIST) {
      return local_error(fmt::format("{} cannot be made: {}", path, describe_errno(errno)));
    }
    folder = base::FileDescriptor(open_folder(path));
  }
  if (!folder.is_open()) return local_error(path + " " + why_not_opened(path, errno));
  struct stat status {};
  if (::fstat(folder.get(), &status) != 0) return local_error(path + " cannot be looked at: " + describe_errno(errno));
  std::string fault = fault_of_folder(status);
  if (fault.empty()) fault = why_not_written(folder.get(), status);
  if (!fault.empty()) return local_error(path + " " + fault);
  return StateFolder(path, std::move(folder));
}

tl::expected<base::FileDescriptor, FileFault> StateFolder::open_file(const std::string& name, int flags) const {
  constexpr int kAlways = O_NOFOLLOW | O_CLOEXEC | O_NONBLOCK | O_NOCTTY;
  base::FileDescriptor file(::openat(descriptor(), name.c_str(), flags | kAlways, S_IRUSR | S_IWUSR));
  const int error = file.is_open() ? 0 : errno;
  struct stat status {};
  const int seen = file.is_open() ? ::fstat(file.get(), &status)
                                  : ::fstatat(descriptor(), name.c_str(), &status, AT_SYMLINK_NOFOLLOW);
  std::string fault = seen == 0 ? fault_of_file(status) : std::string();
  if (fault.empty() && error != 0) fault = "cannot be opened: " + describe_errno(error);
  if (fault.empty() && seen != 0) fault = "cannot be looked at";
  if (!fault.empty()) return tl::unexpected<FileFault>({.error = error, .words = std::move(fault)});
  return file;
}

}  // namespace mailcheck::ledger
