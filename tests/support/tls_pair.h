// TlsServer: the other end of a TLS session, in memory, to test tls::Client and net::SecureStream without sockets.
// Certificates come from the test CA (test_ca.sh) by name. It accepts everything a client may be tested with: security
// level 0, so that weak certificates and TLS 1.0 can be served.
#pragma once

#include <fmt/format.h>
#include <openssl/err.h>
#include <openssl/ssl.h>

#include <algorithm>
#include <array>
#include <fstream>
#include <memory>
#include <sstream>
#include <string>
#include <string_view>
#include <utility>

#include "support/catch2.h"
#include "tls/client.h"
#include "tls/handles.h"

namespace mailcheck::test {

// A file of the test CA, for example test_ca("root.pem").
[[nodiscard]] inline std::string test_ca(std::string_view name) {
  return fmt::format("{}/{}", MAILCHECK_TEST_CA, name);
}

struct ServerSetup {
  std::string certificate = "good";
  int minimum_version = TLS1_VERSION;
  int maximum_version = TLS1_3_VERSION;
  std::string client_ca = {};  // a file of the test CA; not empty: a client certificate is demanded
  std::string ciphers = "ALL:!aNULL:!eNULL:@SECLEVEL=0";
  std::string second_certificate = {};  // of another key type
  std::string groups = {};              // of the key exchange; empty: OpenSSL's own
  bool has_small_dh = false;            // DHE suites with 1024 bits
  std::string staple = {};              // an OCSP answer of the test CA, "ocsp-good.der"; empty: none is sent
};

class TlsServer {
 public:
  explicit TlsServer(const ServerSetup& setup = {}) : context_(SSL_CTX_new(TLS_server_method())) {
    SSL_CTX* context = context_.get();
    REQUIRE(SSL_CTX_set_cipher_list(context, setup.ciphers.c_str()) == 1);
    SSL_CTX_set_min_proto_version(context, setup.minimum_version);
    SSL_CTX_set_max_proto_version(context, setup.maximum_version);
    use_certificate(setup.certificate);
    if (!setup.second_certificate.empty()) use_certificate(setup.second_certificate);
    set_key_exchange(setup);
    if (!setup.staple.empty()) set_staple(setup.staple);
    if (!setup.client_ca.empty()) {
      REQUIRE(SSL_CTX_load_verify_file(context, test_ca(setup.client_ca).c_str()) == 1);
      SSL_CTX_set_verify(context, SSL_VERIFY_PEER | SSL_VERIFY_FAIL_IF_NO_PEER_CERT, nullptr);
    }
    session_.reset(SSL_new(context));
    input_ = BIO_new(BIO_s_mem());
    output_ = BIO_new(BIO_s_mem());
    SSL_set_bio(session_.get(), input_, output_);
    SSL_set_accept_state(session_.get());
  }

  TlsServer(const TlsServer&) = delete;  // OpenSSL keeps a pointer to it
  TlsServer& operator=(const TlsServer&) = delete;

  // Ciphertext from the client; the handshake goes on, plain text is kept for take_text().
  void receive(std::string_view ciphertext) {
    std::size_t written = 0;
    if (!ciphertext.empty()) BIO_write_ex(input_, ciphertext.data(), ciphertext.size(), &written);
    std::array<char, 4096> buffer{};
    std::size_t size = 0;
    while (SSL_read_ex(session_.get(), buffer.data(), buffer.size(), &size) == 1) text_.append(buffer.data(), size);
    ERR_clear_error();
  }
  [[nodiscard]] std::string take_output() {
    std::string out(BIO_ctrl_pending(output_), '\0');
    std::size_t size = 0;
    if (!out.empty() && BIO_read_ex(output_, out.data(), out.size(), &size) != 1) size = 0;
    out.resize(size);
    return out;
  }
  [[nodiscard]] std::string take_text() { return std::exchange(text_, {}); }
  void write(std::string_view text) {
    std::size_t size = 0;
    REQUIRE(SSL_write_ex(session_.get(), text.data(), text.size(), &size) == 1);
  }
  // Puts a close_notify into the output.
  void close() { SSL_shutdown(session_.get()); }

  [[nodiscard]] bool is_ready() const { return SSL_is_init_finished(session_.get()) == 1; }
  [[nodiscard]] bool has_seen_close() const { return (SSL_get_shutdown(session_.get()) & SSL_RECEIVED_SHUTDOWN) != 0; }
  [[nodiscard]] std::string server_name() const {
    const char* name = SSL_get_servername(session_.get(), TLSEXT_NAMETYPE_host_name);
    return name == nullptr ? std::string() : std::string(name);
  }
  [[nodiscard]] bool has_client_certificate() const { return SSL_get0_peer_certificate(session_.get()) != nullptr; }
  [[nodiscard]] SSL* session() { return session_.get(); }

 private:
  void use_certificate(const std::string& name) {
    SSL_CTX* context = context_.get();
    REQUIRE(SSL_CTX_use_certificate_chain_file(context, test_ca(name + ".pem").c_str()) == 1);
    REQUIRE(SSL_CTX_use_PrivateKey_file(context, test_ca(name + ".key").c_str(), SSL_FILETYPE_PEM) == 1);
  }
  void set_key_exchange(const ServerSetup& setup) {
    constexpr long kOf1024Bits = 2;
    if (!setup.groups.empty()) REQUIRE(SSL_CTX_set1_groups_list(context_.get(), setup.groups.c_str()) == 1);
    if (setup.has_small_dh) REQUIRE(SSL_CTX_ctrl(context_.get(), SSL_CTRL_SET_DH_AUTO, kOf1024Bits, nullptr) == 1);
  }
  void set_staple(const std::string& name) {
    std::ostringstream bytes;
    bytes << std::ifstream(test_ca(name), std::ios::binary).rdbuf();
    staple_ = bytes.str();
    REQUIRE_FALSE(staple_.empty());
    SSL_CTX_callback_ctrl(context_.get(), SSL_CTRL_SET_TLSEXT_STATUS_REQ_CB,
                          reinterpret_cast<void (*)()>(&TlsServer::on_staple_wanted));
    SSL_CTX_ctrl(context_.get(), SSL_CTRL_SET_TLSEXT_STATUS_REQ_CB_ARG, 0, &staple_);
  }
  static int on_staple_wanted(SSL* session, void* staple) {
    const auto& bytes = *static_cast<const std::string*>(staple);
    void* copy = OPENSSL_memdup(bytes.data(), bytes.size());  // OpenSSL frees it
    SSL_ctrl(session, SSL_CTRL_SET_TLSEXT_STATUS_REQ_OCSP_RESP, static_cast<long>(bytes.size()), copy);
    return SSL_TLSEXT_ERR_OK;
  }

  tls::ContextHandle context_;
  tls::SessionHandle session_;
  BIO* input_ = nullptr;
  BIO* output_ = nullptr;
  std::string text_;
  std::string staple_;
};

// Carries bytes between both until the handshake is done or has failed, from the server in pieces of that many bytes.
[[nodiscard]] inline base::Result<tls::HandshakeStatus> shake_hands(tls::Client& client, TlsServer& server,
                                                                    std::size_t piece = std::string::npos) {
  while (true) {
    auto status = client.handshake();
    server.receive(client.take_output());
    if (!status || *status == tls::HandshakeStatus::done) return status;
    const std::string answer = server.take_output();
    REQUIRE_FALSE(answer.empty());
    for (std::size_t at = 0; at < answer.size(); at += std::min(piece, answer.size() - at)) {
      client.receive(std::string_view(answer).substr(at, piece));
      status = client.handshake();
      server.receive(client.take_output());
    }
  }
}

}  // namespace mailcheck::test
