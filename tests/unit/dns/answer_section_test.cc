#include "dns/answer_section.h"

#include "dns/record_data.h"
#include "dns_message.h"
#include "support/catch2.h"

using namespace mailcheck;
using dns::RecordType;
using test::dns_name;
using test::DnsMessage;

namespace {

std::optional<dns::AnswerSection> read(const std::string& bytes, RecordType type,
                                       const std::string& name = "example.test") {
  const auto* data = reinterpret_cast<const unsigned char*>(bytes.data());
  return dns::read_answer({data, bytes.size()}, name, type);
}

DnsMessage mx_question() {
  return {"example.test", DnsMessage::kMx};
}

// The question's name stands at offset 12 of every message.
const std::string kQuestionName = "\xc0\x0c";

}  // namespace

TEST_CASE("a compressed mail exchanger is handed on as a whole name") {
  const auto answer = read(
      mx_question().record("example.test", DnsMessage::kMx, std::string("\0\x0a\x02mx", 5) + kQuestionName).bytes(),
      RecordType::mx);
  REQUIRE(answer);
  CHECK(answer->data == std::vector<std::string>{test::two_bytes(10) + dns_name("mx.example.test")});
  CHECK(dns::read_mx(answer->data.front())->host == "mx.example.test");
}

TEST_CASE("the records of an alias are those of the name it leads to") {
  const auto answer = read(mx_question()
                               .exchanger("other.test", 5, "mx.evil.test")
                               .exchanger("Real.test", 10, "mx.real.test")
                               .alias("EXAMPLE.test", "real.TEST")
                               .bytes(),
                           RecordType::mx, "example.test.");
  REQUIRE(answer);
  CHECK(answer->canonical_name == "real.TEST");
  REQUIRE(answer->data.size() == 1);
  CHECK(dns::read_mx(answer->data.front())->host == "mx.real.test");
}

TEST_CASE("without an alias the canonical name is the one asked for, without its final full stop") {
  const auto answer = read(mx_question().bytes(), RecordType::mx, "example.test.");
  REQUIRE(answer);
  CHECK(answer->canonical_name == "example.test");
  CHECK(answer->data.empty());
}

TEST_CASE("a question about an alias itself gets it") {
  const auto answer = read(DnsMessage("example.test", DnsMessage::kCname)
                               .alias("example.test", "real.test")
                               .alias("real.test", "further.test")
                               .bytes(),
                           RecordType::cname);
  REQUIRE(answer);
  CHECK(answer->canonical_name == "example.test");
  REQUIRE(answer->data.size() == 1);
  CHECK(dns::read_name(answer->data.front()) == "real.test");
}

TEST_CASE("rdata of other types passes as it is, whatever it holds") {
  const std::string data("\x03\x01\x01\xc0\x0c\0|", 7);
  const auto answer = read(DnsMessage("example.test", DnsMessage::kTlsa)
                               .record("example.test", DnsMessage::kTlsa, data)
                               .record("example.test", DnsMessage::kTxt, "x")
                               .bytes(),
                           RecordType::tlsa);
  REQUIRE(answer);
  CHECK(answer->data == std::vector<std::string>{data});
}

TEST_CASE("compression in a circle, past the end or with more after it is malformed") {
  const std::string data =
      GENERATE(as<std::string>{}, std::string("\0\x0a\xc0\x2a", 4),  // to itself
               std::string("\0\x0a\xc0\xff", 4), std::string("\0\x0a\xff\xff", 4), std::string("\0\x0a\x3fmx", 5),
               std::string("\0\x0a", 2), std::string("\0", 1), std::string("\0\x0a\0more", 7));
  CHECK_FALSE(read(mx_question().record("example.test", DnsMessage::kMx, data).bytes(), RecordType::mx));
}

TEST_CASE("names of records that point at each other are malformed") {
  // 12 bytes of header, 18 of question: the first record's name is at 30 and points to 30.
  std::string bytes = mx_question().exchanger("example.test", 10, "mx.example.test").bytes();
  bytes.replace(30, 2, "\xc0\x1e");
  CHECK_FALSE(read(bytes, RecordType::mx));
}

TEST_CASE("an alias with more than 16 links, or in a circle, is malformed") {
  const auto chain = [](int links) {
    DnsMessage message = mx_question();
    message.alias("example.test", "0.test");
    for (int i = 1; i < links; ++i) message.alias(std::to_string(i - 1) + ".test", std::to_string(i) + ".test");
    return read(message.bytes(), RecordType::mx);
  };
  REQUIRE(chain(16));
  CHECK(chain(16)->canonical_name == "15.test");
  CHECK_FALSE(chain(17));
  CHECK_FALSE(read(mx_question().alias("example.test", "EXAMPLE.test.").bytes(), RecordType::mx));
}
