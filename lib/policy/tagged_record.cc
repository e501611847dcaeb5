#include "policy/tagged_record.h"

#include <fmt/format.h>

#include <algorithm>

#include "base/printable.h"
#include "dns/record_data.h"
#include "policy/key_value.h"

namespace mailcheck::policy {
namespace {

using dns::LookupOutcome;
using Status = TaggedRecord::Status;

constexpr std::size_t kMostShown = 80;

bool begins_with(std::string_view text, std::string_view version) {
  if (!text.starts_with(version)) return false;
  const std::string_view rest = without_blanks(text.substr(version.size()));
  return rest.empty() || rest.front() == ';';
}

bool is_printable(char c) {
  return c >= ' ' && c <= '~';
}

// "; id=2026; more=x;" after the version. False: not of this form.
bool read_fields(std::string_view rest, std::vector<TaggedField>& fields) {
  rest = without_blanks(rest);
  while (!rest.empty()) {
    rest.remove_prefix(1);  // the semicolon
    const std::size_t end = std::min(rest.find(';'), rest.size());
    const std::string_view field = without_blanks(rest.substr(0, end));
    rest.remove_prefix(end);
    if (field.empty()) return rest.empty();  // one semicolon may end the record
    const std::size_t equals = field.find('=');
    if (equals == std::string_view::npos || !is_key(field.substr(0, equals))) return false;
    if (!std::all_of(field.begin(), field.end(), is_printable)) return false;
    fields.push_back(
        {.name = std::string(field.substr(0, equals)), .value = std::string(without_blanks(field.substr(equals + 1)))});
  }
  return true;
}

std::string none_begins(const std::string& name, std::string_view version, const dns::RecordSet& set) {
  if (set.data.empty()) return fmt::format("there is no TXT record at {}", name);
  const std::string first = dns::read_txt(set.data.front()).value_or("");
  return fmt::format("no TXT record at {} begins with \"{};\" (there is \"{}\")", name, version,
                     base::printable(first, kMostShown));
}

TaggedRecord without_fields(Status status, std::string detail) {
  return {.status = status, .fields = {}, .detail = std::move(detail)};
}

}  // namespace

const TaggedField* TaggedRecord::find(std::string_view name) const {
  const auto field = std::find_if(fields.begin(), fields.end(), [name](const auto& f) { return f.name == name; });
  return field == fields.end() ? nullptr : &*field;
}

TaggedRecord look_up_tagged_record(const std::string& name, std::string_view version, dns::RecordSource& source,
                                   base::Deadline deadline) {
  const dns::RecordSet set = source.records(name, dns::RecordType::txt, deadline);
  if (!dns::is_answer(set.outcome)) {
    return without_fields(Status::failed, set.detail);
  }
  std::vector<std::string> ours;
  for (const std::string& data : set.data) {
    const auto text = dns::read_txt(data);
    if (text && begins_with(*text, version)) ours.push_back(*text);
  }
  if (ours.empty()) return without_fields(Status::absent, none_begins(name, version, set));
  if (ours.size() > 1) {
    return without_fields(
        Status::bad, fmt::format("{} TXT records at {} begin with \"{}\", only one may", ours.size(), name, version));
  }
  TaggedRecord record{.status = Status::found};
  if (read_fields(std::string_view(ours.front()).substr(version.size()), record.fields)) return record;
  return without_fields(Status::bad, fmt::format("the TXT record at {} cannot be read: \"{}\"", name,
                                                 base::printable(ours.front(), kMostShown)));
}

}  // namespace mailcheck::policy
