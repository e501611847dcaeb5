// What -vv and JSON tell of one connection. Part of judge.
#pragma once

#include "plugins/check_mail_tls/judge.h"

namespace mailcheck::plugins::mail_tls {

void add_look_facts(plugin::Report& report, const probe::TlsLook& look);

}  // namespace mailcheck::plugins::mail_tls
