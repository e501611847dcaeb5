#include "client/smtp_client.h"

#include <algorithm>
#include <array>
#include <utility>

namespace mailcheck::client {
namespace {

using base::ErrorKind;
using base::Stage;

// RFC 5321 section 4.2.4: a command that is not there.
constexpr std::array kUnknownCommandCodes = {500, 502, 504};

}  // namespace

base::Result<void> SmtpClient::converse(Stage stage) {
  return connection_.converse(session_, stage, deadline_);
}

base::Result<void> SmtpClient::greeting() {
  session_.expect_greeting();
  auto greeted = converse(Stage::greeting);
  if (greeted || connection_.is_secure() || !looks_like_tls(greeted.error().peer_text)) return greeted;
  return base::fail({Stage::greeting, ErrorKind::tls_on_plain_port, "the server speaks TLS at once on this port"});
}

base::Result<void> SmtpClient::hello(smtp::Hello verb, const std::string& name) {
  session_.hello(verb, name);
  auto greeted = converse(Stage::ehlo);
  if (greeted || verb != smtp::Hello::ehlo || !greeted.error().is_answered) return greeted;
  const auto is_it = [&](int code) { return code == session_.last_reply()->code; };
  if (std::none_of(kUnknownCommandCodes.begin(), kUnknownCommandCodes.end(), is_it)) return greeted;
  session_.hello(smtp::Hello::helo, name);
  return converse(Stage::ehlo);
}

base::Result<void> SmtpClient::starttls() {
  if (!session_.extensions().has("STARTTLS")) {
    return base::fail({Stage::starttls, ErrorKind::starttls_absent, "STARTTLS is not offered"});
  }
  session_.starttls();
  if (auto agreed = converse(Stage::starttls); !agreed) return agreed;
  if (auto secured = connection_.secure(Upgrade::starttls, deadline_); !secured) return secured;
  session_.tls_started();
  return {};
}

base::Result<void> SmtpClient::log_in(LogIn log_in) {
  if (auto allowed = may_send_credentials(connection_, log_in); !allowed) return allowed;
  const std::vector<std::string> offered = session_.extensions().mechanisms();
  auto chosen = sasl::choose(choice_request(connection_, offered, log_in), log_in.credentials);
  if (!chosen) {
    const bool is_hidden = offered.empty() && session_.extensions().has("STARTTLS");
    if (is_hidden) return base::fail({Stage::auth, ErrorKind::tls_required, "log in is not offered before TLS"});
    return base::fail(std::move(chosen.error()));
  }
  mechanism_ = std::move(*chosen);
  auto made = make_mechanism(connection_, mechanism_, offered, log_in);
  if (!made) return base::fail(std::move(made.error()));
  session_.authenticate(std::move(*made));
  auto done = converse(Stage::auth);
  if (done) return done;
  if (session_.unacknowledged_abort()) done.error() = *session_.unacknowledged_abort();
  name_proof(done.error(), mechanism_);
  return done;
}

base::Result<void> SmtpClient::mail(const smtp::Path& from, const smtp::MailParameters& parameters) {
  session_.mail(from, parameters);
  return converse(Stage::mail);
}

base::Result<void> SmtpClient::rcpt(const smtp::Path& to, const smtp::RcptParameters& parameters) {
  session_.rcpt(to, parameters);
  return converse(Stage::rcpt);
}

base::Result<void> SmtpClient::envelope(const smtp::Path& from, const smtp::MailParameters& parameters,
                                        const std::vector<smtp::Path>& to, const smtp::RcptParameters& to_parameters) {
  session_.envelope(from, parameters, to, to_parameters);
  return converse(Stage::mail);
}

base::Result<void> SmtpClient::await_rcpt() {
  session_.await_rcpt();
  return converse(Stage::rcpt);
}

base::Result<void> SmtpClient::send(const std::string& stuffed) {
  session_.data();
  if (auto ready = converse(Stage::body); !ready) {
    if (ready.error().is_answered) ready.error().stage = Stage::data;  // to the user it is DATA that was refused
    return ready;
  }
  session_.body(stuffed);
  auto written = converse(Stage::body);
  if (written || written.error().kind != ErrorKind::connection_lost) return written;
  // A server that has had enough of a message says so and closes: its words are still there to be read.
  session_.verdict();
  auto said = converse(Stage::body);
  if (said || !said.error().is_answered) return written;
  said.error().stage = Stage::data;
  return said;
}

base::Result<void> SmtpClient::verdict() {
  session_.verdict();
  auto said = converse(Stage::data);
  if (said || said.error().is_answered || said.error().kind == ErrorKind::protocol_error) return said;
  if (said.error().kind == ErrorKind::timeout) {
    said.error().detail += ", so that nobody knows whether the message was taken";
  } else {
    said.error().kind = ErrorKind::delivery_unknown;  // a reset leaves it as open as a close does
  }
  return said;
}

base::Result<void> SmtpClient::reset() {
  session_.reset();
  return converse(Stage::rset);
}

void SmtpClient::quit(base::Deadline deadline) {
  if (!session_.has_closed()) {
    session_.quit();
    (void)connection_.converse(session_, Stage::quit, deadline);
  }
  connection_.close(deadline);
}

}  // namespace mailcheck::client
