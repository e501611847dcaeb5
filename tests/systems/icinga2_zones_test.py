#!/usr/bin/env python3
"""Round trips from three places: packaging/icinga2/zones as it is shipped, on three real nodes of Icinga 2.

    SYSTEM_ROOT=... PLUGIN=.../check_mail_roundtrip mail_path.py icinga2_zones_test.py

Each node is a machine of its own, on an address of loopback of its own. Checks are ordered by the API, so that nothing
waits for an interval."""

import contextlib
import os
import sys
import time
import unittest

sys.path[:0] = [os.path.join(os.path.dirname(os.path.abspath(__file__)), "../live")]

import accounts  # noqa: E402
from harness import ENV  # noqa: E402
from icinga2_node import STATES, Authority, Node, shipped, trust, wait_for  # noqa: E402
from roundtrip_harness import MAIL  # noqa: E402
from system_root import Machine  # noqa: E402
from usual_ports import UsualPorts  # noqa: E402

PORTS = {993: ("127.0.0.1", int(ENV["LIVE_IMAPS_PORT"])), 587: ("127.0.0.1", int(MAIL["MAIL_PORT_PATH"]))}
USER = "letters"
PASSWORD = accounts.USERS[USER][0]
PLACES = {"master": "127.0.0.2", "berlin": "127.0.0.3", "lisbon": "127.0.0.4"}
HOST = "mail of example.test"
VERDICT = HOST + "!mail-roundtrip"
PASSWORD_FILE = "/etc/icinga2/mail.password"
ATTEMPTS = 3
# a secret among the variables, on its way to a satellite
SECRET = """
object Service "imap-login" {
  host_name = "mail of example.test"
  check_command = "imap_login"
  command_endpoint = "berlin.node"
  check_timeout = 35s
  vars.mailcheck_hostname = "%s"
  vars.imap_login_user = "%s"
  vars.imap_login_password = "%s"
}
""" % (ENV["LIVE_HOST"], USER, PASSWORD)


def here(name):
    """A shipped file with the values of the test servers; the nodes keep their names."""
    text = shipped("zones/" + name)
    for place, (number, address) in zip(PLACES, enumerate(PLACES.values(), 1)):
        text = text.replace("192.0.2.%d" % number, address)
        text = text.replace(place + ".example.org", place + ".node")
    text = text.replace("mail.example.org", ENV["LIVE_HOST"]).replace("monitor@example.org", USER + "@example.test")
    return text.replace('"monitor"', '"%s"' % USER).replace("example.org", "example.test")


def place(name):
    return "%s!mail-roundtrip-from-%s" % (HOST, name)


class Zones(unittest.TestCase):
    maxDiff = None

    @classmethod
    def setUpClass(cls):
        stack = contextlib.ExitStack()
        cls.addClassCleanup(stack.close)
        stack.enter_context(UsualPorts(PORTS))
        authority = Authority()
        stack.callback(authority.remove)
        cls.nodes = {name: Node(stack.enter_context(Machine(name)), authority, name + ".node", address)
                     for name, address in PLACES.items()}
        cls.master = cls.nodes["master"]
        for name, node in cls.nodes.items():
            node.set_up("accept_commands = true")
            if node is not cls.master:
                node.is_satellite()
            cls.prepare(node.machine)
        cls.master.machine.write("/etc/icinga2/zones.d/master/places.conf", here("places.conf"), owner="nagios")
        cls.master.machine.write("/etc/icinga2/zones.d/master/secret.conf", SECRET, owner="nagios")
        os.remove(cls.master.machine.path("/etc/icinga2/conf.d/hosts.conf"))  # the master's own disk is another story
        cls.processes = {name: node.start("--log-level", "notice") for name, node in cls.nodes.items()}
        cls.master.wait_until_up()
        wait_for(lambda: "all are connected\n%s" % "".join(node.log() for node in cls.nodes.values()), cls.connected)

    @classmethod
    def prepare(cls, machine):
        trust(machine, ENV["LIVE_CA_FILE"])
        machine.write("/etc/icinga2/zones.conf", here("zones.conf"), owner="nagios")
        machine.write(PASSWORD_FILE, PASSWORD + "\n", owner="nagios", mode=0o600)
        machine.state_folder()

    @classmethod
    def connected(cls, without=()):
        """Whether the satellites are connected, but for those that should not be."""
        rows = {row["name"]: row["attrs"]["connected"] for row in cls.master.ask("/v1/objects/endpoints")}
        return all(rows[name + ".node"] == (name not in without) for name in PLACES if name != "master")

    def ask(self, name, until=None):
        """Has a place checked until its state is a hard `until`; returns its attributes."""
        for _ in range(ATTEMPTS + 1):
            row = self.master.check_now(place(name))[place(name)]
            if until is None or (STATES[int(row["state"])] == until and row["state_type"] == 1):
                return row
        self.fail("%s is %s: %s" % (name, row["state"], row["last_check_result"]["output"]))

    def verdict(self, state, *words):
        row = self.master.check_now(VERDICT)[VERDICT]
        text = row["last_check_result"]["output"]
        self.assertEqual(STATES[int(row["state"])], state, text)
        self.assertEqual(row["state_type"], 1)
        for word in words:
            self.assertIn(word, text)
        return row

    def check_is_skipped(self, name):
        """The dependency: when its time has come it is put off, and nothing is run."""
        self.master.ask("/v1/actions/reschedule-check", type="Service", service=name, next_check=time.time())
        line = "Skipping check for object '%s': Dependency failed." % name
        wait_for(line, lambda: line in self.master.log())

    def fail_in(self, name, how):
        machine = self.nodes[name].machine
        if how == "wrong password":
            machine.write(PASSWORD_FILE, "Kein-Wort-davon-wahr-0\n", owner="nagios", mode=0o600)
        else:
            machine.write("/etc/hosts", "127.0.0.99 %s\n" % ENV["LIVE_HOST"])  # nobody listens there

    def test_a_secret_reaches_a_satellite_by_the_environment(self):
        name = HOST + "!imap-login"
        result = self.master.check_now(name)[name]["last_check_result"]
        self.assertEqual((result["exit_status"], result["check_source"]), (0, "berlin.node"), result["output"])
        self.assertEqual(sorted(result["command"][1:]), sorted([
            "--hostname", ENV["LIVE_HOST"], "--user", USER, "--timeout", "30",
            "--password-env", "MAILCHECK_IMAP_LOGIN_PASSWORD"]))

    def test_what_the_places_say_together(self):
        # nothing is known yet of the other two, and one is not enough
        self.assertEqual(self.master.services()[place("berlin")]["last_check_result"], None)
        self.ask("master", "OK")
        self.verdict("UNKNOWN", "no word: berlin (pending), lisbon (pending)", "fine: master")

        for name in PLACES:
            row = self.ask(name, "OK")
            self.assertEqual(row["last_check_result"]["check_source"], name + ".node")
            self.assertIn("arrived after", row["last_check_result"]["output"])
        self.verdict("OK", "fine: berlin, lisbon, master")

        # one place fails: softly, then for sure; no alarm
        self.fail_in("berlin", "wrong password")
        row = self.ask("berlin")
        self.assertEqual((STATES[int(row["state"])], row["state_type"]), ("CRITICAL", 0))
        self.verdict("OK", "fine: berlin, lisbon, master")
        self.assertIn("auth-failed", self.ask("berlin", "CRITICAL")["last_check_result"]["output"])
        self.verdict("OK", "fails: berlin; fine: lisbon, master")

        # the second one: an alarm as soon as it is for sure
        self.fail_in("lisbon", "unreachable")
        self.ask("lisbon")
        self.verdict("OK", "fails: berlin; fine: lisbon, master")
        self.assertIn("connect", self.ask("lisbon", "CRITICAL")["last_check_result"]["output"])
        row = self.verdict("CRITICAL", "fails: berlin, lisbon; fine: master")
        self.assertEqual(row["last_check_result"]["performance_data"], ["failing=2;;;0", "slow=0;;;0", "silent=0;;;0"])

        # one is mended
        self.nodes["berlin"].machine.write(PASSWORD_FILE, PASSWORD + "\n", owner="nagios", mode=0o600)
        self.ask("berlin", "OK")
        self.verdict("OK", "fails: lisbon; fine: berlin, master")

        # a place that cannot try at all has no word
        os.remove(self.nodes["master"].machine.path(PASSWORD_FILE))
        self.ask("master", "UNKNOWN")
        self.verdict("OK", "fails: lisbon; no word: master (UNKNOWN); fine: berlin")

        # nor has one whose satellite is gone: it is not checked, and its last state does not count
        self.nodes["lisbon"].machine.end(self.processes["lisbon"])
        wait_for("lisbon is gone", lambda: self.connected(without=["lisbon"]))
        self.verdict("UNKNOWN", "no word: lisbon (not connected), master (UNKNOWN); fine: berlin")
        for _ in range(ATTEMPTS):
            row = self.master.check_now("lisbon.node", kind="Host")["lisbon.node"]
        self.assertEqual((row["state"], row["state_type"]), (1, 1), row["last_check_result"]["output"])
        self.check_is_skipped(place("lisbon"))

        # results that are too old say nothing
        self.master.evaluate('get_host("%s").vars.mail_places_too_old = 0' % HOST)
        self.verdict("UNKNOWN", "no word: berlin (too old), lisbon (not connected), master (too old)")


if __name__ == "__main__":
    unittest.main(argv=sys.argv, verbosity=2)
