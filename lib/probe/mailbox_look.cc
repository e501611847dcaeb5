#include "probe/mailbox_look.h"

#include <algorithm>
#include <utility>

#include "base/ascii.h"
#include "imap/list.h"
#include "imap/mailbox_name.h"

namespace mailcheck::probe {
namespace {

using client::ImapClient;
using imap::FetchRequest;
using imap::Numbers;

bool may_be_opened(const imap::ListedMailbox& mailbox) {
  return imap::exists(mailbox) &&
         std::none_of(mailbox.attributes.begin(), mailbox.attributes.end(),
                      [](const auto& attribute) { return base::equals_ignoring_case(attribute, "\\Noselect"); });
}

base::Result<void> look_for_mailboxes(ImapClient& client, const ImapLoginRequest& request, ImapLoginFacts& facts) {
  for (const ListedName& name : request.must_exist) {
    if (auto listed = client.list(name.wire); !listed) return listed;
    const auto& answers = client.session().listed();
    const bool is_there = std::any_of(answers.begin(), answers.end(), [&](const auto& mailbox) {
      return imap::is_same_mailbox(mailbox.name, name.wire) && may_be_opened(mailbox);
    });
    if (!is_there) facts.missing_mailboxes.push_back(name.shown);
  }
  return {};
}

// The messages whose dates and headers are wanted, as numbers of one kind.
struct Selection {
  Numbers numbers = Numbers::sequence;
  std::optional<std::uint64_t> oldest, newest;
  std::vector<std::uint64_t> last;  // the newest N, rising
};

Selection whole_mailbox(const imap::Mailbox& mailbox, unsigned fetch_newest) {
  Selection selection;
  const std::uint64_t count = mailbox.messages;
  if (count == 0) return selection;
  selection.oldest = 1;
  selection.newest = count;
  const std::uint64_t wanted = std::min<std::uint64_t>(fetch_newest, count);
  for (std::uint64_t left = wanted; left > 0; --left) selection.last.push_back(count - left + 1);
  return selection;
}

Selection hits_of(imap::SearchResult found, unsigned fetch_newest) {
  Selection selection{.numbers = Numbers::uid, .oldest = found.lowest, .newest = found.highest, .last = {}};
  std::sort(found.numbers.begin(), found.numbers.end());
  const std::size_t wanted = std::min<std::size_t>(fetch_newest, found.numbers.size());
  selection.last.assign(found.numbers.end() - static_cast<std::ptrdiff_t>(wanted), found.numbers.end());
  return selection;
}

// The criteria are the user's own words: a server that does not accept them breaks no rule.
base::Error without_blame(base::Error error, const imap::Session& session) {
  const auto& reply = session.last_reply();
  const bool is_about_criteria = reply && (reply->condition == imap::Condition::bad || reply->code == "BADCHARSET");
  if (error.kind == base::ErrorKind::command_refused && is_about_criteria) {
    error.kind = base::ErrorKind::criteria_refused;
    error.detail = "the server does not accept the criteria of --search";
  }
  return error;
}

// What --search found; empty without it.
base::Result<Selection> search(ImapClient& client, const ImapLoginRequest& request, ImapLoginFacts& facts) {
  if (request.measure.unseen) {
    const auto unseen = imap::SearchCriteria::parse("UNSEEN");
    if (!unseen) return base::fail(unseen.error());
    if (auto searched = client.search_extent(*unseen, Numbers::sequence); !searched)
      return base::fail(searched.error());
    facts.unseen = client.session().found().count;
  }
  if (!request.search) return Selection();
  // the numbers themselves are needed only for headers of the newest hits
  auto searched = request.fetch_newest > 0 ? client.search(*request.search, Numbers::uid)
                                           : client.search_extent(*request.search, Numbers::uid);
  if (!searched) return base::fail(without_blame(searched.error(), client.session()));
  facts.hits = client.session().found().count;
  return hits_of(client.session().found(), request.fetch_newest);
}

// By number, counted anew before every FETCH: messages may be expunged in between.
Selection current(Selection hits, const ImapClient& client, const ImapLoginRequest& request) {
  return request.search ? std::move(hits) : whole_mailbox(client.session().mailbox(), request.fetch_newest);
}

// The date of one message among those fetched.
std::optional<base::WallTime> date_of(const std::vector<imap::Message>& messages, Numbers numbers,
                                      std::uint64_t number) {
  const auto found = std::find_if(messages.begin(), messages.end(), [&](const auto& message) {
    return numbers == Numbers::uid ? message.uid == number : message.sequence == number;
  });
  return found == messages.end() ? std::nullopt : found->received;
}

std::optional<std::chrono::seconds> age_of(std::optional<base::WallTime> date, std::string_view label,
                                           std::string_view reason_without, ImapLoginFacts& facts) {
  // A clock may be wrong by so much. A date further ahead would make a mailbox look fresh for as long.
  constexpr std::chrono::hours kClockSkewAllowance(1);
  const bool is_ahead = date && *date > facts.now + kClockSkewAllowance;
  if (date && !is_ahead) return std::max(std::chrono::seconds(0), facts.now - *date);
  const std::string_view reason = is_ahead ? "the message is dated in the future" : reason_without;
  facts.not_measured.push_back({std::string(label), std::string(reason)});
  return std::nullopt;
}

base::Result<void> fetch_ages(ImapClient& client, const ImapLoginRequest& request, const Selection& selection,
                              ImapLoginFacts& facts) {
  const bool wants_newest = request.measure.newest_age;
  const bool wants_oldest = request.measure.oldest_age;
  if (!wants_newest && !wants_oldest) return {};
  FetchRequest fetch{.numbers = selection.numbers, .messages = {}, .items = FetchRequest::Items::dates};
  if (wants_oldest && selection.oldest) fetch.messages.push_back(*selection.oldest);
  if (wants_newest && selection.newest && fetch.messages != std::vector{*selection.newest}) {
    fetch.messages.push_back(*selection.newest);
  }
  if (!fetch.messages.empty()) {
    if (auto fetched = client.fetch(fetch); !fetched) return fetched;
  }
  const auto age = [&](std::optional<std::uint64_t> number, std::string_view label) {
    const auto date = number ? date_of(client.session().messages(), selection.numbers, *number) : std::nullopt;
    const std::string_view reason_without = number           ? "the server does not tell the date of the message"
                                            : request.search ? "no message was found"
                                                             : "the mailbox is empty";
    return age_of(date, label, reason_without, facts);
  };
  if (wants_newest) facts.newest_age = age(selection.newest, "newest_age");
  if (wants_oldest) facts.oldest_age = age(selection.oldest, "oldest_age");
  return {};
}

base::Result<void> fetch_headers(ImapClient& client, const Selection& selection, ImapLoginFacts& facts) {
  if (selection.last.empty()) return {};
  const FetchRequest fetch{
      .numbers = selection.numbers, .messages = selection.last, .items = FetchRequest::Items::headers};
  if (auto fetched = client.fetch(fetch); !fetched) return fetched;
  facts.newest_messages = client.session().messages();
  return {};
}

void ask_quota(ImapClient& client, const ImapLoginRequest& request, ImapLoginFacts& facts) {
  if (!client.session().capabilities().has("QUOTA")) {
    facts.quota_error = base::Error{base::Stage::quota, base::ErrorKind::quota_unavailable, "the server has no QUOTA"};
    return;
  }
  if (auto asked = client.quota(request.mailbox); !asked) {
    facts.quota_error = asked.error();
    return;
  }
  facts.quota = client.session().resources();
  const bool has_limit = std::any_of(facts.quota.begin(), facts.quota.end(), [](const auto& r) { return r.limit > 0; });
  if (!has_limit) {
    facts.quota_error = base::Error{base::Stage::quota, base::ErrorKind::quota_unavailable, "the mailbox has no quota"};
  }
}

}  // namespace

base::Result<void> look_into_mailbox(ImapClient& client, const ImapLoginRequest& request, ImapLoginFacts& facts) {
  if (auto listed = look_for_mailboxes(client, request, facts); !listed) return listed;
  const auto hits = search(client, request, facts);
  if (!hits) return base::fail(hits.error());
  if (auto aged = fetch_ages(client, request, current(*hits, client, request), facts); !aged) return aged;
  if (auto fetched = fetch_headers(client, current(*hits, client, request), facts); !fetched) return fetched;
  if (!request.measure.quota) return {};
  ask_quota(client, request, facts);
  const bool is_session_over = facts.quota_error && facts.quota_error->kind != base::ErrorKind::quota_unavailable;
  if (is_session_over) return base::fail(*std::exchange(facts.quota_error, std::nullopt));
  return {};
}

}  // namespace mailcheck::probe
