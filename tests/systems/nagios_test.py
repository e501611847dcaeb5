#!/usr/bin/env python3
"""The real nagios4 of Debian with packaging/nagios/*.cfg: its check of the configuration, and what its status file says
after it has run all four plugins as the user nagios. Run by mail_path.py; SYSTEM_ROOT: see system_root.py."""

import os
import re
import sys
import time
import unittest

sys.path.append(os.path.dirname(os.path.abspath(__file__)))

from mail_ini import ACCOUNT, HOST, INI, prepare, shipped, usual_ports  # noqa: E402
from harness import PERFDATA, secret  # noqa: E402
from roundtrip_harness import wait_for_empty_queue  # noqa: E402
from system_root import STATE_FOLDER, Machine  # noqa: E402

CONFIGURATION = "/etc/nagios4/nagios.cfg"
STATUS = "/var/lib/nagios4/status.dat"
PATIENCE_SECONDS = 60
WRONG = """
[wrong-password]
user = letters
password = not-the-password
"""
# Beside the example: one of each other state, and long output.
MORE = """
define service {
    use                 mail-service
    host_name           mail
    service_description Wrong password
    check_command       check_imap_login!wrong-password
}
define service {
    use                 mail-service
    host_name           mail
    service_description Too slow
    check_command       check_imap_login!imap-probe!--warning 0.000001 --perfdata total,auth
}
define service {
    use                 mail-service
    host_name           mail
    service_description No such section
    check_command       check_smtp_submit!nowhere
}
define service {
    use                 mail-service
    host_name           mail
    service_description Long output
    check_command       check_smtp_submit!smtp-probe!-vvv
}
"""
QUICK = {"status_update_interval": 1, "check_result_reaper_frequency": 1, "service_inter_check_delay_method": "n",
         "service_interleave_factor": 1, "check_for_updates": 0, "use_syslog": 0, "execute_host_checks": 0,
         "enable_notifications": 0}


def configure(machine):
    """Debian's configuration with our files where it looks for them."""
    machine.write("/etc/nagios-plugins/config/mail-plugins.cfg", shipped("mail-plugins.cfg"))
    machine.write("/etc/nagios4/conf.d/mail.cfg", shipped("example-services.cfg"))


def hurry(machine):
    """Everything is checked at once, and nothing but our host."""
    text = machine.read(CONFIGURATION).replace("cfg_file=/etc/nagios4/objects/localhost.cfg\n", "")
    for name, value in QUICK.items():
        text, count = re.subn(r"(?m)^%s=.*$" % name, "%s=%s" % (name, value), text)
        assert count == 1, name
    machine.write(CONFIGURATION, text)


def services(text):
    """service -> its fields, of a status file."""
    blocks = re.findall(r"^servicestatus \{\n(.*?)^\t\}$", text, re.M | re.S)
    fields = [dict(re.findall(r"^\t(\w+)=(.*)$", block, re.M)) for block in blocks]
    return {each["service_description"]: each for each in fields}


class Nagios(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.enterClassContext(usual_ports())
        cls.machine = cls.enterClassContext(Machine("nagios"))
        prepare(cls.machine, "example-services.cfg", WRONG)
        configure(cls.machine)
        cls.verified = cls.machine.run("nagios4", "-v", CONFIGURATION, user="nagios").stdout
        cls.machine.write("/etc/nagios4/conf.d/more.cfg", MORE)
        hurry(cls.machine)
        cls.machine.run("install", "-d", "-o", "nagios", "/run/nagios4")
        cls.nagios = cls.machine.start("nagios4", CONFIGURATION, user="nagios")
        cls.services = cls.wait_for_services()
        wait_for_empty_queue()

    @classmethod
    def wait_for_services(cls):
        end = time.monotonic() + PATIENCE_SECONDS
        while True:
            found = services(cls.machine.read(STATUS)) if os.path.exists(cls.machine.path(STATUS)) else {}
            if found and all(each["has_been_checked"] == "1" for each in found.values()):
                return found
            if time.monotonic() > end or cls.nagios.poll() is not None:
                raise AssertionError("nagios4 has not run everything: %s\n%s" % (
                    {name: each["plugin_output"] for name, each in found.items()},
                    cls.machine.read("/var/log/nagios4/nagios.log")))
            time.sleep(0.1)

    def check(self, service, code, begin, *labels):
        """State, first line and performance data of a service."""
        fields = self.services[service]
        self.assertEqual(fields["current_state"], str(code), fields)
        self.assertRegex(fields["plugin_output"], "^" + begin)
        self.assertNotIn("|", fields["plugin_output"] + fields["long_plugin_output"])
        values = {quoted or bare: float(value) for quoted, bare, value, *_ in
                  PERFDATA.findall(fields["performance_data"])}
        self.assertEqual(len(values), len(fields["performance_data"].split()), fields["performance_data"])
        self.assertEqual([label for label in labels if label not in values], [], fields)
        return values

    def test_it_accepts_the_commands_and_the_example(self):
        self.assertRegex(self.verified, r"Total Warnings: 0\s+Total Errors:\s+0")
        self.assertIn("Checked 2 hosts", self.verified)

    def test_the_log_in(self):
        self.check("IMAP log in", 0, "IMAP OK - %s: logged in as letters" % HOST, "connect", "tls", "auth", "total",
                   "messages")

    def test_the_submission(self):
        self.check("Submission", 0, "SMTP OK - %s: " % HOST, "connect", "ehlo", "tls", "auth", "total")

    def test_the_round_trip(self):
        values = self.check("Mail arrives", 0, "ROUNDTRIP OK - ", "smtp_connect", "imap_connect", "transit", "total",
                            "pending", "lost")
        self.assertEqual(values["lost"], 0)
        self.assertTrue(self.machine.run("ls", STATE_FOLDER).stdout)

    def test_the_encryption(self):
        for service in ("Encryption of SMTP", "Encryption of IMAP"):
            self.check(service, 0, "MAIL TLS OK - ", "tls", "total", "cert_days", "chain_days")

    def test_a_refused_log_in_is_critical(self):
        self.check("Wrong password", 2, "IMAP CRITICAL - auth: auth-failed", "connect", "tls", "total")

    def test_options_of_the_service_come_after_those_of_the_section(self):
        values = self.check("Too slow", 1, "IMAP WARNING - total is ", "total")
        self.assertEqual(list(values), ["auth", "total"])

    def test_a_mistake_is_unknown_and_names_the_file(self):
        self.check("No such section", 3, "SMTP UNKNOWN - --extra-opts: ")
        self.assertIn(INI, self.services["No such section"]["plugin_output"])

    def test_long_output_takes_nothing_from_the_performance_data(self):
        self.check("Long output", 0, "SMTP OK - ", "connect", "tls", "auth", "total")
        long = self.services["Long output"]["long_plugin_output"]
        for part in ("steps:", "facts:", "dialogue:", "250"):
            self.assertIn(part, long)

    def test_nagios_knows_no_password(self):
        with open(secret(ACCOUNT), encoding="utf-8") as file:
            passwords = [file.read().strip(), "not-the-password"]
        for file in ("/var/lib/nagios4/objects.cache", STATUS, "/var/log/nagios4/nagios.log"):
            text = self.machine.read(file)
            self.assertTrue(text)
            self.assertEqual([word for word in passwords if word in text], [])


if __name__ == "__main__":
    unittest.main(argv=sys.argv, verbosity=2)
