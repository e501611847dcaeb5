#include "base/stage.h"

namespace mailcheck::base {

std::string_view to_string(Stage stage) {
  switch (stage) {
    case Stage::state: return "state";
    case Stage::dns: return "dns";
    case Stage::policy: return "policy";
    case Stage::connect: return "connect";
    case Stage::greeting: return "greeting";
    case Stage::ehlo: return "ehlo";
    case Stage::capability: return "capability";
    case Stage::starttls: return "starttls";
    case Stage::tls: return "tls";
    case Stage::auth: return "auth";
    case Stage::select: return "select";
    case Stage::list: return "list";
    case Stage::search: return "search";
    case Stage::fetch: return "fetch";
    case Stage::quota: return "quota";
    case Stage::look: return "look";
    case Stage::cleanup: return "cleanup";
    case Stage::mail: return "mail";
    case Stage::rcpt: return "rcpt";
    case Stage::rset: return "rset";
    case Stage::body: return "body";
    case Stage::data: return "data";
    case Stage::quit: return "quit";
    case Stage::logout: return "logout";
  }
  return "unknown";
}

}  // namespace mailcheck::base
