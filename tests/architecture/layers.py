"""The rules of the house, read off the source: which file may include which, and the few limits that keep rooms small.

check(root) reads every file of lib/ and plugins/ and returns the breaches as sentences "file:line: what". The map of
rooms is lib/LAYERS, which CMake reads too. Nothing is compiled: #include lines are taken at their word.
"""
from __future__ import annotations

import re
from pathlib import Path

LONGEST_FILE = 500
LONGEST_MAIN = 40
FORBIDDEN_ROOMS = {"util", "utils", "common", "helper", "helpers", "misc"}
VERDICT_WING = {"plugin", "cli"}
# library header -> the rooms that may see it
LIBRARIES = {"CLI/": {"cli"}, "nlohmann/": {"plugin", "cli", "ledger"}}
PRINTING = re.compile(r"std::(cout|cerr|clog)\b|(?<![\w.:>])((std)?::)?(printf|fprintf|vprintf|vfprintf|dprintf|puts|fputs|putchar|"
                      r"perror|exit|_exit|quick_exit|abort)\s*\(|fmt::print\b")
INCLUDE = re.compile(r'^\s*#\s*include\s*([<"])([^>"]+)[>"]')


class Layers:
    """lib/LAYERS: room -> rooms it may include, and the headers that a judge may see."""

    def __init__(self, text: str):
        self.allowed = {}
        self.judge_headers = set()
        for line in text.splitlines():
            name, colon, rest = line.partition(":")
            if not colon or line.startswith("#"):
                continue
            if name == "JUDGE":
                self.judge_headers |= set(rest.split())
            else:
                self.allowed[name.strip()] = rest.split()

    def faults(self):
        """Every name is known, and the map has no circle: a room may only include rooms written above it."""
        above = set()
        for room, others in self.allowed.items():
            for other in others:
                if other not in above:
                    yield f"lib/LAYERS: {room} may include {other}, which does not stand above it"
            above.add(room)


def check(root) -> list:
    root = Path(root)
    layers = Layers((root / "lib" / "LAYERS").read_text(encoding="utf-8"))
    faults = list(layers.faults())
    for path in sorted([*root.glob("lib/**/*"), *root.glob("plugins/**/*")]):
        if path.suffix in (".h", ".cc", ".hh", ".hpp", ".cpp", ".c", ".inc"):
            faults += _check_file(root, path, layers)
    return faults


def room_of(relative: Path) -> str:
    """lib/imap/session.h -> imap; plugins/shared/findings.h -> plugins/shared"""
    parts = relative.parts
    return parts[1] if parts[0] == "lib" and len(parts) > 2 else "/".join(parts[:2]) if len(parts) > 2 else ""


def _check_file(root: Path, path: Path, layers: Layers) -> list:
    relative = path.relative_to(root)
    text = path.read_text(encoding="utf-8")
    room = room_of(relative)
    if path.suffix not in (".h", ".cc"):
        return [f"{relative}: sources are .cc, headers are .h"]
    if room.split("/")[-1] in FORBIDDEN_ROOMS or path.stem in FORBIDDEN_ROOMS:
        return [f"{relative}: no room and no file is named {room or path.stem}"]
    if room not in layers.allowed:
        return [f"{relative}: the room '{room}' is not in lib/LAYERS"]
    faults = []
    for number, line in enumerate(text.splitlines(), 1):
        match = INCLUDE.match(line)
        if match:
            faults += [f"{relative}:{number}: {fault}" for fault in _check_include(root, relative, match, layers)]
    return [*faults, *_check_shape(relative, text), *_check_silence(relative, room, text)]


def _check_include(root: Path, relative: Path, match, layers: Layers):
    quote, target = match.groups()
    room = room_of(relative)
    for prefix, rooms in LIBRARIES.items():
        if target.startswith(prefix) and room not in rooms:
            yield f"<{target}> belongs to {', '.join(sorted(rooms))} only"
    if quote == "<":
        if any((base / target).is_file() for base in (root / "lib", root)):  # <net/if.h> is the system's
            yield f"our own header <{target}> is written in quotes"
        return
    found = [base / target for base in (root / "lib", root) if (base / target).is_file()]
    if not found:
        yield f'"{target}" is no file below lib/ or the root: write the path from there'
        return
    header = found[0].relative_to(root)
    other = room_of(header)
    if other != room and other not in layers.allowed[room]:
        yield f"{room} may not include {other} (\"{target}\")"
    if relative.stem.startswith("judge") and room.startswith("plugins/"):
        yield from _check_judge(relative, header, target, layers)


def _check_judge(relative: Path, header: Path, target: str, layers: Layers):
    own = header.parent == relative.parent and header.stem.startswith("judge")
    if not own and room_of(header) != "plugin" and target not in layers.judge_headers:
        yield f'a judge sees plain values only; "{target}" is not on the JUDGE line of lib/LAYERS'


def _check_shape(relative: Path, text: str):
    lines = text.splitlines()
    if len(lines) > LONGEST_FILE:
        yield f"{relative}: {len(lines)} lines, never more than {LONGEST_FILE}"
    if relative.name == "main.cc" and len(lines) > LONGEST_MAIN:
        yield f"{relative}: {len(lines)} lines, a main.cc has at most {LONGEST_MAIN}"
    if relative.suffix == ".h":
        first = re.match(r"//\s*(\S.*)", text)
        if not first or len(first.group(1).split()) < 4:
            yield f"{relative}:1: a header is a manual: it opens with a comment in prose"
        if "#pragma once" not in lines:
            yield f"{relative}: #pragma once is missing"


def _check_silence(relative: Path, room: str, text: str):
    """Facts never print and never exit."""
    if room in VERDICT_WING or room.startswith("plugins/"):
        return
    for number, line in enumerate(_without_comments_and_strings(text).split("\n"), 1):
        if PRINTING.search(line) or re.match(r"\s*#\s*include\s*<iostream>", line):
            yield f"{relative}:{number}: a room of facts never prints and never exits: {line.strip()}"


def _without_comments_and_strings(text: str) -> str:
    """The code alone; line ends stay, so that line numbers do."""
    token = re.compile(r'//[^\n]*|/\*.*?\*/|R"(\w*)\(.*?\)\1"|"(?:\\.|[^"\\\n])*"|\'(?:\\.|[^\'\\\n])\'', re.DOTALL)
    return token.sub(lambda match: "\n" * match.group(0).count("\n"), text)
