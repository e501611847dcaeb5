// ImapClient while somebody waits for mail, looks at it by UID, and cleans up.
#include "client/imap_client.h"
#include "unit/client/client_scene.h"

using namespace mailcheck;
using namespace mailcheck::test;
using namespace std::chrono_literals;
using base::ErrorKind;
using base::Stage;
using Texts = std::vector<std::string>;

namespace {

// Greeted, then silent when it has nothing to say; INBOX is open.
struct OpenScene : ClientScene {
  explicit OpenScene(PeerTls tls = PeerTls::none) : ClientScene(tls) {
    peer.set_end(MemoryEnd::silent);
    if (tls == PeerTls::implicit)
      greet_in_tls();
    else
      greet();
    REQUIRE(client.open("INBOX", imap::OpenMode::select).has_value());
  }
  [[nodiscard]] base::Deadline in(base::Duration from_now) const { return {clock, from_now}; }
};

}  // namespace

TEST_CASE("IDLE ends as soon as there are news") {
  OpenScene scene(GENERATE(PeerTls::none, PeerTls::implicit));
  scene.peer.on("IDLE", "+ idling\r\n* 13 EXISTS\r\n");
  scene.peer.then("{tag} OK\r\n");
  const auto heard = scene.client.idle(scene.in(5s));
  REQUIRE(heard);
  CHECK(*heard);
  CHECK(scene.timeline.total() == 0s);
  CHECK(scene.peer.heard().back() == "DONE");
  CHECK(scene.client.take_news());
  CHECK_FALSE(scene.client.take_news());
  CHECK(scene.time_of(Stage::look) == -1ms);
  CHECK_FALSE(scene.timeline.unfinished().has_value());
}

TEST_CASE("IDLE without news ends in time, and what came in part is kept") {
  OpenScene scene(GENERATE(PeerTls::none, PeerTls::implicit));
  scene.peer.on("IDLE", "+ idling\r\n* OK Still here\r\n* 13 EX");
  scene.peer.then("ISTS\r\n{tag} OK\r\n");
  scene.peer.then("{tag} OK\r\n");
  const auto late = scene.client.idle(scene.in(5s));
  REQUIRE(late);
  CHECK(*late);
  CHECK(scene.timeline.total() == 5s);
  CHECK(scene.client.session().mailbox().messages == 13);
  CHECK(scene.client.take_news());
  scene.peer.on("IDLE", "+ idling\r\n");
  const auto nothing = scene.client.idle(scene.in(1s));
  REQUIRE(nothing);
  CHECK_FALSE(*nothing);
  CHECK(scene.timeline.total() == 6s);
  CHECK(scene.peer.heard().back() == "DONE");
  CHECK(scene.timeline.unfinished() == std::nullopt);
}

TEST_CASE("news that nobody has taken are not waited for") {
  OpenScene scene;
  scene.peer.on("NOOP", "* 13 EXISTS\r\n{tag} OK\r\n");
  REQUIRE(scene.client.noop().has_value());
  CHECK(scene.client.idle(scene.in(5s)).value());
  CHECK(scene.client.pause(scene.in(5s)).value());
  CHECK(scene.peer.heard().back() == "NOOP");
  CHECK(scene.timeline.total() == 0s);
}

TEST_CASE("an IDLE that fails is a failed look") {
  struct Row {
    std::string idle, done;
    MemoryEnd end;
    ErrorKind kind;
    base::Duration total;
  };
  const auto row = GENERATE(values<Row>({
      {"{tag} NO not now\r\n", "", MemoryEnd::silent, ErrorKind::command_refused, 0s},
      {"", "", MemoryEnd::silent, ErrorKind::timeout, 10s},
      {"+ idling\r\n", "", MemoryEnd::silent, ErrorKind::timeout, 10s},
      {"+ idling\r\n", "{tag} BAD what\r\n", MemoryEnd::silent, ErrorKind::command_refused, 1s},
      {"+ idling\r\n* BYE out\r\n", "", MemoryEnd::closed, ErrorKind::connection_lost, 0s},
      {"+ idling\r\n", "", MemoryEnd::closed, ErrorKind::connection_lost, 0s},
      {"+ idling\r\n", "", MemoryEnd::reset, ErrorKind::connection_lost, 0s},
  }));
  CAPTURE(row.idle, row.done);
  OpenScene scene;
  scene.peer.on("IDLE", row.idle);
  scene.peer.then(row.done);
  scene.peer.set_end(row.end);
  const auto heard = scene.client.idle(scene.in(1s));
  REQUIRE_FALSE(heard.has_value());
  CHECK(base::to_string(heard.error().kind) == base::to_string(row.kind));
  CHECK(heard.error().stage == Stage::look);
  CHECK(scene.timeline.total() == row.total);
  CHECK(scene.time_of(Stage::look) == -1ms);
  CHECK(scene.timeline.unfinished() == (heard.error().is_answered ? std::nullopt : std::optional(Stage::look)));
}

TEST_CASE("a pause says nothing, and hears what comes") {
  OpenScene scene;
  const auto heard_before = scene.peer.heard();
  const auto nothing = scene.client.pause(scene.in(2s));
  REQUIRE(nothing);
  CHECK_FALSE(*nothing);
  CHECK(scene.timeline.total() == 2s);
  CHECK(scene.peer.heard() == heard_before);
  scene.peer.on("NOOP", "{tag} OK\r\n* STATUS Junk (UIDNEXT 5)\r\n");  // after the reply, as NOTIFY does
  REQUIRE(scene.client.noop().has_value());
  const auto heard = scene.client.pause(scene.in(2s));
  REQUIRE(heard);
  CHECK(*heard);
  CHECK(scene.timeline.total() == 2s);
  CHECK(scene.client.session().statuses().size() == 1);
  CHECK(scene.client.take_news());
  scene.peer.set_end(MemoryEnd::closed);
  const auto lost = scene.client.pause(scene.in(2s));
  REQUIRE_FALSE(lost.has_value());
  CHECK(lost.error().kind == ErrorKind::connection_lost);
}

TEST_CASE("looks and clean-up are no steps, lists and fetches are") {
  OpenScene scene;
  scene.peer.on("LIST", "* LIST (\\Junk) \"/\" Junk\r\n{tag} OK\r\n", 10ms);
  scene.peer.on("NOOP", "{tag} OK\r\n", 20ms);
  scene.peer.on("STATUS", "* STATUS Junk (UIDNEXT 5)\r\n{tag} OK\r\n", 20ms);
  scene.peer.on("NOTIFY", "{tag} OK\r\n", 20ms);
  scene.peer.on("UID FETCH", "* 4 FETCH (UID 10 BODY[]<0> \"a\")\r\n{tag} OK\r\n", 30ms);
  scene.peer.on("UID STORE", "{tag} OK\r\n", 40ms);
  scene.peer.on("UID EXPUNGE", "{tag} OK\r\n", 40ms);
  scene.peer.on("EXPUNGE", "{tag} OK\r\n", 40ms);
  scene.peer.on("UID MOVE", "{tag} OK [COPYUID 7 10 3]\r\n", 40ms);
  REQUIRE(scene.client.list_special_use().has_value());
  REQUIRE(scene.client.noop().has_value());
  REQUIRE(scene.client.status("Junk").has_value());
  CHECK(scene.client.session().statuses().size() == 1);
  REQUIRE(scene.client.notify("Junk").has_value());
  REQUIRE(scene.client.fetch_from(10).has_value());
  REQUIRE(scene.client.fetch_headers_of({10}).has_value());
  REQUIRE(scene.client.fetch_section(10, imap::Section::whole).has_value());
  CHECK(scene.client.session().messages().size() == 1);
  REQUIRE(scene.client.store_deleted({10}).has_value());
  REQUIRE(scene.client.expunge({10}).has_value());
  REQUIRE(scene.client.expunge_all().has_value());
  REQUIRE(scene.client.move({10}, "Trash").has_value());
  CHECK(scene.client.session().copied().has_value());
  CHECK(scene.peer.heard().back() == "UID MOVE 10 Trash");
  CHECK(scene.time_of(Stage::list) == 10ms);
  CHECK(scene.time_of(Stage::fetch) == 90ms);
  CHECK(scene.time_of(Stage::look) == -1ms);
  CHECK(scene.time_of(Stage::cleanup) == -1ms);
  CHECK_FALSE(scene.timeline.unfinished().has_value());
}

TEST_CASE("a clean-up that is refused lets the session live, one that hangs ends at its own deadline") {
  OpenScene scene;
  scene.peer.on("UID STORE", "{tag} NO read-only\r\n");
  const auto refused = scene.client.store_deleted({10});
  REQUIRE_FALSE(refused.has_value());
  CHECK(refused.error().kind == ErrorKind::command_refused);
  CHECK(refused.error().stage == Stage::cleanup);
  CHECK_FALSE(scene.timeline.unfinished().has_value());
  scene.client.set_deadline(scene.in(3s));
  scene.peer.on("UID EXPUNGE", "");
  const auto hanging = scene.client.expunge({10});
  REQUIRE_FALSE(hanging.has_value());
  CHECK(hanging.error().kind == ErrorKind::timeout);
  CHECK(scene.timeline.total() == 3s);
  CHECK(scene.timeline.unfinished() == Stage::cleanup);
}
