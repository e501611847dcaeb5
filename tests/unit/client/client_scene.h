// ClientScene: an ImapClient that is connected to a peer in memory, with what its tests ask of it.
#pragma once

#include <string>

#include "client/imap_client.h"
#include "support/fake_dialer.h"
#include "support/fake_resolver.h"
#include "unit/client/imap_peer.h"

namespace mailcheck::test {

inline tls::ClientOptions trusting(tls::Verification verification = tls::Verification::required) {
  tls::ClientOptions options;
  options.server_name = "imap.example.test";
  options.verify_names = {"imap.example.test"};
  options.verification = verification;
  options.ca_file = test_ca("root.pem");
  return options;
}

struct ClientScene {
  explicit ClientScene(PeerTls tls = PeerTls::none, const ServerSetup& setup = {}) : peer(clock, tls, setup) {}

  void connect() {
    dialer.add(peer.take_stream());
    const client::Target target{.host = "192.0.2.7", .port = 143, .family = dns::Family::any};
    REQUIRE(connection.open(target, {clock, std::chrono::seconds(10)}).has_value());
  }
  void greet() {
    connect();
    REQUIRE(client.greeting().has_value());
  }
  // Connected over verified TLS from the first byte, greeted, capabilities known.
  void greet_in_tls(tls::Verification verification = tls::Verification::required) {
    connect();
    REQUIRE(secure(connection, trusting(verification), client::Upgrade::implicit, {clock, std::chrono::seconds(10)})
                .has_value());
    REQUIRE(client.greeting().has_value());
    REQUIRE(client.capability().has_value());
  }
  [[nodiscard]] base::Duration time_of(base::Stage stage) const {
    for (const auto& step : timeline.steps()) {
      if (step.stage == stage) return step.duration;
    }
    return std::chrono::milliseconds(-1);
  }
  [[nodiscard]] std::string shown() const {
    std::string text;
    for (const auto& line : transcript.lines()) text += line + "\n";
    return text;
  }

  FakeClock clock;
  ImapPeer peer;
  FakeResolver resolver;
  FakeDialer dialer;
  base::Mask mask;
  base::Timeline timeline{clock};
  net::Transcript transcript{clock, mask};
  client::Connection connection{{clock, resolver, dialer, timeline, transcript}};
  client::ImapClient client{connection, {clock, std::chrono::seconds(10)}};
};

inline client::LogIn log_in(std::string mechanism = {},
                            client::PlainTextAuth plain_text = client::PlainTextAuth::refused) {
  client::LogIn result;
  result.credentials.user = "probe";
  result.credentials.password = base::Secret("hunter2");
  result.mechanism = std::move(mechanism);
  result.plain_text = plain_text;
  return result;
}

inline void offer(ClientScene& scene, const std::string& capabilities) {
  scene.peer.on("CAPABILITY", "* CAPABILITY " + capabilities + "\r\n{tag} OK\r\n");
}

}  // namespace mailcheck::test
