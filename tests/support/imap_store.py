"""A small mail store for tests: folders with messages in memory, and the IMAP answers that depend on them alone.

    store = Store({"INBOX": [], "Junk": ["\\Junk"]})
    store.add("INBOX", "foreign", b"Subject: ...", ["\\Seen"])

Messages have a name, by which scenarios speak of them. Nothing here knows connections; imap_store_peer.py does. The store
is shared by threads: whoever reads or changes it holds `store.lock`.
"""
from __future__ import annotations

import re
import threading
import time
from dataclasses import dataclass, field

FIRST_UIDVALIDITY = 1700000001
FIRST_UID = 7
FETCH_ITEM = re.compile(r"(BODY|BODY\.PEEK)\[([^\]]*)\](?:<(\d+)\.(\d+)>)?|([A-Z0-9.]+)")


class Refused(Exception):
    """The command does not get an OK: its text is the tagged answer."""


@dataclass
class Message:
    uid: int
    name: str
    data: bytes
    flags: set
    date: float
    first_flags: frozenset = frozenset()
    is_old: bool = False  # there before the client came


@dataclass(eq=False)
class Folder:
    name: str
    attributes: list
    uidvalidity: int
    uidnext: int = FIRST_UID
    messages: list = field(default_factory=list)

    def uids(self) -> list:
        return [message.uid for message in self.messages]


class Store:
    def __init__(self, folders: dict):
        self.lock = threading.RLock()
        self.folders = {name: Folder(name, attributes, FIRST_UIDVALIDITY + number)
                        for number, (name, attributes) in enumerate(folders.items())}

    def folder(self, name: str) -> Folder:
        wanted = "INBOX" if name.upper() == "INBOX" else name
        if wanted not in self.folders:
            raise Refused(f"NO [NONEXISTENT] Mailbox doesn't exist: {name}")
        return self.folders[wanted]

    def add(self, folder: str, name: str, data: bytes, flags=()) -> None:
        with self.lock:
            place = self.folders[folder]
            place.messages.append(Message(place.uidnext, name, data, set(flags), time.time(), frozenset(flags)))
            place.uidnext += 1

    def remove(self, folder: str, name: str) -> None:
        """As another client would, or a rule of the server."""
        with self.lock:
            place = self.folders[folder]
            gone = next(message for message in place.messages if message.name == name)
            place.messages.remove(gone)

    def renumber(self, folder: str) -> None:
        with self.lock:
            place = self.folders[folder]
            place.uidvalidity += 1000
            for uid, message in enumerate(place.messages, 1):
                message.uid = uid
            place.uidnext = len(place.messages) + 1

    def grow_old(self) -> None:
        with self.lock:
            for folder in self.folders.values():
                for message in folder.messages:
                    message.is_old = True

    def names(self) -> dict:
        return {name: [message.name for message in folder.messages] for name, folder in self.folders.items()}


def chosen(folder: Folder, uid_set: str) -> tuple:
    """(messages, True if the newest is among them only because n:* with n behind the end means it)"""
    uids, found, by_star = folder.uids(), set(), False
    for part in uid_set.split(","):
        match = re.fullmatch(r"(\d+|\*)(?::(\d+|\*))?", part)
        if not match:
            raise Refused("BAD Invalid UID set")
        if not uids:
            continue
        ends = [uids[-1] if end == "*" else int(end) for end in match.groups() if end]
        by_star = by_star or ("*" in part and max(ends) > uids[-1])
        found |= {uid for uid in uids if min(ends) <= uid <= max(ends)}
    return [message for message in folder.messages if message.uid in found], by_star


# -- FETCH -----------------------------------------------------------------------------------------------------------

def parse_items(text: str) -> list:
    inside = text.strip()
    if inside.startswith("(") and inside.endswith(")"):
        inside = inside[1:-1]
    items, position = [], 0
    while position < len(inside):
        match = FETCH_ITEM.match(inside, position)
        if not match:
            raise Refused(f"BAD Unknown item: {inside[position:position + 40]}")
        items.append(match)
        position = match.end() + 1
    return items


def fetched(message: Message, items: list) -> bytes:
    return b" ".join(_item(message, item) for item in items)


def _item(message: Message, item) -> bytes:
    verb, section, start, count, plain = item.groups()
    if plain:
        simple = {"UID": lambda: b"%d" % message.uid, "FLAGS": lambda: flags_of(message),
                  "INTERNALDATE": lambda: internal_date(message), "RFC822.SIZE": lambda: b"%d" % len(message.data)}
        if plain not in simple:
            raise Refused(f"BAD Unknown item: {plain}")
        return plain.encode() + b" " + simple[plain]()
    if verb == "BODY":
        message.flags.add("\\Seen")
    text = section_of(message.data, section)
    label = f"BODY[{section}]"
    if start is not None:
        text = text[int(start):int(start) + int(count)]
        label += f"<{start}>"
    return b"%s {%d}\r\n%s" % (label.encode(), len(text), text)


def section_of(data: bytes, section: str) -> bytes:
    if section == "":
        return data
    header, blank, body = data.partition(b"\r\n\r\n")
    header += b"\r\n"
    if section == "HEADER":
        return header + blank[2:]
    if section == "TEXT":
        return body
    match = re.fullmatch(r"HEADER\.FIELDS \(([^)]+)\)", section)
    if not match:
        raise Refused(f"BAD Unknown section: {section}")
    wanted = {name.strip('"').upper().encode() for name in match.group(1).split()}
    fields = re.findall(rb"[^\r\n][^\r\n]*(?:\r\n[ \t][^\r\n]*)*\r\n", header)
    return b"".join(each for each in fields if each.partition(b":")[0].upper().strip() in wanted) + b"\r\n"


def flags_of(message: Message) -> bytes:
    return b"(" + " ".join(sorted(message.flags)).encode() + b")"


def internal_date(message: Message) -> bytes:
    return time.strftime('"%d-%b-%Y %H:%M:%S +0000"', time.gmtime(message.date)).encode()


# -- SEARCH ----------------------------------------------------------------------------------------------------------

def search(folder: Folder, criteria: str) -> list:
    """The messages that meet the criteria: those that a mail check may ask for."""
    words = [(quoted.replace('\\"', '"').replace("\\\\", "\\") if quoted or not plain else plain)
             for quoted, plain in re.findall(r'"((?:[^"\\]|\\.)*)"|([^\s"]+)', criteria)]
    if words[:1] == ["CHARSET"]:
        words = words[2:]
    tests = []
    while words:
        tests.append(_criterion(folder, words))
    return [message for message in folder.messages if all(test(message) for test in tests)]


def _criterion(folder: Folder, words: list):
    word = words.pop(0).upper()
    if word == "UID":
        uids = {message.uid for message in chosen(folder, words.pop(0))[0]}
        return lambda message: message.uid in uids
    if word == "NOT":
        inner = _criterion(folder, words)
        return lambda message: not inner(message)
    if word in ("HEADER", "SUBJECT", "FROM", "TO"):
        name = words.pop(0) if word == "HEADER" else word
        wanted = words.pop(0).encode().lower()
        return lambda message: _has_header(message.data, name, wanted)
    if word in ("DELETED", "SEEN", "UNDELETED", "UNSEEN"):
        flag, is_set = "\\" + word.removeprefix("UN").capitalize(), not word.startswith("UN")
        return lambda message: (flag in message.flags) == is_set
    if word in ("SINCE", "BEFORE"):
        day = time.mktime(time.strptime(words.pop(0), "%d-%b-%Y")) - time.timezone
        return lambda message: (message.date >= day) == (word == "SINCE")
    if word == "ALL":
        return lambda message: True
    raise Refused(f"BAD Unknown criterion: {word}")


def _has_header(data: bytes, name: str, wanted: bytes) -> bool:
    """The header is there, and holds the text (any, if it is empty)."""
    fields = section_of(data, f"HEADER.FIELDS ({name})")[:-2]
    return fields != b"" and wanted in fields.lower()
