#include "sasl/scram.h"

#include <algorithm>
#include <array>
#include <utility>

#include "base/base64.h"
#include "crypto/constant_time.h"
#include "crypto/random.h"
#include "sasl/failure.h"
#include "sasl/identity.h"
#include "sasl/sasl_name.h"
#include "sasl/saslprep.h"
#include "sasl/scram_message.h"
#include "sasl/scram_proof.h"

namespace mailcheck::sasl {
namespace {

using base::ErrorKind;

constexpr std::size_t kNonceBytes = 18;  // 24 characters in base64, which has no ','

struct Form {
  std::string_view name;
  crypto::Digest digest;
  bool is_bound;
};

constexpr std::array<Form, 4> kForms = {{{"SCRAM-SHA-1", crypto::Digest::sha1, false},
                                         {"SCRAM-SHA-1-PLUS", crypto::Digest::sha1, true},
                                         {"SCRAM-SHA-256", crypto::Digest::sha256, false},
                                         {"SCRAM-SHA-256-PLUS", crypto::Digest::sha256, true}}};

// What stays the same during an exchange; nothing in it is secret.
struct Opening {
  Form form;
  std::string gs2_header;     // "n,," "y,," "p=tls-exporter,,"
  std::string binding_input;  // gs2_header, and the binding data with -PLUS
  std::string user;           // prepared and escaped
  std::string nonce;

  [[nodiscard]] std::string bare() const { return "n=" + user + ",r=" + nonce; }
};

class Scram final : public Mechanism {
 public:
  Scram(Opening opening, base::Secret password, base::Mask* mask)
      : opening_(std::move(opening)), password_(std::move(password)), mask_(mask) {}

  [[nodiscard]] std::string_view name() const override { return opening_.form.name; }
  [[nodiscard]] bool is_client_first() const override { return true; }
  [[nodiscard]] std::string server_error() const override { return server_error_; }

  [[nodiscard]] base::Result<base::Secret> respond(std::string_view challenge) override {
    auto response = next_response(std::exchange(state_, State::over), challenge);
    if (state_ == State::over) {
      password_.clear();
      expected_.clear();
    }
    if (!response) server_error_ = server_error_.empty() ? response.error().peer_text : server_error_;
    return response;
  }

  [[nodiscard]] base::Result<void> finish() override {
    if (has_server_proved_) return {};
    if (state_ == State::client_first || state_ == State::client_final) return early_success(name());
    return failure(ErrorKind::auth_failed, name(), "the server did not prove that it knows the password");
  }

 private:
  enum class State { client_first, client_final, server_final, over };

  base::Result<base::Secret> next_response(State state, std::string_view challenge) {
    switch (state) {
      case State::client_first: return open(challenge);
      case State::client_final: return prove_ourselves(challenge);
      case State::server_final: return verify(challenge);
      case State::over: break;
    }
    return surplus_challenge(name());
  }

  base::Result<base::Secret> open(std::string_view challenge) {
    if (!challenge.empty()) return early_challenge(name());
    state_ = State::client_final;
    return base::Secret(opening_.gs2_header + opening_.bare());
  }

  base::Result<base::Secret> prove_ourselves(std::string_view challenge) {
    const auto server_first = parse_server_first(name(), challenge, opening_.nonce);
    if (!server_first) return base::fail(server_first.error());
    const std::string without_proof =
        "c=" + base::base64_encode(std::string_view(opening_.binding_input)) + ",r=" + server_first->nonce;
    const std::string auth_message = opening_.bare() + "," + std::string(challenge) + "," + without_proof;
    auto proof = prove(opening_.form.digest, password_, *server_first, auth_message);
    password_.clear();
    if (!proof) return failure(ErrorKind::local, name(), "this system's OpenSSL does not allow the digest");
    expected_ = std::move(proof->server_signature);
    state_ = State::server_final;
    base::Secret message(without_proof);
    message.append(",p=");
    const base::Secret encoded_proof = base::base64_encode(proof->client);
    if (mask_ != nullptr) mask_->add(encoded_proof);
    message.append(encoded_proof.expose());
    return message;
  }

  base::Result<base::Secret> verify(std::string_view challenge) {
    const auto signature = parse_server_final(name(), challenge);
    if (!signature) return base::fail(signature.error());
    if (!crypto::is_equal_in_constant_time(*signature, expected_.expose())) {
      return failure(ErrorKind::auth_failed, name(), "the server's proof is wrong: it does not know the password");
    }
    has_server_proved_ = true;
    return base::Secret();
  }

  Opening opening_;
  base::Secret password_;
  base::Secret expected_;  // the server's signature
  base::Mask* mask_;
  std::string server_error_;
  State state_ = State::client_first;
  bool has_server_proved_ = false;
};

std::string gs2_header(const Form& form, const ScramRequest& request, const Credentials& credentials) {
  std::string out = "n";
  if (form.is_bound) {
    out = "p=" + request.binding.type;
  } else if (!request.binding.type.empty() && !request.server_offers_plus) {
    out = "y";
  }
  out += ',';
  if (!credentials.authorization.empty()) out += "a=" + escape_sasl_name(credentials.authorization);
  return out + ',';
}

base::Result<Form> form_of(const ScramRequest& request) {
  const auto form =
      std::find_if(kForms.begin(), kForms.end(), [&](const Form& known) { return known.name == request.name; });
  if (form == kForms.end()) return failure(ErrorKind::local, request.name, "not a form of SCRAM that we have");
  if (form->is_bound && (request.binding.type.empty() || request.binding.data.empty())) {
    return failure(ErrorKind::local, form->name, "the connection has no channel binding data");
  }
  return *form;
}

base::Result<Opening> make_opening(const Form& form, const ScramRequest& request, const Credentials& credentials) {
  const auto user = saslprep(credentials.user, Preparation::query);
  if (!user || user->is_empty()) {
    return failure(ErrorKind::local, form.name, "SASLprep (RFC 4013) refuses the user name");
  }
  Opening opening{.form = form,
                  .gs2_header = gs2_header(form, request, credentials),
                  .binding_input = {},
                  .user = escape_sasl_name(user->expose()),
                  .nonce = request.nonce};
  opening.binding_input = opening.gs2_header + (form.is_bound ? request.binding.data : "");
  if (opening.nonce.empty()) {
    const std::string bytes = crypto::SystemRandom().bytes(kNonceBytes);
    opening.nonce = base::base64_encode(std::string_view(bytes));
  }
  if (!is_nonce(opening.nonce)) {
    return failure(ErrorKind::local, form.name, "the client nonce is not printable ASCII without a comma");
  }
  return opening;
}

}  // namespace

base::Result<std::unique_ptr<Mechanism>> make_scram(const ScramRequest& request, const Credentials& credentials) {
  const auto form = form_of(request);
  if (!form) return base::fail(form.error());
  if (auto checked = check_user_and_password(form->name, credentials); !checked) {
    return base::fail(std::move(checked.error()));
  }
  auto opening = make_opening(*form, request, credentials);
  if (!opening) return base::fail(std::move(opening.error()));
  auto password = saslprep(credentials.password->expose(), Preparation::stored);
  if (!password || password->is_empty()) {
    return failure(ErrorKind::local, form->name, "SASLprep (RFC 4013) refuses the password; PLAIN can send it");
  }
  return std::make_unique<Scram>(std::move(*opening), std::move(*password), request.mask);
}

}  // namespace mailcheck::sasl
