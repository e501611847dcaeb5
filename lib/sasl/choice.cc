#include "sasl/choice.h"

#include <algorithm>
#include <array>

#include "sasl/bearer.h"
#include "sasl/cram_md5.h"
#include "sasl/external.h"
#include "sasl/failure.h"
#include "sasl/identity.h"
#include "sasl/login.h"
#include "sasl/plain.h"
#include "sasl/scram.h"

namespace mailcheck::sasl {
namespace {

using base::ErrorKind;
using Names = std::vector<std::string_view>;

constexpr std::array<std::string_view, 7> kInVerifiedTls = {
    "PLAIN", "LOGIN", "SCRAM-SHA-256-PLUS", "SCRAM-SHA-256", "SCRAM-SHA-1-PLUS", "SCRAM-SHA-1", "CRAM-MD5"};
constexpr std::array<std::string_view, 7> kStrongestFirst = {
    "SCRAM-SHA-256-PLUS", "SCRAM-SHA-256", "SCRAM-SHA-1-PLUS", "SCRAM-SHA-1", "CRAM-MD5", "PLAIN", "LOGIN"};
constexpr std::array<std::string_view, 2> kWithToken = {"XOAUTH2", "OAUTHBEARER"};
constexpr std::string_view kExternal = "EXTERNAL";
constexpr std::string_view kPlus = "-PLUS";
constexpr std::string_view kStrongest = "STRONGEST";

char upper(char c) {
  return c >= 'a' && c <= 'z' ? static_cast<char>(c - 'a' + 'A') : c;
}

std::string upper(std::string_view name) {
  std::string out(name);
  std::transform(out.begin(), out.end(), out.begin(), [](char c) { return upper(c); });
  return out;
}

template <typename Container>
bool contains(const Container& names, std::string_view name) {
  return std::find(names.begin(), names.end(), name) != names.end();
}

std::string join(const Names& names) {
  std::string out;
  for (const auto name : names) {
    if (!out.empty()) out += ' ';
    out += name;
  }
  return out;
}

bool is_offered(const ChoiceRequest& request, std::string_view name) {
  const auto lists_it = [&](const std::vector<std::string>& names) {
    return std::any_of(names.begin(), names.end(), [&](const std::string& listed) { return upper(listed) == name; });
  };
  return lists_it(request.offered) || lists_it(request.also_possible);
}

// Whole names as the server wrote them: whoever prints them masks, cleans and cuts.
std::string offer_of(const ChoiceRequest& request) {
  constexpr std::size_t kMostShown = 20;
  const auto& offered = request.offered;
  if (offered.empty()) return "the server offers no mechanism";
  const auto shown = static_cast<std::ptrdiff_t>(std::min(offered.size(), kMostShown));
  const std::string names = "the server offers " + join(Names(offered.begin(), offered.begin() + shown));
  return offered.size() <= kMostShown ? names : names + " and " + std::to_string(offered.size() - kMostShown) + " more";
}

// Why a mechanism cannot be used with these credentials, whatever the server offers; empty: it can.
std::string_view what_is_missing(std::string_view name, const Credentials& credentials) {
  if (name == kExternal) return credentials.has_client_certificate ? "" : "there is no client certificate";
  if (contains(kWithToken, name)) return credentials.token ? "" : "there is no access token";
  if (!credentials.password) return "there is no password";
  if ((name == "LOGIN" || name == "CRAM-MD5") && has_other_authorization(credentials)) {
    return "the mechanism cannot carry an authorization identity";
  }
  return "";
}

bool is_barred_by_connection(std::string_view name, const ChoiceRequest& request) {
  return name.ends_with(kPlus) && !request.may_use_channel_binding;
}

tl::unexpected<base::Error> unknown_mechanism(std::string_view name) {
  return failure(ErrorKind::local, name, "not a mechanism that we have: " + join(known_mechanisms()));
}

base::Result<std::string> check_forced(const std::string& name, const ChoiceRequest& request,
                                       const Credentials& credentials) {
  if (!contains(known_mechanisms(), name)) return unknown_mechanism(name);
  if (const auto missing = what_is_missing(name, credentials); !missing.empty()) {
    return failure(ErrorKind::local, name, missing);
  }
  if (!is_offered(request, name)) return failure(ErrorKind::no_mechanism, name, "not offered; " + offer_of(request));
  if (is_barred_by_connection(name, request)) {
    return failure(ErrorKind::no_mechanism, name, "the connection has no channel binding");
  }
  return name;
}

// In order of preference, before anybody looks at what the server offers.
Names candidates(const ChoiceRequest& request, const Credentials& credentials) {
  Names order;
  if (credentials.token) {
    order.assign(kWithToken.begin(), kWithToken.end());
  } else if (credentials.password) {
    const bool is_plain_first = request.security == ChannelSecurity::verified_tls && request.forced.empty();
    const auto& table = is_plain_first ? kInVerifiedTls : kStrongestFirst;
    order.assign(table.begin(), table.end());
  } else {
    order.assign(1, kExternal);
  }
  std::erase_if(order, [&](std::string_view name) {
    return is_barred_by_connection(name, request) || !what_is_missing(name, credentials).empty();
  });
  return order;
}

}  // namespace

const std::vector<std::string_view>& known_mechanisms() {
  static const Names names = {
      "PLAIN",   "LOGIN",       "CRAM-MD5", "SCRAM-SHA-1", "SCRAM-SHA-1-PLUS", "SCRAM-SHA-256", "SCRAM-SHA-256-PLUS",
      "XOAUTH2", "OAUTHBEARER", "EXTERNAL"};
  return names;
}

base::Result<std::string> choose(const ChoiceRequest& request, const Credentials& credentials) {
  const std::string forced = upper(request.forced);
  if (!forced.empty() && forced != kStrongest) return check_forced(forced, request, credentials);
  const Names order = candidates(request, credentials);
  if (order.empty()) return failure(ErrorKind::local, "log in", "there is no password, token or client certificate");
  for (const auto name : order) {
    if (is_offered(request, name)) return std::string(name);
  }
  return failure(ErrorKind::no_mechanism, "log in", offer_of(request) + "; we could use " + join(order));
}

base::Result<std::unique_ptr<Mechanism>> make(const MakeRequest& request, const Credentials& credentials) {
  const std::string name = upper(request.name);
  if (!contains(known_mechanisms(), name)) return unknown_mechanism(name);
  if (name == "PLAIN") return make_plain(credentials);
  if (name == "LOGIN") return make_login(credentials);
  if (name == "CRAM-MD5") return make_cram_md5(credentials, request.mask);
  if (name == "XOAUTH2") return make_xoauth2(credentials);
  if (name == "OAUTHBEARER") return make_oauthbearer(credentials);
  if (name == kExternal) return make_external(credentials);
  return make_scram({.name = name,
                     .binding = request.binding,
                     .server_offers_plus = request.server_offers_plus,
                     .nonce = request.nonce,
                     .mask = request.mask},
                    credentials);
}

}  // namespace mailcheck::sasl
