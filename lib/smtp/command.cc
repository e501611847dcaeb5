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

std::string_view word_of(Notify notify) {
  switch (notify) {
    case Notify::unsaid: return "";
    case Notify::never: return " NOTIFY=NEVER";
    case Notify::failure_and_delay: return " NOTIFY=FAILURE,DELAY";
  }
  return "";
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
  return fmt::format("RCPT TO:{}{}\r\n", to.in_brackets(), word_of(parameters.notify));
}

}  // namespace mailcheck::smtp
