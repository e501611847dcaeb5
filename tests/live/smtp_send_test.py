#!/usr/bin/env python3
"""--send through a real Postfix: the message arrives in the Dovecot mailbox once, and says what was given."""

import os
import tempfile
import unittest

from harness import login
from smtp_harness import MAIL, SENDER, Log, SmtpTest, envelope, lmtp, queued, received, server, to, unique

BODY = "Grüße von der Probe.\n.\n.. zwei Punkte\n.ein Punkt\n%s\nletzte Zeile\n" % ("lang " * 250)
SEND_LABELS = ["mail", "rcpt", "body", "data", "quit", "total"]


class SendTest(SmtpTest):
    def setUp(self):
        with tempfile.NamedTemporaryFile("w", suffix=".txt", delete=False, encoding="utf-8") as file:
            file.write(BODY)
        self.body = file.name
        self.addCleanup(os.unlink, self.body)
        self.subject = "Prüfung | 100 % " + unique()

    def message(self):
        return ["--send", "--subject", self.subject, "--header", "X-Probe: größer als ä", "--body-file", self.body]

    def arrived(self, user="letters"):
        """The one message of this test in the mailbox."""
        messages = received(self.subject.split()[-1], user)
        self.assertEqual(len(messages), 1, "messages that arrived")
        return messages[0]

    def check_content(self, message):
        self.assertEqual(message["Subject"], self.subject)
        self.assertEqual(message["X-Probe"], "größer als ä")
        self.assertEqual(message.get_content().replace("\r\n", "\n"), BODY)
        self.assertEqual(message["From"].addresses[0].addr_spec, SENDER)
        self.assertEqual(message["To"].addresses[0].addr_spec, to())
        self.assertEqual(message["Auto-Submitted"], "auto-generated")

    def check_log(self, log, deliveries=1):
        text = log.wait_for(r": removed$")
        self.assertEqual(text.count("status=sent"), deliveries, text)
        self.assertEqual(text.count("status="), deliveries, text)
        self.assertEqual(text.count("(queue active)"), 1, text)
        self.assertEqual(queued(), [])

    def test_a_submission_arrives_once_as_given(self):
        log = Log()
        run = self.check(0, server(), login(), envelope(), self.message(), "-vv",
                         says=["logged in as probe", "message accepted: 250 2.0.0"], labels=SEND_LABELS,
                         without=["rset"])
        self.check_log(log)
        message = self.arrived()
        self.check_content(message)
        self.assertIn(message["Message-ID"].strip("<>"), run.out)
        self.assertEqual(message["Return-Path"], "<%s>" % SENDER)

    def test_implicit_tls_and_pipelining(self):
        log = Log()
        self.check(0, server("SUBMISSIONS", "implicit"), login(), envelope(), self.message(), "--pipelining",
                   labels=SEND_LABELS)
        self.check_log(log)
        self.check_content(self.arrived())

    def test_to_an_mx_from_the_null_sender(self):
        log = Log()
        self.check(0, server("MX"), envelope(sender="<>"), self.message(), labels=SEND_LABELS, without=["auth"])
        self.check_log(log)
        self.assertEqual(self.arrived()["Return-Path"], "<>")

    def test_two_recipients_get_one_each(self):
        log = Log()
        self.check(0, server(), login(), envelope(), "--to", to("parcels"), self.message())
        self.check_log(log, deliveries=2)
        self.check_content(self.arrived())
        self.check_content(self.arrived("parcels"))

    def test_lmtp_delivers_itself(self):
        for over in ("tcp", "unix"):
            with self.subTest(over=over):
                self.subject = "Prüfung " + unique()
                self.check(0, lmtp(over), envelope(), self.message(), says="message accepted: 250 2.0.0",
                           labels=["rcpt", "body", "data"])
                self.check_content(self.arrived())

    def test_lmtp_answers_for_each_recipient(self):
        """The mailbox of "tight" is full: one recipient gets the message, the other's answer is the result."""
        self.check(2, lmtp(), envelope(), "--to", to("tight"), "--send", "--subject", self.subject, "--body-file",
                   self.large_body(), says=["mailbox-full", "[tight@example.test]"])
        self.assertEqual(len(received(self.subject.split()[-1])), 1)
        self.assertEqual(len(received(self.subject.split()[-1], "tight")), 0)

    def large_body(self):
        with open(self.body, "w", encoding="utf-8") as file:
            file.write("more than is left in the mailbox\n" * 1000)
        return self.body

    def test_an_address_in_utf8_is_taken(self):
        """Postfix takes it; Dovecot's LMTP does not know SMTPUTF8, so that Postfix itself must give up later."""
        log = Log()
        self.check(0, server("MX"), envelope(to("größe"), "<>"), self.message(), says="message accepted")
        log.wait_for(r"to=<größe@%s>.*status=bounced" % MAIL["MAIL_DOMAIN"])
        log.wait_for(r": removed$")

    def test_nothing_is_sent_when_a_recipient_is_refused(self):
        log = Log()
        self.check(2, server(), login(), envelope(), "--to", to("nobody"), self.message(), says="unknown-recipient",
                   without=["body", "data"])
        self.assertNotIn("status=", log.wait_for("disconnect from "))
        self.assertEqual(received(self.subject.split()[-1]), [])


if __name__ == "__main__":
    unittest.main(verbosity=2)
