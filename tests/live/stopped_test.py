#!/usr/bin/env python3
"""A server that hangs, is killed in mid-session, and is gone: three different lines, against a Dovecot of this test's
own whose processes are stopped and killed for real."""

import os
import signal
import socket
import subprocess
import tempfile
import time
import unittest

import dovecot
from harness import CLEAN, PLUGIN, LiveTest, Run


def is_listening(address, port):
    try:
        socket.create_connection((address, port), timeout=1).close()
        return True
    except OSError:
        return False


class StoppedServerTest(LiveTest):
    def setUp(self):
        folder = tempfile.TemporaryDirectory()
        self.addCleanup(folder.cleanup)
        env_file = os.path.join(folder.name, "env")
        self.addCleanup(dovecot.stop, env_file)
        dovecot.start(env_file)
        self.env = dovecot.read_env(env_file)

    def signal(self, number):
        """Sends a signal to Dovecot and all its processes: they are one process group."""
        os.killpg(int(self.env["LIVE_PID"]), number)

    def arguments(self, *more):
        return ["-H", self.env["LIVE_HOST"], "--address", self.env["LIVE_ADDRESS_GOOD"], "-p",
                self.env["LIVE_IMAPS_PORT"], "--tls", "implicit", "--ca-file", self.env["LIVE_CA_FILE"], "-U", "probe",
                "--password-file", os.path.join(self.env["LIVE_SECRETS"], "probe"), *more]

    def wait_until_gone(self):
        end = time.monotonic() + 10
        while is_listening(self.env["LIVE_ADDRESS_GOOD"], int(self.env["LIVE_IMAPS_PORT"])):
            self.assertLess(time.monotonic(), end, "Dovecot still listens after SIGKILL")
            time.sleep(0.02)

    def test_hanging_killed_and_gone_are_told_apart(self):
        self.check(0, self.arguments(), says="logged in as probe")

        self.signal(signal.SIGSTOP)  # the kernel still accepts connections for it
        hanging = self.check(2, self.arguments("-t", "1"), says="tls: timeout", labels=["connect", "total"],
                             without=["greeting", "auth"])
        self.assertLess(hanging.seconds, 2.0, str(hanging))

        waiting = subprocess.Popen([PLUGIN, *self.arguments("-t", "20")], stdin=subprocess.DEVNULL,
                                   stdout=subprocess.PIPE, stderr=subprocess.STDOUT, env=CLEAN)
        time.sleep(0.5)  # until it waits for the handshake
        self.assertIsNone(waiting.poll(), "the plugin waits for the stopped server")
        self.signal(signal.SIGKILL)
        out = waiting.communicate(timeout=10)[0].decode()
        self.assertTrue(out.startswith("IMAP CRITICAL - tls: connection-lost"), out)
        self.assertEqual(waiting.returncode, 2, out)

        self.wait_until_gone()
        for more in ([], ["--refuse"], ["--stop-after", "greeting"]):
            with self.subTest(more=more):
                self.check(2, self.arguments(*more), says=["CRITICAL - connect: ", "connection refused"],
                           labels=["total"], without=["connect", "tls", "greeting", "auth"])

    def test_a_mailbox_process_that_dies_is_a_lost_connection(self):
        """SIGKILL for the process that serves the mailbox, while the plugin waits for its answer to SEARCH."""
        self.check(0, self.arguments(), says="logged in as probe")
        waiting = subprocess.Popen([PLUGIN, *self.arguments("-t", "20", "--search", "BODY nowhere-in-any-message",
                                                            "--mailbox", "Large")], stdin=subprocess.DEVNULL,
                                   stdout=subprocess.PIPE, stderr=subprocess.STDOUT, env=CLEAN)
        serving = self.wait_for_imap_process(waiting)
        os.kill(serving, signal.SIGKILL)
        out = waiting.communicate(timeout=10)[0].decode()
        self.assertEqual(waiting.returncode, 2, out)
        self.assertRegex(out, r"^IMAP CRITICAL - search: connection-lost")
        self.assertRegex(out, r" auth=[0-9.]+s select=[0-9.]+s total=")

    def wait_for_imap_process(self, plugin):
        """The process that serves mailboxes, once it has worked for so long that it must be searching."""
        group, ticks = int(self.env["LIVE_PID"]), 10  # of 10 ms; opening the mailbox takes 4, searching 20
        while plugin.poll() is None:
            for name in filter(str.isdigit, os.listdir("/proc")):
                try:
                    with open("/proc/%s/stat" % name, encoding="ascii", errors="replace") as file:
                        command, rest = file.read().rsplit(")", 1)
                except OSError:
                    continue
                fields = rest.split()  # from the third on: state, parent, group, ... user time, system time
                if command.endswith("(imap") and int(fields[2]) == group and \
                        int(fields[11]) + int(fields[12]) >= ticks:
                    return int(name)
        self.fail("the plugin ended before its mailbox process was seen: " +
                  plugin.communicate()[0].decode(errors="replace"))


if __name__ == "__main__":
    unittest.main(verbosity=2, warnings="ignore")  # Dovecot's process is ended by its id, not waited for
