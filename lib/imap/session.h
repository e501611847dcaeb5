// Session: the client's side of one IMAP session (RFC 9051, RFC 3501) without I/O: see base/dialogue.h for how it is
// driven. One verb at a time: start it, drive next() until Done or Error, read its result.
//
//      expect_greeting -> [capability] -> [starttls -> tls_started -> capability] -> authenticate | login
//                      -> [capability] -> open -> { list, search, fetch, quota, noop, status ... } -> logout
//      idle -> await_news -> end_idle            await_news also stands alone: nothing is sent then
//
// Promises:
// - Bytes that follow the go-ahead of STARTTLS are refused (starttls_injected). All capabilities are forgotten then;
//   after log in too, unless the server sends them anew. PREAUTH is told by greeting(), not acted on.
// - Literal data is never taken for a response; every size is capped (framer.h).
// - Untagged responses may come at any time; unknown ones are skipped. A BYE ends the session with the server's words;
//   where the connection ends without one, an untagged NO or BAD before the end is taken for them.
// - EXISTS and EXPUNGE are followed, so mailbox().messages is the highest number that there is. A FETCH of messages
//   that are gone by then (EXPUNGEISSUED) succeeds with what came.
// - News (has_news(), take_news()) is an EXISTS, RECENT or STATUS, whatever was under way when it came; not the answers
//   to open() and status() themselves. Opening a mailbox forgets what was news of the one before.
// - Credentials go out once; their chunks are wiped when they are sent.
// Does not do: UTF8=ACCEPT, literal8, pipelining, following referrals.
#pragma once

#include <deque>
#include <memory>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "base/dialogue.h"
#include "imap/capability.h"
#include "imap/command.h"
#include "imap/facts.h"
#include "imap/framer.h"
#include "imap/response.h"
#include "imap/search.h"
#include "sasl/mechanism.h"

namespace mailcheck::imap {

struct Greeting {
  Condition condition = Condition::ok;
  std::string line;  // the whole of it, as received: "* OK [CAPABILITY IMAP4rev1] ready"
};

enum class OpenMode { examine, select };
enum class InitialResponse { allowed, not_allowed };
enum class Numbers { sequence, uid };
enum class Section { header, whole };  // of a message: its header, or all of it

struct FetchRequest {
  Numbers numbers = Numbers::sequence;
  std::vector<std::uint64_t> messages;
  enum class Items { dates, headers } items = Items::dates;  // headers: dates, size and Date, From, Subject, Message-ID
};

class Session : public base::Dialogue {
 public:
  Session() = default;

  // verbs
  void expect_greeting();
  void capability();
  void starttls();
  void tls_started();  // to be called once TLS stands
  void authenticate(std::unique_ptr<sasl::Mechanism> mechanism, InitialResponse initial_response);
  void login(std::string_view user, const base::Secret& password);
  void open(std::string_view wire_name, OpenMode mode);
  void list(std::string_view wire_name);
  void search(const SearchCriteria& criteria, Numbers numbers);         // all numbers
  void search_extent(const SearchCriteria& criteria, Numbers numbers);  // count, lowest, highest; needs ESEARCH
  void fetch(const FetchRequest& request);
  void quota(std::string_view wire_name);
  void logout();
  // All folders with their special uses (RFC 6154), or as far as the server can tell them: XLIST, plain LIST.
  void list_special_use();

  // verbs of somebody who waits for mail
  void noop();
  void status(std::string_view wire_name);  // MESSAGES UIDNEXT UIDVALIDITY
  // New and expunged messages of the open mailbox and of that folder are told from now on (RFC 5465).
  void notify(std::string_view wire_name);
  // RFC 2177. Done once the server has agreed. A server that ends IDLE unasked is in error, and the session lives on.
  void idle();
  // Done as soon as there are news, or an EXPUNGE came; at once if there are news that nobody has taken.
  void await_news();
  void end_idle();

  // Messages by UID: header fields that tell a probe and a bounce, or one section. The lists must not be empty. Fetches
  // from `uid` on may give one message below it, the last one there is (n:*). The answers for one UID are one message;
  // those without UID are dropped. A section's first 64 KiB are fetched.
  void fetch_from(std::uint64_t uid);
  void fetch_headers_of(const std::vector<std::uint64_t>& uids);
  void fetch_section(std::uint64_t uid, Section section);

  // Clean-up by UID. The lists must not be empty. expunge() needs UIDPLUS, move() MOVE.
  void store_deleted(const std::vector<std::uint64_t>& uids);
  void expunge(const std::vector<std::uint64_t>& uids);
  void expunge_all();  // everybody's messages that are marked as deleted
  void move(const std::vector<std::uint64_t>& uids, std::string_view wire_name);

  // base::Dialogue
  void receive(std::string_view bytes) override { framer_.receive(bytes); }
  void end_of_input() override { has_ended_ = true; }
  [[nodiscard]] base::Step next() override;

  // results
  [[nodiscard]] const Greeting& greeting() const { return greeting_; }
  [[nodiscard]] const Capabilities& capabilities() const { return capabilities_; }
  [[nodiscard]] const Mailbox& mailbox() const { return mailbox_; }
  [[nodiscard]] const std::vector<ListedMailbox>& listed() const { return listed_; }
  [[nodiscard]] const SearchResult& found() const { return found_; }
  [[nodiscard]] const std::vector<Message>& messages() const { return messages_; }
  // The last fetch gave more messages than are kept: 1,000, or 4 MiB.
  [[nodiscard]] bool has_left_messages_out() const { return has_left_messages_out_; }
  [[nodiscard]] const std::vector<QuotaResource>& resources() const { return resources_; }
  // STATUS responses since the command began, asked for or not, one for each folder: the last values.
  [[nodiscard]] const std::vector<FolderStatus>& statuses() const { return statuses_; }
  // Of the last move(), where the server tells.
  [[nodiscard]] const std::optional<CopyUid>& copied() const { return copied_; }
  [[nodiscard]] bool has_news() const { return has_news_; }
  // The same, and forgets them.
  [[nodiscard]] bool take_news() { return std::exchange(has_news_, false); }
  // the server's words of every [ALERT], the URL of every [REFERRAL], deviations that were tolerated
  [[nodiscard]] const std::vector<std::string>& alerts() const { return alerts_; }
  [[nodiscard]] const std::vector<std::string>& referrals() const { return referrals_; }
  [[nodiscard]] const std::vector<std::string>& quirks() const { return quirks_; }
  // the last status response: code or condition, and words
  [[nodiscard]] const std::optional<Response>& last_reply() const { return last_reply_; }
  // Why this side gave the log in up ("*"), as long as the server has not acknowledged that: it may never do so.
  [[nodiscard]] const std::optional<base::Error>& unacknowledged_abort() const { return pending_error_; }

 private:
  enum class Waiting { nothing, greeting, tagged, go_ahead, news };

  void start(base::Stage stage, Command command);
  Command new_command(std::string_view verb);
  void note_quirk(std::string_view name);
  base::Step send_next_chunk();
  std::optional<base::Step> handle(const Frame& frame);
  std::optional<base::Step> on_greeting(const Response& response, const std::string& line);
  std::optional<base::Step> on_continuation(const Response& response);
  std::optional<base::Step> on_tagged(const Response& response);
  std::optional<base::Step> on_data(const Response& response);
  std::optional<base::Step> on_untagged_status(const Response& response);
  void on_status(const Response& response);
  bool take_capabilities(const Response& response);
  bool take_exists(const Response& response);
  bool take_expunge(const Response& response);
  bool take_listed(const Response& response);
  bool take_found(const Response& response);
  bool take_message(const Response& response);
  bool take_resources(const Response& response);
  bool take_recent(const Response& response);
  bool take_status(const Response& response);
  void take_copied(const Response& response);
  void keep(Message message);
  void fetch_by_uid(std::string_view set, std::string_view items);
  void forget_messages();
  [[nodiscard]] base::Step stopped_idling() const;
  base::Step on_success();
  base::Step answer_challenge(std::string_view text);
  base::Step refuse_challenge(base::Error error);
  base::Step at_end_of_frames();
  [[nodiscard]] base::Step at_end_of_input() const;
  [[nodiscard]] base::Error error(base::ErrorKind kind, std::string detail, std::string peer_text = {}) const;

  Framer framer_;
  bool has_ended_ = false;
  base::Stage stage_ = base::Stage::greeting;
  Waiting waiting_ = Waiting::nothing;
  unsigned last_tag_ = 0;
  std::string tag_;
  std::deque<Chunk> chunks_;          // of the command under way, not sent yet
  bool awaits_continuation_ = false;  // the next chunk needs the server's "+"
  std::unique_ptr<sasl::Mechanism> mechanism_;
  bool has_answered_ = false;  // a challenge of this exchange
  std::optional<base::Error> failed_before_sending_;
  std::optional<base::Error> pending_error_;  // reported once the server has acknowledged the abort
  bool has_bye_ = false;
  std::optional<Response> complaint_;  // the last untagged NO or BAD since the command

  Greeting greeting_;
  Capabilities capabilities_;
  bool has_fresh_capabilities_ = false;  // sent by the server during log in
  Mailbox mailbox_;
  bool has_exists_ = false;
  std::vector<ListedMailbox> listed_;
  std::size_t listed_bytes_ = 0;
  SearchResult found_;
  std::vector<Message> messages_;
  std::size_t messages_bytes_ = 0;
  bool keeps_by_uid_ = false;  // the FETCH under way
  bool has_left_messages_out_ = false;
  std::vector<FolderStatus> statuses_;
  bool has_asked_status_ = false;  // by the command under way
  bool has_news_ = false;
  bool is_stirred_ = false;  // since await_news(): news, or an EXPUNGE
  bool is_idling_ = false;
  std::optional<CopyUid> copied_;
  std::vector<QuotaResource> resources_;
  std::vector<std::string> alerts_;
  std::vector<std::string> referrals_;
  std::vector<std::string> quirks_;
  std::optional<Response> last_reply_;
};

}  // namespace mailcheck::imap
