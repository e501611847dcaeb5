#!/usr/bin/env python3
"""check_mail_tls --mta-sts against an HTTPS host of policies, in the small internet of mail_internet.py: records and
policies good and bad (RFC 8461)."""

import contextlib
import os
import tempfile
import time
import unittest

from faulty_resolvers import TXT, PickyResolver
from harness import ENV, Run
from mail_zones import POLICY, SILENT_POLICY
from policy_host import PATH, Answer, PolicyHost, SilentHost, policy
from tls_harness import CRITICAL, OK, UNKNOWN, WARNING, TlsTest

RESOLVER = os.environ["NET_RESOLVER"]
REDIRECT = {"Location": "https://mta-sts.enforce.example.test" + PATH}
ANSWERS = {
    "enforce": Answer(policy()),
    "testing": Answer(policy("testing")),
    "none": Answer(policy("none")),
    "othermx": Answer(policy(exchanges=["mx.example.test", "mail.example.org"])),
    "wildcard": Answer(policy(exchanges=["mx.example.org", "*.example.test"])),
    "crlf": Answer(policy(end="\r\n")),
    "charset": Answer(policy(), kind="text/plain; charset=utf-8"),
    "extension": Answer(policy() + b"flavour: sweet\n"),
    "testingother": Answer(policy("testing", exchanges=["mx.example.test"])),
    "ageless": Answer(policy(max_age="0")),
    "short": Answer(policy(max_age="3600")),
    "mixed": Answer(policy()),
    "split": Answer(policy()),
    "redirect": Answer(policy(), 301, headers=REDIRECT),
    "html": Answer(policy(), kind="text/html"),
    "missing": Answer(b"no such thing\n", 404),
    "error": Answer(policy(), 500),
    "expired": Answer(policy(), certificate="policy-expired"),
    "wrongname": Answer(policy(), certificate="good"),
    "version": Answer(policy(version="STSv2")),
    "nomode": Answer(policy(mode=None)),
    "unknownmode": Answer(policy("sometimes")),
    "noage": Answer(policy(max_age=None)),
    "nomx": Answer(policy(exchanges=[])),
    "torn": Answer(b"<html><body>Welcome to nginx!</body></html>\n"),
    "empty": Answer(b""),
    "huge": Answer(policy() + b"x: %s\n" % (b"y" * 200000)),
    "endless": Answer(b"mx: mail.example.test\n" * 500, endless=True),
    **{name: Answer(policy()) for name in ("absent", "twice", "noid", "badid", "foreign")},
}


class MtaStsTest(TlsTest):
    """The policy host is of this module; the mail servers and zones run outside."""

    @classmethod
    def setUpClass(cls):
        stack = contextlib.ExitStack()
        cls.addClassCleanup(stack.close)
        folder = stack.enter_context(tempfile.TemporaryDirectory(prefix="mailcheck-sts."))
        answers = {name + ".example.test": answer for name, answer in ANSWERS.items()}
        cls.host = stack.enter_context(PolicyHost(folder, ENV["LIVE_CERTIFICATES"], answers, POLICY))
        stack.enter_context(SilentHost(SILENT_POLICY))
        cls.ca_file = os.path.join(folder, "trusted.pem")
        with open(cls.ca_file, "w", encoding="ascii") as file:
            for name in (ENV["LIVE_CA_FILE"], cls.host.authority):
                with open(name, encoding="ascii") as authority:
                    file.write(authority.read())

    def options(self, domain, *more, host="mail.example.test", resolver=RESOLVER):
        where = ["-H", host] if host else []
        return [*where, "--protocol", "smtp", "--ca-file", self.ca_file, "--resolver", resolver, "--mta-sts",
                domain + ".example.test", *more]


class GoodPolicyTest(MtaStsTest):
    def test_enforced(self):
        report = self.report({"tls-rpt": OK, "caa": OK}, self.options("enforce"))
        self.assertIn("policy", report.steps, str(report))
        self.assertIn("mailto:reports@example.test", report.text("tls-rpt"), str(report))
        self.assertEqual(self.host.requests[-1], ("mta-sts.enforce.example.test", PATH))

    def test_the_status_line_and_the_steps(self):
        run = self.check(0, self.options("enforce"), labels=["dns", "policy", "connect", "tls"])
        self.assertLess(run.labels.index("policy"), run.labels.index("connect"), str(run))

    def test_it_is_one_request(self):
        begin = len(self.host.requests)
        self.report({}, self.options("enforce"))
        self.assertEqual(len(self.host.requests), begin + 1)

    def test_forms_that_are_right(self):
        for domain in ("wildcard", "crlf", "charset", "mixed", "split"):
            with self.subTest(domain=domain):
                self.report({}, self.options(domain))

    def test_unknown_keys_are_noted(self):
        self.report({"deviation": OK}, self.options("extension"))

    def test_modes(self):
        self.report({"mta-sts-testing": OK}, self.options("testing"))
        self.report({"mta-sts-none": WARNING}, self.options("none"))

    def test_short_lived(self):
        report = self.report({"mta-sts-short-lived": OK}, self.options("short"))
        self.assertIn("max_age is 3600 s", report.text("mta-sts-short-lived"), str(report))

    def test_a_policy_without_a_life_protects_nothing(self):
        report = self.report({"mta-sts-none": WARNING}, self.options("ageless"))
        self.assertIn("max_age is 0", report.text("mta-sts-none"), str(report))

    def test_results_can_be_changed(self):
        self.report({"mta-sts-testing": WARNING}, self.options("testing", "--result", "mta-sts-testing=WARNING"))


class HostTest(MtaStsTest):
    def test_the_host_is_not_in_the_policy(self):
        report = self.report({"mta-sts-mismatch": CRITICAL}, self.options("othermx"))
        self.assertIn("mail.example.test", report.text("mta-sts-mismatch"), str(report))

    def test_a_policy_that_is_tested_keeps_nobody_away_yet(self):
        report = self.report({"mta-sts-mismatch": WARNING, "mta-sts-testing": OK}, self.options("testingother"))
        self.assertIn("not enforced", report.text("mta-sts-mismatch"), str(report))

    def test_a_wildcard_is_one_label(self):
        """RFC 8461 section 4.1: the name before the domain is one label."""
        self.report({"mta-sts-mismatch": CRITICAL},
                    self.options("wildcard", "--address", "127.0.0.1", "--verify-name", "mail.example.test",
                                 host="a.mail.example.test"))

    def test_the_servers_certificate_is_judged_too(self):
        self.report({"name-mismatch": CRITICAL}, self.options("wildcard", host="pinned.example.test"))
        self.report({"expired": CRITICAL}, self.options("enforce", "--address", "127.0.0.2"))
        self.report({"starttls-absent": CRITICAL}, self.options("enforce", "--address", "127.0.0.3"))


class NoPolicyTest(MtaStsTest):
    def test_no_record(self):
        report = self.report({"mta-sts-absent": CRITICAL}, self.options("absent"))
        self.assertNotIn(("mta-sts.absent.example.test", PATH), self.host.requests, str(report))

    def test_a_record_of_something_else(self):
        self.report({"mta-sts-absent": CRITICAL}, self.options("foreign"))

    def test_records_that_break_the_rules(self):
        for domain in ("twice", "noid", "badid"):
            with self.subTest(domain=domain):
                self.report({"mta-sts-invalid": CRITICAL}, self.options(domain))

    def test_policies_that_break_the_rules(self):
        for domain in ("version", "nomode", "unknownmode", "noage", "nomx", "torn", "empty", "html"):
            with self.subTest(domain=domain):
                self.report({"mta-sts-invalid": CRITICAL}, self.options(domain))

    def test_a_resolver_that_says_nothing(self):
        with PickyResolver(RESOLVER, TXT) as picky:
            report = self.report({"mta-sts-unanswered": UNKNOWN},
                                 self.options("enforce", "-t", "4", resolver=picky.resolver))
            self.assertLess(report.run.seconds, 5, str(report))


class UnreachableTest(MtaStsTest):
    def test_answers_that_are_no_policy(self):
        for domain, says in (("missing", "404"), ("error", "500"), ("redirect", "301")):
            with self.subTest(domain=domain):
                report = self.report({"mta-sts-unreachable": CRITICAL}, self.options(domain))
                self.assertIn(says, report.text("mta-sts-unreachable"), str(report))

    def test_redirects_are_not_followed(self):
        begin = len(self.host.requests)
        self.report({"mta-sts-unreachable": CRITICAL}, self.options("redirect"))
        self.assertEqual(self.host.requests[begin:], [("mta-sts.redirect.example.test", PATH)])

    def test_the_policy_hosts_certificate(self):
        for domain, says in (("expired", "expired"), ("wrongname", "mismatch")):
            with self.subTest(domain=domain):
                begin = len(self.host.requests)
                report = self.report({"mta-sts-unreachable": CRITICAL}, self.options(domain))
                self.assertIn("certificate", report.text("mta-sts-unreachable"), str(report))
                self.assertIn(says, report.text("mta-sts-unreachable"), str(report))
                self.assertEqual(len(self.host.requests), begin, "nothing is asked of a host that is not it")

    def test_an_authority_that_is_not_trusted(self):
        arguments = [ENV["LIVE_CA_FILE"] if word == self.ca_file else word for word in self.options("enforce")]
        self.report({"mta-sts-unreachable": CRITICAL}, arguments)

    def test_no_such_host_or_port(self):
        for domain in ("nohost", "refused"):
            with self.subTest(domain=domain):
                self.report({"mta-sts-unreachable": CRITICAL}, self.options(domain))

    def test_a_host_that_says_nothing(self):
        """The mail server is looked at all the same."""
        report = self.report({"mta-sts-unreachable": CRITICAL}, self.options("silent", "-t", "4"))
        self.assertLess(report.run.seconds, 5, str(report))
        self.assertIn("tls", report.steps, str(report))

    def test_too_much(self):
        for domain in ("huge", "endless"):
            with self.subTest(domain=domain):
                begin = time.monotonic()
                report = self.report({"mta-sts-unreachable": CRITICAL}, self.options(domain))
                self.assertLess(time.monotonic() - begin, 3, str(report))
        # what the buffers between here and there take
        self.assertLess(self.host.endless_bytes, 30_000_000)


class TogetherTest(MtaStsTest):
    def test_with_dane(self):
        self.report({}, self.options("enforce", "--dane"))
        self.report({"dane-absent": CRITICAL, "name-mismatch": CRITICAL},
                    self.options("wildcard", "--dane", host="absent.example.test"))

    def test_dane_does_not_excuse_what_an_enforced_policy_demands(self):
        """RFC 8461 section 4.1 wants a certificate that PKIX accepts; mode testing or none demands nothing."""
        self.report({"name-mismatch": CRITICAL}, self.options("wildcard", "--dane", host="pinned.example.test"))

    def test_with_mx(self):
        report = self.report({"mta-sts-mismatch": CRITICAL},
                             self.options("enforce", "--mx", "good.example.test", host=""))
        self.assertIn("imap.example.test", report.text("mta-sts-mismatch"), str(report))
        self.report({}, self.options("wildcard", "--mx", "good.example.test", host=""))

    def test_another_protocol_is_refused(self):
        run = Run(["-H", "mail.example.test", "--protocol", "imap", "--mta-sts", "enforce.example.test"])
        self.assertEqual((run.code, run.err), (3, ""), str(run))
        self.assertIn("--mta-sts", run.out, str(run))


if __name__ == "__main__":
    unittest.main()
