// Addresses without a route come last (RFC 6724 rule 1), for answers that no system library has sorted.
#pragma once

#include <vector>

#include "dns/address.h"

namespace mailcheck::dns {

// Otherwise the order stays. Asks the system's routing table; nothing is sent.
void put_reachable_first(std::vector<Address>& addresses);

}  // namespace mailcheck::dns
