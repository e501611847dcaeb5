#include "probe/mailbox_watch.h"

#include <fmt/format.h>

#include <algorithm>
#include <utility>

#include "imap/mailbox_name.h"
#include "imap/special_use.h"
#include "probe/imap_opening.h"

namespace mailcheck::probe {
namespace {

using base::ErrorKind;
using base::Result;
using base::Stage;

std::optional<sasl::Credentials> copy_of(const std::optional<sasl::Credentials>& credentials) {
  if (!credentials) return std::nullopt;
  const auto clone = [](const std::optional<base::Secret>& secret) {
    return secret ? std::optional(secret->clone()) : std::nullopt;
  };
  return sasl::Credentials{.user = credentials->user,
                           .authorization = credentials->authorization,
                           .password = clone(credentials->password),
                           .token = clone(credentials->token),
                           .has_client_certificate = credentials->has_client_certificate,
                           .host = credentials->host,
                           .port = credentials->port};
}

}  // namespace

MailboxWatch::MailboxWatch(WatchRequest request, const Environment& environment)
    : request_(std::move(request)),
      environment_(environment),
      deadlines_(environment.clock, request_.login.timeout),
      mask_(mask_of(request_.login.credentials, request_.login.tls, std::move(request_.login.mask))),
      timeline_(environment.clock),
      transcript_(environment.clock, mask_, request_.login.recording) {
  timeline_.observe(request_.on_step);
  facts_.host = request_.login.target.host;
  facts_.port = request_.login.target.port;
  facts_.now = environment.clock.wall();
}

imap::OpenMode MailboxWatch::open_mode() const {
  return request_.disposal == Disposal::keep ? imap::OpenMode::examine : imap::OpenMode::select;
}

// ---------------------------------------------------------------- opening

Result<void> MailboxWatch::connect() {
  selected_.reset();
  is_notified_ = false;
  connection_ = std::make_unique<client::Connection>(client::Connection::Parts{
      environment_.clock, environment_.resolver, environment_.dialer, timeline_, transcript_});
  client_ = std::make_unique<client::ImapClient>(*connection_, session());
  const ImapLoginRequest& login = request_.login;
  auto reached = reach(*connection_, {login.target, login.encryption, login.tls}, session());
  if (!reached) return reached;
  auto credentials = copy_of(login.credentials);
  auto opened = open_session(*client_, request_.login, mask_, facts_);
  request_.login.credentials = std::move(credentials);
  return opened;
}

Result<void> MailboxWatch::open() {
  if (auto connected = connect(); !connected) return connected;
  folders_.push_back({.wire_name = request_.login.mailbox});
  if (auto found = find_junk(); !found) return found;
  if (auto selected = select(0); !selected) return selected;
  const auto idle =
      client_->session().capabilities().has("IDLE") ? PollSchedule::Idle::offered : PollSchedule::Idle::not_offered;
  schedule_.emplace(request_.poll, idle);
  last_look_ = environment_.clock.now();
  return {};
}

Result<void> MailboxWatch::find_junk() {
  const bool wants_trash = request_.disposal == Disposal::move_to_trash && request_.trash_name.empty();
  const bool is_gmail = client_->session().capabilities().has("X-GM-EXT-1");
  std::optional<std::string> junk;
  trash_ = request_.trash_name;
  if (request_.junk == JunkFolder::named) junk = request_.junk_name;
  if (request_.junk == JunkFolder::find || wants_trash || is_gmail) {
    if (auto listed = client_->list_special_use(); !listed) return listed;
    const auto& all = client_->session().listed();
    if (request_.junk == JunkFolder::find) junk = imap::find_special_use(all, imap::SpecialUse::junk);
    if (trash_.empty()) trash_ = imap::find_special_use(all, imap::SpecialUse::trash).value_or("");
  }
  if (!junk || imap::is_same_mailbox(*junk, request_.login.mailbox)) return {};
  folders_.push_back({.wire_name = *junk, .is_junk = true});
  return ask_for_junk();
}

// A junk folder that cannot be asked for is not watched: the message may well arrive all the same.
Result<void> MailboxWatch::ask_for_junk() {
  Folder& junk = folders_.back();
  auto asked = client_->status(junk.wire_name);
  if (!asked && !asked.error().is_answered) return asked;
  const auto& answers = client_->session().statuses();
  if (!asked || answers.empty() || !answers.back().uid_next) {
    junk_fault_ = fmt::format("{} cannot be looked into: {}", imap::decode_mailbox_name(junk.wire_name),
                              asked ? "the server does not tell UIDNEXT" : asked.error().peer_text);
    folders_.pop_back();
    return {};
  }
  return note(junk, answers.back().uid_validity, answers.back().uid_next);
}

Result<void> MailboxWatch::select(std::size_t index) {
  if (selected_ == index) return {};
  selected_.reset();
  Folder& folder = folders_[index];
  if (auto opened = client_->open(folder.wire_name, open_mode()); !opened) return opened;
  selected_ = index;
  const imap::Mailbox& mailbox = client_->session().mailbox();
  if (index == 0) facts_.mailbox = mailbox;
  std::optional<std::uint64_t> uid_next = mailbox.uid_next;
  std::optional<std::uint64_t> uid_validity = mailbox.uid_validity;
  if (!uid_next) {  // RFC 3501 lets a server leave it out
    if (auto asked = client_->status(folder.wire_name); !asked) return asked;
    const auto& answers = client_->session().statuses();
    if (!answers.empty()) uid_next = answers.back().uid_next;
  }
  return note(folder, uid_validity, uid_next);
}

// The first time: where new messages will stand. Later: whether what is known of the folder still holds.
Result<void> MailboxWatch::note(Folder& folder, std::optional<std::uint64_t> uid_validity,
                                std::optional<std::uint64_t> uid_next) {
  if (!uid_next || *uid_next == 0) {
    return base::fail({Stage::select, ErrorKind::protocol_error, "the server does not tell UIDNEXT"});
  }
  folder.told = *uid_next;
  if (folder.noted == 0) {
    folder.uid_validity = uid_validity.value_or(0);
    folder.noted = folder.next = *uid_next;
  } else if (uid_validity && *uid_validity != folder.uid_validity) {
    folder.uid_validity = *uid_validity;
    folder.noted = folder.next = back_from(*uid_next, kUnmarked);
    std::erase_if(messages_, [&](const auto& one) { return &folders_[one.folder] == &folder; });
    std::erase_if(reports_, [&](const auto& one) { return &folders_[one.folder] == &folder; });
  }
  return {};
}

std::vector<ledger::FolderMark> MailboxWatch::marks() const {
  std::vector<ledger::FolderMark> marks;
  for (const Folder& folder : folders_) marks.push_back({folder.wire_name, folder.uid_validity, folder.noted});
  return marks;
}

void MailboxWatch::look_back(const std::vector<ledger::FolderMark>& marks) {
  for (Folder& folder : folders_) {
    const auto mark = std::find_if(marks.begin(), marks.end(), [&](const ledger::FolderMark& one) {
      return imap::is_same_mailbox(one.mailbox, folder.wire_name);
    });
    const bool holds = mark != marks.end() && mark->uid_validity == folder.uid_validity;
    const std::uint64_t from = std::min(folder.next, holds ? mark->uid_next : back_from(folder.noted, kUnmarked));
    folder.next = std::max(from, std::min(folder.next, back_from(folder.noted, kFarthest)));
    if (folder.next > from && (folder.searched_from == 0 || from < folder.searched_from)) folder.searched_from = from;
  }
}

// ---------------------------------------------------------------- telling

std::string MailboxWatch::folder_name(std::size_t folder) const {
  return imap::decode_mailbox_name(folders_[folder].wire_name);
}

std::vector<std::string> MailboxWatch::folder_names() const {
  std::vector<std::string> names;
  for (std::size_t i = 0; i < folders_.size(); ++i) names.push_back(folder_name(i));
  return names;
}

ImapLoginFacts MailboxWatch::finish(base::Deadline good_bye) {
  request_.login.credentials.reset();
  if (client_) collect_session(*client_, facts_);
  leave(timeline_, [&] {
    if (selected_) client_->logout(good_bye);
  });
  if (connection_) collect(*connection_, timeline_, transcript_, facts_);
  mask_words(mask_, facts_);
  return std::move(facts_);
}

}  // namespace mailcheck::probe
