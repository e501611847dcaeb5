// How MailboxWatch looks and waits, and what it takes of what it sees.
#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <utility>

#include "mail/header_section.h"
#include "probe/mailbox_watch.h"

namespace mailcheck::probe {
namespace {

using base::ErrorKind;
using base::Result;

constexpr unsigned kMostReconnects = 5;
constexpr base::Duration kReconnectPause = std::chrono::milliseconds(300);
constexpr std::size_t kMostReports = 50;     // bodies that are read in one run
constexpr std::size_t kMostMessages = 1000;  // of ours
constexpr int kMostFetches = 5;              // in a row
constexpr base::Duration kClosePause = std::chrono::milliseconds(100);
constexpr base::Duration kShortestRound = std::chrono::milliseconds(40);
constexpr std::size_t kLookAnyway = 5;  // a server may forget to tell of new mail: so many close looks it is believed

}  // namespace

Result<void> MailboxWatch::look() {
  auto looked = look_once();
  while (!looked && may_reconnect(looked.error())) {
    looked = reconnect();
    if (looked) looked = look_once();
  }
  if (looked) last_look_ = environment_.clock.now();
  return looked;
}

bool MailboxWatch::may_reconnect(const base::Error& error) const {
  // auth_unavailable: the server still counts the connection that was lost.
  constexpr std::array kPassing = {ErrorKind::connection_lost, ErrorKind::service_closing, ErrorKind::connect,
                                   ErrorKind::greeting,        ErrorKind::tls_handshake,   ErrorKind::dns,
                                   ErrorKind::auth_unavailable};
  const bool is_lost = std::find(kPassing.begin(), kPassing.end(), error.kind) != kPassing.end();
  return is_lost && reconnects_ < kMostReconnects && !deadlines_.session().has_expired();
}

Result<void> MailboxWatch::reconnect() {
  ++reconnects_;
  transcript_.event("connecting again");
  const base::Deadline pause = deadlines_.session().at_most(kReconnectPause * reconnects_);
  if (reconnects_ > 1 && environment_.sleep) environment_.sleep(pause);
  if (auto connected = connect(); !connected) return connected;
  return select(0);
}

Result<void> MailboxWatch::look_once() {
  if (request_.patience && client_) client_->set_deadline(session());
  if (auto selected = select(0); !selected) return selected;
  if (!client_->session().has_news()) {  // IDLE has told of some already
    if (auto asked = client_->noop(); !asked) return asked;
  }
  const bool is_due = !std::exchange(is_close_look_, false) || looks_++ % kLookAnyway == kLookAnyway - 1;
  const bool has_news = client_->take_news();
  if (has_news || is_due || is_behind(0)) {
    if (auto fetched = fetch_new(0); !fetched) return fetched;
  }
  return folders_.size() > 1 && junk_fault_.empty() ? look_into_junk() : Result<void>{};
}

Result<void> MailboxWatch::look_into_junk() {
  Folder& junk = folders_[1];
  auto asked = client_->status(junk.wire_name);
  if (!asked && asked.error().is_answered) {
    junk_fault_ = fmt::format("{} can no longer be looked into: {}", folder_name(1), asked.error().peer_text);
    return {};
  }
  if (!asked) return asked;
  const auto& answers = client_->session().statuses();
  if (answers.empty() || !answers.back().uid_next) return {};
  if (auto noted = note(junk, answers.back().uid_validity, answers.back().uid_next); !noted) return noted;
  if (!is_behind(1)) return {};
  if (auto selected = select(1); !selected) return selected;
  if (auto fetched = fetch_new(1); !fetched) return fetched;
  if (auto selected = select(0); !selected) return selected;
  return is_behind(0) ? fetch_new(0) : Result<void>{};
}

Result<void> MailboxWatch::fetch_new(std::size_t index) {
  if (const std::uint64_t first = std::exchange(folders_[index].searched_from, 0)) {
    if (auto searched = search(index, first, folders_[index].next); !searched) return searched;
  }
  for (int i = 0; i < kMostFetches; ++i) {
    const std::uint64_t from = folders_[index].next;
    if (auto fetched = client_->fetch_from(from); !fetched) return fetched;
    std::vector<imap::Message> messages = client_->session().messages();
    const bool is_whole = !client_->session().has_left_messages_out();
    // "n:*" gives the last message where there is none from n on.
    std::erase_if(messages, [&](const imap::Message& one) { return one.uid.value_or(0) < from; });
    for (const imap::Message& one : messages) folders_[index].next = std::max(folders_[index].next, *one.uid + 1);
    if (auto taken = take(index, messages); !taken) return taken;
    // What is not there any more is not asked for again.
    if (is_whole) folders_[index].next = std::max(folders_[index].next, folders_[index].told);
    if (is_whole) break;
  }
  return {};
}

// There may be what was not looked at. It may have come before the folder was opened: then nobody tells of it.
bool MailboxWatch::is_behind(std::size_t folder) const {
  return folders_[folder].next < folders_[folder].told;
}

bool MailboxWatch::has_seen_everything() const {
  if (!junk_fault_.empty()) return false;
  for (std::size_t folder = 0; folder < folders_.size(); ++folder) {
    if (is_behind(folder)) return false;
  }
  return true;
}

Result<void> MailboxWatch::take(std::size_t folder, const std::vector<imap::Message>& messages) {
  const base::TimePoint now = environment_.clock.now();
  for (const imap::Message& message : messages) {
    if (!message.uid) continue;
    const mail::HeaderSection header = mail::HeaderSection::parse(message.header);
    if (const auto mark = mail::own_mark(header, request_.check, request_.domain)) {
      const bool is_known = std::any_of(messages_.begin(), messages_.end(), [&](const SeenMessage& one) {
        return one.folder == folder && one.uid == *message.uid;
      });
      if (!is_known && messages_.size() < kMostMessages) {
        messages_.push_back({*mark, folder, *message.uid, message.received, now});
      }
    } else if (mail::may_be_delivery_report(header) && report_fetches_ < kMostReports) {
      if (auto taken = take_report(folder, *message.uid); !taken) return taken;
    }
  }
  return {};
}

Result<void> MailboxWatch::take_report(std::size_t folder, std::uint64_t uid) {
  ++report_fetches_;
  if (auto fetched = client_->fetch_section(uid, imap::Section::whole); !fetched) return fetched;
  for (const imap::Message& message : client_->session().messages()) {
    if (message.uid != uid) continue;
    if (auto report = mail::parse_delivery_report(message.content)) {
      reports_.push_back({std::move(*report), folder, uid});
      break;
    }
  }
  return {};
}

// Another client may have moved one between two looks: then it is one message, not two.
Result<void> MailboxWatch::forget_what_is_gone() {
  std::vector<SeenMessage> there;
  for (const SeenMessage& one : std::vector<SeenMessage>(messages_)) {
    if (auto selected = select(one.folder); !selected) return selected;
    if (auto fetched = client_->fetch_headers_of({one.uid}); !fetched) return fetched;
    const auto& found = client_->session().messages();
    if (std::any_of(found.begin(), found.end(), [&](const auto& message) { return message.uid == one.uid; })) {
      there.push_back(one);
    }
  }
  messages_ = std::move(there);
  return {};
}

Result<std::string> MailboxWatch::read_header(const SeenMessage& message) {
  if (auto selected = select(message.folder); !selected) return base::fail(std::move(selected.error()));
  if (auto fetched = client_->fetch_section(message.uid, imap::Section::header); !fetched) {
    return base::fail(std::move(fetched.error()));
  }
  for (const imap::Message& one : client_->session().messages()) {
    if (one.uid == message.uid) return one.content;
  }
  return std::string();
}

// A server that has news all the time, but none for us, must not be asked without end.
void MailboxWatch::hold_back(base::Deadline until) {
  const base::TimePoint now = environment_.clock.now();
  const bool is_rushed = now - std::exchange(last_wait_, now) < kShortestRound;
  if (is_rushed && environment_.sleep) environment_.sleep(until.at_most(kShortestRound));
}

Result<void> MailboxWatch::wait(base::Deadline until) {
  hold_back(until);
  auto waited = wait_once(until);
  while (!waited && may_reconnect(waited.error())) waited = reconnect();
  return waited;
}

Result<void> MailboxWatch::wait_once(base::Deadline until) {
  if (!wait_began_) wait_began_ = environment_.clock.now();
  const Pause pause = schedule_->next(environment_.clock.now() - *wait_began_);
  is_close_look_ = pause.length <= kClosePause;
  const base::Deadline end = until.at_most(pause.length);
  if (pause.how == Pause::How::silent) {
    auto paused = client_->pause(end);
    return paused ? Result<void>{} : base::fail(std::move(paused.error()));
  }
  const bool is_notifiable = folders_.size() > 1 && client_->session().capabilities().has("NOTIFY");
  if (is_notifiable && !std::exchange(is_notified_, true)) {
    if (auto set = client_->notify(folders_[1].wire_name); !set && !set.error().is_answered) return set;
  }
  auto idled = client_->idle(end);
  if (idled) return {};
  if (!idled.error().is_answered) return base::fail(std::move(idled.error()));
  schedule_->give_up_idle();
  return {};
}

}  // namespace mailcheck::probe
