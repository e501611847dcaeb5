#include "sasl/choice.h"

#include "support/catch2.h"
#include "unit/sasl/exchange.h"

using namespace mailcheck;
using namespace mailcheck::test;
using sasl::ChannelSecurity;

namespace {

constexpr auto kPlain = ChannelSecurity::none;
constexpr auto kUnverified = ChannelSecurity::unverified_tls;
constexpr auto kVerified = ChannelSecurity::verified_tls;

std::vector<std::string> words(std::string_view text) {
  std::vector<std::string> out;
  while (!text.empty()) {
    const std::size_t space = std::min(text.find(' '), text.size());
    out.emplace_back(text.substr(0, space));
    text.remove_prefix(std::min(space + 1, text.size()));
  }
  return out;
}

// p password, t token, c client certificate, a acts for another user
sasl::Credentials credentials_of(std::string_view letters) {
  sasl::Credentials credentials;
  credentials.user = "probe";
  if (letters.find('p') != std::string_view::npos) credentials.password = base::Secret("secret");
  if (letters.find('t') != std::string_view::npos) credentials.token = base::Secret("token");
  if (letters.find('a') != std::string_view::npos) credentials.authorization = "boss";
  credentials.has_client_certificate = letters.find('c') != std::string_view::npos;
  return credentials;
}

std::string chosen(const sasl::ChoiceRequest& request, const sasl::Credentials& credentials) {
  const auto name = sasl::choose(request, credentials);
  return name ? *name : "<" + std::string(to_string(name.error().kind)) + ">";
}

constexpr std::string_view kAll =
    "GSSAPI PLAIN LOGIN CRAM-MD5 SCRAM-SHA-1 SCRAM-SHA-1-PLUS SCRAM-SHA-256 SCRAM-SHA-256-PLUS XOAUTH2 OAUTHBEARER "
    "EXTERNAL";

enum class Binding { no, yes };

struct Row {
  std::string_view offered;
  std::string_view forced;
  ChannelSecurity security;
  Binding binding;
  std::string_view credentials;
  std::string_view expected;
};

// clang-format off
constexpr Row kTable[] = {
    // inside verified TLS: what users' clients do
    {kAll, "", kVerified, Binding::yes, "p", "PLAIN"},
    {"LOGIN SCRAM-SHA-256", "", kVerified, Binding::yes, "p", "LOGIN"},
    {"CRAM-MD5 SCRAM-SHA-1 SCRAM-SHA-256", "", kVerified, Binding::yes, "p", "SCRAM-SHA-256"},
    {"SCRAM-SHA-256 SCRAM-SHA-256-PLUS", "", kVerified, Binding::yes, "p", "SCRAM-SHA-256-PLUS"},
    {"SCRAM-SHA-256 SCRAM-SHA-256-PLUS", "", kVerified, Binding::no, "p", "SCRAM-SHA-256"},
    {"SCRAM-SHA-1-PLUS SCRAM-SHA-256", "", kVerified, Binding::yes, "p", "SCRAM-SHA-256"},
    {"CRAM-MD5 SCRAM-SHA-1 SCRAM-SHA-1-PLUS", "", kVerified, Binding::yes, "p", "SCRAM-SHA-1-PLUS"},
    {"CRAM-MD5", "", kVerified, Binding::yes, "p", "CRAM-MD5"},
    {"plain Login", "", kVerified, Binding::no, "p", "PLAIN"},
    {"PLAINER XPLAIN", "", kVerified, Binding::no, "p", "<no-mechanism>"},
    {"SCRAM-SHA-256-PLUS", "", kVerified, Binding::no, "p", "<no-mechanism>"},
    {"GSSAPI NTLM", "", kVerified, Binding::yes, "p", "<no-mechanism>"},
    {"", "", kVerified, Binding::yes, "p", "<no-mechanism>"},
    // outside it: SCRAM first
    {kAll, "", kUnverified, Binding::yes, "p", "SCRAM-SHA-256-PLUS"},
    {kAll, "", kUnverified, Binding::no, "p", "SCRAM-SHA-256"},
    {kAll, "", kPlain, Binding::no, "p", "SCRAM-SHA-256"},
    {"PLAIN LOGIN CRAM-MD5 SCRAM-SHA-1", "", kPlain, Binding::no, "p", "SCRAM-SHA-1"},
    {"PLAIN LOGIN CRAM-MD5", "", kPlain, Binding::no, "p", "CRAM-MD5"},
    {"LOGIN PLAIN", "", kPlain, Binding::no, "p", "PLAIN"},
    {"LOGIN", "", kUnverified, Binding::no, "p", "LOGIN"},
    // strongest
    {kAll, "strongest", kVerified, Binding::yes, "p", "SCRAM-SHA-256-PLUS"},
    {kAll, "Strongest", kVerified, Binding::no, "p", "SCRAM-SHA-256"},
    {"PLAIN CRAM-MD5", "STRONGEST", kVerified, Binding::no, "p", "CRAM-MD5"},
    {"PLAIN LOGIN", "strongest", kVerified, Binding::no, "p", "PLAIN"},
    {kAll, "strongest", kVerified, Binding::yes, "t", "XOAUTH2"},
    // a token
    {kAll, "", kVerified, Binding::yes, "t", "XOAUTH2"},
    {"PLAIN OAUTHBEARER", "", kVerified, Binding::yes, "t", "OAUTHBEARER"},
    {kAll, "", kVerified, Binding::yes, "pt", "XOAUTH2"},
    {"PLAIN LOGIN", "", kVerified, Binding::yes, "pt", "<no-mechanism>"},
    {"PLAIN EXTERNAL", "", kVerified, Binding::yes, "tc", "<no-mechanism>"},
    // a certificate
    {kAll, "", kVerified, Binding::yes, "c", "EXTERNAL"},
    {kAll, "", kVerified, Binding::yes, "pc", "PLAIN"},
    {"PLAIN", "", kVerified, Binding::yes, "c", "<no-mechanism>"},
    {kAll, "external", kVerified, Binding::yes, "pc", "EXTERNAL"},
    // nothing
    {kAll, "", kVerified, Binding::yes, "", "<local>"},
    // acting for another user
    {"LOGIN SCRAM-SHA-1", "", kVerified, Binding::no, "pa", "SCRAM-SHA-1"},
    {"LOGIN CRAM-MD5", "", kVerified, Binding::no, "pa", "<no-mechanism>"},
    {kAll, "LOGIN", kVerified, Binding::no, "pa", "<local>"},
    // forced
    {kAll, "cram-md5", kVerified, Binding::yes, "p", "CRAM-MD5"},
    {kAll, "Scram-Sha-1", kVerified, Binding::yes, "p", "SCRAM-SHA-1"},
    {kAll, "scram-sha-1-plus", kVerified, Binding::yes, "p", "SCRAM-SHA-1-PLUS"},
    {kAll, "scram-sha-1-plus", kPlain, Binding::no, "p", "<no-mechanism>"},
    {"scram-sha-1", "SCRAM-SHA-1", kVerified, Binding::yes, "p", "SCRAM-SHA-1"},
    {"PLAIN", "SCRAM-SHA-256", kVerified, Binding::yes, "p", "<no-mechanism>"},
    {kAll, "PLAIN", kVerified, Binding::yes, "pt", "PLAIN"},
    {kAll, "PLAIN", kVerified, Binding::yes, "t", "<local>"},
    {kAll, "XOAUTH2", kVerified, Binding::yes, "p", "<local>"},
    {kAll, "EXTERNAL", kVerified, Binding::yes, "p", "<local>"},
    {kAll, "GSSAPI", kVerified, Binding::yes, "p", "<local>"},
};
// clang-format on

}  // namespace

TEST_CASE("the table of choices") {
  for (const Row& row : kTable) {
    CAPTURE(row.offered, row.forced, row.credentials, row.binding == Binding::yes, static_cast<int>(row.security));
    CHECK(chosen({.offered = words(row.offered),
                  .forced = std::string(row.forced),
                  .security = row.security,
                  .may_use_channel_binding = row.binding == Binding::yes},
                 credentials_of(row.credentials)) == row.expected);
  }
}

TEST_CASE("what is possible without being listed is chosen like the rest, and not named as an offer") {
  const sasl::ChoiceRequest request{
      .offered = {"GSSAPI"}, .also_possible = {"LOGIN"}, .forced = "", .security = kVerified};
  CHECK(chosen(request, credentials_of("p")) == "LOGIN");
  const auto none = sasl::choose(request, credentials_of("t"));
  REQUIRE_FALSE(none);
  CHECK(none.error().detail == "log in: the server offers GSSAPI; we could use XOAUTH2 OAUTHBEARER");
}

TEST_CASE("the refusal says what the server offers and what we could use") {
  const auto none =
      sasl::choose({.offered = {"GSSAPI", "NTLM"}, .forced = "", .security = kVerified}, credentials_of("t"));
  REQUIRE_FALSE(none);
  CHECK(none.error().stage == base::Stage::auth);
  CHECK(none.error().detail == "log in: the server offers GSSAPI NTLM; we could use XOAUTH2 OAUTHBEARER");
  const auto forced =
      sasl::choose({.offered = {"LOGIN"}, .forced = "plain", .security = kVerified}, credentials_of("p"));
  REQUIRE_FALSE(forced);
  CHECK(forced.error().detail == "PLAIN: not offered; the server offers LOGIN");
  const auto silent = sasl::choose({.offered = {}, .forced = "plain", .security = kVerified}, credentials_of("p"));
  REQUIRE_FALSE(silent);
  CHECK(silent.error().detail == "PLAIN: not offered; the server offers no mechanism");
}

TEST_CASE("of a long list the first names are repeated, each whole, so that what they hold can be masked") {
  const std::string long_name(1000, 'X');
  std::vector<std::string> offered = {long_name};
  offered.resize(1000, "NTLM");
  const auto none = sasl::choose({.offered = offered, .forced = "", .security = kVerified}, credentials_of("p"));
  REQUIRE_FALSE(none);
  CHECK(none.error().detail.size() < 1500);
  CHECK(none.error().detail.starts_with("log in: the server offers " + long_name + " NTLM "));
  CHECK(none.error().detail.find(" NTLM and 980 more; we could use ") != std::string::npos);
}

TEST_CASE("every known mechanism can be made, is itself, and is found by any case of its name") {
  auto credentials = credentials_of("ptc");
  for (const auto name : sasl::known_mechanisms()) {
    sasl::MakeRequest request{.name = std::string(name),
                              .binding = {.type = "tls-exporter", .data = std::string(32, 'x')}};
    CHECK(making(request, credentials) == name);
    for (char& c : request.name) c = static_cast<char>(std::tolower(static_cast<unsigned char>(c)));
    CHECK(making(request, credentials) == name);
    const auto choice = sasl::choose(
        {.offered = {request.name}, .forced = request.name, .security = kVerified, .may_use_channel_binding = true},
        credentials);
    CHECK(choice.value_or("") == name);
  }
  CHECK(sasl::known_mechanisms().size() == 10);
}
