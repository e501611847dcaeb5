// What servers of the world say when they refuse, and what it means. The server's name stands behind each text; texts
// without a response code are judged by their words.
#include "imap/refusal.h"

#include <fmt/format.h>

#include "support/catch2.h"

using namespace mailcheck;
using base::ErrorKind;
using base::Stage;

namespace {

struct Row {
  Stage stage;
  std::string_view frame;
  ErrorKind kind;
};

base::Error refused(const Row& row) {
  const auto response = imap::parse_response(row.frame);
  REQUIRE(response);
  return imap::refusal(row.stage, *response);
}

}  // namespace

TEST_CASE("wrong credentials are told apart from trouble that will pass") {
  using enum ErrorKind;
  constexpr Stage kAuth = Stage::auth;
  const auto row = GENERATE_COPY(values<Row>({
      // user, password or token are refused
      {kAuth, "A1 NO [AUTHENTICATIONFAILED] Authentication failed.", auth_failed},         // Dovecot
      {kAuth, "A1 NO [AUTHORIZATIONFAILED] Authorization failed", auth_failed},            // Dovecot
      {kAuth, "A1 NO [EXPIRED] Password expired.", auth_failed},                           // Dovecot
      {kAuth, "A1 NO Login failed.", auth_failed},                                         // Courier
      {kAuth, "A1 NO Login failed: authentication failure", auth_failed},                  // Cyrus 2
      {kAuth, "A1 NO Login failed: user not found", auth_failed},                          // Cyrus 2
      {kAuth, "A1 NO authentication failure", auth_failed},                                // Cyrus
      {kAuth, "A1 NO Login incorrect", auth_failed},                                       // Cyrus
      {kAuth, "A1 NO LOGIN failed.", auth_failed},                                         // Exchange
      {kAuth, "A1 NO AUTHENTICATE failed.", auth_failed},                                  // Exchange Online
      {kAuth, "A1 NO [AUTHENTICATIONFAILED] Invalid credentials (Failure)", auth_failed},  // Gmail
      {kAuth,
       "A1 NO [ALERT] Application-specific password required: https://support.google.com/accounts/answer/185833 "
       "(Failure)",
       auth_failed},  // Gmail
      {kAuth, "A1 NO [WEBALERT https://accounts.google.com/signin/continue] Web login required.",
       auth_failed},                                                                                    // Gmail
      {kAuth, "A1 NO Empty username or password.", auth_failed},                                        // Gmail
      {kAuth, "A1 NO [AUTHENTICATIONFAILED] LOGIN Invalid credentials", auth_failed},                   // Yahoo
      {kAuth, "A1 NO [AUTHENTICATIONFAILED] (#AUTH012) Incorrect username or password.", auth_failed},  // AOL
      {kAuth, "A1 NO [AUTHENTICATIONFAILED] Authentication failed", auth_failed},                       // iCloud
      {kAuth, "A1 NO [AUTHENTICATIONFAILED] LOGIN invalid credentials or IMAP is disabled sc=abc",
       auth_failed},                                                      // Yandex
      {kAuth, "A1 NO LOGIN Login error or password error", auth_failed},  // NetEase
      {kAuth,
       "A1 NO Login fail. Account is abnormal, service is not open, password is incorrect, login frequency limited, or "
       "system is busy.",
       auth_failed},                                                 // QQ Mail
      {kAuth, "A1 NO LOGIN failed", auth_failed},                    // Zimbra, UW
      {kAuth, "A1 NO Invalid user name or password.", auth_failed},  // hMailServer
      {kAuth, "A1 NO LOGIN invalid user or password", auth_failed},  // Domino
      {kAuth, "A1 NO no", auth_failed},
      // trouble that passes, or needs somebody else, whatever the credentials
      {kAuth, "A1 NO [REFERRAL imap://probe;AUTH=*@other.example.test/] Try the other server",
       auth_unavailable},                                                                              // RFC 2221
      {kAuth, "A1 NO [CONTACTADMIN] Account is locked, contact the administrator", auth_unavailable},  // Dovecot
      {kAuth, "A1 NO [CORRUPTION] Mailbox list is corrupt", auth_unavailable},                         // RFC 5530
      {kAuth, "A1 NO Login failed: generic failure", auth_unavailable},                                // Cyrus
      {kAuth, "A1 NO Server busy, try later", auth_unavailable},
      {kAuth, "A1 NO Server too busy", auth_unavailable},
      {kAuth, "A1 NO Cannot connect to the authentication server", auth_unavailable},
      {kAuth, "A1 NO Unable to connect to authentication service", auth_unavailable},
      {kAuth, "A1 NO Database is down for maintenance", auth_unavailable},
      {kAuth, "A1 NO Service not available", auth_unavailable},
      {kAuth, "A1 NO LDAP server down", auth_unavailable},
      {kAuth, "A1 NO Lookup failed", auth_unavailable},
      {kAuth, "A1 NO Internal server failure", auth_unavailable},
      {kAuth, "A1 BAD internal error", auth_unavailable},
      {kAuth, "A1 NO [UNAVAILABLE] Temporary authentication failure. [mail:2026-01-01 00:00:00]",
       auth_unavailable},  // Dovecot
      {kAuth,
       "A1 NO [UNAVAILABLE] Maximum number of connections from user+IP exceeded (mail_max_userip_connections=10)",
       auth_unavailable},  // Dovecot
      {kAuth, "A1 NO [LIMIT] Maximum number of connections from user+IP exceeded (mail_max_userip_connections=10)",
       auth_unavailable},                                                            // Dovecot
      {kAuth, "A1 NO [INUSE] Mailbox is locked by a POP server", auth_unavailable},  // RFC 5530
      {kAuth, "A1 NO [SERVERBUG] Internal error occurred. Refer to server log for more information.",
       auth_unavailable},                                                              // Dovecot
      {kAuth, "A1 NO Temporary problem, please try again later", auth_unavailable},    // Courier
      {kAuth, "A1 NO Login failed: temporary failure", auth_unavailable},              // Cyrus
      {kAuth, "A1 NO Server(s) unavailable to complete operation", auth_unavailable},  // Cyrus Murder
      {kAuth, "A1 NO Server Unavailable. 15", auth_unavailable},                       // Exchange
      {kAuth, "A1 BAD Request is throttled. Suggested Backoff Time: 299961 milliseconds",
       auth_unavailable},                                                                       // Exchange Online
      {kAuth, "A1 NO [ALERT] Too many simultaneous connections. (Failure)", auth_unavailable},  // Gmail
      {kAuth, "A1 NO [ALERT] Account exceeded command or bandwidth limits. (Failure)", auth_unavailable},  // Gmail
      {kAuth, "A1 NO [OVERQUOTA] Account exceeded command or bandwidth limits. 1 (Failure)",
       auth_unavailable},                                                                            // Gmail
      {kAuth, "A1 NO System error (Failure)", auth_unavailable},                                     // Gmail
      {kAuth, "A1 NO [UNAVAILABLE] LOGIN Server error - Please try again later", auth_unavailable},  // Yahoo
      {kAuth, "A1 NO [LIMIT] LOGIN Rate limit hit.", auth_unavailable},                              // Yahoo
      {kAuth, "A1 NO LOGIN Rate limit hit.", auth_unavailable},                                      // Yahoo, older
      {kAuth, "A1 NO [UNAVAILABLE] LOGIN internal server error sc=abc", auth_unavailable},           // Yandex
      // the server wants TLS
      {kAuth, "A1 NO [PRIVACYREQUIRED] Plaintext authentication disallowed on non-secure (SSL/TLS) connections.",
       tls_required},                                                                        // Dovecot
      {kAuth, "A1 NO Login only available under a layer", tls_required},                     // Cyrus 2
      {kAuth, "A1 NO cleartext logins disabled", tls_required},                              // Zimbra
      {kAuth, "A1 BAD A SSL/TLS-connection is required for authentication.", tls_required},  // hMailServer
      // the mechanism is the trouble
      {kAuth, "A1 NO no mechanism available", no_mechanism},  // Cyrus
      {kAuth, "A1 NO Unsupported authentication mechanism.", no_mechanism},
      {kAuth, "A1 BAD Unsupported authentication mechanism.", no_mechanism},
      // the command itself was not understood; BAD never means the password
      {kAuth, "A1 NO [CANNOT] Unsupported authentication mechanism.", command_refused},  // Dovecot
      {kAuth, "A1 NO [CLIENTBUG] Wrong state", command_refused},
      {kAuth, "A1 BAD Incorrect number of arguments", command_refused},
      {kAuth, "A1 BAD Invalid login or password", command_refused},  // old appliances
      {kAuth, "A1 BAD [AUTHENTICATIONFAILED] x", command_refused},
      {kAuth, "A1 BAD Error in IMAP command received by server.", command_refused},  // Dovecot
      {kAuth, "A1 BAD Command Error. 12", command_refused},                          // Exchange
      {kAuth, "A1 BAD Unknown command", command_refused},
      // good-bye, which turns users away too
      {kAuth, "* BYE Too many connections from your host", auth_unavailable},
      {kAuth, "* BYE Temporary problem, please try again later", auth_unavailable},  // Courier
      {kAuth, "* BYE [UNAVAILABLE] Server shutting down.", auth_unavailable},        // Dovecot
      {kAuth, "* BYE [AUTHENTICATIONFAILED] Authentication failed.", auth_failed},   // proxies
      {kAuth, "* BYE Session invalidated - AccessTokenExpired", connection_lost},    // Exchange Online
      {kAuth, "* BYE Disconnected for inactivity.", connection_lost},                // Dovecot
  }));
  CAPTURE(row.frame);
  const base::Error error = refused(row);
  CHECK(base::to_string(error.kind) == base::to_string(row.kind));
  CHECK(error.stage == Stage::auth);
  CHECK_FALSE(error.detail.empty());
}

TEST_CASE("a refused log in tells whether the credentials are the reason, or nobody knows") {
  struct Words {
    std::string_view frame;
    bool is_about_credentials;
  };
  const auto row = GENERATE(values<Words>({
      {"A1 NO [AUTHENTICATIONFAILED] x", true},
      {"A1 NO [AUTHORIZATIONFAILED] x", true},
      {"A1 NO [EXPIRED] x", true},
      {"A1 NO Login failed.", true},
      {"A1 NO authentication failure", true},
      {"A1 NO AUTHENTICATE failed.", true},
      {"A1 NO Login incorrect", true},
      {"A1 NO [ALERT] Application-specific password required", true},
      {"A1 NO Empty username or password.", true},
      {"A1 NO Login failed: user not found", true},
      {"A1 NO Access denied", true},
      {"A1 NO [ALERT] Invalid credentials", true},
      {"* BYE [AUTHENTICATIONFAILED] x", true},
      {"A1 NO no", false},
      {"A1 NO", false},
      {"A1 NO Invalid arguments", false},
      {"A1 NO [NOPERM] x", false},
      {"A1 NO failed", false},
  }));
  CAPTURE(row.frame);
  const auto error = refused({Stage::auth, row.frame, {}});
  CHECK(error.kind == ErrorKind::auth_failed);
  CHECK(error.is_about_credentials == row.is_about_credentials);
  CHECK((error.detail == "log in refused") != row.is_about_credentials);
  // the same words about anything else are no wrong password
  CHECK_FALSE(refused({Stage::select, row.frame, {}}).is_about_credentials);
  CHECK_FALSE(refused({Stage::auth, "A1 NO [UNAVAILABLE] Login failed, bad password", {}}).is_about_credentials);
}

TEST_CASE("after log in a refusal means the mailbox, the quota or the command") {
  using enum ErrorKind;
  const auto row = GENERATE(values<Row>({
      {Stage::select, "A1 BAD User is authenticated but not connected.", mailbox_unusable},  // Exchange Online
      {Stage::select, "A1 BAD Command received in Invalid state.", mailbox_unusable},        // Exchange
      {Stage::select, "A1 NO [NONEXISTENT] Mailbox doesn't exist: foo", mailbox_unusable},   // Dovecot
      {Stage::select, "A1 NO [SERVERBUG] Internal error occurred. Refer to server log for more information.",
       mailbox_unusable},
      {Stage::select, "A1 NO [INUSE] Timeout while waiting for lock", mailbox_unusable},  // Dovecot
      {Stage::select, "A1 NO [UNAVAILABLE] Mailbox server is down", mailbox_unusable},
      {Stage::select, "A1 NO Unable to open this mailbox.", mailbox_unusable},                               // Courier
      {Stage::select, "A1 NO Mailbox does not exist", mailbox_unusable},                                     // Cyrus
      {Stage::select, "A1 NO [NONEXISTENT] Unknown Mailbox: foo (Failure)", mailbox_unusable},               // Gmail
      {Stage::select, "A1 NO [SERVERBUG] SELECT Server error - Please try again later", mailbox_unusable},   // Yahoo
      {Stage::select, "A1 NO SELECT Unsafe Login. Please contact kefu@188.com for help", mailbox_unusable},  // NetEase
      {Stage::select, "* BYE Connection is closed. 13", connection_lost},                                    // Exchange
      {Stage::quota, "A1 NO [NOPERM] Quota not enabled for you", quota_unavailable},
      {Stage::quota, "A1 BAD Unknown command", quota_unavailable},
      {Stage::starttls, "A1 NO [UNAVAILABLE] TLS not available due to local problem", starttls_refused},
      {Stage::starttls, "A1 BAD Command not recognized", starttls_refused},
      {Stage::search, "A1 BAD Error in IMAP command SEARCH: Unknown argument X-GM-RAW", command_refused},  // Dovecot
      {Stage::search, "A1 NO [BADCHARSET (US-ASCII)] The specified charset is not supported", command_refused},
      {Stage::list, "A1 NO [NOPERM] LIST failed", command_refused},
      {Stage::fetch, "A1 NO [EXPUNGEISSUED] Some messages no longer exist", command_refused},
      {Stage::capability, "A1 BAD Unknown command", command_refused},
      {Stage::logout, "A1 NO no", command_refused},
  }));
  CAPTURE(row.frame);
  const base::Error error = refused(row);
  CHECK(base::to_string(error.kind) == base::to_string(row.kind));
  CHECK(error.stage == row.stage);
}

TEST_CASE("a refused look or clean-up means the folder or the command") {
  using enum ErrorKind;
  const Stage stage = GENERATE(Stage::look, Stage::cleanup);
  const auto row = GENERATE(values<std::pair<std::string_view, ErrorKind>>({
      {"A1 NO [NONEXISTENT] Mailbox doesn't exist: Junk", mailbox_unusable},          // Dovecot
      {"A1 NO [TRYCREATE] Mailbox doesn't exist: Trash", mailbox_unusable},           // Dovecot, MOVE
      {"A1 NO [NONEXISTENT] Unknown Mailbox: Junk (Failure)", mailbox_unusable},      // Gmail
      {"A1 NO Mailbox does not exist", mailbox_unusable},                             // Cyrus
      {"A1 NO Mailbox does not exist, or must be subscribed to.", mailbox_unusable},  // Courier
      {"A1 NO STATUS failed: no such mailbox", mailbox_unusable},                     // UW
      {"A1 NO Junk doesn't exist.", mailbox_unusable},                                // Exchange
      {"A1 NO [NOPERM] Permission denied", mailbox_unusable},                         // RFC 5530
      {"A1 NO [LIMIT] not found", command_refused},                                   // the code tells
      {"A1 NO [BADEVENT (MessageNew)] unsupported", command_refused},                 // RFC 5465
      {"A1 NO IDLE is not available", command_refused},
      {"A1 BAD Command does not exist", command_refused},
      {"* BYE Mailbox does not exist", connection_lost},
  }));
  CAPTURE(row.first);
  const auto error = refused({stage, row.first, {}});
  CHECK(base::to_string(error.kind) == base::to_string(row.second));
  CHECK(error.stage == stage);
  if (error.kind == mailbox_unusable) CHECK(error.detail == "the folder is not there, or may not be used");
}

TEST_CASE("a code beats the words") {
  CHECK(refused({Stage::auth, "A1 NO [UNAVAILABLE] Invalid credentials", {}}).kind == ErrorKind::auth_unavailable);
  CHECK(refused({Stage::auth, "A1 NO [AUTHENTICATIONFAILED] Temporary password used, try again", {}}).kind ==
        ErrorKind::auth_failed);
}

TEST_CASE("a refusal carries the server's code and words, and whether the session lives on") {
  const auto coded = refused({Stage::auth, "A1 NO [ALERT] Read this", {}});
  CHECK(coded.peer_code == "NO [ALERT]");
  CHECK(coded.peer_text == "Read this");
  CHECK(coded.is_answered);
  const auto bare = refused({Stage::select, "A1 BAD", {}});
  CHECK(bare.peer_code == "BAD");
  CHECK(bare.peer_text.empty());
  const auto bye = refused({Stage::select, "* BYE out", {}});
  CHECK(bye.peer_code == "BYE");
  CHECK_FALSE(bye.is_answered);
}

TEST_CASE("each refused log in has words of ours that tell the reason") {
  std::vector<std::string> details;
  for (const std::string_view code : {"EXPIRED", "AUTHORIZATIONFAILED", "CONTACTADMIN", "REFERRAL x",
                                      "AUTHENTICATIONFAILED", "UNAVAILABLE", "PRIVACYREQUIRED"}) {
    details.push_back(refused({Stage::auth, fmt::format("A1 NO [{}] x", code), {}}).detail);
  }
  std::sort(details.begin(), details.end());
  CHECK(std::unique(details.begin(), details.end()) == details.end());
}
