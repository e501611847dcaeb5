#include "mail/received.h"

#include "support/catch2.h"

using namespace mailcheck;

namespace {

constexpr long long kTime = 1795244589;  // Sat, 21 Nov 2026 07:03:09 +0000

struct Shape {
  std::string value;
  std::string from;
  std::string by;
};

mail::DeliveryPath path_of(const std::string& header) {
  return mail::read_delivery_path(mail::HeaderSection::parse(header));
}

std::string stamp(const std::string& by, const std::string& clock) {
  return "Received: from x by " + by + "; Sat, 21 Nov 2026 " + clock + " +0000\r\n";
}

}  // namespace

TEST_CASE("stamps of all makes are read") {
  const std::string date = "; Sat, 21 Nov 2026 08:03:09 +0100 (CET)";
  const auto shape = GENERATE_COPY(values<Shape>({
      {"from mail.example.org (mail.example.org [192.0.2.1]) (using TLSv1.3 with cipher X (256/256 bits)) "
       "(No client certificate requested) by mx.example.net (Postfix) with ESMTPS id 4ABC for <a@example.net>",
       "mail.example.org", "mx.example.net"},
      {"by mail.example.org (Postfix, from userid 1000) id 4ABC", "", "mail.example.org"},
      {"from [192.0.2.1] (helo=client.example.org) by mail.example.net with esmtpsa (TLS1.3) tls TLS_AES (Exim 4.96) "
       "(envelope-from <a@example.org>) id 1abc-0001 for b@example.net",
       "[192.0.2.1]", "mail.example.net"},
      {"from root by mail.example.net with local (Exim 4.96)", "root", "mail.example.net"},
      {"from mx.example.net ([192.0.2.9])\tby store.example.net with LMTP id ABC (envelope-from <a@example.org>) for "
       "<b@example.net>",
       "mx.example.net", "store.example.net"},
      {"from AM0.eurprd01.prod.example.com (2603:10a6::1) by AM5.eurprd01.prod.example.com ([fe80::1:2%3]) with "
       "Microsoft SMTP Server (version=TLS1_2, cipher=X) id 15.20.9891.15 via Frontend Transport",
       "AM0.eurprd01.prod.example.com", "AM5.eurprd01.prod.example.com"},
      {"by 2002:a05:6402:1234:0:0:0:0 with SMTP id x24csp123", "", "2002:a05:6402:1234:0:0:0:0"},
      {"from mail.example.org (mail.example.org. [192.0.2.1]) by mx.google.com. with ESMTPS id a1 for "
       "<a@example.com> (version=TLS1_3 cipher=X bits=256/256)",
       "mail.example.org", "mx.google.com"},
      {"(qmail 12345 invoked by uid 89)", "", ""},
      {"from unknown (HELO client) (192.0.2.1) by 0 with SMTP", "unknown", "0"},
      {"FROM a BY b for <\"x;y\"@example.org>", "a", "b"},
      {"from a (by (c) \\) by d) by b", "a", "b"},
  }));
  CAPTURE(shape.value);
  const auto hop = mail::parse_received(shape.value + date);
  CHECK(hop.from == shape.from);
  CHECK(hop.by == shape.by);
  REQUIRE(hop.time);
  CHECK(hop.time->time_since_epoch().count() == kTime);
}

TEST_CASE("a stamp without a date has no time, but its hosts") {
  const auto value = GENERATE(as<std::string>{}, "from a by b", "from a by b; soon", "from a by b;", "from a by b ; ;");
  const auto hop = mail::parse_received(value);
  CHECK(hop.from == "a");
  CHECK(hop.by == "b");
  CHECK_FALSE(hop.time);
}

TEST_CASE("a broken stamp is a hop nobody knows more of") {
  const auto value = GENERATE(as<std::string>{}, "", ";", "from", "by", "(((", "from a (open by", "\x01\xff");
  CHECK(mail::parse_received(value).by.empty());
  CHECK(path_of("Received: " + value + "\n").hops.size() == 1);
  CHECK(mail::parse_received("from a (open by b; 21 Nov 2026 07:03:09 GMT").time);
  CHECK(mail::parse_received("by " + std::string(256, 'x')).by.empty());
}

TEST_CASE("the path is in order of travel, with durations between neighbours") {
  const auto path =
      path_of(stamp("store", "07:00:09") + stamp("mx", "07:00:08") + "X: y\r\n" + stamp("relay", "07:00:01") + "\r\n");
  REQUIRE(path.hops.size() == 3);
  CHECK(path.hops.front().by == "relay");
  CHECK(path.hops.back().by == "store");
  REQUIRE(path.delays.size() == 2);
  CHECK(path.delays[0].duration.count() == 7);
  CHECK(path.delays[1].duration.count() == 1);
  REQUIRE(path.slowest);
  CHECK(path.slowest->from == "relay");
  CHECK(path.slowest->by == "mx");
  CHECK(path.slowest->duration.count() == 7);
  CHECK_FALSE(path.has_skew);
}

TEST_CASE("a clock that is behind makes no negative duration, but skew") {
  const auto path = path_of(stamp("c", "07:00:06") + stamp("b", "07:00:01") + stamp("a", "07:00:04"));
  REQUIRE(path.delays.size() == 2);
  CHECK(path.delays[0].duration.count() == 0);
  CHECK(path.delays[0].skew.count() == 3);
  CHECK(path.delays[1].duration.count() == 5);
  CHECK(path.delays[1].skew.count() == 0);
  CHECK(path.has_skew);
  CHECK(path.slowest->from == "b");
}

TEST_CASE("a stamp without time lies within the delay of its neighbours") {
  const auto path = path_of(stamp("c", "07:00:06") + "Received: (qmail 1 invoked from network)\n" +
                            "Received: from me; 21 Nov 2026 07:00:01 -0000\n");
  CHECK(path.hops.size() == 3);
  REQUIRE(path.delays.size() == 1);
  CHECK(path.delays[0].from == "me");
  CHECK(path.delays[0].by == "c");
  CHECK(path.delays[0].duration.count() == 5);
}

TEST_CASE("without two times there is no slowest hop") {
  CHECK_FALSE(path_of("").slowest);
  CHECK(path_of("X-Received: by a; 21 Nov 2026 07:00:01 GMT\n").hops.empty());
  CHECK_FALSE(path_of(stamp("a", "07:00:00")).slowest);
  const auto at_once = path_of(stamp("b", "07:00:00") + stamp("a", "07:00:00"));
  REQUIRE(at_once.slowest);
  CHECK(at_once.slowest->duration.count() == 0);
}
