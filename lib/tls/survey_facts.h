// SurveyFacts: what profile `survey` notes besides SessionFacts, as plain values. Nothing here judges.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "base/clock.h"
#include "tls/chain_order.h"
#include "tls/dane.h"
#include "tls/ocsp_staple.h"
#include "tls/suite_facts.h"

namespace mailcheck::tls {

struct SurveyFacts {
  SuiteFacts suite;
  StapleFacts staple;
  bool wants_staple = false;  // the certificate says "must staple" (RFC 7633)
  std::vector<ChainRemark> chain_remarks;
  std::string matching_tlsa;      // the record that would match this key: "3 1 1 2cf2..." (RFC 7672 section 3.1.1)
  std::optional<DaneFacts> dane;  // if there were TLSA records to match
  base::Duration verification{};  // of our own time, inside the handshake: building and checking the chain
};

}  // namespace mailcheck::tls
