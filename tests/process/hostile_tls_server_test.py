#!/usr/bin/env python3
"""Mail servers that flood, drip, stall, break TLS or show certificates without measure cost check_mail_tls little: see
tests/support/hostile_server.py.

    hostile_tls_server_test.py FOLDER_OF_PLUGINS [case ...]
"""
from __future__ import annotations

import os
import re
import ssl
import sys
import time
from pathlib import Path
from types import SimpleNamespace

HERE = Path(__file__).resolve().parent
sys.path[:0] = [str(HERE.parent / "support"), str(HERE.parent / "workshop")]
import certificates as test_ca  # noqa: E402
import hostile_server  # noqa: E402
from ocsp_responses import BASIC, der  # noqa: E402
from tls_server import CERTIFICATE, StaplingServer  # noqa: E402

PROTOCOLS = ("smtp", "lmtp", "imap", "pop3", "sieve")
ASKED_INSIDE = PROTOCOLS[:-1]  # for capabilities; Sieve's good-bye is all that proves that the session lives
EHLO = b"250-mail.example.test\r\n250 STARTTLS\r\n"
MOUNTAIN = 300 * 1024


class Talk(hostile_server.Talk):
    """What a server says; "{tag}" is that of the command."""
    protocol = ""
    folder = None

    def answer(self, text: bytes) -> None:
        """To the next command."""
        tag = self.command()
        self.say(text.replace(b"{tag}", tag))

    def greet(self) -> None:
        self.say({"smtp": b"220 mail.example.test ESMTP\r\n", "lmtp": b"220 mail.example.test LMTP\r\n", "imap": b"* OK ready\r\n",
                  "pop3": b"+OK ready\r\n", "sieve": b'"STARTTLS"\r\nOK "ready"\r\n'}[self.protocol])

    def tell_capabilities(self) -> None:
        if self.protocol != "sieve":
            self.answer({"smtp": EHLO, "lmtp": EHLO, "imap": b"* CAPABILITY IMAP4rev1 STARTTLS\r\n{tag} OK done\r\n",
                         "pop3": b"+OK\r\nSTLS\r\n.\r\n"}[self.protocol])

    def offer(self) -> None:
        """Greets and offers STARTTLS; the command for it is next."""
        self.greet()
        self.tell_capabilities()

    def go_ahead(self) -> None:
        self.offer()
        self.answer({"smtp": b"220 2.0.0 go\r\n", "lmtp": b"220 2.0.0 go\r\n", "imap": b"{tag} OK go\r\n", "pop3": b"+OK go\r\n",
                     "sieve": b'OK "go"\r\n'}[self.protocol])

    def hear_hello(self) -> None:
        """The client's first flight, after the go-ahead: what comes sooner is no handshake but injected."""
        self.go_ahead()
        if not self.connection.recv(65536):
            raise ConnectionError

    def secure(self, certificate: str = "good", version=None) -> None:
        """The handshake, after the go-ahead."""
        self.go_ahead()
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        context.set_ciphers("DEFAULT:@SECLEVEL=0")  # whatever key there is in the chain
        context.load_cert_chain(self.folder / "ca" / f"{certificate}.pem")
        if version:
            context.maximum_version = version
        self.connection = context.wrap_socket(self.connection, server_side=True)
        self.unread = b""

    def resume(self) -> None:
        """What comes first inside TLS; the good-bye is next."""
        if self.protocol == "sieve":
            self.greet()  # unasked (RFC 5804 section 2.2)
        self.tell_capabilities()

    def say_good_bye(self) -> None:
        self.resume()
        self.answer({"smtp": b"221 2.0.0 bye\r\n", "lmtp": b"221 2.0.0 bye\r\n", "imap": b"* BYE out\r\n{tag} OK\r\n",
                     "pop3": b"+OK bye\r\n", "sieve": b'OK "bye"\r\n'}[self.protocol])

    def show(self, certificate: str, version=None) -> None:
        """A whole session with that certificate."""
        self.secure(certificate, version)
        self.say_good_bye()

    def staple(self, response: str, version: str) -> None:
        """A whole session with that OCSP response."""
        self.go_ahead()
        server = StaplingServer(self.connection, SimpleNamespace(certificate="good", staple=response, tls=version),
                                self.folder / "ca")
        try:
            self.connection, self.unread = server.inside, b""
            self.say_good_bye()
            self.stay()
        finally:
            server.end()


class TlsServers(hostile_server.HostileServers):
    workers = 6  # most of them wait
    own_memory = 32 * 1024  # it speaks TLS, with several clients at once
    more_certificates = HERE / "hostile_certificates.sh"

    def in_all(self, step: str, finding: str = "", options: str = "", state: str = "CRITICAL", protocols=PROTOCOLS):
        """Registers a server in each of these protocols; "{protocol}" in `step` is its name."""
        def register(serve):
            for protocol in protocols:
                def serve_in(connection_talk, name=protocol):
                    connection_talk.protocol = name
                    serve(connection_talk)
                serve_in.__name__ = f"{serve.__name__}_{protocol}"
                self.case(step.replace("{protocol}", protocol), finding, f"--protocol {protocol} {options}", state=state)(serve_in)
            return serve
        return register

    def command(self, case, port: int, folder: Path, output: str) -> list:
        return [self.plugin, "-H", test_ca.HOST, "--address", "127.0.0.1", "-p", str(port), "-t", str(case.patience),
                "--ca-file", str(folder / "ca" / "ca.pem"), "--output", output, *case.options]

    def tidy(self, line: str) -> str:
        return re.sub(r" (smtp|lmtp|imap|pop3|sieve) [0-9]+([:,]) ", r" \1\2 ", line)

    def prepare(self, folder: Path) -> None:
        Talk.folder = folder
        ca = folder / "ca"
        good = CERTIFICATE.findall((ca / "good.pem").read_text())
        others = [block for file in sorted(ca.glob("*.pem")) for block in CERTIFICATE.findall(file.read_text()) if len(block) < 4000]
        chain = good + others * (100 // len(others) + 1)
        (ca / "hundred.pem").write_text("".join(chain[:100]) + (ca / "good.key").read_text())
        mountain = good + others * (2 * MOUNTAIN // len("".join(others)) + 1)  # PEM is larger than what is sent
        (ca / "mountain.pem").write_text("".join(mountain) + (ca / "good.key").read_text())
        # Well formed, and nearly all that fits: an OCSP response whose content is noise.
        content = der(0x04, b"\x00noise" * 10000)
        (ca / "huge.ocsp").write_bytes(der(0x30, b"\x0a\x01\x00", der(0xa0, der(0x30, BASIC, content))))


SERVERS = TlsServers("check_mail_tls", "MAIL TLS", Talk)


# ---------------------------------------------------------------- floods in plain text

@SERVERS.in_all("{protocol}:", " than ", protocols=("smtp", "lmtp", "imap", "sieve"))
def endless_greeting(talk):
    talk.flood({"imap": b"* OK please wait\r\n", "sieve": b'"NOTE" "please wait"\r\n'}.get(talk.protocol, b"220-please wait\r\n"))


@SERVERS.in_all("{protocol}: capability: protocol-error", protocols=("pop3",))
def greetings_without_end(talk):
    talk.flood(b"+OK please wait\r\n")


@SERVERS.in_all("{protocol}:", "protocol-error")
def millions_of_tiny_lines(talk):
    talk.greet()
    tiny = {"smtp": b"250-\r\n", "lmtp": b"250-\r\n", "imap": b"* X\r\n", "pop3": b"X\r\n", "sieve": b'""\r\n'}[talk.protocol]
    if talk.protocol != "sieve":
        talk.answer(b"+OK\r\n" if talk.protocol == "pop3" else tiny)
    talk.flood(tiny, 3_000_000 * len(tiny))


@SERVERS.in_all("{protocol}: greeting:", "line longer than")
def nuls_for_a_greeting(talk):
    talk.say({"imap": b"* OK ", "pop3": b"+OK ", "sieve": b'"'}.get(talk.protocol, b"220 "))
    talk.flood(b"\0")


@SERVERS.in_all("{protocol}:", "protocol-error")
def a_huge_line(talk):
    talk.offer()
    tag = talk.command()
    talk.say({"imap": tag + b" OK ", "pop3": b"+OK ", "sieve": b'OK "'}.get(talk.protocol, b"220 "))
    talk.flood(b"go on and ")


@SERVERS.in_all("{protocol}: greeting: ", " longer than", "-vvv", protocols=("smtp", "sieve"))
def long_lines_with_a_dialogue(talk):
    line = {"smtp": b"220-" + b"very important " * 60, "sieve": b'"NOTE" "' + b"very important " * 60 + b'"'}[talk.protocol]
    talk.flood(line + b"\r\n")


@SERVERS.in_all("{protocol}: greeting: ", " longer than", protocols=("sieve",))
def a_literal_as_large_as_can_be(talk):
    talk.say(b'"NOTE" {18446744073709551615}\r\n')
    talk.flood(b"x")


# ---------------------------------------------------------------- stalls

@SERVERS.in_all("{protocol}: greeting: timeout", "did not answer in time")
def a_slow_drip(talk):
    talk.drip({"imap": b"* OK ", "pop3": b"+OK ", "sieve": b'"'}.get(talk.protocol, b"220 ") + b"x" * 1000)


@SERVERS.in_all("{protocol}: tls: timeout", "time")
def half_a_record(talk):
    talk.hear_hello()
    talk.say(b"\x16\x03\x03\x00\x7a\x02\x00\x00\x76\x03\x03" + b"x" * 20)
    time.sleep(hostile_server.SILENCE + 1)


@SERVERS.in_all("{protocol}: tls: timeout", "time", protocols=("smtp",))
def a_dripped_handshake(talk):
    talk.hear_hello()
    talk.drip(b"\x16\x03\x03\x00\x7a\x02\x00\x00\x76\x03\x03" + b"x" * 500)


@SERVERS.in_all("mail.example.test 127.0.0.1 {protocol}, rsa: greeting: timeout", "time", "--old-protocols --both-key-types",
                protocols=("imap",))
def silence_for_every_connection(talk):
    time.sleep(hostile_server.SILENCE)


# ---------------------------------------------------------------- broken TLS

@SERVERS.in_all("{protocol}: tls-handshake")
def noise_for_a_handshake(talk):
    talk.hear_hello()
    talk.flood(b"\x16\x03\x03\x40\x00" + b"noise" * 3276 + b"xxxx", 4 * 1024 * 1024)


@SERVERS.in_all("{protocol}: tls-handshake", "", protocols=("pop3",))
def alerts_for_a_handshake(talk):
    talk.hear_hello()
    talk.flood(b"\x15\x03\x03\x00\x02\x01\x5a", 4 * 1024 * 1024)


@SERVERS.in_all("{protocol}: tls: starttls-injected", "plain text")
def plain_text_for_a_handshake(talk):
    talk.hear_hello()
    talk.flood(b"* OK noise | x=1\r\n")


@SERVERS.in_all("{protocol}: ", "protocol-error")
def garbage_after_the_handshake(talk):
    talk.secure()
    os.write(talk.connection.fileno(), b"this is no TLS record at all, is it?\r\n" * 1000)
    time.sleep(0.3)


@SERVERS.in_all("{protocol}: ", "protocol-error")
def a_flood_after_the_handshake(talk):
    talk.secure()
    talk.flood(b"please stay\r\n")


@SERVERS.in_all("{protocol}: ", "connection-lost")
def gone_after_the_handshake(talk):
    talk.secure()
    os.close(talk.connection.detach())


@SERVERS.in_all("{protocol}: logout: ", protocols=("sieve",))
@SERVERS.in_all("mail.example.test, {protocol}: TLSv1.3, trusted", state="OK", protocols=ASKED_INSIDE)
def garbage_for_a_good_bye(talk):
    talk.secure()
    talk.resume()
    talk.command()
    os.write(talk.connection.fileno(), b"this is no TLS record at all, is it?\r\n" * 1000)
    time.sleep(0.3)


@SERVERS.in_all("{protocol}: logout: ", protocols=("sieve",))
@SERVERS.in_all("mail.example.test, {protocol}: TLSv1.3, trusted", state="OK", protocols=ASKED_INSIDE)
def a_flood_for_a_good_bye(talk):
    talk.secure()
    talk.resume()
    talk.command()
    talk.flood(b"please stay\r\n")


@SERVERS.in_all("{protocol}: logout: ", protocols=("sieve",))
@SERVERS.in_all("mail.example.test, {protocol}: TLSv1.3, trusted", state="OK", protocols=ASKED_INSIDE)
def gone_for_a_good_bye(talk):
    talk.secure()
    talk.resume()
    talk.command()
    os.close(talk.connection.detach())


# ---------------------------------------------------------------- certificates without measure

@SERVERS.in_all("{protocol}: tls-handshake", protocols=("smtp", "imap"))
def a_mountain_of_certificates(talk):
    talk.show("mountain")


@SERVERS.in_all("mail.example.test, {protocol}: TLSv1.3, trusted", "", "-vv", state="OK")
def a_hundred_certificates(talk):
    talk.show("hundred")


@SERVERS.in_all("mail.example.test, {protocol}: TLSv1.2, trusted", "", "-vv", state="OK", protocols=("lmtp",))
def a_hundred_certificates_in_clear(talk):
    talk.show("hundred", ssl.TLSVersion.TLSv1_2)


@SERVERS.in_all("mail.example.test, {protocol}: TLSv1.3, trusted", "", "-vvv", state="OK")
def ten_thousand_names(talk):
    talk.show("ten-thousand-names")


@SERVERS.in_all("{protocol}: name-mismatch, certificate is for h0001, h0002, h0003, h0004, h0005 and 9995 more", "",
                "--verify-name other.example.test", protocols=("pop3",))
def ten_thousand_names_of_others(talk):
    talk.show("ten-thousand-names")


@SERVERS.in_all("{protocol}: tls-handshake", protocols=("sieve",))
def more_names_than_fit(talk):
    talk.show("more-than-fits")


@SERVERS.in_all("{protocol}: name-mismatch, certificate is for x/total=0s;1;2, a MAIL TLS OK - fine / x=1, b [b] z, esc", "", "-vv")
def lying_names(talk):
    talk.show("lying-names")


@SERVERS.in_all("{protocol}: staple-invalid", state="WARNING", protocols=("smtp", "sieve"))
def a_huge_staple(talk):
    talk.staple("huge.ocsp", "1.3")


@SERVERS.in_all("{protocol}: tls-handshake", protocols=("lmtp",))
def a_huge_staple_in_a_message_of_its_own(talk):
    talk.staple("huge.ocsp", "1.2")


if __name__ == "__main__":
    sys.exit(SERVERS.main())
