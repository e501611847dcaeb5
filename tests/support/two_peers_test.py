#!/usr/bin/env python3
"""Tests of the round trip's test tools: the mailbox behaves like one, the player notices what a plugin does wrong.

The plugin is a small Python program here, which does a round trip well and, when told so, badly.
"""
from __future__ import annotations

import argparse
import imaplib
import ssl
import sys
import tempfile
import unittest
from pathlib import Path

SCENARIOS = Path(__file__).resolve().parent.parent / "scenarios"
sys.path.insert(0, str(Path(__file__).resolve().parent))
sys.path.insert(0, str(SCENARIOS))
import certificates as test_ca  # noqa: E402
import roundtrip_scenario  # noqa: E402
import run as runner  # noqa: E402
import two_peers  # noqa: E402
from imap_store_peer import ImapStorePeer  # noqa: E402
from scenario import ScenarioError  # noqa: E402

PLUGIN = r'''
import imaplib, os, re, signal, smtplib, ssl, sys, time
wrong = sys.argv[sys.argv.index("--wrong") + 1] if "--wrong" in sys.argv else ""
def option(name): return sys.argv[sys.argv.index(name) + 1]
context = ssl.create_default_context(cafile=option("--ca-file"))
context.check_hostname = False
password = open(option("--password-file")).read().strip()
def imap():
    box = imaplib.IMAP4_SSL("127.0.0.1", int(option("--imap-port")), ssl_context=context)
    box.login(option("--user"), password)
    box.select("INBOX")
    return box
class Smtp(smtplib.SMTP):
    def putcmd(self, command, arguments=""): super().putcmd(command.upper(), arguments)
box = imap()
if wrong == "connects-again": imap()
newest = int(box.untagged_responses["UIDNEXT"][0])
token, check = os.urandom(16).hex(), "00112233445566ff"
if wrong == "token": token = token.upper()
text = (f"Date: Mon, 5 Jan 2026 10:00:00 +0000\r\nFrom: sender@example.org\r\nTo: recipient@example.test\r\n"
        f"Message-ID: <{token}.{check}@example.org>\r\nSubject: probe {token}\r\n"
        f"X-Mailcheck-Roundtrip: id={check}; token={token}; sent={int(time.time())}\r\n\r\n.dots\r\n")
smtp = Smtp("127.0.0.1", int(option("--smtp-port")), "poller.example.test")
smtp.starttls(context=context)
smtp.ehlo()
smtp.login(option("--user"), password)
smtp.mail("sender@example.org"); smtp.rcpt("recipient@example.test", ["NOTIFY=FAILURE,DELAY"]); smtp.data(text)
found, until = [], time.monotonic() + 1.5
while not found and time.monotonic() < until:
    box.noop()
    section = "BODY[HEADER]" if wrong == "no-peek" else "BODY.PEEK[HEADER.FIELDS (MESSAGE-ID)]"
    first = 1 if wrong == "old-mail" else newest
    for each in box.uid("FETCH", f"{first}:*", f"(UID {section})")[1]:
        if isinstance(each, tuple) and token.encode() in each[1]:
            found.append(re.search(rb"UID (\d+)", each[0]).group(1).decode())
    time.sleep(0.02)
if found and wrong != "leaves-it":
    if wrong == "deletes-all": found = ["1:*"]
    box.uid("STORE", ",".join(found), "+FLAGS.SILENT", r"(\Deleted)")
    if wrong == "plain-expunge": box.expunge()
    else: box.uid("EXPUNGE", ",".join(found))
if wrong != "no-quit": smtp.quit()
if wrong != "no-logout": box.logout()
print("ROUNDTRIP OK - arrived | total=0.100000s" if found else "ROUNDTRIP CRITICAL - not-seen | total=1.500000s")
sys.exit(0 if found else 2)
'''
SMTP = "--- smtp\n@include accepted\n@arrive INBOX message\n@include quit\n"
OK = "--- verdict\nexit: 0\nstate: OK\n"


class WithScenario(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.temporary = tempfile.TemporaryDirectory()
        cls.folder = Path(cls.temporary.name)
        cls.arguments = argparse.Namespace(plugins=cls.folder / "bin", certificates=test_ca.make(cls.folder / "ca"))
        (cls.folder / "roundtrip").mkdir()
        (cls.folder / "roundtrip" / "parts").symlink_to(SCENARIOS / "roundtrip" / "parts")
        cls.arguments.plugins.mkdir()
        plugin = cls.arguments.plugins / "check_mail_roundtrip"
        plugin.write_text(f"#!{sys.executable}\n{PLUGIN}")
        plugin.chmod(0o755)

    @classmethod
    def tearDownClass(cls):
        cls.temporary.cleanup()

    def load(self, body: str, options="", head=""):
        path = self.folder / "roundtrip" / "scenario.txt"
        path.write_text("# a scenario for the tests of the player\n"
                        f"command: check_mail_roundtrip {{servers}} {{trust}} {{login}} {options}\n" + head + body)
        return roundtrip_scenario.load(path)

    def faults(self, body: str, options="", head="", name="whole") -> str:
        played = two_peers.play(self.load(body, options, head), name, self.arguments)
        return "; ".join(fault for part, run in played for fault in runner.judge(part, run))


class Player(WithScenario):
    def test_all_is_well(self):
        for name in ("whole", "line", "byte"):
            self.assertEqual(self.faults(SMTP + OK, head="holds: INBOX foreign \\Seen\n", name=name), "")

    def assert_notices(self, wrong: str, words: str, head="holds: INBOX foreign\nholds: INBOX foreign-deleted \\Deleted\n"):
        with self.subTest(wrong):
            self.assertIn(words, self.faults(SMTP + OK, f"--wrong {wrong}", head))

    def test_notices_what_the_plugin_does_wrong(self):
        self.assert_notices("token", "X-Mailcheck-Roundtrip is not what it has to be")
        self.assert_notices("no-peek", "BODY.PEEK must be used")
        self.assert_notices("old-mail", "old mail of others was fetched: foreign, foreign-deleted")
        self.assert_notices("leaves-it", "left in INBOX: foreign, foreign-deleted, message-1; expected foreign, foreign-deleted")
        self.assert_notices("plain-expunge", "left in INBOX: foreign; expected foreign, foreign-deleted")
        self.assert_notices("deletes-all", "left in INBOX: nothing")
        self.assert_notices("no-quit", "SMTP: ")
        self.assert_notices("no-logout", "hung up without LOGOUT")
        self.assert_notices("connects-again", "connected 2 times")

    def test_what_is_not_offered_must_not_be_asked(self):
        self.assertIn("UIDPLUS is not offered", self.faults(SMTP + OK, head="without: UIDPLUS\n"))

    def test_never_arrives(self):
        verdict = "--- verdict\nexit: 2\nstate: CRITICAL\nfinding: not-seen\n"
        self.assertEqual(self.faults("--- smtp\n@include accepted\n@include quit\n" + verdict), "")

    def test_rules_override_the_mailbox(self):
        rule = "--- imap\nwhen 1: UID EXPUNGE {any}\nS: {tag} NO [SERVERBUG] Internal error\n"
        left = "left: INBOX message\nflagged: INBOX message \\Deleted\n"
        self.assertEqual(self.faults(SMTP + rule + OK + left), "")
        self.assertIn("left in INBOX: message-1; expected nothing", self.faults(SMTP + rule + OK))

    def test_sides_wait_for_each_other(self):
        smtp = "--- smtp\n@include accepted\n@wait NOOP 3\n@arrive INBOX message\n@include quit\n"
        self.assertEqual(self.faults(smtp + OK), "")
        smtp = smtp.replace("NOOP 3", "never told")
        self.assertIn("waited in vain for: never told", self.faults(smtp + OK + "within: 1s\n"))

    def test_runs_share_the_mailbox(self):
        first = SMTP + "--- imap\nwhen: UID STORE {any}\nS: {tag} NO no\n" + OK + "left: INBOX message\n"
        second = "--- run\narrived: INBOX bounce\narrived: INBOX message-1 \\Seen\n" + SMTP + OK
        self.assertEqual(self.faults(first + second + "left: INBOX message-1 message-1 bounce\n"), "")
        self.assertIn("run 2", [run.name for _, run in two_peers.play(self.load(first + second), "whole", self.arguments)][1])

    def test_kill(self):
        body = "--- run\nkilled: accepted\n--- smtp\n@include accepted\n@arrive INBOX message\n@hang\n"
        self.assertEqual(self.faults(body + "--- verdict\nleft: INBOX message\n", "--wrong never"), "")

    def test_an_untouched_side(self):
        self.assertIn("had no business to", self.faults(OK))

    def test_state_is_spoilt(self):
        (self.folder / "state").mkdir()
        (self.folder / "state" / "ledger").write_text("entries")
        two_peers.spoil(self.folder / "state", "x{hex:00}")
        self.assertEqual((self.folder / "state" / "ledger").read_bytes(), b"x\0")


class Mailbox(WithScenario):
    """By Python's IMAP client, which knows nothing of ours."""

    def open(self, head="", body=SMTP + OK, log_in=True):
        scenario = self.load(body, head=head)
        self.exchange = two_peers.Exchange(scenario)
        self.exchange.begin(scenario.parts[0])
        self.peer = ImapStorePeer(scenario, scenario.parts[0], self.exchange, "whole", self.arguments.certificates)
        self.peer.start()
        self.addCleanup(self.peer.finish)
        context = ssl.create_default_context(cafile=self.arguments.certificates / "ca.pem")
        context.check_hostname = False
        box = imaplib.IMAP4_SSL("127.0.0.1", self.peer.port, ssl_context=context, timeout=5)
        self.addCleanup(box.shutdown)
        if log_in:
            box.login(runner.USER, runner.PASSWORD)
        return box

    def test_wrong_password(self):
        box = self.open(log_in=False)
        with self.assertRaises(imaplib.IMAP4.error):
            box.login("probe", "wrong")

    def test_list_shows_the_uses_as_offered(self):
        head = 'folder: "Junk E-Mail" \\Junk\nfolder: Sent\n'
        self.assertEqual(self.open(head).list('""', "*")[1][1], b'(\\HasNoChildren \\Junk) "/" "Junk E-Mail"')
        self.assertEqual(self.open(head + "without: SPECIAL-USE\n").list('""', "*")[1][1],
                         b'(\\HasNoChildren) "/" "Junk E-Mail"')

    def test_status(self):
        box = self.open("holds: Junk foreign\n")
        self.assertEqual(box.status("Junk", "(UIDNEXT UIDVALIDITY MESSAGES)")[1], [b"Junk (UIDNEXT 8 UIDVALIDITY 1700000002 MESSAGES 1)"])

    def test_fetch(self):
        box = self.open("holds: INBOX foreign\n")
        box.select("INBOX")
        (label, text), closing = box.uid("FETCH", "7", "(UID BODY.PEEK[HEADER.FIELDS (SUBJECT MESSAGE-ID)])")[1]
        self.assertEqual(label, b"1 (UID 7 BODY[HEADER.FIELDS (SUBJECT MESSAGE-ID)] {66}")
        self.assertEqual(text, b"Message-ID: <1f0c.99@example.net>\r\nSubject: Minutes of Tuesday\r\n\r\n")
        self.assertEqual(closing, b")")
        self.assertEqual(len(box.uid("FETCH", "99:*", "(UID BODY.PEEK[]<5.10>)")[1][0][1]), 10)  # the newest, by the star

    def test_folded_header_fields_are_whole(self):
        box = self.open("holds: INBOX foreign\n")
        box.select("INBOX")
        text = box.uid("FETCH", "7", "(BODY.PEEK[HEADER.FIELDS (RECEIVED)])")[1][0][1]
        self.assertEqual(text.count(b"\r\n\t"), 2)

    def test_news_come_with_noop_only_if_so_wanted(self):
        for head, wanted in (("", [b"1"]), ("announces: IDLE\n", [None])):
            box = self.open(head)
            box.select("INBOX")
            self.exchange.arrive("INBOX foreign")
            box.response("EXISTS")
            box.noop()
            self.assertEqual(box.response("EXISTS")[1], wanted)

    def test_a_server_that_tells_nothing_shows_all(self):
        box = self.open("announces: nothing\n")
        box.select("INBOX")
        self.exchange.arrive("INBOX foreign")
        box.response("EXISTS")
        box.noop()
        self.assertEqual(box.response("EXISTS")[1], [None])
        self.assertEqual(box.uid("FETCH", "7:*", "(UID)")[1], [b"1 (UID 7)"])

    def test_notify(self):
        box = self.open("with: NOTIFY\n")
        box.select("INBOX")
        box.send(b"X1 NOTIFY SET (SELECTED (MessageNew MessageExpunge)) (MAILBOXES \"Junk\" (MessageNew MessageExpunge))\r\n")
        self.assertEqual(box.readline(), b"X1 OK Notify completed.\r\n")
        self.exchange.arrive("Junk foreign")
        box.noop()
        self.assertEqual(box.response("STATUS")[1], [b"Junk (MESSAGES 1 UIDNEXT 8 UIDVALIDITY 1700000002)"])

    def test_replaced_by_another_client(self):
        box = self.open("holds: INBOX foreign\n")
        box.select("INBOX")
        self.exchange.remove("INBOX foreign")
        self.exchange.arrive("INBOX foreign-new")
        box.response("EXISTS")
        box.noop()
        self.assertEqual((box.response("EXPUNGE")[1], box.response("EXISTS")[1]), ([b"1"], [b"1"]))

    def test_search(self):
        box = self.open("holds: INBOX foreign\nholds: INBOX foreign-deleted \\Deleted\n")
        box.select("INBOX")
        for criteria, hits in (('HEADER Subject "Minutes OF"', b"7"), ("DELETED", b"8"), ('UID 8:* HEADER Message-ID ""', b"8"),
                               ("NOT DELETED ALL", b"7"), ("HEADER X-Mailcheck-Roundtrip {any}", b"")):
            self.assertEqual(box.uid("SEARCH", criteria)[1][0], hits)

    def test_uid_expunge_spares_others(self):
        box = self.open("holds: INBOX foreign\nholds: INBOX foreign-deleted \\Deleted\n")
        box.select("INBOX")
        box.uid("STORE", "7", "+FLAGS.SILENT", "(\\Deleted)")
        box.uid("EXPUNGE", "7")
        self.assertEqual(self.exchange.store.names()["INBOX"], ["foreign-deleted"])

    def test_move(self):
        box = self.open("holds: INBOX foreign\n")
        box.select("INBOX")
        box.uid("MOVE", "7", "Trash")
        self.assertEqual(self.exchange.store.names(), {"INBOX": [], "Junk": [], "Trash": ["foreign"]})

    def test_idle(self):
        box = self.open()
        box.select("INBOX")
        box.send(b"X1 IDLE\r\n")
        self.assertEqual(box.readline(), b"+ idling\r\n")
        self.exchange.wait("IDLE", self.peer.over)
        self.exchange.arrive("INBOX foreign")
        self.assertEqual(box.readline(), b"* 1 EXISTS\r\n")
        box.send(b"DONE\r\n")
        self.assertEqual(box.readline(), b"X1 OK Idle completed.\r\n")

    def test_examine_is_for_reading(self):
        box = self.open("holds: INBOX foreign\n")
        box.select("INBOX", readonly=True)
        with self.assertRaises(imaplib.IMAP4.abort):
            box.uid("STORE", "7", "+FLAGS", "(\\Deleted)")
        self.assertIn("EXAMINE is not to be written to", self.peer.finish())

    def test_letters_are_filled_in(self):
        self.open()
        with self.assertRaisesRegex(ScenarioError, "not known yet"):
            self.exchange.arrive("INBOX bounce")


class Files(WithScenario):
    def test_mistakes_are_errors(self):
        for body, words in (("--- smtp\n@arive INBOX message\n" + OK, "known @word"), ("--- imap\nS: OK\n" + OK, "begins with 'when:'"),
                            (SMTP + "--- verdict\nexit: 0\nstate: WARNING\n", "must agree"), (SMTP + SMTP + OK, "has no place"),
                            (SMTP + OK + "left: Nowhere\n", "no folder Nowhere")):
            with self.subTest(words), self.assertRaisesRegex(ScenarioError, words):
                self.load(body)

    def test_every_file_can_be_read(self):
        for path in sorted((SCENARIOS / "roundtrip").glob("*.txt")):
            with self.subTest(path.name):
                roundtrip_scenario.load(path)


if __name__ == "__main__":
    unittest.main()
