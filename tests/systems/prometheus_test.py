#!/usr/bin/env python3
"""--output prometheus of all four plugins, read by the real promtool and as a textfile collector would: every file is
valid, files of several checks agree with each other, and the exit code stays. Run by mail_path.py; SYSTEM_ROOT: see
system_root.py."""

import os
import re
import subprocess
import sys
import time
import unittest
from concurrent.futures import ThreadPoolExecutor

sys.path.append(os.path.dirname(os.path.abspath(__file__)))
sys.path.append(os.path.join(os.path.dirname(os.path.abspath(__file__)), "../live"))

import harness  # noqa: E402
import roundtrip_harness  # noqa: E402
import smtp_harness  # noqa: E402
from system_root import Machine  # noqa: E402

BIN = os.path.dirname(harness.PLUGIN)
PLUGINS = {"check_imap_login": "IMAP", "check_smtp_submit": "SMTP", "check_mail_tls": "MAIL TLS",
           "check_mail_roundtrip": "ROUNDTRIP"}
SAMPLE = re.compile(r"^(\w+)\{([^{}]*)\} (-?[0-9.]+)$")
LABEL = re.compile(r'(\w+)="((?:[^"\\]|\\.)*)"')
ODD = 'quote" and \\backslash'

IMAP = [*harness.server(), *harness.login()]
SMTP = [*smtp_harness.server(), *harness.login("letters")]
TLS = [*harness.server(), "--protocol", "imaps"]
TRIP = [*roundtrip_harness.legs(), *roundtrip_harness.addresses()]
# name of the file -> plugin, options, exit code
RUNS = {
    "imap": ("check_imap_login", [*IMAP, "--quota", "-w", "newest_age=~:", "--prometheus-label", "account=probe"], 0),
    "imap-tight": ("check_imap_login", [*harness.server(), *harness.login("tight"), "--quota", "-vvv",
                                        "--prometheus-label", "account=tight", "--prometheus-label", "odd=" + ODD], 0),
    "imap-slow": ("check_imap_login", [*IMAP, "-w", "tls=0.0000001", "-w", "total=0.0000001", "--perfdata", "total",
                                       "--prometheus-label", "account=slow"], 1),
    "imap-wrong": ("check_imap_login", [*harness.server(), "-U", "probe", "--password-file", harness.secret("wrong"),
                                        "--prometheus-label", "account=wrong"], 2),
    "imap-usage": ("check_imap_login", ["--warning", 'x"\\='], 3),
    "smtp": ("check_smtp_submit", SMTP, 0),
    "smtp-closed": ("check_smtp_submit", ["-H", "127.0.0.1", "-p", "1"], 2),
    "tls": ("check_mail_tls", TLS, 0),
    "trip": ("check_mail_roundtrip", [*TRIP, *roundtrip_harness.authentication()], 0),
    **{plugin + option: (plugin, [option], 3) for plugin in PLUGINS for option in ("--help", "--version")},
}


class Output:
    """One run, taken apart: metric -> [(labels, value)]."""

    def __init__(self, name):
        plugin, options, self.wanted = RUNS[name]
        command = [os.path.join(BIN, plugin), *options, "--output", "prometheus"]
        self.plugin, self.began = plugin, time.time()
        done = subprocess.run(command, stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=subprocess.PIPE,
                              env=harness.CLEAN, timeout=60, check=False)
        self.ended, self.code, self.error = time.time(), done.returncode, done.stderr
        self.text = done.stdout.decode("utf-8")
        self.headings = re.findall(r"^# (HELP|TYPE) (\w+) (.*)$", self.text, re.M)
        self.samples = {}
        for line in self.text.splitlines():
            if not line.startswith("#"):
                name, labels, value = SAMPLE.match(line).groups()
                self.samples.setdefault(name, []).append((dict(LABEL.findall(labels)), float(value)))

    def value(self, name):
        (_, value), = self.samples[name]
        return value


class Prometheus(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        with ThreadPoolExecutor(4) as pool:
            cls.outputs = dict(zip(RUNS, pool.map(Output, RUNS)))
        roundtrip_harness.wait_for_empty_queue()

    def test_promtool_has_no_complaint(self):
        with Machine("prometheus") as machine, ThreadPoolExecutor(2) as pool:
            for name, output in self.outputs.items():
                machine.write("/root/%s.prom" % name, output.text)

            def check(name):
                return machine.run("sh", "-c", 'promtool check metrics <"$1" 2>&1', "sh", "/root/%s.prom" % name,
                                   check=False)
            complaints = {name: done.stdout for name, done in zip(RUNS, pool.map(check, RUNS))
                          if done.returncode != 0 or done.stdout}
            self.assertEqual(complaints, {})
            machine.write("/root/broken.prom", self.outputs["imap"].text + self.outputs["imap"].text)
            self.assertNotEqual(check("broken").returncode, 0)

    def test_the_exit_code_stays_and_is_the_state(self):
        for name, output in self.outputs.items():
            with self.subTest(name):
                self.assertEqual((output.code, output.error), (output.wanted, b""), output.text)
                self.assertEqual(output.value("mailcheck_state"), output.code)
                self.assertTrue(int(output.began) <= output.value("mailcheck_last_run_timestamp_seconds")
                                <= output.ended)

    def test_every_sample_tells_which_check_it_is(self):
        for name, output in self.outputs.items():
            wanted = {"service": PLUGINS[output.plugin]}
            if output.wanted != 3:
                host = "127.0.0.1" if name == "smtp-closed" else harness.ENV["LIVE_HOST"]
                wanted["host"] = host
                self.assertTrue(all(labels["port"].isdigit() for several in output.samples.values()
                                    for labels, _ in several))
            for several in output.samples.values():
                for labels, _ in several:
                    self.assertLessEqual(wanted.items(), labels.items(), name)
        for several in self.outputs["imap-tight"].samples.values():
            for labels, _ in several:
                self.assertEqual(labels["odd"].replace('\\"', '"').replace("\\\\", "\\"), ODD)

    def test_files_of_several_checks_agree(self):
        """The collector refuses a metric with two texts or types, and a sample that is given twice."""
        headings, samples = {}, set()
        for name, output in self.outputs.items():
            self.assertTrue(output.samples.keys() <= {metric for _, metric, _ in output.headings}, name)
            for kind, metric, text in output.headings:
                self.assertEqual(headings.setdefault((kind, metric), text), text)
            own = [(metric, tuple(sorted(labels.items()))) for metric, several in output.samples.items()
                   for labels, _ in several]
            self.assertEqual(len(own), len(set(own)), name)
            if output.wanted != 3:  # without options nobody knows which check it was to be
                self.assertEqual(samples & set(own), set(), name)
                samples |= set(own)

    def test_what_was_measured_is_there_in_base_units(self):
        imap = self.outputs["imap"]
        steps = [labels["step"] for labels, _ in imap.samples["mailcheck_step_seconds"]]
        self.assertEqual(steps, ["connect", "tls", "greeting", "auth", "select", "fetch", "quota", "logout"])
        self.assertGreater(imap.value("mailcheck_duration_seconds"),
                           sum(value for _, value in imap.samples["mailcheck_step_seconds"]) * 0.9)
        self.assertGreater(imap.value("mailcheck_cert_remaining_seconds"), 86400)
        self.assertGreater(imap.value("mailcheck_newest_age_seconds"), 0)
        self.assertGreater(imap.value("mailcheck_messages"), 0)
        tight = self.outputs["imap-tight"]
        self.assertTrue(0 <= tight.value("mailcheck_quota_storage_ratio") <= 1, tight.text)
        self.assertIn("mailcheck_quota_storage_bytes", tight.samples)
        trip = self.outputs["trip"]
        self.assertGreater(trip.value("mailcheck_hops"), 0)
        steps = {labels["step"] for labels, _ in trip.samples["mailcheck_step_seconds"]}
        self.assertLessEqual({"smtp_data", "imap_auth", "transit"}, steps)
        self.assertIn("mailcheck_chain_remaining_seconds", self.outputs["tls"].samples)

    def test_findings_are_there_once(self):
        def findings(name):
            return [(labels["name"], labels["state"], value)
                    for labels, value in self.outputs[name].samples["mailcheck_finding"]]
        self.assertEqual(findings("imap-slow"), [("threshold", "WARNING", 1)])
        self.assertIn(("auth-failed", "CRITICAL", 1), findings("imap-wrong"))
        self.assertEqual(findings("smtp-closed"), [("connect", "CRITICAL", 1)])
        self.assertEqual(findings("imap-usage"), [("usage", "UNKNOWN", 1)])

    def test_the_first_line_is_the_status_line_as_a_comment(self):
        for name, output in self.outputs.items():
            if not name.endswith(("--help", "--version")):
                state = harness.STATES[output.code]
                self.assertTrue(output.text.startswith("# %s %s - " % (PLUGINS[output.plugin], state)), output.text)


if __name__ == "__main__":
    unittest.main(argv=sys.argv, verbosity=2)
