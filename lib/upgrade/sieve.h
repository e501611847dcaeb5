// SieveSession: upgrade::Session for ManageSieve (RFC 5804). Its greeting is a list of capabilities that ends with OK,
// so that capability() need not follow it.
//
// After STARTTLS the server tells its capabilities anew, unasked. Some old ones do not, so nobody waits for them:
// leave() passes over them on its way to the server's good-bye.
#pragma once

#include "upgrade/session.h"

namespace mailcheck::upgrade {

class SieveSession : public Session {
 public:
  SieveSession()
      : Session({"ManageSieve", "CAPABILITY", "STARTTLS", "LOGOUT", base::Stage::logout, Literals::announced}) {}

 private:
  std::optional<base::Step> take(std::string_view frame) override;
  [[nodiscard]] std::optional<Reply> reply_of(std::string_view frame) const override;
  std::optional<base::Step> on_reply(Reply reply);
};

}  // namespace mailcheck::upgrade
