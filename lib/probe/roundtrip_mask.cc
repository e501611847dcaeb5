#include "probe/roundtrip_mask.h"

#include "probe/session_probe.h"

namespace mailcheck::probe {
namespace {

void hide(const base::Mask& mask, std::string& text) {
  text = mask.apply(text);
}

void hide(const base::Mask& mask, mail::AuthenticationResults& results) {
  if (results.spf) {
    for (std::string* text : {&results.spf->result, &results.spf->identity, &results.spf->domain}) hide(mask, *text);
  }
  for (auto& one : results.dkim) {
    for (std::string* text : {&one.result, &one.domain, &one.selector}) hide(mask, *text);
  }
  if (results.dmarc) {
    for (std::string* text : {&results.dmarc->result, &results.dmarc->from_domain, &results.dmarc->policy}) {
      hide(mask, *text);
    }
  }
  hide(mask, results.arc);
  hide(mask, results.unreadable);
  mask_words(mask, results.untrusted_ids);
}

void hide(const base::Mask& mask, ArrivalAuthentication& authentication) {
  hide(mask, authentication.results);
  auto& organization = authentication.organizational_domain;
  for (std::string* text :
       {&authentication.from_domain, &organization.domain, &organization.domain_by_list, &organization.detail}) {
    hide(mask, *text);
  }
  if (!authentication.dmarc_policy) return;
  auto& policy = *authentication.dmarc_policy;
  for (std::string* text : {&policy.at, &policy.policy, &policy.detail, &policy.remark}) hide(mask, *text);
}

void hide(const base::Mask& mask, Arrival& arrival) {
  hide(mask, arrival.folder);
  for (auto& hop : arrival.path.hops) {
    hide(mask, hop.from);
    hide(mask, hop.by);
  }
  for (auto& delay : arrival.path.delays) {
    hide(mask, delay.from);
    hide(mask, delay.by);
  }
  if (arrival.path.slowest) {
    hide(mask, arrival.path.slowest->from);
    hide(mask, arrival.path.slowest->by);
  }
  hide(mask, arrival.authentication);
  if (arrival.spam) hide(mask, arrival.spam->header);
}

void hide(const base::Mask& mask, mail::DeliveryReport& report) {
  for (std::string* text :
       {&report.recipient, &report.status, &report.reply, &report.remote_host, &report.retry_until}) {
    hide(mask, *text);
  }
  mask_words(mask, report.message_ids);
}

}  // namespace

void mask_words(const base::Mask& mask, RoundtripFacts& facts) {
  for (Arrival& arrival : facts.arrivals) hide(mask, arrival);
  for (Bounce& bounce : facts.bounces) hide(mask, bounce.report);
  mask_words(mask, facts.folders);
  hide(mask, facts.junk_fault);
  hide(mask, facts.bounce_fault);
  mask_words(mask, facts.clean_up.faults);
  if (facts.state_error) mask_words(mask, *facts.state_error);
}

}  // namespace mailcheck::probe
