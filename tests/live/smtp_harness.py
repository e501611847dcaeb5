"""What the live tests of check_smtp_submit share: the running Postfix (MAIL_ENV) beside the Dovecot of harness.py, its
log and queue, and what arrived in a mailbox."""

import email
import email.policy
import os
import re
import time
import uuid

import dovecot
from harness import ENV, LiveTest, doveadm

MAIL = dovecot.read_env(os.environ["MAIL_ENV"])
PATIENCE_SECONDS = 10
SENDER = "sender@elsewhere.example"  # a domain that nobody here is responsible for
STRANGER = "somebody@foreign.example"
# the log lines of a message on its way: none of them is there for a recipient that was only asked for
MESSAGE_LINES = re.compile(r"message-id=|queue active|status=|: removed$", re.MULTILINE)


def to(user="letters"):
    return "%s@%s" % (user, MAIL["MAIL_DOMAIN"])


def server(case="SUBMISSION", tls="starttls"):
    """The options that reach the port of a case (postfix.master.cf.in)."""
    trust = [] if tls == "none" else ["--ca-file", ENV["LIVE_CA_FILE"]]
    return ["-H", ENV["LIVE_HOST"], "--address", "127.0.0.1", "-p", MAIL["MAIL_PORT_" + case], "--tls", tls, *trust]


def before_tls(case="SUBMISSION"):
    """The same for a session that ends before STARTTLS: --ca-file would be refused."""
    return [word for word in server(case) if word not in ("--ca-file", ENV["LIVE_CA_FILE"])]


def envelope(recipient=None, sender=SENDER):
    return ["--from", sender, "--to", recipient or to()]


def lmtp(over="tcp"):
    """The options that reach Dovecot's LMTP."""
    if over == "unix":
        return ["-H", ENV["LIVE_LMTP_SOCKET"], "--lmtp"]
    return ["-H", ENV["LIVE_HOST"], "--address", "127.0.0.1", "-p", ENV["LIVE_LMTP_PORT"], "--tls", "none", "--lmtp"]


def unique():
    return uuid.uuid4().hex


class Log:
    """What Postfix logs from now on."""

    def __init__(self):
        self._begin = os.path.getsize(MAIL["MAIL_LOG"])

    def text(self):
        with open(MAIL["MAIL_LOG"], "rb") as file:
            file.seek(self._begin)
            return file.read().decode("utf-8", errors="replace")

    def wait_for(self, pattern, count=1):
        """The text once `pattern` is in it `count` times: lines are written by a process of their own."""
        end = time.monotonic() + PATIENCE_SECONDS
        while len(re.findall(pattern, self.text(), re.MULTILINE)) < count:
            if time.monotonic() > end:
                raise AssertionError("Postfix did not log %r %d times:\n%s" % (pattern, count, self.text()))
            time.sleep(0.02)
        return self.text()


def queued():
    """The files of messages in Postfix's queue."""
    paths = [os.path.join(where, name) for where, _, names in os.walk(MAIL["MAIL_QUEUE"]) for name in names]
    return [path for path in paths if os.path.isfile(path) and os.path.basename(os.path.dirname(path)) != "pid"]


def received(subject, user="letters"):
    """The messages with that subject in all folders of a user."""
    rows = doveadm("fetch", "-u", user, "text", "mailbox", "*", "header", "subject", subject)
    return [email.message_from_string(row["text"], policy=email.policy.default) for row in rows]


def count_messages(user="letters"):
    return len(doveadm("fetch", "-u", user, "uid", "mailbox", "INBOX"))


class SmtpTest(LiveTest):
    SERVICE = "SMTP"
