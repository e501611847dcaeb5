// The samples in reports/ are written after what these systems send; names, hosts and addresses are made up.
#include "mail/delivery_report.h"

#include <algorithm>
#include <filesystem>
#include <fstream>
#include <set>
#include <sstream>

#include "mail/mime_part.h"
#include "support/catch2.h"

using namespace mailcheck;
using mail::DeliveryReport;
using mail::HeaderSection;
using mail::parse_delivery_report;
using Action = DeliveryReport::Action;

namespace {

namespace fs = std::filesystem;

constexpr std::string_view kId = "0123456789abcdef0123456789abcdef.fedcba9876543210@example.org";

mail::ProbeMark own() {
  return {"fedcba9876543210", "0123456789abcdef0123456789abcdef", base::WallTime(std::chrono::seconds(1'700'000'000))};
}

std::string read(const fs::path& path) {
  std::ifstream file(path, std::ios::binary);
  std::ostringstream bytes;
  bytes << file.rdbuf();
  return bytes.str();
}

std::string sample(std::string_view name) {
  std::string text = read(fs::path(MAILCHECK_MAIL_REPORTS) / (std::string(name) + ".eml"));
  REQUIRE_FALSE(text.empty());
  return text;
}

std::string with_crlf(std::string_view text) {
  std::string out;
  for (const char c : text) out += c == '\n' ? "\r\n" : std::string(1, c);
  return out;
}

void replace(std::string& text, std::string_view from, std::string_view to) {
  const std::size_t at = text.find(from);
  REQUIRE(at != std::string::npos);
  text.replace(at, from.size(), to);
}

enum class Names { nothing, id, id_and_mark };  // what of the original the report holds

struct Row {
  std::string_view name;
  Action action;
  std::string_view status;
  std::string_view reply;
  std::string_view remote_host;
  Names names = Names::id_and_mark;
  std::string_view recipient = "user@example.net";
};

constexpr std::string_view kMx = "mx.example.net";

const std::vector<Row>& rows() {
  static const std::vector<Row> kRows = {
      {"postfix_failed", Action::failed, "5.1.1",
       "550 5.1.1 <user@example.net>: Recipient address rejected: User unknown in virtual mailbox table", kMx},
      {"postfix_delayed", Action::delayed, "4.4.1", "connect to mx.example.net[192.0.2.25]:25: Connection timed out",
       kMx},
      {"postfix_delivered", Action::delivered, "2.1.5", "250 2.1.5 Ok", kMx},
      {"postfix_headers_only", Action::failed, "5.4.4",
       "Host or domain name not found. Name service error for name=example.net type=AAAA: Host not found", ""},
      {"postfix_old_mixed", Action::failed, "", "550 Unknown user", kMx},
      {"sendmail_failed", Action::failed, "5.1.1", "550 5.1.1 <user@example.net>... User unknown", kMx},
      {"sendmail_old_warning", Action::delayed, "4.2.2", "452 4.2.2 <user@example.net>... Mailbox full", kMx},
      {"exim_new", Action::failed, "5.7.1", "550 5.7.1 Relaying denied", kMx},
      {"exim_old", Action::failed, "5.2.2", "550 5.2.2 The mailbox of this user is full. Please try again later", kMx},
      {"exim_old_delayed", Action::delayed, "4.7.1", "451 4.7.1 Greylisting in action, please come back later", kMx,
       Names::nothing},
      {"qmail", Action::failed, "5.1.1", "550 5.1.1 <user@example.net>: Recipient address rejected", ""},
      {"qmail_no_reply", Action::failed, "5.1.2", "Sorry, I couldn't find any host named example.net. (#5.1.2)", ""},
      {"ezmlm", Action::failed, "5.7.2",
       "ezmlm-reject: fatal: Sorry, I don't accept messages from people who are not subscribed (#5.7.2)", ""},
      {"gmail_new", Action::failed, "5.1.1",
       "550 5.1.1 The email account that you tried to reach does not exist. Please try double-checking the recipient's "
       "email address for typos. https://support.example.net/mail - gsmtp",
       kMx},
      {"gmail_old", Action::failed, "5.1.1", "550 5.1.1 <user@example.net>... User Unknown", kMx},
      {"gmail_old_delayed", Action::delayed, "", "The recipient server did not accept our requests to connect.", ""},
      {"exchange_on_premises", Action::failed, "5.1.1", "550 5.1.1 RESOLVER.ADR.RecipNotFound; not found", ""},
      {"exchange_2003_text", Action::failed, "",
       "The recipient name is not recognized MSEXCH:IMS:EXAMPLE:SITE:EX01 0 (000C05A6) Unknown Recipient", "",
       Names::nothing},
      {"m365", Action::failed, "5.1.10",
       "550 5.1.10 RESOLVER.ADR.RecipientNotFound; Recipient not found by SMTP address lookup", ""},
      {"yahoo", Action::failed, "5.2.2", "550 5.2.2 <user@example.net>: Recipient address rejected: Mailbox full", ""},
      {"zimbra", Action::failed, "5.2.2", "552 5.2.2 Over quota", "zimbra.example.org"},
      {"opensmtpd", Action::failed, "5.1.1", "550 5.1.1 <user@example.net>: Recipient address rejected", ""},
      {"opensmtpd_old_delayed", Action::delayed, "", "Network error on destination MXs", ""},
      {"courier", Action::failed, "5.1.1", "550 5.1.1 <user@example.net>... User Unknown", kMx},
      {"mimecast", Action::failed, "5.4.1",
       "5.4.1 Recipient address rejected: Access denied. [AM0PR01MB0001.eurprd01.prod.outlook.com]", "", Names::id},
      {"dragonfly", Action::failed, "5.7.26",
       "550 5.7.26 Unauthenticated email from example.org is not accepted due to domain's DMARC policy. See the "
       "administrator",
       "", Names::id_and_mark, ""},
  };
  return kRows;
}

void check_row(const Row& row, const std::string& message) {
  const auto report = parse_delivery_report(message);
  REQUIRE(report);
  CHECK(report->action == row.action);
  CHECK(report->recipient == row.recipient);
  CHECK(report->status == row.status);
  CHECK(report->reply == row.reply);
  CHECK(report->remote_host == row.remote_host);
  const bool has_id = row.names != Names::nothing;
  CHECK(report->message_ids == (has_id ? std::vector<std::string>{std::string(kId)} : std::vector<std::string>()));
  const bool has_mark = row.names == Names::id_and_mark;
  CHECK(report->marks == (has_mark ? std::vector<mail::ProbeMark>{own()} : std::vector<mail::ProbeMark>()));
}

// The header fields that the watch fetches, and no others.
HeaderSection watched(const std::string& message) {
  std::string header;
  const HeaderSection whole = HeaderSection::parse(message);
  for (const auto& field : whole.fields()) {
    for (const std::string_view name :
         {"Content-Type", "Auto-Submitted", "X-Failed-Recipients", "Return-Path", "Subject", "From"}) {
      if (field.name == name) header += field.name + ": " + field.value + "\r\n";
    }
  }
  return HeaderSection::parse(header);
}

}  // namespace

TEST_CASE("reports of many systems are read, in LF and CRLF") {
  for (const Row& row : rows()) {
    INFO(row.name);
    const std::string message = sample(row.name);
    REQUIRE(message.find('\r') == std::string::npos);
    check_row(row, message);
    check_row(row, with_crlf(message));
    CHECK(mail::may_be_delivery_report(watched(message)));
  }
}

TEST_CASE("what is no report is none") {
  std::size_t count = 0;
  for (const auto& entry : fs::directory_iterator(MAILCHECK_MAIL_REPORTS)) {
    const std::string name = entry.path().stem().string();
    if (!name.starts_with("not_")) continue;
    INFO(name);
    ++count;
    CHECK_FALSE(parse_delivery_report(read(entry.path())));
    CHECK_FALSE(parse_delivery_report(with_crlf(read(entry.path()))));
  }
  CHECK(count == 9);
}

TEST_CASE("every sample is in a test") {
  std::set<std::string> names{"forged"};
  for (const Row& row : rows()) names.emplace(row.name);
  for (const auto& entry : fs::directory_iterator(MAILCHECK_MAIL_REPORTS)) {
    const std::string name = entry.path().stem().string();
    INFO(name);
    CHECK((name.starts_with("not_") || names.contains(name)));
  }
}

TEST_CASE("the watch fetches no body of replies, receipts and people's mail") {
  for (const std::string_view name :
       {"not_sieve_vacation", "not_gmail_vacation", "not_exchange_out_of_office", "not_read_receipt",
        "not_feedback_report", "not_quoting_a_bounce", "not_attached_bounce"}) {
    INFO(name);
    CHECK_FALSE(mail::may_be_delivery_report(watched(sample(name))));
  }
  CHECK_FALSE(mail::may_be_delivery_report(HeaderSection::parse("")));
}

TEST_CASE("a forged report has no mark and no Message-ID of ours, whatever its body quotes") {
  const auto report = parse_delivery_report(sample("forged"));
  REQUIRE(report);
  CHECK(report->marks.empty());
  CHECK(report->message_ids == std::vector<std::string>{"0123456789abcdef0123456789abcdef@example.com"});
}

TEST_CASE("of several recipients the worst action counts") {
  std::string message = sample("zimbra");
  replace(message, "Action: failed\nStatus: 5.2.2", "Action: delivered\nStatus: 2.0.0");
  const auto delayed = parse_delivery_report(message);
  REQUIRE(delayed);
  CHECK(delayed->action == Action::delayed);
  CHECK(delayed->recipient == "other@example.net");
  CHECK(delayed->reply == "delivery temporarily suspended");
  CHECK(delayed->remote_host.empty());
  replace(message, "Action: delayed\nStatus: 4.4.1", "Action: expanded\nStatus: 2.0.0");
  const auto delivered = parse_delivery_report(message);
  REQUIRE(delivered);
  CHECK(delivered->action == Action::delivered);
  CHECK(delivered->recipient == "third@example.net");
}

TEST_CASE("until when a delayed message is tried stands as it came") {
  CHECK(parse_delivery_report(sample("postfix_delayed"))->retry_until == "Sun, 19 Nov 2023 22:13:20 +0000 (UTC)");
}

TEST_CASE("an action that is missing or unknown follows from the status, else from the words") {
  std::string message = sample("postfix_failed");
  replace(message, "Action: failed\n", "Action: nonsense\n");
  CHECK(parse_delivery_report(message)->action == Action::failed);
  replace(message, "Status: 5.1.1\n", "Status: 4.1.1\n");
  CHECK(parse_delivery_report(message)->action == Action::delayed);
  replace(message, "Status: 4.1.1\n", "Status: 2.1.1\n");
  CHECK(parse_delivery_report(message)->action == Action::delivered);
  std::string delayed = sample("postfix_delayed");
  replace(delayed, "Action: delayed\nStatus: 4.4.1\nDiagnostic-Code", "X-Other");
  CHECK(parse_delivery_report(delayed)->action == Action::delayed);
}

TEST_CASE("a report whose status part is empty is read by its words") {
  std::string message = sample("sendmail_failed");
  const std::size_t begin = message.find("Final-Recipient");
  message.erase(begin, message.find("\n\n", begin) - begin);
  const auto report = parse_delivery_report(message);
  REQUIRE(report);
  CHECK(report->action == Action::failed);
  CHECK(report->recipient == "user@example.net");
  CHECK(report->reply == "550 5.1.1 <user@example.net>... User unknown");
  CHECK(report->remote_host == "mx.example.net");
  CHECK(report->marks.size() == 1);
}

TEST_CASE("a report without Return-Path, or with an empty one, is one as well") {
  for (const std::string_view name : {"qmail", "yahoo", "exim_old", "postfix_old_mixed", "postfix_failed"}) {
    std::string message = sample(name);
    replace(message, "Return-Path: <>", "Return-Path:");
    CHECK(parse_delivery_report(message));
    replace(message, "Return-Path:\n", "");
    CHECK(parse_delivery_report(message));
  }
}

TEST_CASE("prose of a stranger is no report") {
  std::string message = sample("qmail");
  replace(message, "Return-Path: <>", "Return-Path: <stranger@example.com>");
  CHECK_FALSE(parse_delivery_report(message));
  replace(message, "Return-Path: <stranger@example.com>\n", "");
  replace(message, "From: MAILER-DAEMON@", "From: stranger@");
  CHECK_FALSE(parse_delivery_report(message));
}

TEST_CASE("a message of a daemon that tells of no delivery is no report") {
  std::string message = sample("qmail");
  message.resize(message.find("\n\n") + 2);
  replace(message, "Subject: failure notice", "Subject: Welcome");
  CHECK_FALSE(parse_delivery_report(message + "Your mailbox is 90 % full.\n"));
  CHECK(parse_delivery_report(message + "Your message could not be delivered.\n"));
}

TEST_CASE("a report that ends anywhere is read as far as it goes, and no half line is believed") {
  for (const Row& row : rows()) {
    const std::string message = with_crlf(sample(row.name));
    for (std::size_t size = 0; size < message.size(); size += 7) {
      const auto report = parse_delivery_report(std::string_view(message).substr(0, size));
      if (report) CHECK((report->message_ids.empty() || report->message_ids.front() == kId));
    }
  }
}

TEST_CASE("of a long message 64 KiB count, and the line that is cut there does not") {
  std::string message = sample("qmail");
  const std::string mark = "X-Mailcheck-Roundtrip:";
  const std::size_t at = message.find(mark);
  const std::size_t line_end = message.find('\n', at);
  const auto padded = [&](std::size_t limit_at) {  // so that the limit falls there
    std::string text = message + std::string(mail::kReportLimit, 'x');
    const std::string field = "X-Padding: " + std::string(mail::kReportLimit - limit_at - 12, 'y') + "\n";
    text.insert(0, field);
    return parse_delivery_report(text);
  };
  REQUIRE(padded(line_end + 1));
  CHECK(padded(line_end + 1)->marks.size() == 1);
  REQUIRE(padded(line_end - 1));
  CHECK(padded(line_end - 1)->marks.empty());
  CHECK(padded(line_end - 1)->message_ids.size() == 1);
}

TEST_CASE("Message-IDs are those of the original and of what the report answers") {
  std::string message = sample("qmail");
  message.insert(0, "In-Reply-To: <a@b> and <broken\nReferences: <c@d>\n <a@b> <>\n");
  const auto report = parse_delivery_report(message);
  REQUIRE(report);
  CHECK(report->message_ids == std::vector<std::string>{std::string(kId), "a@b", "c@d"});
  std::string many = "References:";
  for (int i = 0; i < 1000; ++i) many += " <" + std::to_string(i) + "@x>\n";
  CHECK(parse_delivery_report(many + sample("qmail"))->message_ids.size() == 32);
}

TEST_CASE("a hostile reply is one line and bounded") {
  std::string message = sample("qmail");
  replace(message, "Recipient address rejected", std::string(20'000, 'z'));
  const auto report = parse_delivery_report(message);
  REQUIRE(report);
  CHECK(report->reply.size() <= 1000);
  CHECK(report->reply.find('\n') == std::string::npos);
}
