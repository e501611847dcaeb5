// UpgradePeer: a mail server in memory for the tests of UpgradeClient, in any of its protocols: it greets, answers
// commands by their verb from a table, in TLS from another one first, and speaks TLS from the start or after the
// go-ahead of STARTTLS.
#pragma once

#include <map>
#include <memory>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "base/ascii.h"
#include "client/upgrade_protocol.h"
#include "unit/client/imap_peer.h"

namespace mailcheck::test {

// What a well-behaved server of a protocol says. "{tag}" stands for the tag of the command.
struct UpgradeWords {
  std::string greeting;
  std::string listing;  // verb that asks for capabilities; empty: the greeting tells them
  std::string list;
  std::string starttls, go_ahead, refusal;
  std::string leave, good_bye;
  std::string list_after_tls = {};  // unasked
  std::string list_inside = {};     // asked for again, in TLS
};

inline UpgradeWords words_of(client::Protocol protocol) {
  using client::Protocol;
  const std::string ehlo = "250-mail.example.test\r\n250-SIZE 1000\r\n250 STARTTLS\r\n";
  switch (protocol) {
    case Protocol::smtp:
      return {"220 mail.example.test ESMTP\r\n",
              "EHLO",
              ehlo,
              "STARTTLS",
              "220 2.0.0 go\r\n",
              "454 4.7.0 TLS not available\r\n",
              "QUIT",
              "221 2.0.0 Bye\r\n",
              "",
              "250-mail.example.test\r\n250 AUTH PLAIN\r\n"};
    case Protocol::lmtp:
      return {"220 mail.example.test LMTP\r\n",
              "LHLO",
              ehlo,
              "STARTTLS",
              "220 2.0.0 go\r\n",
              "454 4.7.0 TLS not available\r\n",
              "QUIT",
              "221 2.0.0 Bye\r\n",
              "",
              "250-mail.example.test\r\n250 AUTH PLAIN\r\n"};
    case Protocol::imap:
      return {"* OK ready\r\n",
              "CAPABILITY",
              "* CAPABILITY IMAP4rev1 STARTTLS\r\n{tag} OK\r\n",
              "STARTTLS",
              "{tag} OK begin\r\n",
              "{tag} NO [UNAVAILABLE] TLS not available\r\n",
              "LOGOUT",
              "* BYE out\r\n{tag} OK\r\n",
              "",
              "* CAPABILITY IMAP4rev1 AUTH=PLAIN\r\n{tag} OK listed\r\n"};
    case Protocol::pop3:
      return {"+OK ready\r\n",
              "CAPA",
              "+OK\r\nTOP\r\nSTLS\r\n.\r\n",
              "STLS",
              "+OK begin\r\n",
              "-ERR [SYS/TEMP] TLS not available\r\n",
              "QUIT",
              "+OK bye\r\n",
              "",
              "+OK listed\r\nTOP\r\n.\r\n"};
    case Protocol::sieve:
      return {"\"SASL\" \"\"\r\n\"STARTTLS\"\r\nOK \"ready\"\r\n",
              "",
              "",
              "STARTTLS",
              "OK \"begin\"\r\n",
              "NO (TRYLATER) \"TLS not available\"\r\n",
              "LOGOUT",
              "OK \"out\"\r\n",
              "\"SASL\" \"PLAIN\"\r\nOK \"secure\"\r\n"};
  }
  return {};
}

class UpgradePeer {
 public:
  UpgradePeer(FakeClock& clock, UpgradeWords words, PeerTls tls = PeerTls::none, const ServerSetup& setup = {})
      : clock_(clock),
        setup_(setup),
        words_(std::move(words)),
        owned_(std::make_unique<SlowStream>(clock)),
        stream_(owned_.get()) {
    stream_->on_write([this](std::string_view bytes) { receive(bytes); });
    if (tls == PeerTls::implicit) server_ = std::make_unique<TlsServer>(setup_);
    if (!words_.listing.empty()) answers_[words_.listing].text = words_.list;
    answers_[words_.starttls].text = words_.go_ahead;
    answers_[words_.leave].text = words_.good_bye;
    if (!words_.listing.empty()) inside_[words_.listing].text = words_.list_inside;
  }

  // The answer "" is silence.
  void on(const std::string& verb, std::string answer, base::Duration delay = {}) {
    answers_[verb] = {std::move(answer), delay};
  }
  // In TLS.
  void on_inside(const std::string& verb, std::string answer, base::Duration delay = {}) {
    inside_[verb] = {std::move(answer), delay};
  }
  void refuse_starttls() { on(words_.starttls, words_.refusal); }
  void set_greeting(std::string greeting, base::Duration delay = {}) {
    words_.greeting = std::move(greeting);
    stream_->delay_next_read(delay);
  }
  void set_end(MemoryEnd end) { stream_->set_end(end); }

  [[nodiscard]] std::unique_ptr<net::Stream> take_stream() {
    if (!server_) stream_->feed(words_.greeting);
    return std::move(owned_);
  }
  // The lines that the client sent, IMAP's tags cut off; what came over TLS has "TLS: " before it.
  [[nodiscard]] const std::vector<std::string>& heard() const { return heard_; }
  [[nodiscard]] bool has_seen_close() const { return server_ && server_->has_seen_close(); }
  // That the client asked for; empty: none, or no TLS.
  [[nodiscard]] std::string server_name() const { return server_ ? server_->server_name() : std::string(); }

 private:
  struct Answer {
    std::string text;
    base::Duration delay{};
  };

  void receive(std::string_view bytes) {
    if (!server_) return listen(bytes);
    const bool was_ready = server_->is_ready();
    server_->receive(bytes);
    stream_->feed(server_->take_output());
    if (!was_ready && server_->is_ready()) say(has_upgraded_ ? words_.list_after_tls : words_.greeting);
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

  void answer(std::string line) {
    if (line.size() > 1 && line[0] == 'A' && base::is_digit(line[1])) {
      tag_ = line.substr(0, line.find(' '));
      line.erase(0, tag_.size() + 1);
    }
    heard_.push_back((server_ ? "TLS: " : "") + line);
    const std::string verb = line.substr(0, line.find(' '));
    const bool is_inside = server_ && inside_.count(verb) != 0;
    const auto found = is_inside ? inside_.find(verb) : answers_.find(verb);
    REQUIRE(found != answers_.end());
    clock_.advance(found->second.delay);
    say(found->second.text);
    if (found->first == words_.starttls && found->second.text.starts_with(words_.go_ahead)) {
      has_upgraded_ = true;
      server_ = std::make_unique<TlsServer>(setup_);
    }
  }

  void say(std::string text) {
    for (std::size_t at; (at = text.find("{tag}")) != std::string::npos;) text.replace(at, 5, tag_);
    if (text.empty()) return;
    if (!server_) return stream_->feed(text);
    server_->write(text);
    stream_->feed(server_->take_output());
  }

  FakeClock& clock_;
  ServerSetup setup_;
  UpgradeWords words_;
  std::unique_ptr<SlowStream> owned_;
  SlowStream* stream_;
  std::unique_ptr<TlsServer> server_;
  bool has_upgraded_ = false;
  std::map<std::string, Answer> answers_;
  std::map<std::string, Answer> inside_;
  std::string tag_;
  std::string partial_;
  std::vector<std::string> heard_;
};

}  // namespace mailcheck::test
