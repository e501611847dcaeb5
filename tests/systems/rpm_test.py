#!/usr/bin/env python3
"""PACKAGES=FOLDER rpm_test.py - the RPM package in FOLDER, built with Debian's rpmbuild: rpmlint's opinion, content,
requirements, hardening, and its life in a small root: installed by rpm (dependencies aside: the root has them as
Debian's packages), run there, erased without a trace. Needs root."""

import os
import re
import tempfile
import unittest

import packages
from packages import (PLUGINS, STATE, TOP, Root, check_plugins_run, check_state_folder_is_used, check_state_folders,
                      differences, output, package, run)

FOLDER = "/usr/lib64/nagios/plugins"
MODULE = FOLDER + "/monitoring-plugins-mail/mailcheck_http_curl.so"
SHARED = "/usr/share/monitoring-plugins-mail"
DATABASE = "/var/lib/rpm"
SPEC = os.path.join(TOP, "packaging/rpm/monitoring-plugins-mail.spec")


class File(unittest.TestCase):
    """The package as a file."""

    @classmethod
    def setUpClass(cls):
        cls.rpm = package("monitoring-plugins-mail-VERSION-*.x86_64.rpm")
        cls.source = package("monitoring-plugins-mail-VERSION-*.src.rpm")

    def test_rpmlint_has_no_complaint(self):
        settings = os.path.join(os.path.dirname(SPEC), "rpmlint.toml")
        said = run("rpmlint", "--strict", "--config", settings, SPEC, self.rpm, self.source, check=False).stdout
        self.assertRegex(said, r"\b2 packages and 1 specfiles checked; 0 errors, 0 warnings\b")

    def test_requirements(self):
        required = {line.split("(")[0].split()[0] for line in output("rpm", "-qpR", self.rpm).splitlines()
                    if not line.startswith("rpmlib(")}
        others = {"/bin/sh", "ca-certificates", "coreutils", "rtld"}
        self.assertEqual(required, packages.NEEDED | packages.MODULE_NEEDED | others)

    def test_every_file_has_its_place(self):
        listed = output("rpm", "-qp", "--qf", "[%{FILENAMES} %{FILEMODES:perms} %{FILEUSERNAME} %{FILEGROUPNAME}\n]",
                        self.rpm).splitlines()
        for line in listed:
            path, mode, *owner = line.split()
            self.assertEqual(owner, ["root", "root"], line)
            may_run = path.startswith(FOLDER) or path in (SHARED + "/make-state-folders", SHARED + "/zabbix/mail_check")
            self.assertIn(mode, ("drwxr-xr-x", "lrwxrwxrwx", "-rwxr-xr-x" if may_run else "-rw-r--r--"), line)
        there = {line.split()[0] for line in listed}
        doc = "/usr/share/doc/monitoring-plugins-mail/"
        wanted = {form % name for name in PLUGINS for form in (
            FOLDER + "/%s", "/usr/bin/%s", "/usr/share/man/man1/%s.1.gz", "/usr/share/bash-completion/completions/%s",
            "/usr/share/zsh/site-functions/_%s", "/usr/share/fish/vendor_completions.d/%s.fish")}
        wanted |= {MODULE, STATE, SHARED + "/make-state-folders", SHARED + "/plugin-output.schema.json",
                   SHARED + "/nagios/mail-plugins.cfg", doc + "examples/mail-plugins.ini", doc + "README.md",
                   "/usr/share/man/man7/monitoring-plugins-mail.7.gz",
                   "/usr/share/icinga2/include/plugins-contrib.d/mailcheck.conf"}
        self.assertEqual(wanted - there, set())
        strange = re.compile(r".*[.]pyc?|/usr/lib/(?!.build-id).*")
        self.assertEqual([name for name in there if strange.fullmatch(name)], [])

    def test_hardening(self):
        with tempfile.TemporaryDirectory() as folder:
            run("sh", "-c", 'rpm2cpio "$0" | cpio --extract --quiet --make-directories', self.rpm, cwd=folder)
            for name in PLUGINS:
                path = folder + FOLDER + "/" + name
                self.assertEqual(packages.hardening_faults(path), [], name)
                self.assertLessEqual(packages.needed(path), packages.NEEDED, name)
            self.assertEqual(packages.hardening_faults(folder + MODULE, is_module=True), [])
            self.assertEqual(packages.needed(folder + MODULE), packages.MODULE_NEEDED)


class Life(unittest.TestCase):
    """The package in a root of its own."""

    @classmethod
    def setUpClass(cls):
        cls.root = Root(package("monitoring-plugins-mail_VERSION_*.deb"))
        cls.addClassCleanup(cls.root.remove)
        cls.rpm = package("monitoring-plugins-mail-VERSION-*.x86_64.rpm")

    def rpm_there(self, *arguments):
        return output("rpm", "--root", self.root.root, "--dbpath", DATABASE, "--force-debian", *arguments)

    def test_installed_run_and_erased(self):
        os.mkdir(self.root.path("/usr/share/licenses"))  # part of every Fedora
        before = self.root.picture([DATABASE])
        self.assertEqual(self.rpm_there("--install", "--nodeps", self.rpm), "")
        self.assertEqual(self.rpm_there("--verify", "--nodeps", "monitoring-plugins-mail"), "")
        check_state_folders(self, self.root, ["nagios", "icinga"])
        check_plugins_run(self, self.root, FOLDER)
        check_state_folder_is_used(self, self.root, "/usr/bin/check_mail_roundtrip")
        self.assertEqual(self.rpm_there("--upgrade", "--replacepkgs", "--nodeps", self.rpm), "")
        self.assertEqual(len(os.listdir(self.root.path(STATE + "/nagios"))), 1, "an upgrade forgets nothing")
        self.assertEqual(self.rpm_there("--erase", "monitoring-plugins-mail"), "")
        self.assertEqual(differences(before, self.root.picture([DATABASE])), {})


if __name__ == "__main__":
    unittest.main(verbosity=2)
