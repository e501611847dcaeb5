// Which mechanism is used: the one order of preference of the project.
//
// Inside verified TLS: PLAIN, LOGIN, SCRAM-SHA-256-PLUS, SCRAM-SHA-256, SCRAM-SHA-1-PLUS, SCRAM-SHA-1, CRAM-MD5 (what
// users' clients do; one round trip). On a plain or unverified connection, and anywhere with "strongest": SCRAM in that
// order, then CRAM-MD5, PLAIN, LOGIN. With a token: XOAUTH2, OAUTHBEARER (every server that has one has XOAUTH2), and
// no password mechanism. With a client certificate and neither password nor token: EXTERNAL. -PLUS only where the
// connection can be bound; LOGIN and CRAM-MD5 only where nobody acts for another user. One try: never a second after a
// refusal. Whether a password may go over the connection at all is not decided here.
#pragma once

#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "base/error.h"
#include "base/mask.h"
#include "sasl/channel_binding.h"
#include "sasl/credentials.h"
#include "sasl/mechanism.h"

namespace mailcheck::sasl {

enum class ChannelSecurity { none, unverified_tls, verified_tls };

struct ChoiceRequest {
  std::vector<std::string> offered;             // as the server lists them, any case
  std::vector<std::string> also_possible = {};  // not listed, and no less offered: IMAP's LOGIN command
  std::string forced = {};                      // --auth: a mechanism's name, "strongest", or empty
  ChannelSecurity security = ChannelSecurity::none;
  bool may_use_channel_binding = false;
};

// The names of mechanisms that we have, in upper case, in the order of --help.
[[nodiscard]] const std::vector<std::string_view>& known_mechanisms();

// The chosen name in upper case. Errors, stage auth: no_mechanism, with what the server offers and what we could use;
// local, if the credentials do not fit (forced PLAIN without a password) or the forced name is none of ours.
[[nodiscard]] base::Result<std::string> choose(const ChoiceRequest& request, const Credentials& credentials);

// Makes the mechanism. `server_offers_plus`: the server lists the -PLUS form too (decides SCRAM's gs2 flag n/y/p).
// Errors: stage auth, kind local, as the mechanisms' own headers say (an unknown name, a NUL, what SASLprep refuses).
struct MakeRequest {
  std::string name;
  ChannelBinding binding = {};
  bool server_offers_plus = false;
  std::string nonce = {};      // client nonce for SCRAM, printable; empty: random
  base::Mask* mask = nullptr;  // learns what is made of the password and sent instead of it
};
[[nodiscard]] base::Result<std::unique_ptr<Mechanism>> make(const MakeRequest& request, const Credentials& credentials);

}  // namespace mailcheck::sasl
