"""Plays a round trip scenario: both servers at once, the plugin once for each part, and what is left in the mailbox.

    for part, run in play(round_trip, "whole", arguments): ...    # run: plugin_run.Run

The SMTP side is a script peer that also understands @message (takes the message after DATA), @arrive, @remove, @tell and
@wait. What it takes is checked to be a probe of ours and known from then on as {message}, {token}, {message_id} and so on.
"""
from __future__ import annotations

import re
import tempfile
import threading
import time
from email.utils import formatdate
from pathlib import Path

import roundtrip_scenario
import scenario as scenarios
from imap_store import Store
from imap_store_peer import ImapStorePeer
from plugin_run import PASSWORD, RUNS, USER, Run, execute, variables
from scenario import ScenarioError
from script_peer import PeerFault, Play, ScriptPeer, Wire

CAPTURED = ("message", "header", "token", "check", "message_id", "mark", "subject", "sent")
LETTERS = Path(__file__).resolve().parent.parent / "scenarios" / "roundtrip" / "letters"
TIMES = re.compile(r"\{(date|unix)(?::([+-]\d+))?\}")


class Exchange:
    """What both sides and the runs of one scenario share."""

    def __init__(self, round_trip):
        self.round_trip = round_trip
        self.store = Store(round_trip.folders)
        self.account = {"user": USER, "password": PASSWORD}
        self.known = {}  # what was captured: token, token-1, ...
        self.fetched = set()  # names of old messages that the client asked for
        self.run = 1
        self._placed = []  # (folder, name) of all that arrived
        self._told = {}
        self._news = threading.Condition()
        for stored in round_trip.holds:
            self.put(stored)

    def begin(self, part) -> None:
        self.run = part.number
        self.fetched = set()
        self._told = {}
        for stored in part.arrived:
            self.put(stored)
        self.store.grow_old()

    # -- telling and waiting

    def tell(self, word: str) -> None:
        with self._news:
            self._told[word] = self._told.get(word, 0) + 1
            self._news.notify_all()

    def wait(self, text: str, over: threading.Event, limit: float = 60) -> None:
        """`NOOP`, `NOOP 3`: until it was told so often in this run."""
        until = time.monotonic() + limit
        word, count = re.fullmatch(r"(.+?)(?: (\d+))?", text).groups()
        with self._news:
            while self._told.get(word, 0) < int(count or 1):
                if over.is_set() or time.monotonic() > until:
                    raise PeerFault(f"waited in vain for: {text}")
                self._news.wait(0.02)

    # -- letters

    def take(self, message: bytes) -> None:
        """The message that the client has sent."""
        captured = taken_apart(message)
        with self.store.lock:
            if captured["token"] in (value for key, value in self.known.items() if key.startswith("token")):
                raise PeerFault("the token was used before")
            self.known.update(captured)
            self.known.update({f"{key}-{self.run}": value for key, value in captured.items()})

    def arrive(self, text: str) -> None:
        folder, name, *flags = roundtrip_scenario.words(text)
        self.put(roundtrip_scenario.Stored(folder, name, flags))

    def put(self, stored) -> None:
        name = self.full_name(stored.letter)
        self.store.add(stored.folder, name, self.letter(stored.letter), stored.flags)
        self._placed.append((stored.folder, name))

    def remove(self, text: str) -> None:
        folder, name = roundtrip_scenario.words(text)
        self.store.remove(folder, self.full_name(name))
        self._placed.remove((folder, self.full_name(name)))

    def others(self, folder: str) -> list:
        """What must be left if a scenario says nothing: all that was not sent by the client."""
        return [name for place, name in self._placed if place == folder and not name.startswith("message-")]

    def full_name(self, name: str) -> str:
        return f"message-{self.run}" if name == "message" else name

    def letter(self, name: str) -> bytes:
        """Its text, places filled in. "message-1" is the letter "message" about the message of run 1."""
        plain, _, run = name.rpartition("-") if re.fullmatch(r".+-\d+", name) else (name, "", "")
        known = dict(self.known)
        if run:
            known.update({key: self.known[f"{key}-{run}"] for key in CAPTURED})
        text = "\r\n".join(self._lines_of(plain)) + "\r\n"
        text = TIMES.sub(lambda place: moment(place.group(1), int(place.group(2) or 0)), text)
        missing = [place for place in CAPTURED if f"{{{place}}}" in text and place not in known]
        if missing:
            raise ScenarioError(f"{self.round_trip.path}: letter {name}: {{{missing[0]}}} is not known yet")
        return scenarios.expand(text, known)

    def _lines_of(self, name: str) -> list:
        if name in self.round_trip.letters:
            return self.round_trip.letters[name]
        file = LETTERS / f"{name}.txt"
        if not file.is_file():
            raise ScenarioError(f"{self.round_trip.path}: there is no letter {name}, and no {file}")
        lines = file.read_text(encoding="utf-8").split("\n")
        return roundtrip_scenario.text_of_letter(list(enumerate(lines)))


def moment(kind: str, offset: int) -> str:
    at = time.time() + offset
    return formatdate(at) if kind == "date" else str(int(at))


def taken_apart(message: bytes) -> dict:
    """What is captured from a probe; PeerFault if it is not what a probe has to be."""
    header = message.partition(b"\r\n\r\n")[0] + b"\r\n"
    if re.search(rb"(?<!\r)\n|\r(?!\n)", message) or max(map(len, message.split(b"\r\n"))) > 998:
        raise PeerFault("the message has bare line feeds or lines of more than 998 bytes")
    fields = {}
    for name, value in re.findall(rb"(?m)^([!-9;-~]+): (.*(?:\r\n[ \t].*)*)\r\n", header):
        if name.lower() in fields:
            raise PeerFault(f"the message has {name.decode()} twice")
        fields[name.lower()] = value.decode("utf-8", "replace")
    missing = [name for name in ("date", "from", "to", "subject", "message-id") if name.encode() not in fields]
    if missing:
        raise PeerFault(f"the message has no {', '.join(missing)}")
    mark = re.fullmatch(r"id=([0-9a-f]{16}); token=([0-9a-f]{32}); sent=(\d+)", fields.get(b"x-mailcheck-roundtrip", ""))
    if not mark:
        raise PeerFault(f"X-Mailcheck-Roundtrip is not what it has to be: {fields.get(b'x-mailcheck-roundtrip')!r}")
    check, token, sent = mark.groups()
    if abs(int(sent) - time.time()) > 60:
        raise PeerFault(f"sent={sent} is not now")
    if fields[b"message-id"] != f"<{token}.{check}@example.org>" or not fields[b"subject"].endswith(" " + token):
        raise PeerFault(f"Message-ID {fields[b'message-id']} and subject {fields[b'subject']!r} do not have the token {token}")
    return {"message": message.removesuffix(b"\r\n"), "header": header.removesuffix(b"\r\n"), "token": token, "check": check,
            "message_id": fields[b"message-id"], "mark": mark.group(), "subject": fields[b"subject"], "sent": sent}


class SmtpPeer(ScriptPeer):
    bytewise_up_to, piece = 80, 61

    def __init__(self, side, mode, certificates, exchange):
        super().__init__(side, mode, certificates, exchange.account)
        self.exchange = exchange

    def _play(self, connection) -> None:
        fault = SmtpPlay(self, Wire(connection, self._limit, self.over)).play()
        self.fault = self.fault or fault


class SmtpPlay(Play):
    def _on_message(self, _text: str) -> None:
        """What the client says up to the lone dot."""
        lines = []
        while (line := self._wire.line()) != b".":
            lines.append(line.removeprefix(b".") + b"\r\n")
        message = b"".join(lines)
        self.dialogue.append(b"C: (the message)\n" + message + b".\n")
        self.peer.exchange.take(message)
        self.variables.update(self.peer.exchange.known)

    def _on_arrive(self, text: str) -> None:
        self.peer.exchange.arrive(text)

    def _on_remove(self, text: str) -> None:
        self.peer.exchange.remove(text)

    def _on_tell(self, text: str) -> None:
        self.peer.exchange.tell(text)

    def _on_wait(self, text: str) -> None:
        self.peer.exchange.wait(text, self.peer.over, self.scenario.verdict.within)


# -- playing ---------------------------------------------------------------------------------------------------------

def play(round_trip, name: str, arguments) -> list:
    """[(part, run)]: the parts one after another, until one goes so wrong that the next makes no sense."""
    exchange = Exchange(round_trip)
    played = []
    with tempfile.TemporaryDirectory(prefix="scenario.") as folder:
        state = Path(folder) / "state"
        state.mkdir(mode=0o700)
        for part in round_trip.parts:
            time.sleep(part.pause)
            if part.spoil is not None:
                spoil(state, part.spoil)
            run = play_part(round_trip, part, name, exchange, Path(folder), arguments)
            played.append((part, run))
            if run.peer_fault or run.code != part.verdict.exit:
                break
    return played


def spoil(state: Path, text: str) -> None:
    files = [path for path in state.rglob("*") if path.is_file()]
    if not files:
        raise ScenarioError("there is nothing to spoil in the state folder")
    for file in files:
        file.write_bytes(scenarios.expand(text, {}))


def play_part(round_trip, part, name: str, exchange: Exchange, folder: Path, arguments) -> Run:
    mode, appended = RUNS[name]
    exchange.begin(part)
    smtp = SmtpPeer(part.smtp, mode, arguments.certificates, exchange)
    imap = ImapStorePeer(round_trip, part, exchange, mode, arguments.certificates)
    known = {**variables(0, arguments.certificates, folder), "state": folder / "state"}
    # --id: the port is a part of the check's identity otherwise, and here it is another one in each run
    known["servers"] = (f"--id scenario --hostname {known['host']} --address 127.0.0.1 --smtp-port {smtp.port} --imap-port {imap.port} "
                        "--smtp-tls starttls --imap-tls implicit")
    command = scenarios.expand(" ".join([round_trip.command, part.options, *appended]), known).decode()
    for peer in (smtp, imap):
        peer.start()
    killer = Killer(exchange, part.killed)
    code, stdout, stderr, duration = execute(command, arguments.plugins, folder, part.verdict.within + 10, killer.watch)
    killer.over.set()
    faults = [f"{side}: {fault}" for side, peer in (("SMTP", smtp), ("IMAP", imap)) if (fault := peer.finish())]
    if part.killed:  # it broke off both connections
        faults = []
    faults += faults_of_mailbox(part, exchange)
    transcript = known["transcript"].read_bytes() if known["transcript"].exists() else b""
    dialogue = b"-- SMTP --\n" + b"".join(smtp.dialogue) + b"-- IMAP --\n" + b"".join(imap.dialogue)
    label = name if len(round_trip.parts) == 1 else f"{name}, run {part.number}"
    return Run(label, code, stdout, stderr, duration, transcript, "; ".join(faults), dialogue)


class Killer:
    """Ends the plugin by SIGKILL when the sides tell the word."""

    def __init__(self, exchange: Exchange, word: str):
        self.over = threading.Event()
        self._exchange = exchange
        self._word = word

    def watch(self, process) -> None:
        if self._word:
            threading.Thread(target=self._kill, args=(process,), daemon=True).start()

    def _kill(self, process) -> None:
        try:
            self._exchange.wait(self._word, self.over)
            process.kill()
        except PeerFault:
            pass  # it ended first; the exit code tells


def faults_of_mailbox(part, exchange: Exchange) -> list:
    """Exactly the messages that ought to be left are, and with the flags that they had."""
    faults = []
    flagged = {(each.folder, exchange.full_name(each.letter)): set(each.flags) for each in part.flagged}
    for name, folder in exchange.store.folders.items():
        present = sorted(message.name for message in folder.messages)
        wanted = sorted(exchange.full_name(each) for each in part.left.get(name, exchange.others(name)))
        if present != wanted:
            faults.append(f"left in {name}: {', '.join(present) or 'nothing'}; expected {', '.join(wanted) or 'nothing'}")
        for message in folder.messages:
            added = flagged.get((name, message.name), set())
            if message.flags != set(message.first_flags) | added:
                faults.append(f"{message.name} in {name} has the flags {sorted(message.flags)}, and had "
                              f"{sorted(message.first_flags)}")
    foreign = {each for each in exchange.fetched if not each.startswith("message-")} - part.fetched
    if foreign:
        faults.append(f"old mail of others was fetched: {', '.join(sorted(foreign))}")
    return faults
