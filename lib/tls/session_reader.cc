#include "tls/session_reader.h"

#include <openssl/ssl.h>

#include "tls/certificate_reader.h"
#include "tls/host_name.h"
#include "tls/key_exchange.h"

namespace mailcheck::tls {
namespace {

void read_parameters(SSL* session, SessionFacts& facts) {
  const SSL_CIPHER* cipher = SSL_get_current_cipher(session);
  if (cipher == nullptr) return;  // the version would only be a guess
  facts.cipher = SSL_CIPHER_get_name(cipher);
  facts.version = SSL_get_version(session);
  facts.group = key_exchange_group(session);
}

std::vector<VerifyFault> find_faults(SSL* session, const SessionFacts& facts, const VerifyRecord& record) {
  std::vector<VerifyFault> faults = classify(record.events, facts.verified_chain, record.now);
  X509* leaf = SSL_get0_peer_certificate(session);
  if (leaf != nullptr && !facts.sent_chain.empty()) {
    if (auto fault = check_names(leaf, facts.sent_chain.front(), record.names)) faults.push_back(*fault);
  } else if (SSL_is_init_finished(session) == 1) {
    faults.push_back({base::ErrorKind::untrusted, "server sent no certificate"});
  }
  sort_by_weight(faults);
  return faults;
}

}  // namespace

SessionFacts read_session(ssl_st* session, const VerifyRecord& record) {
  SessionFacts facts;
  read_parameters(session, facts);
  facts.sent_chain = describe(SSL_get_peer_cert_chain(session));
  facts.verified_chain = describe(SSL_get0_verified_chain(session));
  facts.faults = find_faults(session, facts, record);
  return facts;
}

}  // namespace mailcheck::tls
