// The untagged data of imap::Session: capabilities, mailboxes, numbers, messages, quota.
#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <utility>

#include "imap/fetch.h"
#include "imap/list.h"
#include "imap/quota.h"
#include "imap/session.h"
#include "imap/status.h"
#include "imap/uid_set.h"

namespace mailcheck::imap {
namespace {

using base::ErrorKind;
using base::Stage;

constexpr std::size_t kMostResources = 200;
constexpr std::size_t kMostMessages = 1000;
constexpr std::size_t kMostMessageBytes = std::size_t{4} * 1024 * 1024;  // of all that one FETCH gives
constexpr std::size_t kMostStatuses = 100;
constexpr std::size_t kMostHits = 1'000'000;
constexpr std::size_t kMostMailboxes = 10000;
constexpr std::size_t kMostMailboxBytes = std::size_t{4} * 1024 * 1024;  // of all that are listed

std::size_t size_of(const ListedMailbox& mailbox) {
  std::size_t size = sizeof(ListedMailbox) + mailbox.name.size();
  for (const auto& attribute : mailbox.attributes) size += sizeof(std::string) + attribute.size();
  return size;
}

// What a later response tells of the same thing is newer, or was missing.
template <typename T>
void update(std::optional<T>& value, const std::optional<T>& later) {
  if (later) value = later;
}

// Several SEARCH responses to one command are one answer: some servers send a line for every few hits.
void merge(SearchResult& all, SearchResult more) {
  if (all.count > 0 && !all.numbers.empty() && !more.numbers.empty()) {
    all.numbers.insert(all.numbers.end(), more.numbers.begin(), more.numbers.end());
    all.count = all.numbers.size();
    all.lowest = std::min(all.lowest, more.lowest);
    all.highest = std::max(all.highest, more.highest);
  } else if (more.count > 0 || all.count == 0) {
    all = std::move(more);
  }
}

}  // namespace

// Untagged data that somebody waits for; the rest is skipped.
std::optional<base::Step> Session::on_data(const Response& response) {
  struct Kind {
    std::string_view name;
    std::optional<Stage> stage;  // at any time without one
    bool (Session::*take)(const Response&);
  };
  static constexpr std::array<Kind, 11> kKinds = {{{"CAPABILITY", std::nullopt, &Session::take_capabilities},
                                                   {"EXISTS", std::nullopt, &Session::take_exists},
                                                   {"EXPUNGE", std::nullopt, &Session::take_expunge},
                                                   {"RECENT", std::nullopt, &Session::take_recent},
                                                   {"STATUS", std::nullopt, &Session::take_status},
                                                   {"XLIST", Stage::list, &Session::take_listed},
                                                   {"LIST", Stage::list, &Session::take_listed},
                                                   {"SEARCH", Stage::search, &Session::take_found},
                                                   {"ESEARCH", Stage::search, &Session::take_found},
                                                   {"FETCH", Stage::fetch, &Session::take_message},
                                                   {"QUOTA", Stage::quota, &Session::take_resources}}};
  for (const Kind& kind : kKinds) {
    if (kind.name != response.name || kind.stage.value_or(stage_) != stage_ || (this->*kind.take)(response)) continue;
    return base::Step(
        error(ErrorKind::protocol_error, fmt::format("malformed {} response", response.name), response.data));
  }
  return std::nullopt;
}

// Each is false for data that are malformed, or more than anybody needs.

bool Session::take_capabilities(const Response& response) {
  capabilities_ = Capabilities::parse(response.data);
  has_fresh_capabilities_ = true;
  return true;
}

bool Session::take_exists(const Response& response) {
  if (!response.number) return true;
  mailbox_.messages = *response.number;
  has_exists_ = true;
  return take_recent(response);
}

// What a SELECT tells of the mailbox it opens is no news.
bool Session::take_recent(const Response& response) {
  if (response.number && stage_ != Stage::select) has_news_ = is_stirred_ = true;
  return true;
}

// The numbers of the messages behind the one that is gone fall by one.
bool Session::take_expunge(const Response& response) {
  if (response.number && *response.number > 0 && *response.number <= mailbox_.messages) --mailbox_.messages;
  is_stirred_ = true;
  return true;
}

// Comes at any time after NOTIFY. One that nobody has asked for, and that cannot be read, is news all the same.
bool Session::take_status(const Response& response) {
  if (!has_asked_status_) has_news_ = is_stirred_ = true;
  const auto status = parse_status(response.data);
  if (!status) return !has_asked_status_;
  auto known = std::find_if(statuses_.begin(), statuses_.end(),
                            [&](const FolderStatus& folder) { return folder.name == status->name; });
  if (known == statuses_.end()) {
    if (statuses_.size() < kMostStatuses) statuses_.push_back(*status);
    return true;
  }
  update(known->messages, status->messages);
  update(known->uid_next, status->uid_next);
  update(known->uid_validity, status->uid_validity);
  return true;
}

bool Session::take_listed(const Response& response) {
  auto mailbox = parse_list(response.data);
  if (!mailbox || listed_.size() == kMostMailboxes) return false;
  listed_bytes_ += size_of(*mailbox);
  if (listed_bytes_ > kMostMailboxBytes) return false;
  listed_.push_back(std::move(*mailbox));
  return true;
}

bool Session::take_found(const Response& response) {
  auto found = response.name == "SEARCH" ? parse_search(response.data) : parse_extended_search(response.data);
  if (!found || found_.numbers.size() + found->numbers.size() > kMostHits) return false;
  merge(found_, std::move(*found));
  return true;
}

// Of several, the last one that can be read.
void Session::take_copied(const Response& response) {
  if (auto copied = parse_copy_uid(response.code_arguments)) copied_ = std::move(copied);
}

bool Session::take_message(const Response& response) {
  if (!response.number) return true;
  auto message = parse_fetch(*response.number, response.data);
  if (!message) return false;
  const bool has_text = !message->header.empty() || !message->content.empty();
  const bool is_wanted =
      keeps_by_uid_ ? message->uid && (message->received || has_text) : message->received.has_value();
  if (is_wanted) keep(std::move(*message));  // others are news of flags: not what we asked for
  return true;
}

// By UID, several responses are one message: a server that tells the same one twice has not got two.
void Session::keep(Message message) {
  const auto known = std::find_if(messages_.begin(), messages_.end(),
                                  [&](const Message& other) { return keeps_by_uid_ && other.uid == message.uid; });
  const std::size_t bytes = message.header.size() + message.content.size();
  const bool is_full = known == messages_.end() && messages_.size() == kMostMessages;
  if (is_full || bytes > kMostMessageBytes - messages_bytes_) {
    has_left_messages_out_ = true;
    return;
  }
  messages_bytes_ += bytes;
  if (known == messages_.end()) {
    messages_.push_back(std::move(message));
    return;
  }
  update(known->received, message.received);
  if (!message.header.empty()) known->header = std::move(message.header);
  if (!message.content.empty()) known->content = std::move(message.content);
}

bool Session::take_resources(const Response& response) {
  auto resources = parse_quota(response.data);
  if (!resources || resources_.size() + resources->size() > kMostResources) return false;
  resources_.insert(resources_.end(), resources->begin(), resources->end());
  return true;
}

}  // namespace mailcheck::imap
