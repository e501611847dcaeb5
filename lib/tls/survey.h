// Survey: profile `survey` as OpenSSL wants it, and what it finds. Part of client.h.
#pragma once

#include "base/clock.h"
#include "base/error.h"
#include "tls/session_facts.h"
#include "tls/survey_options.h"

struct ssl_ctx_st;
struct ssl_st;

namespace mailcheck::tls {

// Every version and suite that OpenSSL has, servers without secure renegotiation too.
void allow_everything(ssl_ctx_st* context);

// The question that the options ask: version, suites, key type; a staple is asked for. Error: stage tls, kind local:
// this machine's OpenSSL cannot ask it.
[[nodiscard]] base::Result<void> ask(ssl_st* session, const SurveyOptions& options);

// After the handshake. `facts`: its certificates.
[[nodiscard]] SurveyFacts read_survey(ssl_st* session, const SurveyOptions& options, const SessionFacts& facts,
                                      base::WallTime now);

}  // namespace mailcheck::tls
