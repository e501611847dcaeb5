#include "mail/reply_line.h"

#include <algorithm>
#include <vector>

#include "base/ascii.h"

namespace mailcheck::mail {
namespace {

constexpr std::size_t kLongest = 1000;
constexpr std::string_view kSpace = " \t\r\n";

bool is_alphanumeric(char c) {
  return base::is_digit(c) || (base::to_upper(c) >= 'A' && base::to_upper(c) <= 'Z');
}

// Of "5.1.1" at the begin of the text; 0 if something else stands there.
std::size_t status_size(std::string_view text) {
  if (text.size() < 5 || (text[0] != '2' && text[0] != '4' && text[0] != '5')) return 0;
  std::size_t at = 1;
  for (int part = 0; part < 2; ++part) {
    if (at >= text.size() || text[at] != '.') return 0;
    const std::size_t begin = ++at;
    while (at < text.size() && base::is_digit(text[at])) ++at;
    if (at == begin || at - begin > 3) return 0;
  }
  const bool goes_on = at + 1 < text.size() && text[at] == '.' && base::is_digit(text[at + 1]);
  const bool is_word = at < text.size() && is_alphanumeric(text[at]);
  return goes_on || is_word ? 0 : at;
}

bool is_status(std::string_view text) {
  return !text.empty() && status_size(text) == text.size();
}

// "550" alone or before a hyphen; Yahoo has a colon.
bool has_code(std::string_view word) {
  return word.size() >= 3 && word[0] >= '2' && word[0] <= '5' && base::is_digit(word[1]) && base::is_digit(word[2]) &&
         (word.size() == 3 || word[3] == '-' || word[3] == ':');
}

std::vector<std::string_view> words_of(std::string_view text) {
  std::vector<std::string_view> words;
  for (std::size_t begin = text.find_first_not_of(kSpace); begin != std::string_view::npos;) {
    const std::size_t end = std::min(text.find_first_of(kSpace, begin), text.size());
    words.push_back(text.substr(begin, end - begin));
    begin = text.find_first_not_of(kSpace, end);
  }
  return words;
}

// "550-5.1.1" -> "550" "5.1.1"; a code that only says that a line goes on stands alone.
std::vector<std::string_view> split_codes(const std::vector<std::string_view>& words) {
  std::vector<std::string_view> out;
  const std::string_view code = words.empty() || !has_code(words[0]) ? std::string_view() : words[0].substr(0, 3);
  for (const std::string_view word : words) {
    if (code.empty() || !has_code(word) || word.substr(0, 3) != code) {
      out.push_back(word);
      continue;
    }
    out.push_back(code);
    if (word.size() > 4) out.push_back(word.substr(4));
  }
  return out;
}

bool is_refusal(std::string_view text) {
  return text.size() > 3 && (text[0] == '4' || text[0] == '5') && base::is_digit(text[1]) && base::is_digit(text[2]) &&
         (text[3] == ' ' || text[3] == '-' || text[3] == '\n' || text.substr(3).starts_with(": "));
}

// What may stand before a quoted reply: the begin of a line, or a sign that words of another follow.
bool is_quoted_at(std::string_view text, std::size_t at) {
  while (at > 0 && (text[at - 1] == ' ' || text[at - 1] == '\t')) --at;
  return at == 0 || std::string_view("\n:#'\"<(").find(text[at - 1]) != std::string_view::npos;
}

std::size_t find_refusal(std::string_view text, std::size_t from) {
  for (std::size_t at = from; at + 3 < text.size(); ++at) {
    const bool is_bounded = at == 0 || std::string_view(" \t\n:#'\"<(").find(text[at - 1]) != std::string_view::npos;
    if (is_bounded && is_refusal(text.substr(at))) return at;
  }
  return std::string_view::npos;
}

// Of the first refusal with an enhanced code, else of the first that is quoted as one.
std::size_t best_refusal(std::string_view text) {
  std::size_t best = std::string_view::npos;
  for (std::size_t at = find_refusal(text, 0); at != std::string_view::npos; at = find_refusal(text, at + 1)) {
    if (status_size(text.substr(at + 4)) > 0) return at;
    if (best == std::string_view::npos && is_quoted_at(text, at)) best = at;
  }
  return best;
}

std::string_view line_before(std::string_view text, std::size_t at) {
  const std::size_t end = text.substr(0, at).rfind('\n');
  return text.substr(0, at).substr(end == std::string_view::npos ? 0 : end + 1);
}

// Of a line that begins with an enhanced code, as Mimecast quotes: "-- 5.4.1 Recipient address rejected".
std::size_t find_status_line(std::string_view text) {
  for (std::size_t at = 0; at < text.size();) {
    const std::size_t begin = text.find_first_not_of(" \t-", at);
    if (begin == std::string_view::npos) break;
    if (status_size(text.substr(begin)) > 0) return begin;
    at = std::min(text.find('\n', begin), text.size() - 1) + 1;
  }
  return std::string_view::npos;
}

// Lines that begin with "<<<", without that.
std::string transcript_lines(std::string_view text) {
  std::string out;
  bool is_first = true;
  while (!text.empty()) {
    const std::size_t end = std::min(text.find('\n'), text.size());
    std::string_view line = text.substr(0, end);
    text.remove_prefix(std::min(end + 1, text.size()));
    line.remove_prefix(std::min(line.find_first_not_of(" \t"), line.size()));
    if (!is_first && !line.starts_with("<<<")) break;
    if (!is_first) line.remove_prefix(3);
    out.append(line).append(1, '\n');
    is_first = false;
  }
  return out;
}

std::string_view cut_at(std::string_view text, std::string_view mark) {
  return text.substr(0, text.find(mark));
}

}  // namespace

std::string join_reply(std::string_view text) {
  const auto words = split_codes(words_of(text));
  if (words.empty()) return {};
  const bool has_reply_code = has_code(words[0]);
  const std::string_view status = words.size() > 1 && is_status(words[1]) ? words[1] : std::string_view();
  const bool is_multi_line = has_reply_code && words_of(text)[0].substr(3).starts_with('-');
  std::string out(words[0]);
  for (std::size_t i = 1; i < words.size() && out.size() < kLongest; ++i) {
    const bool is_code = has_reply_code && words[i] == words[0];
    const bool has_status_next = !status.empty() && i + 1 < words.size() && words[i + 1] == status;
    if (is_code && (is_multi_line || has_status_next)) {
      if (has_status_next) ++i;
      continue;
    }
    out.append(" ").append(words[i]);
  }
  return out.substr(0, kLongest);
}

std::string find_reply(std::string_view text) {
  std::size_t at = best_refusal(text);
  if (at == std::string_view::npos) at = find_status_line(text);
  if (at == std::string_view::npos) return {};
  const std::string_view before = line_before(text, at);
  std::string_view reply = text.substr(at);
  if (before.ends_with("<<< ")) return join_reply(transcript_lines(reply));
  reply = cut_at(reply, "\n\n");
  if (before.ends_with("(reason: ")) {
    reply = cut_at(reply, "\n");
    reply = reply.substr(0, reply.rfind(')'));
  }
  if (before.ends_with('\'') || before.ends_with('"')) reply = reply.substr(0, reply.rfind(before.back()));
  std::string line = join_reply(reply);
  for (const std::string_view end : {" (in reply to ", " ##", " Giving up on "}) line.resize(cut_at(line, end).size());
  return line;
}

std::string find_status(std::string_view text) {
  for (std::size_t at = 0; at < text.size(); ++at) {
    const bool is_inside = at > 0 && (text[at - 1] == '.' || is_alphanumeric(text[at - 1]));
    if (is_inside) continue;
    if (const std::size_t size = status_size(text.substr(at)); size > 0) return std::string(text.substr(at, size));
  }
  return {};
}

}  // namespace mailcheck::mail
