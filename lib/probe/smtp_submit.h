// The probe behind check_smtp_submit: one submission as a mail client makes it. Connect, secure, greet, log in, offer a
// message; then take it back (RSET), or send it.
//
// Promises: facts of every finished step are there however the session ends; a failed QUIT never spoils them; nothing
// is delivered unless a message is in the request, and nothing is ever sent twice; the first recipient that is refused
// ends the session before DATA; what the server cannot take (an address in UTF-8, a message that is too large) is found
// before it is offered. Credentials are wiped as soon as they were used and appear in no fact.
#pragma once

#include <functional>
#include <optional>
#include <string>
#include <vector>

#include "client/smtp_client.h"
#include "mail/address.h"
#include "mail/message.h"
#include "net/transcript.h"
#include "probe/encryption.h"
#include "probe/environment.h"
#include "probe/smtp_submit_facts.h"

namespace mailcheck::probe {

// The last step that is done; everything after it is left out.
enum class SmtpStop { connect, greeting, ehlo, tls, auth, mail, rcpt, end };

enum class Pipelining { off, where_offered };

// Which recipients are asked for: those up to the first refusal, or every one. Either way the first refusal ends the
// session before DATA.
enum class Recipients { until_refused, all };

struct SmtpEnvelope {
  std::optional<mail::Address> from;  // none: "<>"
  std::vector<mail::Address> to;      // may be empty: MAIL only
};

struct SmtpMessage {
  std::string subject;
  std::vector<mail::Header> headers;
  std::string body;
  std::string message_id;  // without angle brackets
};

struct SmtpSubmitRequest {
  client::Target target;
  std::optional<net::ProxyVersion> proxy;
  Encryption encryption = Encryption::starttls;
  tls::ClientOptions tls;
  smtp::Hello hello = smtp::Hello::ehlo;         // lhlo: LMTP
  std::string hello_name;                        // empty: the address literal of this side
  std::optional<sasl::Credentials> credentials;  // none: nobody logs in
  std::string mechanism;
  client::PlainTextAuth plain_text_auth = client::PlainTextAuth::refused;
  std::optional<SmtpEnvelope> envelope;  // none: the session ends after log in
  std::optional<SmtpMessage> message;    // none: RSET, nothing is sent
  Pipelining pipelining = Pipelining::off;
  Recipients recipients = Recipients::until_refused;
  smtp::Notify notify = smtp::Notify::never;  // where DSN is offered: no bounce for a probe
  // Called when sender and recipients are accepted and the message is about to go; an error ends the session there.
  std::function<base::Result<void>()> before_data = {};
  std::function<void(base::Stage)> on_step = {};  // told of every step as it begins
  SmtpStop stop_after = SmtpStop::end;
  base::Duration timeout{};
  net::Recording recording = net::Recording::off;
  base::Mask mask = {};  // what must not be shown besides the secrets of this request
};

// False: the session ends before TLS, so that nothing of `tls` is needed.
[[nodiscard]] bool has_tls(const SmtpSubmitRequest& request);

[[nodiscard]] SmtpSubmitFacts smtp_submit(SmtpSubmitRequest request, const Environment& environment);

}  // namespace mailcheck::probe
