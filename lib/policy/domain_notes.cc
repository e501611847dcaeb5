#include "policy/domain_notes.h"

#include <fmt/format.h>

#include <algorithm>

#include "base/ascii.h"
#include "base/printable.h"
#include "dns/answer_section.h"
#include "policy/key_value.h"
#include "policy/tagged_record.h"

namespace mailcheck::policy {
namespace {

using dns::LookupOutcome;

constexpr int kMostNames = 10;
constexpr std::size_t kMostShown = 80;

// The scheme's name is case-blind (RFC 3986 section 3.1).
bool is_report_address(std::string_view uri) {
  const std::string_view scheme = uri.substr(0, uri.find(':'));
  const bool is_known = base::equals_ignoring_case(scheme, "mailto") || base::equals_ignoring_case(scheme, "https");
  return is_known && uri.size() > scheme.size() + 1 && uri.find(' ') == std::string_view::npos;
}

void read_rua(std::string_view list, TlsRpt& result) {
  while (true) {
    const std::size_t comma = std::min(list.find(','), list.size());
    const std::string_view uri = without_blanks(list.substr(0, comma));
    if (!is_report_address(uri)) {
      result.status = TlsRpt::Status::bad_record;
      result.detail = fmt::format("rua \"{}\" is neither mailto: nor https:", base::printable(uri, kMostShown));
      return;
    }
    result.rua.emplace_back(uri);
    if (comma == list.size()) break;
    list.remove_prefix(comma + 1);
  }
  result.status = TlsRpt::Status::valid;
}

Caa failed(std::string detail) {
  return {.status = Caa::Status::lookup_failed, .detail = std::move(detail)};
}

Caa read_caa_records(const std::string& name, const dns::RecordSet& set) {
  Caa result{.status = Caa::Status::found, .name = name, .is_secure = set.is_secure};
  for (const std::string& data : set.data) {
    auto record = dns::read_caa(data);
    if (!record) return failed(fmt::format("a CAA record at {} is malformed", name));
    result.records.push_back(std::move(*record));
  }
  return result;
}

}  // namespace

TlsRpt look_up_tls_rpt(const std::string& domain, dns::RecordSource& source, base::Deadline deadline) {
  const std::string name = fmt::format("_smtp._tls.{}", dns::without_final_stop(domain));
  TaggedRecord record = look_up_tagged_record(name, "v=TLSRPTv1", source, deadline);
  TlsRpt result{.detail = std::move(record.detail)};
  switch (record.status) {
    case TaggedRecord::Status::absent: return result;
    case TaggedRecord::Status::bad: result.status = TlsRpt::Status::bad_record; return result;
    case TaggedRecord::Status::failed: result.status = TlsRpt::Status::lookup_failed; return result;
    case TaggedRecord::Status::found: break;
  }
  const TaggedField* rua = record.find("rua");
  if (rua != nullptr) {
    read_rua(rua->value, result);
  } else {
    result.status = TlsRpt::Status::bad_record;
    result.detail = fmt::format("the TXT record at {} has no rua", name);
  }
  return result;
}

Caa look_up_caa(const std::string& host, dns::RecordSource& source, base::Deadline deadline) {
  std::string name(dns::without_final_stop(host));
  for (int names = 0; names < kMostNames; ++names) {
    const dns::RecordSet set = source.records(name, dns::RecordType::caa, deadline);
    if (!dns::is_answer(set.outcome)) return failed(set.detail);
    if (set.outcome == LookupOutcome::found) return read_caa_records(name, set);
    const std::size_t dot = name.find('.');
    if (dot == std::string::npos) {
      return {.status = Caa::Status::absent,
              .detail = fmt::format("neither {} nor a name above it has CAA records", host)};
    }
    name.erase(0, dot + 1);
  }
  return failed(fmt::format("{} has too many labels to look for CAA records", host));
}

}  // namespace mailcheck::policy
