#include "mail/delivery_report.h"

#include <algorithm>

#include "base/ascii.h"
#include "mail/bounce_text.h"
#include "mail/bounce_words.h"
#include "mail/delivery_status.h"
#include "mail/mime_part.h"

namespace mailcheck::mail {
namespace {

using Action = DeliveryReport::Action;

constexpr std::size_t kMostIds = 32;
constexpr std::size_t kLongestId = 998;

bool is_one_of(std::string_view type, std::initializer_list<std::string_view> types) {
  return std::find(types.begin(), types.end(), type) != types.end();
}

bool is_status_part(const MimePart& part) {
  return is_one_of(part.type, {"message/delivery-status", "message/global-delivery-status"});
}

bool is_original_part(const MimePart& part) {
  return is_one_of(part.type, {"message/rfc822", "message/global", "text/rfc822-headers", "message/rfc822-headers",
                               "message/global-headers"});
}

// The first part that is so; its text is empty if there is none.
template <typename Is>
std::string first_text(const std::vector<MimePart>& parts, Is is) {
  const auto found = std::find_if(parts.begin(), parts.end(), is);
  return found == parts.end() ? std::string() : found->text;
}

// RFC 3464 wants both fields; where the action is missing its status tells, where that is missing too, nothing does.
std::optional<Action> action_of(const RecipientStatus& recipient) {
  if (recipient.action == "failed") return Action::failed;
  if (recipient.action == "delayed") return Action::delayed;
  if (is_one_of(recipient.action, {"delivered", "relayed", "expanded"})) return Action::delivered;
  if (recipient.status.empty()) return std::nullopt;
  return recipient.status.front() == '5'   ? Action::failed
         : recipient.status.front() == '4' ? Action::delayed
                                           : Action::delivered;
}

// The recipient with the worst action; the order of Action is from worst to best.
struct StatusParts {
  std::optional<Action> worst;
  std::size_t recipients = 0;
};

StatusParts take_status(const std::vector<MimePart>& parts, DeliveryReport& report) {
  StatusParts found;
  for (const auto& part : parts) {
    if (!is_status_part(part)) continue;
    for (auto& recipient : parse_delivery_status(part.text)) {
      const auto action = action_of(recipient);
      ++found.recipients;
      if (!action || (found.worst && *found.worst <= *action)) continue;
      found.worst = action;
      report.recipient = std::move(recipient.recipient);
      report.status = std::move(recipient.status);
      report.reply = std::move(recipient.reply);
      report.remote_host = std::move(recipient.remote_host);
      report.retry_until = std::move(recipient.retry_until);
    }
  }
  return found;
}

// What stands in angle brackets, each once.
void add_ids(std::string_view value, std::vector<std::string>& ids) {
  while (ids.size() < kMostIds) {
    const std::size_t begin = value.find('<');
    const std::size_t end = value.find('>', begin);
    if (begin == std::string_view::npos || end == std::string_view::npos) return;
    const std::string_view id = value.substr(begin + 1, end - begin - 1);
    value.remove_prefix(end + 1);
    const bool is_new = std::find(ids.begin(), ids.end(), id) == ids.end();
    if (!id.empty() && id.size() <= kLongestId && is_new) ids.emplace_back(id);
  }
}

void take_original(const HeaderSection& original, DeliveryReport& report) {
  for (const auto& value : original.all("Message-ID")) add_ids(value, report.message_ids);
  for (auto& mark : probe_marks(original)) {
    const bool is_new = std::find(report.marks.begin(), report.marks.end(), mark) == report.marks.end();
    if (is_new && report.marks.size() < kMostIds) report.marks.push_back(std::move(mark));
  }
}

// The status part is believed first; what it does not say the words may. Of several recipients they may mean another.
void take_text(const BounceText& text, std::size_t recipients, DeliveryReport& report) {
  const auto fill = [](std::string& to, const std::string& from) {
    if (to.empty()) to = from;
  };
  fill(report.recipient, text.recipient);
  if (recipients > 1 && !base::equals_ignoring_case(report.recipient, text.recipient)) return;
  fill(report.reply, text.reply);
  fill(report.status, text.status);
  fill(report.remote_host, text.remote_host);
}

// The envelope of a report has no sender (RFC 5321 section 4.5.5): "<>", qmail's "<#@[]>", or no word about it.
bool has_a_sender(const HeaderSection& header) {
  const std::string path = base::to_lower(header.first("Return-Path").value_or(std::string()));
  return path.find('@') != std::string::npos && path.find("mailer-daemon@") == std::string::npos && path != "<#@[]>";
}

// Its words or its subject must be those of a report, and it is neither a list's nor an automatic answer's.
bool is_prose_report(const HeaderSection& header, const BounceText& text) {
  if (has_a_sender(header)) return false;
  if (header.first("X-Failed-Recipients")) return true;
  for (const std::string_view name : {"List-Id", "List-Post", "X-Autoreply", "X-Autorespond"}) {
    if (header.first(name)) return false;
  }
  const std::string precedence = header.first("Precedence").value_or(std::string());
  const bool is_bounce = text.is_bounce || is_bounce_subject(header.first("Subject").value_or(std::string()));
  return is_bounce && !base::equals_ignoring_case(precedence, "auto_reply");
}

// In LF, without the line that the limit cut in two.
std::string bounded(std::string_view message) {
  if (message.size() < kReportLimit) return with_line_feeds(message);
  message = message.substr(0, kReportLimit);
  return with_line_feeds(message.substr(0, message.rfind('\n') + 1));
}

std::string first_failed_recipient(const HeaderSection& header) {
  const std::string value = header.first("X-Failed-Recipients").value_or(std::string());
  return value.substr(0, value.find_first_of(", \t"));
}

bool is_formal(const HeaderSection& header) {
  return base::equals_ignoring_case(content_type(header).parameter("report-type"), "delivery-status");
}

}  // namespace

std::optional<DeliveryReport> parse_delivery_report(std::string_view message) {
  const std::string bytes = bounded(message);
  const HeaderSection header = HeaderSection::parse(split_header(bytes).header);
  if (!may_be_delivery_report(header)) return std::nullopt;
  const std::vector<MimePart> parts = read_mime_parts(bytes);
  const BounceText text =
      read_bounce_text(first_text(parts, [](const MimePart& part) { return part.type == "text/plain"; }));

  DeliveryReport report;
  const StatusParts status = take_status(parts, report);
  if (!status.worst && !is_formal(header) && !is_prose_report(header, text)) return std::nullopt;
  const std::string subject = header.first("Subject").value_or(std::string());
  const bool is_delayed = text.is_delayed || speaks_of_delay(subject);
  report.action = status.worst.value_or(is_delayed ? Action::delayed : Action::failed);
  take_text(text, status.recipients, report);
  if (report.recipient.empty()) report.recipient = first_failed_recipient(header);

  take_original(HeaderSection::parse(split_header(first_text(parts, is_original_part)).header), report);
  take_original(HeaderSection::parse(text.original), report);
  for (const std::string_view name : {"In-Reply-To", "References"}) {
    add_ids(header.first(name).value_or(std::string()), report.message_ids);
  }
  return report;
}

}  // namespace mailcheck::mail
