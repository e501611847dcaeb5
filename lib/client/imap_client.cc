#include "client/imap_client.h"

#include <algorithm>
#include <utility>

#include "base/ascii.h"

namespace mailcheck::client {
namespace {

using base::ErrorKind;
using base::Stage;

constexpr std::string_view kLoginCommand = "LOGIN-COMMAND";

base::Error auth_error(ErrorKind kind, std::string detail) {
  return {Stage::auth, kind, std::move(detail)};
}

bool has_mechanism(const std::vector<std::string>& offered, std::string_view name) {
  return std::any_of(offered.begin(), offered.end(),
                     [&](const auto& mechanism) { return base::equals_ignoring_case(mechanism, name); });
}

}  // namespace

base::Result<void> ImapClient::greeting() {
  session_.expect_greeting();
  auto greeted = connection_.converse(session_, Stage::greeting, deadline_);
  if (greeted || connection_.is_secure() || !looks_like_tls(greeted.error().peer_text)) return greeted;
  return base::fail({Stage::greeting, ErrorKind::tls_on_plain_port, "the server speaks TLS at once on this port"});
}

base::Result<void> ImapClient::ask_capability() {
  session_.capability();
  return connection_.converse(session_, Stage::capability, deadline_);
}

base::Result<void> ImapClient::capability() {
  if (session_.capabilities().is_known()) return {};
  return ask_capability();
}

base::Result<void> ImapClient::starttls() {
  if (session_.greeting().condition == imap::Condition::preauth) {
    return base::fail({Stage::starttls, ErrorKind::preauth,
                       "the server greets as logged in already (PREAUTH), which makes STARTTLS impossible",
                       session_.greeting().line});
  }
  if (!session_.capabilities().has("STARTTLS")) {
    return base::fail({Stage::starttls, ErrorKind::starttls_absent, "STARTTLS is not offered"});
  }
  session_.starttls();
  if (auto agreed = connection_.converse(session_, Stage::starttls, deadline_); !agreed) return agreed;
  if (auto secured = connection_.secure(Upgrade::starttls, deadline_); !secured) return secured;
  session_.tls_started();
  return {};
}

bool ImapClient::uses_login_command(const std::string& mechanism) const {
  if (mechanism == kLoginCommand) return true;
  return mechanism == "LOGIN" && !has_mechanism(session_.capabilities().mechanisms(), "LOGIN");
}

// The LOGIN command counts as the mechanism LOGIN where the server does not offer that: it says the same as safely.
base::Result<std::string> ImapClient::choose(const LogIn& log_in) const {
  const imap::Capabilities& capabilities = session_.capabilities();
  const bool is_disabled = capabilities.has("LOGINDISABLED");
  const auto offered = capabilities.mechanisms();
  if (is_disabled && (offered.empty() || base::equals_ignoring_case(log_in.mechanism, kLoginCommand))) {
    if (connection_.is_secure())
      return base::fail(auth_error(ErrorKind::no_mechanism, "the server offers no log in (LOGINDISABLED)"));
    return base::fail(auth_error(ErrorKind::tls_required, "log in is disabled before TLS (LOGINDISABLED)"));
  }
  if (base::equals_ignoring_case(log_in.mechanism, kLoginCommand)) return std::string(kLoginCommand);
  sasl::ChoiceRequest request = choice_request(connection_, offered, log_in);
  const bool may_use_command = !is_disabled && log_in.credentials.authorization.empty();
  if (may_use_command && !has_mechanism(offered, "LOGIN")) request.also_possible.emplace_back("LOGIN");
  return sasl::choose(request, log_in.credentials);
}

base::Result<void> ImapClient::log_in(LogIn log_in) {
  if (auto allowed = may_send_credentials(connection_, log_in); !allowed) return allowed;
  auto mechanism = choose(log_in);
  if (!mechanism) return base::fail(std::move(mechanism.error()));
  const bool uses_command = uses_login_command(*mechanism);
  mechanism_ = uses_command ? "LOGIN command" : std::move(*mechanism);
  return uses_command ? send_login(log_in) : authenticate(log_in);
}

base::Result<void> ImapClient::send_login(LogIn& log_in) {
  if (!log_in.credentials.password)
    return base::fail(auth_error(ErrorKind::local, "the LOGIN command needs a password"));
  session_.login(log_in.credentials.user, *std::exchange(log_in.credentials.password, std::nullopt));
  return connection_.converse(session_, Stage::auth, deadline_);
}

base::Result<void> ImapClient::authenticate(LogIn& log_in) {
  auto made = make_mechanism(connection_, mechanism_, session_.capabilities().mechanisms(), log_in);
  if (!made) return base::fail(std::move(made.error()));
  session_.authenticate(std::move(*made), session_.capabilities().has("SASL-IR") ? imap::InitialResponse::allowed
                                                                                 : imap::InitialResponse::not_allowed);
  auto done = connection_.converse(session_, Stage::auth, deadline_);
  if (done) return done;
  if (session_.unacknowledged_abort()) done.error() = *session_.unacknowledged_abort();
  name_proof(done.error(), mechanism_);
  return done;
}

base::Result<void> ImapClient::open(const std::string& wire_name, imap::OpenMode mode) {
  session_.open(wire_name, mode);
  return connection_.converse(session_, Stage::select, deadline_);
}

base::Result<void> ImapClient::list(const std::string& wire_name) {
  session_.list(wire_name);
  return connection_.converse(session_, Stage::list, deadline_);
}

base::Result<void> ImapClient::search(const imap::SearchCriteria& criteria, imap::Numbers numbers) {
  session_.search(criteria, numbers);
  return connection_.converse(session_, Stage::search, deadline_);
}

base::Result<void> ImapClient::search_extent(const imap::SearchCriteria& criteria, imap::Numbers numbers) {
  if (!session_.capabilities().has("ESEARCH")) return search(criteria, numbers);
  session_.search_extent(criteria, numbers);
  return connection_.converse(session_, Stage::search, deadline_);
}

base::Result<void> ImapClient::fetch(const imap::FetchRequest& request) {
  session_.fetch(request);
  return connection_.converse(session_, Stage::fetch, deadline_);
}

base::Result<void> ImapClient::quota(const std::string& wire_name) {
  session_.quota(wire_name);
  return connection_.converse(session_, Stage::quota, deadline_);
}

base::Result<void> ImapClient::list_special_use() {
  session_.list_special_use();
  return connection_.converse(session_, Stage::list, deadline_);
}

base::Result<void> ImapClient::fetch_from(std::uint64_t uid) {
  session_.fetch_from(uid);
  return connection_.converse(session_, Stage::fetch, deadline_);
}

base::Result<void> ImapClient::fetch_headers_of(const std::vector<std::uint64_t>& uids) {
  session_.fetch_headers_of(uids);
  return connection_.converse(session_, Stage::fetch, deadline_);
}

base::Result<void> ImapClient::fetch_section(std::uint64_t uid, imap::Section section) {
  session_.fetch_section(uid, section);
  return connection_.converse(session_, Stage::fetch, deadline_);
}

base::Result<void> ImapClient::noop() {
  session_.noop();
  return connection_.converse_untimed(session_, Stage::look, deadline_);
}

base::Result<void> ImapClient::status(const std::string& wire_name) {
  session_.status(wire_name);
  return connection_.converse_untimed(session_, Stage::look, deadline_);
}

base::Result<void> ImapClient::notify(const std::string& wire_name) {
  session_.notify(wire_name);
  return connection_.converse_untimed(session_, Stage::look, deadline_);
}

// News that come with the end of IDLE count too.
base::Result<bool> ImapClient::idle(base::Deadline until) {
  if (session_.has_news()) return true;
  session_.idle();
  if (auto begun = connection_.converse_untimed(session_, Stage::look, deadline_); !begun)
    return base::fail(std::move(begun.error()));
  session_.await_news();
  if (auto heard = connection_.listen(session_, Stage::look, until); !heard) return heard;
  session_.end_idle();
  if (auto ended = connection_.converse_untimed(session_, Stage::look, deadline_); !ended)
    return base::fail(std::move(ended.error()));
  return session_.has_news();
}

base::Result<bool> ImapClient::pause(base::Deadline until) {
  if (session_.has_news()) return true;
  session_.await_news();
  if (auto heard = connection_.listen(session_, Stage::look, until); !heard) return heard;
  return session_.has_news();
}

base::Result<void> ImapClient::store_deleted(const std::vector<std::uint64_t>& uids) {
  session_.store_deleted(uids);
  return connection_.converse_untimed(session_, Stage::cleanup, deadline_);
}

base::Result<void> ImapClient::expunge(const std::vector<std::uint64_t>& uids) {
  session_.expunge(uids);
  return connection_.converse_untimed(session_, Stage::cleanup, deadline_);
}

base::Result<void> ImapClient::expunge_all() {
  session_.expunge_all();
  return connection_.converse_untimed(session_, Stage::cleanup, deadline_);
}

base::Result<void> ImapClient::move(const std::vector<std::uint64_t>& uids, const std::string& wire_name) {
  session_.move(uids, wire_name);
  return connection_.converse_untimed(session_, Stage::cleanup, deadline_);
}

void ImapClient::logout(base::Deadline deadline) {
  session_.logout();
  (void)connection_.converse(session_, Stage::logout, deadline);
  connection_.close(deadline);
}

}  // namespace mailcheck::client
