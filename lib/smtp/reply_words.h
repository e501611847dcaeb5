// Words of servers' refusals, by what they mean. Fragments in lower case, looked for in the text of a reply as
// reply_class.cc prepares it: without addresses, lower case, one space between words, no full stop at the end, "^"
// before it and "$" behind it. Whole replies and who says them are in tests/unit/smtp/replies.inc; which words count
// first is decided in reply_class.cc.
#pragma once

#include <array>
#include <string_view>

namespace mailcheck::smtp::words {

using std::string_view;

inline constexpr auto kTlsFirst = std::to_array<string_view>(
    {"starttls command first", "starttls is required", "issue starttls", "tls required", "tls is required",
     "session encryption is required", "encryption required", "requires encryption", "requires tls", "requiretls",
     "senders to use tls", "plaintext authentication disallowed", "cleartext authentication disallowed",
     "requires a secure connection"});

// A password is no longer taken at all, however right.
inline constexpr auto kPasswordsOff = std::to_array<string_view>(
    {"basic authentication is not supported", "basic authentication is disabled",
     "smtpclientauthentication is disabled", "application-specific password required", "log in with your web browser",
     "log in via your web browser", "log in through your web browser"});

inline constexpr auto kMechanism = std::to_array<string_view>(
    {"mechanism not supported", "mechanism is not supported", "unsupported mechanism", "unsupported authentication",
     "unrecognized authentication type", "authentication type not supported"});

inline constexpr auto kRate = std::to_array<string_view>({"rate limit",
                                                          "rate-limit",
                                                          "ratelimit",
                                                          "limit exceeded for user",
                                                          "relay limit exceeded",
                                                          "sending limit exceeded",
                                                          "sending quota exceeded",
                                                          "submission quota exceeded",
                                                          "message quota exceeded",
                                                          "maximum sending rate",
                                                          "reached your daily limit",
                                                          "max emails per hour",
                                                          "message receive limit",
                                                          "exceeded permitted limits",
                                                          "tenant has exceeded threshold",
                                                          "thread limit",
                                                          "mail too quickly",
                                                          "mail at a rate",
                                                          "email at a rate",
                                                          "throttl",
                                                          "excessive volume",
                                                          "too much mail from",
                                                          "too many recipients from",
                                                          "recipients this hour",
                                                          "frequency limited",
                                                          "too many messages in this connection",
                                                          "max message per connection",
                                                          "too many connections",
                                                          "too many concurrent",
                                                          "too many simultaneous",
                                                          "number of concurrent connections",
                                                          "too many smtp sessions",
                                                          "too many new tls sessions",
                                                          "too many login",
                                                          "too many failed",
                                                          "too many auth",
                                                          "too many unauthenticated",
                                                          "count quota exceeded",
                                                          "message count exceeded",
                                                          "cumulative message size",
                                                          "quota exceeded (sender",
                                                          "concurrent connections limit",
                                                          "exceeded your messaging limits",
                                                          "maximum credits exceeded"});

// These speak of a rate only while the refusal is temporary; with a 5xx they are blocks.
inline constexpr auto kRateIfTemporary =
    std::to_array<string_view>({"unusual rate", "[tss0", "temporarily deferred due to", "due to user complaints"});

// Limits of one message or transaction: no rate, and no full mailbox though the code may be 552.
inline constexpr auto kTooMany = std::to_array<string_view>({"too many recipients", "too many hops"});

// Not our address is listed, but something in the message.
inline constexpr auto kListedContent =
    std::to_array<string_view>({"url in message", "link in message", "uribl", "surbl"});

// The receiver's own resolver is turned away by the list: nobody is listed.
inline constexpr auto kListError = std::to_array<string_view>({"error: open resolver", "returnc/pub", "returnc/vol"});

inline constexpr auto kBlocked = std::to_array<string_view>({"blocked using",
                                                             "blocked - see",
                                                             "block list",
                                                             "blocklist",
                                                             "block-list",
                                                             "blacklist",
                                                             "black list",
                                                             "black-list",
                                                             "denylist",
                                                             "dnsbl",
                                                             " rbl ",
                                                             "spamhaus",
                                                             "spamcop",
                                                             "barracudacentral",
                                                             "proofpoint.com/",
                                                             "cloudmark",
                                                             "uceprotect",
                                                             "abuseat.org",
                                                             "poor reputation",
                                                             "bad reputation",
                                                             "low reputation",
                                                             "email reputation",
                                                             "ip reputation",
                                                             "(s3140)",
                                                             "(s3150)",
                                                             "banned send",
                                                             "permanently deferred",
                                                             "a problem occurred. (ask your postmaster",
                                                             "dialup/transient ip",
                                                             "not currently accepting mail from your ip",
                                                             "unusual rate of unsolicited",
                                                             "spam abuse detected",
                                                             "comcast block for spam"});

inline constexpr auto kGreylisted = std::to_array<string_view>(
    {"greylist", "graylist", "grey list", "gray list", "grey-list", "gray-list",
     "temporary failure, please try again later", "internal resource temporarily unavailable",
     "internal resources are temporarily unavailable", "please come back later"});

// rspamd says no more than this, at the final dot.
inline constexpr auto kTryAgain = std::to_array<string_view>({"^try again later$", "^please try again later$"});

// postscreen after its deep tests: come again, then you are known.
inline constexpr auto kPostscreen = std::to_array<string_view>({"^service currently unavailable$"});

inline constexpr auto kRelay = std::to_array<string_view>({"relay access denied",
                                                           "relaying denied",
                                                           "relay denied",
                                                           "relay not permitted",
                                                           "relay not allowed",
                                                           "relaying not allowed",
                                                           "relay is not allowed",
                                                           "permitted to relay",
                                                           "allowed to relay",
                                                           "unable to relay",
                                                           "no relaying",
                                                           "credentials for relay",
                                                           "to relay mail",
                                                           "allowed rcpthosts",
                                                           "non-local e-mail address",
                                                           "i cannot deliver mail for",
                                                           "don't handle mail for",
                                                           "delivery is not allowed to this address",
                                                           "not an open relay",
                                                           "relaying to denied",
                                                           "relaying to prohibited",
                                                           "relay rejected"});

// Postfix reject_unauthenticated_sender_login_mismatch: that address is somebody's, others might do.
inline constexpr auto kSenderLoginFirst = std::to_array<string_view>({"sender address rejected: not logged in"});

inline constexpr auto kLoginFirst = std::to_array<string_view>(
    {"authentication required", "authentication is required", "requires authentication", "must authenticate",
     "please authenticate", "auth command first", "auth first", "not authenticated", "not logged in",
     "unauthenticated senders", "turn on smtp authentication"});

inline constexpr auto kFull = std::to_array<string_view>(
    {"over quota", "over the quota", "overquota", "quota exceeded", "quota violation", "exceeded quota",
     "exceeds quota", "mailbox full", "mailbox is full", "full mailbox", "mailfolder is full", "out of storage space",
     "exceeded storage allocation", "mailbox size limit", "mailbox has exceeded"});

inline constexpr auto kTooLarge = std::to_array<string_view>(
    {"message size exceeds", "message too big", "message too large", "message is too large", "message file too big",
     "message length exceeds", "message exceeded", "message size limit", "maximum message size", "max message size",
     "maximum email size", "size exceeds"});

inline constexpr auto kSender = std::to_array<string_view>({"sender address rejected",
                                                            "sender address not allowed",
                                                            "sender verify failed",
                                                            "sender verification failed",
                                                            "sender rejected",
                                                            "sender denied",
                                                            "invalid sender",
                                                            "bad sender",
                                                            "bad outbound sender",
                                                            "domain of sender address",
                                                            "not allowed to send",
                                                            "not allowed to use this sender",
                                                            "have permissions to send as",
                                                            "not owned by user",
                                                            "sendasdenied",
                                                            "address is not verified",
                                                            "envelope sender",
                                                            "from domain",
                                                            "sender address is not allowed",
                                                            "verified sender identity",
                                                            "sender domain"});

inline constexpr auto kUnknownUser = std::to_array<string_view>({"user unknown",
                                                                 "unknown user",
                                                                 "unknown recipient",
                                                                 "recipient unknown",
                                                                 "unknown mailbox",
                                                                 "mailbox unknown",
                                                                 "unknown or illegal alias",
                                                                 "no such user",
                                                                 "no such recipient",
                                                                 "no such mailbox",
                                                                 "no such address",
                                                                 "no mailbox here by that name",
                                                                 "user doesn't exist",
                                                                 "user does not exist",
                                                                 "user not exist",
                                                                 "this user doesn't have",
                                                                 "not our user",
                                                                 "not our customer",
                                                                 "recipient does not exist",
                                                                 "mailbox does not exist",
                                                                 "address does not exist",
                                                                 "tried to reach does not exist",
                                                                 "recipient not found",
                                                                 "recipnotfound",
                                                                 "mailbox not found",
                                                                 "user not found",
                                                                 "address not found",
                                                                 "recipient no longer on server",
                                                                 "not a known user",
                                                                 "not a valid mailbox",
                                                                 "unrouteable address",
                                                                 "tried to reach is disabled",
                                                                 "tried to reach is inactive",
                                                                 "this mailbox is disabled",
                                                                 "account has been disabled",
                                                                 "inactive email address",
                                                                 "bad destination mailbox",
                                                                 ":550 5.1.1",
                                                                 ":550 5.4.1 recipient address rejected"});

// Said of unknown recipients most of the time, but for other reasons too: they come after all words that give a reason.
inline constexpr auto kVagueRecipient =
    std::to_array<string_view>({"mailbox unavailable", "mailbox is unavailable", "address rejected",
                                "invalid recipient", "invalid mailbox", "recipient rejected", "unknown address"});

inline constexpr auto kAccessDenied = std::to_array<string_view>({"recipient address rejected: access denied"});

// Who we are is in doubt: SPF, DKIM, DMARC, reverse DNS, the name in EHLO, the right to send as that sender.
inline constexpr auto kIdentity = std::to_array<string_view>({"dmarc",
                                                              "dkim",
                                                              " spf",
                                                              "^spf",
                                                              "sender policy framework",
                                                              "authentication checks",
                                                              "senders to authenticate",
                                                              "unauthenticated email",
                                                              "reverse dns",
                                                              "reverse hostname",
                                                              "ptr record",
                                                              "dns ptr",
                                                              "rdns",
                                                              "find your hostname",
                                                              "ip name lookup failed",
                                                              "helo command rejected",
                                                              "helo/ehlo argument",
                                                              "bad helo",
                                                              "helo rejected",
                                                              "invalid helo",
                                                              "helo name"});

inline constexpr auto kContent = std::to_array<string_view>({"spam",
                                                             "unsolicited",
                                                             "virus",
                                                             "malware",
                                                             "phish",
                                                             "infected",
                                                             "attachment",
                                                             "content rejected",
                                                             "content denied",
                                                             "content presents",
                                                             "rejected due to content",
                                                             "content examination",
                                                             "message rejected",
                                                             "message refused",
                                                             "header",
                                                             "rfc 5322",
                                                             "rfc 2822",
                                                             "bare lf",
                                                             "bare <lf>",
                                                             "line length"});

inline constexpr auto kPolicy =
    std::to_array<string_view>({"policy", "policies", "access denied", "administrative prohibition", "prohibited",
                                "not authorized", "not permitted", "not accepted from", "client host rejected",
                                "you are not allowed", "insufficient authorization", ":blocked)"});

}  // namespace mailcheck::smtp::words
