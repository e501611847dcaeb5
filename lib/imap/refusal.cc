#include "imap/refusal.h"

#include <algorithm>
#include <array>
#include <optional>

#include "base/ascii.h"

namespace mailcheck::imap {
namespace {

using base::ErrorKind;
using base::Stage;

struct CodeMeaning {
  std::string_view code;
  ErrorKind kind;
};

constexpr std::array<CodeMeaning, 14> kAuthCodes = {{{"AUTHENTICATIONFAILED", ErrorKind::auth_failed},
                                                     {"AUTHORIZATIONFAILED", ErrorKind::auth_failed},
                                                     {"EXPIRED", ErrorKind::auth_failed},
                                                     {"PRIVACYREQUIRED", ErrorKind::tls_required},
                                                     {"REFERRAL", ErrorKind::auth_unavailable},
                                                     {"CONTACTADMIN", ErrorKind::auth_unavailable},
                                                     {"UNAVAILABLE", ErrorKind::auth_unavailable},
                                                     {"INUSE", ErrorKind::auth_unavailable},
                                                     {"LIMIT", ErrorKind::auth_unavailable},
                                                     {"OVERQUOTA", ErrorKind::auth_unavailable},
                                                     {"SERVERBUG", ErrorKind::auth_unavailable},
                                                     {"CORRUPTION", ErrorKind::auth_unavailable},
                                                     {"CANNOT", ErrorKind::command_refused},
                                                     {"CLIENTBUG", ErrorKind::command_refused}}};

// Words of servers that send no code. tests/unit/imap/refusal_test.cc has them by server.
constexpr std::array<std::string_view, 32> kTemporaryWords = {
    "temporar",        "too many",        "try again",         "try later",
    "maximum number",  "unavailable",     "not available",     "internal error",
    "internal server", "rate limit",      "connection limit",  "server error",
    "backend",         "overloaded",      "timed out",         "timeout",
    "system error",    "service is down", "server is down",    "server down",
    "is throttled",    "bandwidth limit", "generic failure",   "server busy",
    "too busy",        "cannot connect",  "unable to connect", "connection refused",
    "maintenance",     "database",        "lookup failed",     "out of memory"};
constexpr std::array<std::string_view, 4> kTlsWords = {"under a layer", "cleartext login", "plaintext authentication",
                                                       "tls-connection is required"};
constexpr std::array<std::string_view, 2> kCommandWords = {"invalid imap command", "invalid command"};
constexpr std::array<std::string_view, 2> kMechanismWords = {"mechanism", "authentication type"};
constexpr std::array<std::string_view, 22> kCredentialWords = {
    "login fail",      "logon fail",   "log in fail",  "authentication fail", "authenticate fail", "auth fail",
    "login incorrect", "login error",  "login denied", "login required",      "access denied",     "not authorized",
    "invalid login",   "invalid user", "bad user",     "bad login",           "unknown user",      "user unknown",
    "user not found",  "no such user", "password",     "credential"};

constexpr std::array<std::string_view, 5> kFolderWords = {"exist", "no such mailbox", "unknown mailbox", "not found",
                                                          "not be found"};

template <std::size_t N>
bool has_any(std::string_view text, const std::array<std::string_view, N>& words) {
  return std::any_of(words.begin(), words.end(), [&](auto word) { return base::contains_ignoring_case(text, word); });
}

std::optional<ErrorKind> known_code(const Response& response) {
  for (const auto& [code, kind] : kAuthCodes) {
    if (response.code == code) return kind;
  }
  return std::nullopt;
}

ErrorKind kind_by_words(const Response& response) {
  if (has_any(response.text, kCommandWords)) return ErrorKind::command_refused;  // "Too many invalid IMAP commands"
  if (has_any(response.text, kTlsWords)) return ErrorKind::tls_required;
  if (has_any(response.text, kTemporaryWords)) return ErrorKind::auth_unavailable;
  if (has_any(response.text, kMechanismWords)) return ErrorKind::no_mechanism;
  return ErrorKind::auth_failed;
}

// By a code that says so and nothing else, or by words.
bool is_about_credentials(const Response& response) {
  return known_code(response).value_or(ErrorKind::local) == ErrorKind::auth_failed ||
         has_any(response.text, kCredentialWords);
}

ErrorKind auth_kind(const Response& response) {
  const ErrorKind kind = known_code(response).value_or(kind_by_words(response));
  // BAD says that the command was wrong, never that the password was.
  const bool is_bad = response.condition == Condition::bad && kind == ErrorKind::auth_failed;
  return is_bad ? ErrorKind::command_refused : kind;
}

// Servers turn users away by BYE too, most of all at their connection limits.
ErrorKind bye_kind(Stage stage, const Response& response) {
  if (stage != Stage::auth) return ErrorKind::connection_lost;
  const ErrorKind kind = auth_kind(response);
  const bool is_known =
      kind == ErrorKind::auth_failed ? is_about_credentials(response) : kind != ErrorKind::command_refused;
  return is_known ? kind : ErrorKind::connection_lost;
}

// STATUS of a folder that is gone, MOVE to one: by a code, or by the words of servers that send none.
bool is_about_folder(const Response& response) {
  if (response.condition == Condition::bad) return false;
  if (response.code == "NONEXISTENT" || response.code == "TRYCREATE" || response.code == "NOPERM") return true;
  return response.code.empty() && has_any(response.text, kFolderWords);
}

ErrorKind kind_of(Stage stage, const Response& response) {
  if (response.condition == Condition::bye) return bye_kind(stage, response);
  switch (stage) {
    case Stage::starttls: return ErrorKind::starttls_refused;
    case Stage::auth: return auth_kind(response);
    case Stage::select: return ErrorKind::mailbox_unusable;
    case Stage::quota: return ErrorKind::quota_unavailable;
    case Stage::look:
    case Stage::cleanup: return is_about_folder(response) ? ErrorKind::mailbox_unusable : ErrorKind::command_refused;
    default: return ErrorKind::command_refused;
  }
}

std::string_view detail_of(Stage stage, ErrorKind kind, const Response& response) {
  if (kind == ErrorKind::connection_lost) return "the server said good-bye";
  if (kind == ErrorKind::auth_unavailable) {
    if (response.code == "CONTACTADMIN") return "the account may not log in, its administrator knows why";
    if (response.code == "REFERRAL") return "the server refers to another server";
    return "log in is not possible at the moment";
  }
  if (kind == ErrorKind::tls_required) return "the server wants TLS before log in";
  if (kind == ErrorKind::no_mechanism) return "the server does not take the mechanism";
  if (kind == ErrorKind::auth_failed) {
    if (response.code == "EXPIRED") return "the password has expired";
    if (response.code == "AUTHORIZATIONFAILED") return "the account may not log in as that user";
    return is_about_credentials(response) ? "user name or password refused" : "log in refused";
  }
  if (stage == Stage::starttls) return "STARTTLS refused";
  if (stage == Stage::select) return "logged in, but the mailbox cannot be opened";
  if (kind == ErrorKind::mailbox_unusable) return "the folder is not there, or may not be used";
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
          response.condition != Condition::bye,
          {},
          kind == ErrorKind::auth_failed && is_about_credentials(response)};
}

}  // namespace mailcheck::imap
