// Reply: what a server of POP3 or ManageSieve says to a command, apart from data: yes, no, or good-bye.
//
//   POP3          +OK text / -ERR [CODE] text                      (RFC 1939 section 3, codes: RFC 2449 section 8)
//   ManageSieve   OK (CODE) "text" / NO ... / BYE ...              (RFC 5804 section 1.2; the text may be a literal)
#pragma once

#include <string>

namespace mailcheck::upgrade {

enum class Condition { ok, refused, bye };

struct Reply {
  Condition condition = Condition::ok;
  std::string status;     // as it is written: "+OK", "-ERR", "OK", "NO", "BYE"
  std::string code = {};  // in upper case, without arguments: "SYS/TEMP", "REFERRAL"; often empty
  std::string head;  // all that stands before the text: "-ERR [SYS/TEMP]", "BYE (REFERRAL \"sieve://...\")"; untrusted
  std::string text = {};  // untrusted
};

}  // namespace mailcheck::upgrade
