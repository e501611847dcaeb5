#include "client/upgrade_client.h"

#include <utility>

#include "client/hello_name.h"
#include "client/log_in.h"

namespace mailcheck::client {

using base::ErrorKind;
using base::Stage;

UpgradeClient::UpgradeClient(Connection& connection, Protocol protocol, std::string hello_name, base::Deadline deadline)
    : connection_(connection),
      deadline_(deadline),
      hello_name_(std::move(hello_name)),
      protocol_(UpgradeProtocol::make(protocol)) {}

base::Result<void> UpgradeClient::converse(Stage stage) {
  return connection_.converse(protocol_->dialogue(), stage, deadline_);
}

base::Result<void> UpgradeClient::greeting() {
  protocol_->expect_greeting();
  auto greeted = converse(Stage::greeting);
  if (greeted || connection_.is_secure() || !looks_like_tls(greeted.error().peer_text)) return greeted;
  return base::fail({Stage::greeting, ErrorKind::tls_on_plain_port, "the server speaks TLS at once on this port"});
}

base::Result<void> UpgradeClient::upgrade() {
  if (auto greeted = greeting(); !greeted) return greeted;
  if (auto obstacle = protocol_->obstacle()) return base::fail(std::move(*obstacle));
  if (auto asked = ask_capabilities(); !asked) return asked;
  if (!protocol_->may_start_tls()) {
    return base::fail({Stage::starttls, ErrorKind::starttls_absent, "STARTTLS is not offered"});
  }
  return starttls();
}

base::Result<void> UpgradeClient::ask_capabilities() {
  if (const auto stage = protocol_->ask_capabilities(hello_name(hello_name_, connection_))) {
    if (auto told = converse(*stage); !told) return told;
  }
  capabilities_ = protocol_->capabilities();
  return {};
}

base::Result<void> UpgradeClient::starttls() {
  protocol_->starttls();
  if (auto agreed = converse(Stage::starttls); !agreed) return agreed;
  if (auto secured = connection_.secure(Upgrade::starttls, deadline_); !secured) return secured;
  protocol_->tls_started();
  return resume();
}

// What every client asks next, and the proof that the session lives on inside TLS.
base::Result<void> UpgradeClient::resume() {
  const auto stage = protocol_->ask_capabilities(hello_name(hello_name_, connection_));
  is_proven_ = stage.has_value();
  return stage ? converse_inside(*stage, deadline_) : base::Result<void>();
}

base::Result<void> UpgradeClient::converse_inside(Stage stage, base::Deadline deadline) {
  auto said = connection_.converse(protocol_->dialogue(), stage, deadline);
  if (said || said.error().kind != ErrorKind::connection_lost || protocol_->has_closed()) return said;
  // A server that sends an alert and closes does not take our words; its own are still there to be read.
  return connection_.converse(protocol_->dialogue(), stage, deadline);
}

base::Result<void> UpgradeClient::leave(base::Deadline deadline) {
  auto said = protocol_->has_closed() ? base::Result<void>() : converse_inside(protocol_->leave(), deadline);
  connection_.close(deadline);
  const bool is_of_concern = !said && (said.error().kind == ErrorKind::tls_handshake || !is_proven_);
  return is_of_concern ? said : base::Result<void>();
}

}  // namespace mailcheck::client
