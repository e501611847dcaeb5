#include "support/catch2.h"
#include "unit/authentication/tree_scene.h"

using namespace mailcheck;
using authentication::DmarcPolicy;
using authentication::DomainTree;
using dns::LookupOutcome;
using dns::RecordType;
using Texts = std::vector<std::string>;

namespace {

struct Scene : test::TreeScene {
  DmarcPolicy policy(const std::string& from_domain) {
    const auto answer = tree.policy_for(from_domain);
    REQUIRE(answer);
    return *answer;
  }
  void exists(const std::string& domain) { records.without(domain, RecordType::cname, LookupOutcome::no_record); }
};

}  // namespace

TEST_CASE("a domain's own record applies with p, and nobody else is asked") {
  Scene scene;
  scene.publish("mail.example.com", "p=quarantine; sp=reject; np=none; adkim=s; aspf=s; t=y");
  scene.publish("example.com", "p=reject");
  const DmarcPolicy policy = scene.policy("Mail.Example.com.");
  CHECK(policy.is_found);
  CHECK(policy.at == "mail.example.com");
  CHECK(policy.policy == "quarantine");
  CHECK(policy.is_testing);
  CHECK(policy.adkim == "s");
  CHECK(policy.aspf == "s");
  CHECK(policy.detail.empty());
  CHECK(policy.remark.empty());
  CHECK(scene.records.asked() == Texts{"_dmarc.mail.example.com TXT"});
}

TEST_CASE("a domain without a record has that of its organizational domain, and no name's between") {
  Scene scene;
  scene.publish("mail.example.com", "p=quarantine");
  scene.publish("example.com", "p=reject; adkim=s");
  const DmarcPolicy policy = scene.policy("a.mail.example.com");
  CHECK(policy.is_found);
  CHECK(policy.at == "example.com");
  CHECK(policy.policy == "reject");
  CHECK(policy.adkim == "s");
  CHECK(policy.aspf == "r");
  CHECK_FALSE(policy.is_testing);
}

TEST_CASE("sp is for domains below that exist, np for those that do not") {
  const auto [tags, of_existing, of_missing] = GENERATE(table<std::string, std::string, std::string>({
      {"p=none", "none", "none"},
      {"p=reject; sp=none", "none", "none"},
      {"p=none; sp=quarantine; np=reject", "quarantine", "reject"},
      {"p=none; np=reject", "none", "reject"},
      {"p=reject; np=none", "reject", "none"},
  }));
  CAPTURE(tags);
  Scene scene;
  scene.publish("example.com", tags);
  scene.exists("here.example.com");
  CHECK(scene.policy("here.example.com").policy == of_existing);
  CHECK(scene.policy("gone.example.com").policy == of_missing);
}

TEST_CASE("whether the domain exists is asked only if it matters") {
  Scene scene;
  scene.publish("example.com", "p=none; sp=reject; np=reject");
  CHECK(scene.policy("gone.example.com").policy == "reject");
  CHECK(scene.records.asked() == Texts{"_dmarc.gone.example.com TXT", "_dmarc.example.com TXT", "_dmarc.com TXT"});
  Scene other;
  other.publish("example.com", "p=none; np=reject");
  CHECK(other.policy("gone.example.com").policy == "reject");
  CHECK(other.policy("gone.example.com").policy == "reject");
  CHECK(other.records.asked().size() == 4);
  CHECK(other.records.asked().back() == "gone.example.com CNAME");
}

TEST_CASE("a domain that is an alias exists") {
  Scene scene;
  scene.publish("example.com", "p=none; np=reject");
  scene.records.add("alias.example.com", RecordType::cname, test::dns_name("nowhere.test"));
  CHECK(scene.policy("alias.example.com").policy == "none");
}

TEST_CASE("if it cannot be told whether the domain exists, sp counts and that is said") {
  Scene scene;
  scene.publish("example.com", "p=none; np=reject");
  scene.records.without("gone.example.com", RecordType::cname, LookupOutcome::silent);
  const DmarcPolicy policy = scene.policy("gone.example.com");
  CHECK(policy.is_found);
  CHECK(policy.policy == "none");
  CHECK(policy.detail == "looking up gone.example.com: the fake has trouble");
}

TEST_CASE("a public suffix domain's record is the last resort") {
  Scene scene;
  scene.publish("gov", "p=none; sp=quarantine; np=reject; psd=y");
  scene.exists("agency.gov");
  scene.exists("mail.agency.gov");
  CHECK(scene.policy("mail.agency.gov").at == "gov");
  CHECK(scene.policy("mail.agency.gov").policy == "quarantine");
  CHECK(scene.policy("agency.gov").policy == "quarantine");
  CHECK(scene.policy("nowhere.gov").policy == "reject");
  CHECK(scene.policy("gov").policy == "none");
}

TEST_CASE("an organizational domain's record stands before that of its public suffix domain") {
  Scene scene;
  scene.publish("gov", "p=reject; psd=y");
  scene.publish("agency.gov", "p=none");
  CHECK(scene.policy("mail.agency.gov").at == "agency.gov");
  CHECK(scene.policy("mail.agency.gov").policy == "none");
}

TEST_CASE("the record one label below psd=y is looked for, even if the walk jumped over it") {
  Scene scene;
  scene.publish("c.d.e.f.g.example.com", "p=reject; psd=y");
  scene.publish("b.c.d.e.f.g.example.com", "p=quarantine");
  CHECK(scene.policy("1.a.b.c.d.e.f.g.example.com").at == "b.c.d.e.f.g.example.com");
}

TEST_CASE("that record unanswered, the public suffix domain's is not applied instead") {
  Scene scene;
  scene.publish("c.d.e.f.g.example.com", "p=reject; psd=y");
  scene.break_down("b.c.d.e.f.g.example.com", LookupOutcome::silent);
  const DmarcPolicy policy = scene.policy("1.a.b.c.d.e.f.g.example.com");
  CHECK_FALSE(policy.is_found);
  CHECK(policy.detail == "looking up _dmarc.b.c.d.e.f.g.example.com: the fake has trouble");
}

TEST_CASE("psd=n keeps what is above away") {
  Scene scene;
  scene.publish("example.com", "p=reject");
  scene.publish("mail.example.com", "p=none; psd=n");
  CHECK(scene.policy("a.mail.example.com").at == "mail.example.com");
  CHECK(scene.policy("a.mail.example.com").policy == "none");
}

TEST_CASE("no record anywhere: no policy, and no doubt about it") {
  Scene scene;
  const DmarcPolicy policy = scene.policy("mail.example.com");
  CHECK_FALSE(policy.is_found);
  CHECK(policy.at.empty());
  CHECK(policy.policy.empty());
  CHECK(policy.detail.empty());
  CHECK(policy.remark.empty());
}

TEST_CASE("a record that is none of DMARC's does not count") {
  Scene scene;
  scene.records.txt("_dmarc.mail.example.com", "v=spf1 -all");
  scene.publish("example.com", "p=reject");
  CHECK(scene.policy("mail.example.com").at == "example.com");
}

TEST_CASE("several records at a name are none, and that is remarked") {
  const auto at = GENERATE(as<std::string>{}, "mail.example.com", "example.com");
  Scene scene;
  scene.publish(at, "p=reject");
  scene.publish(at, "p=none");
  const DmarcPolicy policy = scene.policy("mail.example.com");
  CHECK_FALSE(policy.is_found);
  CHECK(policy.detail.empty());
  CHECK(policy.remark == "there are 2 DMARC records at _dmarc." + at + ", so none counts");
}

TEST_CASE("several records at a name leave the organizational domain's") {
  Scene scene;
  scene.publish("mail.example.com", "p=none");
  scene.publish("mail.example.com", "p=none");
  scene.publish("example.com", "p=reject");
  const DmarcPolicy policy = scene.policy("mail.example.com");
  CHECK(policy.at == "example.com");
  CHECK(policy.remark == "there are 2 DMARC records at _dmarc.mail.example.com, so none counts");
}

TEST_CASE("a record without a valid policy counts as none if it wants reports") {
  const auto from = GENERATE(as<std::string>{}, "example.com", "mail.example.com");
  Scene scene;
  scene.publish("example.com", "p=rejekt; sp=reject; rua=mailto:a@b.test");
  const DmarcPolicy policy = scene.policy(from);
  CHECK(policy.is_found);
  CHECK(policy.policy == "none");
  CHECK(policy.remark == "the DMARC record at _dmarc.example.com has no valid \"p\", so it counts as p=none");
}

TEST_CASE("a record with neither a valid policy nor reports ends it: DMARC does not apply") {
  const auto from = GENERATE(as<std::string>{}, "mail.example.com", "a.mail.example.com");
  Scene scene;
  scene.publish("mail.example.com", "sp=reject; psd=n");
  scene.publish("example.com", "p=reject");
  const DmarcPolicy policy = scene.policy(from);
  CHECK_FALSE(policy.is_found);
  CHECK(policy.at == "mail.example.com");
  CHECK(policy.policy.empty());
  CHECK(policy.detail.empty());
  CHECK(policy.remark == "the DMARC record at _dmarc.mail.example.com has no valid \"p\", so DMARC does not apply");
}

TEST_CASE("if the domain's own record cannot be looked up, its policy cannot be told") {
  const auto outcome = GENERATE(LookupOutcome::failed, LookupOutcome::silent, LookupOutcome::unreachable);
  Scene scene;
  scene.break_down("mail.example.com", outcome);
  scene.publish("example.com", "p=reject");
  const DmarcPolicy policy = scene.policy("mail.example.com");
  CHECK_FALSE(policy.is_found);
  CHECK(policy.detail == "looking up _dmarc.mail.example.com: the fake has trouble");
  CHECK(scene.records.asked().size() == 1);
}

TEST_CASE("if the walk fails, the record of the organizational domain by the list applies, and that is said") {
  Scene scene;
  scene.publish("example.com", "p=reject");
  scene.break_down("com", LookupOutcome::failed);
  const DmarcPolicy policy = scene.policy("mail.example.com");
  CHECK(policy.is_found);
  CHECK(policy.at == "example.com");
  CHECK(policy.policy == "reject");
  CHECK(policy.detail == "looking up _dmarc.com: the fake has trouble");
}

TEST_CASE("if the walk fails and the list leads nowhere, nothing is told") {
  const auto broken = GENERATE(as<std::string>{}, "com", "example.com");
  Scene scene;
  scene.break_down(broken, LookupOutcome::failed);
  const DmarcPolicy policy = scene.policy("mail.example.com");
  CHECK_FALSE(policy.is_found);
  CHECK(policy.detail == "looking up _dmarc." + broken + ": the fake has trouble");
}

TEST_CASE("without a source, or for no domain name, there is no answer at all") {
  test::FakeClock clock;
  DomainTree tree(nullptr, base::Deadline(clock, std::chrono::seconds(10)));
  CHECK_FALSE(tree.policy_for("example.com"));
  Scene scene;
  CHECK_FALSE(scene.tree.policy_for("[192.0.2.1]"));
  CHECK_FALSE(scene.tree.policy_for(""));
  CHECK(scene.records.asked().empty());
}
