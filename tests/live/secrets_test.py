#!/usr/bin/env python3
"""The password is found nowhere: not in output at any verbosity, JSON or transcript, not in the process list, and not
in memory that a core dump would hold once the log in is over."""

import base64
import os
import subprocess
import tempfile
import time
import unittest

import memory
from harness import CLEAN, ENV, PLUGIN, LiveTest, Run, login, secret, server
from relay import StallingRelay

MECHANISMS = ["PLAIN", "LOGIN", "LOGIN-COMMAND", "CRAM-MD5", "SCRAM-SHA-1", "SCRAM-SHA-256"]


def read_secret(name):
    with open(secret(name), encoding="utf-8") as file:
        return file.read().rstrip("\n")


def forms(user, password):
    """The password as it may stand in memory or in a dialogue: bare, and in the base64 of LOGIN and PLAIN."""
    plain = ("\0%s\0%s" % (user, password)).encode()
    return {"bare": password.encode(), "SASL LOGIN": base64.b64encode(password.encode()),
            "SASL PLAIN": base64.b64encode(plain),
            "middle of SASL PLAIN": base64.b64encode(plain)[len(user) + 8:-4]}


def token_forms(token):
    """A token as it may stand there: its signature part is enough to know it, bare or within a base64 of any
    alignment."""
    signature = token[-30:].encode()
    inner = {"base64 %d" % shift: base64.b64encode(b"x" * shift + signature)[4:-4] for shift in range(3)}
    return {"bare": signature, **inner}


class OutputTest(LiveTest):
    def check_silent(self, text, needles, where):
        for name, needle in needles.items():
            self.assertNotIn(needle.decode(), text, "%s holds the secret, %s" % (where, name))

    def test_no_output_holds_the_password(self):
        needles = forms("probe", read_secret("probe"))
        for mechanism in MECHANISMS:
            for how in ([], ["-v"], ["-vv"], ["-vvv"], ["--output", "json"], ["--output", "json", "-vvv"]):
                with self.subTest(mechanism=mechanism, how=how):
                    run = Run([*server(), *login(), "--auth", mechanism, *how])
                    self.assertEqual(run.code, 0, str(run))
                    self.check_silent(run.out + run.err, needles, "output")

    def test_no_output_holds_a_token(self):
        for mechanism in ("XOAUTH2", "OAUTHBEARER"):
            for name, code in (("probe.token", 0), ("probe.ended-token", 2)):
                with self.subTest(mechanism=mechanism, name=name):
                    run = Run([*server(), "-U", "probe", "--oauth2-token-file", secret(name), "--auth", mechanism,
                               "-vvv"])
                    self.assertEqual(run.code, code, str(run))
                    self.check_silent(run.out + run.err, token_forms(read_secret(name)), "output")

    def test_no_output_holds_a_refused_password(self):
        for mechanism in MECHANISMS:
            with self.subTest(mechanism=mechanism):
                run = Run([*server(), "-U", "probe", "--password-file", secret("wrong"), "--auth", mechanism, "-vvv"])
                self.assertEqual(run.code, 2, str(run))
                self.check_silent(run.out + run.err, forms("probe", read_secret("wrong")), "output")

    def test_the_transcript_shows_the_dialogue_without_the_password(self):
        with tempfile.TemporaryDirectory() as folder:
            path = os.path.join(folder, "transcript")
            for mechanism in MECHANISMS:
                with self.subTest(mechanism=mechanism):
                    self.check(0, server(), login(), "--auth", mechanism, "--transcript", path)
                    with open(path, encoding="utf-8", errors="replace") as file:
                        text = file.read()
                    self.assertIn("EXAMINE", text)
                    self.check_silent(text, forms("probe", read_secret("probe")), "transcript")
                    os.unlink(path)


class ProcessTest(LiveTest):
    """Looks at a plugin that a relay holds still when it opens the mailbox: the log in is over, the process lives.
    Only root with CAP_SYS_PTRACE may look into it as it is; for others it is made readable (stay_dumpable.cc)."""

    READABLE = {} if memory.may_read_all() else {"LD_PRELOAD": os.environ.get("STAY_DUMPABLE", "STAY_DUMPABLE unset")}

    def hold(self, arguments, environment=READABLE, prefix=()):  # pylint: disable=dangerous-default-value
        relay = StallingRelay(ENV["LIVE_CERTIFICATES"], (ENV["LIVE_ADDRESS_GOOD"], int(ENV["LIVE_IMAP_PORT"])),
                              rb"(?i)(EXAMINE|SELECT) ")
        self.addCleanup(relay.close)
        command = [*prefix, PLUGIN, "-H", ENV["LIVE_HOST"], "--address", "127.0.0.1", "-p",
                   str(relay.port), "--tls", "implicit", "--ca-file", ENV["LIVE_CA_FILE"], "-t", "30", *arguments]
        process = subprocess.Popen(command, stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=subprocess.PIPE,
                                   env={**CLEAN, **environment})
        self.addCleanup(self.end, process)
        end = time.monotonic() + 20
        while not relay.stalled.wait(0.05) and process.poll() is None and time.monotonic() < end:
            pass
        if not relay.stalled.is_set():
            process.kill()
            self.fail("the plugin did not open a mailbox: %s" % process.communicate()[0].decode(errors="replace"))
        time.sleep(0.1)  # until it waits for the answer
        return process, relay

    @staticmethod
    def end(process):
        process.kill()
        process.communicate()

    def test_the_scan_finds_what_is_there(self):
        """Without this, the tests below could pass because the scan is blind."""
        process, _ = self.hold(login())
        name = ENV["LIVE_HOST"].encode()
        self.assertTrue(memory.find(process.pid, {"host name": name}), "the host name must be found in memory")

    def test_memory_does_not_hold_the_password_after_the_log_in(self):
        password = read_secret("probe")
        for mechanism, how in [(one, []) for one in MECHANISMS] + [("PLAIN", ["-vvv"]), ("LOGIN-COMMAND", ["-vvv"])]:
            with self.subTest(mechanism=mechanism, how=how):
                process, relay = self.hold([*login(), "--auth", mechanism, *how])
                if mechanism == "PLAIN":
                    self.assertIn(forms("probe", password)["SASL PLAIN"], relay.seen,
                                  "the form looked for is the form sent")
                self.assertEqual(memory.find(process.pid, forms("probe", password)), [])

    def test_memory_does_not_hold_a_token_after_the_log_in(self):
        for mechanism in ("XOAUTH2", "OAUTHBEARER"):
            with self.subTest(mechanism=mechanism):
                process, _ = self.hold(["-U", "probe", "--oauth2-token-file", secret("probe.token"), "--auth",
                                        mechanism])
                self.assertEqual(memory.find(process.pid, token_forms(read_secret("probe.token"))), [])

    def test_nobody_may_read_the_process_or_dump_its_core(self):
        """The kernel guards a process that is not dumpable even from its own user, who may read all others of his."""
        prefix = ["setpriv", "--bounding-set", "-sys_ptrace"] if memory.may_read_all() else []
        other = subprocess.Popen([*prefix, "sleep", "60"])
        self.addCleanup(other.kill)
        process, _ = self.hold(login(), {}, prefix)
        for pid, may_read in ((other.pid, True), (process.pid, False)):
            done = subprocess.run([*prefix, "dd", "if=/proc/%d/mem" % pid, "count=0"], stdout=subprocess.PIPE,
                                  stderr=subprocess.STDOUT, check=False)
            self.assertEqual(done.returncode == 0, may_read, "process %d: %r" % (pid, done.stdout))
            self.assertEqual(b"Permission denied" in done.stdout, not may_read, done.stdout)

    def test_a_password_option_is_wiped_from_the_process_list(self):
        password = read_secret("probe")
        for option in (["-P", password], ["-P" + password], ["--password", password], ["--password=" + password]):
            with self.subTest(option=option[0].replace(password, "")):
                process, _ = self.hold(["-U", "probe", *option])
                with open("/proc/%d/cmdline" % process.pid, "rb") as file:
                    cmdline = file.read()
                self.assertIn(b"probe", cmdline)
                self.assertNotIn(password.encode(), cmdline)
                self.assertEqual(memory.find(process.pid, forms("probe", password)), [])

    def test_a_password_from_the_environment_is_wiped_from_it(self):
        password = read_secret("probe")
        process, _ = self.hold(["-U", "probe", "--password-env", "LIVE_PASSWORD"],
                               {**self.READABLE, "LIVE_PASSWORD": password})
        with open("/proc/%d/environ" % process.pid, "rb") as file:
            self.assertNotIn(password.encode(), file.read())
        self.assertEqual(memory.find(process.pid, forms("probe", password)), [])


if __name__ == "__main__":
    unittest.main(verbosity=2, warnings="ignore")
