// MailboxWatch: an IMAP account under watch for messages of one check, and for bounces of them: INBOX and the junk
// folder. Part of roundtrip.
//
//   open -> [look_back] -> look -> { wait -> look } -> [read_header] -> clean_up -> finish
//
// Promises: only UIDs from the noted UIDNEXT on are looked at, so that the cost does not grow with the mailbox; the
// server's search is never believed: what makes a message ours is compared here (mail/probe_mark.h). A lost connection
// is made again, a few times. Flags change of our own messages only, and only in clean_up(); no message is removed that
// is not ours; after a change of UIDVALIDITY only what was found again.
// Does not do: other folders (a filter that files elsewhere needs --mailbox), judging.
#pragma once

#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "client/imap_client.h"
#include "ledger/outstanding.h"
#include "mail/delivery_report.h"
#include "mail/probe_mark.h"
#include "probe/imap_login.h"
#include "probe/poll_schedule.h"
#include "probe/roundtrip_facts.h"
#include "probe/session_probe.h"

namespace mailcheck::probe {

enum class JunkFolder { find, named, none };
enum class Disposal { expunge, keep, move_to_trash };

struct WatchRequest {
  ImapLoginRequest login;  // mailbox: the folder where mail arrives; its measurements are not used
  JunkFolder junk = JunkFolder::find;
  std::string junk_name;  // wire form, of `named`
  Disposal disposal = Disposal::expunge;
  std::string trash_name;  // wire form; empty: as the server says
  Poll poll;
  std::function<void(base::Stage)> on_step = {};  // told of every step as it begins
  std::optional<base::Duration> patience = {};    // with one look; none: as long as there is time
  std::string check;  // identity of the check, and the domain of its Message-IDs: what makes a message ours
  std::string domain;
};

// A message with our mark.
struct SeenMessage {
  mail::ProbeMark mark;
  std::size_t folder = 0;
  std::uint64_t uid = 0;
  std::optional<base::WallTime> received;  // INTERNALDATE
  base::TimePoint seen_at;
};

struct SeenReport {
  mail::DeliveryReport report;
  std::size_t folder = 0;
  std::uint64_t uid = 0;
};

struct FoundMessage {
  std::size_t folder = 0;
  std::uint64_t uid = 0;
};

class MailboxWatch {
 public:
  MailboxWatch(WatchRequest request, const Environment& environment);
  MailboxWatch(const MailboxWatch&) = delete;
  MailboxWatch& operator=(const MailboxWatch&) = delete;

  [[nodiscard]] base::Result<void> open();
  // Where new messages will stand.
  [[nodiscard]] std::vector<ledger::FolderMark> marks() const;
  // The next look begins there, as far as the marks still hold; else some hundred messages back.
  void look_back(const std::vector<ledger::FolderMark>& marks);
  [[nodiscard]] base::Result<void> look();
  // Up to `until`, or until there is news.
  [[nodiscard]] base::Result<void> wait(base::Deadline until);
  // False: a folder could not be looked into, or not to its end.
  [[nodiscard]] bool has_seen_everything() const;
  [[nodiscard]] base::Result<void> forget_what_is_gone();
  // The first 64 KiB of the header section.
  [[nodiscard]] base::Result<std::string> read_header(const SeenMessage& message);
  // Removes these messages, as far as `deadline` lets it.
  [[nodiscard]] CleanUp clean_up(const std::vector<FoundMessage>& messages, base::Deadline deadline);
  // After it: looks for those that runs that died left in the last 500 UIDs, and removes them, too.
  using Predicate = std::function<bool(const SeenMessage&)>;
  void remove_left_overs(const Predicate& is_left_over, CleanUp& result);
  [[nodiscard]] ImapLoginFacts finish(base::Deadline good_bye);
  [[nodiscard]] bool has_time() const { return !deadlines_.session().has_expired(); }
  [[nodiscard]] bool keeps() const { return request_.disposal == Disposal::keep; }
  [[nodiscard]] const base::Mask& mask() const { return mask_; }
  void set_error(base::Error error) { facts_.error = std::move(error); }

  [[nodiscard]] const std::vector<SeenMessage>& messages() const { return messages_; }
  [[nodiscard]] const std::vector<SeenReport>& reports() const { return reports_; }
  [[nodiscard]] std::vector<std::string> folder_names() const;
  [[nodiscard]] bool is_junk(std::size_t folder) const { return folders_[folder].is_junk; }
  [[nodiscard]] std::string folder_name(std::size_t folder) const;
  // Why the junk folder is not watched; empty: it is, or was not wanted.
  [[nodiscard]] const std::string& junk_fault() const { return junk_fault_; }
  [[nodiscard]] base::TimePoint last_look() const { return last_look_; }
  // The last look that came to its end is long ago: when the time is over now, it is the server's fault.
  [[nodiscard]] bool is_hanging() const { return environment_.clock.now() - last_look_ >= std::chrono::seconds(3); }

 private:
  struct Folder {
    std::string wire_name;
    bool is_junk = false;
    std::uint64_t uid_validity = 0;
    std::uint64_t noted = 0;          // UIDNEXT when the watch began
    std::uint64_t next = 0;           // the lowest UID that was not looked at
    std::uint64_t searched_from = 0;  // too far back to fetch: from here to `next` the server searches; 0: not so
    std::uint64_t told = 0;           // UIDNEXT as the server told it last
  };

  static constexpr std::uint64_t kUnmarked = 500;   // so far back a look begins when nothing better is known
  static constexpr std::uint64_t kFarthest = 5000;  // farther back nothing is fetched
  [[nodiscard]] static std::uint64_t back_from(std::uint64_t uid_next, std::uint64_t distance) {
    return uid_next > distance ? uid_next - distance : 1;
  }
  base::Result<void> connect();
  base::Result<void> find_junk();
  base::Result<void> ask_for_junk();
  base::Result<void> select(std::size_t folder);
  base::Result<void> note(Folder& folder, std::optional<std::uint64_t> uid_validity,
                          std::optional<std::uint64_t> uid_next);
  [[nodiscard]] bool is_behind(std::size_t folder) const;
  void hold_back(base::Deadline until);
  base::Result<void> wait_once(base::Deadline until);
  base::Result<void> look_once();
  base::Result<void> look_into_junk();
  base::Result<void> fetch_new(std::size_t folder);
  base::Result<void> take(std::size_t folder, const std::vector<imap::Message>& messages);
  base::Result<void> take_report(std::size_t folder, std::uint64_t uid);
  base::Result<void> look_for_left_overs(std::size_t folder);
  base::Result<void> search(std::size_t folder, std::uint64_t first, std::uint64_t end);
  void remove_all(const std::vector<FoundMessage>& messages, CleanUp& result);
  base::Result<void> reconnect();
  [[nodiscard]] bool may_reconnect(const base::Error& error) const;
  base::Result<void> remove(std::size_t folder, const std::vector<std::uint64_t>& uids, CleanUp& result);
  base::Result<void> expunge(const std::vector<std::uint64_t>& uids, CleanUp& result);
  base::Result<void> expunge_without_uids(const std::vector<std::uint64_t>& uids, CleanUp& result);
  base::Result<bool> may_expunge(const std::vector<std::uint64_t>& marked);
  base::Result<std::vector<std::uint64_t>> own_among(const std::vector<std::uint64_t>& uids);
  base::Result<void> empty_trash(const imap::CopyUid& copied, CleanUp& result);
  base::Result<void> move_to_trash(const std::vector<std::uint64_t>& uids, CleanUp& result);
  [[nodiscard]] imap::OpenMode open_mode() const;
  [[nodiscard]] base::Deadline session() const {
    return request_.patience ? deadlines_.session().at_most(*request_.patience) : deadlines_.session();
  }

  WatchRequest request_;
  Environment environment_;
  Deadlines deadlines_;
  base::Mask mask_;
  base::Timeline timeline_;
  net::Transcript transcript_;
  std::unique_ptr<client::Connection> connection_;
  std::unique_ptr<client::ImapClient> client_;
  ImapLoginFacts facts_;
  std::vector<Folder> folders_;  // the first is INBOX
  std::optional<std::size_t> selected_;
  std::optional<PollSchedule> schedule_;
  std::string junk_fault_;
  std::string trash_;
  std::vector<SeenMessage> messages_;
  std::vector<SeenReport> reports_;
  std::size_t looks_ = 0;
  std::size_t report_fetches_ = 0;
  unsigned reconnects_ = 0;
  bool is_notified_ = false;
  base::TimePoint last_look_{};
  base::TimePoint last_wait_{};
  std::optional<base::TimePoint> wait_began_;
  bool is_close_look_ = false;  // the next look follows a short pause
};

}  // namespace mailcheck::probe
