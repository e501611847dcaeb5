#include "ledger/state_folder.h"

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include "tests/support/catch2.h"
#include "tests/unit/ledger/scratch_folder.h"

using namespace mailcheck;
using ledger::StateFolder;
using test::contains;
using test::ScratchFolder;

namespace {

constexpr uid_t kStranger = 65534;

std::string refusal_of(const std::string& path) {
  const auto folder = StateFolder::open(path);
  if (folder) return "opened";
  CHECK(folder.error().stage == base::Stage::state);
  CHECK(folder.error().kind == base::ErrorKind::local);
  CHECK(folder.error().input == "state-dir");
  return folder.error().detail;
}

// What open_file() says against the file; empty if nothing.
std::string fault_of(const ScratchFolder& scratch, const std::string& name, int flags = O_RDONLY) {
  const auto folder = StateFolder::open(scratch.path());
  REQUIRE(folder.has_value());
  const auto file = folder->open_file(name, flags);
  return file ? "" : file.error().words;
}

}  // namespace

TEST_CASE("a missing folder is made, for its owner only, and stays when it is there") {
  const ScratchFolder scratch;
  for (int run = 0; run < 2; ++run) {
    const auto folder = StateFolder::open(scratch / "state//");
    REQUIRE(folder.has_value());
    CHECK(folder->path() == scratch / "state");
    CHECK(folder->path_of("file") == scratch / "state/file");
    CHECK((::fcntl(folder->descriptor(), F_GETFD) & FD_CLOEXEC) != 0);
  }
  struct stat status {};
  REQUIRE(::stat((scratch / "state").c_str(), &status) == 0);
  CHECK((status.st_mode & 07777U) == 0700U);
}

TEST_CASE("only one level is made") {
  const ScratchFolder scratch;
  CHECK(refusal_of(scratch / "a/b") == scratch / "a/b cannot be made: no such file or directory");
  CHECK_FALSE(scratch.has("a"));
  CHECK(refusal_of("") == "the folder for the state has no name");
}

TEST_CASE("a link as the folder is refused, with a slash at its end too") {
  const ScratchFolder scratch;
  REQUIRE(StateFolder::open(scratch / "real").has_value());
  REQUIRE(::symlink("real", (scratch / "link").c_str()) == 0);
  REQUIRE(::symlink("nowhere", (scratch / "dangling").c_str()) == 0);
  for (const std::string name : {"link", "link/", "link//", "dangling"}) {
    CAPTURE(name);
    CHECK(contains(refusal_of(scratch / name), "is a symbolic link"));
  }
  CHECK_FALSE(scratch.has("nowhere"));
}

TEST_CASE("a link above the folder is followed") {
  const ScratchFolder scratch;
  REQUIRE(::mkdir((scratch / "real").c_str(), 0700) == 0);
  REQUIRE(::symlink("real", (scratch / "link").c_str()) == 0);
  CHECK(StateFolder::open(scratch / "link/state").has_value());
  CHECK(scratch.has("real/state"));
}

TEST_CASE("what is not a folder is refused") {
  const ScratchFolder scratch;
  scratch.put("file", "text");
  CHECK(refusal_of(scratch / "file") == scratch / "file is not a folder");
  REQUIRE(::mkfifo((scratch / "pipe").c_str(), 0600) == 0);
  CHECK(refusal_of(scratch / "pipe") == scratch / "pipe is not a folder");
}

TEST_CASE("a folder that others can write is refused, sticky or not") {
  const ScratchFolder scratch;
  for (const mode_t mode : {0770U, 0720U, 0707U, 0702U, 0777U, 01777U, 02775U}) {
    CAPTURE(mode);
    scratch.set_mode("", mode);
    CHECK(contains(refusal_of(scratch.path()), "can be written by others (mode "));
  }
  CHECK(contains(refusal_of("/tmp"), "/tmp can be written by others (mode 1777)"));
  for (const mode_t mode : {0700U, 0755U, 0750U}) {
    scratch.set_mode("", mode);
    CHECK(refusal_of(scratch.path()) == "opened");
  }
}

TEST_CASE("a folder of another user is refused, and the words say whose it is and who runs") {
  const ScratchFolder scratch;
  if (::geteuid() != 0) {
    CHECK(contains(refusal_of("/"), "belongs to root (uid 0), and this run is"));
    return;
  }
  REQUIRE(::chown(scratch.path().c_str(), kStranger, kStranger) == 0);
  CHECK(contains(refusal_of(scratch.path()), "belongs to nobody (uid 65534), and this run is root (uid 0)"));
  CHECK(test::status_of_child(
            [&] { return ::seteuid(kStranger) == 0 && StateFolder::open(scratch.path()).has_value(); }) == 0);
}

TEST_CASE("root's folder is good for another user only if that user can write it") {
  if (::geteuid() != 0) return;  // the folder of the test is not root's
  const ScratchFolder scratch;
  const std::string words = "it belongs to root (uid 0), and this run is nobody (uid 65534)";
  for (const mode_t mode : {0755U, 0700U}) {
    scratch.set_mode("", mode);
    CHECK(test::status_of_child([&] {
            if (::seteuid(kStranger) != 0) return false;
            const auto folder = StateFolder::open(scratch.path());
            return !folder && folder.error().detail.find(words) != std::string::npos;
          }) == 0);
  }
}

TEST_CASE("a regular file of our own is opened, without blocking and for this process only") {
  const ScratchFolder scratch;
  scratch.put("file", "text");
  const auto folder = StateFolder::open(scratch.path());
  REQUIRE(folder.has_value());
  const auto file = folder->open_file("file", O_RDONLY);
  REQUIRE(file.has_value());
  CHECK((::fcntl(file->get(), F_GETFD) & FD_CLOEXEC) != 0);
  REQUIRE(folder->open_file("new", O_WRONLY | O_CREAT).has_value());
  struct stat status {};
  REQUIRE(::stat((scratch / "new").c_str(), &status) == 0);
  CHECK((status.st_mode & 07777U) == 0600U);
  CHECK(folder->open_file("missing", O_RDONLY).error().error == ENOENT);
}

TEST_CASE("links, pipes, sockets and folders are no files of ours, and nobody waits for them") {
  const ScratchFolder scratch;
  scratch.put("file", "text");
  REQUIRE(::symlink("file", (scratch / "link").c_str()) == 0);
  REQUIRE(::mkfifo((scratch / "pipe").c_str(), 0600) == 0);
  REQUIRE(::mkdir((scratch / "folder").c_str(), 0700) == 0);
  REQUIRE(::mknod((scratch / "socket").c_str(), S_IFSOCK | 0600, 0) == 0);
  for (const int flags : {O_RDONLY, O_RDWR | O_CREAT}) {
    CHECK(fault_of(scratch, "link", flags) == "is a symbolic link");
    CHECK(fault_of(scratch, "pipe", flags) == "is not a regular file");
    CHECK(fault_of(scratch, "folder", flags) == "is not a regular file");
    CHECK(fault_of(scratch, "socket", flags) == "is not a regular file");
  }
}

TEST_CASE("a file with a second link, or that others can write, is not used") {
  const ScratchFolder scratch;
  scratch.put("file", "text");
  REQUIRE(::link((scratch / "file").c_str(), (scratch / "second").c_str()) == 0);
  CHECK(fault_of(scratch, "file") == "has 2 links instead of one");
  scratch.put("open", "text");
  for (const mode_t mode : {0620U, 0602U, 0666U}) {
    scratch.set_mode("open", mode);
    CHECK(contains(fault_of(scratch, "open"), "can be written by others (mode 06"));
  }
  scratch.set_mode("open", 0644);
  CHECK(fault_of(scratch, "open").empty());
}

TEST_CASE("a file of another user is not used, readable or not, and the words say whose it is") {
  if (::geteuid() != 0) return;  // only root can give files away
  const ScratchFolder scratch;
  scratch.put("file", "text");
  REQUIRE(::chown((scratch / "file").c_str(), kStranger, kStranger) == 0);
  CHECK(fault_of(scratch, "file") == "belongs to nobody (uid 65534), and this run is root (uid 0)");

  scratch.put("root", "text");
  REQUIRE(::chown(scratch.path().c_str(), kStranger, kStranger) == 0);
  for (const mode_t mode : {0600U, 0644U}) {
    scratch.set_mode("root", mode);
    CHECK(test::status_of_child([&] {
            return ::seteuid(kStranger) == 0 &&
                   fault_of(scratch, "root") == "belongs to root (uid 0), and this run is nobody (uid 65534)";
          }) == 0);
  }
}
