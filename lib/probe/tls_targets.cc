#include "probe/tls_targets.h"

#include <utility>

#include "tls/idn.h"

namespace mailcheck::probe {
namespace {

using base::Stage;

std::vector<client::Target> connections_to(const client::Target& host, const std::vector<dns::Address>& addresses,
                                           Addresses which) {
  std::vector<client::Target> connections;
  for (const dns::Address& address : addresses) {
    connections.push_back(host);
    connections.back().addresses = which == Addresses::all ? std::vector{address} : addresses;
    if (which == Addresses::first_that_answers) break;
  }
  return connections;
}

bool is_answered(const std::optional<policy::TlsaAnswer>& tlsa) {
  return !tlsa || tlsa->status != policy::TlsaAnswer::Status::silent;
}

bool is_answered(const policy::MailExchangers& exchangers) {
  using Status = policy::MailExchangers::Status;
  return exchangers.status != Status::bogus && exchangers.status != Status::silent &&
         exchangers.status != Status::unreachable;
}

}  // namespace

std::string ascii_name(const std::string& name) {
  const auto converted = tls::to_ascii(name);
  return converted ? *converted : name;
}

bool TlsTargets::looks_up(const client::Target& host) const {
  const bool is_numeric = dns::Address::parse(host.host).has_value();
  return host.unix_socket.empty() && host.addresses.empty() && !is_numeric;
}

std::vector<client::Target> TlsTargets::hosts(base::Deadline deadline, TlsSurveyFacts& facts) {
  if (request_.exchanges_of.empty()) return {request_.target};
  const std::string domain = ascii_name(request_.exchanges_of);
  facts.exchangers = policy::look_up_mail_exchangers(domain, environment_.records, deadline);
  is_mx_secure_ = facts.exchangers->is_secure;
  std::vector<client::Target> hosts;
  for (const auto& exchanger : facts.exchangers->hosts) {
    hosts.push_back(request_.target);
    hosts.back().host = exchanger.host;
  }
  return hosts;
}

base::Result<std::vector<dns::Address>> TlsTargets::addresses(const client::Target& host, base::Deadline deadline) {
  if (!host.addresses.empty()) return host.addresses;
  if (const auto numeric = dns::Address::parse(host.host)) return std::vector{*numeric};
  dns::Resolver& system = environment_.world.resolver;
  dns::Resolver& resolver = request_.dane == DaneQuestion::asked ? secure_resolver_ : system;
  return resolver.addresses(ascii_name(host.host), host.family, deadline);
}

void TlsTargets::ask_for_tlsa(PlannedTarget& planned, const client::Target& host, base::Deadline deadline) {
  const policy::AddressFacts addresses{.is_given = !host.addresses.empty(),
                                       .is_secure = secure_resolver_.is_secure(),
                                       .canonical_name = secure_resolver_.canonical_name()};
  const std::string name = ascii_name(host.host);
  planned.facts.tlsa = policy::look_up_tlsa(name, host.port, addresses, environment_.records,
                                            deadline.at_most(deadline.remaining() / 2));
  planned.tlsa_names = {planned.facts.tlsa->base};
  if (name != planned.facts.tlsa->base) planned.tlsa_names.push_back(name);
  // RFC 7672 section 3.2.2: the domain counts too, if DNSSEC says that its mail goes there.
  if (is_mx_secure_) planned.tlsa_names.push_back(ascii_name(request_.exchanges_of));
}

// What keeps DANE from being looked at has findings of its own (RFC 7672 section 2.1.1: mail is deferred).
void TlsTargets::note_failure(TlsTarget& target, base::Error error) const {
  using Status = policy::TlsaAnswer::Status;
  const dns::LookupOutcome outcome = secure_resolver_.outcome();
  const bool is_bogus = outcome == dns::LookupOutcome::failed;
  const bool is_silent = outcome == dns::LookupOutcome::silent || outcome == dns::LookupOutcome::unreachable;
  if (request_.dane == DaneQuestion::asked && (is_bogus || is_silent)) {
    target.tlsa =
        policy::TlsaAnswer{.status = is_bogus ? Status::bogus : Status::silent, .detail = std::move(error.detail)};
  } else {
    target.error = std::move(error);
  }
}

PlannedTarget TlsTargets::plan(const client::Target& host, base::Deadline deadline) {
  PlannedTarget planned;
  planned.facts.host = host.host;
  planned.facts.port = host.port;
  if (!host.unix_socket.empty()) {
    planned.connections = {host};
    return planned;
  }
  auto found = addresses(host, deadline);
  if (!found) {
    note_failure(planned.facts, std::move(found.error()));
    return planned;
  }
  planned.connections = connections_to(host, *found, request_.addresses);
  if (request_.dane == DaneQuestion::asked) ask_for_tlsa(planned, host, deadline);
  return planned;
}

// No more than a quarter of the time: nothing hangs on them.
void TlsTargets::add_notes(std::vector<PlannedTarget>& planned, base::Deadline deadline, TlsSurveyFacts& facts) {
  const bool is_asked = !request_.exchanges_of.empty() || !request_.mta_sts_domain.empty();
  if (!is_asked) return;
  const base::Deadline part = deadline.at_most(deadline.remaining() / 4);
  const std::string& domain = request_.exchanges_of.empty() ? request_.mta_sts_domain : request_.exchanges_of;
  facts.tls_rpt = policy::look_up_tls_rpt(ascii_name(domain), environment_.records, part);
  for (PlannedTarget& target : planned) {
    target.facts.caa = policy::look_up_caa(ascii_name(target.facts.host), environment_.records, part);
  }
}

std::vector<PlannedTarget> TlsTargets::find(base::Timeline& timeline, base::Deadline deadline, TlsSurveyFacts& facts) {
  const bool asks = !request_.exchanges_of.empty() || !request_.mta_sts_domain.empty() ||
                    request_.dane == DaneQuestion::asked || looks_up(request_.target);
  if (asks) timeline.begin(Stage::dns);
  bool is_complete = true;
  std::vector<PlannedTarget> planned;
  for (const client::Target& host : hosts(deadline, facts)) {
    // Half of what is left for each, so that one whose name servers are silent does not starve the next.
    const bool is_only = request_.exchanges_of.empty();
    planned.push_back(plan(host, is_only ? deadline : deadline.at_most(deadline.remaining() / 2)));
    is_complete = is_complete && !planned.back().connections.empty() && is_answered(planned.back().facts.tlsa);
  }
  add_notes(planned, deadline, facts);
  if (facts.exchangers) is_complete = is_complete && is_answered(*facts.exchangers);
  if (asks && is_complete) timeline.finish();
  return planned;
}

}  // namespace mailcheck::probe
