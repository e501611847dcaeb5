// Scene: a probe's environment of fakes, with one IMAP server in memory behind the name imap.example.test.
#pragma once

#include <string>
#include <utility>
#include <vector>

#include "probe/imap_login.h"
#include "support/fake_dialer.h"
#include "support/fake_resolver.h"
#include "unit/client/imap_peer.h"

namespace mailcheck::test {

// The names of the steps, in order.
inline std::vector<std::string> names(const std::vector<base::Timeline::Step>& steps) {
  std::vector<std::string> result;
  for (const auto& step : steps) result.emplace_back(base::to_string(step.stage));
  return result;
}

struct Scene {
  explicit Scene(PeerTls tls = PeerTls::none, const ServerSetup& setup = {}) : peer(clock, tls, setup) {
    resolver.add("imap.example.test", {"192.0.2.7"});
  }

  // Logs in as probe with the password hunter2-hunter2.
  [[nodiscard]] probe::ImapLoginRequest request(probe::Encryption encryption = probe::Encryption::implicit) const {
    probe::ImapLoginRequest result;
    result.target.host = "imap.example.test";
    result.target.port = encryption == probe::Encryption::implicit ? 993 : 143;
    result.encryption = encryption;
    result.tls.server_name = "imap.example.test";
    result.tls.verify_names = {"imap.example.test"};
    result.tls.ca_file = test_ca("root.pem");
    result.credentials.emplace();
    result.credentials->user = "probe";
    result.credentials->password = base::Secret("hunter2-hunter2");
    result.timeout = std::chrono::seconds(10);
    return result;
  }

  [[nodiscard]] probe::ImapLoginFacts run(probe::ImapLoginRequest request) {
    dialer.add(peer.take_stream());
    return probe::imap_login(std::move(request), {.clock = clock, .resolver = resolver, .dialer = dialer});
  }

  // The first words of what the peer heard.
  [[nodiscard]] std::vector<std::string> heard_verbs() const {
    std::vector<std::string> verbs;
    for (const auto& line : peer.heard()) verbs.push_back(line.substr(0, line.find(' ')));
    return verbs;
  }

  FakeClock clock;
  ImapPeer peer;
  FakeResolver resolver;
  FakeDialer dialer;
};

}  // namespace mailcheck::test
