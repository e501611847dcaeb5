"""What the live tests share: the running Dovecot (LIVE_ENV), the built plugin (PLUGIN), one run of it taken apart."""

import json
import os
import re
import shlex
import subprocess
import time
import unittest

import dovecot

ENV = dovecot.read_env(os.environ["LIVE_ENV"])
PLUGIN = os.environ["PLUGIN"]
STATES = {0: "OK", 1: "WARNING", 2: "CRITICAL", 3: "UNKNOWN"}
PERFDATA = re.compile(r"(?:'([^']+)'|(\S+?))=(-?[0-9.]+|U)([^;\s]*)((?:;[^;\s]*)*)(?:\s|$)")
# trust settings of the machine must not decide a test
CLEAN = {"PATH": os.environ.get("PATH", ""), "HOME": "/nonexistent", "LC_ALL": "C.UTF-8"}


class Values(dict):
    """label -> value; a label that is not there fails the test with the whole run."""

    def __init__(self, run, found):
        super().__init__(found)
        self._run = run

    def __missing__(self, label):
        raise AssertionError("no perfdata %r%s" % (label, self._run))


class Run:
    """One finished run: exit code, both streams, the first line without perfdata, and label -> value."""

    def __init__(self, arguments, extra_environment=None, pass_fds=()):
        self.command = [PLUGIN, *arguments]
        begin = time.monotonic()
        done = subprocess.run(self.command, stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=subprocess.PIPE,
                              env={**CLEAN, **(extra_environment or {})}, pass_fds=pass_fds, timeout=60, check=False)
        self.seconds = time.monotonic() - begin
        self.code = done.returncode
        self.out = done.stdout.decode("utf-8", errors="replace")
        self.err = done.stderr.decode("utf-8", errors="replace")
        lines = self.out.splitlines() or [""]
        self.line, _, perfdata = (part.strip() for part in lines[0].partition("|"))
        found = PERFDATA.findall(perfdata)
        self.labels = [quoted or bare for quoted, bare, *_ in found]
        self.values = Values(self, {quoted or bare: float(value) for quoted, bare, value, *_ in found if value != "U"})

    def __str__(self):
        return "\n$ %s\n%s%s(exit %d, %.2f s)" % (shlex.join(self.command), self.out,
                                                  self.err and "stderr: " + self.err,
                                               self.code, self.seconds)


def secret(name):
    return os.path.join(ENV["LIVE_SECRETS"], name)


def server(case="GOOD", tls="implicit"):
    """The options that reach the address of a case: one Dovecot, one more address for each fault
    (dovecot.ADDRESSES)."""
    port = ENV["LIVE_IMAPS_PORT"] if tls == "implicit" else ENV["LIVE_IMAP_PORT"]
    return ["-H", ENV["LIVE_HOST"], "--address", ENV["LIVE_ADDRESS_" + case], "-p", port, "--tls", tls,
            "--ca-file", ENV["LIVE_CA_FILE"]]


def login(user="probe"):
    return ["-U", user, "--password-file", secret(user)]


def doveadm(*arguments):
    """What doveadm prints, as a list of dicts (its JSON form)."""
    done = dovecot.doveadm(ENV, "-f", "json", *arguments)
    if done.returncode != 0:
        raise AssertionError("doveadm %s: %s" % (" ".join(arguments), done.stderr))
    return json.loads(done.stdout)


class LiveTest(unittest.TestCase):
    """Checks that print the whole run when they fail."""

    maxDiff = None
    SERVICE = "IMAP"

    def check(self, code, *arguments, says=(), labels=(), without=(), **keywords):
        """Runs the plugin; checks exit code, words of the first line, labels that must and must not be there."""
        run = Run([argument for part in arguments for argument in ([part] if isinstance(part, str) else part)],
                  **keywords)
        self.assertEqual(run.code, code, "exit code%s" % run)
        self.assertEqual(run.err, "", "stderr%s" % run)
        self.assertTrue(run.line.startswith("%s %s - " % (self.SERVICE, STATES[code])), "status word%s" % run)
        for words in [says] if isinstance(says, str) else says:
            self.assertIn(words, run.line, str(run))
        for label in labels:
            self.assertIn(label, run.labels, "label%s" % run)
        for label in without:
            self.assertNotIn(label, run.labels, "label%s" % run)
        return run
