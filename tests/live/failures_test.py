#!/usr/bin/env python3
"""What goes wrong against a real Dovecot: each fault gives its state, a first line that names step and finding, and the
times of the steps that were finished, not of those that were not reached."""

import imaplib
import os
import socket
import ssl
import unittest

from harness import ENV, LiveTest, Run, login, secret, server

BEFORE_AUTH = ["connect", "tls", "greeting"]


def external():
    certificates = ENV["LIVE_CERTIFICATES"]
    return ["--auth", "EXTERNAL", "--client-cert", os.path.join(certificates, "client.pem"), "--client-key",
            os.path.join(certificates, "client.key")]


def free_port():
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return str(probe.getsockname()[1])


class CredentialsTest(LiveTest):
    def test_a_wrong_password_is_named(self):
        self.check(2, server(), "-U", "probe", "--password-file", secret("wrong"),
                   says=["auth: auth-failed", "AUTHENTICATIONFAILED"], labels=BEFORE_AUTH, without=["select", "fetch"])

    def test_an_unknown_user_is_named(self):
        self.check(2, server(), "-U", "nobody-here", "--password-file", secret("wrong"), says="auth: auth-failed",
                   labels=BEFORE_AUTH, without=["select"])

    def test_a_wrong_password_is_named_by_every_mechanism(self):
        for mechanism in ("LOGIN", "LOGIN-COMMAND", "CRAM-MD5", "SCRAM-SHA-1", "SCRAM-SHA-256"):
            with self.subTest(mechanism=mechanism):
                self.check(2, server(), "-U", "probe", "--password-file", secret("wrong"), "--auth", mechanism,
                           says="auth: auth-failed", without=["select"])

    def test_a_token_that_has_ended_is_named(self):
        for mechanism in ("XOAUTH2", "OAUTHBEARER"):
            with self.subTest(mechanism=mechanism):
                self.check(2, server(), "-U", "probe", "--oauth2-token-file", secret("probe.ended-token"), "--auth",
                           mechanism, says="auth: auth-failed", without=["select"])

    def test_external_is_refused_where_the_certificate_was_not_asked_for(self):
        self.check(2, server(), "-U", "imap.example.test", external(),
                   says=["auth: auth-failed", "AUTHENTICATIONFAILED"], labels=BEFORE_AUTH + ["auth"],
                   without=["select"])

    def test_external_is_refused_for_another_user_than_the_certificates(self):
        self.check(2, server("CLIENT_CERTIFICATE"), "-U", "probe", external(),
                   says=["auth: auth-failed", "AUTHENTICATIONFAILED"], labels=BEFORE_AUTH + ["auth"],
                   without=["select"])

    def test_too_many_connections_are_not_a_wrong_password(self):
        trust = ssl.create_default_context(cafile=ENV["LIVE_CA_FILE"])
        trust.check_hostname = False
        holder = imaplib.IMAP4_SSL(ENV["LIVE_ADDRESS_CROWDED"], int(ENV["LIVE_IMAPS_PORT"]), ssl_context=trust)
        with open(secret("crowded"), encoding="utf-8") as file:
            holder.login("crowded", file.read().rstrip("\n"))
        try:
            self.check(2, server("CROWDED"), login("crowded"), says=["auth: auth-unavailable", "LIMIT"],
                       labels=BEFORE_AUTH,
                       without=["select"])
        finally:
            holder.logout()

    def test_refuse_wants_a_refusal(self):
        self.check(0, server(), "-U", "probe", "--password-file", secret("wrong"), "--refuse")
        self.check(2, server(), login(), "--refuse", says=["auth: not-expected", "accepted"],
                   labels=BEFORE_AUTH + ["auth"])


class NetworkTest(LiveTest):
    def test_a_port_without_a_server_is_named(self):
        self.check(2, "-H", "127.0.0.1", "-p", free_port(), "--tls", "implicit", login(),
                   says=["CRITICAL - connect: ", "connection refused"], without=["tls", "greeting", "auth"])

    def test_a_port_without_a_server_is_not_a_refusal(self):
        self.check(2, "-H", "127.0.0.1", "-p", free_port(), "--tls", "implicit", login(), "--refuse",
                   says=["CRITICAL - connect: ", "connection refused"])

    def test_a_server_that_hangs_is_named_with_the_step(self):
        with socket.socket() as silent:
            silent.bind(("127.0.0.1", 0))
            silent.listen(1)
            run = self.check(2, "-H", "127.0.0.1", "-p", str(silent.getsockname()[1]), "--tls", "implicit", login(),
                             "-t", "1", says=["tls", "timeout"], labels=["connect"], without=["auth"])
            self.assertLess(run.seconds, 2.0, str(run))


class TlsTest(LiveTest):
    def test_an_expired_certificate_is_named(self):
        for tls in ("implicit", "starttls"):
            with self.subTest(tls=tls):
                self.check(2, server("EXPIRED", tls), login(), says="tls: expired", labels=["connect"],
                           without=["auth", "select"])

    def test_a_wrong_name_is_named(self):
        for tls in ("implicit", "starttls"):
            with self.subTest(tls=tls):
                self.check(2, server("WRONG_NAME", tls), login(), says=["tls: name-mismatch", "other.example.test"],
                           labels=["connect"], without=["auth", "select"])

    def test_a_self_signed_certificate_is_named(self):
        self.check(2, server("SELF_SIGNED"), login(), says="tls: self-signed", labels=["connect"], without=["auth"])

    def test_an_unknown_ca_is_named(self):
        without_ca = server()[:-2]
        self.check(2, without_ca, login(), "--ca-file", os.path.join(ENV["LIVE_CERTIFICATES"], "self-signed.pem"),
                   says="tls: ", labels=["connect"], without=["auth"])

    def test_the_hashed_directory_is_trusted_too(self):
        self.check(0, server()[:-2], login(), "--ca-path", ENV["LIVE_CA_PATH"])

    def test_insecure_logs_in_and_says_unverified(self):
        run = Run([*server("WRONG_NAME"), *login(), "--insecure"])
        self.assertIn("unverified", run.line, str(run))
        self.assertIn("auth", run.labels, str(run))

    def test_certificate_days_are_judged_without_ending_the_session(self):
        self.check(1, server("ENDING"), login(), "-D", "15,5", labels=["auth", "select", "cert_days"])
        self.check(2, server("ENDING"), login(), "-D", "20,15", labels=["auth", "select", "cert_days"])
        run = self.check(0, server("ENDING"), login(), "-D", "5,2", "-w", "chain_days=5:", labels=["cert_days"])
        self.assertAlmostEqual(run.values["cert_days"], 10, delta=0.1)
        self.assertEqual(run.values["chain_days"], run.values["cert_days"])


class CleartextTest(LiveTest):
    def test_no_password_goes_over_a_plain_connection(self):
        self.check(2, server(tls="none")[:-2], login(), "--auth", "PLAIN", says="auth: plaintext-auth-refused",
                   labels=["connect", "greeting"], without=["select"])

    def test_a_server_that_wants_tls_first_is_named(self):
        for mechanism, words in (("PLAIN", "no-mechanism, PLAIN: not offered"),
                                 ("LOGIN-COMMAND", "tls-required, log in is disabled before TLS (LOGINDISABLED)")):
            with self.subTest(mechanism=mechanism):
                self.check(2, server("CLEARTEXT_REFUSED", "none")[:-2], login(), "--allow-plaintext-auth", "--auth",
                           mechanism, says="auth: " + words, without=["select"])
        self.check(2, server("TLS_REQUIRED", "none")[:-2], login(), "--allow-plaintext-auth", says="auth: tls-required",
                   labels=["connect", "greeting"], without=["select"])

    def test_scram_works_on_a_plain_connection_when_allowed(self):
        self.check(0, server("CLEARTEXT_REFUSED", "none")[:-2], login(), "--allow-plaintext-auth", says="SCRAM-SHA-256")

    def test_refuse_plaintext_tells_the_policies_apart(self):
        self.check(0, server("TLS_REQUIRED", "starttls"), login(), "--refuse-plaintext", labels=["starttls", "auth"])
        self.check(0, server("TLS_REQUIRED", "starttls"), "--refuse-plaintext", "--stop-after", "capability")
        offered = self.check(2, server("CLEARTEXT_REFUSED", "starttls"), login(), "--refuse-plaintext",
                             says=["capability: not-expected", "AUTH=SCRAM-SHA-256"])
        self.assertNotIn("the LOGIN command", offered.line)
        self.check(2, server("GOOD", "starttls"), login(), "--refuse-plaintext",
                   says=["capability: not-expected", "AUTH=PLAIN", "the LOGIN command"])


class MailboxTest(LiveTest):
    def test_a_log_in_without_a_usable_mailbox_is_told_apart(self):
        self.check(2, server(), login("unusable"), says=["select: mailbox-unusable", "SERVERBUG"],
                   labels=BEFORE_AUTH + ["auth"])

    def test_a_mailbox_that_does_not_exist_is_named(self):
        self.check(2, server(), login(), "--mailbox", "Nowhere/Ünbekannt", says="select: mailbox-unusable",
                   labels=BEFORE_AUTH + ["auth"])


if __name__ == "__main__":
    unittest.main(verbosity=2)
