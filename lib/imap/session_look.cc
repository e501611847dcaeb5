// The verbs of imap::Session that wait for mail, look at it by UID, and clean up: what is sent.
#include <fmt/format.h>

#include "imap/fetch.h"
#include "imap/session.h"
#include "imap/uid_set.h"

namespace mailcheck::imap {
namespace {

using base::Stage;

// What tells a probe and a bounce from other mail.
constexpr std::string_view kTellingFields =
    "BODY.PEEK[HEADER.FIELDS (MESSAGE-ID X-MAILCHECK-ROUNDTRIP CONTENT-TYPE AUTO-SUBMITTED X-FAILED-RECIPIENTS "
    "RETURN-PATH SUBJECT FROM)]";

}  // namespace

void Session::list_special_use() {
  listed_.clear();
  listed_bytes_ = 0;
  const bool can_select = capabilities_.has("SPECIAL-USE") && capabilities_.has("LIST-EXTENDED");
  const std::string_view verb = can_select ? "LIST (SPECIAL-USE)" : capabilities_.has("XLIST") ? "XLIST" : "LIST";
  Command command = new_command(verb);
  command.keyword(" \"\" \"*\"");
  start(Stage::list, std::move(command));
}

// ---------------------------------------------------------------- waiting

void Session::noop() {
  start(Stage::look, new_command("NOOP"));
}

void Session::status(std::string_view wire_name) {
  Command command = new_command("STATUS ");
  command.astring(wire_name).keyword(" (MESSAGES UIDNEXT UIDVALIDITY)");
  start(Stage::look, std::move(command));
  has_asked_status_ = true;
}

void Session::notify(std::string_view wire_name) {
  Command command = new_command("NOTIFY SET (SELECTED (MessageNew MessageExpunge)) (MAILBOXES ");
  command.string(wire_name).keyword(" (MessageNew MessageExpunge))");
  start(Stage::look, std::move(command));
}

void Session::idle() {
  start(Stage::look, new_command("IDLE"));
  waiting_ = Waiting::go_ahead;
}

void Session::await_news() {
  stage_ = Stage::look;
  waiting_ = Waiting::news;
  is_stirred_ = has_news_;
}

void Session::end_idle() {
  waiting_ = Waiting::tagged;
  chunks_.push_back({base::Secret("DONE\r\n"), "DONE"});
}

// ---------------------------------------------------------------- messages by UID

void Session::fetch_by_uid(std::string_view set, std::string_view items) {
  forget_messages();
  keeps_by_uid_ = true;
  Command command = new_command("UID FETCH ");
  command.keyword(set).keyword(" (UID INTERNALDATE ").keyword(items).keyword(")");
  start(Stage::fetch, std::move(command));
}

void Session::fetch_from(std::uint64_t uid) {
  fetch_by_uid(fmt::format("{}:*", uid), kTellingFields);
}

void Session::fetch_headers_of(const std::vector<std::uint64_t>& uids) {
  fetch_by_uid(write_set(uids), kTellingFields);
}

void Session::fetch_section(std::uint64_t uid, Section section) {
  const std::string_view name = section == Section::header ? "HEADER" : "";
  fetch_by_uid(fmt::format("{}", uid), fmt::format("BODY.PEEK[{}]<0.{}>", name, kLongestSection));
}

// ---------------------------------------------------------------- clean-up

void Session::store_deleted(const std::vector<std::uint64_t>& uids) {
  Command command = new_command("UID STORE ");
  command.keyword(write_set(uids)).keyword(" +FLAGS.SILENT (\\Deleted)");
  start(Stage::cleanup, std::move(command));
}

void Session::expunge(const std::vector<std::uint64_t>& uids) {
  Command command = new_command("UID EXPUNGE ");
  command.keyword(write_set(uids));
  start(Stage::cleanup, std::move(command));
}

void Session::expunge_all() {
  start(Stage::cleanup, new_command("EXPUNGE"));
}

void Session::move(const std::vector<std::uint64_t>& uids, std::string_view wire_name) {
  copied_.reset();
  Command command = new_command("UID MOVE ");
  command.keyword(write_set(uids)).keyword(" ").astring(wire_name);
  start(Stage::cleanup, std::move(command));
}

}  // namespace mailcheck::imap
