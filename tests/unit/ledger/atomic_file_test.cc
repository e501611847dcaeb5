#include "ledger/atomic_file.h"

#include <signal.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <unistd.h>

#include <vector>

#include "tests/support/catch2.h"
#include "tests/unit/ledger/scratch_folder.h"

using namespace mailcheck;
using ledger::FileContent;
using ledger::read_file;
using ledger::replace_file;
using ledger::ReplaceStep;
using ledger::StateFolder;
using test::contains;
using test::ScratchFolder;

namespace {

const std::string kOld = "the old content\n" + std::string(5000, 'o');
const std::string kNew = "the new content\n" + std::string(9000, 'n');  // three pieces

struct Scene {
  ScratchFolder scratch;
  StateFolder folder = StateFolder::open(scratch.path()).value();

  Scene() { REQUIRE(replace_file(folder, "file", kOld).has_value()); }
  [[nodiscard]] std::string text() const {
    const auto content = read_file(folder, "file");
    return content && content->text ? *content->text : "no content";
  }
};

std::vector<ReplaceStep> steps_of_new_content() {
  const Scene scene;
  std::vector<ReplaceStep> steps;
  const auto replaced = replace_file(scene.folder, "file", kNew, [&](ReplaceStep step) {
    steps.push_back(step);
    return 0;
  });
  REQUIRE(replaced.has_value());
  return steps;
}

std::string fault_of(const StateFolder& folder, const std::string& name) {
  const auto content = read_file(folder, name);
  REQUIRE(content.has_value());
  CHECK_FALSE(content->text.has_value());
  return content->fault;
}

}  // namespace

TEST_CASE("a replaced file has the new content, for its owner only, and nothing is left over") {
  const Scene scene;
  CHECK(scene.text() == kOld);
  REQUIRE(replace_file(scene.folder, "file", kNew).has_value());
  CHECK(scene.text() == kNew);
  CHECK_FALSE(scene.scratch.has("file.tmp"));
  struct stat status {};
  REQUIRE(::stat((scene.scratch / "file").c_str(), &status) == 0);
  CHECK((status.st_mode & 07777U) == 0600U);
  REQUIRE(replace_file(scene.folder, "file", "").has_value());
  CHECK(scene.text().empty());
}

TEST_CASE("the content is on the disk before it gets its name, and the name before the end") {
  using enum ReplaceStep;
  CHECK(steps_of_new_content() ==
        std::vector<ReplaceStep>{remove_left_over, create, write, write, write, sync, rename, sync_folder});
}

TEST_CASE("a process killed at any step leaves the old content or the new, and the next replacement works") {
  const auto steps = steps_of_new_content();
  for (std::size_t last = 0; last <= steps.size(); ++last) {
    CAPTURE(last);
    const Scene scene;
    std::size_t done = 0;
    const int status = test::status_of_child([&] {
      return replace_file(scene.folder, "file", kNew,
                          [&](ReplaceStep) {
                            if (done++ == last) (void)::kill(::getpid(), SIGKILL);
                            return 0;
                          })
          .has_value();
    });
    const bool is_killed = WIFSIGNALED(status) && WTERMSIG(status) == SIGKILL;
    CHECK(is_killed == (last < steps.size()));
    const bool is_renamed = last > 6;  // killed before the folder is synced, or not at all
    CHECK(scene.text() == (is_renamed ? kNew : kOld));
    CHECK(scene.scratch.has("file.tmp") == (last > 1 && !is_renamed));

    REQUIRE(replace_file(scene.folder, "file", "next").has_value());
    CHECK(scene.text() == "next");
    CHECK_FALSE(scene.scratch.has("file.tmp"));
  }
}

TEST_CASE("a step that fails is an error, nothing is done after it, and the old content stays whole") {
  const auto steps = steps_of_new_content();
  for (std::size_t failing = 0; failing < steps.size(); ++failing) {
    CAPTURE(failing);
    const Scene scene;
    std::size_t done = 0;
    const auto replaced =
        replace_file(scene.folder, "file", kNew, [&](ReplaceStep) { return done++ == failing ? ENOSPC : 0; });
    REQUIRE_FALSE(replaced.has_value());
    CHECK(replaced.error().kind == base::ErrorKind::local);
    CHECK(replaced.error().stage == base::Stage::state);
    CHECK(contains(replaced.error().detail, scene.scratch / "file"));
    CHECK(contains(replaced.error().detail, "no space left on device"));
    CHECK(done == failing + 1);
    CHECK(scene.text() == (steps[failing] == ReplaceStep::sync_folder ? kNew : kOld));
    CHECK_FALSE(scene.scratch.has("file.tmp"));
  }
}

TEST_CASE("the system's reasons are told in its words") {
  const Scene scene;
  const std::pair<int, std::string> reasons[] = {{EDQUOT, "disk quota exceeded"},
                                                 {EROFS, "read-only file system"},
                                                 {EIO, "input/output error"},
                                                 {EFBIG, "file too large"}};
  for (const auto& [error, words] : reasons) {
    const auto replaced = replace_file(scene.folder, "file", kNew, [number = error](ReplaceStep step) {
      return step == ReplaceStep::write ? number : 0;
    });
    REQUIRE_FALSE(replaced.has_value());
    CHECK(replaced.error().detail == scene.scratch / "file.tmp cannot be written: " + words);
  }
}

TEST_CASE("the limit on the size of files is an error and not the end of the process") {
  const Scene scene;
  const int status = test::status_of_child([&] {
    const rlimit limit{.rlim_cur = 6000, .rlim_max = 6000};
    if (::setrlimit(RLIMIT_FSIZE, &limit) != 0) return false;
    const auto replaced = replace_file(scene.folder, "file", kNew);
    return !replaced && replaced.error().detail.find("ulimit -f) is 6000 bytes, 9016 are needed") != std::string::npos;
  });
  CHECK(status == 0);
  CHECK(scene.text() == kOld);
  CHECK_FALSE(scene.scratch.has("file.tmp"));
}

TEST_CASE("what lies in the place of the temporary file is removed, never written through") {
  const Scene scene;
  scene.scratch.put("victim", "untouched");
  REQUIRE(::symlink("victim", (scene.scratch / "file.tmp").c_str()) == 0);
  REQUIRE(replace_file(scene.folder, "file", kNew).has_value());
  CHECK(scene.text() == kNew);
  CHECK(scene.scratch.text_of("victim") == "untouched");

  REQUIRE(::mkdir((scene.scratch / "file.tmp").c_str(), 0700) == 0);
  const auto replaced = replace_file(scene.folder, "file", kOld);
  REQUIRE_FALSE(replaced.has_value());
  CHECK(replaced.error().detail == scene.scratch / "file.tmp cannot be removed: is a directory");
  CHECK(scene.text() == kNew);
}

TEST_CASE("a temporary file that appears after the old one was removed is not written to") {
  const Scene scene;
  const auto replaced = replace_file(scene.folder, "file", kNew, [&](ReplaceStep step) {
    if (step == ReplaceStep::create) scene.scratch.put("file.tmp", "another's");
    return 0;
  });
  REQUIRE_FALSE(replaced.has_value());
  CHECK(replaced.error().detail == scene.scratch / "file.tmp cannot be opened: file exists");
  CHECK(scene.scratch.text_of("file.tmp") == "another's");
  CHECK(scene.text() == kOld);
}

TEST_CASE("content past the limit is neither written nor read") {
  const Scene scene;
  const std::string largest(ledger::kMaximumFileSize, 'x');
  REQUIRE(replace_file(scene.folder, "file", largest).has_value());
  CHECK(scene.text() == largest);
  const auto replaced = replace_file(scene.folder, "file", largest + "x");
  REQUIRE_FALSE(replaced.has_value());
  CHECK(contains(replaced.error().detail, "262145 bytes are more than the 262144 allowed"));
  CHECK(scene.text() == largest);
  scene.scratch.put("large", largest + "x");
  CHECK(fault_of(scene.folder, "large") == "is larger than 262144 bytes");
}

TEST_CASE("a missing file is no fault, what is no file of ours is one") {
  const Scene scene;
  const auto missing = read_file(scene.folder, "missing");
  REQUIRE(missing.has_value());
  CHECK_FALSE(missing->text.has_value());
  CHECK(missing->fault.empty());
  REQUIRE(::symlink("file", (scene.scratch / "link").c_str()) == 0);
  CHECK(fault_of(scene.folder, "link") == "is a symbolic link");
  REQUIRE(::mkfifo((scene.scratch / "pipe").c_str(), 0600) == 0);
  CHECK(fault_of(scene.folder, "pipe") == "is not a regular file");
}

TEST_CASE("a lack of descriptors says nothing about the file") {
  const Scene scene;
  CHECK(test::status_of_child([&] {
          const rlimit none{.rlim_cur = 0, .rlim_max = 0};
          if (::setrlimit(RLIMIT_NOFILE, &none) != 0) return false;
          const auto content = read_file(scene.folder, "file");
          return !content && content.error().detail.find("too many open files") != std::string::npos;
        }) == 0);
}

TEST_CASE("anything can be set aside, over anything but a folder with files in it") {
  const Scene scene;
  const auto make = [&](const std::string& kind, const std::string& name) {
    if (kind == "file") scene.scratch.put(name, name);
    if (kind == "link") REQUIRE(::symlink("victim", (scene.scratch / name).c_str()) == 0);
    if (kind == "folder") REQUIRE(::mkdir((scene.scratch / name).c_str(), 0700) == 0);
    if (kind == "pipe") REQUIRE(::mkfifo((scene.scratch / name).c_str(), 0600) == 0);
  };
  scene.scratch.put("victim", "untouched");
  for (const std::string kind : {"file", "link", "folder", "pipe"}) {
    for (const std::string earlier : {"nothing", "file", "link", "folder", "pipe"}) {
      CAPTURE(kind, earlier);
      make(kind, "odd");
      make(earlier, "odd.bad");
      CHECK(ledger::set_file_aside(scene.folder, "odd", "odd.bad").has_value());
      CHECK_FALSE(scene.scratch.has("odd"));
      CHECK(scene.scratch.has("odd.bad"));
      std::filesystem::remove(scene.scratch / "odd.bad");
    }
  }
  CHECK(scene.scratch.text_of("victim") == "untouched");
  make("file", "odd");
  make("folder", "odd.bad");
  scene.scratch.put("odd.bad/inside", "");
  const auto aside = ledger::set_file_aside(scene.folder, "odd", "odd.bad");
  REQUIRE_FALSE(aside.has_value());
  CHECK(contains(aside.error().detail, "odd cannot be renamed to odd.bad: "));
}
