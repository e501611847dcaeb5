#!/usr/bin/env python3
"""The Director takes director-basket.json: a real one, with a data base of its own.

    SYSTEM_ROOT=... director_test.py

Needs root. No network but loopback."""

import ctypes
import glob
import os
import subprocess
import sys
import time
import unittest

HERE = os.path.dirname(os.path.abspath(__file__))
sys.path[:0] = [os.path.join(HERE, "../live")]

import name_space  # noqa: E402
from system_root import Machine  # noqa: E402

DATA, SOCKETS = "/var/lib/postgresql/cluster", "/run/postgresql"
COMMANDS = ["imap_login", "mail_roundtrip", "mail_tls", "smtp_submit"]
RESOURCES = """[director]
type = "db"
db = "pgsql"
host = "localhost"
dbname = "director"
username = "director"
password = "none"
charset = "utf8"
"""


class Director(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.machine = Machine("director")
        cls.machine.__enter__()
        cls.addClassCleanup(cls.machine.__exit__)
        cls.start_database()
        for module in ("director", "incubator"):
            cls.machine.run("ln", "-sfn", "/usr/share/icingaweb2/modules/" + module,
                            "/etc/icingaweb2/enabledModules/" + module)
        cls.machine.write("/etc/icingaweb2/config.ini", '[global]\nconfig_resource = "director"\n')
        cls.machine.write("/etc/icingaweb2/resources.ini", RESOURCES)
        cls.machine.write("/etc/icingaweb2/modules/director/config.ini", '[db]\nresource = "director"\n')
        cls.machine.run("icingacli", "director", "migration", "run")

    @classmethod
    def start_database(cls):
        machine = cls.machine
        programs = os.path.dirname(glob.glob(machine.path("/usr/lib/postgresql/*/bin/initdb"))[0])[len(machine.root):]
        machine.run("install", "-d", "-o", "postgres", SOCKETS)
        machine.run(programs + "/initdb", "--pgdata", DATA, "--auth=trust", "--no-sync", "--encoding=UTF8",
                    "--locale=C.UTF-8", user="postgres")
        machine.start(programs + "/postgres", "-D", DATA, "-c", "fsync=off", user="postgres",
                      log="/var/log/postgres.log")
        end = time.monotonic() + 60
        while machine.run("createuser", "director", user="postgres", check=False).returncode != 0:
            if time.monotonic() > end:
                raise AssertionError(machine.read("/var/log/postgres.log"))
            time.sleep(0.1)
        machine.run("createdb", "--owner=director", "director", user="postgres")
        machine.run("psql", "director", "-c", "create extension pgcrypto", user="postgres")

    def restore(self):
        with open(os.path.join(HERE, "../../packaging/icinga2/director-basket.json"), encoding="utf-8") as file:
            self.machine.write("/var/lib/basket.json", file.read())
        done = self.machine.run("sh", "-c", "icingacli director basket restore </var/lib/basket.json")
        self.assertIn("have been restored", done.stdout)

    def rows(self, question):
        done = self.machine.run("psql", "director", "--no-align", "--tuples-only", "-c", question, user="postgres")
        return done.stdout.split("\n")[:-1]

    def test_it_is_restored_and_a_second_time_changes_nothing(self):
        self.restore()
        fields = self.rows("select varname from director_datafield order by varname")
        self.assertGreater(len(fields), 60)
        linked = self.rows("select varname from icinga_command_field join director_datafield on id = datafield_id "
                           "order by varname")
        self.assertEqual(linked, fields)
        self.assertEqual(self.rows("select object_name from icinga_command where object_type = 'external_object' "
                                   "order by object_name"), COMMANDS)
        hidden = self.rows("select varname from director_datafield join director_datafield_setting "
                           "on id = datafield_id where setting_value = 'hidden' order by varname")
        self.assertEqual(hidden, [name for name in fields if name.endswith("_password")])
        self.restore()
        self.assertEqual(self.rows("select varname from director_datafield order by varname"), fields)

    def test_what_is_deployed_has_templates_and_no_commands(self):
        self.restore()
        self.machine.run("icingacli", "director", "config", "render")
        text = self.machine.run("icingacli", "director", "service", "show", "mail-imap-login").stdout
        self.assertIn('template Service "mail-imap-login" {\n    check_command = "imap_login"\n', text)
        files = self.rows("select file_path from director_generated_config_file")
        self.assertTrue(any("service_templates" in file for file in files), files)
        self.assertFalse(any("commands" in file for file in files), files)


def main():
    name_space.enter()
    if ctypes.CDLL(None).unshare(name_space.CLONE_NEWNS) != 0:
        sys.exit("director_test.py: no mount name space")
    subprocess.run(["mount", "--make-rprivate", "/"], check=True)
    unittest.main(argv=sys.argv, verbosity=2)


if __name__ == "__main__":
    main()
