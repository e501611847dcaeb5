// Session: greeting, capabilities, STARTTLS and good-bye of a protocol that has no other session here, without I/O: see
// base/dialogue.h for how it is driven. One verb at a time: start it, drive next() until Done or Error, read its
// result. What the protocols have in common is here; pop3.h and sieve.h are their own words.
//
//      expect_greeting -> [capability] -> starttls -> tls_started -> leave
//
// Promises:
// - Nothing is sent before an answer is complete. A server that speaks before it is asked breaks the protocol
//   (protocol_error), but for a good-bye.
// - Bytes that follow the go-ahead of STARTTLS are refused (starttls_injected). All capabilities are forgotten then.
// - A refusal is an Error with is_answered; the session lives on. A good-bye is connection_lost, in a greeting and
//   whatever else is no welcome there: greeting. After it has_closed() is true.
// - Every size of the server's is capped (line_framer.h).
// Does not do: log in, following referrals.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/dialogue.h"
#include "upgrade/line_framer.h"
#include "upgrade/reply.h"

namespace mailcheck::upgrade {

class Session : public base::Dialogue {
 public:
  // verbs
  void expect_greeting();
  void capability();
  void starttls();
  void tls_started();  // to be called once TLS stands
  void leave();        // QUIT or LOGOUT; any answer is one

  // base::Dialogue
  void receive(std::string_view bytes) override { framer_.receive(bytes); }
  void end_of_input() override { has_ended_ = true; }
  [[nodiscard]] base::Step next() override;

  // results
  // The words of a greeting, also of one that turns us away.
  [[nodiscard]] const std::optional<std::string>& greeting() const { return greeting_; }
  // Lines as the server means them, "STLS", "SASL PLAIN"; std::nullopt: none were told.
  [[nodiscard]] const std::optional<std::vector<std::string>>& capabilities() const { return capabilities_; }
  // True, too, of a server that tells no capabilities: one has to try then.
  [[nodiscard]] bool may_start_tls() const;
  [[nodiscard]] const std::optional<Reply>& last_reply() const { return last_reply_; }
  // The server has said good-bye or has closed: nothing can be said any more.
  [[nodiscard]] bool has_closed() const { return has_closed_; }

 protected:
  // What a protocol calls things.
  struct Words {
    std::string_view protocol;  // "POP3"
    std::string_view capability;
    std::string_view starttls;
    std::string_view leave;
    base::Stage leave_stage;
    Literals literals;
  };
  explicit Session(const Words& words) : words_(words), framer_(words.literals) {}

  // One frame of an answer. A step ends the answer; std::nullopt: there is more to come.
  virtual std::optional<base::Step> take(std::string_view frame) = 0;
  // std::nullopt: the frame is something else.
  [[nodiscard]] virtual std::optional<Reply> reply_of(std::string_view frame) const = 0;

  [[nodiscard]] base::Stage stage() const { return stage_; }
  [[nodiscard]] bool is_first_frame() const { return framer_.frames() == 1; }
  // The answer ends with this reply, which decides whether it is a refusal.
  base::Step conclude(Reply reply);
  // The answer ends with this reply, whatever it says.
  base::Step settle(Reply reply);
  // An answer has ended that was not the one that is awaited.
  void await_next_answer();
  // The frame is no answer of the protocol.
  [[nodiscard]] base::Step not_understood(std::string_view frame) const;

  std::vector<std::string> lines_;  // of capabilities, in the answer so far
  std::optional<std::vector<std::string>> capabilities_;
  std::optional<Reply> last_reply_;

 private:
  void start(base::Stage stage, std::string_view command);
  base::Step on_early_words();
  base::Step on_success();
  [[nodiscard]] base::Error refusal() const;
  base::Step at_end_of_input();
  [[nodiscard]] base::Error error(base::ErrorKind kind, std::string detail, std::string_view peer_text = {}) const;

  Words words_;
  LineFramer framer_;
  bool has_ended_ = false;
  bool has_closed_ = false;
  bool is_waiting_ = false;
  base::Stage stage_ = base::Stage::greeting;
  std::string_view unsent_;  // command; empty: none

  std::optional<std::string> greeting_;
};

}  // namespace mailcheck::upgrade
