// The untagged data of imap::Session: capabilities, mailboxes, numbers, messages, quota.
#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <utility>

#include "imap/fetch.h"
#include "imap/list.h"
#include "imap/quota.h"
#include "imap/session.h"

namespace mailcheck::imap {
namespace {

using base::ErrorKind;
using base::Stage;

constexpr std::size_t kMostResources = 200;
constexpr std::size_t kMostMessages = 1000;
constexpr std::size_t kMostHits = 1'000'000;
constexpr std::size_t kMostMailboxes = 10000;
constexpr std::size_t kMostMailboxBytes = std::size_t{4} * 1024 * 1024;  // of all that are listed

std::size_t size_of(const ListedMailbox& mailbox) {
  std::size_t size = sizeof(ListedMailbox) + mailbox.name.size();
  for (const auto& attribute : mailbox.attributes) size += sizeof(std::string) + attribute.size();
  return size;
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
  static constexpr std::array<Kind, 8> kKinds = {{{"CAPABILITY", std::nullopt, &Session::take_capabilities},
                                                  {"EXISTS", std::nullopt, &Session::take_exists},
                                                  {"EXPUNGE", std::nullopt, &Session::take_expunge},
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
  return true;
}

// The numbers of the messages behind the one that is gone fall by one.
bool Session::take_expunge(const Response& response) {
  if (response.number && *response.number > 0 && *response.number <= mailbox_.messages) --mailbox_.messages;
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

bool Session::take_message(const Response& response) {
  if (!response.number) return true;
  auto message = parse_fetch(*response.number, response.data);
  if (!message) return false;
  const bool is_news_of_flags = !message->received;  // unsolicited: not what we asked for
  if (!is_news_of_flags && messages_.size() < kMostMessages) messages_.push_back(std::move(*message));
  return true;
}

bool Session::take_resources(const Response& response) {
  auto resources = parse_quota(response.data);
  if (!resources || resources_.size() + resources->size() > kMostResources) return false;
  resources_.insert(resources_.end(), resources->begin(), resources->end());
  return true;
}

}  // namespace mailcheck::imap
