#include "imap/refusal.h"

#include <algorithm>
#include <array>

#include "imap/ascii.h"

namespace mailcheck::imap {
namespace {

using base::ErrorKind;
using base::Stage;

struct CodeMeaning {
  std::string_view code;
  ErrorKind kind;
};

constexpr std::array<CodeMeaning, 11> kAuthCodes = {{{"AUTHENTICATIONFAILED", ErrorKind::auth_failed},
                                                     {"AUTHORIZATIONFAILED", ErrorKind::auth_failed},
                                                     {"EXPIRED", ErrorKind::auth_failed},
                                                     {"REFERRAL", ErrorKind::auth_failed},
                                                     {"PRIVACYREQUIRED", ErrorKind::tls_required},
                                                     {"UNAVAILABLE", ErrorKind::auth_unavailable},
                                                     {"INUSE", ErrorKind::auth_unavailable},
                                                     {"LIMIT", ErrorKind::auth_unavailable},
                                                     {"SERVERBUG", ErrorKind::auth_unavailable},
                                                     {"CONTACTADMIN", ErrorKind::auth_failed},
                                                     {"OVERQUOTA", ErrorKind::auth_unavailable}}};

// Words of servers that send no code. tests/unit/imap/refusal_test.cc has them by server.
constexpr std::array<std::string_view, 16> kTemporaryWords = {
    "temporar",     "too many",         "try again",    "maximum number", "unavailable", "internal error",
    "rate limit",   "connection limit", "server error", "backend",        "overloaded",  "timed out",
    "system error", "service is down",  "is throttled", "bandwidth limit"};
constexpr std::array<std::string_view, 4> kTlsWords = {"under a layer", "cleartext login", "plaintext authentication",
                                                       "tls-connection is required"};
constexpr std::array<std::string_view, 2> kCommandWords = {"invalid imap command", "invalid command"};
constexpr std::array<std::string_view, 6> kWrongPasswordWords = {
    "authentication failed", "login failed", "invalid credentials", "invalid login", "bad username", "incorrect"};

template <std::size_t N>
bool has_any(std::string_view text, const std::array<std::string_view, N>& words) {
  return std::any_of(words.begin(), words.end(), [&](auto word) { return contains_ignoring_case(text, word); });
}

ErrorKind auth_kind(const Response& response) {
  for (const auto& [code, kind] : kAuthCodes) {
    if (response.code == code) return kind;
  }
  if (has_any(response.text, kCommandWords)) return ErrorKind::command_refused;  // "Too many invalid IMAP commands"
  if (has_any(response.text, kTlsWords)) return ErrorKind::tls_required;
  if (has_any(response.text, kTemporaryWords)) return ErrorKind::auth_unavailable;
  const bool is_no = response.condition == Condition::no;
  return is_no || has_any(response.text, kWrongPasswordWords) ? ErrorKind::auth_failed : ErrorKind::command_refused;
}

// Servers turn users away by BYE too, most of all at their connection limits.
ErrorKind bye_kind(Stage stage, const Response& response) {
  const ErrorKind kind = stage == Stage::auth ? auth_kind(response) : ErrorKind::command_refused;
  return kind == ErrorKind::command_refused ? ErrorKind::connection_lost : kind;
}

ErrorKind kind_of(Stage stage, const Response& response) {
  if (response.condition == Condition::bye) return bye_kind(stage, response);
  switch (stage) {
    case Stage::starttls: return ErrorKind::starttls_refused;
    case Stage::auth: return auth_kind(response);
    case Stage::select: return ErrorKind::mailbox_unusable;
    case Stage::quota: return ErrorKind::quota_unavailable;
    default: return ErrorKind::command_refused;
  }
}

std::string_view detail_of(Stage stage, ErrorKind kind, const Response& response) {
  if (kind == ErrorKind::connection_lost) return "the server said good-bye";
  if (kind == ErrorKind::auth_unavailable) return "log in is not possible at the moment";
  if (kind == ErrorKind::tls_required) return "the server wants TLS before log in";
  if (kind == ErrorKind::auth_failed) {
    if (response.code == "EXPIRED") return "the password has expired";
    if (response.code == "AUTHORIZATIONFAILED") return "the account may not log in as that user";
    if (response.code == "CONTACTADMIN") return "the account may not log in, its administrator knows why";
    if (response.code == "REFERRAL") return "the server refers to another server";
    return "user name or password refused";
  }
  if (stage == Stage::starttls) return "STARTTLS refused";
  if (stage == Stage::select) return "logged in, but the mailbox cannot be opened";
  if (stage == Stage::quota) return "the server does not tell the quota";
  return "the server refused the command";
}

}  // namespace

base::Error refusal(Stage stage, const Response& response) {
  const ErrorKind kind = kind_of(stage, response);
  return {stage,
          kind,
          std::string(detail_of(stage, kind, response)),
          response.text,
          reply_code_of(response),
          response.condition != Condition::bye};
}

}  // namespace mailcheck::imap
