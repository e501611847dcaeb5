// Bounce text: what the words of a report say where it has no part message/delivery-status, or that part is silent:
// qmail (QSBMF) and those who write alike, Exim, sendmail, Postfix, Courier, OpenSMTPD, Gmail, Exchange, Mimecast.
//
// Read for a few habits that all of them share: the recipient begins a line, its reply follows, and then comes the
// original message, behind a line that says so or as a block of header fields. English only.
#pragma once

#include <string>
#include <string_view>

namespace mailcheck::mail {

struct BounceText {
  bool is_bounce = false;   // the words of a report are there, and not behind a quoting mark
  bool is_delayed = false;  // it has not given up
  std::string recipient;    // empty if none was found, as all that follows
  std::string reply;        // "550 5.1.1 ..." in one line; where there is no such, what stands behind the recipient
  std::string status;
  std::string remote_host;
  std::string original;  // header of the original message
};

// Precondition: line ends are LF.
[[nodiscard]] BounceText read_bounce_text(std::string_view text);

}  // namespace mailcheck::mail
