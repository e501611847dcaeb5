#!/usr/bin/env python3
"""BIN=build/developer/bin migration_test.py - rows of the tables in man/monitoring-plugins-mail.7, COMING FROM OTHER
PLUGINS, tried against servers of a few lines: what stands on the right gives the state that is noted here. Where the
plugin on the left is installed it must give the one that is noted for it, so that the notes stay true; elsewhere they
have to do."""

from __future__ import annotations

import os
import socketserver
import ssl
import subprocess
import tempfile
import threading
import unittest
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import overview_test
from overview_test import BIN, rows, words_with_dashes

FOREIGN = Path("/usr/lib/nagios/plugins")
ENVIRONMENT = {"PATH": os.environ["PATH"], "LC_ALL": "C.UTF-8", "HOME": "/", "TMPDIR": tempfile.gettempdir()}
OK, WARNING, CRITICAL = range(3)
NAMES = ("one.example.org", "two.example.org")
HERE = ["-H", "127.0.0.1"]
THEIR_ENVELOPE = ["-C", "MAIL FROM:<a@example.org>", "-C", "RCPT TO:<b@example.org>"]
ENVELOPE = ["--from", "a@example.org", "--to", "b@example.org"]
SMTP, IMAP, IMAPS = "SMTP", "IMAP", "IMAPS"  # stand for the servers' ports; nobody listens on port 1
TWO_PROGRAMS = ["--wait", "0.0", "-p", "echo OK", "-p", "echo CRITICAL"]
BLIND = [*HERE, *ENVELOPE, "--smtp-port", SMTP, "--smtp-tls", "none", "--smtp-user", "", "--imap-port", "1",
         "--imap-user", "u", "--imap-password", "p"]
CERTIFICATE = [*HERE, "-P", "imaps", "-p", IMAPS, "--ignore-sct", "--ignore-maximum-validity"]
SURVEY = [*HERE, "--protocol", "imaps", "--port", IMAPS]
ANY_AUTHORITY = [word for name in ("untrusted", "self-signed", "missing-intermediate", "wrong-purpose")
                 for word in ("--result", name + "=ok")]


def smtp(*options):
    return [*HERE, "-p", SMTP, "--tls", "none", *options]


def imap(*options, port=IMAP):
    return [*HERE, "-p", port, "--tls", "none", "--stop-after", "greeting", *options]


# their program, their option of the row; their command and its state, ours and its
TRIED = [
    ("check_smtp", "-e", [*HERE, "-p", SMTP, "-e", "220"], OK, smtp("--expect", "greeting=220"), OK),
    ("check_smtp", "-e", [*HERE, "-p", SMTP, "-e", "554"], WARNING, smtp("--expect", "greeting=554"), CRITICAL),
    ("check_smtp", "-R", [*HERE, "-p", SMTP, *THEIR_ENVELOPE, "-R", "250", "-R", "550"], OK,
     smtp(*ENVELOPE, "--expect", "rcpt=550"), OK),
    ("check_smtp", "-R", [*HERE, "-p", SMTP, *THEIR_ENVELOPE, "-R", "250", "-R", "250"], WARNING,
     smtp(*ENVELOPE, "--expect", "rcpt=250"), CRITICAL),
    ("check_imap", "-e", [*HERE, "-p", IMAP, "-e", "Example"], OK, imap("--expect-greeting", "Example"), OK),
    ("check_imap", "-M", [*HERE, "-p", IMAP, "-e", "Other", "-M", "warn"], WARNING,
     imap("--expect-greeting", "Other", "--result", "not-expected=warning"), WARNING),
    ("check_imap", "-r", [*HERE, "-p", "1", "-r", "ok"], OK, imap("--result", "connect=ok", port="1"), OK),
    ("check_email_delivery", "-A", [*TWO_PROGRAMS, "-A", "1"], OK,
     [*BLIND, "--result", "could-not-look=ok", "--result", "not-seen=ok"], OK),
    ("check_email_delivery", "-A", TWO_PROGRAMS, CRITICAL, BLIND, CRITICAL),
    ("check_ssl_cert", "-s", [*CERTIFICATE, "-m", NAMES[0], "-s"], OK,
     [*SURVEY, "--verify-name", NAMES[0], "--allow-self-signed"], OK),
    ("check_ssl_cert", "-A", [*CERTIFICATE, "-m", NAMES[0], "-A"], OK,
     [*SURVEY, "--verify-name", NAMES[0], *ANY_AUTHORITY], OK),
    ("check_ssl_cert", "-A", [*CERTIFICATE, "-m", NAMES[0]], CRITICAL, [*SURVEY, "--verify-name", NAMES[0]], CRITICAL),
    ("check_ssl_cert", "-m", [*CERTIFICATE, "-m", NAMES[1], "-m", "no.example.org", "-s"], CRITICAL,
     [*SURVEY, "--verify-name", NAMES[1], "--verify-name", "no.example.org", "--allow-self-signed"], OK),
]


class Server(socketserver.ThreadingTCPServer):
    """Greets, then answers what begins with a word of `answers`, over TLS if there is a `context`; ends at a QUIT."""

    daemon_threads = True

    def __init__(self, greeting, answers, context=None):
        self.greeting, self.answers, self.context = greeting, answers, context
        super().__init__(("127.0.0.1", 0), Session)
        threading.Thread(target=self.serve_forever, daemon=True).start()


class Session(socketserver.BaseRequestHandler):
    def handle(self):
        server = self.server
        try:
            stream = server.context.wrap_socket(self.request, server_side=True) if server.context else self.request
            with stream, stream.makefile("rwb", buffering=0) as lines:
                lines.write(server.greeting)
                for line in lines:
                    words = line.split()
                    if words[0] == b"QUIT":
                        return
                    answer = server.answers.get(words[0]) or server.answers.get(words[1], b"")
                    lines.write(answer.replace(b"TAG", words[0]))
        except (OSError, IndexError):  # the client went, or said something else
            pass


def self_signed(folder):
    file = os.path.join(folder, "server.pem")
    subprocess.run(["openssl", "req", "-x509", "-newkey", "rsa:2048", "-nodes", "-days", "60", "-subj",
                    "/CN=" + NAMES[0], "-addext", "subjectAltName=DNS:%s,DNS:%s" % NAMES, "-keyout", file,
                    "-out", file + ".crt"], stderr=subprocess.DEVNULL, check=True)
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(file + ".crt", file)
    return context


def run(program, options, ports):
    command = [str(program), *(ports.get(option, option) for option in options)]
    done = subprocess.run(command, stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=subprocess.STDOUT,
                          text=True, errors="replace", env=ENVIRONMENT, check=False)
    return done.returncode, " ".join(command) + "\n" + done.stdout


class Rows(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        folder = tempfile.TemporaryDirectory()
        cls.addClassCleanup(folder.cleanup)
        greeting = b"* OK here is Example\r\n"
        words = {b"LOGOUT": b"* BYE now\r\nTAG OK\r\n", b"CAPABILITY": b"* CAPABILITY IMAP4rev1\r\nTAG OK\r\n"}
        servers = {
            SMTP: Server(b"220 mx.example.org ready\r\n", {
                b"EHLO": b"250 mx.example.org\r\n", b"HELO": b"250 mx.example.org\r\n", b"MAIL": b"250 fine\r\n",
                b"RCPT": b"550 5.1.1 nobody here\r\n", b"RSET": b"250 fine\r\n"}),
            IMAP: Server(greeting, words), IMAPS: Server(greeting, words, self_signed(folder.name))}
        for server in servers.values():
            cls.addClassCleanup(server.server_close)
            cls.addClassCleanup(server.shutdown)
        cls.ports = {name: str(server.server_address[1]) for name, server in servers.items()}

    def test_both_say_what_is_noted(self):
        def both(row):
            program, _, theirs, _, ours, _ = row
            foreign = FOREIGN / program
            return (run(foreign, theirs, self.ports) if foreign.exists() else None,
                    run(BIN / overview_test.Migration.OURS[program][0], ours, self.ports))
        with ThreadPoolExecutor(4) as pool:
            results = list(pool.map(both, TRIED))
        for (_, _, _, their_state, _, our_state), (theirs, ours) in zip(TRIED, results):
            if theirs:
                self.assertEqual(theirs[0], their_state, theirs[1])
            self.assertEqual(ours[0], our_state, ours[1])

    def test_they_are_rows_of_the_page(self):
        for program, option in {row[:2] for row in TRIED}:
            told = [words_with_dashes(ours) for theirs, ours in rows(program) if option in words_with_dashes(theirs)]
            self.assertEqual(len(told), 1, (program, option))
            used = {word for row in TRIED if row[:2] == (program, option) for word in row[4]}
            self.assertTrue(told[0] & used, (program, option))


if __name__ == "__main__":
    unittest.main(verbosity=2)
