// A delivery report by a stranger: what is read of it is bounded, one line each, and the same in LF and CRLF; and no
// message is taken for ours that does not carry exactly our two fields.
#include "mail/delivery_report.h"

#include <algorithm>

#include "mail/mime_part.h"
#include "target.h"

namespace mailcheck::fuzz {
namespace {

constexpr std::string_view kCheck = "fedcba9876543210";
constexpr std::string_view kDomain = "example.org";

bool is_one_line(std::string_view text) {
  return text.find_first_of("\r\n") == std::string_view::npos;
}

bool is_same(const std::optional<mail::DeliveryReport>& a, const std::optional<mail::DeliveryReport>& b) {
  if (!a || !b) return !a && !b;
  return a->action == b->action && a->recipient == b->recipient && a->status == b->status && a->reply == b->reply &&
         a->remote_host == b->remote_host && a->message_ids == b->message_ids && a->marks == b->marks;
}

void hold_report(const mail::DeliveryReport& report) {
  hold(report.reply.size() <= 1000 && is_one_line(report.reply), "a reply is one bounded line");
  hold(report.status.size() <= 9, "a status is a code");
  hold(report.message_ids.size() <= 32 && report.marks.size() <= 32, "names of the original are bounded");
  for (const auto& id : report.message_ids) hold(!id.empty() && id.size() <= 998, "a Message-ID is none");
  for (const auto& mark : report.marks) {
    hold(mail::parse_probe_mark(mail::header_value(mark)) == mark, "a mark that is written reads back as itself");
  }
}

void hold_own(const mail::HeaderSection& header) {
  const auto mark = mail::own_mark(header, kCheck, kDomain);
  if (!mark) return;
  hold(mark->check == kCheck && header.all(mail::kProbeHeader).size() == 1, "ours has one mark, and of this check");
  hold(header.all("Message-ID").size() == 1 &&
           header.first("Message-ID")->find("<" + mail::message_id(*mark, kDomain) + ">") != std::string::npos,
       "ours has the Message-ID of its mark");
}

std::string with_crlf(std::string_view text) {
  std::string out;
  for (const char c : text) {
    if (c == '\n') out += '\r';
    if (c != '\r') out += c;
  }
  return out;
}

}  // namespace

void delivery_report(std::string_view input) {
  const mail::HeaderSection header = mail::HeaderSection::parse(input);
  hold_own(header);
  const auto report = mail::parse_delivery_report(input);
  if (report) hold_report(*report);
  hold(mail::read_mime_parts(mail::with_line_feeds(input)).size() <= 64, "parts are bounded");

  const std::string crlf = with_crlf(input);
  if (crlf.size() >= mail::kReportLimit) return;
  const auto again = mail::parse_delivery_report(crlf);
  hold(is_same(again, mail::parse_delivery_report(mail::with_line_feeds(crlf))), "line ends change nothing");
  hold(!again || mail::may_be_delivery_report(mail::HeaderSection::parse(crlf)), "a report is a candidate first");
}

}  // namespace mailcheck::fuzz
