// Reply class: what a refusal of a mail server means. The one place where code, enhanced code (RFC 3463), the step it
// came at and the words decide together, since none of them can be believed alone: 550 5.7.30 means three things, 454
// is not a wrong password, 5.7.1 means nearly anything. The order in which they count is the order of the rules in
// reply_class.cc; the words are in reply_words.h. Addresses that a reply quotes are no words of it.
//
// A class is a base::ErrorKind (greylisted, rate_limited, blocklisted, auth_failed, auth_unavailable, tls_required,
// relay_denied, unknown_recipient, mailbox_full, too_large, content_rejected, policy, temporary, permanent,
// protocol_error, service_closing; at STARTTLS also starttls_refused, at AUTH no_mechanism), and so a row of the table
// of findings. A server that wants log in before mail (530) is policy: nothing was wrong with any credentials.
//
// Sources: RFC 5321, 3463, 4954, 5248 and the IANA registry of enhanced codes; the documentation of the servers whose
// words stand in tests/unit/smtp/replies.inc, one by one.
#pragma once

#include <string>

#include "base/error.h"
#include "smtp/reply.h"

namespace mailcheck::smtp {

// Precondition: the reply is not what the step hoped for (4xx, 5xx, or an unexpected 2xx/3xx: protocol_error). `stage`
// is the step whose command was answered; data is the reply to DATA itself as well as the one after the final dot. A
// greeting is judged as any other reply: temporary, permanent and policy say no more than that it turns us away.
[[nodiscard]] base::ErrorKind reply_class(base::Stage stage, const Reply& reply);

// Whether the rule that decides is about the sender's address or domain, or about who the client is (its name in EHLO,
// its reverse DNS, SPF, DKIM, DMARC). Such a refusal tells nothing about relaying: another sender or client might be
// let through. Only true of permanent refusals of the class policy. False where the server wants a log in, and for
// "Client host rejected: Access denied", which is how Postfix wants one on a port for submission.
[[nodiscard]] bool is_about_sender_or_client(base::Stage stage, const Reply& reply);

// Name or URL of the block list that the words name ("zen.spamhaus.org", "https://..."), at most 200 bytes, empty if
// there is none. Untrusted. To be asked when the class is blocklisted.
[[nodiscard]] std::string named_list(const Reply& reply);

// The refusal as an error: detail in our words, peer_text the reply's words, peer_code its codes ("535 5.7.8"),
// is_answered. After 421 the server closes the connection all the same.
[[nodiscard]] base::Error refusal(base::Stage stage, const Reply& reply);

}  // namespace mailcheck::smtp
