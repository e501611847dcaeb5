#include "dns/address_records.h"

#include "dns_message.h"
#include "support/catch2.h"

using namespace mailcheck;
using dns::RecordType;
using test::DnsMessage;

namespace {

std::optional<std::vector<std::string>> read(const std::string& bytes, RecordType type = RecordType::a) {
  const auto* data = reinterpret_cast<const unsigned char*>(bytes.data());
  const auto addresses = dns::addresses_in({data, bytes.size()}, "mail.example.test", type);
  if (!addresses) return std::nullopt;
  std::vector<std::string> result;
  for (const auto& address : *addresses) result.push_back(address.to_string());
  return result;
}

using Texts = std::vector<std::string>;
DnsMessage question(unsigned type = DnsMessage::kA) {
  return {"mail.example.test", type};
}

}  // namespace

TEST_CASE("addresses are taken in the order of the answer, each once") {
  const auto message = question()
                           .address("mail.example.test", "192.0.2.2")
                           .address("MAIL.example.test", "192.0.2.1")
                           .address("mail.example.test", "192.0.2.2")
                           .bytes();
  CHECK(read(message) == Texts{"192.0.2.2", "192.0.2.1"});
}

TEST_CASE("only records of the type asked for count") {
  const auto message = question(DnsMessage::kAaaa)
                           .address("mail.example.test", "192.0.2.1")
                           .address("mail.example.test", "2001:db8::1")
                           .bytes();
  CHECK(read(message, RecordType::aaaa) == Texts{"2001:db8::1"});
}

TEST_CASE("aliases are followed in whatever order they stand") {
  const auto message = question()
                           .address("c.example.test", "192.0.2.3")
                           .alias("b.example.test", "c.example.test")
                           .alias("mail.example.test", "b.example.test")
                           .bytes();
  CHECK(read(message) == Texts{"192.0.2.3"});
}

TEST_CASE("addresses of names that were not asked for are ignored") {
  const auto message =
      question().address("evil.example.test", "192.0.2.66").alias("mail.example.test", "b.example.test").bytes();
  CHECK(read(message) == Texts{});
}

TEST_CASE("an answer without records is empty") {
  CHECK(read(question().bytes()) == Texts{});
}

TEST_CASE("aliases in a circle are malformed") {
  const auto message =
      question().alias("mail.example.test", "b.example.test").alias("b.example.test", "mail.example.test").bytes();
  CHECK_FALSE(read(message));
}

TEST_CASE("an address of the wrong size is malformed") {
  CHECK_FALSE(read(question().record("mail.example.test", DnsMessage::kA, "\x01\x02\x03").bytes()));
  CHECK_FALSE(read(question(DnsMessage::kAaaa).record("mail.example.test", DnsMessage::kAaaa, "1234").bytes(),
                   RecordType::aaaa));
}

TEST_CASE("an alias that points past the end is malformed") {
  CHECK_FALSE(read(question().record("mail.example.test", DnsMessage::kCname, "\xff\xff").bytes()));
}

TEST_CASE("no prefix of an answer is taken for a whole one") {
  const std::string whole =
      question().alias("mail.example.test", "b.example.test").address("b.example.test", "192.0.2.3").bytes();
  REQUIRE(read(whole));
  for (std::size_t size = 0; size < whole.size(); ++size) CHECK_FALSE(read(whole.substr(0, size)));
}
