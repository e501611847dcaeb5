// UpgradeProtocol: what UpgradeClient has to know of a mail protocol: which session speaks it, and how that is asked
// for a greeting, for capabilities, for STARTTLS and for the server's words. One verb at a time; each is driven by
// Connection::converse(dialogue()).
#pragma once

#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/dialogue.h"
#include "base/stage.h"

namespace mailcheck::client {

enum class Protocol { smtp, lmtp, imap, pop3, sieve };

// "smtp", "lmtp", "imap", "pop3", "sieve".
[[nodiscard]] std::string_view to_string(Protocol protocol);

// Untrusted.
struct ServerReply {
  std::string code;      // "220"; "OK"; "-ERR"
  std::string enhanced;  // enhanced status code or response code: "4.7.0"; "SYS/TEMP"; "TRYLATER"
  std::string text;
};

class UpgradeProtocol {
 public:
  [[nodiscard]] static std::unique_ptr<UpgradeProtocol> make(Protocol protocol);
  virtual ~UpgradeProtocol() = default;

  [[nodiscard]] virtual base::Dialogue& dialogue() = 0;
  virtual void expect_greeting() = 0;
  // What in the greeting makes STARTTLS impossible.
  [[nodiscard]] virtual std::optional<base::Error> obstacle() const { return std::nullopt; }
  // Each returns the step that it has begun. No step: the greeting has told the capabilities.
  [[nodiscard]] virtual std::optional<base::Stage> ask_capabilities(const std::string& hello_name) = 0;
  [[nodiscard]] virtual base::Stage leave() = 0;
  virtual void starttls() = 0;
  virtual void tls_started() = 0;

  [[nodiscard]] virtual bool may_start_tls() const = 0;
  // The server has said good-bye or has closed: nothing can be said any more.
  [[nodiscard]] virtual bool has_closed() const = 0;
  [[nodiscard]] virtual std::optional<std::string> greeting() const = 0;
  [[nodiscard]] virtual std::vector<std::string> capabilities() const = 0;
  [[nodiscard]] virtual std::optional<ServerReply> last_reply() const = 0;
};

}  // namespace mailcheck::client
