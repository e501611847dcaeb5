#include "probe/roundtrip.h"

#include <fmt/format.h>

#include <algorithm>
#include <utility>

#include "crypto/digest.h"
#include "probe/arrival_look.h"
#include "probe/bounce_watch.h"
#include "probe/outstanding_probes.h"
#include "probe/roundtrip_mask.h"
#include "probe/roundtrip_request.h"
#include "probe/roundtrip_state.h"
#include "probe/smtp_submission.h"

namespace mailcheck::probe {
namespace {

using base::ErrorKind;
using base::Result;
using base::Stage;
using ledger::Outcome;
using Action = mail::DeliveryReport::Action;

constexpr std::size_t kTokenBytes = 16;
constexpr base::Duration kLongestLookUps = std::chrono::seconds(3);  // of all DNS questions about one message
constexpr base::Duration kClosely = std::chrono::seconds(2);  // as long nobody looks for bounces in another mailbox
constexpr base::Duration kLongestLastLook = std::chrono::milliseconds(500);

class Roundtrip {
 public:
  Roundtrip(RoundtripRequest request, const Environment& environment, crypto::Random& random)
      : request_(prepared(std::move(request))),
        environment_(environment),
        deadlines_(environment.clock, request_.timeout),
        start_(environment.clock.now()),
        mark_{.check = request_.watch.check,
              .token = crypto::hex(random.bytes(kTokenBytes)),
              .sent = environment.clock.wall()},
        domain_(request_.watch.domain),
        state_(request_.state_folder, mark_.check),
        watch_(std::move(request_.watch), environment),
        bounces_(watch_, std::move(request_.bounces), environment) {
    facts_.now = mark_.sent;
    facts_.message_id = mail::message_id(mark_, domain_);
  }

  RoundtripFacts run() {
    if (open_state()) {
      if (note(watch_.open())) look_back();
      if (can_look_) submit();
      if (can_look_ && facts_.may_have_arrived) look_for_it();
      read_arrivals();
      bounces_.look();
      remember();
      if (can_look_) clean_up();
    }
    return finish();
  }

 private:
  // An error ends the looking.
  bool note(Result<void> result) {
    if (!result) watch_.set_error(std::move(result.error()));
    can_look_ = result.has_value();
    return can_look_;
  }

  bool open_state() {
    auto opened = state_.open(deadlines_.session().at_most(request_.timeout / 5));
    facts_.has_state = state_.is_kept();
    facts_.set_aside = state_.set_aside();
    if (!opened) facts_.state_error = std::move(opened.error());
    return opened.has_value();
  }

  // What earlier runs waited for may be there by now.
  void look_back() {
    if (state_.outstanding().empty()) return;
    for (const auto& probe : state_.outstanding()) watch_.look_back(probe.marks);
    (void)note(watch_.look());
  }

  // ---------------------------------------------------------------- sending

  void submit() {
    submission_.emplace(message_request(), environment_);
    submission_->run();
    accepted_at_ = environment_.clock.now();
    const auto& error = submission_->facts().error;
    const bool is_unknown = error && error->stage == Stage::data && !error->is_answered;
    facts_.may_have_arrived = submission_->facts().is_delivered || is_unknown;
    if (facts_.may_have_arrived) return state_.sent(is_unknown ? Outcome::unknown : Outcome::accepted);
    state_.refused();
    if (error->kind == ErrorKind::greylisted) facts_.greylisted_for = state_.greylisted(mark_.sent);
  }

  SmtpSubmitRequest message_request() {
    SmtpSubmitRequest request = std::move(request_.submission);
    SmtpMessage& message = *request.message;
    message.subject += (message.subject.empty() ? "" : " ") + mark_.token;
    message.message_id = facts_.message_id;
    message.headers.push_back(
        *mail::Header::parse(fmt::format("{}: {}", mail::kProbeHeader, mail::header_value(mark_))));
    request.notify = smtp::Notify::failure_and_delay;
    request.timeout = deadlines_.session().remaining();
    request.before_data = [this] {
      auto saved = state_.about_to_send(mark_, watch_.marks());
      if (!saved) facts_.state_error = saved.error();
      return saved;
    };
    return request;
  }

  // ---------------------------------------------------------------- looking

  void look_for_it() {
    const base::Duration last_look = std::min(kLongestLastLook, request_.timeout / 20);
    const base::Deadline until =
        deadlines_.session().with_reserve(last_look).at_most(request_.wait.value_or(request_.timeout));
    for (bool is_over = false; can_look_ && !has_ended() && !is_over;) {
      is_over = until.has_expired();
      tell(fmt::format("accepted, looked for since {:.1f} s ...",
                       base::to_seconds(environment_.clock.now() - accepted_at_)));
      auto looked = is_over ? Result<void>{} : watch_.wait(until);
      if (looked) looked = watch_.look();
      if (environment_.clock.now() - accepted_at_ > kClosely) bounces_.look();
      if (!looked && is_out_of_time(looked.error())) break;
      (void)note(std::move(looked));
    }
    facts_.looked_for = std::max(base::Duration::zero(), watch_.last_look() - accepted_at_);
    if (!can_look_ || !has_arrived()) return;
    auto looked = watch_.look();  // is there a copy?
    if (looked && copies() > 1) looked = watch_.forget_what_is_gone();
    if (!looked && !is_out_of_time(looked.error())) (void)note(std::move(looked));
  }

  // The time was over while a look was under way: the one before it counts, unless this one hung.
  [[nodiscard]] bool is_out_of_time(const base::Error& error) const {
    return error.kind == ErrorKind::timeout && !watch_.is_hanging();
  }

  [[nodiscard]] std::ptrdiff_t copies() const {
    const auto& seen = watch_.messages();
    return std::count_if(seen.begin(), seen.end(), [&](const auto& one) { return one.mark == mark_; });
  }
  [[nodiscard]] bool has_arrived() const { return copies() > 0; }

  [[nodiscard]] bool has_ended() const { return has_arrived() || bounces_.has_failed(mark_, domain_); }

  // ---------------------------------------------------------------- what was seen

  // Arrivals, those of this run first; the header of the first one is read.
  void read_arrivals() {
    std::vector<SeenMessage> seen;
    std::copy_if(watch_.messages().begin(), watch_.messages().end(), std::back_inserter(seen),
                 [&](const auto& one) { return one.mark == mark_ || state_.was_waited_for(one.mark.token); });
    std::stable_partition(seen.begin(), seen.end(), [&](const auto& one) { return one.mark == mark_; });
    for (const SeenMessage& one : seen) facts_.arrivals.push_back(arrival_of(one));
    if (seen.empty() || !can_look_) return;
    const auto header = watch_.read_header(seen.front());
    if (!header) return;  // seen is seen; what its header says stays unknown
    authentication::DomainTree tree(request_.records, deadlines_.session().at_most(kLongestLookUps));
    read_header(*header, request_.authserv_ids, tree, facts_.arrivals.front());
  }

  [[nodiscard]] Arrival arrival_of(const SeenMessage& seen) const {
    const base::WallTime now = std::max(environment_.clock.wall(), seen.mark.sent);
    const bool is_of_this_run = seen.mark == mark_;
    const base::Duration by_wall_clock = std::clamp(seen.received.value_or(now), seen.mark.sent, now) - seen.mark.sent;
    return {.folder = watch_.folder_name(seen.folder),
            .is_junk = watch_.is_junk(seen.folder),
            .is_of_this_run = is_of_this_run,
            .sent = seen.mark.sent,
            .received = seen.received,
            .delay = is_of_this_run ? seen.seen_at - accepted_at_ : by_wall_clock};
  }

  void read_reports(Evidence& evidence) {
    std::vector<mail::ProbeMark> marks = {mark_};
    for (const auto& probe : state_.outstanding()) marks.push_back({mark_.check, probe.token, probe.sent});
    bounces_.sort(marks, domain_);
    for (const auto& [mark, report] : bounces_.bounces()) {
      (report.action == Action::failed ? evidence.bounced : evidence.delayed).insert(mark.token);
      facts_.bounces.push_back(
          {.is_of_this_run = mark == mark_, .sent = mark.sent, .report = report, .kind = class_of(report)});
    }
  }

  void remember() {
    Evidence evidence{.has_looked = can_look_,
                      .is_complete = can_look_ && watch_.has_seen_everything() && bounces_.fault().empty(),
                      .current = mark_.token};
    read_reports(evidence);
    for (const SeenMessage& one : watch_.messages()) {
      // What is in a mark may be forged; when a message was sent we know ourselves.
      const ledger::Outstanding* probe = state_.find(one.mark.token);
      if (one.mark != mark_ && probe == nullptr) continue;
      evidence.arrived.insert(one.mark.token);
      const base::WallTime sent = one.mark == mark_ ? mark_.sent : probe->sent;
      evidence.newest_arrival_sent = std::max(evidence.newest_arrival_sent, std::optional(sent));
    }
    auto settled = state_.settle(evidence, {environment_.clock.wall(), request_.lost_after, request_.lost_reports});
    if (!settled) {
      facts_.state_error = std::move(settled.error());
      return;
    }
    facts_.lost = std::move(settled->lost);
    facts_.pending = settled->pending;
    facts_.given_up = settled->given_up;
    facts_.is_kept_as_pending = facts_.may_have_arrived && state_.find(mark_.token) != nullptr;
  }

  // ---------------------------------------------------------------- leaving

  void clean_up() {
    const base::TimePoint begin = environment_.clock.now();
    tell("clean-up ...");
    std::vector<FoundMessage> ours = bounces_.found();
    for (const SeenMessage& one : watch_.messages()) {
      if (one.mark == mark_ || state_.was_waited_for(one.mark.token) || is_left_over(one)) {
        ours.push_back({one.folder, one.uid});
      }
    }
    facts_.clean_up = watch_.clean_up(ours, deadlines_.good_bye());
    bounces_.clean_up(facts_.clean_up, deadlines_.good_bye());
    if (!facts_.clean_up.is_cut_off) forget_what_arrived();
    watch_.remove_left_overs([&](const SeenMessage& one) { return is_left_over(one); }, facts_.clean_up);
    if (!watch_.keeps()) facts_.clean_up_time = environment_.clock.now() - begin;
  }

  // Where the clean-up was cut off, the next run finds it again.
  void forget_what_arrived() {
    if (auto saved = state_.finish(); !saved && !facts_.state_error) facts_.state_error = std::move(saved.error());
  }

  // Of a run that died. A young one may belong to a run beside this one.
  [[nodiscard]] bool is_left_over(const SeenMessage& one) const {
    return environment_.clock.wall() - one.mark.sent > request_.lost_after;
  }

  RoundtripFacts finish() {
    facts_.total = environment_.clock.now() - start_;
    if (submission_) facts_.submission = submission_->finish(deadlines_.good_bye());
    facts_.folders = watch_.folder_names();
    facts_.junk_fault = watch_.junk_fault();
    facts_.bounce_fault = bounces_.fault();
    facts_.imap = watch_.finish(deadlines_.good_bye());
    bounces_.finish(facts_, deadlines_.good_bye());
    mask_words(watch_.mask(), facts_);
    if (submission_) mask_words(submission_->mask(), facts_);
    return std::move(facts_);
  }

  void tell(const std::string& text) const {
    if (request_.progress) request_.progress(text);
  }

  RoundtripRequest request_;
  Environment environment_;
  Deadlines deadlines_;
  base::TimePoint start_;
  mail::ProbeMark mark_;
  std::string domain_;  // of our Message-IDs
  RoundtripState state_;
  MailboxWatch watch_;
  BounceWatch bounces_;
  std::optional<SmtpSubmission> submission_;
  base::TimePoint accepted_at_{};
  bool can_look_ = false;
  RoundtripFacts facts_;
};

}  // namespace

RoundtripFacts roundtrip(RoundtripRequest request, const Environment& environment, crypto::Random& random) {
  return Roundtrip(std::move(request), environment, random).run();
}

}  // namespace mailcheck::probe
