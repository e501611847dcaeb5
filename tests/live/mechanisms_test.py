#!/usr/bin/env python3
"""Every SASL mechanism that Dovecot offers logs in, over implicit TLS and STARTTLS, and Dovecot's own log says so.
Dovecot 2.3 offers no -PLUS mechanism; those are tested against vectors and the script peer."""

import imaplib
import os
import ssl
import time
import unittest

from harness import ENV, LiveTest, login, secret, server

STEPS = ["connect", "tls", "greeting", "auth", "select", "logout", "total"]
TOKEN_MECHANISMS = ["XOAUTH2", "OAUTHBEARER"]
PASSWORD_MECHANISMS = ["PLAIN", "LOGIN", "CRAM-MD5", "SCRAM-SHA-1", "SCRAM-SHA-256"]


class MechanismsTest(LiveTest):
    def setUp(self):
        self.log_begins = os.path.getsize(ENV["LIVE_LOG"])

    def check_method(self, user, method):
        """Dovecot's log, from the begin of this test on, holds a log in of `user` by `method`."""
        wanted = "Login: user=<%s>, method=%s," % (user, method)
        for _ in range(100):
            with open(ENV["LIVE_LOG"], encoding="utf-8", errors="replace") as file:
                file.seek(self.log_begins)
                text = file.read()
            if wanted in text:
                return
            time.sleep(0.02)
        self.fail("Dovecot's log does not say %r, but:\n%s" % (wanted, text))

    def test_all_that_dovecot_offers_is_tested_here(self):
        trust = ssl.create_default_context(cafile=ENV["LIVE_CA_FILE"])
        trust.check_hostname = False
        client = imaplib.IMAP4_SSL(ENV["LIVE_ADDRESS_GOOD"], int(ENV["LIVE_IMAPS_PORT"]), ssl_context=trust)
        offered = {name[5:] for name in client.capabilities if name.startswith("AUTH=")}
        client.logout()
        self.assertEqual(offered, set(PASSWORD_MECHANISMS + TOKEN_MECHANISMS + ["EXTERNAL"]))

    def test_each_password_mechanism_logs_in(self):
        for tls in ("implicit", "starttls"):
            for mechanism in PASSWORD_MECHANISMS:
                with self.subTest(mechanism=mechanism, tls=tls):
                    self.setUp()
                    labels = STEPS + (["starttls"] if tls == "starttls" else [])
                    self.check(0, server(tls=tls), login(), "--auth", mechanism, says=["logged in as probe", mechanism],
                               labels=labels)
                    self.check_method("probe", mechanism)

    def test_names_of_mechanisms_are_case_blind(self):
        self.check(0, server(), login(), "--auth", "scram-sha-256")
        self.check_method("probe", "SCRAM-SHA-256")

    def test_the_login_command_logs_in(self):
        self.check(0, server(), login(), "--auth", "LOGIN-COMMAND", labels=STEPS)
        self.check_method("probe", "PLAIN")  # so Dovecot calls the command in its log

    def test_plain_is_chosen_inside_tls(self):
        self.check(0, server(), login(), says="PLAIN")
        self.check_method("probe", "PLAIN")

    def test_the_strongest_is_chosen_on_request(self):
        self.check(0, server(), login(), "--auth", "strongest", says="SCRAM-SHA-256")
        self.check_method("probe", "SCRAM-SHA-256")

    def test_tokens_log_in(self):
        for mechanism in TOKEN_MECHANISMS:
            with self.subTest(mechanism=mechanism):
                self.setUp()
                self.check(0, server(), "-U", "probe", "--oauth2-token-file", secret("probe.token"), "--auth",
                           mechanism,
                           says=mechanism, labels=STEPS)
                self.check_method("probe", mechanism)

    def test_a_token_from_the_environment_logs_in(self):
        with open(secret("probe.token"), encoding="ascii") as file:
            token = file.read().strip()
        self.check(0, server(), "-U", "probe", "--oauth2-token-env", "LIVE_TOKEN", "--auth", "XOAUTH2",
                   extra_environment={"LIVE_TOKEN": token})

    def test_a_client_certificate_logs_in_as_external(self):
        certificates = ENV["LIVE_CERTIFICATES"]
        self.check(0, server("CLIENT_CERTIFICATE"), "-U", "imap.example.test", "--auth", "EXTERNAL", "--client-cert",
                   os.path.join(certificates, "client.pem"), "--client-key", os.path.join(certificates, "client.key"),
                   says="EXTERNAL", labels=STEPS)
        self.check_method("imap.example.test", "EXTERNAL")

    def test_odd_passwords_log_in_by_every_way(self):
        for user in ("quoted", "umlaut"):
            for mechanism in PASSWORD_MECHANISMS + ["LOGIN-COMMAND"]:
                with self.subTest(user=user, mechanism=mechanism):
                    self.setUp()
                    self.check(0, server(), login(user), "--auth", mechanism, says="logged in as " + user)
                    self.check_method(user, "PLAIN" if mechanism == "LOGIN-COMMAND" else mechanism)

    def test_every_mechanism_that_needs_no_tls_logs_in_without_it(self):
        for mechanism in PASSWORD_MECHANISMS + ["LOGIN-COMMAND"]:
            with self.subTest(mechanism=mechanism):
                self.setUp()
                self.check(0, server(tls="none")[:-2], login(), "--allow-plaintext-auth", "--auth", mechanism,
                           labels=["connect", "greeting", "auth", "select"], without=["tls", "starttls", "cert_days"])
                self.check_method("probe", "PLAIN" if mechanism == "LOGIN-COMMAND" else mechanism)

    def test_a_password_comes_from_file_environment_descriptor_or_option(self):
        with open(secret("probe"), encoding="utf-8") as file:
            password = file.read().rstrip("\n")
        self.check(0, server(), "-U", "probe", "-P", password)
        self.check(0, server(), "-U", "probe", "--password-env", "LIVE_PASSWORD",
                   extra_environment={"LIVE_PASSWORD": password})
        reader, writer = os.pipe()
        os.write(writer, password.encode() + b"\n")
        os.close(writer)
        self.check(0, server(), "-U", "probe", "--password-fd", str(reader), pass_fds=(reader,))
        os.close(reader)

    def test_a_mechanism_that_is_not_offered_is_not_tried(self):
        run = self.check(2, server(), login(), "--auth", "SCRAM-SHA-256-PLUS", says=["auth", "SCRAM-SHA-256-PLUS"],
                         labels=["connect", "tls", "greeting"], without=["select"])
        self.assertNotIn("logged in", run.line)


if __name__ == "__main__":
    unittest.main(verbosity=2)
