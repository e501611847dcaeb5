#!/usr/bin/env python3
"""check_mail_tls --dane and --mx against DNSSEC-signed zones, in the small internet of mail_internet.py (mail_zones.py
says what is published). Where openssl s_client speaks of the same, it is asked too."""

import os
import re
import subprocess
import unittest

import dnssec_zone
import dovecot
from faulty_resolvers import ADDRESS, MX, TLSA, PickyResolver, SilentResolver
from harness import ENV
from mail_zones import CHOOSY, SILENT
from choosy_host import ChoosyHost
from policy_host import SilentHost
from tls_harness import CRITICAL, MAIL, OK, UNKNOWN, WARNING, Report, TlsTest

RESOLVER = os.environ["NET_RESOLVER"]
SERVER_FAILURE, REFUSED = 2, 5


def host(name, *more, dane="--dane", resolver=RESOLVER, protocol="smtp"):
    """The options that look at port 25 of a host."""
    name = name if "." in name else name + ".example.test"
    return ["-H", name, "--protocol", protocol, "--ca-file", ENV["LIVE_CA_FILE"], "--resolver", resolver,
            *([dane] if dane else []), *more]


def exchanges(domain, *more, dane="--dane"):
    domain = domain if "." in domain else domain + ".example.test"
    return ["--mx", domain, "--protocol", "smtp", "--ca-file", ENV["LIVE_CA_FILE"], "--resolver", RESOLVER,
            *([dane] if dane else []), *more]


class MatchTest(TlsTest):
    def test_matches(self):
        for name in ("mail", "imap", "pinned", "whole", "alias", "delegated", "mixed", "starred"):
            with self.subTest(host=name):
                self.report({} if name in ("mail", "imap") else {"name-mismatch": OK}, host(name))

    def test_the_status_line_says_so(self):
        self.check(0, host("mail"), says=["smtp", "DANE"], labels=["dns", "connect", "starttls", "tls"])

    def test_without_the_option_nobody_asks(self):
        with PickyResolver(RESOLVER, TLSA) as resolver:
            self.report({}, host("mail", dane="", resolver=resolver.resolver))
            self.assertNotIn(TLSA, [kind for _, kind in resolver.asked])

    def test_a_server_that_chooses_by_name_is_asked_for_the_base_domain(self):
        """RFC 7672 section 8.1: behind an alias the name is that of the TLSA records."""
        with ChoosyHost(CHOOSY, "choosy.example.test") as choosy:
            for name in ("choosy", "renamed"):
                with self.subTest(host=name):
                    self.report({"name-mismatch": OK}, host(name))
                    self.assertEqual(choosy.asked.pop(), "choosy.example.test")
            self.report({"dane-mismatch": CRITICAL, "name-mismatch": CRITICAL},
                        host("renamed", "--sni", "renamed.example.test"))

    def test_what_the_chain_lacks_is_a_note(self):
        self.report({"self-signed": OK, "name-mismatch": OK}, host("selfsigned"))
        other = os.path.join(ENV["LIVE_CERTIFICATES"], "other-root.pem")
        self.report({"untrusted": OK}, host("mail", "--ca-file", other))

    def test_an_expired_certificate_is_a_warning(self):
        self.report({"expired": WARNING, "name-mismatch": OK}, host("expired"))

    def test_roll_over_is_a_note(self):
        self.report({"dane-rollover": OK, "name-mismatch": OK}, host("rollover"))

    def test_an_answer_that_needs_tcp(self):
        report = self.report({"dane-rollover": OK, "name-mismatch": OK}, host("crowded"))
        self.assertIn("39 of 40", report.text("dane-rollover"), str(report))

    def test_other_protocols(self):
        ports = {"imap": ENV["LIVE_IMAP_PORT"], "imaps": ENV["LIVE_IMAPS_PORT"], "pop3": ENV["LIVE_POP3_PORT"],
                 "pop3s": ENV["LIVE_POP3S_PORT"], "sieve": ENV["LIVE_SIEVE_PORT"], "lmtp": ENV["LIVE_LMTP_PORT"],
                 "submission": MAIL["MAIL_PORT_SUBMISSION"], "smtps": MAIL["MAIL_PORT_SUBMISSIONS"]}
        for protocol, port in ports.items():
            with self.subTest(protocol=protocol):
                self.report({}, host("mail", "-p", port, protocol=protocol))
                # no host of that name has a record for this port
                self.report({"dane-absent": CRITICAL, "name-mismatch": CRITICAL},
                            host("pinned", "-p", port, protocol=protocol))

    def test_no_name_check_for_the_key_itself(self):
        """RFC 7671 section 5.1: usage 3 needs no name; the note is about PKIX. --verify-name is the user's own wish."""
        self.report({"name-mismatch": OK}, host("mail", "--verify-name", "other.example.test"))


class MismatchTest(TlsTest):
    def test_another_key(self):
        report = self.report({"dane-mismatch": CRITICAL, "name-mismatch": CRITICAL}, host("mismatch"))
        self.assertIn("dane-mismatch", report.data["summary"], str(report))
        self.check(2, host("mismatch"), says="dane-mismatch")

    def test_the_authoritys_certificate_is_for_another_name(self):
        self.report({"dane-mismatch": CRITICAL, "name-mismatch": CRITICAL}, host("anchored"))

    def test_an_authority_that_is_not_sent(self):
        self.report({"dane-mismatch": CRITICAL}, host("imap", "-p", MAIL["MAIL_PORT_MX"]))

    def test_usage_2_wants_dates(self):
        """The expired certificate has the same names and authority as the good one."""
        self.report({"dane-mismatch": CRITICAL, "expired": CRITICAL}, host("imap", "--address", "127.0.0.2"))

    def test_result_changes_the_state(self):
        self.report({"dane-mismatch": WARNING, "name-mismatch": WARNING},
                    host("mismatch", "--result", "dane-mismatch=WARNING", "--result", "name-mismatch=warning"))

    def test_if_present_is_no_excuse(self):
        self.report({"dane-mismatch": CRITICAL, "name-mismatch": CRITICAL}, host("mismatch", dane="--dane=if-present"))

    def test_no_starttls_is_what_counts(self):
        self.report({"starttls-absent": CRITICAL}, host("plain"))


class NoRecordTest(TlsTest):
    def test_absent(self):
        self.report({"dane-absent": CRITICAL, "name-mismatch": CRITICAL}, host("absent"))
        self.report({"dane-absent": OK}, host("absent", "--verify-name", ENV["LIVE_HOST"], dane="--dane=if-present"))

    def test_insecure(self):
        self.report({"dane-insecure": CRITICAL, "name-mismatch": CRITICAL}, host("mail.insecure.test"))
        self.report({"dane-insecure": OK}, host("mail.insecure.test", "--verify-name", ENV["LIVE_HOST"],
                                                dane="--dane=if-present"))

    def test_an_alias_into_an_insecure_zone(self):
        """What is published at the name itself counts (RFC 7672 section 2.1.3)."""
        self.report({"dane-absent": CRITICAL, "name-mismatch": CRITICAL}, host("escaping"))
        self.report({"name-mismatch": OK}, host("escaped"))

    def test_a_record_in_an_insecure_zone(self):
        self.report({"dane-insecure": CRITICAL, "name-mismatch": CRITICAL}, host("sneaky"))

    def test_a_resolver_that_does_not_validate(self):
        self.report({"dane-insecure": CRITICAL}, host("mail", resolver=os.environ["NET_AUTHORITY"]))

    def test_bogus_tlsa(self):
        for dane in ("--dane", "--dane=if-present"):
            self.report({"dane-bogus": CRITICAL, "name-mismatch": CRITICAL}, host("forged", dane=dane))

    def test_bogus_address(self):
        for name in ("mail.forged.test", "mail.lapsed.test"):
            for dane in ("--dane", "--dane=if-present"):
                with self.subTest(host=name, dane=dane):
                    report = self.report({"dane-bogus": CRITICAL}, host(name, dane=dane))
                    self.assertNotIn("connect", report.steps, str(report))

    def test_no_such_host(self):
        for name in ("nowhere.example.test", "nowhere.test"):
            with self.subTest(host=name):
                self.report({"dns": CRITICAL}, host(name))

    def test_unusable(self):
        for name in ("unusable", "short"):
            with self.subTest(host=name):
                self.report({"dane-unusable": WARNING, "name-mismatch": CRITICAL}, host(name))
                self.report({"dane-unusable": WARNING}, host(name, "--verify-name", ENV["LIVE_HOST"]))

    def test_silence(self):
        """With --address nobody needs the resolver but for TLSA: the server is judged without DANE."""
        with SilentResolver() as silent:
            report = self.report({"dane-unanswered": UNKNOWN},
                                 host("mail", "--address", "127.0.0.1", "-t", "4", resolver=silent.resolver))
            self.assertLess(report.run.seconds, 5, str(report))
            self.report({"dane-unanswered": UNKNOWN, "name-mismatch": CRITICAL},
                        host("pinned", "--address", "127.0.0.1", "-t", "4", resolver=silent.resolver))

    def test_silence_about_tlsa_alone(self):
        with PickyResolver(RESOLVER, TLSA) as picky:
            self.report({"dane-unanswered": UNKNOWN}, host("mail", "-t", "4", resolver=picky.resolver))
            self.assertIn(("_25._tcp.mail.example.test", TLSA), picky.asked)

    def test_a_resolver_that_refuses(self):
        with PickyResolver(RESOLVER, TLSA, REFUSED) as picky:
            self.report({"dane-unanswered": UNKNOWN}, host("mail", resolver=picky.resolver))

    def test_a_resolver_that_is_not_there(self):
        nobody = "127.0.0.1:9"
        of_domain = ["--mx", "good.example.test", "--protocol", "smtp", "--resolver", nobody]
        for options in (host("mail", resolver=nobody), [*of_domain, "--dane"]):
            report = self.report({"dane-unanswered": UNKNOWN}, options)
            self.assertIn("not reachable", report.text("dane-unanswered"), str(report))
        self.report({"dns": CRITICAL}, of_domain)

    def test_a_resolver_that_fails(self):
        with PickyResolver(RESOLVER, TLSA, SERVER_FAILURE) as picky:
            self.report({"dane-bogus": CRITICAL}, host("mail", resolver=picky.resolver))

    def test_a_silent_resolver_alone(self):
        with SilentResolver() as silent:
            report = self.report({"dane-unanswered": UNKNOWN}, host("mail", "-t", "3", resolver=silent.resolver))
            self.assertLess(report.run.seconds, 4, str(report))


class TrustTest(TlsTest):
    def test_a_resolver_beyond_loopback_is_noted(self):
        self.report({"dane-remote-resolver": OK}, host("mail", resolver=os.environ["NET_REMOTE_RESOLVER"]))

    def test_a_given_address_counts_as_given(self):
        self.report({}, host("mail", "--address", "127.0.0.1"))
        with PickyResolver(RESOLVER, ADDRESS) as picky:
            self.report({}, host("mail", "--address", "127.0.0.1", resolver=picky.resolver))
            self.assertNotIn(ADDRESS, [kind for _, kind in picky.asked])


class AddressesTest(TlsTest):
    def test_all_addresses(self):
        """The second address has the expired certificate, whose key is not the published one."""
        self.report({"name-mismatch": OK}, host("two", "--address", "127.0.0.1"))
        report = self.report([("dane-mismatch", CRITICAL), ("expired", CRITICAL), ("name-mismatch", CRITICAL),
                              ("name-mismatch", OK)], host("two", "--all-addresses"))
        self.assertIn("127.0.0.2", report.text("dane-mismatch"), str(report))
        self.assertNotIn("127.0.0.1", report.text("dane-mismatch"), str(report))

    def test_one_address_is_dead(self):
        report = self.report({"connect": CRITICAL, "name-mismatch": OK}, host("half", "--all-addresses"))
        self.assertIn("127.0.0.6", report.text("connect"), str(report))

    def test_both_key_types_need_records(self):
        self.report({"name-mismatch": OK}, host("dual", "--key-type", "ecdsa"))
        self.report({"dane-mismatch": CRITICAL, "name-mismatch": CRITICAL}, host("dual", "--key-type", "rsa"))
        self.report([("dane-mismatch", CRITICAL), ("name-mismatch", CRITICAL), ("name-mismatch", OK)],
                    host("dual", "--both-key-types"))


class ExchangesTest(TlsTest):
    def test_all_good(self):
        report = self.report({"caa": OK, "tls-rpt": OK}, exchanges("good"))
        self.assertIn("mailto:reports@example.test", report.text("tls-rpt"), str(report))
        self.assertIn("ca.example", report.text("caa"), str(report))
        self.check(0, exchanges("good"), says="good.example.test")

    def test_each_exchange_has_a_line(self):
        run = self.check(0, exchanges("good"), "-v")
        for name in ("mail.example.test", "imap.example.test"):
            self.assertIn(name, run.out, str(run))

    def test_without_dane(self):
        self.report({}, exchanges("good", dane=""))
        self.report({"name-mismatch": CRITICAL}, exchanges("onebad", dane=""))

    def test_one_of_two_is_bad(self):
        report = self.report({"dane-mismatch": CRITICAL, "name-mismatch": CRITICAL}, exchanges("onebad"))
        for finding in ("dane-mismatch", "name-mismatch"):
            self.assertIn("mismatch.example.test", report.text(finding), str(report))
        run = self.check(2, exchanges("onebad"))
        self.assertIn("mismatch.example.test", run.line, str(run))

    def test_one_of_two_is_dead(self):
        report = self.report({"connect": CRITICAL}, exchanges("deadmx"))
        self.assertIn("dead.example.test", report.text("connect"), str(report))

    def test_a_silent_one_does_not_take_the_time_of_the_next(self):
        with SilentHost(SILENT, 25):
            report = self.report({"timeout": CRITICAL}, exchanges("slowmx", "-t", "4"))
        self.assertIn("silent.example.test", report.text("timeout"), str(report))
        self.assertIn("tls", report.steps, str(report))
        self.assertLess(report.run.seconds, 5, str(report))

    def test_many(self):
        report = self.report({"name-mismatch": OK, "dane-rollover": OK}, exchanges("manymx"))
        self.assertIn("rollover.example.test", report.text("dane-rollover"), str(report))

    def test_null_mx(self):
        for dane in ("", "--dane"):
            self.report({"mx-null": CRITICAL}, exchanges("nullmx", dane=dane))

    def test_no_mx_means_the_host_itself(self):
        """RFC 5321 section 5.1."""
        self.report({}, exchanges("mail.example.test"))

    def test_into_an_insecure_zone(self):
        report = self.report({"dane-insecure": CRITICAL, "name-mismatch": CRITICAL}, exchanges("outside"))
        self.assertIn("mail.insecure.test", report.text("dane-insecure"), str(report))

    def test_an_insecure_domain(self):
        """The MX record itself could be anybody's."""
        report = self.report({"dane-insecure": CRITICAL}, exchanges("insecure.test"))
        self.assertIn("insecure.test", report.text("dane-insecure"), str(report))
        self.report({"dane-insecure": OK}, exchanges("insecure.test", dane="--dane=if-present"))

    def test_an_insecure_domain_vouches_for_nobody(self):
        """The host's own TLSA records match, but who says that mail goes there?"""
        findings = {"self-signed": CRITICAL, "name-mismatch": CRITICAL}
        self.report({"dane-insecure": OK, **findings}, exchanges("strange.insecure.test", dane="--dane=if-present"))
        self.report({"dane-insecure": CRITICAL, **findings}, exchanges("strange.insecure.test"))

    def test_an_exchange_must_have_a_name(self):
        report = self.report({"mx-invalid": WARNING}, exchanges("addressmx"))
        self.assertIn("127.0.0.1 is an address", report.text("mx-invalid"), str(report))
        self.report({"mx-invalid": WARNING, "dns": CRITICAL}, exchanges("onlyaddress"))

    def test_bogus_things(self):
        self.report({"dane-bogus": CRITICAL, "name-mismatch": CRITICAL}, exchanges("forgedmx"))
        report = self.report({"dane-bogus": CRITICAL}, exchanges("forgedhost"))
        self.assertIn("mail.forged.test", report.text("dane-bogus"), str(report))

    def test_bogus_mx(self):
        for dane in ("", "--dane", "--dane=if-present"):
            with self.subTest(dane=dane):
                report = self.report({"dane-bogus" if dane else "dns": CRITICAL}, exchanges("lapsed.test", dane=dane))
                self.assertNotIn("connect", report.steps, str(report))

    def test_an_exchange_without_address(self):
        report = self.report({"dns": CRITICAL}, exchanges("lost"))
        self.assertIn("nowhere.example.test", report.text("dns"), str(report))

    def test_no_such_domain(self):
        self.report({"dns": CRITICAL}, exchanges("nowhere.example.test"))

    def test_one_without_starttls(self):
        report = self.report({"starttls-absent": CRITICAL}, exchanges("plainmx"))
        self.assertIn("plain.example.test", report.text("starttls-absent"), str(report))

    def test_silence_about_mx(self):
        with PickyResolver(RESOLVER, MX) as picky:
            arguments = [picky.resolver if word == RESOLVER else word for word in exchanges("good", "-t", "3")]
            report = self.report({"dane-unanswered": UNKNOWN}, arguments)
            self.assertLess(report.run.seconds, 4, str(report))


class OracleTest(TlsTest):
    """openssl s_client matches the same TLSA records against the same servers."""

    def test_verdicts_agree(self):
        cases = [(name, "", "25") for name in ("mail", "imap", "anchored", "pinned", "whole", "mismatch", "rollover",
                                               "mixed", "expired", "selfsigned")]
        cases += [("imap", "127.0.0.2", "25"), ("imap", "", MAIL["MAIL_PORT_MX"])]
        for name, address, port in cases:
            with self.subTest(host=name, address=address, port=port):
                matches = self._openssl_matches(name + ".example.test", address, port)
                report = Report(host(name, "-p", port, *(["--address", address] if address else [])))
                self.assertEqual("dane-mismatch" not in dict(report.findings), matches, str(report))

    def _openssl_matches(self, name, address, port):
        """What DANE says, for SMTP: PKIX-TA and PKIX-EE do not count (RFC 7672 section 3.1.3)."""
        records = self._drill("TLSA", "_%s._tcp.%s" % (port, name))
        address = address or self._drill("A", name)[0]
        options = [word for data in records if data[0] in "23" for word in ("-dane_tlsa_rrdata", data)]
        done = subprocess.run(["openssl", "s_client", "-brief", "-starttls", "smtp", "-connect", address + ":" + port,
                               "-dane_ee_no_namechecks", "-dane_tlsa_domain", name, *options], input=b"",
                              stdout=subprocess.PIPE, stderr=subprocess.STDOUT, env=dovecot.environment(), timeout=20,
                              check=False).stdout.decode(errors="replace")
        self.assertIn("Verification", done)
        return "Verification: OK" in done and "DANE TLSA" in done

    @staticmethod
    def _drill(kind, name):
        """The data of the records of that kind."""
        address, port = RESOLVER.split(":")
        text = subprocess.run(["drill", "-p", port, "@" + address, kind, name], stdout=subprocess.PIPE,
                              env=dnssec_zone.environment(), encoding="ascii", check=True).stdout
        return re.findall(r"^\S+\t\d+\tIN\t%s\t(.*)$" % kind, text, re.MULTILINE)


if __name__ == "__main__":
    unittest.main()
