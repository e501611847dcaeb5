// The clean-up of MailboxWatch: what it removes, and how without harm to foreign mail.
#include <fmt/format.h>

#include <algorithm>
#include <map>
#include <set>

#include "imap/mailbox_name.h"
#include "mail/header_section.h"
#include "probe/mailbox_watch.h"

namespace mailcheck::probe {
namespace {

using base::Result;

constexpr std::size_t kMostLeftOvers = 100;

std::string in_words(const base::Error& error) {
  return error.peer_text.empty() ? error.detail : fmt::format("{}: {}", error.detail, error.peer_text);
}

}  // namespace

CleanUp MailboxWatch::clean_up(const std::vector<FoundMessage>& messages, base::Deadline deadline) {
  CleanUp result;
  if (request_.disposal == Disposal::keep) return result;
  client_->set_deadline(deadline);
  remove_all(messages, result);
  return result;
}

void MailboxWatch::remove_all(const std::vector<FoundMessage>& messages, CleanUp& result) {
  std::map<std::size_t, std::set<std::uint64_t>> of_folders;
  for (const FoundMessage& one : messages) of_folders[one.folder].insert(one.uid);
  for (const auto& [folder, uids] : of_folders) {
    const std::string name = folder_name(folder);
    const std::uint64_t uid_validity = folders_[folder].uid_validity;
    auto removed = select(folder);
    if (removed && folders_[folder].uid_validity != uid_validity) {
      result.faults.push_back(name + ": its messages were renumbered (UIDVALIDITY)");
      continue;
    }
    if (removed) removed = remove(folder, {uids.begin(), uids.end()}, result);
    if (removed) continue;
    result.faults.push_back(fmt::format("{}: {}", name, in_words(removed.error())));
    if (removed.error().is_answered) continue;
    result.is_cut_off = true;
    selected_.reset();  // the connection is of no use any more
    break;
  }
}

// The server's search only says where to look: take() compares.
void MailboxWatch::remove_left_overs(const Predicate& is_left_over, CleanUp& result) {
  if (request_.disposal == Disposal::keep || !result.faults.empty()) return;
  const std::size_t known = messages_.size();
  for (std::size_t folder = 0; folder < folders_.size(); ++folder) {
    if (auto looked = look_for_left_overs(folder); !looked) return selected_.reset();
  }
  std::vector<FoundMessage> left_overs;
  for (std::size_t i = known; i < messages_.size(); ++i) {
    if (is_left_over(messages_[i])) left_overs.push_back({messages_[i].folder, messages_[i].uid});
  }
  const std::size_t removed = result.removed;
  remove_all(left_overs, result);
  result.left_overs = result.removed - removed;
}

Result<void> MailboxWatch::look_for_left_overs(std::size_t folder) {
  const std::uint64_t end = folders_[folder].noted;
  if (end <= 1) return {};
  if (auto selected = select(folder); !selected) return selected;
  return search(folder, back_from(end, kUnmarked), end);
}

// In the folder that is open.
Result<void> MailboxWatch::search(std::size_t folder, std::uint64_t first, std::uint64_t end) {
  const auto criteria = imap::SearchCriteria::header_in_range(first, mail::kProbeHeader, request_.check);
  auto searched = client_->search(criteria, imap::Numbers::uid);
  if (!searched) return searched.error().is_answered ? Result<void>{} : searched;
  std::vector<std::uint64_t> hits = client_->session().found().numbers;
  // "n:*" holds the last message where there is none from n on; the new ones are looked at anyway.
  std::erase_if(hits, [&](std::uint64_t uid) { return uid < first || uid >= end; });
  if (hits.empty()) return {};
  hits.resize(std::min(hits.size(), kMostLeftOvers));
  if (auto fetched = client_->fetch_headers_of(hits); !fetched) return fetched;
  return take(folder, std::vector<imap::Message>(client_->session().messages()));
}

Result<void> MailboxWatch::remove(std::size_t folder, const std::vector<std::uint64_t>& uids, CleanUp& result) {
  const imap::Capabilities& can = client_->session().capabilities();
  const bool is_gmail = can.has("X-GM-EXT-1");  // EXPUNGE would only take the label away
  const bool moves = (request_.disposal == Disposal::move_to_trash || is_gmail) && !trash_.empty() &&
                     !imap::is_same_mailbox(trash_, folders_[folder].wire_name);
  if (!moves) return expunge(uids, result);
  if (!can.has("MOVE")) {
    result.faults.push_back("the server cannot MOVE to " + imap::decode_mailbox_name(trash_));
    return {};
  }
  return move_to_trash(uids, result);
}

Result<void> MailboxWatch::expunge(const std::vector<std::uint64_t>& uids, CleanUp& result) {
  if (client_->session().capabilities().has("UIDPLUS")) {
    if (auto marked = client_->store_deleted(uids); !marked) return marked;
    if (auto expunged = client_->expunge(uids); !expunged) return expunged;
    result.removed += uids.size();
    return {};
  }
  return expunge_without_uids(uids, result);
}

// A plain EXPUNGE takes whatever is marked: it must all be ours, also what earlier runs had to leave.
Result<void> MailboxWatch::expunge_without_uids(const std::vector<std::uint64_t>& uids, CleanUp& result) {
  auto may_go = may_expunge({});
  if (may_go && *may_go) {
    if (auto marked = client_->store_deleted(uids); !marked) return marked;
    may_go = may_expunge(uids);
  }
  if (!may_go) return base::fail(std::move(may_go.error()));
  if (!*may_go) {
    result.faults.push_back(
        "the server has no UIDPLUS, and an EXPUNGE might take foreign mail that is marked \\Deleted");
    return {};
  }
  if (auto expunged = client_->expunge_all(); !expunged) return expunged;
  result.removed += uids.size();
  return {};
}

// What is marked is ours, all of it, and these are among it: so the server's search is not blind.
Result<bool> MailboxWatch::may_expunge(const std::vector<std::uint64_t>& marked) {
  auto searched = client_->search(imap::SearchCriteria::deleted(), imap::Numbers::uid);
  if (!searched) return base::fail(std::move(searched.error()));
  const imap::SearchResult found = client_->session().found();
  const auto own = own_among(found.numbers);
  if (!own) return base::fail(own.error());
  return own->size() == found.count && std::all_of(marked.begin(), marked.end(), [&](std::uint64_t uid) {
           return std::find(own->begin(), own->end(), uid) != own->end();
         });
}

// In the folder that is open. Of more than some hundred none is looked at.
Result<std::vector<std::uint64_t>> MailboxWatch::own_among(const std::vector<std::uint64_t>& uids) {
  std::vector<std::uint64_t> own;
  if (uids.empty() || uids.size() > kMostLeftOvers) return own;
  if (auto fetched = client_->fetch_headers_of(uids); !fetched) return base::fail(std::move(fetched.error()));
  for (const imap::Message& message : client_->session().messages()) {
    const auto header = mail::HeaderSection::parse(message.header);
    const bool was_asked_for = message.uid && std::find(uids.begin(), uids.end(), *message.uid) != uids.end();
    if (was_asked_for && mail::own_mark(header, request_.check, request_.domain)) own.push_back(*message.uid);
  }
  return own;
}

Result<void> MailboxWatch::move_to_trash(const std::vector<std::uint64_t>& uids, CleanUp& result) {
  if (auto moved = client_->move(uids, trash_); !moved) return moved;
  result.removed += uids.size();
  if (request_.disposal == Disposal::move_to_trash) return {};
  const auto copied = client_->session().copied();
  if (copied && !copied->to.empty()) return empty_trash(*copied, result);
  result.faults.push_back("the server does not tell where in " + imap::decode_mailbox_name(trash_) + " ours are");
  return {};
}

// Where the server says that ours are now; each is compared before it goes.
Result<void> MailboxWatch::empty_trash(const imap::CopyUid& copied, CleanUp& result) {
  selected_.reset();
  if (auto opened = client_->open(trash_, imap::OpenMode::select); !opened) return opened;
  const bool is_same_folder = client_->session().mailbox().uid_validity == copied.uid_validity;
  auto own = is_same_folder ? own_among(copied.to) : std::vector<std::uint64_t>();
  if (!own) return base::fail(std::move(own.error()));
  if (own->size() != copied.to.size()) {
    result.faults.push_back("not everything of ours was found in " + imap::decode_mailbox_name(trash_));
  }
  if (own->empty()) return {};
  CleanUp in_trash;  // they were counted
  auto expunged = expunge(*own, in_trash);
  result.faults.insert(result.faults.end(), in_trash.faults.begin(), in_trash.faults.end());
  return expunged;
}

}  // namespace mailcheck::probe
