// Options -> the parts of a probe's request that all plugins share.
#pragma once

#include <cstdint>
#include <initializer_list>
#include <optional>
#include <string>

#include "cli/common_options.h"
#include "cli/credential_options.h"
#include "cli/tls_options.h"
#include "client/connection.h"
#include "plugins/shared/secret_source.h"
#include "probe/encryption.h"
#include "sasl/credentials.h"

namespace mailcheck::plugins {

// By --tls, else by port: the ports named speak TLS from the first byte, every other starts plain and must upgrade.
[[nodiscard]] probe::Encryption encryption(const cli::TlsOptions& options, std::uint16_t port,
                                           std::initializer_list<std::uint16_t> implicit_ports);

// TLS 1.2 unless another is named.
[[nodiscard]] tls::Version tls_version(std::optional<cli::TlsVersion> version);

// Throws plugin::UsageError for a host name that IDNA does not accept.
[[nodiscard]] client::Target target(const cli::EndpointOptions& options, std::uint16_t default_port,
                                    const std::string& prefix);

// Names, settings and paths; reads the key's password. Throws plugin::UsageError, also for a name as above.
[[nodiscard]] tls::ClientOptions tls_options(const cli::TlsOptions& options, const std::string& host,
                                             const std::string& prefix, SecretReading& reading);

// Reads trust, certificate and key, the one time that they are read. Throws plugin::UsageError, with the option whose
// file cannot be used.
void load_tls_files(tls::ClientOptions& options, const std::string& prefix);

// std::nullopt: nobody logs in. Reads the secrets. Throws plugin::UsageError.
[[nodiscard]] std::optional<sasl::Credentials> credentials(cli::CredentialOptions& options, const cli::TlsOptions& tls,
                                                           const client::Target& target, SecretReading& reading);

}  // namespace mailcheck::plugins
