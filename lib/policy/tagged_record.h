// TaggedRecord: the TXT record "v=STSv1; id=..." or "v=TLSRPTv1; rua=..." of a domain, split into its fields.
//
// TXT records that do not begin with the version are none of ours; of the others there must be exactly one (RFC 8461
// section 3.1, RFC 8460 section 3). Version and field names are case-sensitive there.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "dns/record_source.h"

namespace mailcheck::policy {

struct TaggedField {
  std::string name;
  std::string value;  // untrusted; blanks around it are gone
};

struct TaggedRecord {
  enum class Status {
    found,
    absent,  // no TXT record begins with the version
    bad,     // several do, or the one cannot be read
    failed,  // the look-up failed, or nobody answered
  };
  Status status = Status::absent;
  std::vector<TaggedField> fields = {};  // without the version
  std::string detail = {};               // of all but found: one clause without a final full stop

  // The first field of that name, or nullptr.
  [[nodiscard]] const TaggedField* find(std::string_view name) const;
};

// The version is "v=STSv1" or the like.
[[nodiscard]] TaggedRecord look_up_tagged_record(const std::string& name, std::string_view version,
                                                 dns::RecordSource& source, base::Deadline deadline);

}  // namespace mailcheck::policy
