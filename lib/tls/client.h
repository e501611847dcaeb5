// Client: one TLS client session as a byte filter. No sockets, no waiting: ciphertext goes in by receive(), ciphertext
// to send comes out of take_output(), plain text passes through read() and write().
//
//   make -> { handshake(); send take_output(); receive() } until done -> { read / write / take_output } -> shut_down
//
// Promises:
// - SNI is sent unless the server's name is an IP address.
// - With Verification::required no handshake() succeeds and no byte of plain text passes either way unless the chain
//   and one of the verify names were good. facts() are there on failure too, with every fault.
// - Bytes that are no TLS record never reach OpenSSL: they are reported as plain text, with the server's first line.
// - No renegotiation, no resumption, no prompt; a handshake of more than 256 KiB is refused.
// - Time of verification is the Clock's wall time at the moment of make().
// - Profile survey (options.survey): faults never fail the handshake; staple and DANE are looked at, as facts.
// Does not do: revocation lists, questions to an OCSP responder.
#pragma once

#include <cstddef>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "base/clock.h"
#include "base/error.h"
#include "tls/channel_binding.h"
#include "tls/client_options.h"
#include "tls/handles.h"
#include "tls/session_facts.h"
#include "tls/session_reader.h"

struct x509_store_ctx_st;

namespace mailcheck::tls {

enum class HandshakeStatus { done, need_more };
enum class ReadStatus { bytes, need_more, closed };

struct ReadResult {
  ReadStatus status;
  std::size_t size = 0;  // of the bytes put into the buffer
};

class Client {
 public:
  // Reads the trust, the client certificate and the key, unless the options bring the context that was made of them.
  // Errors: stage tls, kind local: a file or a name that cannot be used, named in the detail.
  [[nodiscard]] static base::Result<std::unique_ptr<Client>> make(const ClientOptions& options,
                                                                  const base::Clock& clock);
  ~Client();
  Client(const Client&) = delete;  // OpenSSL keeps a pointer to it
  Client& operator=(const Client&) = delete;

  // Ciphertext from the server.
  void receive(std::string_view ciphertext);
  // The server has closed the connection; what was received before still counts.
  void receive_end();
  // Ciphertext for the server; may be empty. To be sent after every other call, failed ones too (alerts).
  [[nodiscard]] std::string take_output();

  // Goes as far as the bytes received so far allow. Errors, all stage tls, the same again on every later call:
  // plain_text_on_tls_port (peer_text: the first line), old_protocol, tls_handshake, or the kind of the most telling
  // verification fault (the detail has all of them).
  [[nodiscard]] base::Result<HandshakeStatus> handshake();
  // True once the server has begun to speak plain text and its line is not complete: whoever waits for more need not
  // wait long, and calls receive_end() then.
  [[nodiscard]] bool is_plain_text() const { return is_plain_text_; }

  // Plain text from the server. `closed`: close_notify or the end of the connection (mail servers often skip the
  // former; truncation is for the protocol above to see). Errors: stage tls; tls_handshake for an alert (a TLS 1.3
  // server asks for a client certificate only here), protocol_error for broken records.
  [[nodiscard]] base::Result<ReadResult> read(std::span<char> buffer);
  // All of it, at once, into the output. Errors: stage tls; connection_lost after the end of the connection,
  // protocol_error before the handshake is done.
  [[nodiscard]] base::Result<void> write(std::string_view plain_text);
  // Puts a close_notify into the output; does not wait for the server's.
  void shut_down();

  // Complete once handshake() is done or has failed; a failure before the server's certificate leaves the chains empty.
  [[nodiscard]] const SessionFacts& facts() const { return facts_; }
  // std::nullopt before the handshake is done.
  [[nodiscard]] std::optional<ChannelBinding> channel_binding() const;

 private:
  enum class State { handshaking, open, failed };

  explicit Client(const base::Clock& clock) : clock_(&clock) { record_.now = clock.wall(); }
  base::Result<void> set_up(const ClientOptions& options);
  base::Result<void> set_up_names(const ClientOptions& options);
  base::Result<void> set_up_session();
  base::Result<void> set_up_survey();
  base::Result<void> announce_name();
  [[nodiscard]] base::Result<HandshakeStatus> step();
  [[nodiscard]] base::Result<void> look_at_first_bytes();
  [[nodiscard]] base::Error plain_text_error() const;
  [[nodiscard]] base::Error handshake_failure() const;
  [[nodiscard]] base::Result<HandshakeStatus> finish();
  [[nodiscard]] base::Result<ReadResult> read_failure(int code);
  void remember(const base::Error& error);
  void feed(std::string_view ciphertext);
  void collect_facts();
  static int on_verify(int is_good, x509_store_ctx_st* context);
  static int on_verify_chain(x509_store_ctx_st* context, void* unused);
  static int on_certificate_request(ssl_st* session, void* client);

  const base::Clock* clock_;
  State state_ = State::handshaking;
  Verification verification_ = Verification::required;
  std::optional<SurveyOptions> survey_;
  base::Duration verification_time_{};
  std::string server_name_;  // for SNI; empty: none
  std::shared_ptr<ssl_ctx_st> context_;
  SessionHandle session_;
  bio_st* input_ = nullptr;   // owned by session_
  bio_st* output_ = nullptr;  // owned by session_
  VerifyRecord record_;
  SessionFacts facts_;
  std::string first_bytes_;
  bool has_seen_record_ = false;
  bool is_plain_text_ = false;
  bool has_ended_ = false;
  bool lacks_certificate_ = false;  // the server asked for one and we have none
  std::size_t handshake_bytes_ = 0;
  std::optional<base::Error> error_;
};

}  // namespace mailcheck::tls
