// DNS messages for tests: an answer is put together record by record, right or wrong.
#pragma once

#include <arpa/inet.h>

#include <cstdint>
#include <string>
#include <string_view>

namespace mailcheck::test {

inline std::string two_bytes(unsigned value) {
  return {static_cast<char>(value >> 8 & 0xff), static_cast<char>(value & 0xff)};
}

// "mail.example.test" as labels.
inline std::string dns_name(std::string_view name) {
  std::string out;
  while (!name.empty()) {
    const std::string_view label = name.substr(0, name.find('.'));
    out += static_cast<char>(label.size());
    out += label;
    name.remove_prefix(label.size() < name.size() ? label.size() + 1 : name.size());
  }
  return out + '\0';
}

// One string of a TXT record, at most 255 bytes.
inline std::string dns_text(std::string_view words) {
  std::string out(1, static_cast<char>(words.size()));
  return out += words;
}

class DnsMessage {
 public:
  static constexpr unsigned kA = 1;
  static constexpr unsigned kCname = 5;
  static constexpr unsigned kMx = 15;
  static constexpr unsigned kTxt = 16;
  static constexpr unsigned kAaaa = 28;
  static constexpr unsigned kTlsa = 52;
  static constexpr unsigned kCaa = 257;

  DnsMessage(std::string_view name, unsigned type) : question_(dns_name(name) + two_bytes(type) + two_bytes(1)) {}

  DnsMessage& id(std::string_view two) {
    id_ = two;
    return *this;
  }
  DnsMessage& code(unsigned rcode) {
    flags_ = (flags_ & 0xfff0) | rcode;
    return *this;
  }
  // The AD bit: a validating server's word that all of it is signed.
  DnsMessage& authentic() {
    flags_ |= 0x0020;
    return *this;
  }
  DnsMessage& truncated() {
    flags_ |= 0x0200;
    return *this;
  }
  DnsMessage& record(std::string_view name, unsigned type, std::string_view data) {
    answers_ += dns_name(name) + two_bytes(type) + two_bytes(1) + std::string("\0\0\0\x3c", 4) +
                two_bytes(static_cast<unsigned>(data.size()));
    answers_ += data;
    ++count_;
    return *this;
  }
  DnsMessage& alias(std::string_view name, std::string_view target) { return record(name, kCname, dns_name(target)); }
  DnsMessage& address(std::string_view name, const std::string& text) {
    std::string data(16, '\0');
    if (inet_pton(AF_INET, text.c_str(), data.data()) == 1) return record(name, kA, data.substr(0, 4));
    inet_pton(AF_INET6, text.c_str(), data.data());
    return record(name, kAaaa, data);
  }
  DnsMessage& exchanger(std::string_view name, unsigned preference, std::string_view host) {
    return record(name, kMx, two_bytes(preference) + dns_name(host));
  }
  DnsMessage& text(std::string_view name, std::string_view words) { return record(name, kTxt, dns_text(words)); }
  // Says that there are more records than there are.
  DnsMessage& promise_one_more() {
    ++count_;
    return *this;
  }

  [[nodiscard]] std::string bytes() const {
    return id_ + two_bytes(flags_) + two_bytes(1) + two_bytes(count_) + two_bytes(0) + two_bytes(0) + question_ +
           answers_;
  }

 private:
  std::string id_ = "id";
  std::string question_;
  std::string answers_;
  unsigned flags_ = 0x8180;  // a reply, recursion desired and available
  unsigned count_ = 0;
};

}  // namespace mailcheck::test
