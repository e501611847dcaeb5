#include "mail/delivery_status.h"

#include <algorithm>

#include "base/ascii.h"
#include "mail/header_section.h"
#include "mail/reply_line.h"

namespace mailcheck::mail {
namespace {

constexpr std::size_t kMostGroups = 100;

std::string value_of(const HeaderSection& group, std::string_view name) {
  return group.first(name).value_or(std::string());
}

// "rfc822; user@example.org" -> "user@example.org"; what has no type, which is an atom, stays whole.
std::string_view without_type(std::string_view value) {
  const std::size_t end = value.find(';');
  const std::string_view type = value.substr(0, end);
  if (end == std::string_view::npos || type.find_first_of("@<>[]:. ") != std::string_view::npos) return value;
  value.remove_prefix(end + 1);
  value.remove_prefix(std::min(value.find_first_not_of(" \t"), value.size()));
  return value;
}

std::string address_of(std::string_view value) {
  value = without_type(value);
  if (value.starts_with('<') && value.ends_with('>')) value = value.substr(1, value.size() - 2);
  return std::string(value);
}

// The name in front of an address or comment, without the dot of the root: "mx.example.org. (192.0.2.1)".
std::string host_of(std::string_view value) {
  value = without_type(value);
  value = value.substr(0, value.find_first_of(" \t("));
  if (value.ends_with('.')) value.remove_suffix(1);
  return std::string(value);
}

std::string first_word(std::string_view value) {
  std::string word(value.substr(0, value.find_first_of(" \t(;")));
  std::transform(word.begin(), word.end(), word.begin(), [](char c) { return base::to_lower(c); });
  return word;
}

// A code such as 5.0.0 says nothing but its class: the reply's own is better.
std::string status_of(std::string_view field, std::string_view reply) {
  const std::string status = find_status(field);
  const std::string told = find_status(reply.substr(0, 16));
  const bool is_vague = status.empty() || status.ends_with(".0.0");
  return is_vague && !told.empty() && (status.empty() || status.front() == told.front()) ? told : status;
}

// What sendmail has of a program ("x-unix; 77") is no reply.
std::string reply_of(std::string_view diagnostic) {
  std::string reply = join_reply(without_type(diagnostic));
  if (std::all_of(reply.begin(), reply.end(), base::is_digit)) reply.clear();
  return reply;
}

RecipientStatus read_group(const HeaderSection& group) {
  RecipientStatus recipient;
  const std::string final_recipient = value_of(group, "Final-Recipient");
  recipient.recipient = address_of(final_recipient.empty() ? value_of(group, "Original-Recipient") : final_recipient);
  recipient.action = first_word(value_of(group, "Action"));
  recipient.reply = reply_of(value_of(group, "Diagnostic-Code"));
  recipient.status = status_of(value_of(group, "Status"), recipient.reply);
  recipient.remote_host = host_of(value_of(group, "Remote-MTA"));
  recipient.retry_until = value_of(group, "Will-Retry-Until");
  return recipient;
}

std::string_view take_group(std::string_view& text) {
  const std::size_t end = text.find("\n\n");
  const std::string_view group = text.substr(0, end);
  text.remove_prefix(end == std::string_view::npos ? text.size() : end + 2);
  return group;
}

}  // namespace

std::vector<RecipientStatus> parse_delivery_status(std::string_view text) {
  std::vector<RecipientStatus> recipients;
  while (!text.empty() && recipients.size() < kMostGroups) {
    text.remove_prefix(std::min(text.find_first_not_of('\n'), text.size()));
    RecipientStatus recipient = read_group(HeaderSection::parse(take_group(text)));
    if (!recipient.recipient.empty() || !recipient.action.empty()) recipients.push_back(std::move(recipient));
  }
  return recipients;
}

}  // namespace mailcheck::mail
