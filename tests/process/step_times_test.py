#!/usr/bin/env python3
"""Step times are true: a server that is 200 ms late in one step makes that label grow by 200 ms, and no other.

For each step five pairs of runs, one with the delay and one without, side by side in time so that a busy machine slows both.
The median of the five differences is judged: 200 +- 20 ms for the step itself, less than 20 ms for all others. On a machine so
busy that a median is off, five more pairs are taken and then five more: a step that is timed wrongly stays wrong in all of
them. `total` gathers the noise of all steps, so it is held against their sum in each single run instead.

Steps: those of SESSIONS below, and `dns` with a name server that is late. One file of this folder is one session of a
plugin; "imap-tls" is the step `tls` of the session "imap".

    step_times_test.py FOLDER_OF_PLUGINS [session-step ...]
"""
from __future__ import annotations

import statistics
import sys
import tempfile
from dataclasses import replace
from pathlib import Path
from types import SimpleNamespace

HERE = Path(__file__).resolve().parent
sys.path[:0] = [str(HERE.parent / "support"), str(HERE.parent / "scenarios")]
import certificates as test_ca  # noqa: E402
import plugin_output  # noqa: E402
import run as runner  # noqa: E402
import scenario as scenarios  # noqa: E402
from dns_peer import DnsPeer  # noqa: E402

# session: its file, and its steps
SESSIONS = {
    "imap": ("step-times", "greeting capability starttls tls auth select list search fetch quota logout dns"),
    "imap-implicit": ("step-times-implicit", "tls"),
    "smtp": ("step-times-smtp", "greeting ehlo starttls tls auth mail rcpt rset quit dns"),
    "smtp-send": ("step-times-smtp-send", "body data"),
}
DELAY, TOLERANCE, PAIRS, ROUNDS = 0.200, 0.020, 5, 3
BETWEEN_STEPS = 0.050  # seconds that belong to no step, on a busy machine too


def measure(scenario, arguments, pauses: dict) -> dict:
    """One run: label -> seconds. A run that goes wrong ends the test."""
    result = runner.play(scenario, "whole", arguments, pauses)
    faults = runner.judge(scenario, result)
    if faults:
        runner.report(scenario, result, faults)
        sys.exit(1)
    times = {label: float(value) for label, (value, unit) in plugin_output.read(result.stdout).metrics.items() if unit == "s"}
    between = times.pop("total") - sum(times.values())
    if not 0 <= between < BETWEEN_STEPS:
        sys.exit(f"total is {between * 1000:.1f} ms more than the sum of all steps: {times}")
    return times


def growth(differences: list) -> dict:
    """label -> median of the differences of the pairs."""
    return {label: statistics.median(each[label] for each in differences) for label in differences[0]}


def judge(step: str, grown: dict) -> list:
    wanted = {label: DELAY if label == step else 0.0 for label in grown}
    return [f"{step} late by {DELAY * 1000:.0f} ms: label {label} grew by {grown[label] * 1000:.1f} ms"
            for label in grown if abs(grown[label] - wanted[label]) > TOLERANCE]


def compare(name: str, step: str, one_run) -> list:
    """one_run(delay) -> label -> seconds."""
    one_run(0.0)  # the first run pays for the page cache
    differences, faults = [], []
    for _ in range(ROUNDS):
        for _ in range(PAIRS):
            without, late = one_run(0.0), one_run(DELAY)
            differences.append({label: late[label] - without[label] for label in without})
        grown = growth(differences)
        faults = judge(step, grown)
        if not faults:
            break
    others = max((abs(value), label) for label, value in grown.items() if label != step)
    print(f"{name:18} grew by {grown[step] * 1000:6.1f} ms, {others[1]} by {others[0] * 1000:4.1f} ms, {len(differences)} pairs",
          flush=True)
    return faults


def with_late_resolver(scenario, arguments):
    """The host name is looked up instead of given by --address."""
    def one_run(delay: float) -> dict:
        with DnsPeer({test_ca.HOST: ["127.0.0.1"]}, delay) as resolver:
            asking = replace(scenario, command=scenario.command.replace(
                "{server}", f"--hostname {test_ca.HOST} -4 --port {{port}} --resolver 127.0.0.1:{resolver.port}"),
                verdict=replace(scenario.verdict, labels=[("dns", False), *scenario.verdict.labels]))
            return measure(asking, arguments, {})
    return one_run


def run_of(step: str, scenario, arguments):
    """A function of the delay: one run in which that step is late."""
    if step == "dns":
        return with_late_resolver(scenario, arguments)
    return lambda delay: measure(scenario, arguments, {step: delay})


def main() -> int:
    if len(sys.argv) < 2:
        sys.exit(__doc__)
    wanted, faults, names = sys.argv[2:], [], []
    with tempfile.TemporaryDirectory(prefix="step-times.") as folder:
        arguments = SimpleNamespace(plugins=Path(sys.argv[1]).resolve(), certificates=test_ca.make(Path(folder) / "ca"))
        for session, (file, steps) in SESSIONS.items():
            scenario = scenarios.load(HERE / f"{file}.txt")
            for step in steps.split():
                names.append(f"{session}-{step}")
                if not wanted or names[-1] in wanted:
                    faults += compare(names[-1], step, run_of(step, scenario, arguments))
    faults += [f"{name}: no such step; there are {', '.join(names)}" for name in wanted if name not in names]
    print("\n".join(faults))
    return 1 if faults else 0


if __name__ == "__main__":
    sys.exit(main())
