// Framer, lexer, the parsers of untagged data, and a whole session against whatever a server may say. The first byte
// picks the verbs and the size of the pieces in which the rest arrives.
#include <fmt/format.h>

#include <algorithm>
#include <memory>
#include <string>
#include <vector>

#include "imap/date_time.h"
#include "imap/fetch.h"
#include "imap/lexer.h"
#include "imap/list.h"
#include "imap/quota.h"
#include "imap/refusal.h"
#include "imap/search.h"
#include "imap/session.h"
#include "imap/status.h"
#include "imap/uid_set.h"
#include "sasl/choice.h"
#include "target.h"

namespace mailcheck::fuzz {
namespace {

struct Framed {
  std::vector<std::string> frames;
  bool is_malformed = false;
  bool operator==(const Framed&) const = default;
};

Framed framed(std::string_view input, std::size_t piece) {
  imap::Framer framer({.line = 200, .literal = 100, .frame = 400});
  Framed result;
  while (!input.empty() && !result.is_malformed) {
    framer.receive(input.substr(0, piece));
    input.remove_prefix(std::min(piece, input.size()));
    while (true) {
      auto next = framer.next();
      if (auto* frame = std::get_if<imap::Frame>(&next)) {
        hold(frame->bytes.size() <= 400, "a frame is no longer than its cap");
        result.frames.push_back(std::move(frame->bytes));
        continue;
      }
      result.is_malformed = std::holds_alternative<imap::FrameMalformed>(next);
      break;
    }
  }
  return result;
}

void parse_everything(const std::string& frame) {
  imap::Lexer lexer(frame);
  while (!lexer.is_at_end()) {
    const std::size_t before = lexer.offset();
    if (!lexer.skip_value() && !lexer.space() && !lexer.take(lexer.peek())) break;
    hold(lexer.offset() > before, "the lexer goes on");
    hold(lexer.offset() <= frame.size(), "the lexer stays inside of its frame");
  }
  (void)imap::parse_date_time(frame);
  const auto response = imap::parse_response(frame);
  if (!response) return;
  (void)imap::refusal(base::Stage::auth, *response);
  (void)imap::parse_fetch(1, response->data);
  (void)imap::parse_list(response->data);
  (void)imap::parse_status(response->data);
  if (const auto copied = imap::parse_copy_uid(response->code_arguments)) {
    hold(copied->from.size() == copied->to.size() && copied->to.size() <= 1000, "COPYUID pairs two bounded sets");
  }
  (void)imap::parse_quota(response->data);
  (void)imap::parse_extended_search(response->data);
  if (const auto found = imap::parse_search(response->data)) {
    hold(found->count == found->numbers.size(), "a SEARCH answer counts its numbers");
  }
}

constexpr std::string_view kPassword = "hunter2-hunter2";

void begin(imap::Session& session, unsigned verb) {
  switch (verb % 24) {
    case 0: return session.capability();
    case 1: return session.starttls();
    case 2: return session.login("probe", base::Secret(kPassword));
    case 3: return session.open("INBOX", imap::OpenMode::examine);
    case 4: return session.list("a");
    case 5: return session.search(*imap::SearchCriteria::parse("SUBJECT \"\xc3\xa4\""), imap::Numbers::uid);
    case 6: return session.fetch({.messages = {1, 2}, .items = imap::FetchRequest::Items::headers});
    case 7: return session.quota("INBOX");
    case 9: return session.noop();
    case 10: return session.status("Junk");
    case 11: return session.notify("Junk");
    case 12: return session.list_special_use();
    case 13: return session.idle();
    case 14: return session.await_news();
    case 15: return session.end_idle();
    case 16: return session.fetch_from(5);
    case 17: return session.fetch_headers_of({5, 6});
    case 18: return session.fetch_section(5, imap::Section::header);
    case 19: return session.fetch_section(5, imap::Section::whole);
    case 20: return session.store_deleted({5, 6});
    case 21: return session.expunge({5, 6});
    case 22: return session.expunge_all();
    case 23: return session.move({5, 6}, "Trash");
    default: break;  // 8
  }
  sasl::Credentials credentials;
  credentials.user = "probe";
  credentials.password = base::Secret(kPassword);
  auto mechanism = sasl::make({.name = "CRAM-MD5"}, credentials);
  hold(mechanism.has_value(), "CRAM-MD5 can be made");
  session.authenticate(std::move(*mechanism), imap::InitialResponse::allowed);
}

void hold_caps(const imap::Session& session) {
  hold(session.statuses().size() <= 100, "no more folders than the cap");
  hold(session.messages().size() <= 1000, "no more messages than the cap");
  for (const auto& message : session.messages()) {
    hold(message.header.size() <= 4096, "a header is no longer than its cap");
    hold(message.content.size() <= imap::kLongestSection, "a section is no longer than its cap");
  }
}

// Until the session wants bytes; false once it is over.
bool drive(imap::Session& session, unsigned& verb) {
  for (int steps = 0; steps < 100'000; ++steps) {
    const base::Step step = session.next();
    if (std::holds_alternative<base::NeedMore>(step)) return true;
    if (const auto* error = std::get_if<base::Error>(&step)) {
      if (!error->is_answered) return false;
    } else if (const auto* write = std::get_if<base::Write>(&step)) {
      hold(write->display.find(kPassword) == std::string::npos, "what is shown of a command holds no password");
      continue;
    }
    hold_caps(session);
    begin(session, verb++);
  }
  hold(false, "a session comes to an end");
  return false;
}

void converse(std::string_view input, unsigned verb, std::size_t piece) {
  imap::Session session;
  session.expect_greeting();
  while (drive(session, verb) && !input.empty()) {
    session.receive(input.substr(0, piece));
    input.remove_prefix(std::min(piece, input.size()));
  }
  session.end_of_input();
  while (drive(session, verb)) {
  }
}

}  // namespace

void imap_session(std::string_view input) {
  if (input.empty()) return;
  const auto choice = static_cast<unsigned char>(input.front());
  input.remove_prefix(1);
  const Framed whole = framed(input, std::string_view::npos);
  hold(framed(input, 1) == whole, "the frames of an input are the same whole and by byte");
  for (const auto& frame : whole.frames) parse_everything(frame);
  parse_everything(std::string(input));
  converse(input, choice / 4U, choice % 4 == 0 ? input.size() + 1 : choice % 4);
}

}  // namespace mailcheck::fuzz
