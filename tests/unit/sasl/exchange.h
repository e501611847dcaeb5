// Small tools of this room's tests: credentials, one step of an exchange, what an error said.
#pragma once

#include <memory>
#include <string>
#include <string_view>

#include "sasl/choice.h"

namespace mailcheck::test {

inline sasl::Credentials with_password(std::string_view user, std::string_view password) {
  sasl::Credentials credentials;
  credentials.user = user;
  credentials.password = base::Secret(password);
  return credentials;
}

inline sasl::Credentials with_token(std::string_view user, std::string_view token) {
  sasl::Credentials credentials;
  credentials.user = user;
  credentials.token = base::Secret(token);
  return credentials;
}

// A mechanism as the sessions make it; null if it cannot be made.
inline std::unique_ptr<sasl::Mechanism> made(const sasl::MakeRequest& request, const sasl::Credentials& credentials) {
  auto mechanism = sasl::make(request, credentials);
  return mechanism ? std::move(*mechanism) : nullptr;
}

// The response as text, or "<kind>" if there is none.
inline std::string step(sasl::Mechanism& mechanism, std::string_view challenge) {
  const auto response = mechanism.respond(challenge);
  if (response) return std::string(response->expose());
  return "<" + std::string(to_string(response.error().kind)) + ">";
}

// What the mechanism makes of the server's success: "done" or "<kind>".
inline std::string ending(sasl::Mechanism& mechanism) {
  const auto finished = mechanism.finish();
  return finished ? "done" : "<" + std::string(to_string(finished.error().kind)) + ">";
}

// "<kind>" of why the mechanism cannot be made, or its name.
inline std::string making(const sasl::MakeRequest& request, const sasl::Credentials& credentials) {
  const auto mechanism = sasl::make(request, credentials);
  if (mechanism) return std::string((*mechanism)->name());
  return "<" + std::string(to_string(mechanism.error().kind)) + ">";
}

// A literal with NULs in it.
template <std::size_t N>
std::string_view bytes(const char (&literal)[N]) {
  return {literal, N - 1};
}

}  // namespace mailcheck::test
