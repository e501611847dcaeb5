#include "probe/session_probe.h"

#include <algorithm>

namespace mailcheck::probe {
namespace {

constexpr base::Duration kLongestReserve = std::chrono::seconds(2);

void mask_chain(const base::Mask& mask, std::vector<tls::Certificate>& chain) {
  for (tls::Certificate& certificate : chain) {
    certificate.subject = mask.apply(certificate.subject);
    certificate.issuer = mask.apply(certificate.issuer);
    mask_words(mask, certificate.dns_names);
  }
}

}  // namespace

Deadlines::Deadlines(const base::Clock& clock, base::Duration timeout)
    : whole_(clock, timeout), reserve_(std::min(kLongestReserve, timeout / 5)) {}

base::Mask mask_of(const std::optional<sasl::Credentials>& credentials, const tls::ClientOptions& tls,
                   base::Mask more) {
  base::Mask mask = std::move(more);
  if (credentials && credentials->password) mask.add(*credentials->password);
  if (credentials && credentials->token) mask.add(*credentials->token);
  mask.add(tls.client_key_password);
  return mask;
}

base::Result<void> reach(client::Connection& connection, const Reaching& reaching, base::Deadline deadline) {
  if (reaching.encryption != Encryption::none) {
    if (auto prepared = connection.prepare_tls(reaching.tls); !prepared) return prepared;
  }
  if (auto opened = connection.open(reaching.target, deadline); !opened) return opened;
  if (reaching.proxy) {
    if (auto told = connection.send_proxy_header(*reaching.proxy, deadline); !told) return told;
  }
  if (reaching.encryption != Encryption::implicit) return {};
  return connection.secure(client::Upgrade::implicit, deadline);
}

void collect(const client::Connection& connection, const base::Timeline& timeline, const net::Transcript& transcript,
             SessionFacts& facts) {
  if (connection.address()) facts.address = connection.address()->to_string();
  for (const auto& failed : connection.failed_addresses()) {
    facts.failed_addresses.push_back({failed.address.to_string(), failed.reason});
  }
  facts.tls = connection.tls_facts();
  facts.steps = timeline.steps();
  facts.unfinished_step = timeline.unfinished();
  // A step done more than once whose last time did not end: what it took up to then is not what it takes.
  const auto is_unfinished = [&](const auto& step) { return step.stage == facts.unfinished_step; };
  facts.steps.erase(std::remove_if(facts.steps.begin(), facts.steps.end(), is_unfinished), facts.steps.end());
  facts.total = timeline.total();
  facts.dialogue = transcript.lines();
}

void mask_words(const base::Mask& mask, std::vector<std::string>& texts) {
  for (std::string& text : texts) text = mask.apply(text);
}

void mask_words(const base::Mask& mask, base::Error& error) {
  constexpr std::size_t kLongestWords = 1000;
  for (auto* text : {&error.detail, &error.peer_code, &error.peer_text}) *text = mask.apply(*text);
  // Cut only here: half a secret would not be recognised.
  error.peer_text.resize(std::min(error.peer_text.size(), kLongestWords));
}

void mask_words(const base::Mask& mask, SessionFacts& facts) {
  if (facts.error) mask_words(mask, *facts.error);
  facts.reply_enhanced = mask.apply(facts.reply_enhanced);
  facts.reply_text = mask.apply(facts.reply_text);
  if (!facts.tls) return;
  mask_chain(mask, facts.tls->sent_chain);
  mask_chain(mask, facts.tls->verified_chain);
  for (auto& fault : facts.tls->faults) fault.detail = mask.apply(fault.detail);
}

}  // namespace mailcheck::probe
