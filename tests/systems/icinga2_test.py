#!/usr/bin/env python3
"""Icinga 2 runs the plugins: packaging/icinga2 as it is shipped, a real daemon, the mail servers of mail_path.py.

    SYSTEM_ROOT=... PLUGIN=.../check_mail_roundtrip mail_path.py icinga2_test.py

What README.md tells people to paste is run as it stands, but for host, address, account and password; so is
example-services.conf. The machine trusts the servers' certificate authority, and they are on the usual ports."""

import contextlib
import os
import re
import subprocess
import sys
import unittest

sys.path[:0] = [os.path.join(os.path.dirname(os.path.abspath(__file__)), "../live")]

import accounts  # noqa: E402
import mail_path  # noqa: E402
from harness import ENV, PERFDATA, PLUGIN  # noqa: E402
from icinga2_node import SHIPPED, STATES, Authority, Node, shipped, trust, wait_for  # noqa: E402
from roundtrip_harness import AUTHSERV_ID, MAIL  # noqa: E402
from system_root import Machine  # noqa: E402
from usual_ports import UsualPorts  # noqa: E402

PORTS = {993: ("127.0.0.1", int(ENV["LIVE_IMAPS_PORT"])), 143: ("127.0.0.1", int(ENV["LIVE_IMAP_PORT"])),
         587: ("127.0.0.1", int(MAIL["MAIL_PORT_PATH"])), 25: (mail_path.INSIDE, 25)}
USER, PASSWORD = "letters", accounts.USERS["letters"][0]
TOKEN, WRONG = accounts.token(USER), "Kein-$$Wort-davon-wahr-0"
QUOTED = accounts.USERS["quoted"][0]
HOST = ENV["LIVE_HOST"]
# more of what mailcheck.conf can do than the examples show
MORE = r"""
object Host "another name" {
  check_command = "dummy"
  address = "127.0.0.1"
  vars.mailcheck_hostname = "%(host)s"
}
object Host "by-address" {
  check_command = "dummy"
  address = "%(host)s"
}
template Service "more" {
  check_interval = 1h
  max_check_attempts = 1
}
object Service "wrong-password" {
  import "more"
  host_name = "another name"
  check_command = "imap_login"
  vars.imap_login_user = "%(user)s"
  vars.imap_login_password = "%(wrong)s"
}
object Service "odd-password" {
  import "more"
  host_name = "another name"
  check_command = "imap_login"
  vars.imap_login_user = "quoted"
  vars.imap_login_password = "%(quoted)s"
  vars.imap_login_verbose = 2
  vars.imap_login_quota = true
  vars.imap_login_list = [ "INBOX", "inbox" ]
}
object Service "by-environment" {
  import "more"
  host_name = "by-address"
  check_command = "smtp_submit"
  check_timeout = 25s
  vars.smtp_submit_user = "%(user)s"
  vars.smtp_submit_password = "%(password)s"
  vars.smtp_submit_stop_after = "auth"
}
object Service "both-sides" {
  import "more"
  host_name = "by-address"
  check_command = "mail_roundtrip"
  vars.mail_roundtrip_smtp_hostname = "%(host)s"
  vars.mail_roundtrip_smtp_user = "%(user)s"
  vars.mail_roundtrip_smtp_password = "%(password)s"
  vars.mail_roundtrip_imap_user = "%(user)s"
  vars.mail_roundtrip_imap_oauth2_token = "%(token)s"
  vars.mail_roundtrip_from = "%(user)s@example.test"
  vars.mail_roundtrip_to = "%(user)s@example.test"
  vars.mail_roundtrip_authserv_id = [ "%(authserv_id)s" ]
  vars.mail_roundtrip_require = "spf,dkim,dmarc"
  vars.mail_roundtrip_id = "sides"
}
object Service "mx" {
  import "more"
  host_name = "another name"
  check_command = "mail_tls"
  vars.mail_tls_mx = "example.test"
  vars.mail_tls_dane = "if-present"
  vars.mail_tls_result = [ "name-mismatch=ok" ]
  vars.mail_tls_warning = [ "cert_days=~:100000" ]
  vars.mail_tls_extra_opts = [ "authority@/etc/icinga2/more.ini" ]
}
object Service "nothing-given" {
  import "more"
  host_name = "another name"
  check_command = "mail_roundtrip"
}
"""


def escaped(text):
    """A value as Icinga's language wants it between quotes, and not as a macro."""
    return text.replace("\\", "\\\\").replace('"', '\\"').replace("$", "$$")


def here(text):
    """A shipped text with the values of the test servers."""
    for shown, real in (("192.0.2.25", "127.0.0.1"), ('"monitor"', '"%s"' % USER), ('"secret"', '"%s"' % PASSWORD),
                        ("mail.example.org", HOST), ("monitor@example.org", USER + "@example.test")):
        assert shown in text or shown in ('"secret"', "monitor@example.org"), shown
        text = text.replace(shown, real)
    return text


def shell_block():
    """What README.md has people paste into a shell."""
    return re.search(r"^```sh\n(.*?)^```", shipped("README.md"), re.S | re.M).group(1)


def more():
    values = {"host": HOST, "user": USER, "authserv_id": AUTHSERV_ID, "token": TOKEN, "wrong": WRONG}
    return MORE % {**values, "password": escaped(PASSWORD), "quoted": escaped(QUOTED)}


def labels_of(plugin):
    done = subprocess.run([os.path.join(os.path.dirname(PLUGIN), "describe_options"), plugin, "labels"],
                          stdout=subprocess.PIPE, check=True)
    return done.stdout.decode().split()


class Icinga2(unittest.TestCase):
    """In the order of the names: first the user of README.md, who has nothing else; then all that the examples and the
    commands can do."""

    maxDiff = None

    @classmethod
    def setUpClass(cls):
        stack = contextlib.ExitStack()
        cls.addClassCleanup(stack.close)
        stack.enter_context(UsualPorts(PORTS))
        cls.machine = stack.enter_context(Machine("monitor"))
        trust(cls.machine, ENV["LIVE_CA_FILE"])
        # what systemd does for icinga2.service
        cls.machine.write("/usr/bin/systemctl", '#!/bin/sh\n[ "$*" = "reload icinga2" ] || exit 1\n'
                          "exec /usr/lib/icinga2/safe-reload /usr/lib/icinga2/icinga2\n", mode=0o755)
        authority = Authority()
        stack.callback(authority.remove)
        cls.node = Node(cls.machine, authority, "monitor.example.test")
        cls.node.set_up()
        cls.node.start()
        cls.node.wait_until_up()

    def wait_for_service(self, name):
        wait_for(lambda: "%s is known\n%s" % (name, self.node.log()),
                 lambda: name in (self.node.services_if_up() or ()))

    def check(self, attributes, state="OK"):
        """State, exit code and text of a result, and that Icinga reads each value of its performance data."""
        result = attributes["last_check_result"]
        said = "\n%s\n%s" % (" ".join(map(str, result["command"])), result["output"])
        self.assertEqual(STATES[int(attributes["state"])], state, said)
        self.assertEqual(int(result["exit_status"]), STATES.index(state), said)
        self.assertRegex(result["output"], r"^[A-Z ]+ %s - \S" % state)
        return result

    def check_perfdata(self, name, attributes):
        result = attributes["last_check_result"]
        plugin = os.path.basename(result["command"][0])
        given = result["performance_data"]
        parsed = self.node.parsed_perfdata(name)
        self.assertGreater(len(given), 5, result["output"])
        self.assertEqual(len(parsed), len(given))
        for text, value in zip(given, parsed):
            label, number, unit = PERFDATA.match(text).group(2, 3, 4)
            self.assertEqual(value["label"], label)
            self.assertAlmostEqual(value["value"], float(number), places=6, msg=text)
            self.assertEqual(value["unit"], {"s": "seconds", "%": "percent", "B": "bytes", "": ""}[unit], text)
        labels = [value["label"] for value in parsed]
        self.assertEqual(len(labels), len(set(labels)))
        self.assertEqual(set(labels) - set(labels_of(plugin)), set())
        return labels

    def test_1_what_the_readme_says(self):
        with open(os.path.join(SHIPPED, "../../README.md"), encoding="utf-8") as file:
            self.assertIn(shell_block(), file.read())  # it is told there, too
        done = self.machine.run("sh", "-c", here(shell_block()))
        self.assertNotIn("warning", done.stdout)
        name = HOST + "!imap-login"
        self.wait_for_service(name)
        attributes = self.node.check_now(name)[name]
        self.check(attributes)
        self.check_perfdata(name, attributes)
        command = attributes["last_check_result"]["command"]
        self.assertEqual(sorted(command[1:]), sorted(["--hostname", HOST, "--address", "127.0.0.1", "--user", USER,
                                                      "--password-env", "MAILCHECK_IMAP_LOGIN_PASSWORD"]))
        os.remove(self.machine.path("/etc/icinga2/conf.d/mail.conf"))

    # one for each service of test 2

    def see_imap_login(self, name, attributes):
        self.check(attributes)
        self.assertIn("total", self.check_perfdata(name, attributes))

    def see_smtp_submit(self, name, attributes):
        self.assertIn("nothing sent", self.check(attributes)["output"])
        self.check_perfdata(name, attributes)

    def see_tls_imap(self, name, attributes):
        self.check(attributes)
        self.assertIn("lifetime_left", self.check_perfdata(name, attributes))

    see_tls_submission = see_tls_smtp = see_tls_imap

    def see_mail_roundtrip(self, name, attributes):
        result = self.check(attributes)
        self.assertIn("arrived after", result["output"])
        self.assertLessEqual({"transit", "pending", "lost"}, set(self.check_perfdata(name, attributes)))
        self.assertEqual(self.after(result, "--timeout"), ["60"])

    def see_wrong_password(self, name, attributes):
        self.assertIn("auth-failed", self.check(attributes, "CRITICAL")["output"])
        self.assertIn("auth", self.check_perfdata(name, attributes))

    def see_odd_password(self, name, attributes):
        result = self.check(attributes)
        self.assertEqual(self.after(result, "--list"), ["INBOX", "inbox"])
        self.assertEqual(result["command"].count("--verbose"), 2)
        self.assertIn("\nsteps:\n", result["output"])
        self.assertEqual((self.after(result, "--hostname"), self.after(result, "--address")), ([HOST], ["127.0.0.1"]))
        self.check_perfdata(name, attributes)

    def see_by_environment(self, name, attributes):
        result = self.check(attributes)
        self.assertEqual((self.after(result, "--hostname"), self.after(result, "--address")), ([HOST], []))
        self.assertEqual(self.after(result, "--timeout"), ["20"])
        self.check_perfdata(name, attributes)

    def see_both_sides(self, name, attributes):
        self.assertIn("dkim pass, spf pass, dmarc pass", self.check(attributes)["output"])
        self.check_perfdata(name, attributes)

    def see_mx(self, name, attributes):
        result = self.check(attributes)
        self.assertEqual((self.after(result, "--hostname"), self.after(result, "--address")), ([], []))
        self.assertIn("--dane=if-present", result["command"])
        self.assertIn("--extra-opts=authority@/etc/icinga2/more.ini", result["command"])
        self.check_perfdata(name, attributes)

    def see_nothing_given(self, _, attributes):
        self.assertEqual(STATES[int(attributes["state"])], "UNKNOWN")
        self.assertIn("mail_roundtrip_from", attributes["last_check_result"]["output"])

    @staticmethod
    def after(result, option):
        """What follows an option, each time that it is there."""
        words = result["command"]
        return [words[place + 1] for place, word in enumerate(words) if word == option]

    def test_2_the_examples_and_what_else_there_is(self):
        self.machine.write("/etc/icinga2/conf.d/mail.conf", here(shipped("example-services.conf")), owner="nagios")
        self.machine.write("/etc/icinga2/conf.d/more.conf", more(), owner="nagios")
        self.machine.write("/etc/icinga2/mail.password", PASSWORD + "\n", owner="nagios", mode=0o600)
        self.machine.write("/etc/icinga2/more.ini", "[authority]\nca-path=/etc/ssl/certs\n")
        state_folder = self.machine.state_folder()
        for word in ("warning", "critical"):
            self.assertNotIn(word, self.node.validate())
        self.machine.run("systemctl", "reload", "icinga2")
        self.wait_for_service("another name!mx")
        examples = ["imap-login", "smtp-submit", "tls-imap", "tls-smtp", "tls-submission", "mail-roundtrip"]
        mine = ["wrong-password", "odd-password", "by-environment", "both-sides", "mx", "nothing-given"]
        rows = self.node.services()
        self.assertEqual({name.split("!")[1] for name in rows if name.startswith(HOST + "!")} & set(examples),
                         set(examples))
        names = {name.split("!")[1]: name for name in rows}
        wanted = [names[name] for name in examples + mine]
        rows = self.node.check_now(*wanted)
        for name in examples + mine:
            with self.subTest(name):
                getattr(self, "see_" + name.replace("-", "_"))(names[name], rows[names[name]])
        for name in wanted:
            words = rows[name]["last_check_result"]["command"] or []  # of a check that could not be run
            for secret in (PASSWORD, QUOTED, TOKEN, WRONG):
                self.assertNotIn(secret, words)
                self.assertNotIn(secret, rows[name]["last_check_result"]["output"])
        complaints = re.findall(r".*(?:PluginUtility|MacroProcessor|PerfdataValue|invalid perfdata).*", self.node.log())
        self.assertEqual([line for line in complaints if "'mail_roundtrip_from'" not in line], [])
        self.assertTrue(os.listdir(self.machine.path(state_folder)))


if __name__ == "__main__":
    unittest.main(argv=sys.argv, verbosity=2)
