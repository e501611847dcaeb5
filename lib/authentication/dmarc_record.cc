#include "authentication/dmarc_record.h"

#include <fmt/format.h>

#include <algorithm>
#include <map>

#include "base/ascii.h"
#include "dns/record_data.h"
#include "policy/key_value.h"

namespace mailcheck::authentication {
namespace {

using policy::without_blanks;

constexpr std::string_view kVersion = "DMARC1";

// By name in lower case. An empty value is one that cannot count: there are no valid empty ones.
using Tags = std::map<std::string, std::string, std::less<>>;

struct Tag {
  std::string name;
  std::string value;
};

// Takes the text up to the separator off, and the separator with it.
std::string_view take(std::string_view& rest, char separator) {
  const std::size_t end = std::min(rest.find(separator), rest.size());
  const std::string_view part = rest.substr(0, end);
  rest.remove_prefix(std::min(end + 1, rest.size()));
  return part;
}

bool is_printable(char c) {
  return c >= ' ' && c <= '~';
}

// "sp = reject". What has no "=" gets an empty name.
Tag read_tag(std::string_view field) {
  const std::size_t equals = field.find('=');
  if (equals == std::string_view::npos) return {};
  const std::string_view value = without_blanks(field.substr(equals + 1));
  const bool is_clean = std::all_of(value.begin(), value.end(), is_printable);
  return {.name = base::to_lower(without_blanks(field.substr(0, equals))), .value = std::string(is_clean ? value : "")};
}

Tags read_tags(std::string_view rest) {
  Tags tags;
  while (!rest.empty()) {
    Tag tag = read_tag(take(rest, ';'));
    const auto [row, is_new] = tags.try_emplace(std::move(tag.name), std::move(tag.value));
    if (!is_new) row->second.clear();
  }
  return tags;
}

// The value in lower case; empty if there is none.
std::string word(const Tags& tags, std::string_view name) {
  const auto tag = tags.find(name);
  return tag == tags.end() ? std::string() : base::to_lower(tag->second);
}

bool is_letter(char c) {
  return base::to_lower(c) >= 'a' && base::to_lower(c) <= 'z';
}

// A scheme and something after it (RFC 3986 section 3).
bool is_uri(std::string_view text) {
  const std::string_view scheme = text.substr(0, text.find(':'));
  const auto is_scheme_character = [](char c) {
    return is_letter(c) || base::is_digit(c) || c == '+' || c == '-' || c == '.';
  };
  return text.size() > scheme.size() + 1 && !scheme.empty() && is_letter(scheme.front()) &&
         std::all_of(scheme.begin(), scheme.end(), is_scheme_character) && text.find(' ') == std::string_view::npos;
}

std::vector<std::string> read_uris(const Tags& tags) {
  std::vector<std::string> uris;
  const auto tag = tags.find("rua");
  std::string_view rest = tag == tags.end() ? std::string_view() : tag->second;
  while (!rest.empty()) {
    const std::string_view entry = take(rest, ',');
    const std::string_view uri = without_blanks(entry.substr(0, entry.find('!')));
    if (is_uri(uri)) uris.emplace_back(uri);
  }
  return uris;
}

bool is_policy(std::string_view text) {
  return text == "none" || text == "quarantine" || text == "reject";
}

// What is wrong with p, sp and np, in words; empty: nothing.
std::string fault_of_policies(const Tags& tags) {
  if (!is_policy(word(tags, "p"))) return "has no valid \"p\"";
  for (const std::string_view name : {"sp", "np"}) {
    if (tags.find(name) != tags.end() && !is_policy(word(tags, name))) return fmt::format("has no valid \"{}\"", name);
  }
  return {};
}

void read_policies(const Tags& tags, DmarcRecord& record) {
  record.fault = fault_of_policies(tags);
  record.is_applicable = record.fault.empty() || !record.rua.empty();
  if (!record.fault.empty()) return;
  record.policy = word(tags, "p");
  const std::string sp = word(tags, "sp");
  record.subdomain_policy = sp.empty() ? record.policy : sp;
  const std::string np = word(tags, "np");
  record.nonexistent_policy = np.empty() ? record.subdomain_policy : np;
}

DmarcRecord::Psd read_psd(const Tags& tags) {
  const std::string value = word(tags, "psd");
  if (value == "y") return DmarcRecord::Psd::yes;
  return value == "n" ? DmarcRecord::Psd::no : DmarcRecord::Psd::unstated;
}

bool is_version(std::string_view field) {
  const Tag tag = read_tag(field);
  return (field.starts_with('v') || field.starts_with('V')) && tag.name == "v" && tag.value == kVersion;
}

}  // namespace

std::optional<DmarcRecord> read_dmarc_record(std::string_view text) {
  if (!is_version(take(text, ';'))) return std::nullopt;
  const Tags tags = read_tags(text);
  DmarcRecord record;
  record.rua = read_uris(tags);
  read_policies(tags, record);
  if (word(tags, "adkim") == "s") record.adkim = "s";
  if (word(tags, "aspf") == "s") record.aspf = "s";
  record.is_testing = word(tags, "t") == "y";
  record.psd = read_psd(tags);
  return record;
}

DmarcLookup find_dmarc_record(const dns::RecordSet& answer, const std::string& name) {
  using Status = DmarcLookup::Status;
  if (!dns::is_answer(answer.outcome)) return {.status = Status::failed, .record = {}, .detail = answer.detail};
  std::vector<DmarcRecord> records;
  for (const std::string& data : answer.data) {
    const auto text = dns::read_txt(data);
    if (auto record = text ? read_dmarc_record(*text) : std::nullopt) records.push_back(std::move(*record));
  }
  if (records.empty()) return {};
  if (records.size() == 1) return {.status = Status::found, .record = std::move(records.front())};
  return {.detail = fmt::format("there are {} DMARC records at {}, so none counts", records.size(), name)};
}

}  // namespace mailcheck::authentication
