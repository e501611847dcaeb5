#include "mail/header_section.h"

#include "support/catch2.h"

using namespace mailcheck;
using mail::HeaderSection;
using Texts = std::vector<std::string>;

TEST_CASE("fields are read in order, unfolded, whatever the line ends") {
  const auto end = GENERATE(as<std::string>{}, "\r\n", "\n");
  const auto header = HeaderSection::parse("Subject: one" + end + " two" + end + "\tthree " + end + "To:a@example.org" +
                                           end + end + "Body: not a field" + end);
  REQUIRE(header.fields().size() == 2);
  CHECK(header.fields()[0].name == "Subject");
  CHECK(header.fields()[0].value == "one two\tthree");
  CHECK(header.fields()[1].value == "a@example.org");
  CHECK_FALSE(header.first("Body"));
}

TEST_CASE("names are case-blind, the topmost comes first") {
  const auto header = HeaderSection::parse("Received: a\nRECEIVED : b\nreceived:\n\n");
  CHECK(header.first("received") == "a");
  CHECK(header.all("Received") == Texts{"a", "b", ""});
  CHECK_FALSE(header.first("Receive"));
  CHECK(header.all("X").empty());
}

TEST_CASE("broken lines are skipped with what continues them") {
  const auto header = HeaderSection::parse(
      " stray\nA: 1\nno colon\n continued\n: no name\nB\x01: x\nTwo words: x\n y\n\xc3\xa4: x\nC: 2\n more");
  REQUIRE(header.fields().size() == 2);
  CHECK(header.first("A") == "1");
  CHECK(header.first("C") == "2 more");
}

TEST_CASE("there may be nothing, or no empty line") {
  CHECK(HeaderSection::parse("").fields().empty());
  CHECK(HeaderSection::parse("\r\nA: b\r\n").fields().empty());
  CHECK(HeaderSection::parse("A: b").first("A") == "b");
  CHECK(HeaderSection::parse("A: b\n  \nC: d\n").first("C") == "d");
}

TEST_CASE("bytes and fields are bounded") {
  std::string many;
  for (int i = 0; i < 3000; ++i) many += "A: b\n";
  CHECK(HeaderSection::parse(many).fields().size() == HeaderSection::kMaxFields);
  const std::string front = "A: b\nC: ";
  const std::string long_one = front + std::string(HeaderSection::kMaxBytes, 'x');
  const auto cut = HeaderSection::parse(long_one);
  CHECK(cut.first("A") == "b");
  CHECK_FALSE(cut.first("C"));
  // Exactly as many as a bounded fetch gives: nobody knows whether more would have come.
  CHECK_FALSE(HeaderSection::parse(long_one.substr(0, HeaderSection::kMaxBytes)).first("C"));
  CHECK(HeaderSection::parse(long_one.substr(0, HeaderSection::kMaxBytes - 1)).first("C"));
  CHECK(HeaderSection::parse("A: b\nC: d\n\n" + long_one).first("C") == "d");
}
