#include "probe/bounce_watch.h"

#include <fmt/format.h>

#include <algorithm>

#include "probe/arrival_look.h"
#include "probe/roundtrip_mask.h"

namespace mailcheck::probe {

using Action = mail::DeliveryReport::Action;

BounceWatch::BounceWatch(MailboxWatch& mailbox, std::optional<WatchRequest> sender, const Environment& environment)
    : mailbox_(mailbox) {
  if (sender) sender_.emplace(std::move(*sender), environment);
}

void BounceWatch::note(const base::Result<void>& result) {
  if (result || !sender_->has_time()) return;
  const base::Error& error = result.error();
  is_watched_ = false;
  fault_ = sender_->mask().apply(
      fmt::format("{}: {}, {}", base::to_string(error.stage), base::to_string(error.kind), error.detail));
}

void BounceWatch::open() {
  was_opened_ = is_watched_ = true;
  note(sender_->open());
  if (is_watched_) sender_->look_back({});
}

void BounceWatch::look() {
  if (!sender_ || !sender_->has_time()) return;
  if (!was_opened_) open();
  if (is_watched_) note(sender_->look());
}

bool BounceWatch::has_failed(const mail::ProbeMark& mark, std::string_view domain) const {
  const auto tells = [&](const SeenReport& one) {
    return one.report.action == Action::failed && is_about(one.report, mark, domain);
  };
  const auto any = [&](const std::vector<SeenReport>& reports) {
    return std::any_of(reports.begin(), reports.end(), tells);
  };
  return any(mailbox_.reports()) || (sender_ && any(sender_->reports()));
}

void BounceWatch::sort(const std::vector<mail::ProbeMark>& marks, std::string_view domain) {
  sort(mailbox_, found_, marks, domain);
  if (sender_) sort(*sender_, found_at_sender_, marks, domain);
}

void BounceWatch::sort(const MailboxWatch& watch, std::vector<FoundMessage>& found,
                       const std::vector<mail::ProbeMark>& marks, std::string_view domain) {
  for (const SeenReport& seen : watch.reports()) {
    const auto mark =
        std::find_if(marks.begin(), marks.end(), [&](const auto& one) { return is_about(seen.report, one, domain); });
    // One on a message that nobody waits for any more is only taken away.
    const bool is_old_one = std::any_of(seen.report.marks.begin(), seen.report.marks.end(),
                                        [&](const auto& one) { return one.check == marks.front().check; });
    if (mark != marks.end() || is_old_one) found.push_back({seen.folder, seen.uid});
    if (mark == marks.end()) continue;
    if (seen.report.action != Action::delivered) bounces_.emplace_back(*mark, seen.report);
  }
}

void BounceWatch::clean_up(CleanUp& result, base::Deadline deadline) {
  if (!is_watched_) return;
  const CleanUp own = sender_->clean_up(found_at_sender_, deadline);
  result.removed += own.removed;
  for (const std::string& one : own.faults) result.faults.push_back("sender's mailbox: " + one);
}

void BounceWatch::finish(RoundtripFacts& facts, base::Deadline good_bye) {
  if (!sender_) return;
  facts.bounce_dialogue = sender_->finish(good_bye).dialogue;
  mask_words(sender_->mask(), facts);
}

}  // namespace mailcheck::probe
