#include "dns/answer_section.h"

#include <arpa/nameser.h>
#include <resolv.h>

#include <algorithm>
#include <array>

#include "base/ascii.h"

namespace mailcheck::dns {
namespace {

constexpr int kMostAliases = 16;
constexpr std::size_t kPreferenceSize = 2;

struct Alias {
  std::string from;
  std::string to;
};

struct Found {
  std::string name;
  std::string data;
};

// The answer section, as far as it matters here.
struct Records {
  std::vector<Alias> aliases;
  std::vector<Found> found;
};

std::string_view bytes_of(const ns_rr& record) {
  return {reinterpret_cast<const char*>(ns_rr_rdata(record)), std::size_t{record.rdlength}};
}

// The rest of the rdata from `offset` on is one name and nothing else.
std::optional<std::string> uncompressed_name(const ns_msg& message, const ns_rr& record, std::size_t offset) {
  if (ns_rr_rdlen(record) <= offset) return std::nullopt;
  std::array<unsigned char, NS_MAXCDNAME> name{};
  const int size =
      ns_name_unpack(ns_msg_base(message), ns_msg_end(message), ns_rr_rdata(record) + offset, name.data(), name.size());
  if (size < 0 || static_cast<std::size_t>(size) != ns_rr_rdlen(record) - offset) return std::nullopt;
  std::size_t end = 0;
  while (name.at(end) != 0) end += name.at(end) + std::size_t{1};
  return std::string(reinterpret_cast<const char*>(name.data()), end + 1);
}

std::optional<std::string> data_of(const ns_msg& message, const ns_rr& record) {
  if (ns_rr_type(record) == ns_t_cname) return uncompressed_name(message, record, 0);
  if (ns_rr_type(record) != ns_t_mx) return std::string(bytes_of(record));
  const auto host = uncompressed_name(message, record, kPreferenceSize);
  if (!host) return std::nullopt;
  return std::string(bytes_of(record).substr(0, kPreferenceSize)) + *host;
}

std::optional<std::string> alias_target(const ns_msg& message, const ns_rr& record) {
  std::array<char, NS_MAXDNAME> name{};
  const int size =
      ns_name_uncompress(ns_msg_base(message), ns_msg_end(message), ns_rr_rdata(record), name.data(), name.size());
  return size < 0 ? std::nullopt : std::optional<std::string>(name.data());
}

// False: malformed.
bool add_record(const ns_msg& message, const ns_rr& record, RecordType type, Records& records) {
  if (ns_rr_class(record) != ns_c_in) return true;
  if (ns_rr_type(record) == ns_t_cname && type != RecordType::cname) {
    auto target = alias_target(message, record);
    if (target) records.aliases.push_back({ns_rr_name(record), std::move(*target)});
    return target.has_value();
  }
  if (ns_rr_type(record) != wire_number(type)) return true;
  auto data = data_of(message, record);
  if (data) records.found.push_back({ns_rr_name(record), std::move(*data)});
  return data.has_value();
}

std::optional<Records> read_records(std::span<const unsigned char> bytes, RecordType type) {
  ns_msg message;
  if (ns_initparse(bytes.data(), static_cast<int>(bytes.size()), &message) != 0) return std::nullopt;
  Records records;
  for (int i = 0; i < ns_msg_count(message, ns_s_an); ++i) {
    ns_rr record;
    if (ns_parserr(&message, ns_s_an, i, &record) != 0) return std::nullopt;
    if (!add_record(message, record, type, records)) return std::nullopt;
  }
  return records;
}

// Where the aliases lead; std::nullopt: in a circle.
std::optional<std::string> follow(const std::vector<Alias>& aliases, std::string name) {
  for (int hops = 0; hops <= kMostAliases; ++hops) {
    const auto alias =
        std::find_if(aliases.begin(), aliases.end(), [&](const Alias& a) { return is_same_name(a.from, name); });
    if (alias == aliases.end()) return name;
    name = alias->to;
  }
  return std::nullopt;
}

}  // namespace

std::string_view without_final_stop(std::string_view name) {
  if (name.ends_with('.')) name.remove_suffix(1);
  return name;
}

bool is_same_name(std::string_view one, std::string_view other) {
  return base::equals_ignoring_case(without_final_stop(one), without_final_stop(other));
}

std::optional<AnswerSection> read_answer(std::span<const unsigned char> message, const std::string& name,
                                         RecordType type) {
  auto records = read_records(message, type);
  if (!records) return std::nullopt;
  const auto canonical = follow(records->aliases, name);
  if (!canonical) return std::nullopt;
  AnswerSection result{.canonical_name = std::string(without_final_stop(*canonical)), .data = {}};
  for (Found& found : records->found) {
    if (is_same_name(found.name, result.canonical_name)) result.data.push_back(std::move(found.data));
  }
  return result;
}

}  // namespace mailcheck::dns
