// What holds for each side of a round trip: an option with its prefix wins over the one without.
//
// What belongs together is taken together: --ca-file and --ca-path; certificate, key and pass phrase; the sources of
// password and token. What was given for both sides and one has no use for is left out there: a CA file without TLS, a
// password where nobody logs in.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

#include "plugins/check_mail_roundtrip/options.h"
#include "probe/encryption.h"

namespace mailcheck::plugins::mail_roundtrip {

struct Leg {
  cli::EndpointOptions endpoint;
  std::uint16_t port = 0;
  probe::Encryption encryption = probe::Encryption::implicit;
  cli::TlsOptions tls;
  cli::CredentialOptions credentials;  // without the password of -P, which exists once

  [[nodiscard]] bool has_tls() const { return encryption != probe::Encryption::none; }
  [[nodiscard]] bool logs_in() const { return !credentials.user.empty(); }
};

[[nodiscard]] Leg smtp_leg(const Options& options);
[[nodiscard]] Leg imap_leg(const Options& options);
// The sender's mailbox: somebody logs in only if it has a user of its own.
[[nodiscard]] Leg bounce_leg(const Options& options);
// The first option that was given for this side alone; empty: none.
[[nodiscard]] std::string first_own_option(const Side& side);

// How the user wrote an option that holds for this side: "--smtp-sni", or "--sni" if it was given for both or not at
// all.
[[nodiscard]] std::string spelled(const Side& side, std::string_view name);

// Where the password or token of this side was given: with its prefix, or without.
[[nodiscard]] bool has_own_secret(const Side& side);

}  // namespace mailcheck::plugins::mail_roundtrip
