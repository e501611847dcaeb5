#include "mail/message.h"

#include <fmt/format.h>

#include <algorithm>

#include "base/ascii.h"
#include "base/base64.h"
#include "base/printable.h"
#include "mail/date.h"

namespace mailcheck::mail {
namespace {

constexpr std::size_t kLongestLine = 998;      // RFC 5322 section 2.1.1
constexpr std::size_t kEncodedLine = 76;       // RFC 2045 section 6.8
constexpr std::size_t kEncodedWordBytes = 39;  // of UTF-8 in one encoded word of at most 75 characters

bool is_header_name(std::string_view name) {
  return !name.empty() &&
         std::all_of(name.begin(), name.end(), [](char c) { return c > 0x20 && c < 0x7f && c != ':'; });
}

std::string in_lines(const std::string& encoded) {
  std::string out;
  for (std::size_t i = 0; i < encoded.size(); i += kEncodedLine) out += encoded.substr(i, kEncodedLine) + "\r\n";
  return out;
}

// CRLF at the end of every line, the last one included.
std::string with_line_ends(std::string_view text) {
  std::string out;
  while (!text.empty()) {
    const std::size_t end = std::min(text.find_first_of("\r\n"), text.size());
    const bool is_pair = text.substr(end, 2) == "\r\n";
    out.append(text.substr(0, end)).append("\r\n");
    text.remove_prefix(std::min(end + (is_pair ? 2 : 1), text.size()));
  }
  return out;
}

bool has_long_line(std::string_view text) {
  std::size_t length = 0;
  return std::any_of(text.begin(), text.end(), [&](char c) {
    length = c == '\n' ? 0 : length + 1;
    return length > kLongestLine + 1;  // with its CR
  });
}

struct EncodedBody {
  std::string encoding;
  std::string bytes;
};

EncodedBody encode_body(std::string_view body, Transport transport) {
  std::string lines = with_line_ends(body);
  const bool has_eight_bit = !base::is_ascii(lines);
  const bool has_nul = lines.find('\0') != std::string::npos;
  const bool may_go = !has_long_line(lines) && !has_nul && (!has_eight_bit || transport == Transport::eight_bit);
  if (!may_go) return {"base64", in_lines(base::base64_encode(lines))};
  return {has_eight_bit ? "8bit" : "7bit", std::move(lines)};
}

std::string list(const std::vector<Address>& addresses) {
  std::string text;
  for (const Address& address : addresses) text += (text.empty() ? "" : ",\r\n ") + address.text();
  return text;
}

void add(std::string& message, const std::vector<Header>& replacing, std::string_view name, std::string_view value) {
  const bool is_replaced = std::any_of(replacing.begin(), replacing.end(), [&](const Header& header) {
    return base::equals_ignoring_case(header.name(), name);
  });
  if (!is_replaced) message += fmt::format("{}: {}\r\n", name, value);
}

bool is_one_of(std::string_view name, std::initializer_list<std::string_view> names) {
  return std::any_of(names.begin(), names.end(),
                     [&](std::string_view one) { return base::equals_ignoring_case(one, name); });
}

bool is_made_here(std::string_view name) {
  return base::equals_ignoring_case(name.substr(0, 8), "content-") || is_one_of(name, {"mime-version", "message-id"});
}

bool holds_addresses(std::string_view name) {
  return is_one_of(name, {"from", "sender", "reply-to", "to", "cc", "bcc"});
}

// "J\u00f6rg <j@example.org>": one name, one address.
bool is_one_mailbox(std::string_view text) {
  const std::size_t open = text.find('<');
  return open != std::string_view::npos && text.ends_with('>') && base::is_ascii(text.substr(open)) &&
         text.find_first_of(",\"") == std::string_view::npos && text.find('<', open + 1) == std::string_view::npos;
}

// RFC 2047 section 5: in a header of addresses only the name before one may be encoded.
std::string encode_value(const Header& header) {
  const std::string& value = header.value();
  if (base::is_ascii(value) || !holds_addresses(header.name())) return encode_words(value);
  const std::size_t open = value.find('<');
  const std::size_t end = value.find_last_not_of(' ', open - 1) + 1;
  return encode_words(std::string_view(value).substr(0, end)) + " " + value.substr(open);
}

}  // namespace

bool is_header_text(std::string_view text) {
  const auto is_control = [](char c) { return (c >= 0 && c < 0x20 && c != '\t') || c == 0x7f; };
  return base::is_utf8(text) && std::none_of(text.begin(), text.end(), is_control);
}

std::optional<Header> Header::parse(std::string_view line) {
  const std::size_t colon = line.find(':');
  if (colon > kEncodedLine) return std::nullopt;  // or there is none
  const std::string_view name = line.substr(0, colon);
  if (!is_header_name(name) || is_made_here(name)) return std::nullopt;
  std::string_view value = line.substr(colon + 1);
  value.remove_prefix(std::min(value.find_first_not_of(" \t"), value.size()));
  if (!is_header_text(value) || value.size() > kLongestLine - colon - 2) return std::nullopt;
  if (holds_addresses(name) && !base::is_ascii(value) && !is_one_mailbox(value)) return std::nullopt;
  return Header(std::string(name), std::string(value));
}

std::string encode_words(std::string_view text) {
  if (base::is_ascii(text)) return std::string(text);
  std::string out;
  while (!text.empty()) {
    std::size_t size = std::min(text.size(), kEncodedWordBytes);
    while (size < text.size() && (static_cast<unsigned char>(text[size]) & 0xc0) == 0x80) --size;  // whole characters
    out += fmt::format("{}=?UTF-8?B?{}?=", out.empty() ? "" : "\r\n ", base::base64_encode(text.substr(0, size)));
    text.remove_prefix(size);
  }
  return out;
}

std::string compose(const MessageParts& parts, Transport transport) {
  const EncodedBody body = encode_body(parts.body, transport);
  const std::string sender = parts.from ? parts.from->text() : parts.to.empty() ? "" : parts.to.front().text();
  const std::vector<Header>& headers = parts.headers;
  std::string message;
  add(message, headers, "Date", print_date(parts.date));
  add(message, headers, "From", sender);
  add(message, headers, "To", list(parts.to));
  add(message, headers, "Message-ID", fmt::format("<{}>", parts.message_id));
  add(message, headers, "Subject", encode_words(parts.subject));
  add(message, headers, "Auto-Submitted", "auto-generated");
  message += "MIME-Version: 1.0\r\nContent-Type: text/plain; charset=utf-8\r\n";
  message += fmt::format("Content-Transfer-Encoding: {}\r\n", body.encoding);
  for (const Header& header : headers) message += fmt::format("{}: {}\r\n", header.name(), encode_value(header));
  return message + "\r\n" + body.bytes;
}

}  // namespace mailcheck::mail
