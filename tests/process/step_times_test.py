#!/usr/bin/env python3
"""Step times are true: a server that is 200 ms late in one step makes that label grow by 200 ms, and no other.

For each step five pairs of runs, one with the delay and one without, side by side in time so that a busy machine slows both.
The median of the five differences is judged: 200 +- 20 ms for the step itself and for `total`, less than 20 ms for all others.

    step_times_test.py FOLDER_OF_PLUGINS [step ...]
"""
from __future__ import annotations

import statistics
import sys
import tempfile
from pathlib import Path
from types import SimpleNamespace

HERE = Path(__file__).resolve().parent
sys.path[:0] = [str(HERE.parent / "support"), str(HERE.parent / "scenarios")]
import certificates as test_ca  # noqa: E402
import plugin_output  # noqa: E402
import run as runner  # noqa: E402
import scenario as scenarios  # noqa: E402

STEPS = "greeting capability starttls tls auth select list search fetch quota logout".split()
DELAY, TOLERANCE, PAIRS = 0.200, 0.020, 5


def measure(scenario, arguments, pauses: dict) -> dict:
    """One run: label -> seconds. A run that goes wrong ends the test."""
    result = runner.play(scenario, "whole", arguments, pauses)
    faults = runner.judge(scenario, result)
    if faults:
        runner.report(scenario, result, faults)
        sys.exit(1)
    return {label: float(value) for label, (value, unit) in plugin_output.read(result.stdout).metrics.items() if unit == "s"}


def growth(scenario, arguments, step: str) -> dict:
    """label -> median of the differences of the pairs."""
    differences = []
    for _ in range(PAIRS):
        without, late = measure(scenario, arguments, {}), measure(scenario, arguments, {step: DELAY})
        differences.append({label: late[label] - without[label] for label in without})
    return {label: statistics.median(each[label] for each in differences) for label in differences[0]}


def judge(step: str, grown: dict) -> list:
    wanted = {label: DELAY if label in (step, "total") else 0.0 for label in grown}
    return [f"{step} late by {DELAY * 1000:.0f} ms: label {label} grew by {grown[label] * 1000:.1f} ms"
            for label in grown if abs(grown[label] - wanted[label]) > TOLERANCE]


def main() -> int:
    if len(sys.argv) < 2:
        sys.exit(__doc__)
    scenario = scenarios.load(HERE / "step-times.txt")
    faults = []
    with tempfile.TemporaryDirectory(prefix="step-times.") as folder:
        arguments = SimpleNamespace(plugins=Path(sys.argv[1]).resolve(), certificates=test_ca.make(Path(folder) / "ca"))
        measure(scenario, arguments, {})  # the first run pays for the page cache
        for step in sys.argv[2:] or STEPS:
            grown = growth(scenario, arguments, step)
            print(f"{step:10} grew by {grown[step] * 1000:6.1f} ms, total by {grown['total'] * 1000:6.1f} ms", flush=True)
            faults += judge(step, grown)
    print("\n".join(faults))
    return 1 if faults else 0


if __name__ == "__main__":
    sys.exit(main())
