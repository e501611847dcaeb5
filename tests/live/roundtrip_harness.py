"""What the live tests of check_mail_roundtrip share: the servers of mail_path.py, the options that reach them, and what
is in a mailbox."""

import os
import subprocess
import time

import dovecot
import postfix
from harness import ENV, LiveTest, doveadm, secret
from smtp_harness import MAIL, PATIENCE_SECONDS, queued, to

AUTHSERV_ID = os.environ["PATH_AUTHSERV_ID"]
FOLDERS = ["INBOX", "Junk"]


def addresses(sender="example.test", recipient=None, user="letters"):
    return ["--from", "%s@%s" % (user, sender), "--to", recipient or to(user)]


def legs(path="PATH", user="letters"):
    """Both legs, by the name that DNS knows: what they have in common is said once."""
    smtp_tls = "implicit" if path.endswith("S") else "starttls"
    return ["-H", ENV["LIVE_HOST"], "-U", user, "--password-file", secret(user), "--ca-file", ENV["LIVE_CA_FILE"],
            "--smtp-port", MAIL["MAIL_PORT_" + path], "--smtp-tls", smtp_tls,
            "--imap-port", ENV["LIVE_IMAPS_PORT"], "--imap-tls", "implicit"]


def authentication(*required, alignment="strict"):
    return ["--authserv-id", AUTHSERV_ID, "--require", ",".join(required or ("spf", "dkim", "dmarc")),
            "--alignment", alignment]


def content(user):
    """Every message of a user, as (folder, UID, flags); \\Recent goes with the first look of anybody."""
    found = []
    for folder in FOLDERS:
        for row in doveadm("fetch", "-u", user, "uid flags", "mailbox", folder):
            found.append((folder, row["uid"], row["flags"].replace("\\Recent", "").strip()))
    return found


def make_folder(user, name):
    done = dovecot.doveadm(ENV, "mailbox", "create", "-u", user, name)
    assert done.returncode == 0 or "already exists" in done.stderr, done.stderr


def rename_folder(user, name, other):
    done = dovecot.doveadm(ENV, "mailbox", "rename", "-u", user, name, other)
    assert done.returncode == 0, done.stderr


def append(user, folder, text):
    """Puts a message into a folder by doveadm."""
    subprocess.run([dovecot.programs()[1], "-c", ENV["LIVE_CONF"], "save", "-u", user, "-m", folder],
                   input=text.encode(), cwd=ENV["LIVE_DIR"], env=dovecot.environment(), check=True, timeout=30,
                   **dovecot.become(dovecot.account()))


def expunge(user, folder, *search):
    done = dovecot.doveadm(ENV, "expunge", "-u", user, "mailbox", folder, *search)
    assert done.returncode == 0, done.stderr


def postfix_command(name, *arguments):
    """postsuper and postqueue of this instance."""
    programs = postfix.Programs()
    command = [os.path.join(programs.commands, name), "-c", MAIL["MAIL_DIR"] + "/etc", *arguments]
    subprocess.run(command, env=programs.environment, cwd=MAIL["MAIL_DIR"], stdout=subprocess.DEVNULL,
                   stderr=subprocess.DEVNULL, check=True, timeout=30)


def let_go():
    """What is on hold goes its way; returns when it has arrived."""
    postfix_command("postsuper", "-H", "ALL")
    postfix_command("postqueue", "-f")
    wait_for_empty_queue()


def wait_for_empty_queue():
    end = time.monotonic() + PATIENCE_SECONDS
    while queued():
        if time.monotonic() > end:
            raise AssertionError("still in Postfix's queue: %s" % queued())
        time.sleep(0.02)


class RoundtripTest(LiveTest):
    """A mailbox has a message of somebody else in INBOX and Junk; both are there as before when a test ends, and
    nothing else is."""

    SERVICE = "ROUNDTRIP"
    USERS = ["letters", "parcels"]

    def setUp(self):
        for user in self.USERS:
            make_folder(user, "Junk")
            for folder in FOLDERS:
                append(user, folder, "From: friend@foreign.example\nSubject: not yours\n\nHands off.\n")
        self.before = {user: content(user) for user in self.USERS}

    def tearDown(self):
        postfix_command("postsuper", "-d", "ALL")
        after = {user: content(user) for user in self.USERS}
        for user in self.USERS:
            for folder in FOLDERS:
                expunge(user, folder, "ALL")
        self.assertEqual(after, self.before)
