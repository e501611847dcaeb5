#!/usr/bin/env python3
"""IMAP servers that flood, drip, stall or break TLS cost check_imap_login little: see tests/support/hostile_server.py.

    hostile_server_test.py FOLDER_OF_PLUGINS [case ...]
"""
from __future__ import annotations

import base64
import os
import socket
import sys
import time
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parent.parent / "support"))
import hostile_server  # noqa: E402


class Talk(hostile_server.Talk):
    def until_login(self, capabilities: bytes = b"IMAP4rev1 SASL-IR AUTH=PLAIN") -> None:
        self.say(b"* OK [CAPABILITY " + capabilities + b"] ready\r\n")
        while True:
            tag = self.command()
            if b"CAPABILITY" not in self.line:
                return self.say(tag + b" OK [CAPABILITY IMAP4rev1 QUOTA] in\r\n")
            self.say(b"* CAPABILITY " + capabilities + b"\r\n" + tag + b" OK done\r\n")

    def until_select(self) -> bytes:
        """Returns the tag of EXAMINE, unanswered."""
        self.until_login()
        return self.command()

    def until_look(self) -> bytes:
        """Returns the tag of the first command after EXAMINE, unanswered."""
        tag = self.until_select()
        self.say(b"* 12 EXISTS\r\n" + tag + b" OK [READ-ONLY] done\r\n")
        return self.command()


SERVERS = hostile_server.HostileServers("check_imap_login", "IMAP", Talk)


# ---------------------------------------------------------------- floods

@SERVERS.case("greeting: protocol-error", "line longer than")
def noise_for_a_greeting(talk):
    talk.flood(bytes(range(14, 256)))


@SERVERS.case("greeting:", "")
def endless_waiting_greetings(talk):
    talk.flood(b"* OK Waiting for authentication process to respond..\r\n")


@SERVERS.case("capability: protocol-error", "line longer than")
def endless_capability_tokens(talk):
    talk.say(b"* OK ready\r\n")
    talk.command()
    talk.say(b"* CAPABILITY")
    talk.flood(b" X")


@SERVERS.case("capability: protocol-error", "bytes in one session")
def endless_capability_lines(talk):
    talk.say(b"* OK ready\r\n")
    talk.command()
    talk.flood(b"* CAPABILITY" + b" X" * 30000 + b"\r\n")


@SERVERS.case("select: protocol-error", "line longer than")
def noise_without_line_ends(talk):
    talk.until_select()
    talk.flood(b"\x00\xff noise \x7f {99")


@SERVERS.case("select: protocol-error", "responses in one session")
def tiny_untagged_lines(talk):
    talk.until_select()
    talk.flood(b"* X\r\n")


@SERVERS.case("select: protocol-error")
def empty_lines(talk):
    talk.until_select()
    talk.flood(b"\r\n")


@SERVERS.case("select: protocol-error", "response longer than")
def endless_literals_in_one_response(talk):
    talk.until_select()
    talk.say(b"* 1 FETCH (X {0}\r\n")
    talk.flood(b" {0}\r\n")


@SERVERS.case("select: protocol-error", "bytes in one session")
def endless_responses_with_literals(talk):
    talk.until_select()
    talk.flood(b"* 1 FETCH (BODY[] {500000}\r\n" + b"A5 OK\r\n" * 71428 + b"xxxx)\r\n")


@SERVERS.case("select: protocol-error", "literal of 18446744073709551")
def literal_as_large_as_can_be(talk):
    talk.until_select()
    talk.say(b"* 1 FETCH (BODY[] {18446744073709551615}\r\n")
    talk.flood(b"x")


@SERVERS.case("select: protocol-error", "bytes in one session")
def alerts(talk):
    talk.until_select()
    talk.flood(b"* OK [ALERT] " + b"very important " * 50 + b"\r\n")


@SERVERS.case("select: protocol-error", "bytes in one session", "-vvv")
def alerts_with_a_dialogue(talk):
    talk.until_select()
    talk.flood(b"* OK [ALERT] " + b"very important " * 50 + b"\r\n")


@SERVERS.case("select: protocol-error", "bytes in one session")
def referrals(talk):
    talk.until_select()
    talk.flood(b"* NO [REFERRAL imap://" + b"x" * 1000 + b"/] there\r\n")


@SERVERS.case("search: protocol-error", "line longer than", "--search ALL --fetch 1")
def a_million_hits_in_one_line(talk):
    talk.until_look()
    talk.say(b"* SEARCH")
    for start in range(1, 1000001, 1000):  # in pieces: the memory of this process counts in the plugin's at the start
        talk.say(b"".join(b" %d" % number for number in range(start, start + 1000)))
    talk.say(b"\r\n")
    talk.stay()


@SERVERS.case("search: protocol-error", "", "--search ALL --fetch 1")
def hits_in_many_lines(talk):
    talk.until_look()
    talk.flood(b"* SEARCH" + b" 1" * 500000 + b"\r\n")


@SERVERS.case("list: protocol-error", "", "--list Archive")
def mailboxes(talk):
    talk.until_look()
    talk.flood(b'* LIST () "/" "' + b"x" * 200 + b'"\r\n')


@SERVERS.case("fetch: protocol-error", "bytes in one session", "--fetch 100")
def messages(talk):
    talk.until_look()
    talk.flood(b'* 1 FETCH (UID 1 INTERNALDATE " 1-Nov-2026 10:00:00 +0000" BODY[HEADER.FIELDS (DATE)] {5000}\r\n'
               + b"x" * 5000 + b")\r\n")


@SERVERS.case("fetch: protocol-error", "", "--fetch 1")
def nesting(talk):
    talk.until_look()
    talk.say(b"* 1 FETCH (X " + b"(" * 60000 + b")" * 60000 + b")\r\n")
    talk.stay()


@SERVERS.case("quota: protocol-error", "", "--quota")
def quotas(talk):
    talk.until_look()
    talk.flood(b'* QUOTA "" (STORAGE 1 2 MESSAGE 1 2)\r\n')


@SERVERS.case("select: protocol-error", "responses in one session", secure=True)
def tiny_lines_in_tls(talk):
    talk.until_select()
    talk.flood(b"* X\r\n")


@SERVERS.case("auth:", "", "--auth CRAM-MD5")
def endless_challenges(talk):
    talk.say(b"* OK [CAPABILITY IMAP4rev1 AUTH=CRAM-MD5] ready\r\n")
    while b"AUTHENTICATE" not in talk.line:
        tag = talk.command()
        if b"CAPABILITY" in talk.line:
            talk.say(b"* CAPABILITY IMAP4rev1 AUTH=CRAM-MD5\r\n" + tag + b" OK\r\n")
    talk.flood(b"+ PDE+\r\n")


@SERVERS.case("auth:", "iteration", "--auth SCRAM-SHA-256")
def scram_with_too_many_iterations(talk):
    talk.say(b"* OK [CAPABILITY IMAP4rev1 SASL-IR AUTH=SCRAM-SHA-256] ready\r\n")
    while b"AUTHENTICATE" not in talk.line:
        tag = talk.command()
        if b"CAPABILITY" in talk.line:
            talk.say(b"* CAPABILITY IMAP4rev1 SASL-IR AUTH=SCRAM-SHA-256\r\n" + tag + b" OK\r\n")
    first = base64.b64decode(talk.line.split()[3]).decode()
    nonce = first.split("r=")[1]
    talk.say(b"+ " + base64.b64encode(f"r={nonce}x,s=QSXCR+Q6sek8bf92,i=2000000000".encode()) + b"\r\n")
    talk.command()  # "*"
    talk.say(b"A2 BAD cancelled\r\n")
    talk.stay()


# ---------------------------------------------------------------- stalls and broken connections

@SERVERS.case("greeting: timeout", "did not answer in time")
def a_drip_of_greeting(talk):
    talk.drip(b"* OK " + b"x" * 1000)


@SERVERS.case("select: timeout", "did not answer in time", secure=True)
def a_drip_in_tls(talk):
    talk.until_select()
    while True:
        talk.say(b"x")
        time.sleep(0.05)


@SERVERS.case("select: timeout", "did not answer in time")
def untagged_lines_now_and_then(talk):
    talk.until_select()
    while True:
        talk.say(b"* OK Still here\r\n")
        time.sleep(0.1)


@SERVERS.case("auth: timeout", "time", "--auth LOGIN-COMMAND", login=False, is_deaf=True)
def nothing_is_read(talk):
    talk.say(b"* OK [CAPABILITY IMAP4rev1 LITERAL+] ready\r\n")
    tag = talk.command()
    talk.say(b"* CAPABILITY IMAP4rev1 LITERAL+\r\n" + tag + b" OK done\r\n")
    time.sleep(hostile_server.SILENCE + 2)


@SERVERS.case("capability: connection-lost", "closed")
def half_closed_after_the_greeting(talk):
    talk.say(b"* OK ready\r\n")
    talk.connection.shutdown(socket.SHUT_WR)
    time.sleep(1)


@SERVERS.case("", "", state="OK")
def half_closed_after_logout(talk):
    tag = talk.until_look()
    talk.say(b"* BYE\r\n" + tag + b" OK\r\n")
    talk.connection.shutdown(socket.SHUT_WR)
    time.sleep(0.5)


@SERVERS.case("select: connection-lost", "closed the connection", secure=True)
def closed_in_tls_without_close_notify(talk):
    talk.until_select()
    os.close(talk.connection.detach())


@SERVERS.case("select:", "", secure=True)
def plain_text_inside_tls(talk):
    talk.until_select()
    os.write(talk.connection.fileno(), b"* OK this is not a TLS record at all, is it?\r\n" * 10)
    time.sleep(0.5)


@SERVERS.case("select:", "", secure=True)
def random_records_inside_tls(talk):
    talk.until_select()
    os.write(talk.connection.fileno(), b"\x17\x03\x03\x01\x00" + os.urandom(256))
    time.sleep(0.5)


@SERVERS.case("tls: plain-text-on-tls-port", "* OK", "--tls implicit")
def plain_text_for_a_handshake(talk):
    talk.flood(b"* OK noise\r\n")


@SERVERS.case("tls:", "", "--tls implicit")
def records_without_end_for_a_handshake(talk):
    talk.flood(b"\x16\x03\x03\x00\x04\x02\x00\x3f\xff" + b"\x16\x03\x03\x40\x00" + b"x" * 16384)


@SERVERS.case("tls:", "", "--tls implicit")
def warning_alerts_for_a_handshake(talk):
    talk.flood(b"\x15\x03\x03\x00\x02\x01\x5a")


@SERVERS.case("tls: timeout", "time", "--tls implicit")
def a_dripped_handshake(talk):
    talk.drip(b"\x16\x03\x03\x00\x7a\x02\x00\x00\x76" + b"\x03\x03" + b"x" * 500)


if __name__ == "__main__":
    sys.exit(SERVERS.main())
