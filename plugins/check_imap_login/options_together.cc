#include "plugins/check_imap_login/options_together.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>

#include "plugins/shared/options_together.h"
#include "plugins/shared/requests.h"

namespace mailcheck::plugins::imap_login {
namespace {

using probe::Encryption;
using probe::ImapStop;

// The first option that needs a look into the mailbox; empty: none.
std::string wanted_look(const Options& options) {
  if (!options.must_exist.empty()) return "--list:";
  if (options.search) return "--search:";
  if (options.fetch_newest > 0) return "--fetch:";
  if (options.wants_quota) return "--quota:";
  return wanted_label(options.common, {"unseen", "hits", "newest_age", "oldest_age", "quota", "quota_storage",
                                       "quota_storage_bytes", "quota_messages", "quota_messages_used"});
}

// How far the session goes, whatever the server says.
struct Course {
  Encryption encryption;
  ImapStop stop;
  bool has_user;  // without it nobody logs in, whatever else is there
  bool logs_in = has_user && stop >= ImapStop::auth;
  bool opens = has_user && stop >= ImapStop::select;
  bool looks = has_user && stop > ImapStop::select;
  bool never_has_tls = encryption == Encryption::none;
  bool ends_before_tls = encryption == Encryption::starttls && stop == ImapStop::greeting;
  // a plain connection asks for the capabilities before TLS too
  bool asks_capability = stop >= ImapStop::capability || (stop == ImapStop::tls && encryption == Encryption::starttls);
};

// A threshold on what is never done would always be kept.
void check_thresholds(const Options& options, const Course& course) {
  struct Row {
    std::string_view label;
    bool is_done;
    std::string_view need;
  };
  const auto has = [&](std::string_view label) { return options.common.thresholds.has(label); };
  const bool has_tls = !course.never_has_tls && !course.ends_before_tls;
  const std::string_view no_tls =
      course.never_has_tls ? "contradicts --tls none" : "needs TLS, which comes after --stop-after greeting";
  const bool searches = options.search || has("unseen");
  const bool fetches = options.fetch_newest > 0 || has("newest_age") || has("oldest_age");

  const std::array rows = std::to_array<Row>({
      {"capability", course.asks_capability, "contradicts --stop-after before capability"},
      {"starttls", course.encryption == Encryption::starttls && !course.ends_before_tls,
       "needs --tls starttls and no --stop-after greeting"},
      {"tls", has_tls, no_tls},
      {"cert_days", has_tls, no_tls},
      {"chain_days", has_tls, no_tls},
      {"auth", course.logs_in, "needs --user and no --stop-after before auth"},
      {"select", course.opens, "needs --user and an open mailbox"},
      {"messages", course.opens, "needs --user and an open mailbox"},
      {"list", !options.must_exist.empty(), "needs --list"},
      {"search", searches, "needs --search or a threshold on unseen"},
      {"hits", options.search.has_value(), "needs --search"},
      {"fetch", fetches, "needs --fetch or a threshold on newest_age or oldest_age"},
  });
  Rows contradictions;
  for (const Row& row : rows) {
    contradictions.push_back(
        {!row.is_done && has(row.label), wanted_label(options.common, {row.label}), std::string(row.need)});
  }
  refuse_contradictions(contradictions);
}

void check_course(const Options& options, const Course& course) {
  const bool is_refusal = options.expectations.is_refusal;
  const ImapStop stop = course.stop;
  const std::string opened = "needs --user and no --stop-after before select, nor --refuse";
  const std::string look = wanted_look(options);
  const std::string tls = cli::first_tls_option(options.tls, "");

  refuse_contradictions({
      {is_refusal && !course.logs_in, "--refuse:", "needs --user and no --stop-after before auth"},
      {is_refusal && options.stop_after == ImapStop::select, "--refuse:", "contradicts --stop-after select"},
      {options.expectations.refuses_plaintext &&
           (course.encryption == Encryption::implicit || stop == ImapStop::greeting),
       "--refuse-plaintext:", "needs a plain connection to look at, --tls starttls or none"},
      {!options.expectations.capabilities.empty() && stop < ImapStop::capability,
       "--expect-capability:", "contradicts --stop-after before capability"},
      {!course.has_user && (stop == ImapStop::auth || stop == ImapStop::select),
       "--stop-after:", "auth and select need --user"},
      {stop == ImapStop::tls && course.never_has_tls, "--stop-after: tls", "contradicts --tls none"},
      {options.mailbox && !course.opens, "--mailbox:", opened},
      {options.opens_for_writing && !course.opens, "--select:", opened},
      {!look.empty() && !course.looks, look, "needs --user and no --stop-after or --refuse"},
      {!tls.empty() && course.ends_before_tls, tls + ":", "needs TLS, which comes after --stop-after greeting"},
  });
}

}  // namespace

Encryption encryption_of(const Options& options) {
  return encryption(options.tls, options.common.port.value_or(993), {993});
}

ImapStop stop_of(const Options& options) {
  const ImapStop stop = options.stop_after.value_or(ImapStop::end);
  return options.expectations.is_refusal ? std::min(ImapStop::auth, stop) : stop;
}

bool measures_quota(const Options& options) {
  return options.wants_quota || !wanted_label(options.common, {"quota", "quota_storage", "quota_storage_bytes",
                                                               "quota_messages", "quota_messages_used"})
                                     .empty();
}

void check_together(const Options& options) {
  const Course course{
      .encryption = encryption_of(options), .stop = stop_of(options), .has_user = !options.credentials.user.empty()};
  check_course(options, course);
  refuse_contradictions(look_up_contradictions(options.common));
  check_thresholds(options, course);
  refuse_contradictions(log_in_contradictions(options.credentials, options.tls,
                                              {.logs_in = course.logs_in, .never_has_tls = course.never_has_tls}));
}

}  // namespace mailcheck::plugins::imap_login
