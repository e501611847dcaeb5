#include "plugin/long_output.h"

#include <algorithm>

#include "base/number.h"
#include "base/printable.h"

namespace mailcheck::plugin {
namespace {

constexpr std::size_t kIndent = 2;

// Text as lines that break at spaces; the second and later ones are indented further.
void append_wrapped(std::string& out, std::string_view text, std::size_t indent) {
  std::string line(indent, ' ');
  for (bool is_first = true; !text.empty() || is_first; is_first = false) {
    const std::string_view word = text.substr(0, text.find(' '));
    text.remove_prefix(std::min(text.size(), word.size() + 1));
    if (!is_first && columns(line) + 1 + columns(word) > kColumns) {
      out += line + '\n';
      line.assign(indent + kIndent, ' ');
    } else if (!is_first) {
      line += ' ';
    }
    line += word;
  }
  out += line + '\n';
}

std::string clean(std::string_view text) {
  return base::printable(text, kTextLimit);
}

std::string to_text(bool value) {
  return value ? "yes" : "no";
}
std::string to_text(double value) {
  return base::print_decimal(value);
}
std::string to_text(const std::string& value) {
  return value;
}
std::string to_text(const std::vector<std::string>& values) {
  const bool has_commas = std::any_of(values.begin(), values.end(),
                                      [](const std::string& value) { return value.find(", ") != std::string::npos; });
  std::string text;
  for (const std::string& value : values) text += (text.empty() ? "" : has_commas ? "; " : ", ") + value;
  return text;
}

std::string with_heading(std::string_view heading, const std::string& body) {
  return body.empty() ? "" : std::string(heading) + ":\n" + body;
}

}  // namespace

std::size_t columns(std::string_view text) {
  const auto is_first_byte = [](char byte) { return (static_cast<unsigned char>(byte) & 0xc0U) != 0x80U; };
  return static_cast<std::size_t>(std::count_if(text.begin(), text.end(), is_first_byte));
}

std::string finding_list(std::vector<Finding> findings, int verbosity) {
  std::stable_sort(findings.begin(), findings.end(),
                   [](const Finding& left, const Finding& right) { return is_worse(left.status, right.status); });
  std::string body;
  for (const Finding& finding : findings) {
    if (finding.status == Status::ok && verbosity < 2) continue;
    std::string head = "[" + std::string(to_string(finding.status)) + "] ";
    if (finding.text.find(finding.name) == std::string::npos) head += clean(finding.name) + ": ";
    append_wrapped(body, base::printable(head + clean(finding.text), 2 * kTextLimit), kIndent);
    if (!finding.hint.empty()) append_wrapped(body, "hint: " + clean(finding.hint), 2 * kIndent);
  }
  return with_heading("findings", body);
}

std::string fact_list(const std::vector<Fact>& facts) {
  std::string body;
  for (const Fact& fact : facts) {
    const std::string value = std::visit([](const auto& held) { return to_text(held); }, fact.value);
    append_wrapped(body, base::printable(clean(fact.name) + ": " + clean(value), 2 * kTextLimit), kIndent);
  }
  return with_heading("facts", body);
}

std::vector<std::string> shorten(const std::vector<std::string>& dialogue) {
  constexpr std::size_t kHalf = 200;
  std::vector<std::string> lines;
  const std::size_t left_out = dialogue.size() > 2 * kHalf ? dialogue.size() - 2 * kHalf : 0;
  for (std::size_t i = 0; i < dialogue.size(); ++i) {
    if (left_out > 0 && i == kHalf) {
      lines.push_back("(" + std::to_string(left_out) + " lines left out)");
      i += left_out;
    }
    lines.push_back(clean(dialogue[i]));
  }
  return lines;
}

std::string dialogue_list(const std::vector<std::string>& dialogue) {
  std::string body;
  for (const std::string& line : shorten(dialogue)) body += std::string(kIndent, ' ') + line + '\n';
  return with_heading("dialogue", body);
}

}  // namespace mailcheck::plugin
