// Connection: one connection to a server from name look-up to good-bye, every step timed. It moves the bytes of any
// base::Dialogue (the pump), so that sessions stay without I/O, and it is the only place where a plain stream becomes a
// secure one.
//
//   [prepare_tls] -> open -> [secure] -> converse ... -> [secure] -> converse ...
//
// Steps go to the Timeline that it is given (dns, connect, tls, and what converse() is told); a step that fails is
// begun and never finished. The dialogue goes to the Transcript. Errors carry the stage they happened in.
#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "base/dialogue.h"
#include "base/timeline.h"
#include "dns/resolver.h"
#include "net/dialer.h"
#include "net/secure_stream.h"
#include "net/transcript.h"
#include "tls/client.h"

namespace mailcheck::client {

struct Target {
  std::string host;              // a name in UTF-8 or an IP address
  std::string unix_socket = {};  // path; connect there, and nowhere else; empty: TCP
  std::uint16_t port = 0;
  std::vector<dns::Address> addresses = {};  // connect there, tried in order, without a look-up
  dns::Family family = dns::Family::any;
};

enum class Upgrade { implicit, starttls };

class Connection {
 public:
  struct Parts {
    const base::Clock& clock;
    dns::Resolver& resolver;
    net::Dialer& dialer;
    base::Timeline& timeline;
    net::Transcript& transcript;
  };
  explicit Connection(Parts parts) : parts_(parts) {}

  // Reads trust, certificate and key, so that a file that cannot be used is found before anything is sent. To be called
  // before secure(). Errors: stage tls, kind local.
  [[nodiscard]] base::Result<void> prepare_tls(const tls::ClientOptions& options);
  // Steps dns (not with an address) and connect.
  [[nodiscard]] base::Result<void> open(const Target& target, base::Deadline deadline);
  // PROXY protocol, to be sent before anything else. Not over a Unix socket. Errors: stage connect.
  [[nodiscard]] base::Result<void> send_proxy_header(net::ProxyVersion version, base::Deadline deadline);
  // Step tls. Plain text where the handshake should be is plain_text_on_tls_port, after STARTTLS starttls_injected.
  [[nodiscard]] base::Result<void> secure(Upgrade upgrade, base::Deadline deadline);
  // Step `stage`: drives the verb that the dialogue has started until Done.
  [[nodiscard]] base::Result<void> converse(base::Dialogue& dialogue, base::Stage stage, base::Deadline deadline);
  // The same for a verb that is no step: it leaves none in the timeline, unless it fails.
  [[nodiscard]] base::Result<void> converse_untimed(base::Dialogue& dialogue, base::Stage stage,
                                                    base::Deadline deadline);
  // The same for a verb that only waits, until there is something or `until` passes: false then, and the session lives
  // on; what has come of a response by then is kept.
  [[nodiscard]] base::Result<bool> listen(base::Dialogue& dialogue, base::Stage stage, base::Deadline until);
  // Whether a peer that has not said a word answers to TLS: so that a port that is secret from the first byte is told
  // from one that hangs. Needs prepare_tls(); no step; tls_facts() afterwards as after secure(). Nothing but close()
  // may follow.
  [[nodiscard]] bool answers_in_tls(base::Deadline deadline);
  // Tells a secure peer that we go. Best effort.
  void close(base::Deadline deadline);

  // Of a TCP connection that stands.
  [[nodiscard]] const std::optional<dns::Address>& address() const { return address_; }
  [[nodiscard]] const std::optional<net::Endpoint>& local() const { return local_; }
  [[nodiscard]] const std::vector<net::FailedAddress>& failed_addresses() const { return failed_; }
  [[nodiscard]] bool is_secure() const { return secure_ != nullptr; }
  // After secure(), also if it failed.
  [[nodiscard]] std::optional<tls::SessionFacts> tls_facts() const;
  [[nodiscard]] std::optional<tls::ChannelBinding> channel_binding() const;

 private:
  base::Result<void> open_unix_socket(const std::string& path, base::Deadline deadline);
  base::Result<std::vector<dns::Address>> look_up(const Target& target, base::Deadline deadline);
  base::Error failed_untimed(base::Error error, base::Stage stage);
  base::Result<void> pump(base::Dialogue& dialogue, base::Deadline deadline);
  base::Result<void> read_more(base::Dialogue& dialogue, base::Deadline deadline);
  void record_received(std::string_view bytes);

  Parts parts_;
  std::unique_ptr<tls::Client> tls_client_;  // until secure() takes it
  std::unique_ptr<net::Stream> stream_;
  net::SecureStream* secure_ = nullptr;  // stream_, once it is one
  std::optional<dns::Address> address_;
  std::uint16_t port_ = 0;
  std::optional<net::Endpoint> local_;
  std::vector<net::FailedAddress> failed_;
  std::string partial_line_;  // received, for the transcript
};

}  // namespace mailcheck::client
