// The probe behind check_imap_login: one session as a mail client's. Connect, secure, greeting, capability, log in,
// open a folder, look, leave.
//
// Promises: facts of every finished step are there however the session ends; a failed LOGOUT never spoils them
// and has no part in the total;
// credentials are wiped as soon as they were used and appear in no fact; no flag of a message ever changes (EXAMINE
// unless told otherwise, BODY.PEEK always).
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "client/imap_client.h"
#include "imap/search.h"
#include "net/transcript.h"
#include "probe/encryption.h"
#include "probe/environment.h"
#include "probe/imap_login_facts.h"

namespace mailcheck::probe {

// The last step that is done; everything after it is left out.
enum class ImapStop { greeting, tls, capability, auth, select, end };

struct ListedName {
  std::string shown;  // as the user wrote it
  std::string wire;
};

struct ImapLoginRequest {
  client::Target target;
  Encryption encryption = Encryption::implicit;
  tls::ClientOptions tls;
  std::optional<sasl::Credentials> credentials;  // none: nobody logs in
  std::string mechanism;
  client::PlainTextAuth plain_text_auth = client::PlainTextAuth::refused;
  ImapStop stop_after = ImapStop::end;
  std::string mailbox = "INBOX";  // wire form
  imap::OpenMode open_mode = imap::OpenMode::examine;
  std::vector<ListedName> must_exist;
  std::optional<imap::SearchCriteria> search;
  struct Measurements {
    bool unseen = false;
    bool newest_age = false;
    bool oldest_age = false;
    bool quota = false;
  } measure;
  unsigned fetch_newest = 0;
  base::Duration timeout{};
  net::Recording recording = net::Recording::off;
  base::Mask mask = {};  // what must not be shown besides the secrets of this request
};

[[nodiscard]] ImapLoginFacts imap_login(ImapLoginRequest request, const Environment& environment);

}  // namespace mailcheck::probe
