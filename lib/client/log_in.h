// Log in: what ImapClient and SmtpClient have in common when they authenticate: the credentials, the rules for sending
// them, and the making of the SASL mechanism over this connection.
#pragma once

#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "base/mask.h"
#include "client/connection.h"
#include "sasl/choice.h"

namespace mailcheck::client {

enum class PlainTextAuth { refused, allowed };

struct LogIn {
  sasl::Credentials credentials;
  std::string mechanism;  // --auth: a SASL name, "strongest", or empty; IMAP: also "LOGIN-COMMAND"
  PlainTextAuth plain_text = PlainTextAuth::refused;
  base::Mask* mask = nullptr;  // learns what is made of the password and sent instead of it
};

// Error plaintext_auth_refused: the connection is not secret, and that was not allowed.
[[nodiscard]] base::Result<void> may_send_credentials(const Connection& connection, const LogIn& log_in);

// What the choice of a mechanism needs to know of the connection, for these offered ones.
[[nodiscard]] sasl::ChoiceRequest choice_request(const Connection& connection, std::vector<std::string> offered,
                                                 const LogIn& log_in);

// The mechanism of that name, bound to the connection where it can be. Wipes the credentials: it has its own copy, and
// wipes that.
[[nodiscard]] base::Result<std::unique_ptr<sasl::Mechanism>> make_mechanism(const Connection& connection,
                                                                            const std::string& name,
                                                                            const std::vector<std::string>& offered,
                                                                            LogIn& log_in);

// A refusal names what was refused: a password, a token or a certificate.
void name_proof(base::Error& error, std::string_view mechanism);

// True for the first bytes of a TLS record.
[[nodiscard]] bool looks_like_tls(std::string_view bytes);

}  // namespace mailcheck::client
