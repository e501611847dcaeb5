#include "tls/client.h"

#include <openssl/err.h>
#include <openssl/ssl.h>

#include <algorithm>

#include "tls/context.h"
#include "tls/handshake_words.h"
#include "tls/idn.h"
#include "tls/session_reader.h"
#include "tls/survey.h"

namespace mailcheck::tls {
namespace {

using base::ErrorKind;
using base::Stage;

constexpr std::size_t kHandshakeLimit = std::size_t{256} * 1024;
constexpr std::size_t kFirstLineLimit = 200;
constexpr std::size_t kEventLimit = 4096;  // OpenSSL builds chains of 100 at most, and judges the leaf last
constexpr char kFirstRecordType = 0x14;    // change_cipher_spec; alert, handshake and application data follow
constexpr char kLastRecordType = 0x17;
constexpr char kMajorVersion = 0x03;

base::Error error_of(ErrorKind kind, std::string detail) {
  return {Stage::tls, kind, std::move(detail)};
}

bool may_be_record(std::string_view bytes) {
  if (bytes[0] < kFirstRecordType || bytes[0] > kLastRecordType) return false;
  return bytes.size() < 2 || bytes[1] == kMajorVersion;
}

base::Error verification_error(const std::vector<VerifyFault>& faults) {
  base::Error error = error_of(faults.front().kind, {});
  for (const VerifyFault& fault : faults) error.detail += (error.detail.empty() ? "" : "; ") + fault.detail;
  return error;
}

}  // namespace

Client::~Client() = default;

base::Result<std::unique_ptr<Client>> Client::make(const ClientOptions& options, const base::Clock& clock) {
  std::unique_ptr<Client> client(new Client(clock));
  if (auto ready = client->set_up(options); !ready) return base::fail(ready.error());
  return client;
}

base::Result<void> Client::set_up(const ClientOptions& options) {
  survey_ = options.survey;
  verification_ = survey_ ? Verification::reported : options.verification;
  if (auto named = set_up_names(options); !named) return named;
  context_ = options.context;
  if (!context_) {
    auto context = make_context(options);
    if (!context) return base::fail(context.error());
    context_ = std::move(*context);
  }
  return set_up_session();
}

base::Result<void> Client::set_up_names(const ClientOptions& options) {
  if (!options.server_name.empty() && !is_ip_address(options.server_name)) {
    auto name = to_ascii(options.server_name);
    if (!name) return base::fail(error_of(ErrorKind::local, name.error().detail));
    server_name_ = std::move(*name);
  }
  std::vector<std::string> names = options.verify_names;
  if (names.empty()) names.push_back(options.server_name);
  for (const std::string& given : names) {
    auto name = to_ascii(given);
    if (!name) return base::fail(error_of(ErrorKind::local, name.error().detail));
    record_.names.push_back(std::move(*name));
  }
  return {};
}

base::Result<void> Client::set_up_session() {
  session_.reset(SSL_new(context_.get()));
  BioHandle input(BIO_new(BIO_s_mem()));
  BioHandle output(BIO_new(BIO_s_mem()));
  if (!session_ || !input || !output) return base::fail(error_of(ErrorKind::local, "out of memory"));
  BIO_set_mem_eof_return(input.get(), -1);  // empty means "not yet", not the end
  input_ = input.release();
  output_ = output.release();
  SSL_set_bio(session_.get(), input_, output_);
  SSL_set_connect_state(session_.get());
  SSL_set_app_data(session_.get(), this);
  SSL_set_verify(session_.get(), SSL_VERIFY_PEER, &Client::on_verify);
  SSL_set_cert_cb(session_.get(), &Client::on_certificate_request, this);
  X509_VERIFY_PARAM_set_time(SSL_get0_param(session_.get()), record_.now.time_since_epoch().count());
  if (auto asked = set_up_survey(); !asked) return asked;
  return announce_name();
}

base::Result<void> Client::set_up_survey() {
  if (!survey_) return {};
  SSL_CTX_set_cert_verify_callback(context_.get(), &Client::on_verify_chain, nullptr);
  return ask(session_.get(), *survey_);
}

// Around OpenSSL's own verification, to time it.
int Client::on_verify_chain(x509_store_ctx_st* context, void* /*unused*/) {
  auto* session = static_cast<SSL*>(X509_STORE_CTX_get_ex_data(context, SSL_get_ex_data_X509_STORE_CTX_idx()));
  auto* self = static_cast<Client*>(SSL_get_app_data(session));
  const base::TimePoint begin = self->clock_->now();
  const int is_good = X509_verify_cert(context);
  self->verification_time_ += self->clock_->now() - begin;
  return is_good;
}

base::Result<void> Client::announce_name() {
  if (server_name_.empty()) return {};
  // What the macro SSL_set_tlsext_host_name stands for, without its old-style cast.
  if (SSL_ctrl(session_.get(), SSL_CTRL_SET_TLSEXT_HOSTNAME, TLSEXT_NAMETYPE_host_name, server_name_.data()) == 1) {
    return {};
  }
  ERR_clear_error();
  return base::fail(error_of(ErrorKind::local, "host name cannot be sent to the server: " + server_name_));
}

// Notes every error and goes on: SSL_get_verify_result would keep the last one only.
int Client::on_verify(int is_good, x509_store_ctx_st* context) {
  if (is_good == 1) return 1;
  auto* session = static_cast<SSL*>(X509_STORE_CTX_get_ex_data(context, SSL_get_ex_data_X509_STORE_CTX_idx()));
  auto* self = static_cast<Client*>(SSL_get_app_data(session));
  if (self->record_.events.size() < kEventLimit) {
    self->record_.events.push_back({X509_STORE_CTX_get_error(context), X509_STORE_CTX_get_error_depth(context)});
  }
  return 1;
}

int Client::on_certificate_request(ssl_st* session, void* client) {
  if (SSL_get_certificate(session) == nullptr) static_cast<Client*>(client)->lacks_certificate_ = true;
  return 1;
}

void Client::feed(std::string_view ciphertext) {
  std::size_t written = 0;
  if (!ciphertext.empty()) BIO_write_ex(input_, ciphertext.data(), ciphertext.size(), &written);
}

void Client::receive(std::string_view ciphertext) {
  if (state_ == State::failed) return;
  if (state_ == State::handshaking) handshake_bytes_ += ciphertext.size();
  if (has_seen_record_) {
    feed(ciphertext);
  } else {
    first_bytes_ += ciphertext;
  }
}

void Client::receive_end() {
  has_ended_ = true;
  BIO_set_mem_eof_return(input_, 0);
}

std::string Client::take_output() {
  std::string out(BIO_ctrl_pending(output_), '\0');
  std::size_t size = 0;
  if (!out.empty() && BIO_read_ex(output_, out.data(), out.size(), &size) != 1) size = 0;
  out.resize(size);
  return out;
}

base::Result<HandshakeStatus> Client::handshake() {
  if (error_) return base::fail(*error_);
  if (state_ == State::open) return HandshakeStatus::done;
  auto status = step();
  if (!status) remember(status.error());
  return status;
}

base::Result<HandshakeStatus> Client::step() {
  if (handshake_bytes_ > kHandshakeLimit) {
    return base::fail(error_of(ErrorKind::tls_handshake, "server sent more than 256 KiB without ending the handshake"));
  }
  if (auto looked = look_at_first_bytes(); !looked) return base::fail(looked.error());
  if (is_plain_text_) return HandshakeStatus::need_more;
  ERR_clear_error();
  const int code = SSL_do_handshake(session_.get());
  if (code == 1) return finish();
  if (SSL_get_error(session_.get(), code) == SSL_ERROR_WANT_READ) return HandshakeStatus::need_more;
  return base::fail(handshake_failure());
}

base::Error Client::handshake_failure() const {
  unsigned long reason = ERR_peek_error();
  ERR_clear_error();
  if (reason == 0 && has_ended_) reason = ERR_PACK(ERR_LIB_SSL, 0, SSL_R_UNEXPECTED_EOF_WHILE_READING);
  base::Error error = handshake_error(reason, static_cast<int>(SSL_get_min_proto_version(session_.get())));
  // Before TLS 1.3 there is no alert of its own for this; most servers send "handshake failure".
  const bool is_refusal = ERR_GET_REASON(reason) == SSL_R_SSLV3_ALERT_HANDSHAKE_FAILURE ||
                          ERR_GET_REASON(reason) == SSL_R_SSLV3_ALERT_BAD_CERTIFICATE;
  if (is_refusal && lacks_certificate_) error.detail = "server demands a client certificate";
  return error;
}

// OpenSSL would only say "wrong version number" about a banner.
base::Result<void> Client::look_at_first_bytes() {
  if (has_seen_record_ || first_bytes_.empty()) return {};
  if (may_be_record(first_bytes_)) {
    has_seen_record_ = first_bytes_.size() >= 2 || has_ended_;
    if (has_seen_record_) feed(first_bytes_);
    return {};
  }
  is_plain_text_ = true;
  const bool is_line = first_bytes_.find('\n') != std::string::npos || first_bytes_.size() >= kFirstLineLimit;
  if (is_line || has_ended_) return base::fail(plain_text_error());
  return {};
}

base::Error Client::plain_text_error() const {
  std::string line = first_bytes_.substr(0, std::min(first_bytes_.find('\n'), kFirstLineLimit));
  if (!line.empty() && line.back() == '\r') line.pop_back();
  base::Error error = error_of(ErrorKind::plain_text_on_tls_port, "server answered in plain text instead of TLS");
  error.peer_text = std::move(line);
  return error;
}

base::Result<HandshakeStatus> Client::finish() {
  collect_facts();
  if (!facts_.faults.empty() && verification_ == Verification::required) {
    SSL_shutdown(session_.get());  // a goodbye, so that the server does not log a lost connection
    ERR_clear_error();
    return base::fail(verification_error(facts_.faults));
  }
  state_ = State::open;
  return HandshakeStatus::done;
}

void Client::remember(const base::Error& error) {
  if (state_ == State::handshaking && facts_.sent_chain.empty()) collect_facts();
  state_ = State::failed;
  error_ = error;
}

void Client::collect_facts() {
  const base::TimePoint begin = clock_->now();
  facts_ = read_session(session_.get(), record_);
  if (survey_ && SSL_is_init_finished(session_.get()) == 1) {
    facts_.survey = read_survey(session_.get(), *survey_, facts_, record_.now);
    facts_.survey->verification = verification_time_ + (clock_->now() - begin);
  }
  ERR_clear_error();
}

base::Result<ReadResult> Client::read(std::span<char> buffer) {
  if (error_) return base::fail(*error_);
  if (state_ != State::open) return base::fail(error_of(ErrorKind::protocol_error, "read before the TLS handshake"));
  ERR_clear_error();
  std::size_t size = 0;
  const int code = SSL_read_ex(session_.get(), buffer.data(), buffer.size(), &size);
  if (code == 1) return ReadResult{ReadStatus::bytes, size};
  return read_failure(SSL_get_error(session_.get(), code));
}

base::Result<ReadResult> Client::read_failure(int code) {
  if (code == SSL_ERROR_WANT_READ || code == SSL_ERROR_WANT_WRITE) return ReadResult{ReadStatus::need_more};
  const unsigned long reason = ERR_peek_error();
  ERR_clear_error();
  if (code == SSL_ERROR_ZERO_RETURN) return ReadResult{ReadStatus::closed};
  const bool is_end =
      ERR_GET_LIB(reason) == ERR_LIB_SSL && ERR_GET_REASON(reason) == SSL_R_UNEXPECTED_EOF_WHILE_READING;
  if (has_ended_ && (reason == 0 || is_end)) return ReadResult{ReadStatus::closed};
  const bool is_alert = ERR_GET_LIB(reason) == ERR_LIB_SSL && ERR_GET_REASON(reason) > SSL_AD_REASON_OFFSET;
  const base::Error error = is_alert ? handshake_error(reason, TLS1_2_VERSION) : record_error(reason);
  remember(error);
  return base::fail(error);
}

base::Result<void> Client::write(std::string_view plain_text) {
  if (error_) return base::fail(*error_);
  if (state_ != State::open) return base::fail(error_of(ErrorKind::protocol_error, "write before the TLS handshake"));
  if (plain_text.empty()) return {};
  ERR_clear_error();
  std::size_t size = 0;
  if (SSL_write_ex(session_.get(), plain_text.data(), plain_text.size(), &size) == 1) return {};
  ERR_clear_error();
  return base::fail(error_of(ErrorKind::connection_lost, "server has closed the connection"));
}

void Client::shut_down() {
  if (state_ != State::open) return;
  ERR_clear_error();
  SSL_shutdown(session_.get());
  ERR_clear_error();
}

std::optional<ChannelBinding> Client::channel_binding() const {
  if (state_ != State::open) return std::nullopt;
  return tls::channel_binding(session_.get());
}

}  // namespace mailcheck::tls
