#!/usr/bin/env python3
"""Runs scenario files: plays the server, runs the plugin, compares the verdict.

    tests/scenarios/run.py --plugins build/developer/bin tests/scenarios/imap/login-no.txt [more files]

Each file is played five times: the server's words whole, by line and by byte; once more with `--output json`, which must
reach the same verdict; once with `-vvv --transcript`, which must not show the password. README.md describes the files.
"""
from __future__ import annotations

import argparse
import json
import re
import sys
import tempfile
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parent.parent / "support"))
import certificates as test_ca  # noqa: E402
import plugin_output  # noqa: E402
import roundtrip_scenario  # noqa: E402
import scenario as scenarios  # noqa: E402
import two_peers  # noqa: E402
from plugin_run import PASSWORD, RUNS, USER, Run, environment, execute, variables  # noqa: E402,F401
from script_peer import ScriptPeer  # noqa: E402

KILLED = roundtrip_scenario.KILLED
SPAWN_GRACE = 2.0  # of `within:`, for a machine that is busy with the other tests


def play(scenario, name: str, arguments, pauses=None) -> Run:
    mode, appended = RUNS[name]
    with tempfile.TemporaryDirectory(prefix="scenario.") as folder:
        peer = ScriptPeer(scenario, mode, arguments.certificates, pauses=pauses)
        known = {**variables(peer.port, arguments.certificates, Path(folder)), "socket": peer.socket_path}
        for file, content in scenario.files.items():
            (Path(folder) / file).write_bytes(scenarios.expand(content, known))
        peer.variables.update(known)
        command = scenarios.expand(" ".join([scenario.command, *appended]), known).decode()
        peer.start()
        code, stdout, stderr, duration = execute(command, arguments.plugins, folder, scenario.verdict.within + 10)
        fault = peer.finish()
        transcript = known["transcript"].read_bytes() if known["transcript"].exists() else b""
        return Run(name, code, stdout, stderr, duration, transcript, fault, b"".join(peer.dialogue))


def judge(scenario, run: Run) -> list:
    """All that is wrong with one run, in sentences."""
    verdict = scenario.verdict
    faults = [f"the peer: {run.peer_fault}"] if run.peer_fault else []
    if verdict.exit == KILLED:
        return faults
    if run.code == -1:
        faults.append("the plugin did not end and was killed")
    elif run.code != verdict.exit:
        faults.append(f"exit code {run.code}, expected {verdict.exit}")
    if run.duration > verdict.within + SPAWN_GRACE:
        faults.append(f"took {run.duration:.2f} s, more than {verdict.within} s")
    if run.stderr:
        faults.append(f"stderr is not empty: {run.stderr[:400]!r}")
    faults += plugin_output.leaks(run.stdout + run.transcript, PASSWORD, USER)
    return faults + (judge_json(verdict, run) if run.name.startswith("json") else judge_text(verdict, run))


def words_of(finding: str) -> list:
    """What the status line says for a finding: its name; for a limit that was passed the range itself; for a message in
    the junk folder where it is."""
    return {"threshold": ["(warning range ", "(critical range "], "junk": ["arrived "]}.get(finding, [finding])


def is_line(expected: str, line: str) -> bool:
    """The status line without perfdata, to the letter but for its times. With -v notes may follow."""
    wanted = re.escape(expected).replace(re.escape("{seconds}"), r"\d+\.\d{3} s").replace(re.escape("{port}"), r"\d+")
    return not expected or re.fullmatch(wanted + r"(?:; note: .*)?", line) is not None


def judge_text(verdict, run: Run) -> list:
    reading = plugin_output.read(run.stdout)
    faults = list(reading.faults)
    if reading.state != verdict.state:
        faults.append(f"state {reading.state}, expected {verdict.state}")
    if verdict.findings not in ([], ["*"]) and not any(
            word in reading.text for name in verdict.findings for word in words_of(name)):
        faults.append(f"the first line names none of {', '.join(verdict.findings)}")
    if not is_line(verdict.line, reading.text):
        faults.append(f"the line is not: {verdict.line}")
    text = run.stdout.decode("utf-8", "replace")
    faults += [f"missing in the output: {wanted}" for wanted in verdict.stdout if wanted not in text]
    faults += [f"must not be in the output: {bad}" for bad in verdict.stdout_not if bad in text]
    if verdict.labels is not None:
        faults += judge_labels(verdict.labels, reading.step_labels())
    have = [f"{label}={value}{unit}" for label, (value, unit) in reading.metrics.items()]
    faults += [f"missing in perfdata: {wanted}" for wanted in verdict.perfdata
               if wanted not in (have if "=" in wanted else reading.metrics)]
    faults += [f"must not be in perfdata: {bad}" for bad in verdict.perfdata_not if bad in reading.metrics]
    return faults


def judge_labels(expected: list, actual: list) -> list:
    """Exactly these, in this order; a label in brackets may be absent."""
    remaining = list(actual)
    for label, is_optional in expected:
        if remaining and remaining[0] == label:
            remaining.pop(0)
        elif not is_optional:
            return [f"labels {' '.join(actual)}; expected {' '.join(f'[{l}]' if o else l for l, o in expected)}"]
    return [f"unexpected labels: {' '.join(remaining)}"] if remaining else []


def judge_json(verdict, run: Run) -> list:
    try:
        report = json.loads(run.stdout)
    except ValueError as error:
        return [f"not JSON: {error}"]
    faults = []
    for key, wanted in (("schema", 1), ("state", verdict.state), ("code", verdict.exit)):
        if report.get(key) != wanted:
            faults.append(f"JSON {key} is {report.get(key)!r}, expected {wanted!r}")
    if not is_line(verdict.line, f"{report.get('service')} {report.get('state')} - {report.get('summary')}"):
        faults.append(f"JSON summary is {report.get('summary')!r}; the line is: {verdict.line}")
    problems = sorted({each["name"] for each in report.get("findings", []) if each["state"] != "OK"})
    if verdict.findings != ["*"] and problems != sorted(verdict.findings):
        faults.append(f"JSON problems {problems}, expected {sorted(verdict.findings)}")
    notes = {each["name"] for each in report.get("findings", []) if each["state"] == "OK"}
    faults += [f"the note {name} is missing in JSON" for name in verdict.notes if name not in notes]
    steps = [label for label in report.get("steps", {}) if label != "total"]
    if verdict.labels is not None:  # an object has no order
        order = [label for label, _ in verdict.labels]
        steps.sort(key=lambda label: order.index(label) if label in order else len(order))
        faults += [f"JSON steps: {fault}" for fault in judge_labels(verdict.labels, steps)]
    return faults


def report(scenario, run: Run, faults: list) -> None:
    print(f"FAILED {scenario.path.name}, run '{run.name}': {scenario.why}")
    for fault in faults:
        print(f"  * {fault}")
    print(f"  exit {run.code} after {run.duration:.2f} s; stdout:")
    print("    " + run.stdout.decode("utf-8", "replace")[:4000].replace("\n", "\n    "))
    shown = run.dialogue if len(run.dialogue) < 6000 else run.dialogue[:3000] + b"\n ...\n" + run.dialogue[-3000:]
    print("  dialogue as the peer saw it:\n    " + shown.decode("utf-8", "replace").replace("\n", "\n    "))


def load_and_play(path: Path, names: list, arguments) -> list:
    """(scenario, run) for everything that is to be judged: the plugin runs once a name, in a round trip maybe oftener."""
    if roundtrip_scenario.is_one(path):
        scenario, play_one = roundtrip_scenario.load(path), two_peers.play
    else:
        scenario = scenarios.load(path)

        def play_one(scenario, name, arguments):
            return [(scenario, play(scenario, name, arguments))]
    with ThreadPoolExecutor(len(names)) as pool:
        played = pool.map(lambda name: play_one(scenario, name, arguments), names)
        return [each for several in played for each in several]


def run_file(path: Path, arguments) -> bool:
    try:
        played = load_and_play(path, arguments.runs or list(RUNS), arguments)
    except (scenarios.ScenarioError, OSError) as error:
        print(f"FAILED {error}")
        return False
    passed = True
    for scenario, run in played:
        faults = judge(scenario, run)
        if faults:
            passed = False
            report(scenario, run, faults)
        elif arguments.show:
            print(f"{path.stem:32} {run.name:8} {run.stdout.decode('utf-8', 'replace').rstrip()}")
    return passed


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("files", nargs="+", type=Path)
    parser.add_argument("--plugins", required=True, type=lambda text: Path(text).resolve(), help="folder of the plugins")
    parser.add_argument("--certificates", type=lambda text: Path(text).resolve(), help="folder made by certificates.py")
    parser.add_argument("--runs", nargs="*", choices=list(RUNS), help="only these (default: all five)")
    parser.add_argument("--show", action="store_true", help="print what the plugin printed, also when all is well")
    arguments = parser.parse_args()
    with tempfile.TemporaryDirectory(prefix="scenario-ca.") as folder:
        arguments.certificates = arguments.certificates or test_ca.make(Path(folder) / "certificates")
        results = [run_file(path, arguments) for path in arguments.files]
    print(f"{sum(results)} of {len(results)} scenarios passed")
    return 0 if all(results) else 1


if __name__ == "__main__":
    sys.exit(main())
