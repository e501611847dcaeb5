#!/usr/bin/env python3
"""check_mail_tls against every protocol of a real Dovecot and a real Postfix: the verdict, the steps, the facts as
openssl s_client sees them, and what the servers' logs say of our probes."""

import os
import time
import unittest
from dataclasses import dataclass

from harness import ENV
from smtp_harness import Log
from tls_harness import CRITICAL, MAIL, SURVEY, WARNING, TlsTest, s_client

PATIENCE_SECONDS = 10


@dataclass
class Service:
    protocol: str
    port: str
    steps: list
    s_client: list
    address: str = SURVEY

    def options(self, trust=True, address=None):
        return ["-H", ENV["LIVE_HOST"], "--address", address or self.address, "-p", self.port, "--protocol",
                self.protocol, *(["--ca-file", ENV["LIVE_CA_FILE"]] if trust else [])]

    def seen_by_openssl(self, *more):
        return s_client("-connect", "%s:%s" % (self.address, self.port), "-servername", ENV["LIVE_HOST"],
                        *self.s_client, *more)


def dovecot(protocol, steps, starttls=None, address=SURVEY):
    return Service(protocol, ENV["LIVE_%s_PORT" % protocol.upper()], ["connect", *steps, "total"],
                   ["-starttls", starttls] if starttls else [], address)


def postfix(protocol, case, steps, starttls=True):
    return Service(protocol, MAIL["MAIL_PORT_" + case], ["connect", *steps, "total"],
                   ["-starttls", "smtp"] if starttls else [], "127.0.0.1")


SMTP_STEPS = ["greeting", "ehlo", "starttls", "tls", "quit"]
DOVECOT = [
    dovecot("imap", ["greeting", "capability", "starttls", "tls", "logout"], "imap"),
    dovecot("imaps", ["tls", "greeting", "logout"]),
    dovecot("pop3", ["greeting", "capability", "starttls", "tls", "quit"], "pop3"),
    dovecot("pop3s", ["tls", "greeting", "quit"]),
    dovecot("sieve", ["greeting", "starttls", "tls", "logout"], "sieve"),
]
LMTP = dovecot("lmtp", SMTP_STEPS, "lmtp", "127.0.0.1")
POSTFIX = [
    postfix("smtp", "MX", SMTP_STEPS),
    postfix("submission", "SUBMISSION", SMTP_STEPS),
    postfix("smtps", "SUBMISSIONS", ["tls", "greeting", "quit"], starttls=False),
    postfix("submissions", "SUBMISSIONS", ["tls", "greeting", "quit"], starttls=False),
]
SERVICES = [*DOVECOT, LMTP, *POSTFIX]
SOCKET = ["-H", ENV["LIVE_LMTP_SOCKET"], "--protocol", "lmtp", "--verify-name", ENV["LIVE_HOST"], "--ca-file",
          ENV["LIVE_CA_FILE"]]


class EveryServiceTest(TlsTest):
    def test_a_good_server(self):
        for service in SERVICES:
            with self.subTest(protocol=service.protocol):
                run = self.check(0, service.options(), says=service.protocol,
                                 labels=["cert_days", "chain_days", "lifetime_left"])
                self.assertEqual([label for label in run.labels if label in [*service.steps, "dns", "policy"]],
                                 service.steps, str(run))
                self.assertEqual(run.labels, [*service.steps, "cert_days", "chain_days", "lifetime_left"], str(run))
                self.assertLessEqual(sum(run.values[label] for label in service.steps[:-1]),
                                     run.values["total"] + 0.000010, str(run))
                self.assertGreater(run.values["cert_days"], 1000, str(run))

    def test_findings_and_facts_as_openssl_sees_them(self):
        for service in SERVICES:
            with self.subTest(protocol=service.protocol):
                report = self.report({}, service.options())
                seen = service.seen_by_openssl()
                self.assertTrue(seen.pop("verified"), seen)
                self.assertGreaterEqual(len(seen), 7, seen)
                self.assertEqual({name: report.facts.get(name) for name in seen}, seen, str(report))

    def test_another_name(self):
        for service in SERVICES:
            with self.subTest(protocol=service.protocol):
                self.report({"name-mismatch": CRITICAL}, service.options(), "--verify-name", "other.example.test")
                self.report({}, service.options(), "--verify-name", "other.example.test", "--verify-name",
                            "imap.example.test")

    def test_an_unknown_authority(self):
        other = os.path.join(ENV["LIVE_CERTIFICATES"], "other-root.pem")
        for service in SERVICES:
            with self.subTest(protocol=service.protocol):
                self.report({"untrusted": CRITICAL}, service.options(trust=False), "--ca-file", other)

    def test_the_dialogue_is_the_protocols(self):
        """With -vvv: what was said in clear and inside TLS, nothing left over."""
        goodbyes = {"imap": "LOGOUT", "imaps": "LOGOUT", "sieve": "LOGOUT"}
        for service in SERVICES:
            with self.subTest(protocol=service.protocol):
                run = self.check(0, service.options(), "-vvv")
                dialogue = run.out[run.out.index("\ndialogue:"):]
                self.assertEqual(dialogue.count(" established"), 1, str(run))
                before, after = dialogue.split(" established")
                self.assertEqual("STARTTLS" in before or "STLS" in before, bool(service.s_client), str(run))
                self.assertRegex(after, r"C: (\S+ )?%s\n" % goodbyes.get(service.protocol, "QUIT"), str(run))
                self.assertTrue(after.rstrip().splitlines()[-1].split("S: ")[0] != after, str(run))

    def test_it_costs_one_connection(self):
        log = Log()
        self.check(0, POSTFIX[0].options())
        self.assertEqual(log.wait_for(r"disconnect from").count(" connect from "), 1)


class SocketTest(TlsTest):
    def test_lmtp_over_a_unix_socket(self):
        run = self.check(0, SOCKET, labels=LMTP.steps)
        self.assertIn(ENV["LIVE_LMTP_SOCKET"], run.out, str(run))
        report = self.report({}, SOCKET)
        seen = s_client("-unix", ENV["LIVE_LMTP_SOCKET"], "-starttls", "lmtp")
        self.assertTrue(seen.pop("verified"), seen)
        self.assertEqual({name: report.facts.get(name) for name in seen}, seen, str(report))

    def test_another_name_on_a_unix_socket(self):
        arguments = ["other.example.test" if word == ENV["LIVE_HOST"] else word for word in SOCKET]
        self.report({"name-mismatch": CRITICAL}, arguments)


class FaultsTest(TlsTest):
    def test_what_is_wrong_on_dovecot(self):
        """Each address has its certificate, for every protocol of the log in processes."""
        cases = {"EXPIRED": ({"expired": CRITICAL}, "2025-01-01"), "WRONG_NAME": ({"name-mismatch": CRITICAL}, "other"),
                 "SELF_SIGNED": ({"self-signed": CRITICAL}, "self")}
        for service in DOVECOT:
            for case, (findings, says) in cases.items():
                with self.subTest(protocol=service.protocol, case=case):
                    report = self.report(findings, service.options(address=ENV["LIVE_ADDRESS_" + case]))
                    self.assertIn(says, report.data["summary"], str(report))

    def test_ten_days_left(self):
        """Of 90: below a quarter (and 21 days), above an eighth (and 7 days)."""
        for service in DOVECOT:
            with self.subTest(protocol=service.protocol):
                options = service.options(address=ENV["LIVE_ADDRESS_ENDING"])
                run = self.check(1, options)
                self.assertAlmostEqual(run.values["cert_days"], 10, delta=0.1)
                self.assertAlmostEqual(run.values["lifetime_left"], 100 * 10 / 90, delta=0.2)
                self.check(0, options, "-D", "5,2")
                self.check(2, options, "-w", "cert_days=30:", "-c", "cert_days=11:")

    def test_a_client_certificate_is_asked_for(self):
        """Dovecot asks; it refuses at the log in only, so nothing is wrong without one."""
        files = [os.path.join(ENV["LIVE_CERTIFICATES"], "client" + ending) for ending in (".pem", ".key")]
        for service in DOVECOT:
            with self.subTest(protocol=service.protocol):
                options = service.options(address=ENV["LIVE_ADDRESS_CLIENT_CERTIFICATE"])
                self.report({}, options)
                self.report({}, options, "--client-cert", files[0], "--client-key", files[1])

    def test_what_is_wrong_on_postfix(self):
        for case, findings, summary in (("EXPIRED", {"expired": CRITICAL}, "2025-01-01"),
                                        ("NO_TLS", {"starttls-absent": CRITICAL}, "STARTTLS")):
            with self.subTest(case=case):
                report = self.report(findings, postfix("smtp", case, []).options())
                self.assertIn(summary, report.data["summary"], str(report))

    def test_the_wrong_kind_of_port(self):
        for plain, implicit in (("imap", "imaps"), ("pop3", "pop3s")):
            with self.subTest(protocol=plain):
                swapped = {"plain": dovecot(implicit, []), "tls": dovecot(plain, [])}
                swapped["plain"].port, swapped["tls"].port = swapped["tls"].port, swapped["plain"].port
                self.report({"plain-text-on-tls-port": CRITICAL}, swapped["plain"].options())
                # a TLS server waits for us and says nothing
                report = self.report({"tls-on-plain-port": CRITICAL}, swapped["tls"].options(), "-t", "2")
                self.assertLess(report.run.seconds, 3, str(report))
        self.report({"plain-text-on-tls-port": CRITICAL}, postfix("smtps", "MX", []).options())
        self.report({"tls-on-plain-port": CRITICAL}, postfix("smtp", "SUBMISSIONS", []).options(), "-t", "2")

    def test_the_wrong_protocol(self):
        for protocol, port in (("imap", ENV["LIVE_POP3_PORT"]), ("pop3", ENV["LIVE_IMAP_PORT"]),
                               ("smtp", ENV["LIVE_IMAP_PORT"]), ("sieve", ENV["LIVE_POP3_PORT"]),
                               ("lmtp", ENV["LIVE_POP3_PORT"])):
            with self.subTest(protocol=protocol):
                options = ["-H", ENV["LIVE_HOST"], "--address", SURVEY, "-p", port, "--protocol", protocol]
                self.report({"greeting": CRITICAL}, options)


class OldProtocolsTest(TlsTest):
    def test_old_protocols_are_asked_for(self):
        """Postfix lowers OpenSSL's level of security, so that it has TLS 1.0 and 1.1; openssl s_client agrees."""
        for service in SERVICES:
            with self.subTest(protocol=service.protocol):
                accepted = [service.seen_by_openssl(version, "-cipher", "ALL:@SECLEVEL=0").get("tls_version")
                            for version in ("-tls1", "-tls1_1")]
                has_old = service in POSTFIX
                self.assertEqual(accepted, ["TLSv1", "TLSv1.1"] if has_old else [None, None])
                report = self.report({"old-protocol-accepted": WARNING} if has_old else {}, service.options(),
                                     "--old-protocols")
                if has_old:
                    self.assertIn("TLS 1.0 and TLS 1.1", report.text("old-protocol-accepted"), str(report))
                self.assertEqual(report.facts["tls_version"], "TLSv1.3", str(report))

    def test_a_key_type_that_is_not_there(self):
        for service in SERVICES:
            with self.subTest(protocol=service.protocol):
                self.report({"key-type-absent": CRITICAL}, service.options(), "--key-type", "rsa")
                self.report({}, service.options(), "--key-type", "ecdsa")


class LogsTest(TlsTest):
    """The servers have nothing to complain about in a good probe."""

    def test_postfix(self):
        for service in POSTFIX:
            with self.subTest(protocol=service.protocol):
                log = Log()
                self.check(0, service.options())
                text = log.wait_for(r"disconnect from")
                self.assertNotRegex(text, r"lost connection|error|warning|timeout|improper", text)
                self.assertRegex(text, r"disconnect from .* quit=1 ", text)

    def test_dovecot(self):
        for service in DOVECOT:
            with self.subTest(protocol=service.protocol):
                begin = os.path.getsize(ENV["LIVE_LOG"])
                self.check(0, service.options())
                line = self._ended(begin, "lip=" + SURVEY)
                self.assertNotRegex(line, r"Error|Warning|Connection closed|SSL_accept|disconnected before", line)
                self.assertRegex(line, r"Aborted login by logging out .* TLS", line)

    def test_lmtp(self):
        for name, options in (("tcp", LMTP.options()), ("unix", SOCKET)):
            with self.subTest(over=name):
                begin = os.path.getsize(ENV["LIVE_LOG"])
                self.check(0, options)
                line = self._ended(begin, "Disconnect from " + ("local" if name == "unix" else "127.0.0.1"))
                self.assertRegex(line, r": Logged out", line)

    @staticmethod
    def _ended(begin, mark):
        """The log's line with that mark, once it is there."""
        end = time.monotonic() + PATIENCE_SECONDS
        while True:
            with open(ENV["LIVE_LOG"], "rb") as file:
                file.seek(begin)
                lines = [line for line in file.read().decode("utf-8", errors="replace").splitlines() if mark in line]
            if lines:
                return "\n".join(lines)
            if time.monotonic() > end:
                raise AssertionError("Dovecot did not log " + mark)
            time.sleep(0.02)


if __name__ == "__main__":
    unittest.main()
