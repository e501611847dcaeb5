#include "dns/server_records.h"

#include <fmt/format.h>

#include <fstream>
#include <sstream>

#include "dns/record_data.h"
#include "dns_server.h"
#include "support/catch2.h"
#include "support/fake_clock.h"

using namespace mailcheck;
using dns::LookupOutcome;
using dns::RecordType;
using test::DnsMessage;
using test::DnsRequest;
using test::DnsServer;
using namespace std::chrono_literals;

namespace {

DnsMessage reply_to(const DnsRequest& request) {
  return DnsMessage(request.name, request.type).id(request.id);
}

dns::RecordSet ask(const DnsServer& server, RecordType type, const std::string& name = "example.test",
                   base::Duration limit = 60s) {
  const base::SystemClock clock;
  dns::ServerRecords records(dns::NameServer{.address = server.address(), .port = server.port()});
  return records.records(name, type, base::Deadline(clock, limit));
}

dns::NameServer at(const std::string& address) {
  return {.address = dns::Address::parse(address).value()};
}

}  // namespace

TEST_CASE("the AD bit of the answer survives the resolver library, and is asked for") {
  const bool is_signed = GENERATE(true, false);
  std::atomic<bool> wants_security = false;
  const DnsServer server([is_signed, &wants_security](const DnsRequest& request) {
    wants_security = request.wants_security;
    DnsMessage reply = reply_to(request).text(request.name, "v=STSv1; id=1");
    return is_signed ? reply.authentic().bytes() : reply.bytes();
  });
  const auto set = ask(server, RecordType::txt);
  CHECK(set.outcome == LookupOutcome::found);
  CHECK(set.is_secure == is_signed);
  CHECK(wants_security);
  REQUIRE(set.data.size() == 1);
  CHECK(dns::read_txt(set.data.front()) == "v=STSv1; id=1");
  CHECK(set.detail.empty());
}

TEST_CASE("so it does on a server with an IPv6 address") {
  const DnsServer server(
      [](const DnsRequest& request) { return reply_to(request).text(request.name, "x").authentic().bytes(); }, "::1");
  if (!server.has_udp()) return;  // a machine without IPv6
  CHECK(ask(server, RecordType::txt).is_secure);
}

TEST_CASE("every type is asked for by its number") {
  const auto [type, number] = GENERATE(table<RecordType, unsigned>({{RecordType::a, 1},
                                                                    {RecordType::aaaa, 28},
                                                                    {RecordType::cname, 5},
                                                                    {RecordType::mx, 15},
                                                                    {RecordType::txt, 16},
                                                                    {RecordType::tlsa, 52},
                                                                    {RecordType::caa, 257}}));
  std::atomic<unsigned> asked = 0;
  const DnsServer server([&asked](const DnsRequest& request) {
    asked = request.type;
    return reply_to(request)
        .record(request.name, request.type, test::dns_name("x.test"))
        .bytes();  // an MX record too: preference "\x01x"
  });
  const auto set = ask(server, type);
  CHECK(asked == number);
  CHECK(set.outcome == LookupOutcome::found);
}

TEST_CASE("no such name and no such record are told apart, each with its security") {
  const auto [code, outcome] =
      GENERATE(table<unsigned, LookupOutcome>({{0, LookupOutcome::no_record}, {3, LookupOutcome::no_name}}));
  const bool is_signed = GENERATE(true, false);
  const DnsServer server([code = code, is_signed](const DnsRequest& request) {
    DnsMessage reply = reply_to(request).code(code);
    return is_signed ? reply.authentic().bytes() : reply.bytes();
  });
  const auto set = ask(server, RecordType::tlsa, "_25._tcp.mail.example.test.");
  CHECK(set.outcome == outcome);
  CHECK(set.is_secure == is_signed);
  CHECK(set.canonical_name == "_25._tcp.mail.example.test");
  CHECK(set.data.empty());
}

TEST_CASE("an alias is followed to its records and its absent name alike") {
  const unsigned code = GENERATE(0U, 3U);
  const DnsServer server([code](const DnsRequest& request) {
    DnsMessage reply = reply_to(request).alias(request.name, "b.test").alias("b.test", "C.test").authentic().code(code);
    return code == 0 ? reply.exchanger("c.test", 10, "mx.test").bytes() : reply.bytes();
  });
  const auto set = ask(server, RecordType::mx);
  CHECK(set.outcome == (code == 0 ? LookupOutcome::found : LookupOutcome::no_name));
  CHECK(set.canonical_name == "C.test");
  CHECK(set.is_secure);
}

TEST_CASE("a server that fails or refuses is named with its reason, and proves nothing") {
  const auto [code, words, outcome] = GENERATE(table<unsigned, std::string, LookupOutcome>({
      {2, "failed (SERVFAIL)", LookupOutcome::failed},
      {5, "refused to answer (REFUSED)", LookupOutcome::unreachable},
      {4, "answered with error code 4", LookupOutcome::failed},
  }));
  const DnsServer server(
      [code = code](const DnsRequest& request) { return reply_to(request).authentic().code(code).bytes(); });
  const auto set = ask(server, RecordType::tlsa);
  CHECK(set.outcome == outcome);
  CHECK_FALSE(set.is_secure);
  CHECK(set.detail == fmt::format("looking up example.test: name server 127.0.0.1 port {} {}", server.port(), words));
}

TEST_CASE("a truncated answer is asked for again over TCP, and its AD bit counts") {
  const DnsServer server([](const DnsRequest& request) {
    if (!request.is_tcp) return reply_to(request).truncated().bytes();
    return reply_to(request).text(request.name, std::string(200, 'x')).authentic().bytes();
  });
  REQUIRE(server.has_tcp());
  const auto set = ask(server, RecordType::txt);
  CHECK(set.outcome == LookupOutcome::found);
  CHECK(set.is_secure);
}

TEST_CASE("a truncated answer with nothing over TCP is a failure that says so") {
  const DnsServer server([](const DnsRequest& request) {
    return request.is_tcp ? std::string() : reply_to(request).authentic().truncated().bytes();
  });
  const auto set = ask(server, RecordType::txt);
  CHECK(set.outcome == LookupOutcome::failed);
  CHECK_FALSE(set.is_secure);
  CHECK(set.detail.find("answered in part only (truncated), and not over TCP") != std::string::npos);
}

TEST_CASE("a silent server is waited for until the deadline") {
  const DnsServer server([](const DnsRequest&) { return std::string(); });
  const auto set = ask(server, RecordType::mx, "example.test", 100ms);
  CHECK(set.outcome == LookupOutcome::silent);
  CHECK_FALSE(set.is_secure);
  CHECK(set.detail.find("looking up example.test: name server 127.0.0.1 port ") == 0);
  CHECK(set.detail.find(" did not answer within ") != std::string::npos);
}

TEST_CASE("with no time left no server is asked") {
  const DnsServer server([](const DnsRequest& request) { return reply_to(request).bytes(); });
  const test::FakeClock clock;
  dns::ServerRecords records(dns::NameServer{.address = server.address(), .port = server.port()});
  CHECK(records.records("example.test", RecordType::a, base::Deadline(clock, 0s)).outcome == LookupOutcome::silent);
  CHECK(server.requests() == 0);
}

TEST_CASE("compression in a circle and promised records are malformed answers") {
  const bool is_loop = GENERATE(true, false);
  const DnsServer server([is_loop](const DnsRequest& request) {
    if (!is_loop) return reply_to(request).exchanger(request.name, 1, "mx.test").promise_one_more().bytes();
    std::string bytes = reply_to(request).exchanger(request.name, 1, "mx.test").authentic().bytes();
    return bytes.replace(30, 2, "\xc0\x1e");  // the first record's name points to itself
  });
  const auto set = ask(server, RecordType::mx);
  CHECK(set.outcome == LookupOutcome::failed);
  CHECK_FALSE(set.is_secure);
  CHECK(set.detail.find("sent a malformed answer") != std::string::npos);
}

TEST_CASE("64 records are read, 65 are refused") {
  const int count = GENERATE(64, 65);
  const DnsServer server([count](const DnsRequest& request) {
    if (!request.is_tcp) return reply_to(request).truncated().bytes();
    DnsMessage reply = reply_to(request);
    for (int i = 0; i < count; ++i) reply.text(request.name, std::to_string(i));
    return reply.authentic().bytes();
  });
  const auto set = ask(server, RecordType::txt);
  CHECK(set.outcome == (count == 64 ? LookupOutcome::found : LookupOutcome::failed));
  CHECK(set.data.size() == (count == 64 ? 64 : 0));
  if (count > 64) CHECK(set.detail.find("sent more than 64 records") != std::string::npos);
}

TEST_CASE("what cannot be the name of records is not asked for") {
  const DnsServer server([](const DnsRequest& request) { return reply_to(request).bytes(); });
  const auto name = GENERATE(as<std::string>{}, "", "exa mple.test", std::string("example.test\0.evil", 18), "a..test",
                             fmt::format("{}.test", std::string(64, 'a')), std::string(300, 'a'));
  const auto set = ask(server, RecordType::mx, name);
  CHECK(set.outcome == LookupOutcome::failed);
  CHECK_FALSE(set.detail.empty());
  CHECK(server.requests() == 0);
}

TEST_CASE("a port where nobody listens is told as unreachable") {
  std::uint16_t port = 0;
  {
    const DnsServer server([](const DnsRequest&) { return std::string(); });
    port = server.port();
  }
  const base::SystemClock clock;
  dns::ServerRecords records(dns::NameServer{.address = dns::Address::parse("127.0.0.1").value(), .port = port});
  const auto set = records.records("example.test", RecordType::mx, base::Deadline(clock, 20s));
  CHECK(set.outcome == LookupOutcome::unreachable);
  CHECK(set.detail.find("connection refused") != std::string::npos);
}

TEST_CASE("all servers must be on loopback, and there must be one") {
  CHECK(dns::are_on_loopback({at("127.0.0.53"), at("::1")}));
  CHECK_FALSE(dns::are_on_loopback({at("127.0.0.53"), at("192.0.2.53")}));
  CHECK_FALSE(dns::are_on_loopback({}));
  CHECK(dns::ServerRecords(at("127.0.0.1")).is_on_loopback());
  CHECK_FALSE(dns::ServerRecords(at("192.0.2.53")).is_on_loopback());
  CHECK(dns::ServerRecords(at("192.0.2.53")).name() == "name server 192.0.2.53 port 53");
  CHECK(dns::ServerRecords().name() == "the system's name server");
}

TEST_CASE("the library's state tells who would be asked") {
  const auto address = GENERATE(as<std::string>{}, "192.0.2.53", "2001:db8::53", "::1");
  dns::ResolverState state;
  REQUIRE(state.use_server({.address = dns::Address::parse(address).value(), .port = 5353}, 1s));
  const auto servers = state.servers();
  REQUIRE(servers.size() == 1);
  CHECK(servers.front().address.to_string() == address);
  CHECK(servers.front().port == 5353);
}

TEST_CASE("the system's servers are those of resolv.conf") {
  std::vector<std::string> expected;
  std::ifstream file("/etc/resolv.conf");
  for (std::string line; std::getline(file, line) && expected.size() < MAXNS;) {
    std::istringstream words(line);
    std::string key, value;
    if (words >> key >> value && key == "nameserver" && dns::Address::parse(value)) expected.push_back(value);
  }
  if (expected.empty()) expected.emplace_back("127.0.0.1");
  dns::ResolverState state;
  REQUIRE(state.use_system(1s));
  std::vector<std::string> found;
  for (const auto& server : state.servers()) found.push_back(server.address.to_string());
  CHECK(found == expected);
  CHECK((state.get()->options & RES_TRUSTAD) != 0);
  CHECK(dns::ServerRecords().is_on_loopback() == dns::are_on_loopback(state.servers()));
}
