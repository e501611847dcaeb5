#include "ledger/atomic_file.h"

#include <fcntl.h>
#include <fmt/format.h>
#include <sys/resource.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <cstdio>
#include <utility>

#include "ledger/local_error.h"
#include "ledger/words.h"

namespace mailcheck::ledger {
namespace {

constexpr std::size_t kPiece = 4096;

bool is_shortage(int error) {
  return error == EMFILE || error == ENFILE || error == ENOMEM;
}

// 0, or errno. One byte more than allowed is read, to know that there is more.
int read_all(int file, std::string& text) {
  text.resize(kMaximumFileSize + 1);
  std::size_t size = 0;
  while (size < text.size()) {
    const ssize_t count = ::read(file, text.data() + size, text.size() - size);
    if (count < 0 && errno == EINTR) continue;
    if (count < 0) return errno;
    if (count == 0) break;
    size += static_cast<std::size_t>(count);
  }
  text.resize(size);
  return 0;
}

// Of a call that says no more than that it failed.
int errno_of(int result) {
  return result == 0 ? 0 : errno;
}

int rename_in(const StateFolder& folder, const std::string& from, const std::string& to) {
  return errno_of(::renameat(folder.descriptor(), from.c_str(), folder.descriptor(), to.c_str()));
}

int write_piece(int file, std::string_view piece) {
  while (!piece.empty()) {
    const ssize_t count = ::write(file, piece.data(), piece.size());
    if (count < 0 && errno == EINTR) continue;
    if (count <= 0) return count < 0 ? errno : EIO;
    piece.remove_prefix(static_cast<std::size_t>(count));
  }
  return 0;
}

// Writing past the limit would kill the process (SIGXFSZ); so it is asked for beforehand.
std::string fault_of_size(std::size_t size) {
  if (size > kMaximumFileSize) return fmt::format("{} bytes are more than the {} allowed", size, kMaximumFileSize);
  rlimit limit{};
  if (::getrlimit(RLIMIT_FSIZE, &limit) != 0 || limit.rlim_cur == RLIM_INFINITY || size <= limit.rlim_cur) return {};
  return fmt::format("the limit on the size of files (ulimit -f) is {} bytes, {} are needed", limit.rlim_cur, size);
}

class Replacement {
 public:
  Replacement(const StateFolder& folder, const std::string& name, const ReplaceHook& hook)
      : folder_(folder), name_(name), temporary_(name + ".tmp"), hook_(hook) {}

  base::Result<void> run(std::string_view content) {
    auto replaced = write_temporary(content);
    if (replaced) replaced = put_in_place();
    if (!replaced && is_made_) (void)remove_temporary();  // gives the space back
    return replaced;
  }

 private:
  base::Result<void> write_temporary(std::string_view content) {
    const int removed = step(ReplaceStep::remove_left_over, [&] { return remove_temporary(); });
    if (removed != 0 && removed != ENOENT) return failure(temporary_, "cannot be removed", removed);
    const auto file = create();
    if (!file) return local_error(folder_.path_of(temporary_) + " " + file.error().words);
    is_made_ = true;
    while (!content.empty()) {
      const std::string_view piece = content.substr(0, kPiece);
      const int written = step(ReplaceStep::write, [&] { return write_piece(file->get(), piece); });
      if (written != 0) return failure(temporary_, "cannot be written", written);
      content.remove_prefix(piece.size());
    }
    const int synced = step(ReplaceStep::sync, [&] { return errno_of(::fsync(file->get())); });
    if (synced != 0) return failure(temporary_, "cannot be synced to the disk", synced);
    return {};
  }

  base::Result<void> put_in_place() {
    const int renamed = step(ReplaceStep::rename, [&] { return rename_in(folder_, temporary_, name_); });
    if (renamed != 0) return failure(name_, "cannot be replaced", renamed);
    is_made_ = false;
    const int synced = step(ReplaceStep::sync_folder, [&] { return errno_of(::fsync(folder_.descriptor())); });
    if (synced != 0) return failure(name_, "is replaced, but its folder cannot be synced to the disk", synced);
    return {};
  }

  tl::expected<base::FileDescriptor, FileFault> create() {
    const int error = hook_ ? hook_(ReplaceStep::create) : 0;
    if (error == 0) return folder_.open_file(temporary_, O_WRONLY | O_CREAT | O_EXCL);
    return tl::unexpected<FileFault>({.error = error, .words = "cannot be opened: " + describe_errno(error)});
  }

  int remove_temporary() { return errno_of(::unlinkat(folder_.descriptor(), temporary_.c_str(), 0)); }

  template <typename Action>
  int step(ReplaceStep which, Action action) {
    const int error = hook_ ? hook_(which) : 0;
    return error != 0 ? error : action();
  }

  [[nodiscard]] tl::unexpected<base::Error> failure(const std::string& name, const char* what, int error) const {
    return local_error(fmt::format("{} {}: {}", folder_.path_of(name), what, describe_errno(error)));
  }

  const StateFolder& folder_;
  const std::string& name_;
  const std::string temporary_;
  const ReplaceHook& hook_;
  bool is_made_ = false;
};

}  // namespace

base::Result<FileContent> read_file(const StateFolder& folder, const std::string& name) {
  const auto file = folder.open_file(name, O_RDONLY);
  if (!file && file.error().error == ENOENT) return FileContent{};
  if (!file && is_shortage(file.error().error)) return local_error(folder.path_of(name) + " " + file.error().words);
  if (!file) return FileContent{.text = {}, .fault = file.error().words};
  std::string text;
  if (const int error = read_all(file->get(), text); error != 0) {
    return FileContent{.text = {}, .fault = "cannot be read: " + describe_errno(error)};
  }
  if (text.size() > kMaximumFileSize) {
    return FileContent{.text = {}, .fault = fmt::format("is larger than {} bytes", kMaximumFileSize)};
  }
  return FileContent{.text = std::move(text), .fault = {}};
}

base::Result<void> replace_file(const StateFolder& folder, const std::string& name, std::string_view content,
                                const ReplaceHook& hook) {
  const std::string fault = fault_of_size(content.size());
  if (!fault.empty()) return local_error(folder.path_of(name) + " cannot be written: " + fault);
  return Replacement(folder, name, hook).run(content);
}

base::Result<void> set_file_aside(const StateFolder& folder, const std::string& name, const std::string& new_name) {
  int error = rename_in(folder, name, new_name);
  if (error != 0) {  // a folder and a file cannot take each other's place
    (void)::unlinkat(folder.descriptor(), new_name.c_str(), 0);
    (void)::unlinkat(folder.descriptor(), new_name.c_str(), AT_REMOVEDIR);
    error = rename_in(folder, name, new_name);
  }
  if (error == 0) return {};
  return local_error(
      fmt::format("{} cannot be renamed to {}: {}", folder.path_of(name), new_name, describe_errno(error)));
}

}  // namespace mailcheck::ledger
