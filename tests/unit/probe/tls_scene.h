// TlsScene: the environment of a survey, all of it fakes: servers in memory that are dialed one after the other behind
// mail.example.test, DNS records from a table, a policy host.
#pragma once

#include <deque>
#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "probe/tls_survey.h"
#include "support/fake_dialer.h"
#include "support/fake_fetcher.h"
#include "support/fake_records.h"
#include "support/fake_resolver.h"
#include "tls/context.h"
#include "unit/client/upgrade_peer.h"
#include "unit/probe/scene.h"

namespace mailcheck::test {

struct TlsScene {
  TlsScene() { resolver.add("mail.example.test", {"192.0.2.25"}); }

  // The next connection leads to this server. Change it as you like; then run().
  UpgradePeer& add_server(const ServerSetup& setup = {}, PeerTls tls = PeerTls::none,
                          client::Protocol protocol = client::Protocol::smtp) {
    return *servers.emplace_back(std::make_unique<UpgradePeer>(clock, words_of(protocol), tls, setup));
  }

  // SMTP with STARTTLS, as a plugin would ask with a host alone.
  [[nodiscard]] static probe::TlsSurveyRequest request() {
    probe::TlsSurveyRequest result;
    result.target.host = "mail.example.test";
    result.target.port = 25;
    result.hello_name = "monitor.example.test";
    result.tls.ca_file = test_ca("root.pem");
    result.tls.survey.emplace();
    auto context = tls::make_context(result.tls);
    REQUIRE(context.has_value());
    result.tls.context = std::move(*context);
    result.timeout = std::chrono::seconds(10);
    return result;
  }
  [[nodiscard]] static probe::TlsSurveyRequest with_dane() {
    auto result = request();
    result.dane = probe::DaneQuestion::asked;
    return result;
  }
  [[nodiscard]] static probe::TlsSurveyRequest with_exchangers() {
    auto result = request();
    result.target.host.clear();
    result.exchanges_of = "example.test";
    return result;
  }

  [[nodiscard]] probe::TlsSurveyFacts run(const probe::TlsSurveyRequest& request) {
    for (; taken < servers.size(); ++taken) dialer.add(servers[taken]->take_stream());
    return probe::tls_survey(request, {{clock, resolver, dialer}, records, fetcher});
  }

  // Addresses that were dialed, those of one connection with "+" between them.
  [[nodiscard]] std::vector<std::string> dialed() const {
    std::vector<std::string> result;
    for (const auto& [addresses, port] : dialer.dialed()) {
      std::string text;
      for (const auto& address : addresses) text += (text.empty() ? "" : "+") + address.to_string();
      result.push_back(text);
    }
    return result;
  }

  FakeClock clock;
  FakeResolver resolver;
  FakeDialer dialer;
  FakeRecords records;
  FakeFetcher fetcher;
  std::deque<std::unique_ptr<UpgradePeer>> servers;
  std::size_t taken = 0;
};

}  // namespace mailcheck::test
