// Session: the client's side of one SMTP or LMTP session (RFC 5321, RFC 2033, RFC 4954, RFC 3207) without I/O: see
// base/dialogue.h for how it is driven. One verb at a time: start it, drive next() until Done or Error, read its
// result.
//
//      expect_greeting -> hello -> [starttls -> tls_started -> hello] -> [authenticate] -> mail -> rcpt ... -> reset
//                                                                        -> data -> body -> verdict  -> quit
//
// Promises:
// - Nothing is sent before a reply is complete: a greeting of many lines and pauses is waited for. A server that speaks
//   before it is asked breaks the protocol (protocol_error), but for 421. The exception is envelope(), which sends MAIL
//   and all RCPT at once (RFC 2920); its replies are then awaited one by one.
// - Bytes that follow the go-ahead of STARTTLS are refused (starttls_injected). All extensions are forgotten then.
// - A refusal is an Error with is_answered; the session lives on, but for 421, after which has_closed() is true.
// - A connection lost after the final dot is delivery_unknown: nobody knows whether the message was taken.
// - Credentials go out once; their bytes are wiped when they are sent. Every size of the server's is capped (reply.h).
// Does not do: BDAT, ETRN, VRFY, following referrals.
#pragma once

#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "base/dialogue.h"
#include "sasl/mechanism.h"
#include "smtp/command.h"
#include "smtp/extensions.h"
#include "smtp/reply.h"

namespace mailcheck::smtp {

class Session : public base::Dialogue {
 public:
  // verbs
  void expect_greeting();
  void hello(Hello verb, std::string_view name);
  void starttls();
  void tls_started();  // to be called once TLS stands
  void authenticate(std::unique_ptr<sasl::Mechanism> mechanism);
  void mail(const Path& from, const MailParameters& parameters);
  void rcpt(const Path& to, const RcptParameters& parameters);
  // All of them at once; Done with the reply to MAIL. await_rcpt() then awaits the reply to each RCPT.
  void envelope(const Path& from, const MailParameters& parameters, const std::vector<Path>& to,
                const RcptParameters& to_parameters);
  void await_rcpt();
  // DATA, until the server's 354.
  void data();
  // The message, dots stuffed and with the final dot (dot_stuffing.h); Done as soon as it is written.
  void body(const std::string& stuffed);
  // The server's answer to the final dot; LMTP: one for each recipient that was accepted, to be called once for each.
  void verdict();
  void reset();
  void quit();

  // base::Dialogue
  void receive(std::string_view bytes) override { reader_.receive(bytes); }
  void end_of_input() override { has_ended_ = true; }
  [[nodiscard]] base::Step next() override;

  // results
  [[nodiscard]] const std::optional<Reply>& greeting() const { return greeting_; }
  [[nodiscard]] const Extensions& extensions() const { return extensions_; }
  [[nodiscard]] const std::optional<Reply>& last_reply() const { return last_reply_; }
  // The server has said 421 or has closed: nothing can be said any more.
  [[nodiscard]] bool has_closed() const { return has_closed_; }
  // deviations that were tolerated
  [[nodiscard]] const std::vector<std::string>& quirks() const { return reader_.quirks(); }
  // Why this side gave the log in up ("*"), as long as the server has not acknowledged that: it may never do so.
  [[nodiscard]] const std::optional<base::Error>& unacknowledged_abort() const { return pending_error_; }

 private:
  enum class Waiting { nothing, reply };

  void start(base::Stage stage, const std::string& line);
  void add_initial_response(base::Write& write, base::Secret response);
  base::Step handle(Reply reply);
  base::Step on_early_reply();
  base::Step on_greeting();
  base::Step on_auth();
  base::Step on_success();
  base::Step answer_challenge(std::string_view text);
  base::Step refuse_challenge(base::Error error);
  [[nodiscard]] bool is_hoped_for() const;
  [[nodiscard]] base::Error at_end_of_input() const;
  [[nodiscard]] base::Error error(base::ErrorKind kind, std::string detail, std::string peer_text = {}) const;

  ReplyReader reader_;
  bool has_ended_ = false;
  bool has_closed_ = false;
  bool is_extended_ = true;  // HELO knows no extensions
  base::Stage stage_ = base::Stage::greeting;
  Waiting waiting_ = Waiting::nothing;
  std::optional<base::Write> unsent_;
  std::unique_ptr<sasl::Mechanism> mechanism_;
  std::optional<base::Secret> initial_response_;  // in base64, kept for the first challenge: too long for AUTH's line
  std::optional<base::Error> failed_before_sending_;
  std::optional<base::Error> pending_error_;  // reported once the server has acknowledged the abort

  std::optional<Reply> greeting_;
  Extensions extensions_;
  std::optional<Reply> last_reply_;
};

}  // namespace mailcheck::smtp
