#!/usr/bin/env python3
"""What the plugin sees in a mailbox is what doveadm says, and looking leaves no trace."""

import os
import time
import unittest

import mail_store
from harness import ENV, LiveTest, doveadm, login, server

AGE_TOLERANCE = 5.0  # seconds between our look and doveadm's


def status(user, mailbox):
    return doveadm("mailbox", "status", "-u", user, "all", mailbox)[0]


def messages(user, mailbox, *query):
    """uid, flags and INTERNALDATE of the messages, in sequence order."""
    return doveadm("fetch", "-u", user, "uid flags date.received.unixtime", "mailbox", mailbox, *query)


def age(message):
    return time.time() - float(message["date.received.unixtime"])


class CountsTest(LiveTest):
    def test_counts_are_doveadms(self):
        for mailbox in ["INBOX", mail_store.LARGE] + mail_store.FOLDERS:
            with self.subTest(mailbox=mailbox):
                run = self.check(0, server(), login(), "--mailbox", mailbox, "-w", "unseen=:99999", labels=["select"])
                known = status("probe", mailbox)
                self.assertEqual(run.values["messages"], float(known["messages"]), str(run))
                self.assertEqual(run.values["unseen"], float(known["unseen"]), str(run))

    def test_inbox_is_found_in_any_case(self):
        self.assertEqual(self.check(0, server(), login(), "--mailbox", "inbox").values["messages"],
                         len(mail_store.INBOX))

    def test_an_empty_mailbox_has_no_messages(self):
        self.assertEqual(self.check(0, server(), login("empty")).values["messages"], 0)

    def test_thresholds_on_counts_decide(self):
        self.check(1, server(), login(), "-w", "messages=:9", says="messages")
        self.check(2, server(), login(), "-c", "unseen=:5", says="unseen")
        self.check(0, server(), login(), "-w", "unseen=:6", "-c", "unseen=:6")

    def test_hits_are_doveadms(self):
        for mailbox, criteria, query in (("INBOX", "ALL", ["ALL"]), ("INBOX", "UNSEEN", ["UNSEEN"]),
                                         ("INBOX", "FLAGGED SEEN", ["FLAGGED", "SEEN"]),
                                         ("INBOX", 'SUBJECT "message 3"', ["SUBJECT", "message 3"]),
                                         (mail_store.LARGE, "UNSEEN SUBJECT 77", ["UNSEEN", "SUBJECT", "77"]),
                                         (mail_store.LARGE, "OR SEEN UNSEEN", ["ALL"])):
            with self.subTest(mailbox=mailbox, criteria=criteria):
                known = messages("probe", mailbox, *query)
                run = self.check(0, server(), login(), "--mailbox", mailbox, "--search", criteria,
                                 "-w", "newest_age=:99999999", "-w", "oldest_age=:99999999",
                                 labels=["search", "fetch"], says=", %d found" % len(known))
                self.assertGreater(len(known), 0, "doveadm finds some too")
                self.assertEqual(run.values["hits"], len(known), str(run))
                self.assertEqual(run.values["messages"], float(status("probe", mailbox)["messages"]), str(run))
                self.assertAlmostEqual(run.values["newest_age"], age(known[-1]), delta=AGE_TOLERANCE)
                self.assertAlmostEqual(run.values["oldest_age"], age(known[0]), delta=AGE_TOLERANCE)

    def test_finding_nothing_is_a_number_too(self):
        self.assertEqual(messages("probe", "INBOX", "SUBJECT", "nowhere"), [])
        run = self.check(0, server(), login(), "--search", "SUBJECT nowhere", says=", 0 found")
        self.assertEqual(run.values["hits"], 0)

    def test_thresholds_on_hits_decide(self):
        hits = len(messages("probe", "INBOX", "UNSEEN"))
        self.check(0, server(), login(), "--search", "UNSEEN", "-c", "hits=:%d" % hits)
        self.check(2, server(), login(), "--search", "UNSEEN", "-c", "hits=:%d" % (hits - 1), says="hits is %d" % hits)
        self.check(1, server(), login(), "--search", "SUBJECT nowhere", "-w", "hits=1:", says="hits is 0")

    def test_hits_and_their_newest_headers_are_of_one_search(self):
        run = self.check(0, server(), login(), "--search", "FLAGGED", "--fetch", "1", "-vv", labels=["search", "fetch"])
        known = messages("probe", "INBOX", "FLAGGED")
        self.assertEqual(run.values["hits"], len(known))
        self.assertIn("newest_messages: %s: " % known[-1]["uid"], run.out)


class AgesTest(LiveTest):
    def test_ages_are_doveadms(self):
        for mailbox in ("INBOX", mail_store.LARGE):
            with self.subTest(mailbox=mailbox):
                run = self.check(0, server(), login(), "--mailbox", mailbox, "-w", "newest_age=:99999999",
                                 "-w", "oldest_age=:99999999")
                known = messages("probe", mailbox)
                self.assertAlmostEqual(run.values["newest_age"], age(known[-1]), delta=AGE_TOLERANCE)
                self.assertAlmostEqual(run.values["oldest_age"], age(known[0]), delta=AGE_TOLERANCE)

    def test_an_old_newest_message_is_judged(self):
        self.check(2, server(), login(), "-c", "newest_age=:60", says="newest_age")

    def test_the_age_of_nothing_is_not_measured(self):
        self.check(3, server(), login("empty"), "-w", "newest_age=:60", says="not-measured", without=["newest_age"])


class QuotaTest(LiveTest):
    def test_quota_is_doveadms(self):
        for user in ("probe", "tight"):
            with self.subTest(user=user):
                run = self.check(0, server(), login(user), "--quota", labels=["quota"])
                known = {row["type"]: row for row in doveadm("quota", "get", "-u", user)}
                storage, count = known["STORAGE"], known["MESSAGE"]
                self.assertEqual(run.values["quota_storage_bytes"], 1024 * float(storage["value"]))
                self.assertAlmostEqual(run.values["quota_storage"],
                                       100 * float(storage["value"]) / float(storage["limit"]), 2)
                self.assertEqual(run.values["quota_messages_used"], float(count["value"]))
                self.assertAlmostEqual(run.values["quota_messages"],
                                       100 * float(count["value"]) / float(count["limit"]), 2)

    def test_a_full_mailbox_is_judged(self):
        self.check(1, server(), login("tight"), "-w", "quota_messages=:80", "-c", "quota_messages=:95",
                   says="quota_messages")

    def test_an_account_without_limits_has_no_percentage(self):
        self.check(3, server(), login("unlimited"), "-w", "quota_storage=:80", without=["quota_storage"])


class ListTest(LiveTest):
    def test_folders_that_exist_are_found(self):
        for name in mail_store.FOLDERS + ["INBOX"]:
            with self.subTest(name=name):
                self.check(0, server(), login(), "--list", name, labels=["list"])

    def test_several_folders_are_asked_for_at_once(self):
        self.check(0, server(), login(), "--list", "送信済み", "--list", "Entwürfe", "--list", "a&b")

    def test_a_missing_folder_is_named(self):
        self.check(2, server(), login(), "--list", "Entwürfe", "--list", "Gelöscht", says="Gelöscht")

    def test_wildcards_are_letters(self):
        self.check(2, server(), login(), "--list", "Arch*", says="Arch*")
        self.check(2, server(), login(), "--list", "Sen%", says="Sen%")


class TraceTest(LiveTest):
    def traces(self):
        new = os.path.join(ENV["LIVE_HOMES"], "probe/Maildir/new")
        return [(row["uid"], row["flags"]) for row in messages("probe", "INBOX")], sorted(os.listdir(new))

    def test_looking_changes_neither_flags_nor_recent(self):
        before = self.traces()
        self.assertEqual(len(before[1]), 2, "two messages wait in new/")
        self.check(0, server(), login(), "--fetch", "5", "--search", "ALL", "--quota", "-w", "unseen=:99", "-w",
                   "newest_age=:99999999", labels=["fetch", "search", "quota"])
        self.assertEqual(self.traces(), before)

    def test_fetching_shows_the_newest_headers(self):
        run = self.check(0, server(), login(), "--fetch", "2", "-vv", labels=["fetch"])
        self.assertIn("message 10", run.out)
        self.assertIn("message 9", run.out)
        self.assertNotIn("message 8", run.out)

    def test_fetching_more_than_there_is_fetches_all(self):
        self.check(0, server(), login(), "--fetch", "50", labels=["fetch"])
        self.check(0, server(), login("empty"), "--fetch", "1")


if __name__ == "__main__":
    unittest.main(verbosity=2)
