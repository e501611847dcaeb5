// SmtpSubmitFacts: what one SMTP or LMTP session showed. Plain values; nothing here judges. A member that is
// std::nullopt or empty was not reached or not asked for.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "probe/session_facts.h"

namespace mailcheck::probe {

// One answer of the server, in the order of time.
struct SmtpReply {
  base::Stage stage = base::Stage::greeting;
  int code = 0;          // 250
  std::string enhanced;  // "2.1.0"; empty: none
  std::string text;
  std::string recipient;                   // of RCPT, and of LMTP's answers to the message
  std::optional<base::ErrorKind> kind;     // its class, if it was not what the step hoped for
  bool is_about_sender_or_client = false;  // a refusal that would hit every recipient
};

struct SmtpSubmitFacts : SessionFacts {
  std::optional<std::string> greeting;                            // its words, without the code
  std::optional<std::vector<std::string>> extensions_before_tls;  // as announced: "SIZE 10240000"
  std::optional<std::vector<std::string>> extensions;             // the last ones
  std::optional<std::string> mechanism;                           // of the log in, whether it was let in or not
  bool is_logged_in = false;                                      // with that mechanism
  std::vector<SmtpReply> replies;                                 // of every step that was answered
  bool is_envelope_accepted = false;                              // MAIL and every RCPT
  bool is_delivered = false;                                      // the message was sent, and taken for everybody
  std::string message_id;                                         // of the message that was sent
  std::string block_list;                                         // that the server's words name, if it is one's fault
  std::vector<std::string> quirks;
};

}  // namespace mailcheck::probe
