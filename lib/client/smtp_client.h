// SmtpClient: an smtp::Session over a Connection. Each call is one step of the session: it starts the verb, waits for
// its end and times it. Steps: greeting, ehlo, starttls, tls, auth, mail, rcpt, body, data, rset, quit; a step done
// more than once adds up.
#pragma once

#include <string>
#include <vector>

#include "client/connection.h"
#include "client/log_in.h"
#include "smtp/session.h"

namespace mailcheck::client {

class SmtpClient {
 public:
  SmtpClient(Connection& connection, base::Deadline deadline) : connection_(connection), deadline_(deadline) {}

  [[nodiscard]] base::Result<void> greeting();
  // A server that does not know EHLO is greeted with HELO, and has no extensions then.
  [[nodiscard]] base::Result<void> hello(smtp::Hello verb, const std::string& name);
  // STARTTLS and the handshake. Error starttls_absent if it is not offered.
  [[nodiscard]] base::Result<void> starttls();
  // The credentials are wiped. An exchange that this side gave up fails with the reason, whatever the server does then.
  [[nodiscard]] base::Result<void> log_in(LogIn log_in);
  // With which log_in() tried, or succeeded; empty if it did not come so far.
  [[nodiscard]] const std::string& mechanism() const { return mechanism_; }

  [[nodiscard]] base::Result<void> mail(const smtp::Path& from, const smtp::MailParameters& parameters);
  [[nodiscard]] base::Result<void> rcpt(const smtp::Path& to, const smtp::RcptParameters& parameters);
  // RFC 2920: all at once; await_rcpt() has to follow once for each recipient, whatever the replies are.
  [[nodiscard]] base::Result<void> envelope(const smtp::Path& from, const smtp::MailParameters& parameters,
                                            const std::vector<smtp::Path>& to,
                                            const smtp::RcptParameters& to_parameters);
  [[nodiscard]] base::Result<void> await_rcpt();
  // DATA and the message, dots stuffed: step body ends with the final dot.
  [[nodiscard]] base::Result<void> send(const std::string& stuffed);
  // Step data: from the final dot to the reply. LMTP: once for each accepted recipient.
  [[nodiscard]] base::Result<void> verdict();
  [[nodiscard]] base::Result<void> reset();
  // Waits for the server's good-bye no longer than `deadline`; a failure is nobody's concern but the step's. After a
  // 421 nothing is sent.
  void quit(base::Deadline deadline);

  [[nodiscard]] const smtp::Session& session() const { return session_; }

 private:
  [[nodiscard]] base::Result<void> converse(base::Stage stage);

  Connection& connection_;
  base::Deadline deadline_;
  smtp::Session session_;
  std::string mechanism_;
};

}  // namespace mailcheck::client
