#include "imap/response.h"

#include <array>
#include <utility>

#include "base/ascii.h"
#include "imap/lexer.h"

namespace mailcheck::imap {
namespace {

constexpr std::array<std::pair<std::string_view, Condition>, 5> kConditions = {{{"OK", Condition::ok},
                                                                                {"NO", Condition::no},
                                                                                {"BAD", Condition::bad},
                                                                                {"BYE", Condition::bye},
                                                                                {"PREAUTH", Condition::preauth}}};

std::optional<Condition> parse_condition(std::string_view word) {
  for (const auto& [name, condition] : kConditions) {
    if (base::equals_ignoring_case(word, name)) return condition;
  }
  return std::nullopt;
}

// Splits the first word off.
std::string_view take_word(std::string_view& text) {
  const std::size_t end = text.find(' ');
  const std::string_view word = text.substr(0, end);
  text.remove_prefix(word.size());
  while (text.starts_with(' ')) text.remove_prefix(1);
  return word;
}

void read_status_text(Response& response, std::string_view text) {
  if (text.starts_with('[')) {
    if (const std::size_t close = text.find(']'); close != std::string_view::npos) {
      std::string_view code = text.substr(1, close - 1);
      response.code = base::to_upper(take_word(code));
      response.code_arguments = code;
      text.remove_prefix(close + 1);
      if (text.starts_with(' ')) text.remove_prefix(1);
    }
  }
  response.text = text;
}

bool is_tag(std::string_view word) {
  return !word.empty() && word.find_first_of("(){%*\"\\+") == std::string_view::npos;
}

// std::nullopt for a number of more than 32 bits.
std::optional<Response> read_data(std::string_view text) {
  Response response;
  std::string_view rest = text;
  std::string_view word = take_word(rest);
  if (word.find_first_not_of("0123456789") == std::string_view::npos) {
    response.number = parse_number(word);
    if (!response.number) return std::nullopt;
    word = take_word(rest);
  }
  response.name = base::to_upper(word);
  response.data = rest;
  return response;
}

std::string joined(std::string first, std::string_view second) {
  if (!first.empty() && !second.empty()) first += ' ';
  return first.append(second);
}

std::string code_in_brackets(const Response& response) {
  if (response.code.empty()) return {};
  return "[" + joined(response.code, response.code_arguments) + "]";
}

}  // namespace

std::string_view to_string(Condition condition) {
  return kConditions[static_cast<std::size_t>(condition)].first;
}

std::optional<Response> parse_response(std::string_view frame) {
  Response response;
  if (frame.starts_with('+')) {
    response.kind = ResponseKind::continuation;
    frame.remove_prefix(1);
    if (frame.starts_with(' ')) frame.remove_prefix(1);
    response.text = frame;
    return response;
  }
  const std::string_view first = take_word(frame);
  const bool is_untagged = first == "*";
  if (!is_untagged && !is_tag(first)) return std::nullopt;
  std::string_view rest = frame;
  if (const auto condition = parse_condition(take_word(rest))) {
    response.kind = is_untagged ? ResponseKind::status : ResponseKind::tagged;
    response.condition = *condition;
    if (!is_untagged) response.tag = first;
    read_status_text(response, rest);
    return response;
  }
  if (!is_untagged || frame.empty()) return std::nullopt;
  return read_data(frame);
}

std::string words_of(const Response& response) {
  return joined(code_in_brackets(response), response.text);
}

std::string reply_code_of(const Response& response) {
  return joined(std::string(to_string(response.condition)), code_in_brackets(response));
}

}  // namespace mailcheck::imap
