// SystemResolver: getaddrinfo, so nsswitch.conf, /etc/hosts and gai.conf (order of addresses, RFC 6724) are honoured.
//
// Numeric hosts are answered without a look-up. With Family::any, families that this machine has no address of are left
// out (AI_ADDRCONFIG), unless that leaves nothing: then they are asked too, so that localhost resolves on a machine
// without network. Takes ASCII: U-labels are converted by the caller.
//
// Errors, in words: the host name does not exist; it has no address of that family, only of the other; a name server
// did not answer or failed for now; the resolver did not answer within N s (kind timeout).
#pragma once

#include "dns/resolver.h"

namespace mailcheck::dns {

class SystemResolver : public Resolver {
 public:
  [[nodiscard]] base::Result<std::vector<Address>> addresses(const std::string& host, Family family,
                                                             base::Deadline deadline) override;
};

}  // namespace mailcheck::dns
