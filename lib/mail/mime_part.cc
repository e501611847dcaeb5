#include "mail/mime_part.h"

#include <algorithm>

#include "base/ascii.h"
#include "mail/transfer_encoding.h"

namespace mailcheck::mail {
namespace {

constexpr std::size_t kMostParts = 64;
constexpr int kDeepest = 5;

std::string_view trim(std::string_view text) {
  const std::size_t begin = std::min(text.find_first_not_of(" \t\r\n"), text.size());
  return text.substr(begin, text.find_last_not_of(" \t\r\n") + 1 - begin);
}

std::string lower(std::string_view text) {
  std::string out(text);
  std::transform(out.begin(), out.end(), out.begin(), [](char c) { return base::to_lower(c); });
  return out;
}

// Up to the next ";" that is neither quoted nor in a comment; without comments and quotes.
std::string take_item(std::string_view& text) {
  std::string item;
  bool is_quoted = false;
  int depth = 0;
  std::size_t at = 0;
  for (; at < text.size(); ++at) {
    const char c = text[at];
    const bool is_escape = c == '\\' && (is_quoted || depth > 0) && at + 1 < text.size();
    if (is_escape) {
      ++at;
      if (depth == 0) item += text[at];
    } else if (c == '"' && depth == 0) {
      is_quoted = !is_quoted;
    } else if (!is_quoted && (c == '(' || (c == ')' && depth > 0))) {
      depth += c == '(' ? 1 : -1;
    } else if (c == ';' && !is_quoted && depth == 0) {
      break;
    } else if (depth == 0) {
      item += c;
    }
  }
  text.remove_prefix(std::min(at + 1, text.size()));
  return item;
}

// The line without its end; `text` is left behind it.
std::string_view take_line(std::string_view& text) {
  const std::size_t end = std::min(text.find('\n'), text.size());
  const std::string_view line = text.substr(0, end);
  text.remove_prefix(std::min(end + 1, text.size()));
  return line;
}

std::string_view without_end_space(std::string_view line) {
  return line.substr(0, line.find_last_not_of(" \t") + 1);
}

// Where the header names no boundary: the first line that looks like one.
std::string guess_boundary(std::string_view body) {
  while (!body.empty()) {
    const std::string_view line = without_end_space(take_line(body));
    if (line.starts_with("--") && line.size() > 2) return std::string(line.substr(2));
  }
  return {};
}

// What stands between the lines "--boundary", to "--boundary--" or the end. The line end before one belongs to it.
std::vector<std::string_view> split_parts(std::string_view body, const std::string& boundary) {
  std::vector<std::string_view> parts;
  const std::string mark = "--" + boundary;
  const char* begin = nullptr;
  while (parts.size() < kMostParts) {
    const char* line_begin = body.data();
    const bool is_end = body.empty();
    const std::string_view line = without_end_space(take_line(body));
    const bool is_last = is_end || line == mark + "--";
    if (!is_last && line != mark) continue;
    if (begin != nullptr) parts.emplace_back(begin, static_cast<std::size_t>(line_begin - begin));
    begin = body.data();
    if (is_last) break;
  }
  return parts;
}

void read_entity(std::string_view entity, int depth, std::vector<MimePart>& parts) {
  const auto [header_bytes, body] = split_header(entity);
  const HeaderSection header = HeaderSection::parse(header_bytes);
  const ContentType type = content_type(header);
  if (!type.type.starts_with("multipart/")) {
    const auto encoding = header.first("Content-Transfer-Encoding");
    const std::string text = decode_transfer(body, encoding ? trim(*encoding) : std::string_view());
    if (parts.size() < kMostParts) parts.push_back({type.type, with_line_feeds(text)});
    return;
  }
  if (depth >= kDeepest) return;
  std::string boundary = type.parameter("boundary");
  if (boundary.empty()) boundary = guess_boundary(body);
  if (boundary.empty()) return;
  for (const std::string_view part : split_parts(body, boundary)) read_entity(part, depth + 1, parts);
}

}  // namespace

std::string ContentType::parameter(std::string_view name) const {
  std::string value;
  for (const auto& [key, piece] : parameters) {
    if (key == name) return piece;
    if (key.substr(0, key.find('*')) == name) value += piece;
  }
  return value;
}

ContentType parse_content_type(std::string_view value) {
  ContentType type;
  type.type = lower(trim(take_item(value)));
  while (!value.empty()) {
    const std::string item = take_item(value);
    const std::size_t equals = item.find('=');
    if (equals == std::string::npos) continue;
    type.parameters.emplace_back(lower(trim(item.substr(0, equals))), trim(item.substr(equals + 1)));
  }
  if (type.type.find('/') == std::string::npos) type.type = "text/plain";
  return type;
}

ContentType content_type(const HeaderSection& header) {
  const auto value = header.first("Content-Type");
  return parse_content_type(value ? std::string_view(*value) : std::string_view());
}

std::string with_line_feeds(std::string_view text) {
  std::string out;
  out.reserve(text.size());
  for (std::size_t i = 0; i < text.size(); ++i) {
    if (text[i] == '\r' && i + 1 < text.size() && text[i + 1] == '\n') continue;
    out += text[i];
  }
  return out;
}

HeaderAndBody split_header(std::string_view entity) {
  if (entity.starts_with('\n')) return {{}, entity.substr(1)};
  const std::size_t end = entity.find("\n\n");
  if (end == std::string_view::npos) return {entity, {}};
  return {entity.substr(0, end + 1), entity.substr(end + 2)};
}

std::vector<MimePart> read_mime_parts(std::string_view message) {
  std::vector<MimePart> parts;
  read_entity(message, 0, parts);
  return parts;
}

}  // namespace mailcheck::mail
