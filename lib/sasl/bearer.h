// XOAUTH2 (Google, Microsoft) and OAUTHBEARER (RFC 7628): an OAuth 2.0 access token in one message of the client.
//
// XOAUTH2      user=U ^A auth=Bearer T ^A ^A
// OAUTHBEARER  n,a=U, ^A host=H ^A port=P ^A auth=Bearer T ^A ^A      ('=' and ',' in U as =3D and =2C)
// U is the authorization identity, or the user where none is given; host= and port= are left out where unknown.
//
// A refused token comes as a challenge with JSON in it, before the refusal proper: it is answered as the server expects
// (empty; OAUTHBEARER one 0x01) and kept for server_error(), as received and whole: {"status":"401",...}. Any further
// challenge is a protocol_error, and so is success after it. The token leaves the object with the first respond().
#pragma once

#include <memory>

#include "sasl/credentials.h"
#include "sasl/mechanism.h"

namespace mailcheck::sasl {

// Errors: stage auth, kind local: no token, or a token with anything but visible ASCII in it (it would break the
// framing); no user or a control character in user or host.
[[nodiscard]] base::Result<std::unique_ptr<Mechanism>> make_xoauth2(const Credentials& credentials);
[[nodiscard]] base::Result<std::unique_ptr<Mechanism>> make_oauthbearer(const Credentials& credentials);

}  // namespace mailcheck::sasl
