// Arrival look: what the header of a message that arrived says of its way, and what a report says of one that did not.
// Pure, but for DNS. Part of roundtrip.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "authentication/dmarc_discovery.h"
#include "mail/delivery_report.h"
#include "mail/probe_mark.h"
#include "probe/roundtrip_facts.h"

namespace mailcheck::probe {

// Fills in path, authentication and spam score.
void read_header(std::string_view header, const std::vector<std::string>& authserv_ids,
                 authentication::DomainTree& domains, Arrival& arrival);

// The report names the message by its Message-ID, or quotes its mark.
[[nodiscard]] bool is_about(const mail::DeliveryReport& report, const mail::ProbeMark& mark, std::string_view domain);

// What the reply that it tells of means: the same classes as of a reply to our own RCPT.
[[nodiscard]] base::ErrorKind class_of(const mail::DeliveryReport& report);

}  // namespace mailcheck::probe
