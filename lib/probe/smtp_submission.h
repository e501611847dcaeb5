// SmtpSubmission: smtp_submit() in two halves, for a probe that has something to do between acceptance and good-bye.
//
//   SmtpSubmission submission(request, environment);
//   submission.run();                // up to the server's verdict on the message
//   ...                              // the connection stays open
//   facts = submission.finish();     // QUIT, and everything that is known
#pragma once

#include <optional>

#include "base/mask.h"
#include "probe/session_probe.h"
#include "probe/smtp_submit.h"

namespace mailcheck::probe {

class SmtpSubmission {
 public:
  // The environment must outlive it. The time starts now.
  SmtpSubmission(SmtpSubmitRequest request, const Environment& environment);
  SmtpSubmission(const SmtpSubmission&) = delete;
  SmtpSubmission& operator=(const SmtpSubmission&) = delete;

  // Wipes the credentials.
  void run();
  // After run(): error, replies and is_delivered are there; times, TLS and dialogue come with finish().
  [[nodiscard]] const SmtpSubmitFacts& facts() const { return facts_; }
  [[nodiscard]] const base::Mask& mask() const { return mask_; }
  // Waits for the server's good-bye no longer than the deadline, or than the request's time-out.
  [[nodiscard]] SmtpSubmitFacts finish(base::Deadline good_bye);
  [[nodiscard]] SmtpSubmitFacts finish() { return finish(deadlines_.good_bye()); }

 private:
  [[nodiscard]] base::Result<void> reach_server();
  [[nodiscard]] base::Result<void> converse();
  [[nodiscard]] base::Result<void> noted(base::Stage stage, base::Result<void> result);
  [[nodiscard]] base::Result<void> hello();
  [[nodiscard]] base::Result<void> secure();
  [[nodiscard]] base::Result<void> log_in();
  void collect_session();
  void mask_more_words();
  [[nodiscard]] bool stops_at_connect() const { return request_.stop_after == SmtpStop::connect; }

  SmtpSubmitRequest request_;
  Deadlines deadlines_;
  base::Mask mask_;
  base::Timeline timeline_;
  net::Transcript transcript_;
  client::Connection connection_;
  client::SmtpClient client_;
  bool is_connected_ = false;
  SmtpSubmitFacts facts_;
};

}  // namespace mailcheck::probe
