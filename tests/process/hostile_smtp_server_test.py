#!/usr/bin/env python3
"""SMTP servers that flood, drip or stall cost check_smtp_submit little: see tests/support/hostile_server.py.

What the rooms below the protocol do with broken TLS and connections is tested by hostile_server_test.py.

    hostile_smtp_server_test.py FOLDER_OF_PLUGINS [case ...]
"""
from __future__ import annotations

import sys
import time
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parent.parent / "support"))
import hostile_server  # noqa: E402

ENVELOPE = "--from sender@example.org --to recipient@example.test"


class Talk(hostile_server.Talk):
    def until_ehlo(self) -> None:
        """EHLO is said and unanswered."""
        self.say(b"220 mail.example.test ESMTP\r\n")
        self.command()

    def until_mail(self, mechanisms: bytes = b"PLAIN") -> None:
        """Logged in, MAIL is said and unanswered."""
        self.until_ehlo()
        self.say(b"250-mail.example.test\r\n250 AUTH " + mechanisms + b"\r\n")
        self.command()
        self.say(b"235 2.7.0 in\r\n")
        self.command()

    def until_data(self) -> None:
        """DATA is said and unanswered."""
        self.until_mail()
        while self.line[:4] != b"DATA":
            self.say(b"250 2.0.0 ok\r\n")
            self.command()


SERVERS = hostile_server.HostileServers("check_smtp_submit", "SMTP", Talk)


# ---------------------------------------------------------------- floods

@SERVERS.case("greeting: ", "reply longer than")
def endless_greeting_lines(talk):
    talk.flood(b"220-mail.example.test, please wait\r\n")


@SERVERS.case("ehlo: protocol-error", "reply longer than")
def endless_ehlo_lines(talk):
    talk.until_ehlo()
    talk.flood(b"250-X-EXTENSION " + b"word " * 20 + b"\r\n")


@SERVERS.case("mail: protocol-error", "line longer than", ENVELOPE)
def a_reply_without_a_line_end(talk):
    talk.until_mail()
    talk.say(b"250 ")
    talk.flood(b"and so on ")


@SERVERS.case("mail: protocol-error", "reply longer than", ENVELOPE, secure=True)
def tiny_lines_in_tls(talk):
    talk.until_mail()
    talk.flood(b"250-\r\n")


@SERVERS.case("mail: protocol-error", "reply longer than", ENVELOPE + " -vvv")
def long_lines_with_a_dialogue(talk):
    talk.until_mail()
    talk.flood(b"250-" + b"very important " * 500 + b"\r\n")


@SERVERS.case("mail: protocol-error", "without a code", ENVELOPE)
def empty_lines(talk):
    talk.until_mail()
    talk.flood(b"\r\n")


@SERVERS.case("mail: protocol-error", "line longer than", ENVELOPE)
def nuls(talk):
    talk.until_mail()
    talk.say(b"250 ")
    talk.flood(b"\0")


@SERVERS.case("auth: protocol-error", "", "--auth CRAM-MD5")
def endless_challenges(talk):
    talk.until_ehlo()
    talk.say(b"250-mail.example.test\r\n250 AUTH CRAM-MD5\r\n")
    talk.command()
    talk.flood(b"334 PDE+\r\n")


@SERVERS.case("", "", ENVELOPE, state="OK")
def a_flood_instead_of_good_bye(talk):
    talk.until_mail()
    while talk.line[:4] != b"QUIT":
        talk.say(b"250 2.0.0 ok\r\n")
        talk.command()
    talk.flood(b"221-good bye\r\n")


# ---------------------------------------------------------------- stalls

@SERVERS.case("greeting: timeout", "did not answer in time")
def greeting_lines_now_and_then(talk):
    while True:
        talk.say(b"220-please wait\r\n")
        time.sleep(0.1)


@SERVERS.case("rcpt: timeout", "did not answer in time", ENVELOPE, secure=True)
def a_drip_in_tls(talk):
    talk.until_mail()
    talk.say(b"250 2.1.0 ok\r\n")
    talk.command()
    talk.drip(b"250 " + b"x" * 1000)


@SERVERS.case("tls: timeout", "time", "--tls starttls")
def a_dripped_handshake(talk):
    talk.until_ehlo()
    talk.say(b"250-mail.example.test\r\n250 STARTTLS\r\n")
    talk.command()
    talk.say(b"220 2.0.0 go\r\n")
    talk.connection.recv(65536)  # what comes sooner is no handshake but injected
    talk.drip(b"\x16\x03\x03\x00\x7a\x02\x00\x00\x76" + b"\x03\x03" + b"x" * 500)


@SERVERS.case("body: timeout", "time", ENVELOPE + " --send --body-file {large}", is_deaf=True)
def the_message_is_not_read(talk):
    talk.until_data()
    talk.say(b"354 go ahead\r\n")
    time.sleep(hostile_server.SILENCE + 2)


if __name__ == "__main__":
    sys.exit(SERVERS.main())
