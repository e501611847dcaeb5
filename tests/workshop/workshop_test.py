#!/usr/bin/env python3
"""Every row of expected.txt, on every protocol that it names, against the built check_mail_tls.

    tests/workshop/workshop_test.py build/developer/bin                    all
    tests/workshop/workshop_test.py build/developer/bin expired 'staple-*' these rows
    tests/workshop/workshop_test.py build/developer/bin --show good        with what the plugin prints

Each case is run as JSON (state, exit code, findings against the table), as plain text, and on smtp with -vvv too (the
rules of tests/support/plugin_output.py, nothing on stderr). Differences are printed row by row.
"""
from __future__ import annotations

import argparse
import fnmatch
import json
import os
import subprocess
import sys
import tempfile
import time
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import workshop as workshops

import plugin_output  # in tests/support, which workshop has put into the path

PLUGIN = "check_mail_tls"
ENVIRONMENT = {"PATH": "/usr/bin:/bin", "LC_ALL": "de_DE.UTF-8", "TZ": "UTC", "HOME": "/nonexistent"}
LIMIT = 30.0  # seconds for one run of the plugin, sanitizers and a busy machine included


def run(command: list, folder: str):
    """Exit code (-1: did not end), stdout, stderr."""
    try:
        done = subprocess.run(command, stdin=subprocess.DEVNULL, capture_output=True, env=ENVIRONMENT, cwd=folder,
                              timeout=LIMIT, check=False)
        return done.returncode, done.stdout, done.stderr
    except subprocess.TimeoutExpired as late:
        return -1, late.stdout or b"", late.stderr or b""


def judge_process(row, code: int, stderr: bytes) -> list:
    faults = [f"stderr is not empty: {stderr[:300]!r}"] if stderr else []
    if code == -1:
        return [*faults, "the plugin did not end and was killed"]
    return faults + ([f"exit code {code}, expected {row.code}"] if code != row.code else [])


def judge_json(row, output: bytes) -> list:
    try:
        report = json.loads(output)
    except ValueError as error:
        return [f"not JSON ({error}): {output[:300]!r}"]
    wanted = {"schema": 1, "service": "MAIL TLS", "state": row.state, "code": row.code}
    faults = [f"{key} is {report.get(key)!r}, expected {value!r}" for key, value in wanted.items()
              if report.get(key) != value]
    problems = {each["name"] for each in report["findings"] if each["state"] != "OK"}
    missing, surplus = set(row.findings) - problems, problems - set(row.findings)
    faults += [f"findings: {' '.join(sorted(words))} {what}" for words, what in
               ((missing, "missing"), (surplus, "not expected")) if words]
    notes = {each["name"] for each in report["findings"] if each["state"] == "OK"}
    if set(row.notes) - notes:
        faults.append(f"notes: {' '.join(sorted(set(row.notes) - notes))} missing")
    return faults


def judge_text(row, output: bytes) -> list:
    reading = plugin_output.read(output)
    faults = list(reading.faults)
    if reading.state != row.state:
        faults.append(f"state {reading.state}, expected {row.state}")
    if not output.startswith(b"MAIL TLS "):
        faults.append("the line does not begin with MAIL TLS")
    words = [word for name in row.findings if name != "usage"  # the option's name stands there instead
             for word in (("(warning range", "(critical range") if name == "threshold" else (name,))]
    if words and not any(word in reading.text for word in words):
        faults.append(f"the line names none of {' '.join(row.findings)}")
    return faults


class Runner:
    def __init__(self, plugins: Path, shop: workshops.Workshop, folder: str, is_showing: bool):
        self._plugin = str(plugins / PLUGIN)
        self._shop = shop
        self._folder = folder
        self._is_showing = is_showing

    def play(self, case) -> str:
        """What is wrong, as text; empty if nothing."""
        row = case.row
        peer = self._shop.serve(row, case.protocol)
        command = [self._plugin, *self._shop.options(row, case.protocol, peer.port)]
        runs = {"json": [*command, "--output", "json"], "plain": command}
        if case.protocol == "smtp":
            runs["verbose"] = [*command, "-vvv"]
        report, shown = [], []
        for name, words in runs.items():
            code, output, stderr = run(words, self._folder)
            judge = judge_json if name == "json" else judge_text
            faults = judge_process(row, code, stderr) + ([] if code == -1 else judge(row, output))
            report += [f"  * {name}: {fault}" for fault in faults]
            shown.append(output)
        fault = peer.finish()
        if fault:
            report.append(f"  * the peer: {fault}")
        if self._is_showing:
            print(f"== {case.name}\n" + b"".join(shown[1:]).decode("utf-8", "replace"), flush=True)
        return self._explained(case, report, command, shown, peer) if report else ""

    def _explained(self, case, report: list, command: list, shown: list, peer) -> str:
        row = case.row
        server = " ".join(f"{key}={value}" for key, value in row.server.items()) or "as it should be"
        said = b"".join(peer.dialogue).decode("utf-8", "replace")
        return "\n".join([
            f"FAILED {case.name} ({row.where}); server: {server}", *report,
            f"  expected: {row.state}, findings: {' '.join(row.findings) or '-'}, notes: {' '.join(row.notes) or '-'}",
            "  command: " + " ".join(command), "  printed: " + shown[1].decode("utf-8", "replace")[:1500].rstrip(),
            "  json: " + _findings(shown[0]), "  dialogue: " + repr(said[:600])])


def _findings(output: bytes) -> str:
    try:
        return "; ".join(f"{each['name']}={each['state']} ({each['text']})" for each in json.loads(output)["findings"])
    except (ValueError, KeyError):
        return repr(output[:400])


def select(cases: list, patterns: list) -> list:
    if not patterns:
        return cases
    chosen = [case for case in cases if any(fnmatch.fnmatch(case.row.name, each) for each in patterns)]
    if not chosen:
        sys.exit(f"no row is called {' or '.join(patterns)}")
    return chosen


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("plugins", type=lambda text: Path(text).resolve(), help="folder of the plugins")
    parser.add_argument("rows", nargs="*", help="names of rows; * and ? work")
    parser.add_argument("--show", action="store_true", help="print what the plugin prints")
    arguments = parser.parse_args()
    started = time.monotonic()
    cases = select(workshops.cases(workshops.load_table()), arguments.rows)
    cases.sort(key=lambda case: "--timeout" not in case.row.options)  # those that wait come first
    with tempfile.TemporaryDirectory(prefix="workshop.") as folder:
        runner = Runner(arguments.plugins, workshops.Workshop(Path(folder) / "ca"), folder, arguments.show)
        with ThreadPoolExecutor(4 * (os.cpu_count() or 2)) as pool:
            faults = [text for text in pool.map(runner.play, cases) if text]
    for text in sorted(faults):
        print(text + "\n")
    print(f"{len(cases) - len(faults)} of {len(cases)} cases as in the table, {time.monotonic() - started:.1f} s")
    return 1 if faults else 0


if __name__ == "__main__":
    sys.exit(main())
