#!/usr/bin/env python3
"""Nothing foreign is ever touched: a mailbox with 1,000 messages, 50 of them marked as deleted and some of them made to
look like our own, hashed before and after 100 round trips with faults: connections that break after any number of
bytes, plugins that are killed at any moment, a server without UIDPLUS. After a last clean run nothing of ours is left.

Four checks run beside each other in that one mailbox, each with its own identity, two of them with --state-dir. What
breaks where is chosen by a fixed seed."""

import concurrent.futures
import hashlib
import imaplib
import os
import random
import re
import shutil
import signal
import ssl
import subprocess
import tempfile
import time
import unittest
from dataclasses import dataclass, field

import accounts
from fault_relay import FaultRelay
from harness import CLEAN, ENV, PLUGIN, secret
from roundtrip_harness import FOLDERS, MAIL, make_folder, to, wait_for_empty_queue

USER = "heap"
MESSAGES, DELETED = 1000, 50
JUNK = 40
ROUND_TRIPS, CHECKS = 100, 4
SEED = 20261121
PATIENCE_SECONDS = 20
KINDS = ["none", "imap", "imap", "imap", "smtp", "smtp", "kill", "kill", "terminate", "terminate"]
FLAGS = ["", "\\Seen", "\\Flagged", "\\Seen \\Answered", "$Forwarded"]


def connect():
    trust = ssl.create_default_context(cafile=ENV["LIVE_CA_FILE"])
    trust.check_hostname = False
    imap = imaplib.IMAP4_SSL("127.0.0.1", int(ENV["LIVE_IMAPS_PORT"]), ssl_context=trust)
    imap.login(USER, accounts.USERS[USER][0])
    return imap


def snapshot():
    """(folder, UIDVALIDITY, UID) -> digest of flags, date of arrival and bytes. Looking changes nothing (EXAMINE)."""
    found, imap = {}, connect()
    for folder in FOLDERS:
        imap.select(folder, readonly=True)
        validity = imap.response("UIDVALIDITY")[1][0]
        _, rows = imap.fetch("1:*", "(UID FLAGS INTERNALDATE BODY.PEEK[])")
        for row in [row for row in rows if isinstance(row, tuple)]:
            head = re.match(rb'\d+ \(UID (\d+) FLAGS \((.*?)\) INTERNALDATE "(.*?)" BODY\[\] ', row[0])
            flags = b" ".join(sorted(flag for flag in head[2].split() if flag != b"\\Recent"))
            found[folder, validity, int(head[1])] = hashlib.sha256(b"|".join([flags, head[3], row[1]])).hexdigest()
    imap.logout()
    return found


@dataclass
class Check:
    """One monitor's check: its identity, and what it remembers."""

    number: int
    state: str = ""  # a folder, or nothing is remembered
    seconds: float = 0  # of a run in which nothing breaks, and what passes then
    smtp_bytes: int = 1
    imap_bytes: int = 1
    arrived: int = 0
    hurt: int = 0
    complaints: list = field(default_factory=list)

    def command(self, smtp_port, imap_port, *more):
        state = ["--state-dir", self.state] if self.state else []
        return [PLUGIN, "-H", ENV["LIVE_HOST"], "--address", "127.0.0.1", "-U", USER, "--password-file", secret(USER),
                "--ca-file", ENV["LIVE_CA_FILE"], "--smtp-port", str(smtp_port), "--imap-port", str(imap_port),
                "--smtp-tls", "starttls", "--imap-tls", "implicit", "--from", to(USER), "--to", to(USER),
                "--id", "check %d" % self.number, "--timeout", "10", "--wait", "5", *state, *more]

    def run(self, kind="none", chance=None, uidplus=True, more=()):
        """One round trip with a fault of that kind; returns the plugin's first line."""
        chance = chance or random.Random(self.number)
        limits = {"smtp": chance.randint(1, self.smtp_bytes), "imap": chance.randint(1, self.imap_bytes)}
        rude, moment = chance.random() < 0.5, chance.uniform(0, 1.1 * self.seconds)
        imap_address = ENV["LIVE_ADDRESS_" + ("GOOD" if uidplus else "NO_UIDPLUS")]
        with FaultRelay(("127.0.0.1", int(MAIL["MAIL_PORT_SUBMISSION"])), limits["smtp"] if kind == "smtp" else None,
                        rude) as smtp, \
                FaultRelay((imap_address, int(ENV["LIVE_IMAPS_PORT"])), limits["imap"] if kind == "imap" else None,
                           rude) as imap:
            begin = time.monotonic()
            process = subprocess.Popen(self.command(smtp.port, imap.port, *more), stdin=subprocess.DEVNULL,
                                       stdout=subprocess.PIPE, stderr=subprocess.PIPE, env=CLEAN, encoding="utf-8")
            if kind == "terminate":
                imap.has_client.wait(PATIENCE_SECONDS)  # a program that has not begun cannot hear it
            if kind in ("kill", "terminate"):
                self._kill(process, moment, signal.SIGKILL if kind == "kill" else signal.SIGTERM)
            out, err = process.communicate(timeout=PATIENCE_SECONDS)
            self.hurt += smtp.has_broken or imap.has_broken
            if kind == "none" and not self.seconds:
                self.seconds, self.smtp_bytes, self.imap_bytes = time.monotonic() - begin, smtp.passed, imap.passed
        self._judge(kind, process.returncode, out, err)
        return out.split("\n")[0]

    def last_run(self, states):
        """A run that takes away what the others left; without --state-dir that is possible after an hour only."""
        if not self.state:
            self.state = os.path.join(states, "last-%d" % self.number)
            os.mkdir(self.state, 0o700)
        return self.run(more=["--lost-after", "1"])

    def _kill(self, process, moment, sign):
        try:
            process.wait(moment)
        except subprocess.TimeoutExpired:
            process.send_signal(sign)
            self.hurt += 1

    def _judge(self, kind, code, out, err):
        """What must hold in any run: an exit code of a monitor's, one line or more, and nothing on stderr."""
        self.arrived += "transit=" in out
        if kind == "kill" and code == -signal.SIGKILL:
            return
        if code not in (0, 1, 2, 3) or not out.startswith("ROUNDTRIP ") or err:
            self.complaints.append("%s: exit %d: %s%s" % (kind, code, out, err))
        if kind == "none" and "transit=" not in out:
            self.complaints.append("nothing was broken, but the message was not seen: " + out)


class NothingForeignTest(unittest.TestCase):
    maxDiff = 2000

    def setUp(self):
        self.states = tempfile.mkdtemp(prefix="mailcheck-state.")
        self.addCleanup(shutil.rmtree, self.states)
        self.checks = [Check(number, os.path.join(self.states, str(number)) if number % 2 else "")
                       for number in range(CHECKS)]
        for check in self.checks:
            if check.state:
                os.mkdir(check.state, 0o700)
        make_folder(USER, "Junk")

    def own_mark(self, check):
        """Our header and our Message-ID as a run of that check writes them; the message is taken away again."""
        line = check.run(more=["--keep"])
        imap = connect()
        imap.select("INBOX")
        _, found = imap.uid("SEARCH", "HEADER", "X-Mailcheck-Roundtrip", "id=")
        self.assertEqual(len(found[0].split()), 1, line)
        _, rows = imap.uid("FETCH", found[0], "(BODY.PEEK[HEADER.FIELDS (X-MAILCHECK-ROUNDTRIP MESSAGE-ID)])")
        text = rows[0][1].decode()
        imap.uid("STORE", found[0], "+FLAGS.SILENT", "(\\Deleted)")
        imap.uid("EXPUNGE", found[0])
        imap.logout()
        return (re.search("^X-Mailcheck-Roundtrip: (.*?)\r$", text, re.M | re.I)[1],
                re.search("^Message-ID: (.*?)\r$", text, re.M | re.I)[1])

    @staticmethod
    def impostors(mark, name):
        """Headers of messages that are nearly ours."""
        token, own = re.search("token=([0-9a-f]+)", mark)[1], re.search("id=([0-9a-f]+)", mark)[1]
        other = mark.replace(own, own[::-1])
        old = re.sub("sent=[0-9]+", "sent=1000000000", mark)
        pairs = [
            (mark, "<someone@example.test>"), (mark, name.replace(token, token[::-1])), (mark, name.upper()),
            (mark, name.replace("example.test", "foreign.example")), (mark + " ", " " + name + " and more"),
            (mark.replace("; ", ";"), name), (mark.upper(), name), ("v=1; " + mark, name), (mark + "; x=y", name),
            (re.sub("sent=", "sent=0", mark), name), (mark.split("; sent")[0], name), ("", name),
            (old, name.replace(own, own[::-1])), (other, name.replace(own, own[::-1])),
            (old.replace(own, own[::-1]), name.replace(own, own[::-1]))]
        heads = ["X-Mailcheck-Roundtrip: %s\r\nMessage-ID: %s\r\n" % pair for pair in pairs]
        heads.append("Message-ID: <1@foreign.example>\r\nIn-Reply-To: %s\r\nSubject: Re: %s\r\n" % (name, token))
        heads.append("Message-ID: <2@foreign.example>\r\nSubject: %s\r\nX-Other: %s\r\n" % (token, mark))
        return heads

    def fill(self):
        """The mailbox: 1,000 messages in INBOX, 40 in Junk; 50 and 5 of them marked as deleted."""
        marks = [self.own_mark(check) for check in self.checks]
        heads = [head for mark, name in marks for head in self.impostors(mark, name)]
        chance, imap = random.Random(SEED), connect()
        for folder, count, deleted in (("INBOX", MESSAGES, DELETED), ("Junk", JUNK, DELETED // 10)):
            gone = set(chance.sample(range(count), deleted))
            for number in range(count):
                head = heads[number % len(heads)] if number % 4 == 0 else "Message-ID: <%d@heap.example>\r\n" % number
                text = "From: a@foreign.example\r\nTo: heap@example.test\r\n%s\r\nNumber %d.\r\n" % (head, number)
                flags = "(%s)" % " ".join(filter(None, [chance.choice(FLAGS), "\\Deleted" if number in gone else ""]))
                when = imaplib.Time2Internaldate(time.time() - (count - number) * 60)
                status, words = imap.append(folder, flags, when, text.encode())
                self.assertEqual(status, "OK", words)
        imap.logout()

    def work(self, check):
        """The share of a check: faults of all kinds, in an order of its own."""
        chance = random.Random(SEED + check.number)
        for number in range(ROUND_TRIPS // CHECKS):
            more = ["--header", "X-Spam-Flag: YES"] if number % 5 == 0 else []
            check.run(KINDS[number % len(KINDS)], chance, uidplus=number % 4 != 3, more=more)

    def test_a_hundred_round_trips_change_nothing(self):
        self.fill()
        before = snapshot()
        self.assertEqual(len(before), MESSAGES + JUNK)
        with concurrent.futures.ThreadPoolExecutor(CHECKS) as pool:
            list(pool.map(self.work, self.checks))
        wait_for_empty_queue()
        self.assertEqual({key: value for key, value in snapshot().items() if key in before}, before)
        self.assertEqual([line for check in self.checks for line in check.complaints], [])
        hurt, arrived = sum(check.hurt for check in self.checks), sum(check.arrived for check in self.checks)
        print("%d round trips: %d broken or killed, %d messages seen" % (ROUND_TRIPS, hurt, arrived))
        self.assertGreater(hurt, ROUND_TRIPS // 2)
        self.assertGreater(arrived, ROUND_TRIPS // 5)
        time.sleep(2)  # what is left was sent in whole seconds
        last = [check.last_run(self.states) for check in self.checks]
        left = {key for key in snapshot() if key not in before}
        self.assertEqual(left, set(), last)


if __name__ == "__main__":
    unittest.main(verbosity=2)
