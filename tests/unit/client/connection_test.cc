#include "client/connection.h"

#include <algorithm>

#include "imap/session.h"
#include "support/fake_dialer.h"
#include "support/fake_resolver.h"
#include "support/memory_stream.h"
#include "unit/client/imap_peer.h"

using namespace mailcheck;
using namespace mailcheck::test;
using namespace std::chrono_literals;
using base::ErrorKind;
using base::Stage;
using client::Upgrade;

namespace {

// A connection in a world that stands still.
struct World {
  explicit World(base::Duration resolving = 0ms, base::Duration connecting = 0ms)
      : resolver(clock, resolving), dialer(clock, connecting) {
    resolver.add("imap.example.test", {"2001:db8::7", "192.0.2.7"});
  }
  [[nodiscard]] base::Deadline deadline(base::Duration from_now = 10s) const { return {clock, from_now}; }
  [[nodiscard]] client::Target target() const {
    return {.host = "imap.example.test", .port = 143, .family = dns::Family::any};
  }
  MemoryStream& add_stream(std::deque<std::string> chunks, MemoryEnd end = MemoryEnd::closed) {
    auto stream = std::make_unique<MemoryStream>(std::move(chunks), end);
    MemoryStream& reference = *stream;
    stream->set_clock(clock);
    dialer.add(std::move(stream));
    return reference;
  }
  // "dns 200 connect 100", in milliseconds
  [[nodiscard]] std::string steps() const {
    std::string text;
    for (const auto& step : timeline.steps()) {
      if (!text.empty()) text += " ";
      text += std::string(base::to_string(step.stage)) + " " + std::to_string(step.duration / 1ms);
    }
    return text;
  }
  [[nodiscard]] bool has_line(std::string_view text) const {
    const auto lines = transcript.lines();
    return std::any_of(lines.begin(), lines.end(), [&](const auto& line) { return line.ends_with(text); });
  }

  FakeClock clock;
  FakeResolver resolver;
  FakeDialer dialer;
  base::Mask mask;
  base::Timeline timeline{clock};
  net::Transcript transcript{clock, mask};
  client::Connection connection{{clock, resolver, dialer, timeline, transcript}};
};

tls::ClientOptions trusting() {
  tls::ClientOptions options;
  options.server_name = "imap.example.test";
  options.verify_names = {"imap.example.test"};
  options.ca_file = test_ca("root.pem");
  return options;
}

}  // namespace

TEST_CASE("a slow resolver makes dns longer, and nothing else") {
  World world(200ms);
  world.add_stream({});
  REQUIRE(world.connection.open(world.target(), world.deadline()).has_value());
  CHECK(world.steps() == "dns 200 connect 0");
}

TEST_CASE("a slow connect makes connect longer, and nothing else") {
  World world(0ms, 300ms);
  world.add_stream({});
  REQUIRE(world.connection.open(world.target(), world.deadline()).has_value());
  CHECK(world.steps() == "dns 0 connect 300");
  CHECK(world.has_line("connected to 2001:db8::7 port 143"));
}

TEST_CASE("an address needs no look-up and has no dns step") {
  World world(200ms);
  world.add_stream({});
  client::Target target = world.target();
  SECTION("given besides the name") {
    target.addresses = {*dns::Address::parse("192.0.2.9")};
  }
  SECTION("given as the host") {
    target.host = "192.0.2.9";
  }
  REQUIRE(world.connection.open(target, world.deadline()).has_value());
  CHECK(world.steps() == "connect 0");
  CHECK(world.resolver.asked().empty());
  REQUIRE(world.connection.address());
  CHECK(world.connection.address()->to_string() == "192.0.2.9");
}

TEST_CASE("a name in UTF-8 is looked up in its ASCII form") {
  World world;
  world.add_stream({});
  world.resolver.add("xn--bcher-kva.example", {"192.0.2.1"});
  client::Target target = world.target();
  target.host =
      "b\xc3\xbc"
      "cher.example";
  REQUIRE(world.connection.open(target, world.deadline()).has_value());
  CHECK(world.resolver.asked() == std::vector<std::string>{"xn--bcher-kva.example"});
}

TEST_CASE("only addresses of the family asked for are dialed") {
  World world;
  world.add_stream({});
  client::Target target = world.target();
  target.family = dns::Family::ipv4;
  REQUIRE(world.connection.open(target, world.deadline()).has_value());
  REQUIRE(world.dialer.dialed().size() == 1);
  REQUIRE(world.dialer.dialed()[0].first.size() == 1);
  CHECK(world.dialer.dialed()[0].first[0].to_string() == "192.0.2.7");
  CHECK(world.dialer.dialed()[0].second == 143);
}

TEST_CASE("a name that is not there is a failed dns step without a time") {
  World world(50ms);
  client::Target target = world.target();
  target.host = "nowhere.example";
  const auto opened = world.connection.open(target, world.deadline());
  REQUIRE_FALSE(opened.has_value());
  CHECK(opened.error().kind == ErrorKind::dns);
  CHECK(opened.error().stage == Stage::dns);
  CHECK(world.steps().empty());
  CHECK(world.dialer.dialed().empty());
}

TEST_CASE("a resolver that outlasts the deadline times out at the deadline") {
  World world(20s);
  const auto opened = world.connection.open(world.target(), world.deadline(3s));
  REQUIRE_FALSE(opened.has_value());
  CHECK(opened.error().kind == ErrorKind::timeout);
  CHECK(opened.error().stage == Stage::dns);
  CHECK(world.timeline.total() == 3s);
  CHECK(world.steps().empty());
}

TEST_CASE("a refused connection keeps the time of dns") {
  World world(200ms);
  const auto opened = world.connection.open(world.target(), world.deadline());
  REQUIRE_FALSE(opened.has_value());
  CHECK(opened.error().kind == ErrorKind::connect);
  CHECK(opened.error().stage == Stage::connect);
  CHECK(world.steps() == "dns 200");
  CHECK_FALSE(world.connection.address().has_value());
}

TEST_CASE("an address that failed before the one that answered is reported") {
  World world;
  world.add_stream({});
  world.dialer.fail_addresses(1, "network unreachable");
  REQUIRE(world.connection.open(world.target(), world.deadline()).has_value());
  CHECK(world.connection.address()->to_string() == "192.0.2.7");
  REQUIRE(world.connection.failed_addresses().size() == 1);
  CHECK(world.connection.failed_addresses()[0].address.to_string() == "2001:db8::7");
  CHECK(world.connection.failed_addresses()[0].reason == "network unreachable");
}

TEST_CASE("a dialogue is carried to its end, in pieces of any size, and stands in the transcript") {
  World world;
  MemoryStream& stream = world.add_stream({"* O", "K re", "ady\r", "\n"});
  stream.on_write([&](std::string_view) {
    world.clock.advance(70ms);
    stream.feed("* CAPABILITY X\r\nA1 OK\r\n");
  });
  REQUIRE(world.connection.open(world.target(), world.deadline()).has_value());
  imap::Session session;
  session.expect_greeting();
  REQUIRE(world.connection.converse(session, Stage::greeting, world.deadline()).has_value());
  session.capability();
  REQUIRE(world.connection.converse(session, Stage::capability, world.deadline()).has_value());
  CHECK(world.steps() == "dns 0 connect 0 greeting 0 capability 70");
  CHECK(world.has_line("S: * OK ready"));
  CHECK(world.has_line("C: A1 CAPABILITY"));
  CHECK(world.has_line("S: A1 OK"));
  CHECK_FALSE(world.connection.is_secure());
  CHECK_FALSE(world.connection.tls_facts().has_value());
  CHECK_FALSE(world.connection.channel_binding().has_value());
}

TEST_CASE("a refused step has its time, a step that times out or breaks off has none") {
  struct Row {
    std::string answer;
    MemoryEnd end;
    ErrorKind kind;
    std::string steps;
  };
  const auto row = GENERATE(values<Row>({
      {"A1 NO not now\r\n", MemoryEnd::silent, ErrorKind::command_refused, "dns 0 connect 0 greeting 0 capability 40"},
      {"", MemoryEnd::silent, ErrorKind::timeout, "dns 0 connect 0 greeting 0"},
      {"A1 N", MemoryEnd::silent, ErrorKind::timeout, "dns 0 connect 0 greeting 0"},
      {"A1 N", MemoryEnd::closed, ErrorKind::connection_lost, "dns 0 connect 0 greeting 0"},
      {"", MemoryEnd::reset, ErrorKind::connection_lost, "dns 0 connect 0 greeting 0"},
      {"* BYE out\r\n", MemoryEnd::closed, ErrorKind::connection_lost, "dns 0 connect 0 greeting 0"},
      {"rubbish\r\n", MemoryEnd::silent, ErrorKind::protocol_error, "dns 0 connect 0 greeting 0"},
  }));
  CAPTURE(row.answer);
  World world;
  MemoryStream& stream = world.add_stream({"* OK\r\n"}, row.end);
  stream.on_write([&](std::string_view) {
    world.clock.advance(40ms);
    stream.feed(row.answer);
  });
  REQUIRE(world.connection.open(world.target(), world.deadline()).has_value());
  imap::Session session;
  session.expect_greeting();
  REQUIRE(world.connection.converse(session, Stage::greeting, world.deadline()).has_value());
  session.capability();
  const auto asked = world.connection.converse(session, Stage::capability, world.deadline(1s));
  REQUIRE_FALSE(asked.has_value());
  CHECK(base::to_string(asked.error().kind) == base::to_string(row.kind));
  CHECK(asked.error().stage == Stage::capability);
  CHECK(world.steps() == row.steps);
  const bool is_timed = row.steps.ends_with("capability 40");
  CHECK(world.timeline.unfinished() == (is_timed ? std::nullopt : std::optional(Stage::capability)));
}

TEST_CASE("half a line is shown when the connection is closed") {
  World world;
  world.add_stream({"* OK ", "half"}, MemoryEnd::silent);
  REQUIRE(world.connection.open(world.target(), world.deadline()).has_value());
  imap::Session session;
  session.expect_greeting();
  CHECK_FALSE(world.connection.converse(session, Stage::greeting, world.deadline()).has_value());
  world.connection.close(world.deadline());
  CHECK(world.has_line("S: * OK half"));
}

TEST_CASE("a secret in a line that never ends is masked wherever the line is cut") {
  for (std::size_t before = 4080; before <= 4100; ++before) {
    World world;
    world.mask.add(base::Secret("hunter2-hunter2"));
    world.add_stream({std::string(before, 'x') + "hunter", "2-hunter2 and more"}, MemoryEnd::silent);
    REQUIRE(world.connection.open(world.target(), world.deadline()).has_value());
    imap::Session session;
    session.expect_greeting();
    CHECK_FALSE(world.connection.converse(session, Stage::greeting, world.deadline()).has_value());
    world.connection.close(world.deadline());
    for (const std::string& line : world.transcript.lines()) {
      CAPTURE(before, line);
      CHECK(line.find("2-hunter2") == std::string::npos);
    }
  }
}

TEST_CASE("TLS from the first byte has its own step") {
  World world;
  ImapPeer peer(world.clock, PeerTls::implicit);
  peer.delay_handshake(80ms);
  world.dialer.add(peer.take_stream());
  REQUIRE(world.connection.open(world.target(), world.deadline()).has_value());
  REQUIRE(secure(world.connection, trusting(), Upgrade::implicit, world.deadline()).has_value());
  CHECK(world.connection.is_secure());
  CHECK(world.steps() == "dns 0 connect 0 tls 80");
  REQUIRE(world.connection.tls_facts());
  CHECK(world.connection.tls_facts()->version == "TLSv1.3");
  CHECK(world.connection.tls_facts()->faults.empty());
  REQUIRE(world.connection.channel_binding());
  CHECK(world.connection.channel_binding()->type == "tls-exporter");
  imap::Session session;
  session.expect_greeting();
  REQUIRE(world.connection.converse(session, Stage::greeting, world.deadline()).has_value());
  world.connection.close(world.deadline());
  CHECK(world.has_line("established"));
}

TEST_CASE("a certificate that is not accepted ends the step, and its facts are there") {
  World world;
  ImapPeer peer(world.clock, PeerTls::implicit, {.certificate = "expired"});
  world.dialer.add(peer.take_stream());
  REQUIRE(world.connection.open(world.target(), world.deadline()).has_value());
  const auto secured = secure(world.connection, trusting(), Upgrade::implicit, world.deadline());
  REQUIRE_FALSE(secured.has_value());
  CHECK(secured.error().kind == ErrorKind::expired);
  CHECK(secured.error().stage == Stage::tls);
  CHECK(world.steps() == "dns 0 connect 0");
  REQUIRE(world.connection.tls_facts());
  CHECK_FALSE(world.connection.tls_facts()->sent_chain.empty());
}

TEST_CASE("plain text where TLS should be is told by when it comes") {
  for (const auto& [upgrade, kind] : {std::pair{Upgrade::implicit, ErrorKind::plain_text_on_tls_port},
                                      {Upgrade::starttls, ErrorKind::starttls_injected}}) {
    World world;
    world.add_stream({"* OK plain as day\r\n"});
    REQUIRE(world.connection.open(world.target(), world.deadline()).has_value());
    const auto secured = secure(world.connection, trusting(), upgrade, world.deadline());
    REQUIRE_FALSE(secured.has_value());
    CHECK(base::to_string(secured.error().kind) == base::to_string(kind));
    CHECK(secured.error().peer_text == "* OK plain as day");
  }
}

TEST_CASE("a server that never shakes hands times out in the tls step") {
  World world;
  world.add_stream({}, MemoryEnd::silent);
  REQUIRE(world.connection.open(world.target(), world.deadline()).has_value());
  const auto secured = secure(world.connection, trusting(), Upgrade::implicit, world.deadline(4s));
  REQUIRE_FALSE(secured.has_value());
  CHECK(secured.error().kind == ErrorKind::timeout);
  CHECK(secured.error().stage == Stage::tls);
  CHECK(world.steps() == "dns 0 connect 0");
  CHECK(world.timeline.total() == 4s);
}

TEST_CASE("a port that says nothing is asked in TLS") {
  World world;
  ImapPeer peer(world.clock, PeerTls::implicit);
  peer.set_end(MemoryEnd::silent);
  world.dialer.add(peer.take_stream());
  REQUIRE(world.connection.prepare_tls(trusting()).has_value());
  REQUIRE(world.connection.open(world.target(), world.deadline()).has_value());
  imap::Session session;
  session.expect_greeting();
  const auto greeted = world.connection.converse(session, Stage::greeting, world.deadline(2s));
  REQUIRE_FALSE(greeted.has_value());
  CHECK(greeted.error().kind == ErrorKind::timeout);
  CHECK(world.connection.answers_in_tls(world.deadline()));
  CHECK(world.has_line("the server answers in TLS"));
  REQUIRE(world.connection.tls_facts());
  CHECK(world.connection.tls_facts()->version == "TLSv1.3");
  CHECK(world.steps() == "dns 0 connect 0");
  CHECK(world.timeline.unfinished() == Stage::greeting);
  world.connection.close(world.deadline());
  CHECK(peer.tls().has_seen_close());
}

TEST_CASE("a port that is silent or closed in TLS too has not answered") {
  const MemoryEnd end = GENERATE(MemoryEnd::silent, MemoryEnd::closed, MemoryEnd::reset);
  World world;
  world.add_stream({}, end);
  REQUIRE(world.connection.prepare_tls(trusting()).has_value());
  REQUIRE(world.connection.open(world.target(), world.deadline()).has_value());
  const base::TimePoint start = world.clock.now();
  CHECK_FALSE(world.connection.answers_in_tls(world.deadline(1s)));
  CHECK(world.clock.now() - start <= 1s);
  CHECK(world.has_line("the server does not answer in TLS either"));
  CHECK(world.steps() == "dns 0 connect 0");
}

TEST_CASE("without a connection or without TLS nothing is asked in TLS") {
  World unconnected;
  REQUIRE(unconnected.connection.prepare_tls(trusting()).has_value());
  CHECK_FALSE(unconnected.connection.answers_in_tls(unconnected.deadline()));
  World unprepared;
  const auto written = unprepared.add_stream({}, MemoryEnd::silent).written();
  REQUIRE(unprepared.connection.open(unprepared.target(), unprepared.deadline()).has_value());
  CHECK_FALSE(unprepared.connection.answers_in_tls(unprepared.deadline()));
  CHECK(written->empty());
}

TEST_CASE("a CA file that is not there is our own fault, told before a byte is sent") {
  World world;
  const MemoryStream& stream = world.add_stream({}, MemoryEnd::silent);
  const auto written = stream.written();
  REQUIRE(world.connection.open(world.target(), world.deadline()).has_value());
  tls::ClientOptions options = trusting();
  options.ca_file = "/nowhere/root.pem";
  const auto secured = secure(world.connection, options, Upgrade::implicit, world.deadline());
  REQUIRE_FALSE(secured.has_value());
  CHECK(secured.error().kind == ErrorKind::local);
  CHECK(secured.error().stage == Stage::tls);
  CHECK(written->empty());
}
