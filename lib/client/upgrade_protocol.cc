#include "client/upgrade_protocol.h"

#include "imap/session.h"
#include "smtp/session.h"
#include "upgrade/pop3.h"
#include "upgrade/sieve.h"

namespace mailcheck::client {
namespace {

using base::Stage;

class SmtpUpgrade : public UpgradeProtocol {
 public:
  explicit SmtpUpgrade(smtp::Hello verb) : verb_(verb) {}

  base::Dialogue& dialogue() override { return session_; }
  void expect_greeting() override { session_.expect_greeting(); }
  std::optional<Stage> ask_capabilities(const std::string& hello_name) override {
    session_.hello(verb_, hello_name);
    return Stage::ehlo;
  }
  Stage leave() override {
    session_.quit();
    return Stage::quit;
  }
  void starttls() override { session_.starttls(); }
  void tls_started() override { session_.tls_started(); }

  bool may_start_tls() const override { return session_.extensions().has("STARTTLS"); }
  bool has_closed() const override { return session_.has_closed(); }
  std::optional<std::string> greeting() const override {
    if (!session_.greeting()) return std::nullopt;
    return session_.greeting()->text();
  }
  std::vector<std::string> capabilities() const override { return session_.extensions().lines(); }
  std::optional<ServerReply> last_reply() const override {
    const auto& reply = session_.last_reply();
    if (!reply) return std::nullopt;
    return ServerReply{std::to_string(reply->code), reply->enhanced, reply->text()};
  }

 private:
  smtp::Hello verb_;
  smtp::Session session_;
};

class ImapUpgrade : public UpgradeProtocol {
 public:
  base::Dialogue& dialogue() override { return session_; }
  void expect_greeting() override { session_.expect_greeting(); }
  std::optional<base::Error> obstacle() const override {
    if (session_.greeting().condition != imap::Condition::preauth) return std::nullopt;
    return base::Error{Stage::starttls, base::ErrorKind::preauth,
                       "the server greets as logged in already (PREAUTH), which makes STARTTLS impossible",
                       session_.greeting().line};
  }
  // Asked for also when the greeting told some: those are often not all.
  std::optional<Stage> ask_capabilities(const std::string& /*hello_name*/) override {
    session_.capability();
    return Stage::capability;
  }
  Stage leave() override {
    session_.logout();
    return Stage::logout;
  }
  void starttls() override { session_.starttls(); }
  void tls_started() override { session_.tls_started(); }

  bool may_start_tls() const override { return session_.capabilities().has("STARTTLS"); }
  bool has_closed() const override {
    return session_.last_reply() && session_.last_reply()->condition == imap::Condition::bye;
  }
  std::optional<std::string> greeting() const override {
    if (session_.greeting().line.empty()) return std::nullopt;
    return session_.greeting().line;
  }
  std::vector<std::string> capabilities() const override { return session_.capabilities().names(); }
  std::optional<ServerReply> last_reply() const override {
    const auto& reply = session_.last_reply();
    if (!reply) return std::nullopt;
    return ServerReply{std::string(imap::to_string(reply->condition)), reply->code, reply->text};
  }

 private:
  imap::Session session_;
};

// Whether the greeting tells the capabilities.
enum class Listing { in_greeting, on_demand };

template <typename Session>
class PlainUpgrade : public UpgradeProtocol {
 public:
  PlainUpgrade(Listing listing, Stage leave_stage) : listing_(listing), leave_stage_(leave_stage) {}

  base::Dialogue& dialogue() override { return session_; }
  void expect_greeting() override { session_.expect_greeting(); }
  std::optional<Stage> ask_capabilities(const std::string& /*hello_name*/) override {
    if (listing_ == Listing::in_greeting) return std::nullopt;
    session_.capability();
    return Stage::capability;
  }
  Stage leave() override {
    session_.leave();
    return leave_stage_;
  }
  void starttls() override { session_.starttls(); }
  void tls_started() override { session_.tls_started(); }

  bool may_start_tls() const override { return session_.may_start_tls(); }
  bool has_closed() const override { return session_.has_closed(); }
  std::optional<std::string> greeting() const override { return session_.greeting(); }
  std::vector<std::string> capabilities() const override {
    return session_.capabilities().value_or(std::vector<std::string>());
  }
  std::optional<ServerReply> last_reply() const override {
    const auto& reply = session_.last_reply();
    if (!reply) return std::nullopt;
    return ServerReply{reply->status, reply->code, reply->text};
  }

 private:
  Session session_;
  Listing listing_;
  Stage leave_stage_;
};

}  // namespace

std::string_view to_string(Protocol protocol) {
  switch (protocol) {
    case Protocol::smtp: return "smtp";
    case Protocol::lmtp: return "lmtp";
    case Protocol::imap: return "imap";
    case Protocol::pop3: return "pop3";
    case Protocol::sieve: return "sieve";
  }
  return "";
}

std::unique_ptr<UpgradeProtocol> UpgradeProtocol::make(Protocol protocol) {
  switch (protocol) {
    case Protocol::smtp: return std::make_unique<SmtpUpgrade>(smtp::Hello::ehlo);
    case Protocol::lmtp: return std::make_unique<SmtpUpgrade>(smtp::Hello::lhlo);
    case Protocol::imap: return std::make_unique<ImapUpgrade>();
    case Protocol::pop3: return std::make_unique<PlainUpgrade<upgrade::Pop3Session>>(Listing::on_demand, Stage::quit);
    case Protocol::sieve:
      return std::make_unique<PlainUpgrade<upgrade::SieveSession>>(Listing::in_greeting, Stage::logout);
  }
  return nullptr;
}

}  // namespace mailcheck::client
