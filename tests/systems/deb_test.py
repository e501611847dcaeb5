#!/usr/bin/env python3
"""PACKAGES=FOLDER deb_test.py - the Debian package in FOLDER: lintian's opinion, content, hardening, and its life in a
fresh root: installed by dpkg beside nothing but what it depends on, run there, upgraded, purged without a
trace. Needs root."""

import os
import re
import shutil
import tempfile
import unittest

import packages
from packages import (PLUGINS, STATE, TOP, Root, check_plugins_run, check_state_folder_is_used, check_state_folders,
                      differences, output, package, run)

FOLDER = "/usr/lib/nagios/plugins"
SHARED = "/usr/share/monitoring-plugins-mail"
# what dpkg notes of every installation
DPKG = [r"/var/log/dpkg\.log", r"/var/lib/dpkg/(status|available|diversions|lock)(-old|-frontend)?",
        r"/var/lib/dpkg/triggers/(File|Lock|Unincorp)", r"/var/cache/ldconfig/.*", r"/etc/ld\.so\.cache"]
ACCOUNTS = [r"/etc/(passwd|group|shadow|gshadow|subuid|subgid)-?", r"/etc/\.pwd\.lock"]


class File(unittest.TestCase):
    """The package as a file."""

    @classmethod
    def setUpClass(cls):
        cls.deb = package("monitoring-plugins-mail_VERSION_*.deb")
        cls.tree = tempfile.TemporaryDirectory()
        cls.addClassCleanup(cls.tree.cleanup)
        run("dpkg-deb", "--extract", cls.deb, cls.tree.name)

    def of(self, name):
        return self.tree.name + name

    def field(self, name):
        return output("dpkg-deb", "--field", self.deb, name).strip()

    def test_lintian_has_no_complaint(self):
        changes = package("monitoring-plugins-mail_VERSION_*.changes")
        said = output("lintian", "--allow-root", "--pedantic", "--display-info", "--show-overrides",
                      "--tag-display-limit", "0", "--fail-on", "none", changes).splitlines()
        # lintian takes machine code for words: that is overridden, as long as the source does not spell so
        spelt = [re.fullmatch(r"O: \S+: spelling-error-in-binary (\S+) .*", line) for line in said]
        self.assertEqual([line for line, match in zip(said, spelt) if not match and not line.startswith("N:")], [])
        for word in {match.group(1) for match in spelt if match}:
            found = run("grep", "-rnwF", word, "lib", "plugins", cwd=TOP, check=False)
            self.assertEqual((found.returncode, found.stdout), (1, ""))

    def test_names_and_dependencies(self):
        self.assertEqual(self.field("Version"), packages.version())
        names = {re.split("[ (]", part)[0] for part in self.field("Depends").split(", ")}
        self.assertEqual(names, {"ca-certificates", "libc6", "libcurl4", "libidn12", "libidn2-0", "libpsl5", "libssl3"})

    def test_every_file_has_its_place(self):
        listed = output("dpkg-deb", "--contents", self.deb).splitlines()
        for line in listed:
            mode, owner, *_, path = line.split(" -> ")[0].split()
            self.assertEqual(owner, "root/root", line)
            may_run = path.startswith(".%s/check_" % FOLDER) or path in (
                ".%s/make-state-folders" % SHARED, ".%s/zabbix/mail_check" % SHARED)
            wanted = "drwxr-xr-x" if path.endswith("/") else "-rwxr-xr-x" if may_run else "-rw-r--r--"
            self.assertEqual(mode, "lrwxrwxrwx" if " -> " in line else wanted, line)
        there = {"/" + os.path.relpath(os.path.join(where, name), self.tree.name)
                 for where, _, files in os.walk(self.tree.name) for name in files}
        doc = "/usr/share/doc/monitoring-plugins-mail/"
        wanted = {form % name for name in PLUGINS for form in (
            FOLDER + "/%s", "/usr/bin/%s", "/usr/share/man/man1/%s.1.gz", "/usr/share/bash-completion/completions/%s",
            "/usr/share/zsh/vendor-completions/_%s", "/usr/share/fish/vendor_completions.d/%s.fish")}
        wanted |= {FOLDER + "/monitoring-plugins-mail/mailcheck_http_curl.so", SHARED + "/make-state-folders",
                   SHARED + "/plugin-output.schema.json", doc + "copyright", doc + "changelog.gz",
                   doc + "examples/mail-plugins.ini", "/usr/share/man/man7/monitoring-plugins-mail.7.gz",
                   "/usr/share/icinga2/include/plugins-contrib.d/mailcheck.conf",
                   "/etc/nagios-plugins/config/mail-plugins.cfg"}
        self.assertEqual(wanted - there, set())
        for system in ("icinga2", "nagios", "zabbix", "grafana"):
            self.assertTrue(os.listdir(self.of(SHARED + "/" + system)), system)
        self.assertEqual([name for name in there - wanted if not name.startswith((SHARED + "/", doc))
                          and name != "/usr/share/lintian/overrides/monitoring-plugins-mail"], [])
        self.assertEqual([name for name in there if name.endswith((".py", ".pyc"))], [])

    def test_hardening(self):
        for name in PLUGINS:
            path = self.of(FOLDER + "/" + name)
            self.assertEqual(packages.hardening_faults(path), [], name)
            self.assertLessEqual(packages.needed(path), packages.NEEDED, name)
        module = self.of(FOLDER + "/monitoring-plugins-mail/mailcheck_http_curl.so")
        self.assertEqual(packages.hardening_faults(module, is_module=True), [])
        self.assertEqual(packages.needed(module), packages.MODULE_NEEDED)

    def test_the_example_ini_is_understood(self):
        ini = self.of("/usr/share/doc/monitoring-plugins-mail/examples/mail-plugins.ini")
        with open(ini, encoding="utf-8") as file:
            text = file.read()
        with tempfile.TemporaryDirectory() as folder:
            secret, state = os.path.join(folder, "secret"), os.path.join(folder, "state")
            with open(secret, "w", encoding="utf-8") as file:
                file.write("secret\n")
            os.chmod(secret, 0o600)
            for there, here in (("/etc/monitoring-plugins/mail.password", secret), (STATE + "/nagios", state),
                                ("mail.example.org", "127.0.0.1"), ("mx=example.org", "mx=example.invalid")):
                text = text.replace(there, here)
            mine = os.path.join(folder, "mail.ini")
            with open(mine, "w", encoding="utf-8") as file:
                file.write(text)
            plugins = {"check_mail_tls": "check_mail_tls", "mailbox": "check_imap_login",
                       "submission": "check_smtp_submit", "roundtrip": "check_mail_roundtrip",
                       "mail-exchangers": "check_mail_tls"}
            self.assertEqual(sorted(re.findall(r"^\[(.*)\]$", text, re.M)), sorted(plugins))
            for section, name in plugins.items():
                done = run("unshare", "--net", self.of(FOLDER + "/" + name), "--extra-opts=%s@%s" % (section, mine),
                           check=False)
                self.assertIn("total=", done.stdout)  # it ran, without a network; a mistake in the file has no numbers


class Life(unittest.TestCase):
    """The package in a root of its own."""

    @classmethod
    def setUpClass(cls):
        cls.deb = package("monitoring-plugins-mail_VERSION_*.deb")
        cls.root = Root(cls.deb)
        cls.addClassCleanup(cls.root.remove)

    def install(self, deb):
        shutil.copyfile(deb, self.root.path("/package.deb"))
        try:
            self.root.run("dpkg", "--install", "/package.deb")
        finally:
            os.remove(self.root.path("/package.deb"))

    def other_package(self, folder):
        """A package that brings a program of Zabbix and makes its user when it is configured, as the real one does."""
        tree = os.path.join(folder, "tree")
        control = ("Package: zabbix-agent\nVersion: 1\nArchitecture: all\nDescription: test\n"
                   "Maintainer: test <test@example.org>\n")
        script = "#!/bin/sh\nuseradd --system --user-group zabbix\n"
        for name, text in (("DEBIAN/control", control), ("DEBIAN/postinst", script), ("usr/sbin/zabbix_agentd", "")):
            path = os.path.join(tree, name)
            os.makedirs(os.path.dirname(path), exist_ok=True)
            with open(path, "w", encoding="utf-8") as file:
                file.write(text)
            os.chmod(path, 0o755)
        return output("dpkg-deb", "--root-owner-group", "--build", tree, folder).split("'")[-2]

    def test_installed_run_and_purged(self):
        before = self.root.picture(DPKG + ACCOUNTS)
        self.install(self.deb)
        check_state_folders(self, self.root, ["nagios", "icinga"])
        check_plugins_run(self, self.root, FOLDER)
        check_state_folder_is_used(self, self.root, "/usr/bin/check_mail_roundtrip")
        self.later_user()
        self.upgrade()
        self.root.run("dpkg", "--remove", "monitoring-plugins-mail")
        self.assertEqual(len(os.listdir(self.root.path(STATE + "/nagios"))), 1, "state goes at a purge only")
        self.root.run("dpkg", "--purge", "monitoring-plugins-mail")
        self.assertEqual(differences(before, self.root.picture(DPKG + ACCOUNTS)), {})

    def later_user(self):
        with tempfile.TemporaryDirectory() as folder:
            self.install(self.other_package(folder))
        check_state_folders(self, self.root, ["nagios", "icinga", "zabbix"])
        self.root.run("dpkg", "--purge", "zabbix-agent")
        self.root.run("useradd", "--system", "--user-group", "naemon")
        self.root.run(SHARED + "/make-state-folders", "naemon")
        check_state_folders(self, self.root, ["nagios", "icinga", "zabbix", "naemon"])

    def upgrade(self):
        """Again over itself: state, modes and owners that are there stay."""
        os.chmod(self.root.path(STATE + "/icinga"), 0o500)
        state = self.root.picture()
        self.install(self.deb)
        now = self.root.picture()
        self.assertEqual({path: now[path] for path in now if path.startswith(STATE)},
                         {path: state[path] for path in state if path.startswith(STATE)})


class Autopkgtest(unittest.TestCase):
    def test_with_dovecot(self):
        """debian/tests/dovecot, with the package's files in the place where they would be installed."""
        with tempfile.TemporaryDirectory(dir="/tmp") as folder:
            os.chmod(folder, 0o755)
            run("dpkg-deb", "--extract", package("monitoring-plugins-mail_VERSION_*.deb"), folder)
            script = ('mount --make-rprivate / && mount -t overlay overlay -o "lowerdir=$0:/usr/lib" /usr/lib && '
                      'exec sh packaging/debian/tests/dovecot')
            run("unshare", "--mount", "sh", "-c", script, folder + "/usr/lib", cwd=TOP)


if __name__ == "__main__":
    unittest.main(verbosity=2)
