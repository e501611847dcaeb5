#!/usr/bin/env python3
"""SYSTEM_ROOT=POINTER installed_test.py - the package beside the real monitoring systems: their users have their state
folders, and the programs that the package waits for (debian/triggers) are where it looks for them. Needs root and a
mount name space of its own."""

import os
import re
import unittest

from packages import TOP, check_state_folders
from system_root import Machine


class Installed(unittest.TestCase):
    def test_beside_the_monitoring_systems(self):
        with Machine("installed") as machine:
            check_state_folders(self, machine, ["nagios", "zabbix"])
            with open(os.path.join(TOP, "packaging/debian/monitoring-plugins-mail.triggers"), encoding="utf-8") as file:
                awaited = set(re.findall(r"^interest-noawait (\S+)$", file.read(), re.M))
            there = {path for path in awaited if os.path.exists(machine.path(path))}
            absent = {"/usr/sbin/zabbix_agent2", "/usr/sbin/zabbix_proxy"}  # not installed in this root
            self.assertEqual(awaited - there, absent)


if __name__ == "__main__":
    unittest.main(verbosity=2)
