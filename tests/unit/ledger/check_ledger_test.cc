#include "ledger/check_ledger.h"

#include <signal.h>
#include <sys/stat.h>
#include <unistd.h>

#include <chrono>

#include "ledger/atomic_file.h"
#include "tests/support/catch2.h"
#include "tests/unit/ledger/scratch_folder.h"

using namespace mailcheck;
using namespace std::chrono_literals;
using ledger::CheckLedger;
using ledger::Document;
using test::contains;
using test::ScratchFolder;

namespace {

const std::string kId = "0123456789abcdef";
const std::string kFile = "roundtrip-" + kId + ".json";
constexpr base::WallTime kSent = std::chrono::sys_days(std::chrono::year(2026) / 6 / 15);

Document document_with(char digit) {
  return {.outstanding = {{.token = std::string(32, digit),
                           .sent = kSent,
                           .outcome = ledger::Outcome::sending,
                           .reports_left = 0,
                           .marks = {{"INBOX", 1, 2}, {"Junk\xff", 3, 4}}}},
          .first_greylisted = kSent};
}

base::Result<CheckLedger> open(const ScratchFolder& scratch, const std::string& id = kId) {
  const base::SystemClock clock;
  return CheckLedger::open(scratch.path(), id, base::Deadline(clock, 0s));
}

// Opens, expects that the document is set aside for this reason, and that the next run is as good as new.
void check_set_aside(const ScratchFolder& scratch, const std::string& reason) {
  CAPTURE(reason);
  {
    auto ledger = open(scratch);
    REQUIRE(ledger.has_value());
    CHECK(ledger->document() == Document{});
    CHECK(ledger->set_aside() ==
          scratch / kFile + " " + reason + "; it was renamed to " + kFile + ".bad and is not used");
    CHECK(scratch.has(kFile + ".bad"));
    CHECK_FALSE(scratch.has(kFile));
    REQUIRE(ledger->save(document_with('a')).has_value());
  }
  const auto next = open(scratch);
  REQUIRE(next.has_value());
  CHECK(next->set_aside().empty());
  CHECK(next->document() == document_with('a'));
}

}  // namespace

TEST_CASE("a ledger starts empty, and the next run reads what was saved") {
  const ScratchFolder scratch;
  {
    auto ledger = open(scratch);
    REQUIRE(ledger.has_value());
    CHECK(ledger->document() == Document{});
    CHECK(ledger->set_aside().empty());
    CHECK_FALSE(scratch.has(kFile));
    REQUIRE(ledger->save(document_with('a')).has_value());
    CHECK(ledger->document() == document_with('a'));
    REQUIRE(ledger->save(document_with('b')).has_value());
  }
  const auto ledger = open(scratch);
  REQUIRE(ledger.has_value());
  CHECK(ledger->document() == document_with('b'));
  CHECK(ledger->set_aside().empty());
  CHECK(scratch.has("roundtrip-" + kId + ".lock"));
}

TEST_CASE("checks in one folder do not see each other") {
  const ScratchFolder scratch;
  auto one = open(scratch);
  auto other = open(scratch, "fedcba9876543210");
  REQUIRE(one.has_value());
  REQUIRE(other.has_value());
  REQUIRE(one->save(document_with('a')).has_value());
  REQUIRE(other->save(document_with('b')).has_value());
  CHECK(scratch.text_of(kFile) == ledger::write(document_with('a'), kId));
}

TEST_CASE("a ledger that another run holds is locked, and free when that run ends") {
  const ScratchFolder scratch;
  {
    auto first = open(scratch);
    REQUIRE(first.has_value());
    const CheckLedger moved = std::move(*first);
    const auto second = open(scratch);
    REQUIRE_FALSE(second.has_value());
    CHECK(second.error().kind == base::ErrorKind::state_locked);
    CHECK(second.error().stage == base::Stage::state);
    CHECK(contains(second.error().detail, scratch / ("roundtrip-" + kId + ".lock")));
  }
  CHECK(open(scratch).has_value());
}

TEST_CASE("a document that cannot be used is set aside, over an earlier one, and the ledger starts anew") {
  const ScratchFolder scratch;
  const std::string good = ledger::write(document_with('c'), kId);
  scratch.put(kFile, good.substr(0, good.size() / 2));
  check_set_aside(scratch, "is damaged, or not the document of this check");
  CHECK(scratch.text_of(kFile + ".bad") == good.substr(0, good.size() / 2));

  scratch.put(kFile, ledger::write(document_with('c'), "fedcba9876543210"));
  check_set_aside(scratch, "is damaged, or not the document of this check");
  CHECK(contains(scratch.text_of(kFile + ".bad"), "fedcba9876543210"));

  scratch.put(kFile, std::string(ledger::kMaximumFileSize + 1, ' '));
  check_set_aside(scratch, "is larger than 262144 bytes");
  scratch.put(kFile, "");
  check_set_aside(scratch, "is damaged, or not the document of this check");
}

TEST_CASE("a good document in the wrong clothes is set aside too, and never followed") {
  const ScratchFolder scratch;
  const std::string good = ledger::write(document_with('c'), kId);
  const auto clear = [&] { std::filesystem::remove_all(scratch / kFile); };
  scratch.put("elsewhere", good);
  REQUIRE(::symlink("elsewhere", (scratch / kFile).c_str()) == 0);
  check_set_aside(scratch, "is a symbolic link");
  CHECK(scratch.text_of("elsewhere") == good);
  clear();
  REQUIRE(::symlink("nowhere", (scratch / kFile).c_str()) == 0);
  check_set_aside(scratch, "is a symbolic link");
  CHECK_FALSE(scratch.has("nowhere"));
  clear();
  REQUIRE(::mkfifo((scratch / kFile).c_str(), 0600) == 0);
  check_set_aside(scratch, "is not a regular file");
  clear();
  REQUIRE(::mkdir((scratch / kFile).c_str(), 0700) == 0);
  check_set_aside(scratch, "is not a regular file");
  clear();
  REQUIRE(::link((scratch / "elsewhere").c_str(), (scratch / kFile).c_str()) == 0);
  check_set_aside(scratch, "has 2 links instead of one");
  scratch.put(kFile, good);
  scratch.set_mode(kFile, 0666);
  check_set_aside(scratch, "can be written by others (mode 0666)");
}

TEST_CASE("a document of another user is set aside, and the words say whose it is") {
  if (::geteuid() != 0) return;  // only root can give files away
  const ScratchFolder scratch;
  scratch.put(kFile, ledger::write(document_with('c'), kId));
  REQUIRE(::chown((scratch / kFile).c_str(), 65534, 65534) == 0);
  check_set_aside(scratch, "belongs to nobody (uid 65534), and this run is root (uid 0)");
}

TEST_CASE("a lock file of another user is an error, and the words say whose it is") {
  if (::geteuid() != 0) return;  // only root can give files away
  const ScratchFolder scratch;
  const std::string name = "roundtrip-" + kId + ".lock";
  scratch.put(name, "");
  REQUIRE(::chown((scratch / name).c_str(), 65534, 65534) == 0);
  const auto ledger = open(scratch);
  REQUIRE_FALSE(ledger.has_value());
  CHECK(ledger.error().kind == base::ErrorKind::local);
  CHECK(ledger.error().detail == scratch / name + " belongs to nobody (uid 65534), and this run is root (uid 0)");
}

TEST_CASE("a document that could not be read again is not saved") {
  const ScratchFolder scratch;
  auto ledger = open(scratch);
  REQUIRE(ledger.has_value());
  REQUIRE(ledger->save(document_with('a')).has_value());
  for (const Document& odd : {document_with('x'), Document{.outstanding = {}, .first_greylisted = base::WallTime{}}}) {
    const auto saved = ledger->save(odd);
    REQUIRE_FALSE(saved.has_value());
    CHECK(saved.error().kind == base::ErrorKind::local);
    CHECK(contains(saved.error().detail, scratch / kFile));
  }
  CHECK(ledger->document() == document_with('a'));
  CHECK(scratch.text_of(kFile) == ledger::write(document_with('a'), kId));
}

TEST_CASE("a document too large for its file is not saved, and the old one stays") {
  const ScratchFolder scratch;
  auto ledger = open(scratch);
  REQUIRE(ledger.has_value());
  REQUIRE(ledger->save(document_with('a')).has_value());
  Document large = document_with('b');
  large.outstanding[0].marks[0].mailbox = std::string(ledger::kMaximumFileSize, 'x');
  const auto saved = ledger->save(large);
  REQUIRE_FALSE(saved.has_value());
  CHECK(contains(saved.error().detail, "262144 allowed"));
  CHECK(ledger->document() == document_with('a'));
}

TEST_CASE("a run that is killed while it saves leaves a whole document and no lock") {
  for (int last = 0; last < 6; ++last) {
    CAPTURE(last);
    const ScratchFolder scratch;
    REQUIRE(open(scratch)->save(document_with('a')).has_value());
    const int status = test::status_of_child([&] {
      const auto ledger = open(scratch);
      const auto folder = ledger::StateFolder::open(scratch.path());
      int done = 0;
      return ledger && folder &&
             ledger::replace_file(*folder, kFile, ledger::write(document_with('b'), kId), [&](ledger::ReplaceStep) {
               if (done++ == last) (void)::kill(::getpid(), SIGKILL);
               return 0;
             }).has_value();
    });
    REQUIRE(WIFSIGNALED(status));
    auto ledger = open(scratch);
    REQUIRE(ledger.has_value());
    CHECK(ledger->set_aside().empty());
    CHECK(ledger->document() == document_with(last < 5 ? 'a' : 'b'));
    REQUIRE(ledger->save(document_with('c')).has_value());
    CHECK(scratch.text_of(kFile) == ledger::write(document_with('c'), kId));
  }
}

TEST_CASE("an id that is none, and a folder that is not fit, are errors before anything is touched") {
  const ScratchFolder scratch;
  for (const std::string id : {"", "../0123456789abc", "0123456789ABCDEF"}) {
    const auto ledger = open(scratch, id);
    REQUIRE_FALSE(ledger.has_value());
    CHECK(ledger.error().kind == base::ErrorKind::local);
  }
  CHECK(std::filesystem::is_empty(scratch.path()));
  scratch.set_mode("", 0777);
  const auto ledger = open(scratch);
  REQUIRE_FALSE(ledger.has_value());
  CHECK(contains(ledger.error().detail, scratch.path() + " can be written by others"));
  CHECK(std::filesystem::is_empty(scratch.path()));
}
