#!/usr/bin/env python3
"""BIN=build/developer/bin VERSION=0.9.0 overview_test.py - man/monitoring-plugins-mail.7 held against the plugins, the
findings and the tree. Its examples are run by docs_test.py; its findings are made by overview_findings.py."""

from __future__ import annotations

import json
import os
import re
import subprocess
import tempfile
import unittest
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
BIN = Path(os.environ["BIN"]).resolve()
PAGE = ROOT / "man/monitoring-plugins-mail.7"
SOURCE = PAGE.read_text(encoding="utf-8")
PLUGINS = sorted(path.stem for path in (ROOT / "man").glob("check_*.1"))
SHARED = "/usr/share/monitoring-plugins-mail/"


def run(*command: str, **more) -> subprocess.CompletedProcess:
    return subprocess.run(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, encoding="utf-8", check=False,
                          env={**os.environ, **more})


def describe(plugin: str, what: str) -> str:
    return run(str(BIN / "describe_options"), plugin, what).stdout


def option_names(plugin: str) -> set:
    options = json.loads(describe(plugin, "json"))["options"]
    return {"--" + option["name"] for option in options} | {"-" + option["letter"] for option in options
                                                             if option["letter"]}


def typed(text: str) -> str:
    return text.replace("\\-", "-").replace("\\(aq", "'")


def words_with_dashes(text: str) -> set:
    """-vv counts as -v."""
    return set(re.findall(r"(?<![\w-])(--[A-Za-z0-9][\w-]*|-[A-Za-z0-9?](?!\w)|-v(?=v+\b))", text))


def foreign_part(program: str) -> str:
    return typed(re.search(r'\.\\" begin FOREIGN %s\n(.*?)\.\\" end FOREIGN' % program, SOURCE, re.S).group(1))


def rows(program: str) -> list:
    """(their side, our side) of a table, continuation lines joined."""
    found = []
    for line in foreign_part(program).splitlines():
        match = re.match(r"(\S.*?)?(?:(?:^|\s) +(\S.*))?$", line)
        theirs, ours = match[1] or "", match[2] or ""
        if found and (not theirs or not found[-1][1]):
            found[-1] = (found[-1][0] + " " + theirs, (found[-1][1] + " " + ours).strip())
        else:
            found.append((theirs, ours))
    return found


class Page(unittest.TestCase):
    def test_mandoc_has_no_complaint(self):
        lint = run("mandoc", "-Tlint", str(PAGE))
        self.assertEqual((lint.returncode, lint.stdout, lint.stderr), (0, "", ""))

    def test_groff_has_no_complaint(self):
        page = run("man", "--warnings", "--local-file", str(PAGE), LC_ALL="C.UTF-8", MANWIDTH="80", MANROFFSEQ="")
        self.assertEqual((page.returncode, page.stderr), (0, ""))
        self.assertIn("COMING FROM OTHER PLUGINS", page.stdout)
        self.assertLessEqual(max(len(line) for line in page.stdout.splitlines()), 80)

    def test_the_version_in_the_title_is_ours(self):
        self.assertIn('"monitoring\\-plugins\\-mail %s"' % os.environ["VERSION"], SOURCE.split(".SH")[0])

    def test_every_finding_is_there_once(self):
        wanted = re.findall(r'^    \{"([a-z-]+)", ', (ROOT / "plugins/shared/findings.cc").read_text(encoding="utf-8"),
                            re.M)
        self.assertGreater(len(wanted), 80)
        section = re.search(r"^\.SH FINDINGS\n(.*?)^\.SH ", SOURCE, re.S | re.M).group(1)
        self.assertEqual(re.findall(r'^\.BR (\S+) " \(', typed(section), re.M), wanted)

    def test_options_labels_and_findings_exist(self):
        text = typed(re.sub(r'\.\\" begin FOREIGN.*?\.\\" end FOREIGN[^\n]*\n', "", SOURCE, flags=re.S))
        text = re.sub(r"^\.B --alert\n.*?^\.B --wait\n", "", text, flags=re.S | re.M)  # of check_email_delivery
        text = re.sub(r"Newer ones have besides.*?\.PP\n", "", text, flags=re.S)  # of check_smtp
        known = set().union(*(option_names(plugin) for plugin in PLUGINS))
        used = {word for word in words_with_dashes(text) if word.startswith("--")}
        self.assertGreater(len(used), 30)
        self.assertEqual(used - known, set())
        labels = {label for plugin in PLUGINS for label in describe(plugin, "labels").split()}
        limited = set(re.findall(r"--(?:warning|critical) '?([a-z_]+)=", text))
        self.assertGreater(len(limited), 5)
        self.assertEqual(limited - labels, set())
        picked = {label for group in re.findall(r"--perfdata ([a-z_,]+)", text) for label in group.split(",")}
        self.assertEqual(picked - labels, set())
        findings = {name for plugin in PLUGINS
                    for name in re.findall(r"^\.BR (\S+) ", typed(describe(plugin, "findings")), re.M)}
        judged = set(re.findall(r"--result ([a-z-]+)=", typed(SOURCE)))
        self.assertGreater(len(judged), 10)
        self.assertEqual(judged - findings, set())

    def test_the_script_for_the_collector_leaves_one_whole_file(self):
        script, line = (typed(re.search(r'begin %s\n(.*?)\.\\" end' % what, SOURCE, re.S).group(1).replace("\\e", "\\"))
                        for what in ("SCRIPT", "CRON"))
        self.assertRegex(line, r"\A(\S+ ){5}nagios /\S+\n\Z")  # of /etc/cron.d: in one line
        with tempfile.TemporaryDirectory() as folder:
            for shown, real in (("/usr/lib/nagios/plugins/", str(BIN) + "/"),
                                ("mail.example.org", "127.0.0.1 --port 1"),
                                ("/var/lib/prometheus/node-exporter", folder)):
                self.assertEqual(script.count(shown), 1, shown)
                script = script.replace(shown, real)
            done = run("sh", "-c", script)
            self.assertEqual((done.returncode, done.stdout, done.stderr), (0, "", ""))
            self.assertEqual(os.listdir(folder), ["mail_tls.prom"])
            self.assertIn("\nmailcheck_state{", (Path(folder) / "mail_tls.prom").read_text(encoding="utf-8"))

    def test_files_of_the_package_are_there(self):
        names = set(re.findall(re.escape(SHARED) + r"([\w./-]*[\w])", typed(SOURCE)))
        self.assertGreater(len(names), 3)
        for name in names:
            place = "packaging/json" if name.endswith(".schema.json") else "packaging"
            self.assertTrue((ROOT / place / name).exists(), name)
        for name in ("icinga2/mailcheck.conf", "icinga2/example-services.conf", "nagios/mail-plugins.cfg"):
            self.assertIn(Path(name).name, SOURCE.replace("\\-", "-"))
            self.assertTrue((ROOT / "packaging" / name).exists(), name)


class Migration(unittest.TestCase):
    OURS = {"check_smtp": ["check_smtp_submit"], "check_imap": ["check_imap_login"],
            "check_email_delivery": ["check_mail_roundtrip"], "check_ssl_cert": ["check_mail_tls"]}

    def test_every_option_of_theirs_is_told_of(self):
        listed: dict = {}
        for line in (ROOT / "tests/docs/foreign_options.txt").read_text(encoding="utf-8").splitlines():
            program, option = line.split()
            listed.setdefault(program, []).append(set(option.split(",")))
        self.assertEqual(set(listed), set(self.OURS))
        for program, options in listed.items():
            told = set().union(*(words_with_dashes(theirs) for theirs, _ in rows(program)))
            self.assertEqual([option for option in options if not option & told], [], program)
            self.assertEqual(told - set().union(*options), set(), program)

    def test_every_option_of_ours_exists(self):
        for program, plugins in self.OURS.items():
            known = set().union(*(option_names(plugin) for plugin in plugins))
            for theirs, ours in rows(program):
                self.assertTrue(ours, theirs)
                self.assertEqual(words_with_dashes(ours) - known, set(), theirs)

    def test_the_same_is_the_same(self):
        for program, plugins in self.OURS.items():
            known = set().union(*(option_names(plugin) for plugin in plugins))
            for theirs, ours in rows(program):
                if ours.startswith("the same"):
                    self.assertEqual(words_with_dashes(theirs) - known, set(), theirs)


if __name__ == "__main__":
    unittest.main(verbosity=2)
