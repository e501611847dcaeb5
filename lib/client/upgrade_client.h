// UpgradeClient: reaches the point where a mail server's TLS can be judged, in any of the five protocols, and nothing
// beyond: greeting, capabilities, STARTTLS, handshake, good-bye. Nobody logs in.
//
//   plain port              upgrade() -> leave()
//   TLS from the first byte Connection::secure(Upgrade::implicit) -> greeting() -> leave()
//
// Inside TLS the capabilities are asked for again, as every client does: a session that dies there is no good one.
// Each step is timed: greeting, ehlo or capability (none for sieve, whose greeting tells them), starttls, tls, quit or
// logout. Nothing ever falls back to plain text.
#pragma once

#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "client/connection.h"
#include "client/upgrade_protocol.h"

namespace mailcheck::client {

class UpgradeClient {
 public:
  // hello_name: of EHLO and LHLO, see hello_name.h.
  UpgradeClient(Connection& connection, Protocol protocol, std::string hello_name, base::Deadline deadline);

  // Errors: those of Connection::converse and Connection::secure; tls_on_plain_port, preauth, starttls_absent,
  // starttls_refused, starttls_injected; a greeting or EHLO that is refused is what the session says: greeting,
  // service_closing, blocklisted, ...
  [[nodiscard]] base::Result<void> upgrade();
  [[nodiscard]] base::Result<void> greeting();
  // Waits for the server's good-bye no longer than `deadline`. Fails with an alert of the server, tls_handshake: a
  // server of TLS 1.3 refuses a missing client certificate no sooner; and where nothing else was said inside TLS
  // (sieve), with whatever goes wrong. Nothing else about a good-bye is of concern.
  // Precondition: no step is unfinished.
  [[nodiscard]] base::Result<void> leave(base::Deadline deadline);

  [[nodiscard]] std::optional<std::string> greeting_text() const { return protocol_->greeting(); }
  // Offered before TLS. Empty, too, if none were told.
  [[nodiscard]] const std::vector<std::string>& capabilities() const { return capabilities_; }
  // The server's last reply as probe/session_facts.h wants it, empty where there is none. Untrusted. After leave() it
  // is the one to the good-bye.
  [[nodiscard]] std::string reply_code() const { return last_reply().code; }          // "220"; "OK"; "-ERR"
  [[nodiscard]] std::string reply_enhanced() const { return last_reply().enhanced; }  // "4.7.0"; "SYS/TEMP"
  [[nodiscard]] std::string reply_text() const { return last_reply().text; }

 private:
  base::Result<void> converse(base::Stage stage);
  base::Result<void> ask_capabilities();
  base::Result<void> starttls();
  base::Result<void> resume();
  base::Result<void> converse_inside(base::Stage stage, base::Deadline deadline);
  [[nodiscard]] ServerReply last_reply() const { return protocol_->last_reply().value_or(ServerReply()); }

  Connection& connection_;
  base::Deadline deadline_;
  std::string hello_name_;
  std::unique_ptr<UpgradeProtocol> protocol_;
  std::vector<std::string> capabilities_;
  bool is_proven_ = true;  // inside TLS the server has said something, or TLS came first
};

}  // namespace mailcheck::client
