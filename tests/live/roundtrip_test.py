#!/usr/bin/env python3
"""check_mail_roundtrip over the whole path of mail_path.py: submission, OpenDKIM, DNS, MX, OpenDMARC, LMTP, Dovecot
with Sieve. Every ending that real servers can produce, and nothing left behind (RoundtripTest)."""

import concurrent.futures
import shutil
import signal
import subprocess
import tempfile
import time
import unittest

from harness import CLEAN, ENV, PLUGIN, doveadm, secret
from mail_path import GREYLIST_SECONDS
from roundtrip_harness import (MAIL, RoundtripTest, addresses, authentication, content, expunge, legs, let_go,
                               make_folder, rename_folder)
from smtp_harness import PATIENCE_SECONDS, queued, to

SMTP_LABELS = ["smtp_" + name for name in ("connect", "greeting", "ehlo", "starttls", "tls", "auth", "mail", "rcpt",
                                           "body", "data", "quit")]
IMAP_LABELS = ["imap_" + name for name in ("connect", "greeting", "tls", "auth", "select", "fetch", "logout")]
REST = ["transit", "cleanup", "total", "hops", "slowest_hop", "smtp_cert_days", "imap_cert_days"]


class PathTest(RoundtripTest):
    def test_arrives_signed_and_aligned(self):
        run = self.check(0, legs(), addresses(), authentication(),
                         says=["INBOX", "spf pass", "dkim pass", "dmarc pass"],
                         labels=[*SMTP_LABELS, *IMAP_LABELS, *REST], without=["pending", "lost"])
        self.assertLess(run.values["transit"], 5)
        self.assertEqual(run.values["hops"], 3)  # submission, MX, LMTP
        self.assertGreater(run.values["total"], run.values["transit"])

    def test_implicit_tls_for_both(self):
        self.check(0, legs("PATHS"), addresses(), authentication("dmarc", alignment="relaxed"), "--resolver",
                   "127.0.0.1", says="dmarc pass", without=["smtp_starttls"])

    def test_marked_mail_is_found_in_junk(self):
        self.check(1, legs(), addresses(), "--header", "X-Spam-Flag: YES", says=["Junk"], labels=["transit", "junk"])
        self.check(1, legs(), addresses(recipient=to("letters+junk")), says=["Junk"])
        self.check(0, legs(), addresses(), "--header", "X-Spam-Flag: YES", "--result", "junk=OK", says=["Junk"])

    def test_junk_may_be_left_alone(self):
        self.check(2, legs(), addresses(), "--header", "X-Spam-Flag: YES", "--junk", "none", "--wait", "1",
                   says="not-seen")
        expunge("letters", "Junk", "header", "subject", "roundtrip")  # nobody looked there, so nobody cleaned

    def test_a_policy_of_none_is_pointed_out(self):
        run = self.check(0, legs(), addresses("lenient.test"), authentication(), "-vv", says="dmarc pass")
        self.assertIn("dmarc-none", run.out)
        run = self.check(0, legs(), addresses(), authentication(), "-vv", says="dmarc pass")
        self.assertNotIn("dmarc-none", run.out)

    def test_an_unsigned_path(self):
        self.check(2, legs(), addresses("unsigned.test"), authentication(), says=["spf pass", "dkim none"])
        self.check(0, legs(), addresses("unsigned.test"), authentication("spf"), says=["spf pass"])

    def test_a_sender_that_spf_does_not_know(self):
        self.check(2, legs(), addresses("stranger.test"), authentication(), says=["spf fail", "dmarc fail"])

    def test_an_unknown_authserv_id_proves_nothing(self):
        self.check(2, legs(), addresses(), "--authserv-id", "mx.foreign.example", "--require", "spf")

    def test_bounced(self):
        run = self.check(2, legs(), addresses(recipient=to("vanished")),
                         says=["bounced", "550 5.1.1", "User doesn't exist"])
        self.assertLess(run.seconds, 10)

    def test_bounced_to_another_account(self):
        """Without a look into the sender's mailbox the message would only be not seen."""
        before = content("parcels")
        sender = ["--bounce-user", "parcels", "--bounce-password-file", secret("parcels"),
                  "--bounce-port", ENV["LIVE_IMAPS_PORT"], "--bounce-tls", "implicit"]
        run = self.check(2, legs(), addresses(user="parcels", recipient=to("vanished")), sender, "-vvv",
                         says=["bounced", "550 5.1.1"])
        self.assertRegex(run.out, r"(?s)-- smtp\n.*-- imap\n.*-- bounce\n.*UID EXPUNGE")
        self.assertEqual(content("parcels"), before)

    def test_options_of_each_leg(self):
        host, trust = ENV["LIVE_HOST"], ENV["LIVE_CA_FILE"]
        smtp = ["--smtp-hostname", host, "--smtp-address", "127.0.0.1", "--smtp-port", MAIL["MAIL_PORT_PATHS"],
                "--smtp-tls", "implicit", "--smtp-ca-file", trust, "--smtp-user", "letters",
                "--smtp-password-file", secret("letters")]
        imap = ["--imap-hostname", host, "--imap-address", "127.0.0.1", "--imap-port", ENV["LIVE_IMAP_PORT"],
                "--imap-tls", "starttls", "--imap-ca-file", trust, "--imap-user", "parcels",
                "--imap-password-file"]
        parcels = ["--from", to("letters"), "--to", to("parcels")]
        self.check(0, smtp, imap, secret("parcels"), parcels, labels=["imap_starttls"], without=["smtp_starttls"])
        run = self.check(2, smtp, imap, secret("wrong"), parcels, says="auth-failed", without=["smtp_data"])
        self.assertIn("imap", run.line.lower())
        run = self.check(2, smtp, imap, secret("parcels"), parcels, "--smtp-password-file", secret("wrong"),
                         says="auth-failed", without=["smtp_data"])
        self.assertIn("smtp", run.line.lower())

    def test_an_unknown_recipient_is_not_accepted(self):
        self.check(2, legs(), addresses(recipient=to("nobody")), says=["unknown-recipient", "550 5.1.1"],
                   without=["smtp_data", "transit"])

    def test_ways_to_wait(self):
        for way in ("idle", "0.2", "auto"):
            with self.subTest(way=way):
                self.check(0, legs(), addresses(), "--poll", way, labels=["transit"])

    def test_keep(self):
        run = self.check(0, legs(), addresses(), "--keep", "-vv", labels=["transit"])
        left = [row for row in content("letters") if row not in self.before["letters"]]
        self.assertEqual([row[0] for row in left], ["INBOX"], run)
        self.assertNotIn("\\Seen", left[0][2])
        self.assertNotIn("\\Deleted", left[0][2])
        expunge("letters", "INBOX", "uid", left[0][1])

    def test_trash(self):
        make_folder("letters", "Trash")
        for more in ([], ["--header", "X-Spam-Flag: YES", "--result", "junk=OK"]):
            self.check(0, legs(), addresses(), "--trash", "Trash", more)
            moved = doveadm("fetch", "-u", "letters", "uid flags", "mailbox", "Trash", "header",
                            "x-mailcheck-roundtrip", "id=")
            self.assertEqual(len(moved), 1)
            expunge("letters", "Trash", "ALL")

    def test_two_checks_in_one_mailbox(self):
        with concurrent.futures.ThreadPoolExecutor(4) as pool:
            runs = [pool.submit(self.check, 0, legs(), addresses(), "--id", "check %d" % (number % 4), says="INBOX")
                    for number in range(8)]
            for run in runs:
                run.result()

    def test_the_body_is_whole_on_the_way(self):
        """Every header that the plugin writes stands in the mail that arrives."""
        self.check(0, legs(), addresses(), "--keep", "--subject", "Prüfung", "--header", "X-Probe: größer")
        rows = doveadm("fetch", "-u", "letters", "uid hdr.subject hdr.x-probe hdr.x-mailcheck-roundtrip "
                       "hdr.message-id", "mailbox", "INBOX", "header", "x-mailcheck-roundtrip", "id=")
        self.assertEqual(len(rows), 1, rows)
        parts = dict(part.strip().split("=") for part in rows[0]["hdr.x-mailcheck-roundtrip"].split(";"))
        self.assertRegex(parts["token"], "^[0-9a-f]{32}$")
        self.assertRegex(parts["id"], "^[0-9a-f]{16}$")
        self.assertLess(abs(time.time() - int(parts["sent"])), 60)
        self.assertEqual(rows[0]["hdr.message-id"], "<%s.%s@example.test>" % (parts["token"], parts["id"]))
        expunge("letters", "INBOX", "uid", rows[0]["uid"])


class WaitingTest(RoundtripTest):
    """What happens while a run waits for a message that is on hold."""

    def setUp(self):
        super().setUp()
        folder = tempfile.TemporaryDirectory(prefix="mailcheck-state.")
        self.addCleanup(folder.cleanup)
        self.state = ["--state-dir", folder.name]

    def start(self, *more):
        """A run that is still there when its message has been accepted and its first two seconds are over."""
        run = subprocess.Popen([PLUGIN, *legs("PATH_HOLD"), *addresses(), *self.state, "--timeout", "20", *more],
                               stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, env=CLEAN)
        end = time.monotonic() + PATIENCE_SECONDS
        while not queued():
            self.assertLess(time.monotonic(), end, "nothing is on hold")
            time.sleep(0.02)
        time.sleep(2.5)
        self.assertIsNone(run.poll(), "the run is over already")
        return run

    def finish(self, run, code):
        out = run.communicate(timeout=30)[0].decode()
        self.assertEqual(run.returncode, code, out)
        return out

    def test_a_second_run_of_the_same_check_stays_away(self):
        first = self.start()
        self.check(3, legs(), addresses(), self.state, "--timeout", "2", says="state-locked", without=["smtp_data"])
        let_go()
        self.assertIn("in INBOX", self.finish(first, 0))

    def test_ended_by_a_signal_it_is_found_by_the_next_run(self):
        run = self.start()
        begin = time.monotonic()
        run.send_signal(signal.SIGTERM)
        out = self.finish(run, 0)
        self.assertLess(time.monotonic() - begin, 10, "the run ends at once, not at its deadline")
        self.assertIn("pending=1", out)
        let_go()
        later = self.check(0, legs(), addresses(), self.state, "-vv")
        self.assertEqual((later.values["pending"], later.values["lost"]), (0, 0), later)
        self.assertIn("late", later.out)

    def test_mail_that_comes_to_junk_after_seconds(self):
        run = self.start("--header", "X-Spam-Flag: YES")
        let_go()
        self.assertIn("in Junk", self.finish(run, 1))

    def test_junk_that_gets_another_name_meanwhile(self):
        """What is in INBOX is seen all the same; the folder's trouble is told."""
        run = self.start("-vv")
        rename_folder("letters", "Junk", "Other")
        try:
            let_go()
            out = self.finish(run, 0)
        finally:
            rename_folder("letters", "Other", "Junk")
        self.assertIn("in INBOX", out)


class MemoryTest(RoundtripTest):
    """Runs that remember (--state-dir)."""

    def setUp(self):
        super().setUp()
        self.folder = tempfile.mkdtemp(prefix="mailcheck-state.")
        self.addCleanup(shutil.rmtree, self.folder)
        self.state = ["--state-dir", self.folder]

    def test_greylisted_and_later_accepted(self):
        self.check(1, legs("PATH_GREY"), addresses(), self.state, says=["greylisted", "450 4.2.0"],
                   without=["smtp_data", "transit"])
        time.sleep(GREYLIST_SECONDS + 0.2)
        self.check(0, legs("PATH_GREY"), addresses(), self.state, authentication(), says="INBOX", labels=["transit"])
        # the envelope is the same each time, so there is no second wait
        self.check(0, legs("PATH_GREY"), addresses(), self.state, says="INBOX")

    def test_greylisted_for_too_long(self):
        """By the same check, to two recipients: postgrey knows neither of them, however long a run takes here."""
        check = ["--id", "too long", "--greylist-tolerance", "0.2", *self.state]
        first, second = (addresses(recipient=to(name)) for name in ("tight", "unlimited"))
        self.check(1, legs("PATH_GREY"), first, check, says="greylisted")
        time.sleep(1.2)  # the state counts whole seconds
        self.check(2, legs("PATH_GREY"), second, check, says="greylisted")

    def hold(self, *options):
        """A run whose message is put on hold."""
        run = self.check(0, legs("PATH_HOLD"), addresses(), self.state, "--wait", "0.5", options,
                         labels=["pending"], without=["transit"])
        self.assertEqual(run.values["pending"], 1)

    def test_pending_and_found_by_the_next_run(self):
        self.hold()
        time.sleep(1)
        let_go()
        run = self.check(0, legs(), addresses(), self.state, "-vv", labels=["transit"])
        self.assertEqual((run.values["pending"], run.values["lost"]), (0, 0), run)
        self.assertIn("late", run.out)

    def test_overtaken_is_lost_until_it_comes(self):
        self.hold()
        time.sleep(1)  # a message tells when it was sent in whole seconds
        run = self.check(2, legs(), addresses(), self.state, says="lost", labels=["transit"])
        self.assertEqual((run.values["pending"], run.values["lost"]), (0, 1), run)
        let_go()
        run = self.check(0, legs(), addresses(), self.state, labels=["transit"])
        self.assertEqual((run.values["pending"], run.values["lost"]), (0, 0), run)

    def test_too_old_is_lost_and_stays_so_for_some_runs(self):
        self.hold()
        time.sleep(1.2)
        old = [*self.state, "--lost-after", "1", "--lost-runs", "2"]
        for _ in range(2):
            run = self.check(2, legs(), addresses(), old, says="lost")
            self.assertEqual(run.values["lost"], 1, run)
        run = self.check(0, legs(), addresses(), old)
        self.assertEqual(run.values["lost"], 0, run)

    def test_without_memory_it_is_not_seen(self):
        self.check(2, legs("PATH_HOLD"), addresses(), "--wait", "0.5", says="not-seen", without=["transit", "pending"])


if __name__ == "__main__":
    unittest.main(verbosity=2)
