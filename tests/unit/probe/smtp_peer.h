// SmtpPeer: an SMTP server in memory, in clear: it answers commands by their verb from a table, takes messages, and
// lets the fake clock pass while it "thinks".
#pragma once

#include <deque>
#include <map>
#include <memory>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "support/fake_clock.h"
#include "support/memory_stream.h"

namespace mailcheck::test {

class SmtpPeer {
 public:
  SmtpPeer() : owned_(std::make_unique<MemoryStream>()), stream_(owned_.get()) {
    stream_->on_write([this](std::string_view bytes) { receive(bytes); });
    on("EHLO", "250-mail.example.test\r\n250-SIZE 10000\r\n250-AUTH PLAIN\r\n250 8BITMIME\r\n");
    on("AUTH", "235 2.7.0 in\r\n");
    on("MAIL", "250 2.1.0 Ok\r\n");
    on("RCPT", "250 2.1.5 Ok\r\n");
    on("DATA", "354 go on\r\n");
    on("RSET", "250 2.0.0 Ok\r\n");
    on("QUIT", "221 2.0.0 Bye\r\n");
    after_dot({"250 2.0.0 Ok: queued as 4F2\r\n"});
  }

  // What is answered to that verb; "" is silence. A verb that is given more than one answer uses them up, the last one
  // stays.
  void on(const std::string& verb, std::string answer) { answers_[verb] = {std::move(answer)}; }
  void on(const std::string& verb, std::deque<std::string> answers) { answers_[verb] = std::move(answers); }
  // To the final dot, one after the other, at once.
  void after_dot(std::vector<std::string> answers) { dot_answers_ = std::move(answers); }
  void set_greeting(std::string greeting) { greeting_ = std::move(greeting); }
  void set_end(MemoryEnd end) { stream_->set_end(end); }

  [[nodiscard]] std::unique_ptr<net::Stream> take_stream() {
    stream_->feed(greeting_);
    return std::move(owned_);
  }
  // The command lines that the client sent.
  [[nodiscard]] const std::vector<std::string>& heard() const { return heard_; }
  [[nodiscard]] std::vector<std::string> heard_verbs() const {
    std::vector<std::string> verbs;
    for (const auto& line : heard_) verbs.push_back(line.substr(0, line.find(' ')));
    return verbs;
  }
  // The message as it came, with stuffed dots, without the final one.
  [[nodiscard]] const std::string& message() const { return message_; }

 private:
  void receive(std::string_view bytes) {
    partial_ += bytes;
    for (std::size_t end; (end = partial_.find("\r\n")) != std::string::npos;) {
      const std::string line = partial_.substr(0, end);
      partial_.erase(0, end + 2);
      is_in_message_ ? take(line) : answer(line);
    }
  }

  void take(const std::string& line) {
    if (line != ".") {
      message_ += line + "\r\n";
      return;
    }
    is_in_message_ = false;
    for (const std::string& reply : dot_answers_) stream_->feed(reply);
  }

  void answer(const std::string& line) {
    heard_.push_back(line);
    const auto found = answers_.find(line.substr(0, line.find(' ')));
    if (found == answers_.end()) return stream_->feed("500 5.5.2 what?\r\n");
    std::deque<std::string>& replies = found->second;
    const std::string reply = replies.front();
    if (replies.size() > 1) replies.pop_front();
    is_in_message_ = line == "DATA" && reply.starts_with("354");
    if (!reply.empty()) stream_->feed(reply);
  }

  std::unique_ptr<MemoryStream> owned_;
  MemoryStream* stream_;
  std::string greeting_ = "220 mail.example.test ESMTP\r\n";
  std::map<std::string, std::deque<std::string>> answers_;
  std::vector<std::string> dot_answers_;
  std::string partial_;
  std::string message_;
  bool is_in_message_ = false;
  std::vector<std::string> heard_;
};

}  // namespace mailcheck::test
