#!/usr/bin/env python3
"""The real nrpe and check_nrpe of Debian with packaging/nagios/nrpe-mail.cfg, over TLS as Debian sets it up: all four
plugins, in packets of all versions. Run by mail_path.py; SYSTEM_ROOT: see system_root.py."""

import contextlib
import os
import re
import socket
import sys
import time
import unittest
from concurrent.futures import ThreadPoolExecutor

sys.path.append(os.path.dirname(os.path.abspath(__file__)))

from mail_ini import HOST, prepare, shipped, usual_ports  # noqa: E402
from harness import PERFDATA  # noqa: E402
from roundtrip_harness import wait_for_empty_queue  # noqa: E402
from system_root import Machine  # noqa: E402

PORT = 5666  # nrpe's own; the test has a network name space
OLD_PACKET = 1023  # bytes of text in a packet of version 2
VERSIONS = {"2": ["--v2-packets-only"], "3": ["--v3-packets-only"], "4": []}
COMMANDS = {"check_imap_login": "IMAP", "check_smtp_submit": "SMTP", "check_mail_tls": "MAIL TLS",
            "check_mail_roundtrip": "ROUNDTRIP"}
WRONG = """
[wrong-password]
user = letters
password = not-the-password
"""
PLUGINS = "/usr/lib/nagios/plugins"


def more_commands(own):
    """One of each other state; and a round trip on a bad day, when many limits are passed, with and without its choice
    of labels."""
    login = "%s/check_imap_login --hostname %s --extra-opts=%%s@/etc/monitoring-plugins/mail.ini" % (PLUGINS, HOST)
    trip = re.search(r"^command\[check_mail_roundtrip\]=(.*)$", own, re.M).group(1)
    steps = [side + step for side in ("smtp_", "imap_") for step in ("connect", "tls", "greeting", "auth", "fetch")]
    steps.remove("smtp_fetch")
    bad_day = "".join(" --warning %s=@0:1000 --critical %s=@1000:90000" % (step, step) for step in steps)
    return {"warning": login % "imap-probe" + " --warning 0.000001", "critical": login % "wrong-password",
            "unknown": login % "nowhere", "picked": trip + bad_day,
            "whole": trip.partition(" --perfdata ")[0] + bad_day}


class Answer:
    def __init__(self, done):
        self.code = done.returncode
        self.text = done.stdout
        self.line = done.stdout.split("\n")[0]
        found = PERFDATA.findall(self.line.partition("|")[2])
        self.labels = [quoted or bare for quoted, bare, *_ in found]


class Nrpe(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.enterClassContext(usual_ports())
        cls.machine = cls.enterClassContext(Machine("nrpe"))
        prepare(cls.machine, "nrpe-mail.cfg", WRONG)
        cls.own = shipped("nrpe-mail.cfg")
        cls.machine.write("/etc/nagios/nrpe.d/mail.cfg", cls.own)
        more = more_commands(cls.own)
        cls.machine.write("/etc/nagios/nrpe.d/more.cfg",
                          "".join("command[%s]=%s\n" % command for command in more.items()))
        cls.machine.run("install", "-d", "-o", "nagios", "/run/nagios")
        cls.nrpe = cls.machine.start("nrpe", "-f", "-c", "/etc/nagios/nrpe.cfg")
        cls.wait_for_nrpe()
        asked = [(command, version) for command in COMMANDS for version in VERSIONS]
        asked += [(command, version) for command in more for version in VERSIONS]
        with ThreadPoolExecutor(4) as pool:
            cls.answers = dict(zip(asked, pool.map(lambda one: cls.ask(*one), asked)))
        wait_for_empty_queue()

    @classmethod
    def wait_for_nrpe(cls):
        end = time.monotonic() + 20
        while True:
            with contextlib.suppress(OSError), socket.create_connection(("127.0.0.1", PORT)):
                return
            if time.monotonic() > end or cls.nrpe.poll() is not None:
                raise AssertionError("nrpe does not listen:\n" + cls.machine.read("/var/log/started.log"))
            time.sleep(0.05)

    @classmethod
    def ask(cls, command, version, *arguments):
        done = cls.machine.run(PLUGINS + "/check_nrpe", "-H", "127.0.0.1", "-t", "50", *VERSIONS[version], "-c",
                               command, *arguments, user="nagios", check=False)
        return Answer(done)

    def test_all_plugins_in_all_packets(self):
        for command, service in COMMANDS.items():
            for version in VERSIONS:
                with self.subTest(command, version=version):
                    answer = self.answers[command, version]
                    self.assertEqual(answer.code, 0, answer.text)
                    self.assertRegex(answer.line, "^%s OK - .* \\| " % service)
                    self.assertIn("total", answer.labels)
                    self.assertLess(len(answer.text), OLD_PACKET)

    def test_picked_labels_come_whole_in_packets_of_all_versions(self):
        labels = re.search(r" --perfdata (\S+)$", self.own, re.M).group(1).split(",")
        for command, code in (("check_mail_roundtrip", 0), ("picked", 1)):
            for version in VERSIONS:
                answer = self.answers[command, version]
                self.assertEqual((answer.code, sorted(answer.labels)), (code, sorted(labels)), answer.text)

    def test_all_labels_come_whole_in_packets_of_version_4_only(self):
        new = self.answers["whole", "4"]
        self.assertGreater(len(new.text), OLD_PACKET)
        self.assertEqual((new.code, new.labels[-1]), (1, "imap_chain_days"), new.text)
        for version in ("2", "3"):  # Debian's nrpe 4.1.0 fills no more of a packet of version 3 either
            old = self.answers["whole", version]
            self.assertEqual((old.code, len(old.text.rstrip("\n"))), (1, OLD_PACKET))
            self.assertNotIn("imap_chain_days", old.labels)

    def test_exit_codes_pass_through(self):
        for command, code, begin in (("warning", 1, "IMAP WARNING - total is "),
                                     ("critical", 2, "IMAP CRITICAL - auth: auth-failed"),
                                     ("unknown", 3, "IMAP UNKNOWN - --extra-opts: ")):
            for version in VERSIONS:
                answer = self.answers[command, version]
                self.assertEqual((answer.code, answer.text[:len(begin)]), (code, begin))

    def test_the_other_side_cannot_give_arguments(self):
        answer = self.ask("check_imap_login", "4", "-a", "--hostname", "elsewhere.example.org")
        self.assertNotEqual(answer.code, 0)
        self.assertNotIn("IMAP", answer.text)


if __name__ == "__main__":
    unittest.main(argv=sys.argv, verbosity=2)
