#include "smtp/reply_class.h"

#include <algorithm>
#include <array>
#include <initializer_list>
#include <span>

#include "base/ascii.h"
#include "base/number.h"
#include "smtp/reply_words.h"

namespace mailcheck::smtp {
namespace {

using base::ErrorKind;
using base::Stage;
using enum base::ErrorKind;

constexpr std::size_t kJudgedText = 4096;  // no server gives its reason later than that

class Stages {
 public:
  constexpr Stages(std::initializer_list<Stage> stages) {
    for (const Stage stage : stages) bits_ |= 1U << static_cast<unsigned>(stage);
  }
  [[nodiscard]] constexpr bool has(Stage stage) const {
    return bits_ == 0 || (bits_ >> static_cast<unsigned>(stage) & 1U) != 0;
  }

 private:
  unsigned bits_ = 0;
};

constexpr std::string_view kNotThatSender = "the server does not take mail from that sender";

constexpr Stages kAnywhere = {};
constexpr Stages kStarttls = {Stage::starttls};
constexpr Stages kAuth = {Stage::auth};
constexpr Stages kRcpt = {Stage::rcpt};
constexpr Stages kData = {Stage::data, Stage::body};
constexpr Stages kRecipient = {Stage::rcpt, Stage::data, Stage::body};  // LMTP answers for each at the end of DATA
constexpr Stages kMail = {Stage::mail, Stage::rcpt, Stage::data, Stage::body};

// The second and third number of an enhanced code; the first is the reply code's business.
struct Enhanced {
  int subject = -1;  // none wanted
  int from = 0;
  int to = 999;
};

using Words = std::span<const std::string_view>;

// What a refusal of the class policy turns on.
enum class About { anything, sender_or_client };

// One rule: holds if all of its conditions hold. The code is one code (535), a class (5) or any (0).
struct Rule {
  ErrorKind kind = permanent;
  Stages at = kAnywhere;
  int code = 0;
  Enhanced enhanced = {};
  Words words = {};              // any of them; none: the text does not matter
  std::string_view detail = {};  // instead of the words of the kind
  About about = About::anything;
};

constexpr About kWhoSends = About::sender_or_client;

// The order of precedence: the first rule that holds decides. Roughly: words that can mean one thing only, then codes
// that can, then words that need the step or the code beside them, then enhanced codes, then bare codes.
// clang-format off
constexpr auto kRules = std::to_array<Rule>({
    // TLS and log in. Before rates: the words "authentication" and "login" are theirs first.
    {tls_required, kAnywhere, 538},
    {tls_required, kAnywhere, 523},
    {tls_required, kAnywhere, 0, {}, words::kTlsFirst},
    {tls_required, kAuth, 5, {7, 10, 11}},
    {auth_failed, kAnywhere, 5, {}, words::kPasswordsOff,
     "log in by that password is switched off, a token or an application password is wanted"},
    // A wrong password is one however often it was tried.
    {auth_failed, kAuth, 535},
    {auth_failed, kAuth, 534, {}, {}, "the server wants a stronger kind of log in for that account"},
    // Rates before block lists: a "rate limited due to IP reputation" passes by itself.
    {rate_limited, kAnywhere, 0, {}, words::kRate},
    {rate_limited, kAnywhere, 4, {}, words::kRateIfTemporary},
    {content_rejected, kData, 5, {}, words::kListedContent},
    {blocklisted, kAnywhere, 0, {}, words::kListError,
     "refused by a block list that in truth answered the server with an error"},
    {blocklisted, kAnywhere, 0, {}, words::kBlocked},
    {blocklisted, kAnywhere, 5, {7, 606, 649}},  // Exchange Online: banned sending IP
    {greylisted, kAnywhere, 4, {}, words::kGreylisted},
    {greylisted, kMail, 451, {7, 1, 1}, words::kTryAgain},
    {greylisted, kRcpt, 450, {3, 2, 2}, words::kPostscreen},
    {greylisted, kMail, 4, {7, 500, 699}},  // Exchange Online calls it graylisting
    {greylisted, kMail, 4, {7, 850, 899}},
    {service_closing, kAnywhere, 421},
    {starttls_refused, kStarttls},
    // AUTH: the code decides, 4xx is never a wrong password.
    {protocol_error, kAuth, 500},
    {protocol_error, kAuth, 501},
    {protocol_error, kAuth, 502},
    {protocol_error, kAuth, 503},
    {auth_failed, kAuth, 525, {}, {}, "the account is disabled"},
    {auth_failed, kAuth, 530, {}, words::kLoginFirst},
    {tls_required, kAuth, 530},  // RFC 3207: to any command before STARTTLS
    {no_mechanism, kAuth, 504},
    {no_mechanism, kAuth, 5, {}, words::kMechanism},
    {auth_failed, kAuth, 5},
    {auth_unavailable, kAuth, 4},
    {auth_failed, kAnywhere, 535},
    // Who may send from here to there: words beat the enhanced code, which is 5.7.1, 5.1.2 or 5.4.1 as it pleases.
    {relay_denied, kMail, 0, {}, words::kRelay},
    {policy, kAnywhere, 530, {}, {}, "the server takes mail after log in only"},
    {policy, kMail, 5, {}, words::kSenderLoginFirst,
     "the server takes mail from that sender after log in only", kWhoSends},
    {policy, kMail, 5, {}, words::kLoginFirst, "the server takes mail after log in only"},
    // The recipient and the message.
    {mailbox_full, kRecipient, 0, {}, words::kFull},
    {too_large, kMail, 5, {}, words::kTooLarge},
    {policy, kMail, 5, {}, words::kSender, kNotThatSender, kWhoSends},
    {unknown_recipient, kRecipient, 0, {}, words::kUnknownUser},
    {unknown_recipient, kRcpt, 5, {4, 1, 1}, words::kAccessDenied},  // Exchange Online
    {policy, kAnywhere, 5, {}, words::kIdentity, {}, kWhoSends},
    {content_rejected, kData, 5, {}, words::kContent},
    {policy, kMail, 5, {1, 7, 8}, {}, kNotThatSender, kWhoSends},
    {policy, kAnywhere, 5, {7, 20, 27}, {}, {}, kWhoSends},  // RFC 7372, RFC 7505
    {policy, kAnywhere, 5, {}, words::kPolicy},
    // Enhanced codes, where no word said more.
    {unknown_recipient, kRecipient, 5, {1, 0, 2}},
    {unknown_recipient, kRecipient, 5, {1, 6, 6}},
    {unknown_recipient, kRecipient, 5, {1, 10, 10}},
    {unknown_recipient, kRecipient, 5, {2, 1, 1}},
    {mailbox_full, kRecipient, 0, {2, 2, 2}},
    {too_large, kMail, 5, {3, 4, 4}},
    {too_large, kMail, 5, {2, 3, 3}},
    {content_rejected, kData, 5, {6}},
    {content_rejected, kData, 552, {7}},  // Gmail: an attachment it does not like
    {policy, kAnywhere, 5, {7}},
    {unknown_recipient, kRecipient, 5, {}, words::kVagueRecipient},
    {permanent, kMail, 5, {1}},  // 501 5.1.3: the address, not the protocol
    // Bare codes.
    {permanent, kMail, 5, {}, words::kTooMany},
    {protocol_error, kAnywhere, 500},
    {protocol_error, kAnywhere, 501},
    {protocol_error, kAnywhere, 502},
    {protocol_error, kAnywhere, 503},
    {protocol_error, kAnywhere, 504},
    {protocol_error, kAnywhere, 555},
    {mailbox_full, kRcpt, 552},
    {too_large, kMail, 552},
    {temporary, kAnywhere, 4},
    {permanent, kAnywhere, 5},
});
// clang-format on

constexpr Rule kUnexpected = {protocol_error, kAnywhere, 0, {}, {}, "the server's answer does not fit the command"};

// How much of the text is one piece: a path in angle brackets, a run of what addresses consist of (RFC 5322: no space,
// no special), or one character between such.
std::size_t piece_size(std::string_view text) {
  if (text.front() == '<') {
    const std::size_t end = text.find_first_of("<>", 1);
    const bool is_closed = end != std::string_view::npos && text[end] == '>';
    const bool is_path = is_closed && (text[1] == '"' || text.substr(0, end).find(' ') == std::string_view::npos);
    if (is_path) return end + 1;
  }
  return std::max<std::size_t>(1, std::min(text.find_first_of(" <>()[]:;,\""), text.size()));
}

// "user <greylist@example.test> unknown" -> "user  unknown": what an address is called is no reason to refuse it.
std::string without_addresses(std::string_view text) {
  std::string out;
  while (!text.empty()) {
    const std::string_view piece = text.substr(0, piece_size(text));
    if (piece.find('@') == std::string_view::npos) out += piece;
    text.remove_prefix(piece.size());
  }
  return out;
}

// The text as words:: wants it.
std::string prepared(const Reply& reply) {
  std::string out = "^";
  for (const std::string& line : reply.lines) {
    if (out.size() > kJudgedText) break;
    out += ' ';
    out.append(line, 0, kJudgedText);
  }
  std::replace(out.begin(), out.end(), '\t', ' ');
  std::transform(out.begin(), out.end(), out.begin(), [](char c) { return base::to_lower(c); });
  out = without_addresses(out);
  out.erase(std::unique(out.begin(), out.end(), [](char a, char b) { return a == ' ' && b == ' '; }), out.end());
  out.erase(out.find_last_not_of(" .") + 1);
  if (out.starts_with("^ ")) out.erase(1, 1);
  return out + "$";
}

// The number after the `index`-th dot of "5.7.8"; -1 if there is none.
int part_of(std::string_view enhanced, int index) {
  for (; index > 0; --index) {
    const std::size_t dot = enhanced.find('.');
    if (dot == std::string_view::npos) return -1;
    enhanced.remove_prefix(dot + 1);
  }
  const auto number = base::parse_unsigned(enhanced.substr(0, enhanced.find('.')));
  return number && *number <= 999 ? static_cast<int>(*number) : -1;
}

bool has_code(const Rule& rule, const Reply& reply) {
  const bool fits_code = rule.code == 0 || rule.code == reply.code || rule.code == reply.code_class();
  if (!fits_code || rule.enhanced.subject < 0) return fits_code;
  const int detail = part_of(reply.enhanced, 2);
  return part_of(reply.enhanced, 1) == rule.enhanced.subject && detail >= rule.enhanced.from &&
         detail <= rule.enhanced.to;
}

bool has_word(Words words, std::string_view text) {
  return words.empty() ||
         std::any_of(words.begin(), words.end(), [&](auto word) { return text.find(word) != std::string_view::npos; });
}

const Rule& rule_for(Stage stage, const Reply& reply) {
  if (reply.code_class() != 4 && reply.code_class() != 5) return kUnexpected;
  const std::string text = prepared(reply);
  const auto* rule = std::find_if(kRules.begin(), kRules.end(), [&](const Rule& candidate) {
    return candidate.at.has(stage) && has_code(candidate, reply) && has_word(candidate.words, text);
  });
  return rule == kRules.end() ? kUnexpected : *rule;
}

std::string_view words_of(ErrorKind kind) {
  switch (kind) {
    case tls_required: return "the server wants TLS first";
    case starttls_refused: return "STARTTLS refused";
    case no_mechanism: return "the server does not support that mechanism";
    case auth_failed: return "user name or password refused";
    case auth_unavailable: return "log in is not possible at the moment";
    case greylisted: return "the server wants the message later (greylisting)";
    case rate_limited: return "too much at once for the server, it limits the rate";
    case blocklisted: return "our address or domain is on a block list";
    case relay_denied: return "the server does not relay to that recipient for us";
    case unknown_recipient: return "the recipient is unknown or not in use";
    case mailbox_full: return "the recipient's mailbox is full";
    case too_large: return "the message is too large";
    case content_rejected: return "the server does not like the message";
    case policy: return "refused by the server's policy";
    case service_closing: return "the server closes the session";
    case temporary: return "the server cannot do it at the moment";
    case protocol_error: return "the server does not accept the command";
    default: return "the server refuses for good";
  }
}

}  // namespace

ErrorKind reply_class(Stage stage, const Reply& reply) {
  return rule_for(stage, reply).kind;
}

bool is_about_sender_or_client(Stage stage, const Reply& reply) {
  return rule_for(stage, reply).about == About::sender_or_client;
}

base::Error refusal(Stage stage, const Reply& reply) {
  const Rule& rule = rule_for(stage, reply);
  const std::string_view detail = rule.detail.empty() ? words_of(rule.kind) : rule.detail;
  return {stage, rule.kind, std::string(detail), reply.text(), reply.code_text(), true};
}

}  // namespace mailcheck::smtp
