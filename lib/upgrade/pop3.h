// Pop3Session: upgrade::Session for POP3 (RFC 1939; CAPA: RFC 2449; STLS: RFC 2595).
//
// A server that refuses CAPA, as old ones do, has told no capabilities: that is no error, and STLS may be tried. The
// list of one that knows CAPA is the truth: without STLS in it, STARTTLS is absent.
#pragma once

#include "upgrade/session.h"

namespace mailcheck::upgrade {

class Pop3Session : public Session {
 public:
  Pop3Session() : Session({"POP3", "CAPA", "STLS", "QUIT", base::Stage::quit, Literals::none}) {}

 private:
  std::optional<base::Step> take(std::string_view frame) override;
  [[nodiscard]] std::optional<Reply> reply_of(std::string_view frame) const override;
  std::optional<base::Step> take_listed(std::string_view line);
};

// "+OK text" or "-ERR [CODE] text"; std::nullopt: anything else.
[[nodiscard]] std::optional<Reply> parse_pop3_reply(std::string_view line);

}  // namespace mailcheck::upgrade
