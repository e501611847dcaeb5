// ImapPeer: an IMAP server in memory for the tests of client and probe: it answers commands by their verb from a table,
// lets the fake clock pass while it "thinks", and speaks TLS from the start, after STARTTLS, or never.
#pragma once

#include <deque>
#include <functional>
#include <map>
#include <memory>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "client/connection.h"
#include "support/fake_clock.h"
#include "support/memory_stream.h"
#include "support/tls_pair.h"

namespace mailcheck::test {

enum class PeerTls { none, implicit };

// What a probe does in two places: files first, the handshake when its time has come.
inline base::Result<void> secure(client::Connection& connection, const tls::ClientOptions& options,
                                 client::Upgrade upgrade, base::Deadline deadline) {
  if (auto prepared = connection.prepare_tls(options); !prepared) return prepared;
  return connection.secure(upgrade, deadline);
}

// A stream whose next read takes a while.
class SlowStream : public MemoryStream {
 public:
  explicit SlowStream(FakeClock& clock) : clock_(clock) { set_clock(clock); }
  void delay_next_read(base::Duration delay) { delay_ = delay; }
  [[nodiscard]] base::Result<std::size_t> read(std::span<char> buffer, base::Deadline deadline) override {
    clock_.advance(std::exchange(delay_, base::Duration{}));
    return MemoryStream::read(buffer, deadline);
  }

 private:
  FakeClock& clock_;
  base::Duration delay_{};
};

class ImapPeer {
 public:
  explicit ImapPeer(FakeClock& clock, PeerTls tls = PeerTls::none, const ServerSetup& setup = {})
      : clock_(clock), setup_(setup), owned_(std::make_unique<SlowStream>(clock)), stream_(owned_.get()) {
    stream_->on_write([this](std::string_view bytes) { receive(bytes); });
    if (tls == PeerTls::implicit) server_ = std::make_unique<TlsServer>(setup_);
    on("CAPABILITY", "* CAPABILITY IMAP4rev1 SASL-IR AUTH=PLAIN QUOTA ESEARCH STARTTLS\r\n{tag} OK\r\n");
    on("STARTTLS", "{tag} OK begin\r\n");
    on("LOGIN", "{tag} OK in\r\n");
    on("AUTHENTICATE", "{tag} OK in\r\n");
    on("EXAMINE", "* 12 EXISTS\r\n* OK [UIDVALIDITY 7]\r\n* OK [UIDNEXT 13]\r\n{tag} OK [READ-ONLY]\r\n");
    on("SELECT", "* 12 EXISTS\r\n{tag} OK [READ-WRITE]\r\n");
    on("LOGOUT", "* BYE out\r\n{tag} OK\r\n");
  }

  using Reply = std::function<std::string(const std::string& line)>;

  // What is answered to commands of that verb ("UID FETCH" is one), "{tag}" replaced; and how long it takes. The answer
  // "" is silence.
  void on(const std::string& verb, std::string answer, base::Duration delay = {}) {
    reply_to(
        verb, [answer = std::move(answer)](const std::string&) { return answer; }, delay);
  }
  void reply_to(const std::string& verb, Reply reply, base::Duration delay = {}) {
    answers_.insert_or_assign(verb, Answer{std::move(reply), delay});
  }
  // What is answered to a line without a tag (responses of SASL, literals), in order.
  void then(std::string answer) {
    then_reply([answer = std::move(answer)](const std::string&) { return answer; });
  }
  void then_reply(Reply reply) { continuations_.push_back(std::move(reply)); }
  void set_greeting(std::string greeting, base::Duration delay = {}) {
    greeting_ = std::move(greeting);
    stream_->delay_next_read(delay);
  }
  void set_end(MemoryEnd end) { stream_->set_end(end); }
  void delay_handshake(base::Duration delay) { handshake_delay_ = delay; }

  // To be handed to the dialer, once everything that counts from the first byte on is set.
  [[nodiscard]] std::unique_ptr<net::Stream> take_stream() {
    if (!server_) stream_->feed(greeting_);
    return std::move(owned_);
  }
  // The lines that the client sent, tags cut off: "LOGIN probe secret".
  [[nodiscard]] const std::vector<std::string>& heard() const { return heard_; }
  // Precondition: TLS stands.
  [[nodiscard]] TlsServer& tls() { return *server_; }

 private:
  struct Answer {
    Reply reply;
    base::Duration delay;
  };

  void receive(std::string_view bytes) {
    if (!server_) return listen(bytes);
    clock_.advance(std::exchange(handshake_delay_, base::Duration{}));
    const bool was_ready = server_->is_ready();
    server_->receive(bytes);
    stream_->feed(server_->take_output());
    if (!was_ready && server_->is_ready() && !has_greeted_) say(greeting_);
    listen(server_->take_text());
  }

  void listen(std::string_view text) {
    partial_ += text;
    for (std::size_t end; (end = partial_.find("\r\n")) != std::string::npos;) {
      const std::string line = partial_.substr(0, end);
      partial_.erase(0, end + 2);
      answer(line);
    }
  }

  void answer(const std::string& line) {
    const std::size_t space = line.find(' ');
    const bool is_command = line.size() > 1 && line[0] == 'A' && line[1] >= '0' && line[1] <= '9';
    if (!is_command) {
      heard_.push_back(line);
      if (continuations_.empty()) return;
      const Reply reply = std::move(continuations_.front());
      continuations_.pop_front();
      return say(reply(line));
    }
    tag_ = line.substr(0, space);
    const std::string command = line.substr(space + 1);
    heard_.push_back(command);
    const auto found = std::find_if(answers_.begin(), answers_.end(),
                                    [&](const auto& entry) { return (command + " ").starts_with(entry.first + " "); });
    if (found == answers_.end()) return say("{tag} BAD unknown command\r\n");
    clock_.advance(found->second.delay);
    const std::string text = found->second.reply(command);
    say(text);
    if (command == "STARTTLS" && text.starts_with("{tag} OK")) {
      has_greeted_ = true;
      server_ = std::make_unique<TlsServer>(setup_);
    }
  }

  void say(std::string text) {
    for (std::size_t at; (at = text.find("{tag}")) != std::string::npos;) text.replace(at, 5, tag_);
    if (text.empty()) return;
    has_greeted_ = true;
    if (!server_) return stream_->feed(text);
    server_->write(text);
    stream_->feed(server_->take_output());
  }

  FakeClock& clock_;
  ServerSetup setup_;
  std::unique_ptr<SlowStream> owned_;
  SlowStream* stream_;
  std::unique_ptr<TlsServer> server_;
  std::string greeting_ = "* OK ready\r\n";
  bool has_greeted_ = false;
  base::Duration handshake_delay_{};
  std::map<std::string, Answer> answers_;
  std::deque<Reply> continuations_;
  std::string tag_;
  std::string partial_;
  std::vector<std::string> heard_;
};

}  // namespace mailcheck::test
