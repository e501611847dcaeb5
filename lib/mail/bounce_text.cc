#include "mail/bounce_text.h"

#include <algorithm>

#include "base/ascii.h"
#include "mail/bounce_words.h"
#include "mail/header_section.h"
#include "mail/reply_line.h"

namespace mailcheck::mail {
namespace {

constexpr std::size_t kNpos = std::string_view::npos;

std::string_view trim(std::string_view text) {
  const std::size_t begin = std::min(text.find_first_not_of(" \t"), text.size());
  return text.substr(begin, text.find_last_not_of(" \t") + 1 - begin);
}

std::string_view take_line(std::string_view& text) {
  const std::size_t end = std::min(text.find('\n'), text.size());
  const std::string_view line = text.substr(0, end);
  text.remove_prefix(std::min(end + 1, text.size()));
  return line;
}

bool is_field_line(std::string_view line) {
  const std::size_t colon = line.find(':');
  return colon != kNpos && colon > 0 &&
         std::all_of(line.begin(), line.begin() + static_cast<std::ptrdiff_t>(colon), [](char c) {
           return c == '-' || base::is_digit(c) || (base::to_upper(c) >= 'A' && base::to_upper(c) <= 'Z');
         });
}

// A header as far as the empty line: at least two fields, and one of those that every message on its way has.
bool is_message_header(std::string_view text) {
  if (!is_field_line(text.substr(0, text.find('\n')))) return false;
  const HeaderSection header = HeaderSection::parse(text.substr(0, text.find("\n\n")));
  return header.fields().size() >= 2 && (header.first("Message-ID") || header.first("Received"));
}

// Where the original message begins, and where the words before it end.
struct Split {
  std::size_t narrative_end;
  std::size_t original_begin;
};

Split find_original(std::string_view text) {
  std::string_view rest = text;
  bool is_after_blank = true;
  while (!rest.empty()) {
    const std::size_t begin = text.size() - rest.size();
    if (is_after_blank && is_message_header(rest)) return {begin, begin};
    const std::string_view line = trim(take_line(rest));
    if (announces_original(line)) {
      rest.remove_prefix(std::min(rest.find_first_not_of('\n'), rest.size()));
      return {begin, text.size() - rest.size()};
    }
    is_after_blank = line.empty();
  }
  return {text.size(), text.size()};
}

bool is_address_byte(char c) {
  return c > ' ' && c != '\x7f' && std::string_view("<>()[],;:\"'").find(c) == kNpos;
}

// The address that begins the line, bare, in brackets or in quotes, after a list mark. It is a recipient if nothing of
// a sentence follows: the line's end, ":", or a remark. `rest` is what stands behind the ":".
struct RecipientLine {
  std::string_view address;
  std::string_view rest;
};

RecipientLine recipient_line(std::string_view line) {
  line = trim(line);
  for (const std::string_view mark : {"-- ", "* ", "- "}) {
    if (line.starts_with(mark)) line.remove_prefix(mark.size());
  }
  const char open = line.empty() ? '\0' : line.front();
  const bool is_enclosed = open == '<' || open == '"';
  if (is_enclosed) line.remove_prefix(1);
  const auto end = std::find_if_not(line.begin(), line.end(), is_address_byte);
  const auto size = static_cast<std::size_t>(end - line.begin());
  const std::string_view address = line.substr(0, size);
  const std::size_t at = address.find('@');
  if (at == kNpos || at == 0 || at + 1 == size || address.rfind('@') != at) return {};
  std::string_view rest = line.substr(size);
  if (is_enclosed && !rest.starts_with(open == '<' ? '>' : '"')) return {};
  if (is_enclosed) rest.remove_prefix(1);
  const bool is_alone = rest.empty() || rest.front() == ':' || rest.front() == '<';
  if (!is_alone && !rest.starts_with(" on ") && !rest.starts_with(" (")) return {};
  return {address, rest.starts_with(':') ? trim(rest.substr(1)) : std::string_view()};
}

// What stands behind a recipient: the rest of its line, and those below, to an empty line or the next recipient.
std::string take_explanation(std::string_view first, std::string_view& text) {
  std::string block(first);
  while (!text.empty()) {
    std::string_view rest = text;
    const std::string_view line = take_line(rest);
    if (trim(line).empty() || !recipient_line(line).address.empty()) break;
    block.append("\n").append(trim(line));
    text = rest;
  }
  return block;
}

// A line that is ruled, or only says what follows it.
bool is_heading(std::string_view line) {
  line = trim(line);
  return line.empty() || line.ends_with(':') || line.starts_with("---") || line.starts_with("===") ||
         line.starts_with("Message will be retried");
}

std::string_view next_paragraph(std::string_view text) {
  while (!text.empty()) {
    std::string_view rest = text;
    if (!is_heading(take_line(rest))) break;
    text = rest;
  }
  return text.substr(0, text.find("\n\n"));
}

std::string_view host_at(std::string_view text) {
  const auto is_host_byte = [](char c) { return is_address_byte(c) && c != '@' && c != '/'; };
  const auto end = std::find_if_not(text.begin(), text.end(), is_host_byte);
  std::string_view host = text.substr(0, static_cast<std::size_t>(end - text.begin()));
  while (host.ends_with('.')) host.remove_suffix(1);
  return host.find('.') == kNpos ? std::string_view() : host;
}

// "host mx.example.org[192.0.2.1] said", "while talking to mx.example.org.:", "domain example.org by mx.example.org.
// [192.0.2.1]", but not "the mail system at host mail.example.org": that is who writes.
std::string find_host(std::string_view text) {
  for (const std::string_view word : {"host ", "talking to ", " by ", "host: ", "connect to "}) {
    const bool is_clear = word == "talking to " || word == "host: ";
    for (std::size_t at = text.find(word); at != kNpos; at = text.find(word, at + 1)) {
      const std::string_view rest = text.substr(at + word.size());
      const std::string_view host = host_at(rest);
      std::string_view after = rest.substr(host.size());
      after.remove_prefix(std::min(after.find_first_not_of(" .:\n"), after.size()));
      if (!host.empty() && (is_clear || after.starts_with('[') || after.starts_with("said"))) return std::string(host);
    }
  }
  return {};
}

// The first recipient, and one with an explanation rather than one without. `lead` is what stands before it.
void read_recipient(std::string_view narrative, BounceText& bounce, std::string_view& lead) {
  std::string_view text = narrative;
  while (!text.empty()) {
    const std::size_t begin = narrative.size() - text.size();
    const RecipientLine found = recipient_line(take_line(text));
    if (found.address.empty()) continue;
    const std::string explanation = take_explanation(found.rest, text);
    const bool is_explained = explanation.find_first_not_of(" \n") != kNpos;
    if (bounce.recipient.empty() || is_explained) {
      bounce.recipient = found.address;
      bounce.reply = find_reply(explanation);
      if (bounce.reply.empty()) bounce.reply = join_reply(is_explained ? explanation : next_paragraph(text));
      bounce.remote_host = find_host(explanation);
      lead = narrative.substr(0, begin);
    }
    if (is_explained) return;
  }
}

bool has_code(std::string_view reply) {
  return reply.size() > 3 && base::is_digit(reply[0]) && base::is_digit(reply[1]) && base::is_digit(reply[2]);
}

}  // namespace

BounceText read_bounce_text(std::string_view text) {
  const Split split = find_original(text);
  const std::string_view narrative = text.substr(0, split.narrative_end);
  std::string_view lead = narrative;
  BounceText bounce;
  bounce.is_bounce = speaks_of_bounce(narrative);
  read_recipient(narrative, bounce, lead);
  bounce.is_delayed = speaks_of_delay(lead);
  if (!has_code(bounce.reply)) {
    const std::string reply = find_reply(narrative);
    if (!reply.empty()) bounce.reply = reply;
  }
  bounce.status = find_status(bounce.reply);
  if (bounce.remote_host.empty()) bounce.remote_host = find_host(narrative);
  bounce.original = text.substr(split.original_begin);
  bounce.original.resize(std::min(bounce.original.find("\n\n"), bounce.original.size()));
  return bounce;
}

}  // namespace mailcheck::mail
