// ImapClient: an imap::Session over a Connection. Each call is one step of the session: it starts the verb, waits for
// its end and times it; waiting and clean-up (look, cleanup) are no steps. What it adds to both is the choice of the
// mechanism, since only here the capabilities, the state of the connection and the credentials are known together.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "client/connection.h"
#include "client/log_in.h"
#include "imap/session.h"

namespace mailcheck::client {

class ImapClient {
 public:
  ImapClient(Connection& connection, base::Deadline deadline) : connection_(connection), deadline_(deadline) {}

  [[nodiscard]] base::Result<void> greeting();
  // Asked for only when the server has not sent them on its own since the connection changed.
  [[nodiscard]] base::Result<void> capability();
  [[nodiscard]] base::Result<void> ask_capability();
  // STARTTLS and the handshake. Error starttls_absent if it is not offered, preauth after a PREAUTH greeting.
  [[nodiscard]] base::Result<void> starttls();

  // The credentials are wiped. An exchange that this side gave up fails with the reason, whatever the server does then.
  [[nodiscard]] base::Result<void> log_in(LogIn log_in);
  // With which log_in() tried, or succeeded: a SASL name, or "LOGIN command". Empty if it did not come so far.
  [[nodiscard]] const std::string& mechanism() const { return mechanism_; }

  [[nodiscard]] base::Result<void> open(const std::string& wire_name, imap::OpenMode mode);
  [[nodiscard]] base::Result<void> list(const std::string& wire_name);
  [[nodiscard]] base::Result<void> search(const imap::SearchCriteria& criteria, imap::Numbers numbers);
  // Count, lowest and highest only, where the server can (ESEARCH); else the same as search().
  [[nodiscard]] base::Result<void> search_extent(const imap::SearchCriteria& criteria, imap::Numbers numbers);
  [[nodiscard]] base::Result<void> fetch(const imap::FetchRequest& request);
  [[nodiscard]] base::Result<void> quota(const std::string& wire_name);
  [[nodiscard]] base::Result<void> list_special_use();
  [[nodiscard]] base::Result<void> fetch_from(std::uint64_t uid);
  [[nodiscard]] base::Result<void> fetch_headers_of(const std::vector<std::uint64_t>& uids);
  [[nodiscard]] base::Result<void> fetch_section(std::uint64_t uid, imap::Section section);

  // Waiting for mail.
  [[nodiscard]] base::Result<void> noop();
  [[nodiscard]] base::Result<void> status(const std::string& wire_name);
  [[nodiscard]] base::Result<void> notify(const std::string& wire_name);
  // IDLE until there are news or `until` passes, and its end: true if there are news. Nothing is sent if there are
  // some already, so take_news() comes between two calls. Returns early too where somebody expunges.
  [[nodiscard]] base::Result<bool> idle(base::Deadline until);
  // The same without a word to the server.
  [[nodiscard]] base::Result<bool> pause(base::Deadline until);
  [[nodiscard]] bool take_news() { return session_.take_news(); }

  // Clean-up.
  [[nodiscard]] base::Result<void> store_deleted(const std::vector<std::uint64_t>& uids);
  [[nodiscard]] base::Result<void> expunge(const std::vector<std::uint64_t>& uids);
  [[nodiscard]] base::Result<void> expunge_all();
  [[nodiscard]] base::Result<void> move(const std::vector<std::uint64_t>& uids, const std::string& wire_name);

  // Of the calls from now on: clean-up has one of its own.
  void set_deadline(base::Deadline deadline) { deadline_ = deadline; }
  // Waits for the server's good-bye no longer than `deadline`; a failure is nobody's concern but the step's.
  void logout(base::Deadline deadline);

  [[nodiscard]] const imap::Session& session() const { return session_; }

 private:
  [[nodiscard]] base::Result<std::string> choose(const LogIn& log_in) const;
  [[nodiscard]] bool uses_login_command(const std::string& mechanism) const;
  base::Result<void> send_login(LogIn& log_in);
  base::Result<void> authenticate(LogIn& log_in);

  Connection& connection_;
  base::Deadline deadline_;
  imap::Session session_;
  std::string mechanism_;
};

}  // namespace mailcheck::client
