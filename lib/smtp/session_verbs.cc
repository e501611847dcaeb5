// The verbs of Session: what each writes. Driving them is session.cc's.
#include <fmt/format.h>

#include <utility>

#include "base/base64.h"
#include "smtp/session.h"

namespace mailcheck::smtp {
namespace {

using base::Stage;

// RFC 4954 section 4: a line with an initial response may be no longer than any other command line.
constexpr std::size_t kLongestLine = 512;

}  // namespace

void Session::start(Stage stage, const std::string& line) {
  stage_ = stage;
  waiting_ = Waiting::reply;
  std::string display = line.substr(0, line.find_last_not_of("\r\n") + 1);
  unsent_ = base::Write{base::Secret(line), std::move(display)};
}

void Session::expect_greeting() {
  stage_ = Stage::greeting;
  waiting_ = Waiting::reply;
}

void Session::hello(Hello verb, std::string_view name) {
  extensions_ = {};
  is_extended_ = verb != Hello::helo;
  start(Stage::ehlo, hello_line(verb, name));
}

void Session::starttls() {
  start(Stage::starttls, "STARTTLS\r\n");
}

void Session::tls_started() {
  extensions_ = {};
  reader_.forget_leftover();
}

void Session::authenticate(std::unique_ptr<sasl::Mechanism> mechanism) {
  stage_ = Stage::auth;
  waiting_ = Waiting::reply;
  mechanism_ = std::move(mechanism);
  base::Write write{base::Secret("AUTH "), fmt::format("AUTH {}", mechanism_->name())};
  write.bytes.append(mechanism_->name());
  if (mechanism_->is_client_first()) {
    auto response = mechanism_->respond({});
    if (!response) {  // nothing was sent yet: there is nothing to abort
      mechanism_.reset();
      failed_before_sending_ = std::move(response.error());
      return;
    }
    add_initial_response(write, response->is_empty() ? base::Secret("=") : base::base64_encode(*response));
  }
  write.bytes.append("\r\n");
  unsent_ = std::move(write);
}

void Session::add_initial_response(base::Write& write, base::Secret response) {
  initial_response_.reset();
  if (write.bytes.size() + response.size() + 3 > kLongestLine) {
    initial_response_ = std::move(response);
    return;
  }
  write.bytes.append(" ");
  write.bytes.append(response.expose());
  write.display += " ***";
}

void Session::mail(const Path& from, const MailParameters& parameters) {
  start(Stage::mail, mail_line(from, parameters));
}

void Session::rcpt(const Path& to, const RcptParameters& parameters) {
  start(Stage::rcpt, rcpt_line(to, parameters));
}

void Session::envelope(const Path& from, const MailParameters& parameters, const std::vector<Path>& to,
                       const RcptParameters& to_parameters) {
  std::string lines = mail_line(from, parameters);
  for (const Path& path : to) lines += rcpt_line(path, to_parameters);
  start(Stage::mail, lines);
}

void Session::await_rcpt() {
  stage_ = Stage::rcpt;
  waiting_ = Waiting::reply;
}

void Session::data() {
  start(Stage::body, "DATA\r\n");
}

void Session::body(const std::string& stuffed) {
  stage_ = Stage::body;
  waiting_ = Waiting::nothing;
  std::string display = fmt::format("(message of {} bytes)", stuffed.size());
  unsent_ = base::Write{base::Secret(stuffed), std::move(display)};
}

void Session::verdict() {
  stage_ = Stage::data;
  waiting_ = Waiting::reply;
}

void Session::reset() {
  start(Stage::rset, "RSET\r\n");
}

void Session::quit() {
  start(Stage::quit, "QUIT\r\n");
}

}  // namespace mailcheck::smtp
