// may_be_delivery_report(): the first look, at the header alone.
#include <algorithm>
#include <array>

#include "base/ascii.h"
#include "mail/delivery_report.h"
#include "mail/mime_part.h"

namespace mailcheck::mail {
namespace {

constexpr std::array<std::string_view, 8> kDaemons = {
    "mailer-daemon",      "mailerdaemon",         "postmaster",         "mail delivery",
    "delivery subsystem", "system administrator", "microsoft exchange", "microsoftexchange",
};

constexpr std::array<std::string_view, 8> kVacationSubjects = {
    "out of office", "out of the office", "automatic reply", "auto reply", "auto:", "autoreply", "vacation", "away ",
};

template <typename Words>
bool holds_one_of(std::string_view text, const Words& words) {
  return std::any_of(words.begin(), words.end(),
                     [&](std::string_view word) { return base::contains_ignoring_case(text, word); });
}

std::string value_of(const HeaderSection& header, std::string_view name) {
  return header.first(name).value_or(std::string());
}

bool is_vacation(const HeaderSection& header) {
  const std::string subject = value_of(header, "Subject");
  const auto begins = [&](std::string_view words) {
    return base::equals_ignoring_case(std::string_view(subject).substr(0, words.size()), words);
  };
  return std::any_of(kVacationSubjects.begin(), kVacationSubjects.end(), begins);
}

}  // namespace

bool may_be_delivery_report(const HeaderSection& header) {
  const ContentType type = content_type(header);
  if (type.type == "multipart/report") {
    const std::string kind = type.parameter("report-type");
    return kind.empty() || base::equals_ignoring_case(kind, "delivery-status");
  }
  if (header.first("X-Failed-Recipients")) return true;
  const auto sender = header.first("Return-Path");
  const bool is_null_sender = sender && (sender->empty() || *sender == "<>");
  const bool is_daemon = holds_one_of(value_of(header, "From"), kDaemons);
  if (sender && !is_null_sender && !holds_one_of(*sender, kDaemons)) return false;
  if (is_daemon) return true;
  const bool is_reply = base::contains_ignoring_case(value_of(header, "Auto-Submitted"), "auto-replied");
  return is_null_sender && !is_reply && !is_vacation(header);
}

}  // namespace mailcheck::mail
