#include "client/connection.h"

#include <fmt/format.h>

#include <array>
#include <utility>

#include "tls/idn.h"

namespace mailcheck::client {
namespace {

using base::ErrorKind;
using base::Stage;

base::Error at_stage(base::Error error, Stage stage) {
  error.stage = stage;
  return error;
}

}  // namespace

base::Result<std::vector<dns::Address>> Connection::look_up(const Target& target, base::Deadline deadline) {
  if (!target.addresses.empty()) return target.addresses;
  if (const auto numeric = dns::Address::parse(target.host)) return std::vector{*numeric};
  parts_.timeline.begin(Stage::dns);
  const auto name = tls::to_ascii(target.host);
  if (!name) return base::fail(at_stage(name.error(), Stage::dns));
  auto addresses = parts_.resolver.addresses(*name, target.family, deadline);
  if (addresses) parts_.timeline.finish();
  return addresses;
}

base::Result<void> Connection::prepare_tls(const tls::ClientOptions& options) {
  auto client = tls::Client::make(options, parts_.clock);
  if (!client) return base::fail(at_stage(std::move(client.error()), Stage::tls));
  tls_client_ = std::move(*client);
  return {};
}

base::Result<void> Connection::open_unix_socket(const std::string& path, base::Deadline deadline) {
  parts_.timeline.begin(Stage::connect);
  auto stream = parts_.dialer.dial_unix_socket(path, deadline);
  if (!stream) return base::fail(at_stage(std::move(stream.error()), Stage::connect));
  parts_.timeline.finish();
  stream_ = std::move(*stream);
  parts_.transcript.event("connected to " + path);
  return {};
}

base::Result<void> Connection::open(const Target& target, base::Deadline deadline) {
  if (!target.unix_socket.empty()) return open_unix_socket(target.unix_socket, deadline);
  const auto addresses = look_up(target, deadline);
  if (!addresses) return base::fail(addresses.error());
  parts_.timeline.begin(Stage::connect);
  auto connection = parts_.dialer.dial(*addresses, target.port, deadline);
  if (!connection) return base::fail(at_stage(std::move(connection.error()), Stage::connect));
  parts_.timeline.finish();
  stream_ = std::move(connection->stream);
  address_ = connection->address;
  port_ = target.port;
  local_ = connection->local;
  failed_ = std::move(connection->failed);
  parts_.transcript.event(fmt::format("connected to {} port {}", address_->to_string(), target.port));
  return {};
}

base::Result<void> Connection::send_proxy_header(net::ProxyVersion version, base::Deadline deadline) {
  if (!address_ || !local_) {
    return base::fail({Stage::connect, ErrorKind::local, "the addresses of this connection are not known"});
  }
  const std::string header = net::proxy_header(version, *local_, {*address_, port_});
  parts_.transcript.event(fmt::format("PROXY header: client {} port {}", local_->address.to_string(), local_->port));
  auto sent = stream_->write(header, deadline);
  if (!sent) return base::fail(at_stage(std::move(sent.error()), Stage::connect));
  return {};
}

base::Result<void> Connection::secure(Upgrade upgrade, base::Deadline deadline) {
  parts_.timeline.begin(Stage::tls);
  auto secure = std::make_unique<net::SecureStream>(std::move(stream_), std::move(tls_client_));
  auto shaken = secure->handshake(deadline);
  secure_ = secure.get();
  stream_ = std::move(secure);
  if (!shaken) {
    base::Error error = at_stage(std::move(shaken.error()), Stage::tls);
    if (upgrade == Upgrade::starttls && error.kind == ErrorKind::plain_text_on_tls_port) {
      error.kind = ErrorKind::starttls_injected;
      error.detail = "plain text follows the go-ahead of STARTTLS";
    }
    parts_.transcript.event("TLS handshake failed: " + error.detail);
    return base::fail(std::move(error));
  }
  parts_.timeline.finish();
  const tls::SessionFacts& facts = secure_->client().facts();
  parts_.transcript.event(fmt::format("{} {} established", facts.version, facts.cipher));
  return {};
}

bool Connection::answers_in_tls(base::Deadline deadline) {
  if (!stream_ || !tls_client_) return false;
  auto secure = std::make_unique<net::SecureStream>(std::move(stream_), std::move(tls_client_));
  const bool is_tls = secure->handshake(deadline).has_value();
  secure_ = secure.get();
  stream_ = std::move(secure);
  parts_.transcript.event(is_tls ? "the server answers in TLS" : "the server does not answer in TLS either");
  return is_tls;
}

base::Result<void> Connection::converse(base::Dialogue& dialogue, Stage stage, base::Deadline deadline) {
  parts_.timeline.begin(stage);
  auto result = pump(dialogue, deadline);
  if (result || result.error().is_answered) parts_.timeline.finish();
  if (result) return {};
  parts_.transcript.event(fmt::format("{}: {}", base::to_string(result.error().kind), result.error().detail));
  return base::fail(at_stage(std::move(result.error()), stage));
}

base::Error Connection::failed_untimed(base::Error error, Stage stage) {
  if (!error.is_answered) parts_.timeline.begin(stage);
  parts_.transcript.event(fmt::format("{}: {}", base::to_string(error.kind), error.detail));
  return at_stage(std::move(error), stage);
}

base::Result<void> Connection::converse_untimed(base::Dialogue& dialogue, Stage stage, base::Deadline deadline) {
  auto result = pump(dialogue, deadline);
  if (!result) return base::fail(failed_untimed(std::move(result.error()), stage));
  return {};
}

base::Result<bool> Connection::listen(base::Dialogue& dialogue, Stage stage, base::Deadline until) {
  auto result = pump(dialogue, until);
  if (result) return true;
  if (result.error().kind == ErrorKind::timeout) return false;
  return base::fail(failed_untimed(std::move(result.error()), stage));
}

base::Result<void> Connection::pump(base::Dialogue& dialogue, base::Deadline deadline) {
  if (!stream_) return base::fail({Stage::connect, ErrorKind::connection_lost, "there is no connection"});
  while (true) {
    base::Step step = dialogue.next();
    if (std::holds_alternative<base::Done>(step)) return {};
    if (auto* error = std::get_if<base::Error>(&step)) return base::fail(std::move(*error));
    if (const auto* write = std::get_if<base::Write>(&step)) {
      parts_.transcript.sent(write->display);
      if (auto sent = stream_->write(write->bytes.expose(), deadline); !sent)
        return base::fail(std::move(sent.error()));
      continue;
    }
    if (auto read = read_more(dialogue, deadline); !read) return base::fail(std::move(read.error()));
  }
}

base::Result<void> Connection::read_more(base::Dialogue& dialogue, base::Deadline deadline) {
  std::array<char, 16384> buffer;
  const auto size = stream_->read(buffer, deadline);
  if (!size) return base::fail(size.error());
  if (*size == 0) {
    parts_.transcript.event("connection closed by the server");
    dialogue.end_of_input();
    return {};
  }
  const std::string_view bytes(buffer.data(), *size);
  record_received(bytes);
  dialogue.receive(bytes);
  return {};
}

void Connection::record_received(std::string_view bytes) {
  if (!parts_.transcript.is_recording()) return;
  partial_line_ += bytes;
  std::size_t begin = 0;
  for (std::size_t end; (end = partial_line_.find('\n', begin)) != std::string::npos; begin = end + 1) {
    parts_.transcript.received(std::string_view(partial_line_).substr(begin, end - begin));
  }
  // Never shown in pieces: half a secret would not be recognised. The dialogue's framing caps what can gather here.
  partial_line_.erase(0, begin);
}

void Connection::close(base::Deadline deadline) {
  if (!partial_line_.empty()) parts_.transcript.received(std::exchange(partial_line_, {}));
  if (secure_ != nullptr) secure_->close(deadline);
}

std::optional<tls::SessionFacts> Connection::tls_facts() const {
  if (secure_ == nullptr) return std::nullopt;
  return secure_->client().facts();
}

std::optional<tls::ChannelBinding> Connection::channel_binding() const {
  if (secure_ == nullptr) return std::nullopt;
  return secure_->client().channel_binding();
}

}  // namespace mailcheck::client
