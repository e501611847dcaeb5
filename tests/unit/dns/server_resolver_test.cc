#include "dns/server_resolver.h"

#include <algorithm>

#include "dns_server.h"
#include "support/catch2.h"

using namespace mailcheck;
using dns::Family;
using test::DnsMessage;
using test::DnsRequest;
using test::DnsServer;
using namespace std::chrono_literals;

namespace {

DnsMessage reply_to(const DnsRequest& request) {
  return DnsMessage(request.name, request.type).id(request.id);
}

base::Result<std::vector<dns::Address>> ask(const DnsServer& server, const std::string& host,
                                            Family family = Family::any, base::Duration limit = 60s) {
  const base::SystemClock clock;
  dns::ServerResolver resolver(server.address(), server.port());
  return resolver.addresses(host, family, base::Deadline(clock, limit));
}

std::vector<std::string> texts(const std::vector<dns::Address>& addresses) {
  std::vector<std::string> result;
  for (const auto& address : addresses) result.push_back(address.to_string());
  return result;
}

bool contains(const base::Error& error, const std::string& part) {
  return error.detail.find(part) != std::string::npos;
}

std::string loopback_answer(const DnsRequest& request) {
  return reply_to(request).address(request.name, request.type == DnsMessage::kA ? "127.0.0.9" : "::1").bytes();
}

}  // namespace

TEST_CASE("both families are asked for; what has no route comes last") {
  const DnsServer server(loopback_answer);
  const auto answer = ask(server, "mail.example.test");
  REQUIRE(answer);
  auto found = texts(*answer);
  std::sort(found.begin(), found.end());
  CHECK(found == std::vector<std::string>{"127.0.0.9", "::1"});
  CHECK(server.requests() == 2);
}

TEST_CASE("one family is one question") {
  const DnsServer server(loopback_answer);
  const auto family = GENERATE(Family::ipv4, Family::ipv6);
  const auto answer = ask(server, "mail.example.test", family);
  REQUIRE(answer);
  REQUIRE(answer->size() == 1);
  CHECK(answer->front().is_ipv6() == (family == Family::ipv6));
  CHECK(server.requests() == 1);
}

TEST_CASE("an alias chain in the answer is followed") {
  const DnsServer server([](const DnsRequest& request) {
    return reply_to(request)
        .alias(request.name, "cluster.example.test")
        .alias("cluster.example.test", "node7.example.test")
        .address("node7.example.test", "127.0.0.7")
        .bytes();
  });
  const auto answer = ask(server, "mail.example.test", Family::ipv4);
  REQUIRE(answer);
  CHECK(texts(*answer) == std::vector<std::string>{"127.0.0.7"});
}

TEST_CASE("a name that does not exist is told from one without such an address") {
  const DnsServer server([](const DnsRequest& request) {
    const bool is_known = request.name == "mail.example.test";
    if (is_known && request.type == DnsMessage::kA) return reply_to(request).address(request.name, "127.0.0.1").bytes();
    return reply_to(request).code(is_known ? 0 : 3).bytes();
  });
  const auto missing = ask(server, "nonexistent.example.test");
  REQUIRE_FALSE(missing);
  CHECK(missing.error().stage == base::Stage::dns);
  CHECK(missing.error().kind == base::ErrorKind::dns);
  CHECK(missing.error().detail == "host name nonexistent.example.test does not exist");
  const auto no_ipv6 = ask(server, "mail.example.test", Family::ipv6);
  REQUIRE_FALSE(no_ipv6);
  CHECK(no_ipv6.error().kind == base::ErrorKind::dns);
  CHECK(no_ipv6.error().detail == "host name mail.example.test has no IPv6 address, only IPv4");
  const auto any = ask(server, "mail.example.test");
  REQUIRE(any);
  CHECK(texts(*any) == std::vector<std::string>{"127.0.0.1"});
}

TEST_CASE("a name of the other family only says so, and one of neither says that") {
  const DnsServer server([](const DnsRequest& request) {
    const bool has_it = request.name == "six.example.test" && request.type == DnsMessage::kAaaa;
    return has_it ? reply_to(request).address(request.name, "2001:db8::7").bytes() : reply_to(request).bytes();
  });
  const auto six = ask(server, "six.example.test", Family::ipv4);
  REQUIRE_FALSE(six);
  CHECK(six.error().detail == "host name six.example.test has no IPv4 address, only IPv6");
  const auto none = ask(server, "none.example.test", Family::ipv4);
  REQUIRE_FALSE(none);
  CHECK(none.error().detail == "host name none.example.test has no IPv4 address");
}

TEST_CASE("a server that fails or refuses is named with its reason") {
  const auto [code, words] = GENERATE(table<unsigned, std::string>({
      {2, "failed (SERVFAIL)"},
      {5, "refused to answer (REFUSED)"},
      {9, "answered with error code 9"},
  }));
  const DnsServer server([code = code](const DnsRequest& request) { return reply_to(request).code(code).bytes(); });
  const auto answer = ask(server, "mail.example.test", Family::ipv4);
  REQUIRE_FALSE(answer);
  CHECK(answer.error().kind == base::ErrorKind::dns);
  CHECK(contains(answer.error(), words));
  CHECK(contains(answer.error(), "name server 127.0.0.1 port " + std::to_string(server.port())));
}

TEST_CASE("one family failing does not spoil the other") {
  const DnsServer server([](const DnsRequest& request) {
    return request.type == DnsMessage::kAaaa ? reply_to(request).code(2).bytes() : loopback_answer(request);
  });
  const auto answer = ask(server, "mail.example.test");
  REQUIRE(answer);
  CHECK(texts(*answer) == std::vector<std::string>{"127.0.0.9"});
}

TEST_CASE("a server that is silent about IPv6 only costs time, not the answer") {
  const DnsServer server([](const DnsRequest& request) {
    return request.type == DnsMessage::kAaaa ? std::string() : loopback_answer(request);
  });
  const auto answer = ask(server, "mail.example.test", Family::any, 7900ms);
  REQUIRE(answer);
  CHECK(texts(*answer) == std::vector<std::string>{"127.0.0.9"});
}

TEST_CASE("an answer that promises more than it holds is malformed") {
  const DnsServer server([](const DnsRequest& request) {
    return reply_to(request).address(request.name, "127.0.0.1").promise_one_more().bytes();
  });
  const auto answer = ask(server, "mail.example.test", Family::ipv4);
  REQUIRE_FALSE(answer);
  CHECK(answer.error().kind == base::ErrorKind::dns);
  CHECK(contains(answer.error(), "malformed"));
}

TEST_CASE("silence, garbage and answers to other questions end with the deadline") {
  const auto reply = GENERATE(as<std::string>{}, "", "no DNS message at all, though long enough for one",
                              DnsMessage("other.example.test", DnsMessage::kA).bytes());
  const DnsServer server([reply](const DnsRequest&) { return reply; });
  const auto answer = ask(server, "mail.example.test", Family::ipv4, 150ms);
  REQUIRE_FALSE(answer);
  CHECK(answer.error().kind == base::ErrorKind::timeout);
  CHECK(contains(answer.error(), "did not answer within "));
}

TEST_CASE("a truncated answer is asked for again over TCP") {
  const DnsServer server([](const DnsRequest& request) {
    if (!request.is_tcp) return reply_to(request).truncated().bytes();
    return reply_to(request).address(request.name, "127.0.0.3").bytes();
  });
  REQUIRE(server.has_tcp());
  const auto answer = ask(server, "mail.example.test", Family::ipv4);
  REQUIRE(answer);
  CHECK(texts(*answer) == std::vector<std::string>{"127.0.0.3"});
}

TEST_CASE("a server with an IPv6 address is asked over IPv6") {
  const DnsServer server(loopback_answer, "::1");
  if (!server.has_udp()) return;  // a machine without IPv6
  const auto answer = ask(server, "mail.example.test", Family::ipv4);
  REQUIRE(answer);
  CHECK(texts(*answer) == std::vector<std::string>{"127.0.0.9"});
  CHECK(server.requests() == 1);
}

TEST_CASE("a port where nobody listens is an error that says so") {
  std::uint16_t port = 0;
  {
    const DnsServer server(loopback_answer);
    port = server.port();
  }
  const base::SystemClock clock;
  dns::ServerResolver resolver(dns::Address::parse("127.0.0.1").value(), port);
  const auto answer = resolver.addresses("mail.example.test", Family::ipv4, base::Deadline(clock, 20s));
  REQUIRE_FALSE(answer);
  CHECK(answer.error().kind == base::ErrorKind::dns);
  CHECK(contains(answer.error(), "connection refused"));
}

TEST_CASE("what is no host name is refused") {
  const DnsServer server(loopback_answer);
  const auto host = GENERATE(as<std::string>{}, "mail..example.test", std::string(64, 'a') + ".test");
  const auto answer = ask(server, host, Family::ipv4);
  REQUIRE_FALSE(answer);
  CHECK(answer.error().kind == base::ErrorKind::dns);
  CHECK(contains(answer.error(), "is no host name"));
  CHECK(server.requests() == 0);
}

TEST_CASE("a name server is given as address and port") {
  const auto [text, address, port] = GENERATE(table<std::string, std::string, std::uint16_t>({
      {"192.0.2.53", "192.0.2.53", 53},
      {"192.0.2.53:5353", "192.0.2.53", 5353},
      {"192.0.2.53:65535", "192.0.2.53", 65535},
      {"2001:db8::53", "2001:db8::53", 53},
      {"[2001:db8::53]", "2001:db8::53", 53},
      {"[2001:db8::53]:5353", "2001:db8::53", 5353},
  }));
  const auto resolver = dns::ServerResolver::parse(text);
  REQUIRE(resolver);
  CHECK(resolver->server().to_string() == address);
  CHECK(resolver->port() == port);
}

TEST_CASE("anything else is refused as name server") {
  const auto text = GENERATE(as<std::string>{}, "", ":53", "ns.example.test", "192.0.2.53:", "192.0.2.53:0",
                             "192.0.2.53:65536", "192.0.2.53:+1", "192.0.2.53:5 3", "[192.0.2.53]:53", "[2001:db8::53",
                             "[2001:db8::53]53", "[2001:db8::53]:", "[]", "192.0.2.53:53:53");
  const auto resolver = dns::ServerResolver::parse(text);
  REQUIRE_FALSE(resolver);
  CHECK(resolver.error().kind == base::ErrorKind::local);
  CHECK(contains(resolver.error(), "name server \"" + text + "\""));
}
