"""The IMAP side of a round trip: a small server over an imap_store.Store, which a scenario's rules override where the fault
lies. It insists on what a mail check promises: nothing is asked that is not offered, BODY.PEEK only, no old mail of others
fetched; whatever breaks that is a fault of the client.

    peer = ImapStorePeer(round_trip, part, exchange, mode, certificates)
    peer.start()                 # peer.port is known at once; TLS from the first byte
    fault = peer.finish()

`exchange` (two_peers.Exchange) is what both sides share: the store, the letters, what they tell each other. Every command is
told by its name, "NOOP", "UID FETCH"; "IDLE" is told once the server has agreed to it.
"""
from __future__ import annotations

import base64
import re
import time

import imap_store
import scenario as scenarios
from imap_store import Refused
from script_peer import ClientHungUp, PeerFault, Play, ScriptPeer, Wire

NEEDS = {"IDLE": ("IDLE",), "UID EXPUNGE": ("UIDPLUS", "IMAP4rev2"), "UID MOVE": ("MOVE", "IMAP4rev2"), "XLIST": ("XLIST",),
         "LIST (": ("LIST-EXTENDED",), "LIST (SPECIAL-USE": ("SPECIAL-USE",), "ENABLE": ("ENABLE",), "ID": ("ID",),
         "NOTIFY": ("NOTIFY",), "NAMESPACE": ("NAMESPACE",), "UNSELECT": ("UNSELECT",)}
BEFORE_LOGIN = ("CAPABILITY", "NOOP", "LOGOUT", "AUTHENTICATE", "LOGIN")
LISTEN_WHILE_IDLE = 0.02
ATOM = re.compile(r"[A-Za-z0-9._/&+-]+")


class ImapStorePeer(ScriptPeer):
    bytewise_up_to, piece = 80, 61  # much is said in a round trip, and time counts

    def __init__(self, round_trip, part, exchange, mode="whole", certificates=None):
        super().__init__(part.imap, mode, certificates, exchange.account)
        self.round_trip = round_trip
        self.part = part
        self.exchange = exchange
        self.matches = [0] * len(part.rules)
        self.opened = 0

    def _play(self, connection) -> None:
        self.opened += 1
        if self.opened > self.part.imap_connections:
            self.fault = self.fault or f"the client connected {self.opened} times"
        fault = StorePlay(self, Wire(connection, self._limit, self.over)).play()
        self.fault = self.fault or fault


class StorePlay(Play):
    """One connection."""

    def __init__(self, peer: ImapStorePeer, wire: Wire):
        super().__init__(peer, wire)
        self.exchange = peer.exchange
        self.store = peer.exchange.store
        self.offered = [word.upper() for word in peer.round_trip.capabilities]
        self.is_in = False
        self.folder = None  # selected
        self.is_read_only = False
        self.announced = []  # UIDs of the selected folder that the client knows of, in sequence order
        self.watched = {}  # folder -> what NOTIFY has told of it
        self._lines = []

    def _play(self) -> None:
        try:
            self._wire.handshake(self.scenario, self.peer.certificates)
            self._tell(f"* OK [CAPABILITY {self._capabilities()}] mail.example.test ready.")
            self._send()
            while self._serve():
                pass
        except ClientHungUp as gone:
            if not self.peer.part.imap_may_hang_up and not self._may_hang_up:
                self.fault = f"the IMAP client hung up without LOGOUT ({gone})"
        except PeerFault as fault:
            self.fault = str(fault)
        except OSError as error:
            if not self.peer.part.imap_may_hang_up:
                self.fault = f"no TLS came about: {error}"
        finally:
            self._wire.end()

    # -- a command and its answer

    def _serve(self) -> bool:
        """False when the connection is over."""
        line = self._command_line()
        self.dialogue.append(b"C: " + line + b"\n")
        tag, _, command = line.decode("utf-8", "surrogateescape").partition(" ")
        if not re.fullmatch(r"[A-Za-z0-9.]+", tag) or not command:
            raise PeerFault(f"not an IMAP command: {line!r}")
        self.variables["tag"] = tag
        self._insist(command)
        if name_of(command) != "IDLE":
            self.exchange.tell(name_of(command))
        rule = self._rule_for(command)
        return self._follow(rule, command) if rule else self._answer_by_store(command)

    def _command_line(self) -> bytes:
        """One command; its literals as quoted strings."""
        line = self._wire.line()
        while literal := re.search(rb"\{(\d+)(\+?)\}$", line):
            if not literal.group(2):
                self._wire.send(b"+ go on\r\n")
            while len(self._wire.unread) < int(literal.group(1)):
                if not self._wire.receive(self._wire.deadline):
                    raise PeerFault("waited in vain for a literal")
            text = bytes(self._wire.unread[:int(literal.group(1))])
            del self._wire.unread[:len(text)]
            line = line[:literal.start()] + b'"' + text.replace(b"\\", b"\\\\").replace(b'"', b'\\"') + b'"' + self._wire.line()
        return line

    def _insist(self, command: str) -> None:
        upper = command.upper()
        for asked, words in NEEDS.items():
            is_it = upper.startswith(asked) if "(" in asked else name_of(command) == asked
            if is_it and not any(word in self.offered for word in words):
                raise PeerFault(f"the client asks for {asked}, and {words[0]} is not offered: {command}")
        if not self.is_in and name_of(command) not in BEFORE_LOGIN:
            raise PeerFault(f"the client is not logged in yet: {command}")
        if re.search(r"(?<!\.)\bBODY\[|RFC822(?!\.SIZE)", upper) and name_of(command).endswith("FETCH"):
            raise PeerFault(f"BODY.PEEK must be used, lest \\Seen is set: {command}")

    def _rule_for(self, command: str):
        chosen = None
        for number, rule in enumerate(self.peer.part.rules):
            if scenarios.pattern(rule.pattern, self.variables).fullmatch(command.encode("utf-8", "surrogateescape")):
                self.peer.matches[number] += 1
                if chosen is None and rule.first <= self.peer.matches[number] <= rule.last:
                    chosen = rule
        return chosen

    def _follow(self, rule, command: str) -> bool:
        for step in rule.steps:
            if step.verb in ("S", "S-", "L"):
                self._add(step)
                continue
            self._flush()
            if step.verb == "store":
                if not self._answer_by_store(command):
                    return False
            elif step.verb in ("drop", "reset", "close", "hang"):
                self._may_hang_up = True
                self._act(step)
                return False
            else:
                self._act(step)
        self._flush()
        return True

    def _answer_by_store(self, command: str) -> bool:
        name = name_of(command)
        handler = getattr(self, "_do_" + name.lower().replace(" ", "_"), None)
        if handler is None:
            raise PeerFault(f"this server does not know: {command}")
        arguments = command[len(name):].strip()
        try:
            with self.store.lock:
                text = handler(arguments)
        except Refused as refused:
            text = str(refused)
        if name in ("LOGIN", "AUTHENTICATE") or self.is_in:
            self._announce(name)
        self._tell(f"{self.variables['tag']} {text}")
        self._send()
        if name == "LOGOUT":
            self._wire.close()
        return name != "LOGOUT"

    def _tell(self, line) -> None:
        self._lines.append((line if isinstance(line, bytes) else line.encode("utf-8", "surrogateescape")) + b"\r\n")

    def _send(self) -> None:
        lines, self._lines = self._lines, []
        if lines:
            self._say(lines, False)

    def _announce(self, command: str) -> None:
        """What has changed in the selected folder, as untagged responses."""
        only = self.peer.round_trip.announces
        self._announce_watched()
        if self.folder is None or (only and command not in (*only, "@announce")):
            return
        with self.store.lock:
            now = self.folder.uids()
        had = list(self.announced)
        for uid in had:
            if uid not in now:
                self._tell(f"* {self.announced.index(uid) + 1} EXPUNGE")
                self.announced.remove(uid)
        if now != had:
            self.announced = now
            self._tell(f"* {len(now)} EXISTS")

    def _announce_watched(self) -> None:
        """Of the folders that NOTIFY watches: STATUS, where it has changed."""
        for folder in self.watched:
            with self.store.lock:
                now = (len(folder.messages), folder.uidnext, folder.uidvalidity)
            if self.watched[folder] != now and folder is not self.folder:
                self._tell(f"* STATUS {quoted(folder.name)} (MESSAGES {now[0]} UIDNEXT {now[1]} UIDVALIDITY {now[2]})")
            self.watched[folder] = now

    # -- verbs of rules beside those of every script

    def _on_arrive(self, text: str) -> None:
        self.exchange.arrive(text)

    def _on_remove(self, text: str) -> None:
        self.exchange.remove(text)

    def _on_renumber(self, text: str) -> None:
        self.store.renumber(text)

    def _on_announce(self, _text: str) -> None:
        self._announce("@announce")
        self._send()

    def _on_fault(self, text: str) -> None:
        raise PeerFault(text)

    def _on_tell(self, text: str) -> None:
        self.exchange.tell(text)

    def _on_wait(self, text: str) -> None:
        self.exchange.wait(text, self.peer.over, self.scenario.verdict.within)

    # -- commands

    def _capabilities(self) -> str:
        return " ".join(self.peer.round_trip.capabilities)

    def _do_capability(self, _arguments: str) -> str:
        self._tell(f"* CAPABILITY {self._capabilities()}")
        return "OK Capability completed."

    def _do_authenticate(self, arguments: str) -> str:
        mechanism, _, initial = arguments.partition(" ")
        if mechanism.upper() != "PLAIN":
            raise Refused("NO Unsupported mechanism")
        if not initial:
            self._tell("+ ")
            self._send()
            initial = self._wire.line().decode()
            self.dialogue.append(b"C: (credentials)\n")
        account = self.exchange.account
        return self._let_in(base64.b64decode(initial).decode() == f"\0{account['user']}\0{account['password']}")

    def _do_login(self, arguments: str) -> str:
        account = self.exchange.account
        return self._let_in(arguments.replace('"', "") == f"{account['user']} {account['password']}")

    def _let_in(self, is_right: bool) -> str:
        if not is_right:
            raise Refused("NO [AUTHENTICATIONFAILED] Authentication failed.")
        self.is_in = True
        return f"OK [CAPABILITY {self._capabilities()}] Logged in"

    def _do_noop(self, _arguments: str) -> str:
        return "OK NOOP completed."

    _do_check = _do_noop

    def _do_logout(self, _arguments: str) -> str:
        self._tell("* BYE Logging out")
        self._may_hang_up = True
        self.folder = None
        return "OK Logout completed."

    def _do_list(self, arguments: str) -> str:
        selection, pattern = re.fullmatch(r'(\([^)]*\) )?"" (.+?)(?: RETURN \(.*\))?', arguments).groups()
        special_only = "SPECIAL-USE" in (selection or "").upper()
        shown = "SPECIAL-USE" in self.offered
        self._list("LIST", pattern, special_only, shown)
        return "OK List completed."

    def _do_xlist(self, arguments: str) -> str:
        self._list("XLIST", arguments.partition(" ")[2], False, True)
        return "OK Xlist completed."

    def _list(self, verb: str, pattern: str, special_only: bool, with_use: bool) -> None:
        wild = re.escape(pattern.strip('"')).replace(r"\*", ".*").replace("%", "[^/]*")
        for folder in self.store.folders.values():
            if re.fullmatch(wild, folder.name) and (folder.attributes or not special_only):
                attributes = ["\\HasNoChildren", *(folder.attributes if with_use else [])]
                self._tell(f'* {verb} ({" ".join(attributes)}) "{self.peer.round_trip.delimiter}" {quoted(folder.name)}')

    def _do_status(self, arguments: str) -> str:
        match = re.fullmatch(r'("(?:[^"\\]|\\.)*"|\S+) \(([A-Z ]+)\)', arguments)
        if not match:
            raise Refused("BAD Invalid arguments")
        folder = self.store.folder(match.group(1).strip('"'))
        values = {"MESSAGES": len(folder.messages), "UIDNEXT": folder.uidnext, "UIDVALIDITY": folder.uidvalidity,
                  "UNSEEN": sum("\\Seen" not in message.flags for message in folder.messages), "RECENT": 0}
        counts = " ".join(f"{item} {values[item]}" for item in match.group(2).split())
        self._tell(f"* STATUS {quoted(folder.name)} ({counts})")
        return "OK Status completed."

    def _do_select(self, arguments: str, is_read_only=False) -> str:
        self.folder, self.announced = None, []
        self.folder = self.store.folder(arguments.strip('"'))
        self.is_read_only = is_read_only
        self.announced = self.folder.uids()
        for line in (r"FLAGS (\Answered \Flagged \Deleted \Seen \Draft)",
                     r"OK [PERMANENTFLAGS (\Answered \Flagged \Deleted \Seen \Draft \*)] Flags permitted.",
                     f"{len(self.announced)} EXISTS", "0 RECENT", f"OK [UIDVALIDITY {self.folder.uidvalidity}] UIDs valid",
                     f"OK [UIDNEXT {self.folder.uidnext}] Predicted next UID"):
            self._tell("* " + line)
        return "OK [READ-ONLY] Examine completed." if is_read_only else "OK [READ-WRITE] Select completed."

    def _do_examine(self, arguments: str) -> str:
        return self._do_select(arguments, True)

    def _do_notify(self, arguments: str) -> str:
        match = re.fullmatch(r'SET \(SELECTED \([^)]*\)\) \(MAILBOXES ("(?:[^"\\]|\\.)*"|\S+) \([^)]*\)\)', arguments)
        if not match:
            raise Refused("BAD Invalid arguments")
        folder = self.store.folder(match.group(1).strip('"'))
        self.watched[folder] = (len(folder.messages), folder.uidnext, folder.uidvalidity)
        return "OK Notify completed."

    def _do_unselect(self, _arguments: str) -> str:
        self.folder = None
        return "OK Unselect completed."

    def _do_idle(self, _arguments: str) -> str:
        self.store.lock.release()  # taken by _answer_by_store; the others must be able to deliver
        try:
            self._tell("+ idling")
            self._send()
            self.exchange.tell("IDLE")
            while b"\n" not in self._wire.unread:
                self._announce("IDLE")
                self._send()
                self._wire.receive(min(self._wire.deadline, time.monotonic() + LISTEN_WHILE_IDLE))
                if time.monotonic() >= self._wire.deadline:
                    raise PeerFault("the client idles for ever")
            line = self._wire.line()
        finally:
            self.store.lock.acquire()
        self.dialogue.append(b"C: " + line + b"\n")
        if line != b"DONE":
            raise PeerFault(f"in IDLE only DONE may be said: {line!r}")
        return "OK Idle completed."

    def _do_uid_fetch(self, arguments: str) -> str:
        uid_set, _, items = arguments.partition(" ")
        messages, by_star = imap_store.chosen(self._selected(), uid_set)
        wanted = imap_store.parse_items(items)
        if "nothing" in self.peer.round_trip.announces:
            self.announced = self.folder.uids()
        for message in messages:
            if message.is_old and not (by_star and message is messages[-1]):
                self.exchange.fetched.add(message.name)
            if message.uid in self.announced:
                number = self.announced.index(message.uid) + 1
                self._tell(b"* %d FETCH (%s)" % (number, imap_store.fetched(message, wanted)))
        return "OK Fetch completed."

    def _do_uid_search(self, arguments: str) -> str:
        hits = imap_store.search(self._selected(), arguments)
        self._tell("* SEARCH" + "".join(f" {message.uid}" for message in hits))
        return "OK Search completed."

    def _do_uid_store(self, arguments: str) -> str:
        match = re.fullmatch(r"(\S+) ([+-]?)FLAGS(\.SILENT)? \((.*)\)", arguments)
        if not match:
            raise Refused("BAD Invalid arguments")
        uid_set, sign, silent, flags = match.groups()
        for message in imap_store.chosen(self._writable(), uid_set)[0]:
            words = set(flags.split())
            message.flags = message.flags | words if sign == "+" else message.flags - words if sign else words
            if not silent and message.uid in self.announced:
                number = self.announced.index(message.uid) + 1
                self._tell(b"* %d FETCH (UID %d FLAGS %s)" % (number, message.uid, imap_store.flags_of(message)))
        return "OK Store completed."

    def _do_uid_expunge(self, arguments: str) -> str:
        return self._expunge(imap_store.chosen(self._writable(), arguments)[0])

    def _do_expunge(self, _arguments: str) -> str:
        return self._expunge(list(self._writable().messages))

    def _do_close(self, _arguments: str) -> str:
        if not self.is_read_only:
            self._expunge(list(self._selected().messages))
        self._lines, self.folder = [], None  # CLOSE says nothing of what it expunges
        return "OK Close completed."

    def _expunge(self, messages: list) -> str:
        for message in messages:
            if "\\Deleted" in message.flags:
                self._take_out(message)
        return "OK Expunge completed."

    def _take_out(self, message) -> None:
        self.folder.messages.remove(message)
        if message.uid in self.announced:
            self._tell(f"* {self.announced.index(message.uid) + 1} EXPUNGE")
            self.announced.remove(message.uid)

    def _do_uid_move(self, arguments: str) -> str:
        uid_set, _, name = arguments.partition(" ")
        target = self.store.folder(name.strip('"'))
        for message in imap_store.chosen(self._writable(), uid_set)[0]:
            self.store.add(target.name, message.name, message.data, message.flags)
            self._tell(f"* OK [COPYUID {target.uidvalidity} {message.uid} {target.uidnext - 1}] Moved")
            self._take_out(message)
        return "OK Move completed."

    def _selected(self):
        if self.folder is None:
            raise Refused("BAD No mailbox selected.")
        return self.folder

    def _writable(self):
        if self._selected() and self.is_read_only:
            raise PeerFault("a mailbox opened by EXAMINE is not to be written to")
        return self.folder


def name_of(command: str) -> str:
    """"NOOP", "UID FETCH"."""
    words = command.upper().split()
    return " ".join(words[:2] if words[0] == "UID" else words[:1])


def quoted(name: str) -> str:
    return name if ATOM.fullmatch(name) else '"' + name.replace("\\", "\\\\").replace('"', '\\"') + '"'
