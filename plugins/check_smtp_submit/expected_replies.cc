#include "plugins/check_smtp_submit/expected_replies.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>

#include "base/ascii.h"
#include "cli/option_values.h"

namespace mailcheck::plugins::smtp_submit {
namespace {

using base::Stage;

constexpr std::array kStages = {Stage::greeting, Stage::ehlo, Stage::starttls, Stage::auth,
                                Stage::mail,     Stage::rcpt, Stage::rset,     Stage::data};
constexpr std::string_view kExpected = "STAGE=CODE[,CODE], for example rcpt=550 or auth=535,4xx";

// Three digits, or one and "xx"; RFC 5321 section 4.2 has 2 to 5 at the start.
std::string read_code(std::string_view code, std::string_view whole) {
  const bool is_class = code.size() == 3 && base::equals_ignoring_case(code.substr(1), "xx");
  const bool is_code = code.size() == 3 && base::is_digit(code[1]) && base::is_digit(code[2]);
  if ((!is_class && !is_code) || code[0] < '2' || code[0] > '5') cli::refuse(kExpected, whole);
  return is_class ? std::string{code[0], 'x', 'x'} : std::string(code);
}

}  // namespace

bool ExpectedReply::accepts(int code) const {
  const std::string text = std::to_string(code);
  return std::any_of(codes.begin(), codes.end(), [&](const std::string& expected) {
    return expected.ends_with("xx") ? text.front() == expected.front() : text == expected;
  });
}

std::string ExpectedReply::in_words() const {
  return fmt::format("{}", fmt::join(codes, " or "));
}

std::vector<std::string_view> expectable_stages() {
  std::vector<std::string_view> names;
  names.reserve(kStages.size());
  for (const Stage stage : kStages) names.push_back(base::to_string(stage));
  return names;
}

ExpectedReply parse_expected_reply(std::string_view text) {
  const std::size_t equals = text.find('=');
  if (equals == std::string_view::npos) cli::refuse(kExpected, text);
  const auto names = expectable_stages();
  const auto name = std::find_if(names.begin(), names.end(), [&](std::string_view candidate) {
    return base::equals_ignoring_case(candidate, text.substr(0, equals));
  });
  if (name == names.end()) cli::refuse(fmt::format("STAGE one of {}", fmt::join(names, ", ")), text);
  ExpectedReply expected{.stage = kStages.at(static_cast<std::size_t>(name - names.begin())), .codes = {}};
  std::string_view codes = text.substr(equals + 1);
  while (true) {
    const std::size_t comma = codes.find(',');
    expected.codes.push_back(read_code(codes.substr(0, comma), text));
    if (comma == std::string_view::npos) return expected;
    codes.remove_prefix(comma + 1);
  }
}

}  // namespace mailcheck::plugins::smtp_submit
