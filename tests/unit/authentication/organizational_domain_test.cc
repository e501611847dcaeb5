#include "support/catch2.h"
#include "unit/authentication/tree_scene.h"

using namespace mailcheck;
using authentication::DomainTree;
using authentication::is_same_organization;
using authentication::Method;
using authentication::OrganizationalDomain;
using dns::LookupOutcome;
using Texts = std::vector<std::string>;

namespace {

struct Published {
  std::string domain;
  std::string tags;
};

struct Case {
  std::vector<Published> records;
  std::string domain;
  std::string organizational;
};

}  // namespace

TEST_CASE("the tree walk finds the organizational domain") {
  const auto row = GENERATE(values<Case>({
      // the highest record counts
      {{{"example.com", "p=none"}}, "example.com", "example.com"},
      {{{"example.com", "p=none"}}, "a.mail.example.com", "example.com"},
      {{{"example.com", "p=none"}, {"mail.example.com", "p=none"}}, "a.mail.example.com", "example.com"},
      {{{"mail.example.com", "p=none"}}, "a.mail.example.com", "mail.example.com"},
      {{{"example.com", "p=none; psd=u"}}, "mail.example.com", "example.com"},
      // a record that is not applied is a record all the same
      {{{"example.com", "p=nonsense"}}, "mail.example.com", "example.com"},
      // none: the domain itself, whatever lies above
      {{}, "example.com", "example.com"},
      {{}, "mail.example.co.uk", "mail.example.co.uk"},
      {{}, "localhost", "localhost"},
      // psd=n ends the walk where it stands
      {{{"example.com", "p=none"}, {"mail.example.com", "p=none; psd=n"}}, "a.mail.example.com", "mail.example.com"},
      {{{"example.com", "p=none"}, {"mail.example.com", "p=none; psd=n"}}, "mail.example.com", "mail.example.com"},
      {{{"example.com", "p=none"}, {"mail.example.com", "p=none; psd=n"}}, "example.com", "example.com"},
      {{{"a.mail.example.com", "p=none"}, {"mail.example.com", "p=none; psd=n"}},
       "a.mail.example.com",
       "mail.example.com"},
      // psd=y: one label below
      {{{"gov", "p=reject; psd=y"}}, "agency.gov", "agency.gov"},
      {{{"gov", "p=reject; psd=y"}}, "a.mail.agency.gov", "agency.gov"},
      {{{"gov", "p=reject; psd=y"}, {"mail.agency.gov", "p=none"}}, "a.mail.agency.gov", "agency.gov"},
      {{{"bank.example", "p=reject; psd=y"}, {"giant.bank.example", "p=none"}},
       "mail.giant.bank.example",
       "giant.bank.example"},
      {{{"bank.example", "p=reject; psd=y"}}, "mail.mega.bank.example", "mega.bank.example"},
      {{{"bank.example", "p=reject; psd=y"}, {"example", "p=none; psd=y"}}, "mega.bank.example", "mega.bank.example"},
      // of the domain that the walk begins with, psd=y says nothing
      {{{"gov", "p=reject; psd=y"}}, "gov", "gov"},
      {{{"bank.example", "p=reject; psd=y"}, {"example", "p=none"}}, "bank.example", "bank.example"},
      // private suffixes with a record of their own
      {{{"blogspot.com", "p=none"}}, "shop.blogspot.com", "blogspot.com"},
      {{{"github.io", "p=none; psd=y"}}, "www.user.github.io", "user.github.io"},
      // two records at one name are none
      {{{"example.com", "p=none"}, {"mail.example.com", "psd=n"}, {"mail.example.com", "psd=n"}},
       "mail.example.com",
       "example.com"},
      // names are canonical
      {{{"xn--bcher-kva.example", "p=none"}}, "Mail.BÜCHER.Example.", "xn--bcher-kva.example"},
      // more than 8 labels: one below psd=y may be a name that was not asked for
      {{{"c.d.e.f.g.example.com", "p=none; psd=y"}}, "1.2.a.b.c.d.e.f.g.example.com", "b.c.d.e.f.g.example.com"},
  }));
  test::TreeScene scene;
  for (const auto& [domain, tags] : row.records) scene.publish(domain, tags);
  CAPTURE(row.domain);
  const OrganizationalDomain answer = scene.tree.organizational_domain(row.domain);
  CHECK(answer.domain == row.organizational);
  CHECK(answer.method == Method::tree_walk);
  CHECK(answer.detail.empty());
}

TEST_CASE("a walk asks from the domain upwards to the last label") {
  test::TreeScene scene;
  scene.publish("example.com", "p=none");
  static_cast<void>(scene.tree.organizational_domain("a.mail.example.com"));
  CHECK(scene.walked() == Texts{"a.mail.example.com", "mail.example.com", "example.com", "com"});
}

TEST_CASE("a walk ends where psd says so") {
  const auto tag = GENERATE(as<std::string>{}, "psd=y", "psd=n");
  test::TreeScene scene;
  scene.publish("mail.example.com", "p=none; " + tag);
  static_cast<void>(scene.tree.organizational_domain("b.a.mail.example.com"));
  CHECK(scene.walked() == Texts{"b.a.mail.example.com", "a.mail.example.com", "mail.example.com"});
}

TEST_CASE("a walk asks eight times at most") {
  const auto [domain, walked] = GENERATE(table<std::string, Texts>({
      {"b.c.d.e.f.example.com",
       {"b.c.d.e.f.example.com", "c.d.e.f.example.com", "d.e.f.example.com", "e.f.example.com", "f.example.com",
        "example.com", "com"}},
      {"a.b.c.d.e.f.example.com",
       {"a.b.c.d.e.f.example.com", "b.c.d.e.f.example.com", "c.d.e.f.example.com", "d.e.f.example.com",
        "e.f.example.com", "f.example.com", "example.com", "com"}},
      {"z.a.b.c.d.e.f.example.com",
       {"z.a.b.c.d.e.f.example.com", "b.c.d.e.f.example.com", "c.d.e.f.example.com", "d.e.f.example.com",
        "e.f.example.com", "f.example.com", "example.com", "com"}},
      {"a.b.c.d.e.f.g.h.i.j.mail.example.com",
       {"a.b.c.d.e.f.g.h.i.j.mail.example.com", "g.h.i.j.mail.example.com", "h.i.j.mail.example.com",
        "i.j.mail.example.com", "j.mail.example.com", "mail.example.com", "example.com", "com"}},
  }));
  test::TreeScene scene;
  CAPTURE(domain);
  static_cast<void>(scene.tree.organizational_domain(domain));
  CHECK(scene.walked() == walked);
}

TEST_CASE("no name is asked for twice") {
  test::TreeScene scene;
  scene.publish("example.com", "p=none");
  CHECK(scene.tree.organizational_domain("mail.example.com").domain == "example.com");
  CHECK(scene.tree.organizational_domain("Mail.Example.Com.").domain == "example.com");
  CHECK(scene.tree.organizational_domain("bounce.example.com").domain == "example.com");
  REQUIRE(scene.tree.policy_for("mail.example.com"));
  CHECK(scene.walked() == Texts{"mail.example.com", "example.com", "com", "bounce.example.com"});
}

TEST_CASE("a record behind an alias is the domain's own") {
  test::TreeScene scene;
  scene.publish("example.com", "p=none");
  scene.records.at("_dmarc.example.com", dns::RecordType::txt).canonical_name = "_dmarc.provider.test";
  CHECK(scene.tree.organizational_domain("mail.example.com").domain == "example.com");
}

TEST_CASE("where a look-up fails the public suffix list stands in, and the reason is told") {
  const auto at = GENERATE(as<std::string>{}, "a.mail.example.co.uk", "mail.example.co.uk", "co.uk", "uk");
  const auto outcome = GENERATE(LookupOutcome::failed, LookupOutcome::silent, LookupOutcome::unreachable);
  test::TreeScene scene;
  scene.publish("mail.example.co.uk", "p=none");
  scene.records.at("_dmarc." + at, dns::RecordType::txt).data.clear();
  scene.break_down(at, outcome);
  CAPTURE(at);
  const OrganizationalDomain answer = scene.tree.organizational_domain("a.mail.example.co.uk");
  CHECK(answer.domain == "example.co.uk");
  CHECK(answer.method == Method::public_suffix_list);
  CHECK(answer.detail == "looking up _dmarc." + at + ": the fake has trouble");
  CHECK(scene.walked().back() == at);
}

TEST_CASE("a failure above psd=n does no harm") {
  test::TreeScene scene;
  scene.publish("mail.example.com", "p=none; psd=n");
  scene.break_down("example.com", LookupOutcome::silent);
  CHECK(scene.tree.organizational_domain("a.mail.example.com").domain == "mail.example.com");
}

TEST_CASE("a failure is kept like an answer") {
  test::TreeScene scene;
  scene.break_down("example.com", LookupOutcome::silent);
  static_cast<void>(scene.tree.organizational_domain("a.example.com"));
  static_cast<void>(scene.tree.organizational_domain("b.example.com"));
  CHECK(scene.walked() == Texts{"a.example.com", "example.com", "b.example.com"});
}

TEST_CASE("past the deadline there is the list only") {
  test::TreeScene scene;
  scene.publish("example.com", "p=none");
  scene.clock.advance(std::chrono::seconds(11));
  const OrganizationalDomain answer = scene.tree.organizational_domain("a.mail.example.com");
  CHECK(answer.domain == "example.com");
  CHECK(answer.method == Method::public_suffix_list);
  CHECK(answer.detail == "the fake did not answer");
  CHECK(scene.walked().size() == 1);
}

TEST_CASE("without a source the list is all there is, and nothing is wrong with that") {
  test::FakeClock clock;
  DomainTree tree(nullptr, base::Deadline(clock, std::chrono::seconds(10)));
  const OrganizationalDomain answer = tree.organizational_domain("Mail.Example.CO.UK");
  CHECK(answer.domain == "example.co.uk");
  CHECK(answer.domain_by_list == "example.co.uk");
  CHECK(answer.method == Method::public_suffix_list);
  CHECK(answer.detail.empty());
  CHECK_FALSE(answer.is_disputed());
}

TEST_CASE("nobody is asked about what is no domain name") {
  const auto text = GENERATE(as<std::string>{}, "", "[192.0.2.1]", "192.0.2.1", "a..b", "a b.test");
  test::TreeScene scene;
  CAPTURE(text);
  const OrganizationalDomain answer = scene.tree.organizational_domain(text);
  CHECK(answer.domain == text);
  CHECK(answer.method == Method::public_suffix_list);
  CHECK(scene.records.asked().empty());
}

TEST_CASE("tree and list may disagree, and that is told") {
  const auto row = GENERATE(values<Case>({
      {{}, "mail.example.com", "example.com"},
      {{{"mail.example.com", "p=none; psd=n"}}, "mail.example.com", "example.com"},
      {{{"blogspot.com", "p=none"}}, "shop.blogspot.com", "shop.blogspot.com"},
      {{{"example.com", "p=none; psd=y"}}, "a.mail.example.com", "example.com"},
  }));
  test::TreeScene scene;
  for (const auto& [domain, tags] : row.records) scene.publish(domain, tags);
  CAPTURE(row.domain);
  const OrganizationalDomain answer = scene.tree.organizational_domain(row.domain);
  CHECK(answer.domain_by_list == row.organizational);
  CHECK(answer.domain != row.organizational);
  CHECK(answer.is_disputed());
}

TEST_CASE("tree and list mostly agree") {
  test::TreeScene scene;
  scene.publish("example.com", "p=none");
  CHECK_FALSE(scene.tree.organizational_domain("mail.example.com").is_disputed());
}

TEST_CASE("two domains are of one organization if one method says so of both") {
  const OrganizationalDomain walked{"a.example.com", Method::tree_walk, "example.com", ""};
  const OrganizationalDomain listed{"example.com", Method::public_suffix_list, "example.com", "no answer"};
  const OrganizationalDomain parent{"example.com", Method::tree_walk, "example.com", ""};
  const OrganizationalDomain foreign{"a.example.com", Method::public_suffix_list, "a.example.com", "no answer"};
  CHECK(is_same_organization(walked, walked));
  CHECK_FALSE(is_same_organization(walked, parent));
  CHECK(is_same_organization(walked, listed));
  CHECK(is_same_organization(listed, parent));
  CHECK_FALSE(is_same_organization(walked, foreign));
  CHECK_FALSE(is_same_organization({}, {}));
}

TEST_CASE("a message that names too many domains cannot make us ask for all of them") {
  test::TreeScene scene;
  std::string detail;
  for (int i = 0; i < 100; ++i) {
    detail = scene.tree.organizational_domain("x" + std::to_string(i) + ".example.com").detail;
  }
  CHECK(scene.records.asked().size() == 64);
  CHECK(detail == "gave up after 64 DNS look-ups");
}

TEST_CASE("a name too long to have a record has none") {
  const std::string label(60, 'a');
  const std::string domain = label + "." + label + "." + label + "." + label + ".example";
  REQUIRE(domain.size() == 251);
  test::TreeScene scene;
  CHECK(scene.tree.organizational_domain(domain).domain == domain);
  CHECK(scene.walked().size() == 4);
}

TEST_CASE("the methods have names") {
  CHECK(to_string(Method::tree_walk) == "tree walk");
  CHECK(to_string(Method::public_suffix_list) == "public suffix list");
}
