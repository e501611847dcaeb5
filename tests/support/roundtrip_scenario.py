"""Scenario files of the round trip: a script for the SMTP side, a mailbox with rules for the IMAP side, letters, and one
verdict for each run of the plugin. tests/scenarios/README.md describes the format for people.

    load(path) -> RoundTrip: what all runs share, and its runs, in order
"""
from __future__ import annotations

import re
import shlex
from dataclasses import dataclass, field
from pathlib import Path

import scenario as scenarios
from scenario import Scenario, ScenarioError, Verdict, seconds

KILLED = -9  # the verdict of a run that the scenario ends by SIGKILL
CAPABILITIES = "IMAP4rev1 LITERAL+ SASL-IR IDLE UIDPLUS MOVE SPECIAL-USE LIST-EXTENDED AUTH=PLAIN".split()
VERBS = scenarios.VERBS | {"message", "tell", "wait", "arrive", "remove", "renumber", "announce", "store",
                         "fault"}
HEAD_KEYS = {"command", "options", "folder", "delimiter", "capabilities", "with", "without", "announces", "holds"}
RUN_KEYS = {"options", "pause", "arrived", "killed", "spoil"}
SIDE_KEYS = {"listen", "connections", "certificate", "hang-up"}
OWN_VERDICT_KEYS = {"left", "flagged", "fetched"}


@dataclass
class Rule:
    pattern: str  # the command without its tag
    first: int  # from this match on ...
    last: float  # ... to this one
    steps: list


@dataclass
class Stored:
    """One message that is in a folder before a run begins."""
    folder: str
    letter: str
    flags: list


@dataclass
class Part:
    """One run of the plugin."""
    path: Path
    why: str
    number: int
    options: str = ""
    pause: float = 0  # before it begins
    arrived: list = field(default_factory=list)  # Stored, since the run before
    killed: str = ""  # what the sides tell each other when it is to be killed
    spoil: str | None = None  # what every file of the state folder is overwritten with before it begins
    smtp: Scenario | None = None
    imap: Scenario | None = None
    rules: list = field(default_factory=list)
    imap_connections: int = 1
    imap_may_hang_up: bool = False
    verdict: Verdict = field(default_factory=Verdict)
    left: dict = field(default_factory=dict)  # folder -> names; without: everything but our messages
    flagged: list = field(default_factory=list)  # Stored: flags that a message has in the end and had not at first
    fetched: set = field(default_factory=set)  # names of old messages of others that may be fetched


@dataclass
class RoundTrip:
    path: Path
    why: str
    command: str = ""
    folders: dict = field(default_factory=dict)  # name -> attributes
    delimiter: str = "/"
    capabilities: list = field(default_factory=lambda: list(CAPABILITIES))
    announces: set = field(default_factory=set)  # the only commands that bring news; empty: every command
    holds: list = field(default_factory=list)
    letters: dict = field(default_factory=dict)  # name -> lines
    parts: list = field(default_factory=list)


def is_one(path: Path) -> bool:
    return Path(path).resolve().parent.name == "roundtrip"


def load(path) -> RoundTrip:
    path = Path(path)
    (_, head), *sections = _sections(path)
    first = head[0][1] if head else ""
    if not first.startswith("# ") or len(first) < 20:
        raise ScenarioError(f"{path}:1: the first line says in a sentence why this scenario exists: # ...")
    scenario = RoundTrip(path, first[2:])
    _read_head(scenario, head)
    for title, lines in sections:
        _read_section(scenario, title, lines)
    _check_whole(scenario)
    return scenario


def _sections(path: Path) -> list:
    sections = [("head", [])]
    for number, line in enumerate(path.read_text(encoding="utf-8").split("\n"), 1):
        if line.startswith("--- "):
            sections.append((line[4:].strip(), []))
        else:
            sections[-1][1].append((number, line))
    return sections


def _read_head(scenario: RoundTrip, lines: list) -> None:
    for where, key, value in scenarios.pairs(scenario.path, lines, HEAD_KEYS):
        if key in ("command", "options"):
            scenario.command = f"{scenario.command} {value}".strip()
        elif key == "folder":
            name, *attributes = words(value)
            scenario.folders[name] = attributes
        elif key == "delimiter" and len(value) == 1:
            scenario.delimiter = value
        elif key == "capabilities":
            scenario.capabilities = value.split()
        elif key == "with":
            scenario.capabilities += value.split()
        elif key == "without" and set(value.split()) <= set(scenario.capabilities):
            scenario.capabilities = [each for each in scenario.capabilities if each not in value.split()]
        elif key == "announces":
            scenario.announces = set(value.split())
        elif key == "holds":
            scenario.holds.append(_stored(where, value))
        else:
            raise ScenarioError(f"{where}: '{value}' is no value for {key}")
    if not scenario.folders:
        scenario.folders = {"Junk": ["\\Junk"], "Trash": ["\\Trash"]}
    scenario.folders = {"INBOX": [], **scenario.folders}


def words(text: str) -> list:
    """Quotes work as in a shell, backslashes stand for themselves: INBOX, "Junk E-Mail", \\Seen."""
    return shlex.split(text.replace("\\", "\\\\"))


def _stored(where: str, value: str) -> Stored:
    given = words(value)
    if len(given) < 2 or not all(flag.startswith("\\") for flag in given[2:]):
        raise ScenarioError(f"{where}: FOLDER LETTER and flags are needed: {value}")
    return Stored(given[0], given[1], given[2:])


def _read_section(scenario: RoundTrip, title: str, lines: list) -> None:
    kind, _, name = title.partition(" ")
    if kind == "letter" and name:
        scenario.letters[name] = text_of_letter(lines)
        return
    if kind == "run" or not scenario.parts:
        scenario.parts.append(Part(scenario.path, scenario.why, len(scenario.parts) + 1))
    part = scenario.parts[-1]
    if kind == "run":
        _read_run(scenario, part, lines)
    elif kind == "smtp" and part.smtp is None:
        part.smtp = _read_smtp(scenario, lines)
    elif kind == "imap" and part.imap is None:
        _read_imap(scenario, part, lines)
    elif kind == "verdict":
        _read_verdict(scenario, part, lines)
    else:
        raise ScenarioError(f"{scenario.path}: '--- {title}' has no place here")


def text_of_letter(lines: list) -> list:
    text = [line for _, line in lines]
    while text and not text[-1]:
        text.pop()
    return text


def _read_run(scenario: RoundTrip, part: Part, lines: list) -> None:
    for where, key, value in scenarios.pairs(scenario.path, lines, RUN_KEYS):
        if key == "pause":
            part.pause = seconds(value)
        elif key == "arrived":
            part.arrived.append(_stored(where, value))
        else:
            setattr(part, key, value)
    if part.killed:
        part.verdict.exit = KILLED


def _side(scenario: RoundTrip, lines: list) -> tuple:
    """The keys of a side, and the lines of its script."""
    side = Scenario(path=scenario.path, why=scenario.why, command="")
    keys, script = {}, []
    for number, line in lines:
        key, colon, value = line.partition(":")
        if colon and key in SIDE_KEYS:
            keys[key] = value.strip()
        else:
            script.append((number, line))
    side.certificate = keys.get("certificate", side.certificate)
    side.listen = keys.get("listen", side.listen)
    if side.listen not in scenarios.LISTEN:
        raise ScenarioError(f"{scenario.path}: '{side.listen}' is no value for listen")
    return side, keys, script


def _read_smtp(scenario: RoundTrip, lines: list) -> Scenario:
    side, _, script = _side(scenario, lines)
    side.steps = scenarios.read_script(scenario.path, script, VERBS)
    if (side.listen == "plain") != bool(side.steps):
        raise ScenarioError(f"{scenario.path}: the SMTP side needs a script, or `listen:` with another word than plain")
    return side


def _read_imap(scenario: RoundTrip, part: Part, lines: list) -> None:
    part.imap, keys, script = _side(scenario, lines)
    part.imap.connections = "any"  # counted by the peer
    part.imap_connections = int(keys.get("connections", 1))
    part.imap_may_hang_up = keys.get("hang-up") == "allowed"
    part.rules = _rules(scenario.path, script)


def _rules(path: Path, lines: list) -> list:
    rules, bodies = [], []
    for number, line in lines:
        opening = re.fullmatch(r"when(?: (\d+)(\+?))?: (.+)", line)
        if opening:
            nth, onward, pattern = opening.groups()
            first = int(nth or 1)
            rules.append(Rule(pattern.strip(), first, float("inf") if onward or not nth else first, []))
            bodies.append([])
        elif bodies:
            bodies[-1].append((number, line))
        elif line.strip() and not line.startswith("#"):
            raise ScenarioError(f"{path}:{number}: a rule begins with 'when:', 'when 2:' or 'when 2+:': {line}")
    for rule, body in zip(rules, bodies):
        rule.steps = scenarios.read_script(path, body, VERBS)
    return rules


def _read_verdict(scenario: RoundTrip, part: Part, lines: list) -> None:
    general = []
    for number, line in lines:
        key, _, value = line.partition(":")
        if key not in OWN_VERDICT_KEYS:
            general.append((number, line))
        elif key == "left":
            folder, *names = words(value)
            part.left[folder] = names
        elif key == "flagged":
            part.flagged.append(_stored(f"{scenario.path}:{number}", value.strip()))
        else:
            part.fetched |= set(value.split())
    scenarios.read_verdict(scenario.path, part.verdict, general)


def _check_whole(scenario: RoundTrip) -> None:
    path = scenario.path
    if not scenario.command or not scenario.parts:
        raise ScenarioError(f"{path}: 'command:' and a verdict are needed")
    for part in scenario.parts:
        verdict = part.verdict
        if verdict.exit != KILLED and (verdict.exit < 0 or scenarios.STATES[verdict.exit] != verdict.state):
            raise ScenarioError(f"{path}, run {part.number}: 'exit:' and 'state:' are both needed and must agree")
        if part.smtp is None:  # nobody may connect
            part.smtp = Scenario(path=path, why=scenario.why, command="", listen="untouched")
        if part.imap is None:
            _read_imap(scenario, part, [])
        for each in (part.smtp, part.imap):
            each.verdict = verdict
        known = set(scenario.folders)
        for name in [*(stored.folder for stored in [*scenario.holds, *part.arrived, *part.flagged]), *part.left]:
            if name not in known:
                raise ScenarioError(f"{path}: there is no folder {name}")
