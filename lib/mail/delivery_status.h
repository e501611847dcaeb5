// Delivery status: the part message/delivery-status of a report (RFC 3464 section 2), or message/global-delivery-status
// (RFC 6533): groups of fields, one for each recipient. Values are the peer's, untrusted.
#pragma once

#include <string>
#include <string_view>
#include <vector>

namespace mailcheck::mail {

struct RecipientStatus {
  std::string recipient;    // Final-Recipient, else Original-Recipient, without its type
  std::string action;       // its first word in lower case: "failed"; may be empty
  std::string status;       // "5.1.1"; may be empty
  std::string reply;        // of Diagnostic-Code, joined, without its type: "550 5.1.1 No such user"; may be empty
  std::string remote_host;  // Remote-MTA; may be empty
  std::string retry_until;  // Will-Retry-Until as it stands; may be empty
};

// Precondition: line ends are LF. Groups that name neither a recipient nor an action are none.
[[nodiscard]] std::vector<RecipientStatus> parse_delivery_status(std::string_view text);

}  // namespace mailcheck::mail
