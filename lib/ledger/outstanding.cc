#include "ledger/outstanding.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <nlohmann/json.hpp>
#include <set>
#include <utility>

namespace mailcheck::ledger {
namespace {

using Json = nlohmann::ordered_json;

constexpr std::size_t kCheckIdLength = 16;
constexpr std::size_t kTokenLength = 32;
constexpr base::WallTime kEarliest = std::chrono::sys_days(std::chrono::year(2000) / 1 / 1);
constexpr base::WallTime kEnd = std::chrono::sys_days(std::chrono::year(2100) / 1 / 1);

constexpr std::array<std::pair<Outcome, std::string_view>, 4> kOutcomes = {{{Outcome::sending, "sending"},
                                                                            {Outcome::accepted, "accepted"},
                                                                            {Outcome::unknown, "unknown"},
                                                                            {Outcome::lost, "lost"}}};

bool is_hex(std::string_view text, std::size_t length) {
  return text.size() == length && text.find_first_not_of("0123456789abcdef") == std::string_view::npos;
}

std::string_view name_of(Outcome outcome) {
  for (const auto& [value, name] : kOutcomes) {
    if (value == outcome) return name;
  }
  return "";
}

std::optional<Outcome> outcome_of(std::string_view text) {
  for (const auto& [value, name] : kOutcomes) {
    if (name == text) return value;
  }
  return std::nullopt;
}

std::string escape(std::string_view bytes) {
  std::string out;
  for (const char c : bytes) {
    const bool is_plain = c >= ' ' && c <= '~' && c != '%';
    out += is_plain ? std::string(1, c) : fmt::format("%{:02X}", static_cast<unsigned char>(c));
  }
  return out;
}

unsigned value_of_digit(char c) {
  return static_cast<unsigned>(c <= '9' ? c - '0' : c - 'A' + 10);
}

std::optional<std::string> unescape(std::string_view text) {
  std::string out;
  for (std::size_t at = 0; at < text.size(); ++at) {
    if (text[at] != '%') {
      out += text[at];
      continue;
    }
    const std::string_view digits = text.substr(at + 1, 2);
    if (digits.size() != 2 || digits.find_first_not_of("0123456789ABCDEF") != std::string_view::npos) return {};
    out += static_cast<char>(value_of_digit(digits[0]) * 16 + value_of_digit(digits[1]));
    at += 2;
  }
  return out;
}

Json to_json(const Outstanding& entry) {
  Json marks = Json::array();
  for (const FolderMark& mark : entry.marks) {
    marks.push_back(
        Json{{"mailbox", escape(mark.mailbox)}, {"uid_validity", mark.uid_validity}, {"uid_next", mark.uid_next}});
  }
  return Json{{"token", escape(entry.token)},
              {"sent", entry.sent.time_since_epoch().count()},
              {"outcome", name_of(entry.outcome)},
              {"reports_left", entry.reports_left},
              {"marks", std::move(marks)}};
}

// None of the readers below throws: they ask for the type they find.
template <typename Value>
const Value* find(const Json& object, const char* name) {
  if (!object.is_object()) return nullptr;
  const auto member = object.find(name);
  return member == object.end() ? nullptr : member->get_ptr<const Value*>();
}

const std::string* find_text(const Json& object, const char* name) {
  return find<Json::string_t>(object, name);
}

const std::uint64_t* find_number(const Json& object, const char* name) {
  return find<Json::number_unsigned_t>(object, name);
}

const Json::array_t* find_list(const Json& object, const char* name, std::size_t limit) {
  const auto* list = find<Json::array_t>(object, name);
  return list != nullptr && list->size() <= limit ? list : nullptr;
}

std::optional<base::WallTime> find_time(const Json& object, const char* name) {
  const std::uint64_t* number = find_number(object, name);
  if (number == nullptr || *number >= static_cast<std::uint64_t>(kEnd.time_since_epoch().count())) return {};
  const base::WallTime time{std::chrono::seconds(*number)};
  return time < kEarliest ? std::nullopt : std::optional(time);
}

std::optional<FolderMark> read_mark(const Json& json) {
  const auto* mailbox = find_text(json, "mailbox");
  const auto* validity = find_number(json, "uid_validity");
  const auto* next = find_number(json, "uid_next");
  if (mailbox == nullptr || mailbox->empty() || validity == nullptr || next == nullptr) return {};
  auto name = unescape(*mailbox);
  if (!name) return {};
  return FolderMark{.mailbox = std::move(*name), .uid_validity = *validity, .uid_next = *next};
}

std::optional<Outstanding> read_entry(const Json& json) {
  const auto* token = find_text(json, "token");
  const auto sent = find_time(json, "sent");
  const auto* outcome = find_text(json, "outcome");
  const auto* reports = find_number(json, "reports_left");
  const auto* marks = find_list(json, "marks", kMaximumMarks);
  if (token == nullptr || !is_hex(*token, kTokenLength) || !sent || outcome == nullptr || !outcome_of(*outcome) ||
      reports == nullptr || *reports > kMaximumReports || marks == nullptr) {
    return {};
  }
  Outstanding entry{.token = *token,
                    .sent = *sent,
                    .outcome = *outcome_of(*outcome),
                    .reports_left = static_cast<unsigned>(*reports),
                    .marks = {}};
  for (const Json& mark : *marks) {
    auto read = read_mark(mark);
    if (!read) return {};
    entry.marks.push_back(std::move(*read));
  }
  return entry;
}

std::optional<Document> read_document(const Json& json) {
  const auto* entries = find_list(json, "outstanding", kMaximumOutstanding);
  if (entries == nullptr) return {};
  Document document{.outstanding = {}, .first_greylisted = find_time(json, "first_greylisted")};
  std::set<std::string> tokens;
  for (const Json& entry : *entries) {
    auto read = read_entry(entry);
    if (!read || !tokens.insert(read->token).second) return {};
    document.outstanding.push_back(std::move(*read));
  }
  return document;
}

}  // namespace

bool is_check_id(std::string_view text) {
  return is_hex(text, kCheckIdLength);
}

std::string write(const Document& document, std::string_view check_id) {
  Json json{{"format", "mailcheck-roundtrip"}, {"version", 1}, {"check", escape(check_id)}};
  if (document.first_greylisted) json["first_greylisted"] = document.first_greylisted->time_since_epoch().count();
  Json& entries = json["outstanding"] = Json::array();
  for (const Outstanding& entry : document.outstanding) entries.push_back(to_json(entry));
  return json.dump() + "\n";
}

std::optional<Document> read(std::string_view text, std::string_view check_id) {
  const Json json = Json::parse(text, nullptr, false);
  if (json.is_discarded()) return {};
  auto document = read_document(json);
  if (!document || write(*document, check_id) != text) return {};
  return document;
}

}  // namespace mailcheck::ledger
