// The exchanges, with vectors of the RFCs; those of -PLUS and of escaped names were computed with Python's hashlib and
// hmac, apart from this code.
#include "sasl/scram.h"

#include <set>

#include "base/base64.h"
#include "support/catch2.h"
#include "unit/sasl/exchange.h"

using namespace mailcheck;
using namespace mailcheck::test;

namespace {

const std::string kNonce1 = "fyko+d2lbbFgONRv9qkxdawL";
const std::string kFirst1 = "r=fyko+d2lbbFgONRv9qkxdawL3rfcNHYJY1ZVvWVs7j,s=QSXCR+Q6sek8bf92,i=4096";
const std::string kNonce256 = "rOprNGfwEbeRWgbNEkqO";
const std::string kFirst256 = "r=rOprNGfwEbeRWgbNEkqO%hvYDpWUa2RaTCAfuxFIlj)hNlF$k0,s=W22ZaJ0SNY7soEsUEjb6gQ==,i=4096";

std::string counting(int from, int step) {
  std::string out;
  for (int i = 0; i < 32; ++i) out += static_cast<char>(from + i * step);
  return out;
}

sasl::MakeRequest request_256() {
  return {.name = "SCRAM-SHA-256", .nonce = kNonce256};
}

// An exchange that has sent its proof.
std::unique_ptr<sasl::Mechanism> proved() {
  auto mechanism = made(request_256(), with_password("user", "pencil"));
  (void)step(*mechanism, "");
  (void)step(*mechanism, kFirst256);
  return mechanism;
}

}  // namespace

TEST_CASE("SCRAM-SHA-1 knows the exchange of RFC 5802") {
  auto mechanism = made({.name = "SCRAM-SHA-1", .nonce = kNonce1}, with_password("user", "pencil"));
  REQUIRE(mechanism);
  CHECK(mechanism->name() == "SCRAM-SHA-1");
  CHECK(mechanism->is_client_first());
  CHECK(step(*mechanism, "") == "n,,n=user,r=fyko+d2lbbFgONRv9qkxdawL");
  CHECK(step(*mechanism, kFirst1) ==
        "c=biws,r=fyko+d2lbbFgONRv9qkxdawL3rfcNHYJY1ZVvWVs7j,p=v0X8v3Bz2T0CJGbJQyF0X+HI4Ts=");
  CHECK_FALSE(mechanism->finish().has_value());
  CHECK(step(*mechanism, "v=rmF9pqV8S7suAoZWja4dJRkFsKQ=").empty());
  CHECK(mechanism->finish().has_value());
}

TEST_CASE("SCRAM-SHA-256 knows the exchange of RFC 7677") {
  auto mechanism = made(request_256(), with_password("user", "pencil"));
  REQUIRE(mechanism);
  CHECK(step(*mechanism, "") == "n,,n=user,r=rOprNGfwEbeRWgbNEkqO");
  CHECK(step(*mechanism, kFirst256) ==
        "c=biws,r=rOprNGfwEbeRWgbNEkqO%hvYDpWUa2RaTCAfuxFIlj)hNlF$k0,"
        "p=dHzbZapWIk4jUhN+Ute9ytag9zjfMHgsqmmiz7AndVQ=");
  CHECK(step(*mechanism, "v=6rriTRBi23WpRR/wtup+mMhUZUn/dB5nLTJRsjl95G4=").empty());
  CHECK(mechanism->finish().has_value());
  CHECK(step(*mechanism, "") == "<protocol-error>");
  CHECK(mechanism->finish().has_value());
}

TEST_CASE("SCRAM-SHA-256-PLUS is bound with tls-exporter") {
  auto mechanism = made({.name = "SCRAM-SHA-256-PLUS",
                         .binding = {.type = "tls-exporter", .data = counting(0, 1)},
                         .server_offers_plus = true,
                         .nonce = kNonce256},
                        with_password("user", "pencil"));
  REQUIRE(mechanism);
  CHECK(mechanism->name() == "SCRAM-SHA-256-PLUS");
  CHECK(step(*mechanism, "") == "p=tls-exporter,,n=user,r=rOprNGfwEbeRWgbNEkqO");
  CHECK(step(*mechanism, kFirst256) ==
        "c=cD10bHMtZXhwb3J0ZXIsLAABAgMEBQYHCAkKCwwNDg8QERITFBUWFxgZGhscHR4f,"
        "r=rOprNGfwEbeRWgbNEkqO%hvYDpWUa2RaTCAfuxFIlj)hNlF$k0,p=QC6CS20quADQRb3mT99YUH+n3VJxUvzuK0K0E1Vrs2M=");
  CHECK(step(*mechanism, "v=2GiAgapEppLVlUXbxUDksL3VgYHzuqiK5tR4mhJGgvs=").empty());
  CHECK(mechanism->finish().has_value());
}

TEST_CASE("SCRAM-SHA-1-PLUS is bound with tls-server-end-point") {
  auto mechanism = made({.name = "SCRAM-SHA-1-PLUS",
                         .binding = {.type = "tls-server-end-point", .data = counting(255, -1)},
                         .server_offers_plus = true,
                         .nonce = kNonce1},
                        with_password("user", "pencil"));
  REQUIRE(mechanism);
  CHECK(step(*mechanism, "") == "p=tls-server-end-point,,n=user,r=fyko+d2lbbFgONRv9qkxdawL");
  CHECK(step(*mechanism, kFirst1) ==
        "c=cD10bHMtc2VydmVyLWVuZC1wb2ludCws//79/Pv6+fj39vX08/Lx8O/u7ezr6uno5+bl5OPi4eA=,"
        "r=fyko+d2lbbFgONRv9qkxdawL3rfcNHYJY1ZVvWVs7j,p=lGKWZi466NtqfCLzYE97aM6Vwqg=");
  CHECK(step(*mechanism, "v=Yn7ZVUg+YfQ8S7nzn80YWNbGK3w=").empty());
  CHECK(mechanism->finish().has_value());
}

TEST_CASE("the flag tells the server what we think of channel binding") {
  const sasl::ChannelBinding binding{.type = "tls-exporter", .data = counting(0, 1)};
  auto unlisted =
      made({.name = "SCRAM-SHA-256", .binding = binding, .nonce = kNonce256}, with_password("user", "pencil"));
  CHECK(step(*unlisted, "") == "y,,n=user,r=rOprNGfwEbeRWgbNEkqO");
  CHECK(step(*unlisted, kFirst256) ==
        "c=eSws,r=rOprNGfwEbeRWgbNEkqO%hvYDpWUa2RaTCAfuxFIlj)hNlF$k0,"
        "p=FoqiHTtQEDE8lz1CdaEe3tK4mS+iMDTl77SPyDS53DY=");
  CHECK(step(*unlisted, "v=dI4KpiQJwBr1+V+K6U1dA6l6I4I9DUNXWND4pcpRU3U=").empty());

  auto unwanted = made({.name = "SCRAM-SHA-256", .binding = binding, .server_offers_plus = true, .nonce = "x"},
                       with_password("user", "pencil"));
  CHECK(step(*unwanted, "") == "n,,n=user,r=x");
  auto impossible =
      made({.name = "SCRAM-SHA-256", .server_offers_plus = true, .nonce = "x"}, with_password("user", "pencil"));
  CHECK(step(*impossible, "") == "n,,n=user,r=x");
}

TEST_CASE("names are escaped, the user name and the password are prepared") {
  auto credentials = with_password("u,\xc2\xads=er", "\xe2\x85\xa8");  // soft hyphen dropped; Roman numeral nine is IX
  credentials.authorization = "boss,1";
  auto mechanism = made({.name = "scram-sha-256", .nonce = "abcdef"}, credentials);
  REQUIRE(mechanism);
  CHECK(step(*mechanism, "") == "n,a=boss=2C1,n=u=2Cs=3Der,r=abcdef");
  CHECK(step(*mechanism, "r=abcdefGHI,s=c2FsdC1zYWx0,i=5000") ==
        "c=bixhPWJvc3M9MkMxLA==,r=abcdefGHI,p=gWiUGbwEaU/blyiGLZcol3xLat3m0MPOswo1EAIQVu8=");
  CHECK(step(*mechanism, "v=yW5LBcSL4AaG2ytnK0U9f5AWkOnYtyz5TSeZOjriET0=").empty());
  CHECK(mechanism->finish().has_value());
}

TEST_CASE("a nonce of its own is long, fit to be sent, and never the same") {
  std::set<std::string> seen;
  for (int i = 0; i < 50; ++i) {
    auto mechanism = made({.name = "SCRAM-SHA-1"}, with_password("user", "pencil"));
    const std::string first = step(*mechanism, "");
    REQUIRE(first.substr(0, 12) == "n,,n=user,r=");
    const std::string nonce = first.substr(12);
    CHECK(nonce.size() == 24);
    CHECK(nonce.find(',') == std::string::npos);
    seen.insert(nonce);
  }
  CHECK(seen.size() == 50);
}

TEST_CASE("a server that does not know the password is found out") {
  auto wrong = proved();
  CHECK(step(*wrong, "v=6rriTRBi23WpRR/wtup+mMhUZUn/dB5nLTJRsjl95G5=") == "<protocol-error>");  // not canonical base64
  auto flipped = proved();
  CHECK(step(*flipped, "v=7rriTRBi23WpRR/wtup+mMhUZUn/dB5nLTJRsjl95G4=") == "<auth-failed>");
  CHECK_FALSE(flipped->finish().has_value());
  auto shortened = proved();
  CHECK(step(*shortened, "v=6rriTRBi23WpRR/wtup+mMhUZUn/dB5nLTJRsjk=") == "<auth-failed>");
  auto empty = proved();
  CHECK(step(*empty, "v=") == "<auth-failed>");
  auto after = proved();
  CHECK(step(*after, "v=") == "<auth-failed>");
  CHECK(step(*after, "v=6rriTRBi23WpRR/wtup+mMhUZUn/dB5nLTJRsjl95G4=") == "<protocol-error>");
  CHECK_FALSE(after->finish().has_value());
}

TEST_CASE("success without the server's proof is no success") {
  auto fresh = made(request_256(), with_password("user", "pencil"));
  CHECK(ending(*fresh) == "<protocol-error>");
  (void)step(*fresh, "");
  CHECK(ending(*fresh) == "<protocol-error>");  // the password was not proved yet
  const auto finished = proved()->finish();
  REQUIRE_FALSE(finished.has_value());
  CHECK(finished.error().kind == base::ErrorKind::auth_failed);
  CHECK(finished.error().stage == base::Stage::auth);
  CHECK(finished.error().detail == "SCRAM-SHA-256: the server did not prove that it knows the password");
}

TEST_CASE("the proof is known to the mask when it is sent") {
  base::Mask mask;
  auto request = request_256();
  request.mask = &mask;
  auto mechanism = made(request, with_password("user", "pencil"));
  (void)step(*mechanism, "");
  const std::string sent = step(*mechanism, kFirst256);
  const std::string proof = "dHzbZapWIk4jUhN+Ute9ytag9zjfMHgsqmmiz7AndVQ=";
  REQUIRE(sent.ends_with(proof));
  CHECK(mask.apply("you sent " + proof) == "you sent ***");
  const std::string coded = base::base64_encode(std::string_view(sent));
  CHECK(mask.apply(coded).find(coded.substr(coded.size() - 44)) == std::string::npos);
}

TEST_CASE("an error of the server ends the exchange and is kept") {
  auto wrong_password = proved();
  const auto answer = wrong_password->respond("e=invalid-proof");
  REQUIRE_FALSE(answer.has_value());
  CHECK(answer.error().kind == base::ErrorKind::auth_failed);
  CHECK(answer.error().peer_text == "invalid-proof");
  CHECK(wrong_password->server_error() == "invalid-proof");
  CHECK(step(*wrong_password, "") == "<protocol-error>");
  CHECK(wrong_password->server_error() == "invalid-proof");

  auto early = made(request_256(), with_password("user", "pencil"));
  (void)step(*early, "");
  CHECK(step(*early, "e=unknown-user") == "<auth-failed>");
  CHECK(early->server_error() == "unknown-user");

  auto busy = proved();
  CHECK(step(*busy, "e=no-resources") == "<auth-unavailable>");
}

TEST_CASE("an exchange that failed once does not go on, nor does one that the server opened") {
  auto failed = made(request_256(), with_password("user", "pencil"));
  (void)step(*failed, "");
  CHECK(step(*failed, "r=other,s=W22ZaJ0SNY7soEsUEjb6gQ==,i=4096") == "<protocol-error>");
  CHECK(step(*failed, kFirst256) == "<protocol-error>");

  auto opened = made(request_256(), with_password("user", "pencil"));
  CHECK(step(*opened, kFirst256) == "<protocol-error>");
  CHECK(step(*opened, "") == "<protocol-error>");
}

TEST_CASE("SCRAM cannot be made from what it cannot use") {
  const sasl::MakeRequest request{.name = "SCRAM-SHA-256"};
  CHECK(making(request, with_password("", "pencil")) == "<local>");
  CHECK(making(request, with_password("user", "")) == "<local>");
  CHECK(making(request, with_password("us\ner", "pencil")) == "<local>");
  CHECK(making(request, with_password("\xc2\xad", "pencil")) == "<local>");  // prepared to nothing
  CHECK(making(request, with_password("user",
                                      "pen\x07"
                                      "cil")) == "<local>");                               // control character
  CHECK(making(request, with_password("user", "\xf0\x9f\x98\x80")) == "<local>");          // unassigned in Unicode 3.2
  CHECK(making(request, with_password("\xf0\x9f\x98\x80", "pencil")) == "SCRAM-SHA-256");  // a name may be
  CHECK(making({.name = "SCRAM-SHA-256-PLUS"}, with_password("user", "pencil")) == "<local>");
  CHECK(making({.name = "SCRAM-SHA-256-PLUS", .binding = {.type = "tls-exporter", .data = ""}},
               with_password("user", "pencil")) == "<local>");
  CHECK(making({.name = "SCRAM-SHA-512"}, with_password("user", "pencil")) == "<local>");
  CHECK(making({.name = "SCRAM-SHA-1", .nonce = "a,b"}, with_password("user", "pencil")) == "<local>");
  CHECK(making({.name = "SCRAM-SHA-1", .nonce = "a b"}, with_password("user", "pencil")) == "<local>");
}
