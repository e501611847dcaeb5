#!/usr/bin/env python3
"""Sessions of check_smtp_submit with a real Postfix that send nothing: every step is timed in its order, and Postfix's
log shows that no message came of it."""

import unittest

from byte_relay import RELAY_ADDRESS, ByteRelay
from harness import doveadm, login
from smtp_harness import (MAIL, MESSAGE_LINES, SENDER, STRANGER, Log, SmtpTest, before_tls, count_messages, envelope, lmtp, queued,
                          server, to, unique)

ACCEPTED = "sender and recipient accepted, nothing sent"
ENVELOPE = ["mail", "rcpt", "rset", "quit", "total"]


def steps(run):
    """The labels of the times, in the order they were printed."""
    return [label for label in run.labels if label not in ("cert_days", "chain_days")]


class GoodSessionTest(SmtpTest):
    def test_a_submission_times_every_step_in_order(self):
        run = self.check(0, server(), login(), "--auth", "PLAIN", envelope(),
                         says=["mail.example.test: logged in as probe (PLAIN)", ACCEPTED])
        self.assertEqual(steps(run), ["connect", "greeting", "ehlo", "starttls", "tls", "auth", *ENVELOPE], str(run))
        self.assertLessEqual(sum(run.values[label] for label in steps(run)[:-1]), run.values["total"], str(run))
        self.assertGreater(run.values["cert_days"], 1000, str(run))

    def test_the_name_is_looked_up_first(self):
        arguments = server()
        arguments[1:4] = ["localhost", "-4"]
        run = self.check(0, arguments, login(), envelope(), says="localhost: logged in as probe")
        self.assertEqual(steps(run)[:2], ["dns", "connect"], str(run))

    def test_implicit_tls(self):
        run = self.check(0, server("SUBMISSIONS", "implicit"), login(), envelope(),
                         says=["logged in as probe", ACCEPTED])
        self.assertEqual(steps(run), ["connect", "tls", "greeting", "ehlo", "auth", *ENVELOPE], str(run))

    def test_all_mechanisms(self):
        for mechanism in ("PLAIN", "LOGIN", "CRAM-MD5", "SCRAM-SHA-1", "SCRAM-SHA-256"):
            with self.subTest(mechanism=mechanism):
                self.check(0, server(), login(), "--auth", mechanism, envelope(), says="as probe (%s)" % mechanism)

    def test_an_odd_password(self):
        for user in ("quoted", "umlaut"):
            with self.subTest(user=user):
                self.check(0, server(), login(user), envelope(), says="logged in as " + user)

    def test_mx_without_log_in(self):
        self.check(0, server("MX"), envelope(), says=["ready, not logged in", ACCEPTED], labels=ENVELOPE,
                   without=["auth"])
        self.check(0, server("MX"), envelope(sender="<>"), says=ACCEPTED)

    def test_several_recipients_each_have_an_answer(self):
        run = self.check(0, server("MX"), envelope(), "--to", to("parcels"), "-vv", says="recipient")
        self.assertEqual(run.out.count("rcpt: 250"), 2, str(run))

    def test_stop_after_ends_there(self):
        reached = ["connect", "greeting", "ehlo", "starttls", "tls", "auth", "mail", "rcpt"]
        for stage, last in (("connect", "connect"), ("greeting", "greeting"), ("ehlo", "ehlo"), ("tls", "tls"),
                            ("auth", "auth"), ("mail", "mail"), ("rcpt", "rcpt")):
            with self.subTest(stage=stage):
                address = before_tls() if stage in ("connect", "greeting", "ehlo") else server()
                run = self.check(0, address, login(), envelope(), "--stop-after", stage)
                seen = [label for label in steps(run) if label not in ("quit", "total")]
                self.assertEqual(seen, reached[:reached.index(last) + 1], str(run))

    def test_stop_after_inside_implicit_tls(self):
        for stage, last in (("greeting", ["tls", "greeting"]), ("ehlo", ["tls", "greeting", "ehlo"])):
            with self.subTest(stage=stage):
                run = self.check(0, server("SUBMISSIONS", "implicit"), "--stop-after", stage)
                self.assertEqual(steps(run), ["connect", *last, "quit", "total"], str(run))

    def test_lmtp_over_tcp_and_a_unix_socket(self):
        for over in ("tcp", "unix"):
            with self.subTest(over=over):
                run = self.check(0, lmtp(over), envelope(), says=ACCEPTED)
                self.assertEqual(steps(run), ["connect", "greeting", "ehlo", *ENVELOPE], str(run))
                self.check(2, lmtp(over), envelope(to("nobody")), says=["rcpt: unknown-recipient", "550 5.1.1"])


class OnTheWireTest(SmtpTest):
    def test_the_hello_name_arrives(self):
        log, name = Log(), unique() + ".example"
        self.check(2, server("MX"), envelope(to("nobody")), "--helo", name, says="unknown-recipient")
        log.wait_for(r"helo=<%s>" % name)

    def test_an_address_in_utf8(self):
        self.check(0, server("MX"), envelope(to("größe"), "grüße@elsewhere.example"), says=ACCEPTED)
        self.check(2, server("MX"), envelope(to("unbekannte-größe")), says=["rcpt: unknown-recipient", "550 5.1.1"])
        self.check(3, lmtp(), envelope(to("größe")), says="SMTPUTF8", without=["mail"])

    def test_pipelining_sends_the_envelope_at_once(self):
        for options, is_at_once in (([], False), (["--pipelining"], True)):
            with self.subTest(options=options), ByteRelay(int(MAIL["MAIL_PORT_MX"])) as relay:
                arguments = server("MX", "none")
                arguments[arguments.index("-p") + 1] = str(relay.port)
                self.check(0, arguments, envelope(), options, says=ACCEPTED, labels=ENVELOPE)
                both = [piece for piece in relay.pieces if b"MAIL FROM" in piece and b"RCPT TO" in piece]
                self.assertEqual(len(both), int(is_at_once), relay.pieces)

    def test_pipelining_finds_the_same(self):
        self.check(2, server("MX"), envelope(to("nobody")), "--pipelining",
                   says=["rcpt: unknown-recipient", "[nobody@example.test]", "550 5.1.1"])
        self.check(0, server(), login(), envelope(), "--pipelining", says=ACCEPTED)

    def test_the_proxy_header_names_the_client(self):
        for version in ("1", "2"):
            with self.subTest(version=version), ByteRelay(int(MAIL["MAIL_PORT_PROXY"])) as relay:
                log, arguments = Log(), server("PROXY")
                arguments[arguments.index("-p") + 1] = str(relay.port)
                self.check(0, arguments, envelope(), "--proxy-protocol", version, says=ACCEPTED)
                text = log.wait_for("disconnect from ")
                # the connection comes from the relay; 127.0.0.1 and the port are from the header
                self.assertIn("connect from localhost[127.0.0.1]:%d" % relay.client_port, text)
                self.assertNotIn(RELAY_ADDRESS, text)

    def test_a_server_that_gets_no_proxy_header_ends_the_session(self):
        self.check(1, server("PROXY"), envelope(), says=["greeting: service-closing", "421 4.3.0"], without=["ehlo"])


class NothingIsSentTest(SmtpTest):
    def test_no_message_comes_of_a_session_without_send(self):
        log, before = Log(), count_messages()
        sessions = [
            (0, [server(), login(), envelope()]), (0, [server(), login(), envelope(), "--pipelining"]),
            (0, [server(), login(), envelope(), "--stop-after", "rcpt"]),
            (0, [server(), login(), envelope(STRANGER)]), (0, [server("MX"), envelope()]),
            (0, [server("MX"), envelope(STRANGER), "--open-relay-test"]), (2, [server("MX"), envelope(to("nobody"))]),
        ]
        for code, arguments in sessions:
            self.check(code, *arguments)
        text = log.wait_for("disconnect from ", len(sessions))
        self.assertEqual(text.count(": client="), 5, "recipients that were accepted\n" + text)
        self.assertIsNone(MESSAGE_LINES.search(text), text)
        self.assertNotIn(" data=", text)
        self.assertEqual(queued(), [])
        self.assertEqual(count_messages(), before)

    def test_lmtp_stores_nothing(self):
        before = doveadm("mailbox", "status", "-u", "letters", "all", "INBOX")
        self.check(0, lmtp(), envelope(sender=SENDER))
        self.check(0, lmtp("unix"), envelope(), "--pipelining")
        self.assertEqual(doveadm("mailbox", "status", "-u", "letters", "all", "INBOX"), before)


if __name__ == "__main__":
    unittest.main(verbosity=2)
