#include "plugins/check_smtp_submit/options_together.h"

#include <fmt/format.h>

#include <algorithm>

#include "plugins/shared/options_together.h"
#include "plugins/shared/requests.h"

namespace mailcheck::plugins::smtp_submit {
namespace {

using base::Stage;
using probe::Encryption;
using probe::SmtpStop;

// What the session will do, as far as the options tell.
struct Plan {
  explicit Plan(const Options& options)
      : encryption(encryption_of(options)),
        stop(options.stop_after.value_or(SmtpStop::end)),
        is_socket(options.common.hostname.starts_with('/')),
        greets(stop >= SmtpStop::ehlo),
        upgrades(encryption == Encryption::starttls && stop >= SmtpStop::tls),
        has_tls(upgrades || (encryption == Encryption::implicit && stop >= SmtpStop::greeting)),
        logs_in(!options.credentials.user.empty() && stop >= SmtpStop::auth),
        mails(options.message.has_from && stop >= SmtpStop::mail),
        offers(mails && !options.message.to.empty() && stop >= SmtpStop::rcpt),
        resets(offers && stop == SmtpStop::end && !options.message.sends),
        sends(offers && stop == SmtpStop::end && options.message.sends) {}

  Encryption encryption;
  SmtpStop stop;
  bool is_socket;
  bool greets;
  bool upgrades;
  bool has_tls;
  bool logs_in;
  bool mails;
  bool offers;
  bool resets;
  bool sends;

  [[nodiscard]] bool reaches(Stage stage) const {
    switch (stage) {
      case Stage::greeting: return stop >= SmtpStop::greeting;
      case Stage::ehlo: return greets;
      case Stage::starttls: return upgrades;
      case Stage::tls: return has_tls;
      case Stage::auth: return logs_in;
      case Stage::mail: return mails;
      case Stage::rcpt: return offers;
      case Stage::rset: return resets;
      case Stage::body:
      case Stage::data: return sends;
      case Stage::quit: return stop > SmtpStop::connect;
      default: return true;
    }
  }
};

constexpr Stage kSteps[] = {Stage::greeting, Stage::ehlo, Stage::starttls, Stage::tls,  Stage::auth, Stage::mail,
                            Stage::rcpt,     Stage::rset, Stage::body,     Stage::data, Stage::quit};

// What a step needs that it may not have.
std::string_view need_of(Stage stage) {
  switch (stage) {
    case Stage::starttls: return "needs --tls starttls, and no --stop-after before tls";
    case Stage::tls: return "needs TLS, and no --stop-after before it";
    case Stage::auth: return "needs --user, and no --stop-after before auth";
    case Stage::mail: return "needs --from, and no --stop-after before mail";
    case Stage::rcpt: return "needs --from and --to, and no --stop-after before rcpt";
    case Stage::rset: return "needs --from and --to, and neither --send nor --stop-after";
    case Stage::body:
    case Stage::data: return "needs --send";
    default: return "comes after the --stop-after that is given";
  }
}

Rows endpoint_rows(const Options& options, const Plan& plan) {
  const auto given = options.tls.mode;
  const std::string tls_option = cli::first_tls_option(options.tls, "");
  const bool wants_tls = given == cli::TlsMode::implicit || given == cli::TlsMode::starttls;
  const std::string socket = "contradicts --hostname with a Unix socket";
  return {
      {plan.is_socket && !options.is_lmtp, "--hostname:", "a Unix socket needs --lmtp"},
      {plan.is_socket && options.common.port.has_value(), "--port:", socket},
      {plan.is_socket && !options.common.address.empty(), "--address:", socket},
      {plan.is_socket && options.common.family != cli::Family::any, "--ipv4 or --ipv6:", socket},
      {plan.is_socket && !options.common.resolver.empty(), "--resolver:", socket},
      {plan.is_socket && options.proxy.has_value(), "--proxy-protocol:", socket},
      {plan.is_socket && wants_tls, "--tls:", socket},
      {plan.is_socket && !tls_option.empty(), tls_option + ":", socket},
      {plan.stop == SmtpStop::auth && options.credentials.user.empty(), "--stop-after: auth", "needs --user"},
      {plan.stop == SmtpStop::tls && plan.encryption == Encryption::none, "--stop-after: tls",
       "contradicts --tls none"},
      {!plan.is_socket && plan.encryption != Encryption::none && !plan.has_tls && !tls_option.empty(), tls_option + ":",
       "needs TLS, which comes after the --stop-after that is given"},
  };
}

Rows message_rows(const Options& options, const Plan& plan) {
  const MessageOptions& message = options.message;
  const bool has_to = !message.to.empty();
  return {
      {has_to && !message.has_from, "--to:", "needs --from"},
      {message.has_from && !has_to && plan.stop > SmtpStop::mail, "--from:", "needs --to, or --stop-after mail"},
      {plan.stop == SmtpStop::mail && !message.has_from, "--stop-after: mail", "needs --from"},
      {plan.stop == SmtpStop::rcpt && !plan.offers, "--stop-after: rcpt", "needs --from and --to"},
      {message.sends && !plan.sends, "--send:", "needs --from and --to, and no --stop-after before data"},
      {!message.subject.empty() && !message.sends, "--subject:", "needs --send"},
      {!message.headers.empty() && !message.sends, "--header:", "needs --send"},
      {!message.body_file.empty() && !message.sends, "--body-file:", "needs --send"},
      {options.stop_after == SmtpStop::end && !message.sends, "--stop-after: data", "needs --send"},
      {options.pipelining == probe::Pipelining::where_offered && !plan.offers,
       "--pipelining:", "needs --from and --to, and no --stop-after before rcpt"},
  };
}

Rows expectation_rows(const Options& options, const Plan& plan) {
  const Expectations& expected = options.expectations;
  Rows rows = {
      {!expected.greeting.empty() && !plan.reaches(Stage::greeting),
       "--expect-greeting:", "contradicts --stop-after connect"},
      {!expected.extensions.empty() && !plan.greets, "--expect-extension:", "contradicts --stop-after before ehlo"},
      {expected.is_relay_test && !plan.offers,
       "--open-relay-test:", "needs --from and --to, and no --stop-after before rcpt"},
      {expected.is_relay_test && plan.logs_in, "--open-relay-test:", "contradicts --user"},
      {expected.is_relay_test && plan.sends, "--open-relay-test:", "contradicts --send"},
      {expected.is_relay_test && options.is_lmtp, "--open-relay-test:", "contradicts --lmtp"},
  };
  for (const ExpectedReply& reply : expected.replies) {
    const std::string given = fmt::format("--expect: {}", base::to_string(reply.stage));
    const auto same = [&](const ExpectedReply& other) { return other.stage == reply.stage; };
    rows.push_back({!plan.reaches(reply.stage), given, std::string(need_of(reply.stage))});
    rows.push_back({std::count_if(expected.replies.begin(), expected.replies.end(), same) > 1, given,
                    "is expected twice; write its codes with commas"});
    const bool is_before_message = reply.stage == Stage::mail || reply.stage == Stage::rcpt;
    rows.push_back({plan.sends && is_before_message && !reply.accepts(250), given,
                    "contradicts --send: if it is accepted, the message goes out"});
    rows.push_back({expected.is_relay_test && (is_before_message || reply.stage == Stage::rset), given,
                    "contradicts --open-relay-test"});
  }
  return rows;
}

// A threshold on a step that never runs would never alarm.
Rows threshold_rows(const Options& options, const Plan& plan) {
  Rows rows;
  for (const Stage stage : kSteps) {
    const std::string label = wanted_label(options.common, {base::to_string(stage)});
    rows.push_back({!label.empty() && !plan.reaches(stage), label, std::string(need_of(stage))});
  }
  const std::string days = wanted_label(options.common, {"cert_days", "chain_days"});
  rows.push_back({!days.empty() && !plan.has_tls, days, "needs TLS, and no --stop-after before it"});
  return rows;
}

}  // namespace

Encryption encryption_of(const Options& options) {
  if (options.common.hostname.starts_with('/')) return Encryption::none;
  return encryption(options.tls, options.common.port.value_or(587), {465});
}

void check_together(const Options& options) {
  const Plan plan(options);
  const LogInCourse course{.logs_in = plan.logs_in, .never_has_tls = plan.encryption == Encryption::none};
  for (const auto& rows : {endpoint_rows(options, plan), look_up_contradictions(options.common),
                           log_in_contradictions(options.credentials, options.tls, course), message_rows(options, plan),
                           expectation_rows(options, plan), threshold_rows(options, plan)}) {
    refuse_contradictions(rows);
  }
}

}  // namespace mailcheck::plugins::smtp_submit
