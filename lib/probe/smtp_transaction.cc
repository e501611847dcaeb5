#include "probe/smtp_transaction.h"

#include <fmt/format.h>

#include <algorithm>
#include <utility>

#include "smtp/dot_stuffing.h"
#include "smtp/reply_class.h"

namespace mailcheck::probe {
namespace {

using base::ErrorKind;
using base::Result;
using base::Stage;

smtp::Path path_of(const std::optional<mail::Address>& address) {
  return address ? smtp::Path(*address) : smtp::Path::null();
}

bool needs_utf8(const SmtpEnvelope& envelope) {
  if (envelope.from && !envelope.from->is_ascii()) return true;
  return std::any_of(envelope.to.begin(), envelope.to.end(), [](const auto& address) { return !address.is_ascii(); });
}

}  // namespace

void note_reply(const smtp::Session& session, SmtpSubmitFacts& facts, Stage stage, const Result<void>& result,
                std::string recipient) {
  const bool is_answered = result.has_value() || result.error().is_answered;
  const auto& reply = session.last_reply();
  if (!is_answered || !reply) return;
  const bool is_list = stage == Stage::ehlo && result && !reply->lines.empty();  // extensions are facts of their own
  // A DATA that is refused is told of at its step's error, which is `data`.
  facts.replies.push_back({.stage = result ? stage : result.error().stage,
                           .code = reply->code,
                           .enhanced = reply->enhanced,
                           .text = is_list ? reply->lines.front() : reply->text(),
                           .recipient = std::move(recipient),
                           .kind = result ? std::nullopt : std::optional(result.error().kind),
                           .is_about_sender_or_client = !result && smtp::is_about_sender_or_client(stage, *reply)});
  const bool is_listed = facts.replies.back().kind == ErrorKind::blocklisted;
  if (is_listed && facts.block_list.empty()) facts.block_list = smtp::named_list(*reply);
}

bool SmtpTransaction::is_offered(std::string_view extension) const {
  return client_.session().extensions().has(extension);
}

Result<void> SmtpTransaction::noted(Stage stage, Result<void> result, std::string recipient) {
  note_reply(client_.session(), facts_, stage, result, std::move(recipient));
  return result;
}

Result<void> SmtpTransaction::check_addresses() const {
  if (!needs_utf8(*request_.envelope) || is_offered("SMTPUTF8")) return {};
  return base::fail({Stage::mail, ErrorKind::local,
                     "an address is not ASCII, and the server does not offer SMTPUTF8; it was not sent"});
}

void SmtpTransaction::compose() {
  if (!request_.message) return;
  const mail::Transport transport = is_offered("8BITMIME") ? mail::Transport::eight_bit : mail::Transport::seven_bit;
  facts_.message_id = request_.message->message_id;
  message_ = mail::compose({.from = request_.envelope->from,
                            .to = request_.envelope->to,
                            .subject = request_.message->subject,
                            .headers = request_.message->headers,
                            .body = request_.message->body,
                            .date = facts_.now,
                            .message_id = facts_.message_id},
                           transport);
}

// RFC 1870 section 6.1: to be told the limit and to offer more would be a waste of both sides' time.
Result<void> SmtpTransaction::check_size() const {
  const auto limit = client_.session().extensions().largest_message();
  if (!limit || message_.empty() || message_.size() <= *limit) return {};
  return base::fail(
      {Stage::mail, ErrorKind::too_large,
       fmt::format("the message has {} bytes, the server takes {}; it was not sent", message_.size(), *limit)});
}

smtp::MailParameters SmtpTransaction::mail_parameters() const {
  smtp::MailParameters parameters;
  if (!message_.empty() && is_offered("SIZE")) parameters.size = smtp::transmitted_size(message_);
  if (smtp::has_eight_bit(message_) && is_offered("8BITMIME")) parameters.body = smtp::Body::eight_bit_mime;
  parameters.is_utf8 = needs_utf8(*request_.envelope);
  return parameters;
}

smtp::RcptParameters SmtpTransaction::rcpt_parameters() const {
  return {.notify = is_offered("DSN") ? request_.notify : smtp::Notify::unsaid};
}

Result<void> SmtpTransaction::run() {
  if (auto checked = check_addresses(); !checked) return checked;
  compose();
  if (auto checked = check_size(); !checked) return checked;
  const bool is_at_once = request_.pipelining == Pipelining::where_offered && is_offered("PIPELINING") &&
                          request_.stop_after > SmtpStop::mail && !request_.envelope->to.empty();
  if (auto offered = is_at_once ? offer_at_once() : offer(); !offered) return offered;
  if (request_.stop_after == SmtpStop::mail || request_.envelope->to.empty()) return {};
  facts_.is_envelope_accepted = true;
  if (request_.stop_after == SmtpStop::rcpt) return {};
  return request_.message ? send() : noted(Stage::rset, client_.reset());
}

Result<void> SmtpTransaction::offer() {
  auto taken = noted(Stage::mail, client_.mail(path_of(request_.envelope->from), mail_parameters()));
  if (!taken || request_.stop_after == SmtpStop::mail) return taken;
  const smtp::RcptParameters parameters = rcpt_parameters();
  Result<void> verdict;
  for (const mail::Address& to : request_.envelope->to) {
    taken = noted(Stage::rcpt, client_.rcpt(smtp::Path(to), parameters), to.text());
    if (taken) continue;
    if (verdict) verdict = std::move(taken);
    const bool goes_on = request_.recipients == Recipients::all && verdict.error().is_answered;
    if (!goes_on || client_.session().has_closed()) return verdict;
  }
  return verdict;
}

// Every reply is read, also after a refusal: they come anyway. The first refusal is the one that counts.
Result<void> SmtpTransaction::offer_at_once() {
  std::vector<smtp::Path> paths;
  for (const mail::Address& to : request_.envelope->to) paths.emplace_back(to);
  const smtp::RcptParameters parameters = rcpt_parameters();
  Result<void> verdict =
      noted(Stage::mail, client_.envelope(path_of(request_.envelope->from), mail_parameters(), paths, parameters));
  if (!verdict && (!verdict.error().is_answered || client_.session().has_closed())) return verdict;
  for (const mail::Address& to : request_.envelope->to) {
    auto taken = noted(Stage::rcpt, client_.await_rcpt(), to.text());
    if (!taken && !taken.error().is_answered) return verdict ? taken : verdict;
    if (!taken && verdict) verdict = std::move(taken);
    if (client_.session().has_closed()) break;
  }
  return verdict;
}

// LMTP answers once for each recipient (RFC 2033 section 4.2): all are read, the first refusal counts.
Result<void> SmtpTransaction::send() {
  if (request_.before_data) {
    if (auto prepared = request_.before_data(); !prepared) return prepared;
  }
  auto sent = noted(Stage::body, client_.send(smtp::stuff_dots(message_)));
  if (!sent) return sent;
  const bool answers_each = request_.hello == smtp::Hello::lhlo;
  Result<void> verdict;
  for (const mail::Address& to : request_.envelope->to) {
    auto taken = noted(Stage::data, client_.verdict(), answers_each ? to.text() : std::string());
    if (!taken && !taken.error().is_answered) return verdict ? taken : verdict;
    if (!taken && verdict) verdict = std::move(taken);
    if (!answers_each) break;
  }
  facts_.is_delivered = verdict.has_value();
  return verdict;
}

}  // namespace mailcheck::probe
