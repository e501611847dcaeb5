// SecureStream: TLS over another stream. Made on a fresh connection (implicit TLS) or in the middle of a session
// (STARTTLS); the handshake is a call of its own, so that the caller can time it, and look at client().facts() after it
// has failed as well.
#pragma once

#include <memory>

#include "net/stream.h"
#include "tls/client.h"

namespace mailcheck::net {

class SecureStream : public Stream {
 public:
  SecureStream(std::unique_ptr<Stream> lower, std::unique_ptr<tls::Client> client);

  // To be called once, before read and write. Errors, all stage tls: those of tls::Client::handshake, and timeout and
  // connection_lost of the lower stream. An alert is sent before a failure is returned where that does not take time.
  [[nodiscard]] base::Result<void> handshake(base::Deadline deadline);
  [[nodiscard]] const tls::Client& client() const { return *client_; }

  // As promised by Stream; besides: tls_handshake (the server's alert after a TLS 1.3 handshake), protocol_error.
  // 0 also stands for an end of the connection without close_notify.
  [[nodiscard]] base::Result<std::size_t> read(std::span<char> buffer, base::Deadline deadline) override;
  [[nodiscard]] base::Result<void> write(std::string_view bytes, base::Deadline deadline) override;

  // Says goodbye by close_notify, best effort, and does not wait for the server's.
  void close(base::Deadline deadline);

 private:
  base::Result<void> flush(base::Deadline deadline);
  base::Result<void> wait_for_bytes(base::Deadline deadline);

  std::unique_ptr<Stream> lower_;
  std::unique_ptr<tls::Client> client_;
};

}  // namespace mailcheck::net
