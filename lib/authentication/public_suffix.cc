#include "authentication/public_suffix.h"

#include <libpsl.h>

#include "authentication/domain_name.h"

namespace mailcheck::authentication {

std::string organizational_domain_by_list(const std::string& domain) {
  const auto name = canonical_domain(domain);
  if (!name) return domain;
  const char* registrable = psl_registrable_domain(psl_builtin(), name->c_str());
  return registrable == nullptr ? *name : registrable;
}

}  // namespace mailcheck::authentication
