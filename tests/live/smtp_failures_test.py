#!/usr/bin/env python3
"""What goes wrong against a real Postfix: each fault gives its class, its state and the server's words."""

import os
import tempfile
import unittest

import dovecot
import postfix
from harness import ENV, login, secret
from smtp_harness import MAIL, STRANGER, Log, SmtpTest, before_tls, envelope, lmtp, server, to, unique

UP_TO_TLS = ["connect", "greeting", "ehlo", "starttls", "tls"]


class LogInTest(SmtpTest):
    def test_a_wrong_password(self):
        for mechanism in ("PLAIN", "LOGIN", "CRAM-MD5", "SCRAM-SHA-256"):
            with self.subTest(mechanism=mechanism):
                self.check(2, server(), "-U", "probe", "--password-file", secret("wrong"), "--auth", mechanism,
                           envelope(), says=["auth: auth-failed", "535 5.7.8"], labels=UP_TO_TLS, without=["mail"])

    def test_a_wrong_password_that_is_expected(self):
        self.check(0, server(), "-U", "probe", "--password-file", secret("wrong"), "--expect", "auth=535",
                   says=["535 5.7.8", "as expected"])
        self.check(2, server(), login(), "--expect", "auth=535", says=["not-expected", "235"])

    def test_nobody_may_submit_without_a_log_in(self):
        self.check(2, server(), envelope(), says=["rcpt: ", "554 5.7.1", "Access denied"])
        self.check(2, server("SUBMISSION", "none"), envelope(), says=["mail: tls-required", "530 5.7.0"])

    def test_a_server_without_log_in(self):
        self.check(2, server("MX"), login(), says="auth: no-mechanism", labels=UP_TO_TLS, without=["auth"])

    def test_no_password_in_clear(self):
        self.check(2, server("NO_TLS", "none"), login(), says="plaintext-auth-refused", without=["auth"])
        self.check(0, server("NO_TLS", "none"), login(), "--allow-plaintext-auth", envelope(), says="logged in")


class RecipientTest(SmtpTest):
    def test_an_unknown_recipient(self):
        self.check(2, server("MX"), envelope(to("nobody")),
                   says=["rcpt: unknown-recipient", "[nobody@example.test]", "550 5.1.1", "User unknown"],
                   labels=[*UP_TO_TLS, "mail"], without=["rset"])
        self.check(2, server(), login(), envelope(to("nobody")), says=["rcpt: unknown-recipient", "550 5.1.1"])

    def test_an_unknown_recipient_that_is_expected(self):
        for codes in ("550", "5xx", "554,550"):
            with self.subTest(codes=codes):
                self.check(0, server("MX"), envelope(to("nobody")), "--expect", "rcpt=" + codes, says="as expected")
        self.check(2, server("MX"), envelope(), "--expect", "rcpt=550", says=["not-expected", "250 2.1.5"])

    def test_relaying_is_denied(self):
        self.check(2, server("MX"), envelope(STRANGER), says=["rcpt: relay-denied", "554 5.7.1"])

    def test_open_relay(self):
        self.check(0, server("MX"), envelope(STRANGER), "--open-relay-test", says=["no open relay", "554 5.7.1"])
        self.check(2, server("MX"), envelope(), "--open-relay-test", says=["rcpt: open-relay", "250 2.1.5"])

    def test_a_greylisted_recipient(self):
        sender = unique() + "@elsewhere.example"  # postgrey remembers who came before
        self.check(1, server("GREYLIST"), envelope(sender=sender),
                   says=["rcpt: greylisted", "450 4.2.0", "Greylisted"], labels=["mail"], without=["rset"])
        self.check(0, server("GREYLIST"), envelope(sender=sender), "--result", "greylisted=ok")

    @unittest.skipUnless("MAIL_PORT_LISTED" in MAIL or "CI" in os.environ, "no mount name space, so no DNS list")
    def test_a_client_on_a_list(self):
        self.check(3, server("LISTED"), envelope(STRANGER), "--open-relay-test", says="blocklisted")
        self.check(2, server("LISTED"), envelope(),
                   says=["blocklisted", "(%s)" % MAIL["MAIL_DNS_LIST"], "554 5.7.1", "127.0.0.1"])


class SizeTest(SmtpTest):
    def setUp(self):
        with tempfile.NamedTemporaryFile("w", suffix=".txt", delete=False) as file:
            file.write("Sixty characters of text, and once more, until it is enough.\n" * 1000)
        self.body = file.name
        self.addCleanup(os.unlink, self.body)

    def test_a_message_over_the_announced_limit_is_not_offered(self):
        log = Log()
        self.check(2, server("MX"), envelope(), "--send", "--body-file", self.body,
                   says=["mail: too-large", "50000"], without=["mail", "rcpt", "data"])
        self.assertNotIn(" mail=", log.wait_for("disconnect from "))

    def test_a_message_over_a_limit_that_is_not_announced_is_refused(self):
        log = Log()
        self.check(2, server("NO_SIZE"), envelope(), "--send", "--body-file", self.body,
                   says=["data: too-large", "552 5.3.4"], labels=["mail", "rcpt", "body"])
        self.assertNotIn("status=", log.wait_for("disconnect from "))


class TlsTest(SmtpTest):
    def test_starttls_removed(self):
        self.check(2, server("NO_TLS"), login(), envelope(), says="starttls: starttls-absent",
                   labels=["connect", "greeting", "ehlo"], without=["tls", "auth", "mail"])

    def test_an_expired_certificate(self):
        self.check(2, server("EXPIRED"), login(), envelope(), says=["tls: expired", "2025-01-01"],
                   without=["auth", "mail"])
        self.check(0, server("EXPIRED")[:-2], login(), envelope(), "--insecure", says="nothing sent")

    def test_a_certificate_for_another_name(self):
        self.check(2, server(), login(), "--verify-name", "other.example.test", says="tls: name-mismatch")

    def test_tls_on_the_wrong_port(self):
        self.check(2, server("SUBMISSION", "implicit"), login(), says="tls: plain-text-on-tls-port")


class ExtensionTest(SmtpTest):
    def test_what_is_offered_before_and_after_tls(self):
        self.check(0, server(), "--expect-extension", "AUTH PLAIN", "--stop-after", "tls")
        self.check(0, before_tls(), "--expect-extension", "!AUTH", "--expect-extension", "STARTTLS",
                   "--stop-after", "ehlo")
        self.check(2, server(), "--expect-extension", "!AUTH", "--stop-after", "tls", says="not-expected")
        self.check(2, before_tls("NO_SIZE"), "--expect-extension", "SIZE", "--stop-after", "ehlo", says="not-expected")

    def test_the_greeting(self):
        self.check(0, before_tls(), "-e", "mail.example.test ESMTP", "--stop-after", "greeting")
        self.check(2, before_tls(), "-e", "Exim", "--stop-after", "greeting", says=["not-expected", "mail.example.test"])


class StoppedServerTest(SmtpTest):
    def test_a_server_that_is_gone(self):
        folder = tempfile.TemporaryDirectory()
        self.addCleanup(folder.cleanup)
        env_file = os.path.join(folder.name, "env")
        self.addCleanup(postfix.stop, env_file)
        postfix.start(env_file, os.environ["LIVE_ENV"])
        port = dovecot.read_env(env_file)["MAIL_PORT_MX"]
        arguments = ["-H", ENV["LIVE_HOST"], "--address", "127.0.0.1", "-p", port, "--ca-file", ENV["LIVE_CA_FILE"],
                     *envelope()]
        self.check(0, arguments, says="nothing sent")
        postfix.stop(env_file)
        self.check(2, arguments, says=["CRITICAL - connect: ", "connection refused"], labels=["total"],
                   without=["connect", "greeting", "mail"])

    def test_a_socket_that_is_not_there(self):
        self.check(2, "-H", lmtp("unix")[1] + ".gone", "--lmtp", envelope(), says="CRITICAL - connect: ")


if __name__ == "__main__":
    unittest.main(verbosity=2, warnings="ignore")  # Postfix is ended by its id, not waited for
