#include "mail/authentication_header.h"

#include <fmt/format.h>

#include <algorithm>
#include <optional>

#include "base/ascii.h"
#include "base/number.h"
#include "mail/field_lexer.h"

namespace mailcheck::mail {
namespace {

constexpr std::size_t kMaxResults = 100;
constexpr std::size_t kMaxProperties = 100;
constexpr std::size_t kLongestWord = 64;  // of methods, results, types and names

constexpr std::string_view kEndsOfWord = " \t\r\n;()=\"/";
constexpr std::string_view kEndsOfType = " \t\r\n;()=\"/.";
constexpr std::string_view kEndsOfId = " \t\r\n;()=\"";
constexpr std::string_view kEndsOfValue = " \t\r\n;()\"";

// Letters, digits, and what servers put between them.
bool is_word(std::string_view text) {
  const auto may_stand = [](char c) {
    return base::is_digit(c) || (base::to_lower(c) >= 'a' && base::to_lower(c) <= 'z') || c == '-' || c == '_' ||
           c == '.';
  };
  return !text.empty() && text.size() <= kLongestWord && std::all_of(text.begin(), text.end(), may_stand);
}

// Each function takes one piece of the grammar with the blanks behind it. The first one that fails says why in fault_,
// and everything after it does nothing that counts.
class Parser {
 public:
  explicit Parser(std::string_view value) : lexer_(value) {}

  base::Result<AuthenticationHeader> parse();
  std::string authserv_id();

 private:
  bool fail(std::string_view reason);
  bool skip() { return lexer_.skip_blanks() || fail("a comment does not end"); }
  [[nodiscard]] bool is_at_end_of_result() const { return lexer_.is_at_end() || lexer_.is_at(';'); }

  bool take_identity(AuthenticationHeader& header);
  bool take_version(AuthenticationHeader& header);
  bool take_results(AuthenticationHeader& header);
  bool take_result(AuthenticationHeader& header);
  bool take_bare_word(const AuthenticationHeader& header, std::string_view word);
  bool take_method_version(AuthenticationResult& result);
  bool take_outcome(AuthenticationResult& result);
  bool take_property(AuthenticationResult& result);
  std::optional<std::string> take_value();

  FieldLexer lexer_;
  std::string fault_;
  bool is_none_ = false;
};

bool Parser::fail(std::string_view reason) {
  if (fault_.empty()) fault_ = fmt::format("unparsable at byte {}: {}", lexer_.offset(), reason);
  return false;
}

base::Result<AuthenticationHeader> Parser::parse() {
  AuthenticationHeader header;
  if (!take_identity(header) || !take_results(header)) {
    return base::fail({.stage = base::Stage::fetch, .kind = base::ErrorKind::protocol_error, .detail = fault_});
  }
  return header;
}

std::string Parser::authserv_id() {
  AuthenticationHeader header;
  take_identity(header);
  return header.authserv_id;
}

// A "=" behind the first word makes it a method: there is no authserv-id. Else the id stays known if what follows is
// not understood.
bool Parser::take_identity(AuthenticationHeader& header) {
  if (!skip()) return false;
  const std::size_t begin = lexer_.offset();
  const bool is_quoted = lexer_.is_at('"');
  auto id = is_quoted ? lexer_.take_quoted() : std::string(lexer_.take_until(kEndsOfId));
  if (!id) return fail("a quoted string does not end");
  if (id->empty()) return fail("no authserv-id");
  const bool is_followed = lexer_.skip_blanks();
  if (!is_quoted && lexer_.is_at('=')) {
    lexer_.go_to(begin);
    return true;
  }
  header.authserv_id = std::move(*id);
  if (!is_followed) return skip();
  return take_version(header) && (lexer_.accept(';') || fail("no ';' behind the authserv-id"));
}

bool Parser::take_version(AuthenticationHeader& header) {
  if (is_at_end_of_result()) return true;
  const auto version = base::parse_unsigned(lexer_.take_until(kEndsOfId));
  if (!version) return fail("no version behind the authserv-id");
  if (*version != header.version) return fail("the version is not 1");
  return skip();
}

bool Parser::take_results(AuthenticationHeader& header) {
  while (skip()) {
    if (lexer_.accept(';')) continue;
    if (!lexer_.is_at_end()) {
      if (!take_result(header)) return false;
      continue;
    }
    if (header.results.empty() && !is_none_) return fail("no result");
    return true;
  }
  return false;
}

bool Parser::take_result(AuthenticationHeader& header) {
  if (is_none_) return fail("something behind 'none'");
  lexer_.forget_comments();
  const std::string word = base::to_lower(lexer_.take_until(kEndsOfWord));
  if (!skip()) return false;
  if (is_at_end_of_result()) return take_bare_word(header, word);
  if (!is_word(word)) return fail("no method");
  if (header.results.size() == kMaxResults) return fail("too many results");
  AuthenticationResult result{.method = word};
  if (!take_method_version(result) || !take_outcome(result)) return false;
  while (!is_at_end_of_result()) {
    if (!take_property(result)) return false;
  }
  result.comment = lexer_.take_comments();
  header.results.push_back(std::move(result));
  return true;
}

// "none", alone; or the domain that Microsoft puts before results of a header without authserv-id.
bool Parser::take_bare_word(const AuthenticationHeader& header, std::string_view word) {
  if (header.authserv_id.empty()) {
    return (is_word(word) && word.find('.') != std::string_view::npos) || fail("a method without result");
  }
  if (word != "none") return fail("a method without result");
  if (!header.results.empty()) return fail("'none' behind results");
  is_none_ = true;
  return true;
}

bool Parser::take_method_version(AuthenticationResult& result) {
  if (!lexer_.accept('/')) return true;
  if (!skip()) return false;
  const auto version = base::parse_unsigned(lexer_.take_until(kEndsOfWord));
  if (!version || *version > 999) return fail("no version of the method");
  result.version = static_cast<unsigned>(*version);
  return skip();
}

bool Parser::take_outcome(AuthenticationResult& result) {
  if (!lexer_.accept('=')) return fail("no '=' behind the method");
  if (!skip()) return false;
  result.result = base::to_lower(lexer_.take_until(kEndsOfWord));
  if (!is_word(result.result)) return fail("no result behind the '='");
  if (result.method == "i" && base::is_digit(result.result.front())) return fail("an ARC set's results");
  return skip();
}

bool Parser::take_property(AuthenticationResult& result) {
  ResultProperty property{.name = base::to_lower(lexer_.take_until(kEndsOfType))};
  if (!skip()) return false;
  if (lexer_.accept('.')) {
    if (!skip()) return false;
    property.type = std::exchange(property.name, base::to_lower(lexer_.take_until(kEndsOfWord)));
    if (!is_word(property.type) || !skip()) return fail("no type of a property");
  }
  if (!is_word(property.name)) return fail("no name of a property");
  if (!lexer_.accept('=')) return fail("no '=' behind a property's name");
  auto value = skip() ? take_value() : std::nullopt;
  if (!value || !skip()) return false;
  property.value = std::move(*value);
  if (property.type.empty() && property.name == "reason") {
    if (result.reason.empty()) result.reason = std::move(property.value);
    return true;
  }
  if (result.properties.size() == kMaxProperties) return fail("too many properties");
  result.properties.push_back(std::move(property));
  return true;
}

// A quoted string with "@" behind it is a local part, and stays quoted.
std::optional<std::string> Parser::take_value() {
  const std::size_t begin = lexer_.offset();
  if (!lexer_.is_at('"')) {
    const std::string_view value = lexer_.take_until(kEndsOfValue);
    if (value.empty() && !is_at_end_of_result()) fail("no value of a property");
    return fault_.empty() ? std::optional<std::string>(value) : std::nullopt;
  }
  auto quoted = lexer_.take_quoted();
  if (!quoted) fail("a quoted string does not end");
  if (!quoted || !lexer_.is_at('@')) return quoted;
  lexer_.take_until(kEndsOfValue);
  return std::string(lexer_.taken_since(begin));
}

}  // namespace

std::string_view AuthenticationResult::property(std::string_view type, std::string_view name) const {
  for (const auto& each : properties) {
    if (each.type == type && each.name == name) return each.value;
  }
  return {};
}

base::Result<AuthenticationHeader> parse_authentication_header(std::string_view value) {
  return Parser(value).parse();
}

std::string read_authserv_id(std::string_view value) {
  return Parser(value).authserv_id();
}

}  // namespace mailcheck::mail
