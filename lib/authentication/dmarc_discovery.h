// DomainTree: whose domain is whose, and which DMARC policy applies: the DNS tree walk of RFC 9989 section 4.10.
//
// From a domain upwards _dmarc.NAME is asked for, label by label to the last one, at most 8 times: a name of more than
// 8 labels is asked for itself and then cut to its last 7. psd=n ends the walk: this is the organizational domain.
// psd=y ends it, too: the organizational domain is one label below. Otherwise it is the highest name that has a record;
// with no record anywhere, the domain itself.
//
// Every name is asked for once in the object's life, whichever domains of a message lead there, and failures are kept
// like answers. All waiting ends with the deadline, and after 64 questions no more are asked (a message may name any
// number of domains). Where a look-up fails, the walk ends untold: a record at that name could have changed everything.
// Then, and where DNS may not be asked, the public suffix list stands in.
#pragma once

#include <map>
#include <optional>
#include <string>
#include <utility>

#include "authentication/dmarc_record.h"
#include "base/deadline.h"
#include "dns/record_source.h"

namespace mailcheck::authentication {

enum class Method { tree_walk, public_suffix_list };

// "tree walk", "public suffix list"
[[nodiscard]] std::string_view to_string(Method method);

struct OrganizationalDomain {
  std::string domain;  // lower case, A-labels; what is no domain name (an IP address) stays as it is
  Method method = Method::public_suffix_list;
  std::string domain_by_list = {};  // what the public suffix list says, whatever the method
  std::string detail = {};          // why the tree could not be walked: one clause without a final full stop; empty
                                    // where it was, or DNS may not be asked
  // Tree and list disagree: receivers of the old way and of the new may judge alignment differently.
  [[nodiscard]] bool is_disputed() const { return domain != domain_by_list; }
};

// Relaxed alignment. Found by different methods, the two are compared by the list. False for no domain at all.
[[nodiscard]] bool is_same_organization(const OrganizationalDomain& one, const OrganizationalDomain& other);

struct DmarcPolicy {
  bool is_found = false;    // a record applies. Not: none does, or (see `detail`) that could not be told
  std::string at = {};      // whose record it is: the domain, its organizational domain, or the public suffix domain
  std::string policy = {};  // "none", "quarantine" or "reject": by p for the domain itself, else by sp or np
  bool is_testing = false;  // t=y: wished to be applied one step milder
  std::string adkim = "r";  // alignment: "r" or "s"
  std::string aspf = "r";
  std::string detail = {};  // a look-up failed: one clause without a final full stop. With is_found: the rest was told
                            // by the public suffix list, or without knowing if the domain exists (sp, not np)
  std::string remark = {};  // what is odd about the records: several of them, or one that has no valid policy (with
                            // is_found false and `at`: so DMARC does not apply); one clause, or some with ";" between
};

class DomainTree {
 public:
  // No source: DNS may not be asked. The source must outlive the object.
  DomainTree(dns::RecordSource* source, base::Deadline deadline) : source_(source), deadline_(deadline) {}

  [[nodiscard]] OrganizationalDomain organizational_domain(const std::string& domain);
  // For the domain of From. std::nullopt: DNS may not be asked, or this is no domain name.
  [[nodiscard]] std::optional<DmarcPolicy> policy_for(const std::string& from_domain);

 private:
  struct Walk {
    std::string organizational_domain = {};  // empty: could not be told
    std::string public_suffix_domain = {};   // where psd=y ended it
    std::string detail = {};                 // why it could not be told
    std::string remark = {};                 // names with several records
  };
  [[nodiscard]] Walk walk(const std::string& domain);
  [[nodiscard]] DmarcPolicy inherited_policy(const std::string& domain);
  void choose_by_existence(const std::string& domain, const DmarcRecord& record, DmarcPolicy& policy);
  [[nodiscard]] DmarcLookup record_of(const std::string& domain);
  [[nodiscard]] const dns::RecordSet& ask(const std::string& name, dns::RecordType type);

  dns::RecordSource* source_;
  base::Deadline deadline_;
  std::map<std::pair<std::string, dns::RecordType>, dns::RecordSet> answers_;
};

}  // namespace mailcheck::authentication
