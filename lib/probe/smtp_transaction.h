// One mail transaction of smtp_submit: MAIL, RCPT, then RSET, or DATA and the message. Part of smtp_submit.
#pragma once

#include "probe/smtp_submit.h"

namespace mailcheck::probe {

class SmtpTransaction {
 public:
  SmtpTransaction(client::SmtpClient& client, const SmtpSubmitRequest& request, SmtpSubmitFacts& facts)
      : client_(client), request_(request), facts_(facts) {}

  // Errors before anything is offered, stage mail: local (an address in UTF-8 without SMTPUTF8), too_large (SIZE).
  [[nodiscard]] base::Result<void> run();

 private:
  [[nodiscard]] base::Result<void> check_addresses() const;
  void compose();
  [[nodiscard]] base::Result<void> check_size() const;
  [[nodiscard]] smtp::MailParameters mail_parameters() const;
  [[nodiscard]] smtp::RcptParameters rcpt_parameters() const;
  [[nodiscard]] base::Result<void> offer();
  [[nodiscard]] base::Result<void> offer_at_once();
  [[nodiscard]] base::Result<void> send();
  [[nodiscard]] base::Result<void> noted(base::Stage stage, base::Result<void> result, std::string recipient = {});
  [[nodiscard]] bool is_offered(std::string_view extension) const;

  client::SmtpClient& client_;
  const SmtpSubmitRequest& request_;
  SmtpSubmitFacts& facts_;
  std::string message_;
};

// Adds the reply that `result` of `stage` came with, if there was one.
void note_reply(const smtp::Session& session, SmtpSubmitFacts& facts, base::Stage stage,
                const base::Result<void>& result, std::string recipient = {});

}  // namespace mailcheck::probe
