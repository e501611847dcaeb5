#!/usr/bin/env python3
"""A round trip between two servers of which one is hostile: bounded memory, CPU and time, foreign mail untouched, never OK
without arrival, no secret shown.

Both servers are plain sockets over one imap_store; a case replaces what they answer to a command. Every case runs three
times: plain, as JSON, and with -vvv, a transcript and a state folder.

Then what a scheduler does: signals in every step, runs side by side, limits, and mail that comes between two runs.

    hostile_roundtrip_test.py FOLDER_OF_PLUGINS [case ... | rough]
"""
from __future__ import annotations

import json
import os
import re
import resource
import signal
import socket
import subprocess
import sys
import tempfile
import threading
import time
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parent.parent / "support"))
import hostile_server  # noqa: E402
import imap_store  # noqa: E402
import plugin_output  # noqa: E402

TIMEOUT = 5.0
GRACE = 3.0  # the deadline holds to this; a busy machine must not break it
MEMORY = 100 * 1024  # KiB
BUSY = 0.2  # of the time of a run, at most: CPU in a flood
if "MAILCHECK_SANITIZED" in os.environ:
    GRACE, MEMORY, BUSY = 6.0, 40 * MEMORY, 1.0
BOUNCES = 10 if "MAILCHECK_SANITIZED" in os.environ else 60  # what takes 5 ms takes 80 there, and must end in time
SECRETS = {"smtp": "smtp-horse-battery", "imap": "imap-mule-staple"}
CAPABILITIES = b"IMAP4rev1 SASL-IR LITERAL+ IDLE UIDPLUS MOVE SPECIAL-USE LIST-EXTENDED AUTH=PLAIN"
FOREIGN = b"From: anne@example.net\r\nMessage-ID: <1@example.net>\r\nSubject: minutes\r\n\r\nhello\r\n"
RUNS = {"plain": [], "json": ["--output", "json"], "verbose": ["-vvv", "--transcript", "transcript", "--state-dir", "state"]}
if "MAILCHECK_SANITIZED" in os.environ:  # the one that shows most: this half is slow
    del RUNS["plain"], RUNS["json"]


@dataclass
class Case:
    name: str
    answers: dict  # "imap NOOP" or "smtp RCPT" -> what is done instead of answering
    exits: tuple  # codes of which one is right
    words: str  # a regular expression that the line must meet
    options: list
    is_flood: bool
    timeout: float
    capabilities: bytes
    folders: dict
    holds: dict  # folder -> flags of one foreign message
    may_change: bool  # a server that lies about its own store may lose what it likes
    runs: tuple


CASES: dict = {}


def case(name, answers, exits, words="", options="", is_flood=False, timeout=TIMEOUT, capabilities=CAPABILITIES, folders=None,
         holds=None, may_change=False, runs=tuple(RUNS)):
    CASES[name] = Case(name, answers, exits if isinstance(exits, tuple) else (exits,), words, options.split(), is_flood, timeout,
                       capabilities, folders or {"Junk": ["\\Junk"], "Trash": ["\\Trash"]}, holds or {"INBOX": []}, may_change, runs)


# ---------------------------------------------------------------- the two servers

@dataclass
class Shared:
    case: Case
    store: imap_store.Store
    message: bytes = b""  # ours, as it was taken
    strangers: int = 0  # messages that somebody else sent to INBOX
    over: threading.Event = field(default_factory=threading.Event)

    def part(self, name: bytes) -> bytes:
        """Of the message that was taken: the value of a header."""
        found = re.search(rb"(?mi)^" + name + rb": (.*)\r\n", self.message)
        return found.group(1) if found else b""

    def arrive(self, data: bytes = None, folder: str = "INBOX") -> None:
        self.store.add(folder, "ours", self.message if data is None else data)


class Talk(hostile_server.Talk):
    def __init__(self, connection, shared: Shared):
        super().__init__(connection)
        self.shared = shared
        self.times = {}

    def pause(self, seconds: float) -> None:
        self.shared.over.wait(seconds)

    def hang(self) -> None:
        self.connection.settimeout(1)
        while not self.shared.over.is_set():
            try:
                if not self.connection.recv(65536):
                    return
            except socket.timeout:
                continue

    def fill(self, piece: bytes, every: float, over=lambda: False) -> None:
        """One response after another, until the client has had enough."""
        while not self.shared.over.is_set() and not over():
            self.say(piece)
            self.pause(every)

    def read_line(self) -> bytes:
        while b"\n" not in self.unread:
            data = self.connection.recv(65536)
            if not data:
                raise ConnectionError
            self.unread += data
        line, _, self.unread = self.unread.partition(b"\n")
        return line.rstrip(b"\r")

    def has_said(self) -> bool:
        self.connection.setblocking(False)
        try:
            self.unread += self.connection.recv(65536)
        except (BlockingIOError, socket.timeout):
            pass
        finally:
            self.connection.settimeout(60)
        return b"\n" in self.unread

    def answer(self, side: str, verb: str, *arguments) -> bool:
        """False: the case leaves it to the ordinary server."""
        self.times[verb] = self.times.get(verb, 0) + 1
        act = self.shared.case.answers.get(f"{side} {verb}")
        if act is None:
            return False
        if isinstance(act, bytes):
            self.say(act.replace(b"{tag}", arguments[0] if arguments else b""))
            return True
        return act(self, *arguments) is not False


class Smtp(Talk):
    def play(self) -> None:
        if not self.answer("smtp", "greeting"):
            self.say(b"220 mail.example.test ESMTP\r\n")
        replies = {"EHLO": b"250-mail.example.test\r\n250-DSN\r\n250 AUTH PLAIN\r\n", "AUTH": b"235 2.7.0 in\r\n",
                   "DATA": b"354 go on\r\n", "QUIT": b"221 2.0.0 bye\r\n"}
        while True:
            line = self.read_line()
            verb = line.split(b" ")[0].decode().upper()
            if not self.answer("smtp", verb, line):
                self.say(replies.get(verb, b"250 2.0.0 ok\r\n"))
            if verb == "DATA":
                lines = []
                while (line := self.read_line()) != b".":
                    lines.append(line.removeprefix(b".") + b"\r\n")
                self.shared.message = message = b"".join(lines)
                if not self.answer("smtp", "."):
                    self.shared.arrive(message)
                    self.say(b"250 2.0.0 queued\r\n")
            if verb == "QUIT":
                return


class Imap(Talk):
    folder = None

    def play(self) -> None:
        if not self.answer("imap", "greeting"):
            self.say(b"* OK [CAPABILITY " + self.shared.case.capabilities + b"] ready\r\n")
        while True:
            line = self.read_line()
            while literal := re.search(rb"\{(\d+)\+?\}$", line):
                while len(self.unread) < int(literal.group(1)):
                    self.unread += self.connection.recv(65536)
                text, self.unread = self.unread[:int(literal.group(1))], self.unread[int(literal.group(1)):]
                line = line[:literal.start()] + b'"' + text + b'"' + self.read_line()
            tag, _, command = line.partition(b" ")
            words = command.decode("utf-8", "replace").split(" ")
            verb = " ".join(words[:2] if words[0] == "UID" else words[:1])
            arguments = command.decode("utf-8", "replace")[len(verb):].strip()
            if not self.answer("imap", verb, tag, arguments):
                self.serve(verb, tag, arguments)
            if verb == "LOGOUT":
                return

    def place(self):
        return self.shared.store.folders[self.folder]

    def serve(self, verb: str, tag: bytes, arguments: str) -> None:
        if verb in ("SELECT", "EXAMINE") and arguments.strip('"') not in self.shared.store.folders:
            return self.say(tag + b" NO [NONEXISTENT] no such folder\r\n")
        with self.shared.store.lock:
            lines = getattr(self, "_" + verb.replace(" ", "_").lower(), lambda _: [])(arguments)
        self.say(b"".join(b"* " + line + b"\r\n" for line in lines) + tag + b" OK done\r\n")

    def _capability(self, _):
        return [b"CAPABILITY " + self.shared.case.capabilities]

    def _list(self, _):
        return [f'LIST ({" ".join(each.attributes)}) "/" "{name}"'.encode() for name, each in self.shared.store.folders.items()]

    def _status(self, arguments):
        name = arguments[:arguments.rindex("(")].strip().strip('"')
        place = self.shared.store.folders.get(name)
        return [f'STATUS "{name}" (MESSAGES {len(place.messages)} UIDNEXT {place.uidnext} UIDVALIDITY {place.uidvalidity})'
                .encode()] if place else []

    def _select(self, arguments):
        self.folder = arguments.strip('"')
        place = self.place()
        return [f"{len(place.messages)} EXISTS".encode(), f"OK [UIDVALIDITY {place.uidvalidity}] x".encode(),
                f"OK [UIDNEXT {place.uidnext}] x".encode()]

    def _noop(self, _):
        return [f"{len(self.place().messages)} EXISTS".encode()] if self.folder else []

    def _uid_fetch(self, arguments):
        uids, _, items = arguments.partition(" ")
        wanted = imap_store.parse_items(items)
        chosen = {one.uid for one in imap_store.chosen(self.place(), uids)[0]}
        return [b"%d FETCH (%s)" % (number, imap_store.fetched(one, wanted))
                for number, one in enumerate(self.place().messages, 1) if one.uid in chosen]

    def _uid_search(self, arguments):
        return [b"SEARCH" + b"".join(b" %d" % one.uid for one in imap_store.search(self.place(), arguments))]

    def _uid_store(self, arguments):
        for one in imap_store.chosen(self.place(), arguments.split(" ")[0])[0]:
            one.flags.add("\\Deleted")
        return []

    def _uid_expunge(self, arguments):
        chosen = {one.uid for one in imap_store.chosen(self.place(), arguments or "1:*")[0]}
        self.place().messages[:] = [one for one in self.place().messages if one.uid not in chosen or "\\Deleted" not in one.flags]
        return []

    _expunge = _uid_expunge

    def _uid_move(self, arguments):
        uids, _, name = arguments.partition(" ")
        target, lines = self.shared.store.folders[name.strip('"')], []
        for one in imap_store.chosen(self.place(), uids)[0]:
            self.place().messages.remove(one)
            self.shared.store.add(name.strip('"'), one.name, one.data, one.flags)
            lines.append(f"OK [COPYUID {target.uidvalidity} {one.uid} {target.uidnext - 1}] x".encode())
        return lines

    def _idle(self, _):
        self.say(b"+ idling\r\n")
        known = len(self.place().messages)
        while not self.has_said():
            if len(self.place().messages) != known:
                known = len(self.place().messages)
                self.say(b"* %d EXISTS\r\n" % known)
            self.pause(0.01)
        self.read_line()
        return []


class SlowImap(Imap):
    """The sender's mailbox, where every NOOP takes its time."""

    def serve(self, verb: str, tag: bytes, arguments: str) -> None:
        self.pause(1.5 if verb == "NOOP" else 0)
        super().serve(verb, tag, arguments)


def listen(kind, shared: Shared, faults: list):
    listener = socket.create_server(("127.0.0.1", 0))

    def serve(connection):
        connection.settimeout(60)
        connection.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        try:
            kind(connection, shared).play()
        except (OSError, ConnectionError):
            pass  # the client has had enough
        except Exception as error:  # pylint: disable=broad-except
            faults.append(f"the server of the test: {error!r}")
        finally:
            connection.close()

    def accept():
        while True:
            try:
                connection, _ = listener.accept()
            except OSError:
                return
            threading.Thread(target=serve, args=(connection,), daemon=True).start()

    threading.Thread(target=accept, daemon=True).start()
    return listener


# ---------------------------------------------------------------- running and judging

class Servers:
    """Both servers of a case, the files of an account, and the command line for them."""

    def __init__(self, plugin: Path, one: Case, folder: Path):
        store = imap_store.Store({"INBOX": [], **one.folders})
        for name, flags in one.holds.items():
            store.add(name, "foreign", FOREIGN, flags)
        self.shared, self.faults, self.folder, self.one, self.plugin = Shared(one, store), [], folder, one, plugin
        for side, secret in SECRETS.items():
            (folder / side).write_text(secret)
            (folder / side).chmod(0o600)
        self.listeners = {"smtp": listen(Smtp, self.shared, self.faults), "imap": listen(Imap, self.shared, self.faults),
                          "slow": listen(SlowImap, Shared(ordinary({}, "slow"), imap_store.Store({"INBOX": []})), self.faults)}

    def command(self, more: list) -> list:
        ports = {side: str(listener.getsockname()[1]) for side, listener in self.listeners.items()}
        given = [word.replace("{folder}", str(self.folder)).replace("{slow_port}", ports["slow"]) for word in self.one.options]
        return [str(self.plugin), "-H", "mail.example.test", "--address", "127.0.0.1", "--tls", "none", "--allow-plaintext-auth",
                "--smtp-port", ports["smtp"], "--imap-port", ports["imap"], "-U", "probe",
                "--smtp-password-file", str(self.folder / "smtp"), "--imap-password-file", str(self.folder / "imap"), "--id", "hostile",
                "--from", "sender@example.org", "--to", "recipient@example.test", "-t", str(self.one.timeout), *given, *more]

    def end(self) -> None:
        self.shared.over.set()
        for listener in self.listeners.values():
            listener.shutdown(socket.SHUT_RDWR)
            listener.close()


def run(plugin: Path, one: Case, mode: str) -> list:
    with tempfile.TemporaryDirectory(prefix="hostile.") as name:
        folder = Path(name)
        servers = Servers(plugin, one, folder)
        more = [str(folder / word) if word in ("transcript", "state") else word for word in RUNS[mode]]
        code, out, err, duration, cpu, memory = hostile_server.run(servers.command(more))
        servers.end()
        written = b"".join(path.read_bytes() for path in [folder / "transcript", *(folder / "state").glob("*")] if path.is_file())
    faults = servers.faults
    print(f"{one.name:44} {mode:8} exit {code}, {duration:5.2f} s, CPU {cpu:4.2f} s, {memory / 1024:5.1f} MiB", flush=True)
    if duration > one.timeout + GRACE:
        faults.append(f"took {duration:.2f} s of {one.timeout} s")
    if cpu > (BUSY * max(duration, 0.5) if one.is_flood else hostile_server.CPU):
        faults.append(f"used {cpu:.2f} s of CPU in {duration:.2f} s")
    if memory > max(MEMORY, resource.getrusage(resource.RUSAGE_SELF).ru_maxrss):  # Linux begins with what this Python has
        faults.append(f"used {memory / 1024:.0f} MiB")
    if err:
        faults.append(f"stderr: {err[:200]!r}")
    return faults + faults_of_store(one, servers.shared) + faults_of_output(one, mode, code, out, written)


def faults_of_store(one: Case, shared: Shared) -> list:
    if one.may_change:
        return []
    faults = []
    for name, flags in one.holds.items():
        left = [set(each.flags) for each in shared.store.folders[name].messages if each.name == "foreign"]
        wanted = [set(flags)] + [set()] * (shared.strangers if name == "INBOX" else 0)
        if left != wanted:
            faults.append(f"foreign mail in {name}: {len(left)} of {len(wanted)} are left, flags {left[:3]}")
    return faults


def faults_of_output(one: Case, mode: str, code: int, out: bytes, written: bytes) -> list:
    faults = [fault for secret in SECRETS.values() for fault in plugin_output.leaks(out + written, secret, "probe")]
    if mode == "json":
        try:
            report = json.loads(out)
            line = f"ROUNDTRIP {report['state']} - {report['summary']}"
        except (ValueError, KeyError) as error:
            return [*faults, f"no JSON: {error}: {out[:300]!r}"]
    else:
        reading = plugin_output.read(out)
        faults += reading.faults
        line = reading.text
        if mode == "plain" and out.count(b"\n") != 1:
            faults.append(f"{out.count(10)} lines")
    is_pending = mode == "verbose" and code == 0 and "accepted, not yet in" in line  # as it has a state folder then
    if code not in one.exits and not is_pending:
        faults.append(f"exit {code}: {line[:300]}")
    if one.words and not is_pending and not re.search(one.words, line):
        faults.append(f"the line does not say {one.words}: {line[:400]}")
    return faults


# ---------------------------------------------------------------- servers that hang

def hang(talk, *_):
    talk.hang()


def drip(talk, *_):
    talk.fill(b"*", 0.05)


for silent in ("greeting", "AUTHENTICATE", "LIST", "STATUS", "SELECT"):
    case(f"imap_hangs_at_{silent.lower()}", {f"imap {silent}": hang}, 2, "could-not-look.*, nothing was sent")
for silent in ("greeting", "EHLO", "AUTH", "MAIL", "RCPT", "DATA"):
    case(f"smtp_hangs_at_{silent.lower()}", {f"smtp {silent}": hang}, 2, "not accepted.*, smtp .*timeout")
for silent in ("NOOP", "UID FETCH"):
    case(f"imap_hangs_at_{silent.lower().replace(' ', '_')}", {f"imap {silent}": hang}, 2, "could-not-look|not-seen")
for silent in ("UID STORE", "UID EXPUNGE", "UID SEARCH", "LOGOUT"):
    case(f"imap_hangs_at_{silent.lower().replace(' ', '_')}", {f"imap {silent}": hang}, 0, "arrived", may_change=True)
case("smtp_hangs_at_quit", {"smtp QUIT": hang}, 0, "arrived")
case("both_hang_at_the_end", {"smtp QUIT": hang, "imap LOGOUT": hang, "imap UID EXPUNGE": hang}, 0, "arrived", may_change=True)
case("smtp_hangs_after_the_dot", {"smtp .": hang}, (1, 2), "not-seen|delivery-unknown|perhaps accepted")
case("imap_drips_at_noop", {"imap NOOP": drip}, 2, "could-not-look|not-seen")
case("imap_drips_at_expunge", {"imap UID EXPUNGE": drip}, 0, "arrived", may_change=True)
case("imap_drips_at_logout", {"imap LOGOUT": drip}, 0, "arrived")
case("smtp_drips_after_the_dot", {"smtp .": lambda talk, *_: talk.fill(b"250-x\r\n", 0.05)}, (1, 2), "not-seen|delivery-unknown|perhaps")


# ---------------------------------------------------------------- floods while we wait

def take(talk, *_):
    """Accepted, and nothing arrives."""
    talk.say(b"250 2.0.0 queued\r\n")


def flood_of(piece: bytes, every: float = 0.001):
    def idle(talk, tag, _):
        talk.say(b"+ idling\r\n")
        count = [0]

        def over():
            count[0] += 1
            return talk.has_said()
        while not talk.shared.over.is_set() and not over():
            talk.say(piece.replace(b"{n}", b"%d" % (count[0] + 1)))
            talk.pause(every)
        talk.read_line()
        talk.say(tag + b" OK done\r\n")
    return idle


def deaf_idle(talk, *_):
    talk.say(b"+ idling\r\n")
    talk.hang()


def unending_idle(talk, *_):
    talk.say(b"+ idling\r\n")
    talk.fill(b"* OK Still here\r\n", 0.001)


WAITING = {"smtp .": take}
NOT_SEEN = (2, "not-seen|could-not-look")
case("idle_flood_of_exists", {**WAITING, "imap IDLE": flood_of(b"* {n} EXISTS\r\n")}, *NOT_SEEN, is_flood=True)
case("idle_flood_of_recent", {**WAITING, "imap IDLE": flood_of(b"* 1 RECENT\r\n")}, *NOT_SEEN, is_flood=True)
case("idle_flood_of_expunge", {**WAITING, "imap IDLE": flood_of(b"* 1 EXPUNGE\r\n")}, *NOT_SEEN, is_flood=True)
case("idle_flood_of_ok", {**WAITING, "imap IDLE": flood_of(b"* OK Still here\r\n")}, *NOT_SEEN, is_flood=True)
case("idle_flood_of_status", {**WAITING, "imap IDLE": flood_of(b"* STATUS X{n} (UIDNEXT 9)\r\n")}, *NOT_SEEN, is_flood=True)
case("idle_flood_of_flags", {**WAITING, "imap IDLE": flood_of(b"* 1 FETCH (FLAGS (\\Seen))\r\n")}, *NOT_SEEN, is_flood=True)
case("idle_flood_at_full_speed", {**WAITING, "imap IDLE": flood_of(b"* OK Still here\r\n" * 2000, 0)}, *NOT_SEEN)
case("idle_never_ends", {**WAITING, "imap IDLE": deaf_idle}, *NOT_SEEN)
case("idle_never_ends_in_a_flood", {**WAITING, "imap IDLE": unending_idle}, *NOT_SEEN, is_flood=True)
case("idle_answers_at_once", {**WAITING, "imap IDLE": b"+ x\r\n{tag} OK done\r\n"}, *NOT_SEEN, is_flood=True)
case("idle_ends_by_itself", {**WAITING, "imap IDLE": b"{tag} OK done\r\n"}, *NOT_SEEN, is_flood=True)
case("news_with_every_noop", {**WAITING, "imap NOOP": b"* 99 EXISTS\r\n{tag} OK x\r\n"}, *NOT_SEEN, is_flood=True)
case("junk_grows_without_end",
     {**WAITING, "imap STATUS": lambda talk, tag, _: talk.say(
         b"* STATUS Junk (MESSAGES 9 UIDNEXT %d UIDVALIDITY 1700000002)\r\n%s OK x\r\n" % (7 + talk.times["STATUS"], tag))},
     *NOT_SEEN, is_flood=True)
case("closes_after_each_command", {**WAITING, "imap NOOP": lambda talk, *_: talk.connection.shutdown(socket.SHUT_RDWR)}, *NOT_SEEN,
     is_flood=True)
case("says_bye_in_idle", {**WAITING, "imap IDLE": b"* BYE go away\r\n"}, *NOT_SEEN, is_flood=True)


# ---------------------------------------------------------------- numbers that cannot be

def opened(uid_next, uid_validity=b"1700000001"):
    def select(talk, tag, arguments):
        talk.folder = arguments.strip('"')
        validity = uid_validity() if callable(uid_validity) else uid_validity
        talk.say(b"* 1 EXISTS\r\n" + (b"* OK [UIDVALIDITY " + validity + b"] x\r\n" if validity else b"")
                 + (b"* OK [UIDNEXT " + uid_next + b"] x\r\n" if uid_next else b"") + tag + b" OK [READ-WRITE] x\r\n")
    return select


def growing():
    growing.number += 1
    return b"%d" % growing.number


growing.number = 1
for uid_next in (b"0", b"4294967295", b"4294967296", b"9223372036854775808", b"-1", b"x", b"99999999999999999999999"):
    case(f"uidnext_{uid_next.decode()}", {**WAITING, "imap SELECT": opened(uid_next)}, 2, "could-not-look|not-seen")
case("uidnext_missing_everywhere", {**WAITING, "imap SELECT": opened(b""), "imap STATUS": b"{tag} OK x\r\n"}, 2, "could-not-look")
case("uidvalidity_missing", {"imap SELECT": opened(b"8", b"")}, 0, "arrived")
case("uidvalidity_of_its_own_in_each_select", {"imap SELECT": opened(b"8", growing)}, (0, 2), "", may_change=False)
case("status_for_another_folder",
     {"imap STATUS": b"* STATUS Junk (MESSAGES 0 UIDNEXT 7 UIDVALIDITY 1700000002)\r\n"
                     b"* STATUS Other (MESSAGES 0 UIDNEXT 700 UIDVALIDITY 5)\r\n{tag} OK x\r\n"}, 0, "arrived")
case("status_for_no_folder", {"imap STATUS": b"{tag} OK x\r\n"}, 0, "arrived")


def other_uids(talk, tag, _):
    for uid in (1, 4294967295, 99):
        talk.say(b"* 1 FETCH (UID %d INTERNALDATE \"01-Jan-2026 00:00:00 +0000\" BODY[HEADER.FIELDS (X)] {%d}\r\n%s)\r\n"
                 % (uid, len(FOREIGN), FOREIGN))
    talk.say(tag + b" OK x\r\n")


def endless_messages(talk, tag, _):
    for uid in range(7, 200000):
        talk.say(b"* 1 FETCH (UID %d INTERNALDATE \"01-Jan-2026 00:00:00 +0000\" BODY[HEADER.FIELDS (X)] {%d}\r\n%s)\r\n"
                 % (uid, len(FOREIGN), FOREIGN))
    talk.say(tag + b" OK x\r\n")


case("fetch_answers_other_uids", {**WAITING, "imap UID FETCH": other_uids}, *NOT_SEEN)
case("fetch_never_ends", {**WAITING, "imap UID FETCH": endless_messages}, *NOT_SEEN)
case("fetch_of_a_giant", {**WAITING, "imap UID FETCH": b"* 1 FETCH (UID 8 BODY[HEADER.FIELDS (X)] {400000}\r\n" + b"x" * 400000
                          + b")\r\n{tag} OK x\r\n"}, *NOT_SEEN)
case("fetch_of_a_literal_too_large", {**WAITING, "imap UID FETCH": b"* 1 FETCH (UID 8 BODY[] {4294967295}\r\n"}, *NOT_SEEN)
case("fetch_of_nil", {**WAITING, "imap UID FETCH": b"* 8 FETCH (UID 8 INTERNALDATE NIL BODY[HEADER.FIELDS (X)] NIL)\r\n{tag} OK x\r\n"},
     *NOT_SEEN)
case("fetch_refused", {"imap UID FETCH": b"{tag} NO [SERVERBUG] no\r\n"}, 2, "could-not-look")


# ---------------------------------------------------------------- folders

def lists(*lines: bytes):
    return b"".join(b"* LIST " + line + b"\r\n" for line in lines) + b"{tag} OK x\r\n"


case("thousands_of_junk_folders", {"imap LIST": lists(*(rb'(\Junk) "/" J%d' % n for n in range(9000))), "imap STATUS": b"{tag} NO x\r\n"},
     0, "arrived")
case("more_folders_than_anybody_has", {"imap LIST": lists(*(rb'(\Junk) "/" J%d' % n for n in range(60000)))}, (0, 2), "")
case("junk_is_inbox", {"imap LIST": lists(rb'(\Junk) "/" InBox')}, 0, "arrived")
for what, bad in (("crlf", b"Ju\r\nA9 DELETE INBOX\r\nnk"), ("nul", b"Ju\0nk"), ("eight_bit", b"Ju\xff\xfenk"), ("escape", b"\x1b]0;x\x07"),
                  ("long", b"J" * 300000), ("empty", b""), ("pipe", b"a|b=1 <script>")):
    case(f"junk_name_with_{what}",
         {"imap LIST": rb'* LIST (\Junk) "/" {%d}' % len(bad) + b"\r\n" + bad + b"\r\n{tag} OK x\r\n", "imap STATUS": b"{tag} NO no\r\n",
          "imap DELETE": lambda talk, *_: talk.shared.store.folders["INBOX"].messages.clear()}, (0, 2), "arrived|could-not-look")
    case(f"junk_name_with_{what}_that_is_there",
         {"imap LIST": rb'* LIST (\Junk) "/" {%d}' % len(bad) + b"\r\n" + bad + b"\r\n{tag} OK x\r\n",
          "imap STATUS": lambda talk, tag, _: talk.say(b"* STATUS X (UIDNEXT 7 UIDVALIDITY 3)\r\n" + tag + b" OK x\r\n"),
          "imap DELETE": lambda talk, *_: talk.shared.store.folders["INBOX"].messages.clear()}, (0, 2), "arrived|could-not-look|not-seen")


# ---------------------------------------------------------------- the clean-up

GMAIL = {"capabilities": CAPABILITIES + b" X-GM-EXT-1", "holds": {"INBOX": [], "Trash": []}}


def move_lies(copied: bytes):
    def move(talk, tag, arguments):
        talk.place().messages[:] = [one for one in talk.place().messages if one.name == "foreign"]
        talk.say(tag + b" OK [COPYUID " + copied + b"] moved\r\n")
    return move


case("copyuid_of_everything", {"imap UID MOVE": move_lies(b"1700000003 1:4294967295 1:4294967295")}, 0, "arrived", **GMAIL)
case("copyuid_of_a_foreign_message", {"imap UID MOVE": move_lies(b"1700000003 8 7")}, 0, "arrived", **GMAIL)
case("copyuid_of_nonsense", {"imap UID MOVE": move_lies(b"x * 0:*,,")}, 0, "arrived", **GMAIL)
case("search_deleted_hides_what_is_marked",
     {"imap UID SEARCH": lambda talk, tag, arguments: talk.say(b"* SEARCH\r\n" + tag + b" OK x\r\n")}, 0, "arrived",
     capabilities=CAPABILITIES.replace(b" UIDPLUS", b""), holds={"INBOX": ["\\Deleted"]})
case("search_deleted_says_nothing", {"imap UID SEARCH": b"{tag} OK x\r\n"}, 0, "arrived",
     capabilities=CAPABILITIES.replace(b" UIDPLUS", b""), holds={"INBOX": ["\\Deleted"]})
case("search_hits_of_a_million", {"imap UID SEARCH": b"* SEARCH" + b"".join(b" %d" % n for n in range(1, 150000)) + b"\r\n{tag} OK x\r\n"},
     0, "arrived")


# ---------------------------------------------------------------- mail of strangers

def stranger(make):
    """Somebody sends mail to the mailbox as soon as ours was taken; ours does not arrive."""
    def after_dot(talk, *_):
        for data in make(talk.shared):
            talk.shared.strangers += 1
            talk.shared.store.add("INBOX", "foreign", data)
        talk.say(b"250 2.0.0 queued\r\n")
    return {"smtp .": after_dot}


def forged(change):
    return stranger(lambda shared: [change(shared.message, shared.part(b"Message-ID"), shared.part(b"X-Mailcheck-Roundtrip"))])


FORGED = {
    "token_in_subject": lambda message, ident, mark: b"Subject: " + mark + b"\r\nMessage-ID: <1@x.example>\r\n\r\n" + message,
    "message_id_alone": lambda message, ident, mark: b"Message-ID: " + ident + b"\r\n\r\n",
    "header_alone": lambda message, ident, mark: b"X-Mailcheck-Roundtrip: " + mark + b"\r\n\r\n",
    "upper_case": lambda message, ident, mark: b"Message-ID: " + ident.upper() + b"\r\nX-Mailcheck-Roundtrip: " + mark.upper() + b"\r\n\r\n",
    "comment": lambda message, ident, mark: b"Message-ID: (x) " + ident + b"\r\nX-Mailcheck-Roundtrip: " + mark + b"\r\n\r\n",
    "folded_in_the_mark": lambda message, ident, mark: b"Message-ID: " + ident + b"\r\nX-Mailcheck-Roundtrip: "
        + mark.replace(b"token=", b"tok\r\n en=") + b"\r\n\r\n",
    "header_twice": lambda message, ident, mark: b"X-Mailcheck-Roundtrip: " + mark + b"\r\n" + message,
    "message_id_twice": lambda message, ident, mark: b"Message-ID: <2@example.net>\r\n" + message,
    "another_domain": lambda message, ident, mark: b"Message-ID: " + ident.replace(b"@example.org", b"@example.net")
        + b"\r\nX-Mailcheck-Roundtrip: " + mark + b"\r\n\r\n",
    "in_the_body": lambda message, ident, mark: b"Subject: x\r\n\r\nMessage-ID: " + ident + b"\r\nX-Mailcheck-Roundtrip: " + mark + b"\r\n",
}
for what, change in FORGED.items():
    case(f"forged_{what}", forged(change), 2, "not-seen", timeout=3.0)


def from_the_postmaster(shared):
    return [b"Return-Path: <postmaster@example.net>\r\nFrom: Jane Roe <postmaster@example.net>\r\nMessage-ID: <2@example.net>\r\n"
            b"In-Reply-To: " + shared.part(b"Message-ID") + b"\r\nSubject: Re: " + shared.part(b"Subject") + b"\r\n\r\n"
            b"Hello,\r\nyour message could not be delivered to the team on Monday, so we read it late.\r\nPlease call me. Jane\r\n"]


def bounce(text: bytes, parts: bytes = b"") -> bytes:
    return (b"Return-Path: <>\r\nFrom: MAILER-DAEMON@example.net\r\nSubject: Undelivered\r\nMIME-Version: 1.0\r\n"
            b"Content-Type: multipart/report; report-type=delivery-status; boundary=b\r\n\r\n--b\r\n\r\n" + text + parts + b"\r\n--b--\r\n")


def dsn_of_many(shared):
    status = b"\r\n--b\r\nContent-Type: message/delivery-status\r\n\r\nReporting-MTA: dns; x\r\n\r\nAction: failed\r\nStatus: 5.1.1\r\n"
    other = b"\r\n--b\r\nContent-Type: message/rfc822\r\n\r\nMessage-ID: <important@example.org>\r\nSubject: contract\r\n\r\n"
    return [bounce(b"x", status + other + b"\r\n--b\r\nContent-Type: message/rfc822\r\n\r\n" + shared.message)]


case("reply_of_a_person_who_is_the_postmaster", stranger(from_the_postmaster), 2, "not-seen", timeout=3.0)
case("report_on_several_messages", stranger(dsn_of_many), 2, "not-seen|bounced", timeout=3.0, may_change=False)
BOMBS = {
    "nested_multiparts": b"".join(b"--b%d\r\nContent-Type: multipart/mixed; boundary=b%d\r\n\r\n" % (n, n + 1) for n in range(10000)),
    "multiparts_without_boundary": b"--b\r\nContent-Type: multipart/mixed\r\n\r\n" * 10000,
    "empty_parts": b"\r\n--b\r\n" * 20000,
    "colons": b":" * 65000,
    "blank_headers": b"\r\n\r\nA: b\r\nMessage-ID: x\r\n" * 3000,
    "hosts": b"host a.b host " * 5000,
    "addresses": b"<a@b.example>: " * 5000,
    "codes": b"550 5.1.1 <x@y.z> " * 4000,
    "base64": b"\r\n--b\r\nContent-Transfer-Encoding: base64\r\n\r\n" + b"QUFB" * 16000,
    "quoted_printable": b"\r\n--b\r\nContent-Transfer-Encoding: quoted-printable\r\n\r\n" + b"=\r\n=3D" * 10000,
    "recipients": b"\r\n--b\r\nContent-Type: message/delivery-status\r\n\r\n" + b"Action: failed\r\nStatus: 5.1.1\r\n\r\n" * 3000,
    "message_ids": b"\r\n--b\r\nContent-Type: message/rfc822\r\n\r\n" + b"Message-ID: <a@b>\r\n" * 4000,
    "comments": b"\r\n--b\r\nContent-Type: " + b"(" * 60000 + b"\r\n\r\n",
}
for what, bomb in BOMBS.items():
    case(f"bounce_of_{what}", stranger(lambda shared, bomb=bomb: [bounce(bomb)] * BOUNCES), 2, "not-seen|bounced", timeout=6.0)


def with_header(fields: bytes):
    def after_dot(talk, *_):
        talk.shared.arrive(fields + talk.shared.message)
        talk.say(b"250 2.0.0 queued\r\n")
    return {"smtp .": after_dot}


HEADERS = {
    "received_by_the_thousand": b"Received: from a by b; Sat, 21 Nov 2026 10:00:00 +0000\r\n" * 5000,
    "received_of_comments": b"Received: " + b"(" * 60000 + b"\r\n",
    "received_of_controls": b"Received: from \x1b[31m|x by \x07<b>; Sat, 21 Nov 2026 10:00:00 +0000\r\n" * 20,
    "results_of_comments": b"Authentication-Results: mx; " + b"(" * 60000 + b"\r\n",
    "results_of_methods": b"Authentication-Results: mx" + b"; dkim=pass header.d=a.example" * 2000 + b"\r\n",
    "results_by_the_thousand": b"Authentication-Results: mx; spf=pass smtp.mailfrom=x\r\n" * 1200,
    "results_of_quotes": b'Authentication-Results: mx; spf="' + b"\\" * 60000 + b"\r\n",
    "one_line": b"X-Spam-Status: " + b"Yes, score=" * 5500 + b"\r\n",
    "spam_scores": b"X-Spam-Score: 99999999999999999999999999999999999999e999\r\nX-Spam-Score: nan\r\nX-Spam-Status: Yes, score=-inf\r\n",
    "from_of_brackets": b"From: " + b"<" * 30000 + b"(" * 30000 + b"\r\n",
}
for what, fields in HEADERS.items():
    case(f"header_of_{what}", with_header(fields), (0, 2), "arrived|not-seen", "--authserv-id mx", timeout=6.0)


def thousand_copies(talk, *_):
    for _ in range(3000):
        talk.shared.arrive()
    talk.say(b"250 2.0.0 queued\r\n")


case("three_thousand_copies", {"smtp .": thousand_copies}, 1, "duplicate")


# ---------------------------------------------------------------- SMTP, and secrets

def everything(secret: str) -> bytes:
    return b"you said " + secret.encode() + b" / " + __import__("base64").b64encode(b"\0probe\0" + secret.encode())


BOTH = everything(SECRETS["smtp"]) + b" and " + everything(SECRETS["imap"])
case("smtp_echoes_the_passwords", {"smtp .": b"550 5.7.1 " + BOTH + b"\r\n"}, 2, "not accepted")
case("smtp_echoes_the_passwords_in_ehlo", {"smtp EHLO": b"250-" + BOTH + b"\r\n250 AUTH PLAIN\r\n"}, 0, "arrived")
case("smtp_echoes_the_passwords_and_accepts", {"smtp RCPT": b"250 2.1.5 " + BOTH + b"\r\n"}, 0, "arrived")
case("imap_echoes_the_passwords", {"imap NOOP": b"{tag} NO [ALERT] " + BOTH + b"\r\n"}, 2, "could-not-look")
case("imap_echoes_the_passwords_in_clean_up", {"imap UID STORE": b"{tag} NO " + BOTH + b"\r\n"}, 0, "arrived")
case("imap_echoes_the_passwords_in_fetch", {"imap UID FETCH": b"* 1 FETCH (" + BOTH + b"\r\n"}, 2, "could-not-look")
case("junk_is_named_after_the_passwords", {"imap LIST": rb'* LIST (\Junk) "/" "' + BOTH + b'"\r\n{tag} OK x\r\n', "imap STATUS": b"{tag} NO\r\n"},
     (0, 2), "")
case("a_bounce_quotes_the_passwords",
     stranger(lambda shared: [bounce(b"<x@y.example>: host a.example[192.0.2.1] said: 550 5.7.1 " + BOTH,
                                     b"\r\n--b\r\nContent-Type: message/rfc822\r\n\r\n" + shared.message)]), 2, "bounced", may_change=True)
case("a_header_quotes_the_passwords", with_header(b"Received: from " + SECRETS["smtp"].encode() + b" by " + SECRETS["imap"].encode()
     + b"; Sat, 21 Nov 2026 10:00:00 +0000\r\nAuthentication-Results: " + SECRETS["smtp"].encode() + b"; spf=pass\r\n"), 0, "arrived")
case("accepted_and_closed", {"smtp .": lambda talk, *_: (talk.say(b"250 2.0.0 ok\r\n"), talk.connection.shutdown(socket.SHUT_RDWR))},
     2, "not-seen")
case("accepted_twice", {"smtp .": b"250 2.0.0 ok\r\n250 2.0.0 ok\r\n"}, 2, "not-seen")
case("accepted_before_the_dot", {"smtp DATA": b"354 go\r\n250 2.0.0 ok\r\n", "smtp .": b""}, 2, "")
case("service_closing_after_the_dot", {"smtp .": b"421 4.3.2 bye\r\n"}, (1, 2), "not accepted|service-closing")
case("accepted_with_another_code", {"smtp .": b"299 strange\r\n"}, (1, 2), "")
case("continue_after_the_dot", {"smtp .": b"354 more\r\n"}, (1, 2), "")
case("control_characters_after_the_dot", {"smtp .": b"550 \x1b[31m|a=1 <b>\x00\x7f\xff\r\n"}, 2, "")


# ---------------------------------------------------------------- the sender's mailbox

OWN = "--bounce-user sender --bounce-password-file {folder}/imap --bounce-port "


def silent_server() -> int:
    """A port where connections are made and nothing is ever said."""
    listener = socket.create_server(("127.0.0.1", 0), backlog=64)
    silent_server.kept.append(listener)
    return listener.getsockname()[1]


silent_server.kept = []
case("bounce_mailbox_is_silent", {}, (0, 1), "arrived", OWN + str(silent_server()))


def in_a_moment(talk, *_):
    message = talk.shared.message
    threading.Timer(0.3, lambda: talk.shared.arrive(message)).start()
    talk.say(b"250 2.0.0 queued\r\n")


case("bounce_mailbox_is_slow", {"smtp .": in_a_moment}, (0, 1), r"arrived after 0\.", OWN + "{slow_port}")
case("bounce_mailbox_is_closed", {}, (0, 1), "arrived", OWN + "1")


# ---------------------------------------------------------------- rough treatment

STEPS = ["imap greeting", "imap AUTHENTICATE", "imap LIST", "imap STATUS", "imap SELECT", "smtp greeting", "smtp EHLO", "smtp AUTH",
         "smtp MAIL", "smtp RCPT", "smtp DATA", "smtp .", "imap NOOP", "imap UID FETCH", "imap UID STORE", "imap UID EXPUNGE", "imap UID SEARCH",
         "smtp QUIT", "imap LOGOUT"]


def ordinary(answers: dict, name: str) -> Case:
    return Case(name, answers, (0,), "arrived", [], False, 8.0, CAPABILITIES, {"Junk": ["\\Junk"], "Trash": ["\\Trash"]}, {"INBOX": []}, False,
                ("plain",))


def signalled(plugin: Path, step: str, which) -> list:
    """The signal comes when the server has heard the step; SIGKILL is followed by a run that finds nothing amiss."""
    process = []

    def act(talk, *_):
        if step == "smtp .":
            talk.shared.arrive()
        while not process:
            time.sleep(0.01)
        process[0].send_signal(which)
        act.at = time.monotonic()
        talk.shared.case.answers.clear()
        talk.hang()

    act.at = 0.0
    one = ordinary({step: act}, f"{which.name} at {step}")
    with tempfile.TemporaryDirectory(prefix="hostile.") as name:
        folder = Path(name)
        servers = Servers(plugin, one, folder)
        command = servers.command(["--state-dir", str(folder / "state")])
        process.append(subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, env={"LC_ALL": "de_DE.UTF-8", "TZ": ":odd/../zone"}))
        out, err = process[0].communicate(timeout=30)
        if not act.at:
            servers.end()
            return [f"{one.name}: it never came to that: {out!r} {servers.faults}"]
        taken = time.monotonic() - act.at
        faults = faults_after_signal(process[0].returncode, out, err, taken) if which != signal.SIGKILL else []
        code, out, err, *_ = hostile_server.run(command)
        servers.end()
        left = {name: [each.name for each in place.messages] for name, place in servers.shared.store.folders.items() if place.messages}
        if code not in (0, 1) or err or b"arrived" not in out:
            faults.append(f"the run after it: exit {code}, {out[:300]!r} {err[:200]!r}")
        if left != {"INBOX": ["foreign"]}:
            faults.append(f"after the next run there is left: {left}")
        document = b"".join(path.read_bytes() for path in (folder / "state").glob("*.json"))
        if b"token" in document and step not in LEAVES_PENDING:
            faults.append(f"the state still waits: {document[:300]!r}")
        if list((folder / "state").glob("*.bad")):
            faults.append("the state was set aside")
    return [f"{one.name}: {fault}" for fault in faults]


LEAVES_PENDING = ("smtp DATA",)  # was it taken? nobody knows


def faults_after_signal(code: int, out: bytes, err: bytes, taken: float) -> list:
    reading = plugin_output.read(out)
    faults = list(reading.faults) + ([f"stderr {err!r}"] if err else [])
    if taken > 1.0 + GRACE:
        faults.append(f"ended {taken:.2f} s after the signal")
    if code not in (0, 1, 2, 3):
        faults.append(f"exit {code}")
    return faults


def after_a_pending_one(plugin: Path, name: str, between, wanted: str, timeout: float = 20.0) -> list:
    """One run that does not wait; `between` puts mail into the mailbox; what does the next one say?"""
    one = ordinary({"smtp .": take}, name)
    one.timeout = timeout
    with tempfile.TemporaryDirectory(prefix="hostile.") as folder:
        servers = Servers(plugin, one, Path(folder))
        state = ["--state-dir", f"{folder}/state"]
        code, out, *_ = hostile_server.run(servers.command([*state, "--wait", "0"]))
        faults = [] if code == 0 and b"pending=1" in out else [f"the first run: {out!r}"]
        one.answers.clear()
        more = between(servers.shared)
        code, out, err, duration, cpu, memory = hostile_server.run(servers.command([*state, *more]))
        servers.end()
    print(f"{name:44} {'two runs':8} exit {code}, {duration:5.2f} s, CPU {cpu:4.2f} s, {memory / 1024:5.1f} MiB", flush=True)
    if code not in (0, 1) or err or not re.search(wanted, out.decode()):
        faults.append(f"exit {code}, not {wanted}: {out[:600]!r} {err[:200]!r}")
    return [f"{name}: {fault}" for fault in faults]


def crowd(number: int):
    def between(shared) -> list:
        for _ in range(number):
            shared.store.add("INBOX", "foreign", FOREIGN)
        shared.arrive()
        return []
    return between


def forged_future(shared) -> list:
    """Known are the check's id and domain, from any older message; not the token."""
    ident, mark, sent = shared.part(b"Message-ID"), shared.part(b"X-Mailcheck-Roundtrip"), b"sent=%d" % (time.time() + 9000)
    token = re.search(rb"token=(\w+)", mark).group(1)
    forged = b"Message-ID: " + ident + b"\r\nX-Mailcheck-Roundtrip: " + re.sub(rb"sent=\d+", sent, mark) + b"\r\n\r\n"
    shared.store.add("INBOX", "foreign", forged.replace(token, b"ab" * 16))
    shared.case.answers["smtp ."] = take
    return ["--wait", "0"]


def at_once(plugin: Path, number: int) -> list:
    """Checks of one identity and without state, side by side: each finds its own message and leaves the others'."""
    one = ordinary({}, "at once")
    with tempfile.TemporaryDirectory(prefix="hostile.") as name:
        servers = Servers(plugin, one, Path(name))
        processes = [subprocess.Popen(servers.command([]), stdout=subprocess.PIPE, stderr=subprocess.PIPE) for _ in range(number)]
        outs = [process.communicate(timeout=30) for process in processes]
        servers.end()
        faults = [f"at once: {out!r} {err!r}" for (out, err), process in zip(outs, processes) if process.returncode or err]
        left = [each.name for each in servers.shared.store.folders["INBOX"].messages]
        return faults + ([f"at once: left is {left}"] if left != ["foreign"] else []) + [f"at once: {each}" for each in servers.faults]


def with_one_state(plugin: Path) -> list:
    """The second waits for the first, or says that it is locked out, and sends nothing then."""
    heard = []
    one = ordinary({"smtp RCPT": lambda talk, *_: (heard.append(1), talk.pause(4.0), False)[2]}, "one state")
    one.timeout = 10.0
    with tempfile.TemporaryDirectory(prefix="hostile.") as name:
        servers = Servers(plugin, one, Path(name))
        command = servers.command(["--state-dir", f"{name}/state"])
        processes = [subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE) for _ in range(2)]
        outs = [process.communicate(timeout=30)[0] for process in processes]
        servers.end()
        codes = sorted(process.returncode for process in processes)
        if codes != [0, 3] or len(heard) != 1 or not any(b"state-locked" in out for out in outs):
            return [f"one state for two: exits {codes}, {len(heard)} messages, {outs}"]
    return []


def limited(plugin: Path, limit: str, codes: tuple) -> list:
    with tempfile.TemporaryDirectory(prefix="hostile.") as name:
        servers = Servers(plugin, ordinary({}, limit), Path(name))
        command = servers.command(["--state-dir", f"{name}/state"])
        done = subprocess.run(["sh", "-c", f'{limit}; exec "$0" "$@"', *command], capture_output=True, check=False, timeout=30,
                              env={"LC_ALL": "de_DE.UTF-8", "TZ": "Pacific/Kiritimati"})
        servers.end()
        left = [each.name for each in servers.shared.store.folders["INBOX"].messages]
    faults = [] if done.returncode in codes and not done.stderr else [f"exit {done.returncode}: {done.stdout!r} {done.stderr!r}"]
    if done.stdout:
        faults += plugin_output.read(done.stdout).faults
    if done.returncode >= 0 and left != ["foreign"]:
        faults.append(f"left is {left}")
    return [f"{limit}: {fault}" for fault in faults]


LIMITS = {"ulimit -n 8": (0, 2, 3), "ulimit -n 5": (0, 2, 3), "ulimit -f 0": (3,), "ulimit -v 60000": (0, 1, 2, 3),
          "ulimit -c 0; exec <&-": (0,), "exec 2>&-": (0,), "exec >&-": (3,), "exec <&- 2>&-": (0,), "exec <&- >&- 2>&-": (3,), "exec >/dev/full": (3,)}
if "MAILCHECK_SANITIZED" in os.environ:  # sanitizers need terabytes of address space
    for limit in ("ulimit -v 60000", "ulimit -n 8", "ulimit -n 5"):  # and descriptors of their own
        del LIMITS[limit]


def rough_treatment(plugin: Path) -> list:
    jobs = [(signalled, step, which) for which in (signal.SIGKILL, signal.SIGTERM) for step in STEPS]
    jobs += [(after_a_pending_one, f"{number} messages between two runs", crowd(number), r"pending=0 lost=0") for number in (900, 6500, 12000, 60000)]
    jobs += [(after_a_pending_one, "forged and dated in the future", forged_future, r"pending=2 lost=0")]
    jobs += [(at_once, 8), (with_one_state,), *((limited, limit, codes) for limit, codes in LIMITS.items())]
    with ThreadPoolExecutor(3) as pool:
        return [fault for faults in pool.map(lambda job: job[0](plugin, *job[1:]), jobs) for fault in faults]


def main() -> int:
    if len(sys.argv) < 2:
        sys.exit(__doc__)
    plugin = Path(sys.argv[1]).resolve() / "check_mail_roundtrip"
    is_rough = sys.argv[2:] in ([], ["rough"])
    chosen = [one for name in sys.argv[2:] for one in CASES.values() if name in one.name] if sys.argv[2:] else list(CASES.values())
    runs = [(one, mode) for one in chosen for mode in one.runs]
    floods = [each for each in runs if each[0].is_flood]  # they need this Python for themselves
    suspects = []
    for workers, several in ((2, floods), (5, [each for each in runs if each not in floods])):
        with ThreadPoolExecutor(workers) as pool:
            found = pool.map(lambda each: run(plugin, *each), several)
            suspects += [each for each, faults in zip(several, found) if faults]
    failed = 0
    for one, mode in suspects:  # once more, alone: a busy machine is no fault
        faults = run(plugin, one, mode)
        failed += len(faults)
        for fault in faults:
            print(f"    * {one.name} ({mode}): {fault}", flush=True)
    if is_rough:
        rough = rough_treatment(plugin)
        print("".join(f"    * {fault}\n" for fault in rough), end="", flush=True)
        failed += len(rough)
    print(f"{failed} faults in {len(chosen)} hostile cases{' and rough treatment' if is_rough else ''}")
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main())
