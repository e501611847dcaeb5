// Fetcher: one HTTPS GET, bounded in time and size. An interface, so that tests bring their own answers.
//
// What every implementation promises: HTTPS only, TLS 1.2 or newer, certificate and host name verified always (the name
// by subjectAltName alone, RFC 8461 section 3.3); no redirect is followed, a 3xx is an answer like any other; nothing
// in the environment (proxies, .netrc) has a say; no cookies; one request, HTTP/1.1.
//
// Implementation: http/curl_fetcher.h.
#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <vector>

#include "base/deadline.h"
#include "base/error.h"

namespace mailcheck::http {

struct Request {
  // A DNS name in ASCII, "mta-sts.example.org": sent as SNI and Host, verified, never looked up here.
  std::string host;
  std::string path = "/";  // begins with '/'; printable ASCII without blanks, percent-encoded where need be
  std::uint16_t port = 443;
  std::vector<std::string> addresses = {};  // numeric, from our resolver; tried in this order within a family
  // PEM, and hashed (several with ':' between them). Both empty is an error: trust is chosen by the caller
  // (tls/trust.h), and libcurl's own bundle would cost 20 ms to parse.
  std::string ca_file = {};
  std::string ca_path = {};
  std::size_t largest_body = std::size_t{64} * 1024;
};

// The server's answer, whatever its status. Untrusted.
struct Response {
  int status = 0;            // 100 to 999
  std::string content_type;  // as sent, parameters included ("text/plain; charset=utf-8"); empty: none was sent
  std::string body;          // without transfer encoding; one that tells no length ends where the connection does
};

class Fetcher {
 public:
  virtual ~Fetcher() = default;
  // Never outlives the deadline (nor SIGTERM and SIGINT, which end it). Errors: stage policy, and of the kinds
  //   connect, timeout, connection_lost   no address answered; not in time; closed or reset before the answer was whole
  //   tls_handshake
  //   untrusted, self_signed, expired, not_yet_valid, name_mismatch, wrong_purpose, weak_key, weak_digest
  //                                       the server's certificate, as OpenSSL's verification says: its first fault
  //   protocol_error                      not HTTP, or an answer larger than allowed
  //   local                               the request or the CA files cannot be used, or a part of the package is
  //   missing
  [[nodiscard]] virtual base::Result<Response> get(const Request& request, base::Deadline deadline) = 0;
};

}  // namespace mailcheck::http
