#include "probe/smtp_submit.h"

#include <utility>

#include "probe/smtp_submission.h"

namespace mailcheck::probe {

bool has_tls(const SmtpSubmitRequest& request) {
  if (request.encryption == Encryption::implicit) return request.stop_after >= SmtpStop::greeting;
  return request.encryption == Encryption::starttls && request.stop_after >= SmtpStop::tls;
}

SmtpSubmitFacts smtp_submit(SmtpSubmitRequest request, const Environment& environment) {
  SmtpSubmission submission(std::move(request), environment);
  submission.run();
  return submission.finish();
}

}  // namespace mailcheck::probe
