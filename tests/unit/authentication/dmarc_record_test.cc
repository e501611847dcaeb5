#include "authentication/dmarc_record.h"

#include "support/catch2.h"
#include "support/fake_records.h"

using namespace mailcheck;
using authentication::DmarcLookup;
using authentication::DmarcRecord;
using authentication::find_dmarc_record;
using authentication::read_dmarc_record;
using dns::LookupOutcome;
using Psd = DmarcRecord::Psd;
using Status = DmarcLookup::Status;
using Texts = std::vector<std::string>;

namespace {

const std::string kName = "_dmarc.example.test";

DmarcRecord read(std::string_view text) {
  const auto record = read_dmarc_record(text);
  REQUIRE(record);
  return *record;
}

dns::RecordSet answer(const Texts& texts) {
  dns::RecordSet set{.outcome = LookupOutcome::found, .canonical_name = kName};
  for (const std::string& text : texts) set.data.push_back(test::dns_text(text));
  return set;
}

}  // namespace

TEST_CASE("a record is read in any order of tags") {
  const DmarcRecord record = read(
      "v=DMARC1; np=reject; psd=n; rua=mailto:a@b.test,https://r.test/x; aspf=r; adkim=s; t=y; sp=quarantine; p=none");
  CHECK(record.policy == "none");
  CHECK(record.subdomain_policy == "quarantine");
  CHECK(record.nonexistent_policy == "reject");
  CHECK(record.is_applicable);
  CHECK(record.fault.empty());
  CHECK(record.adkim == "s");
  CHECK(record.aspf == "r");
  CHECK(record.is_testing);
  CHECK(record.psd == Psd::no);
  CHECK(record.rua == Texts{"mailto:a@b.test", "https://r.test/x"});
}

TEST_CASE("tags that are absent have their defaults") {
  const DmarcRecord record = read("v=DMARC1;p=reject");
  CHECK(record.policy == "reject");
  CHECK(record.subdomain_policy == "reject");
  CHECK(record.nonexistent_policy == "reject");
  CHECK(record.adkim == "r");
  CHECK(record.aspf == "r");
  CHECK_FALSE(record.is_testing);
  CHECK(record.psd == Psd::unstated);
  CHECK(record.rua.empty());
  CHECK(read("v=DMARC1; p=none; sp=reject").nonexistent_policy == "reject");
  CHECK(read("v=DMARC1; p=none; np=reject").subdomain_policy == "none");
}

TEST_CASE("the version comes first and to the letter") {
  const auto [text, is_record] = GENERATE(table<std::string, bool>({
      {"v=DMARC1; p=none", true},
      {"v=DMARC1;p=none;", true},
      {"v=DMARC1", true},
      {"v = DMARC1 ; p = none ;", true},
      {"v\t=\tDMARC1\t;p=none", true},
      {"V=DMARC1; p=none", true},
      {"v=dmarc1; p=none", false},
      {"v=DMARC2; p=none", false},
      {"v=DMARC1.0; p=none", false},
      {"v=DMARC1 p=none", false},
      {"v=DMARC12; p=none", false},
      {"p=none; v=DMARC1", false},
      {" v=DMARC1; p=none", false},
      {";v=DMARC1; p=none", false},
      {"\"v=DMARC1; p=none\"", false},
      {"v=spf1 -all", false},
      {"v", false},
      {"v=", false},
      {"=DMARC1", false},
      {"DMARC1", false},
      {"", false},
  }));
  CAPTURE(text);
  CHECK(read_dmarc_record(text).has_value() == is_record);
}

TEST_CASE("blanks around tags do not matter, nor does the case of names and words") {
  const DmarcRecord record =
      read("v=DMARC1 ;\tP = Reject ; SP= QUARANTINE;adkim =S ; T=Y;PSD=N ; Rua = mailto:A@b.test ");
  CHECK(record.policy == "reject");
  CHECK(record.subdomain_policy == "quarantine");
  CHECK(record.adkim == "s");
  CHECK(record.is_testing);
  CHECK(record.psd == Psd::no);
  CHECK(record.rua == Texts{"mailto:A@b.test"});
}

TEST_CASE("unknown tags and nonsense between semicolons are ignored") {
  const auto middle = GENERATE(as<std::string>{}, "", "pct=0;rf=afrf;ri=1", "x=y;x=y", "nonsense", "=reject", ";;",
                               "v=DMARC1", "pp=none");
  CAPTURE(middle);
  const DmarcRecord record = read("v=DMARC1;" + middle + ";p=reject");
  CHECK(record.policy == "reject");
  CHECK(record.is_applicable);
}

TEST_CASE("a record with a faulty policy counts as none where it has an address for reports, else not at all") {
  const auto [tags, fault] = GENERATE(table<std::string, std::string>({
      {"adkim=s", "p"},
      {"p=", "p"},
      {"p=monitor", "p"},
      {"p=rejected", "p"},
      {"p=reject reject", "p"},
      {"p=rej\x80"
       "ect",
       "p"},
      {"p=reject;p=none", "p"},
      {"p=reject;sp=no", "sp"},
      {"p=reject;sp=", "sp"},
      {"p=reject;np=no", "np"},
      {"p=reject;sp=none;np=reject;np=reject", "np"},
  }));
  CAPTURE(tags);
  const DmarcRecord silent = read("v=DMARC1;" + tags);
  CHECK_FALSE(silent.is_applicable);
  CHECK(silent.fault == "has no valid \"" + fault + "\"");
  const DmarcRecord reporting = read("v=DMARC1;rua=mailto:a@b.test;" + tags);
  CHECK(reporting.is_applicable);
  CHECK(reporting.fault == silent.fault);
  CHECK(reporting.policy == "none");
  CHECK(reporting.subdomain_policy == "none");
  CHECK(reporting.nonexistent_policy == "none");
}

TEST_CASE("other faulty values count for the default") {
  const auto tags = GENERATE(as<std::string>{}, "adkim=strict;aspf=strict;t=yes;psd=x",
                             "adkim=;aspf=;t=;psd=", "adkim=s;adkim=s;aspf=s;aspf=s;t=y;t=y;psd=y;psd=y",
                             "adkim=r;aspf=r;t=n;psd=u", "adkim=s s;aspf=s\x01;t=y,");
  CAPTURE(tags);
  const DmarcRecord record = read("v=DMARC1;p=reject;" + tags);
  CHECK(record.policy == "reject");
  CHECK(record.adkim == "r");
  CHECK(record.aspf == "r");
  CHECK_FALSE(record.is_testing);
  CHECK(record.psd == Psd::unstated);
}

TEST_CASE("psd=y marks a public suffix domain") {
  CHECK(read("v=DMARC1;p=reject;psd=y").psd == Psd::yes);
}

TEST_CASE("addresses for reports are URIs, without a limit of size") {
  const auto [value, addresses] = GENERATE(table<std::string, Texts>({
      {"mailto:a@b.test!10m, mailto:c@d.test", {"mailto:a@b.test", "mailto:c@d.test"}},
      {"mailto:a@b.test,,", {"mailto:a@b.test"}},
      {"a@b.test", {}},
      {"mailto:", {}},
      {":a@b.test", {}},
      {"1mailto:a@b.test", {}},
      {"mail to:a@b.test", {}},
      {"mailto:a\x01@b.test", {}},
      {"mailto:\xc3\xbc@b.test", {}},
      {"mailto:a b@c.test", {}},
      {"mailto:a@b.test;rua=mailto:c@d.test", {}},
      {"", {}},
      {",", {}},
      {"!", {}},
  }));
  CAPTURE(value);
  CHECK(read("v=DMARC1;p=none;rua=" + value).rua == addresses);
}

TEST_CASE("of the TXT records at a name exactly one may be DMARC's") {
  const auto one = find_dmarc_record(answer({"v=spf1 -all", "v=DMARC1;p=reject", "v=dmarc1;p=none"}), kName);
  CHECK(one.status == Status::found);
  CHECK(one.record.policy == "reject");
  CHECK(one.detail.empty());
  const auto two = find_dmarc_record(answer({"v=DMARC1;p=reject", "v=DMARC1;p=reject"}), kName);
  CHECK(two.status == Status::absent);
  CHECK(two.detail == "there are 2 DMARC records at _dmarc.example.test, so none counts");
  const auto none = find_dmarc_record(answer({"v=spf1 -all"}), kName);
  CHECK(none.status == Status::absent);
  CHECK(none.detail.empty());
}

TEST_CASE("the strings of a record are one text, and a malformed record is none") {
  auto set = answer({});
  set.data.push_back(test::dns_text("v=DMA") + test::dns_text("RC1;p=rej") + test::dns_text("ect"));
  set.data.emplace_back("\x7fv=DMARC1;p=none");
  set.data.emplace_back();
  const auto found = find_dmarc_record(set, kName);
  CHECK(found.status == Status::found);
  CHECK(found.record.policy == "reject");
}

TEST_CASE("no answer is not the same as no record") {
  const auto outcome = GENERATE(LookupOutcome::no_name, LookupOutcome::no_record, LookupOutcome::failed,
                                LookupOutcome::silent, LookupOutcome::unreachable);
  const dns::RecordSet set{.outcome = outcome, .canonical_name = kName, .detail = "the words"};
  const auto found = find_dmarc_record(set, kName);
  CHECK(found.status == (dns::is_answer(outcome) ? Status::absent : Status::failed));
  CHECK(found.detail == (dns::is_answer(outcome) ? "" : "the words"));
}
