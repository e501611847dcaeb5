#include "smtp/command.h"

#include <fmt/format.h>

namespace mailcheck::smtp {
namespace {

std::string_view word_of(Hello verb) {
  switch (verb) {
    case Hello::ehlo: return "EHLO";
    case Hello::helo: return "HELO";
    case Hello::lhlo: return "LHLO";
  }
  return "EHLO";
}

}  // namespace

std::string hello_line(Hello verb, std::string_view name) {
  return fmt::format("{} {}\r\n", word_of(verb), name);
}

std::string mail_line(const Path& from, const MailParameters& parameters) {
  std::string line = "MAIL FROM:" + from.in_brackets();
  if (parameters.size) line += fmt::format(" SIZE={}", *parameters.size);
  if (parameters.body == Body::eight_bit_mime) line += " BODY=8BITMIME";
  if (parameters.is_utf8) line += " SMTPUTF8";
  return line + "\r\n";
}

std::string rcpt_line(const Path& to, const RcptParameters& parameters) {
  return "RCPT TO:" + to.in_brackets() + (parameters.never_notifies ? " NOTIFY=NEVER\r\n" : "\r\n");
}

}  // namespace mailcheck::smtp
