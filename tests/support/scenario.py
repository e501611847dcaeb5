"""Scenario files: one text file = what the server says, what the client must say, timing, breakage, and the verdict.

The format is described for people in tests/scenarios/README.md. This module turns a file into a Scenario and fills in the
places in braces. It knows no protocol. A word it does not know is an error with file and line: a typing mistake in a
scenario never passes silently.
"""
from __future__ import annotations

import base64
import re
from dataclasses import dataclass, field
from pathlib import Path

import scram_server

HEAD_KEYS = {"command", "options", "file", "listen", "connections", "line-end", "certificate", "second-certificate",
             "tls", "ciphers", "curve", "dh", "client-certificate", "staple",
             "signatures"}
VERDICT_KEYS = {"exit", "state", "line", "finding", "note", "stdout", "stdout!", "labels", "perfdata", "perfdata!", "within"}
LISTEN = {"plain", "unix", "refuse", "hang", "untouched"}
VERBS = {"starttls", "tls", "delay", "pause", "drip", "reset", "close", "drop", "hang", "garbage", "together",
         "expect-close", "expect-silence", "may-hang-up", "include"}
STATES = {0: "OK", 1: "WARNING", 2: "CRITICAL", 3: "UNKNOWN"}


class ScenarioError(Exception):
    """The scenario file itself is wrong."""


@dataclass
class Answer:
    asked: str  # what the client says
    answered: str | None  # with its line end; None: nothing
    after: str  # "A": then wait for the next question, "A>": go on with the script, "A.": hang up


@dataclass
class Step:
    verb: str  # "S" server line, "S-" without line end, "L" line of a literal, "C" client line, "A" answers, or a verb
    text: str  # without its @
    where: str  # file:line
    answers: list = field(default_factory=list)  # of "A": Answer


@dataclass
class Verdict:
    exit: int = -1
    state: str = ""
    line: str = ""  # the whole status line before the perfdata, with {seconds} and {port}
    findings: list = field(default_factory=list)  # problems: exactly these names
    notes: list = field(default_factory=list)  # findings whose state is OK: at least these
    stdout: list = field(default_factory=list)
    stdout_not: list = field(default_factory=list)
    labels: list | None = None  # [(label, is_optional)]
    perfdata: list = field(default_factory=list)  # ["messages=12"]
    perfdata_not: list = field(default_factory=list)  # ["unseen"]
    within: float = 10.0


@dataclass
class Scenario:
    path: Path
    why: str
    command: str
    files: dict = field(default_factory=dict)  # name -> content, in the folder where the plugin runs
    listen: str = "plain"
    connections: str = "one"  # a second one is a fault; "any": each plays the script
    certificate: str = "good"
    second_certificate: str = ""  # of another key type
    tls: str = ""  # the one version that the server speaks, or "1.0-1.3"; "": 1.2 and 1.3
    ciphers: str = ""  # OpenSSL's words; TLS 1.3 is not concerned
    curve: str = ""  # of the key exchange
    dh: str = ""  # file of parameters, beside the certificates
    client_certificate: str = ""  # "" or "wanted"
    staple: str = ""  # file with an OCSP response, beside the certificates
    signatures: str = ""  # that the server makes, in OpenSSL's words: "RSA+SHA1"
    line_end: bytes = b"\r\n"
    steps: list = field(default_factory=list)
    verdict: Verdict = field(default_factory=Verdict)


def seconds(text: str) -> float:
    match = re.fullmatch(r"(\d+(?:\.\d+)?)\s*(ms|s)", text.strip())
    if not match:
        raise ScenarioError(f"'{text}' is not a time: write 200ms or 1.5s")
    return float(match.group(1)) / (1000 if match.group(2) == "ms" else 1)


def load(path) -> Scenario:
    path = Path(path)
    sections = _sections(path)
    if len(sections) != 3:
        raise ScenarioError(f"{path}: three parts divided by two lines '---' are needed, {len(sections)} found")
    first = sections[0][0][1] if sections[0] else ""
    if not first.startswith("# ") or len(first) < 20:
        raise ScenarioError(f"{path}:1: the first line says in a sentence why this scenario exists: # ...")
    scenario = Scenario(path=path, why=first[2:], command="")
    _read_head(scenario, sections[0])
    scenario.steps = read_script(path, sections[1])
    read_verdict(scenario.path, scenario.verdict, sections[2])
    _check_whole(scenario)
    return scenario


def _sections(path: Path) -> list:
    sections = [[]]
    for number, line in enumerate(path.read_text(encoding="utf-8").split("\n"), 1):
        if line.strip() == "---":
            sections.append([])
        else:
            sections[-1].append((number, line))
    return sections


def pairs(path: Path, lines: list, known: set):
    for number, line in lines:
        if not line.strip() or line.startswith("#"):
            continue
        key, colon, value = line.partition(":")
        if not colon or key not in known:
            raise ScenarioError(f"{path}:{number}: '{key}' is none of {', '.join(sorted(known))}")
        yield f"{path}:{number}", key, value.strip()


def _read_head(scenario: Scenario, lines: list) -> None:
    for where, key, value in pairs(scenario.path, lines, HEAD_KEYS):
        if key in ("command", "options"):
            scenario.command = f"{scenario.command} {value}".strip()
        elif key == "file" and re.fullmatch(r"[a-z-]+ .*", value):
            name, _, content = value.partition(" ")
            scenario.files[name] = content
        elif key == "listen" and value in LISTEN:
            scenario.listen = value
        elif key in ("certificate", "second-certificate", "ciphers", "curve", "dh", "staple", "signatures"):
            setattr(scenario, key.replace("-", "_"), value)
        elif key == "tls" and re.fullmatch(r"1\.[0-3](-1\.[0-3])?", value):
            scenario.tls = value
        elif key == "connections" and value in ("one", "any"):
            scenario.connections = value
        elif key == "client-certificate" and value == "wanted":
            scenario.client_certificate = value
        elif key == "line-end" and value in ("lf", "crlf"):
            scenario.line_end = b"\n" if value == "lf" else b"\r\n"
        else:
            raise ScenarioError(f"{where}: '{value}' is no value for {key}")


def read_script(path: Path, lines: list, verbs=frozenset(VERBS)) -> list:
    steps = []
    for number, line in lines:
        where = f"{path}:{number}"
        if not line.strip() or line.startswith("#"):
            continue
        question = re.match(r"(A[>.]?): (.*)$", line)
        if question:
            _add_answer(steps, where, *question.groups())
            continue
        spoken = re.match(r"(S-|S|L|C):(?: (.*))?$", line)
        if spoken:
            steps.append(Step(spoken.group(1), spoken.group(2) or "", where))
            continue
        words = re.fullmatch(r"@([a-z-]+)(?:\s+(.*?))?\s*", line)
        if not words or words.group(1) not in verbs:
            raise ScenarioError(f"{where}: neither S: S-: L: C: A: nor a known @word: {line}")
        if words.group(1) == "include":
            steps += _include(path, where, words.group(2) or "", verbs)
        else:
            steps.append(Step(words.group(1), words.group(2) or "", where))
    return steps


def _add_answer(steps: list, where: str, after: str, text: str) -> None:
    """Neighbouring A: lines are one step."""
    if not steps or steps[-1].verb != "A":
        steps.append(Step("A", "", where))
    asked, arrow, answered = text.partition(" => ")
    steps[-1].answers.append(Answer(asked.rstrip(), answered if arrow else None, after))


def _include(path: Path, where: str, name: str, verbs) -> list:
    folder = path.parent if path.parent.name == "parts" else path.parent / "parts"
    part = folder / f"{name}.txt"
    if not part.is_file():
        raise ScenarioError(f"{where}: there is no {part}")
    return read_script(part, list(enumerate(part.read_text(encoding="utf-8").split("\n"), 1)), verbs)


def read_verdict(path: Path, verdict: Verdict, lines: list) -> None:
    lists = {"finding": verdict.findings, "note": verdict.notes, "stdout": verdict.stdout,
             "stdout!": verdict.stdout_not, "perfdata": verdict.perfdata, "perfdata!": verdict.perfdata_not}
    for where, key, value in pairs(path, lines, VERDICT_KEYS):
        if key in lists:
            lists[key].append(value)
        elif key == "exit" and value in ("0", "1", "2", "3"):
            verdict.exit = int(value)
        elif key == "state" and value in STATES.values():
            verdict.state = value
        elif key == "line":
            verdict.line = value
        elif key == "labels":
            verdict.labels = [(word.strip("[]"), word.startswith("[")) for word in value.split()]
        elif key == "within":
            verdict.within = seconds(value)
        else:
            raise ScenarioError(f"{where}: '{value}' is no value for {key}")


def _check_whole(scenario: Scenario) -> None:
    verdict = scenario.verdict
    if not scenario.command:
        raise ScenarioError(f"{scenario.path}: 'command:' is missing")
    if verdict.exit < 0 or STATES[verdict.exit] != verdict.state:
        raise ScenarioError(f"{scenario.path}: 'exit:' and 'state:' are both needed and must agree")
    if scenario.listen in ("plain", "unix") and not scenario.steps:
        raise ScenarioError(f"{scenario.path}: a listening server needs a script")
    if scenario.listen not in ("plain", "unix") and scenario.steps:
        raise ScenarioError(f"{scenario.path}: with 'listen: {scenario.listen}' no script is ever played")


# -- places in braces ------------------------------------------------------------------------------------------------

def _closing(text: str, start: int) -> int:
    depth = 0
    for position in range(start, len(text)):
        depth += {"{": 1, "}": -1}.get(text[position], 0)
        if depth == 0:
            return position
    return -1


def _pieces(text: str, names):
    """Yields (kind, value): "text" as it stands, "place" for what is in known braces. Other braces are text."""
    position = 0
    while position < len(text):
        end = _closing(text, position) if text[position] == "{" else -1
        inner = text[position + 1:end] if end > 0 else ""
        if inner and (inner in names or re.match(r"(crlf$|(hex|base64|repeat|re|scram):)", inner)):
            yield "place", inner
            position = end + 1
        else:
            yield "text", text[position]
            position += 1


def expand(text: str, variables: dict) -> bytes:
    """What the server says: {name}, {crlf}, {hex:0d0a}, {base64:text}, {repeat:1000:text}, {scram:challenge}."""
    result = bytearray()
    for kind, value in _pieces(text, variables):
        name, _, rest = value.partition(":")
        if kind == "text":
            result += value.encode()
        elif value in variables:
            result += _bytes(variables[value])
        elif name == "crlf":
            result += b"\r\n"
        elif name == "hex":
            result += bytes.fromhex(rest)
        elif name == "base64":
            result += base64.b64encode(expand(rest, variables))
        elif name == "repeat":
            count, _, what = rest.partition(":")
            result += expand(what, variables) * int(count)
        elif name == "scram":
            result += scram_server.say(rest, variables)
        else:
            raise ScenarioError(f"{{{value}}} has no place in what the server says")
    return bytes(result)


def pattern(text: str, variables: dict):
    """What the client must say: text, {tag} (remembered), {any}, {re:regular expression}, and all that expand() knows."""
    result = bytearray()
    for kind, value in _pieces(text, set(variables) | {"tag", "any"}):
        if value == "tag" and kind == "place":
            result += rb"(?P<tag>[A-Za-z0-9.]+)"
        elif value == "any" and kind == "place":
            result += rb".*"
        elif kind == "place" and value in scram_server.HEARD:
            result += rb"(?P<" + scram_server.HEARD[value].encode() + rb">[A-Za-z0-9+/=]+)"
        elif kind == "place" and value.startswith("re:"):
            result += b"(?:" + value[3:].encode() + b")"
        else:
            result += re.escape(expand("{" + value + "}" if kind == "place" else value, variables))
    return re.compile(bytes(result), re.DOTALL)


def _bytes(value) -> bytes:
    return value if isinstance(value, bytes) else str(value).encode()
