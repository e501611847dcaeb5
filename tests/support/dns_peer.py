"""A name server for one test: answers from tables, at once, late, or never. UDP, and TCP for more than 512 bytes.

    with DnsPeer({"mail.example.test": ["127.0.0.1"]}, delay=0.2) as peer: ... --resolver 127.0.0.1:{peer.port}

    with DnsPeer(records={
            "example.test": {"MX": ["10 mail.example.test"], "CAA": ['0 issue "ca.test"']},
            "mail.example.test": {"A": ["127.0.0.1"], "AAAA": ["::1"]},
            "_25._tcp.mail.example.test": {"TLSA": ["3 1 1 0123..."]},
            "_mta-sts.example.test": {"TXT": ["v=STSv1; id=1"]},
            "alias.example.test": {"CNAME": ["mail.example.test"]}},
            secure=True, insecure={"alias.example.test"}, servfail={"broken.example.test", ("example.test", "CAA")},
            silent={("mail.example.test", "AAAA")}) as peer: ...

The first table holds addresses only; both may be given. A name that is in neither is NXDOMAIN; one without such a
record gets an empty answer. Aliases are followed. addresses=None: silence about everything.

secure      the AD bit of all answers, as a validating resolver would set it (off unless told)
insecure    but not of these; likewise servfail (no AD bit) and silent: sets of names, or of (name, type) for one type.
            An answer that passes an insecure name on its way along aliases is insecure
refused     like servfail, with REFUSED

peer.questions is the list of (name in lower case, type number) asked for.
"""
from __future__ import annotations

import socket
import struct
import threading
import time

TYPES = {"A": 1, "CNAME": 5, "MX": 15, "TXT": 16, "AAAA": 28, "TLSA": 52, "CAA": 257}
NAMES = {number: name for name, number in TYPES.items()}
LARGEST_UDP = 512
MOST_ALIASES = 8
REPLY, TRUNCATED, AUTHENTIC = 0x8180, 0x0200, 0x0020  # a reply with recursion desired and available
SERVFAIL, NXDOMAIN, REFUSED = 2, 3, 5


class DnsPeer(threading.Thread):
    def __init__(self, addresses=(), delay: float = 0.0, *, records=None, secure: bool = False, insecure=(),
                 servfail=(), refused=(), silent=()):
        super().__init__(daemon=True)
        self.addresses, self.delay, self.questions = addresses, delay, []
        self.secure, self.insecure, self.silent = secure, _lower(insecure), _lower(silent)
        self.errors = {SERVFAIL: _lower(servfail), REFUSED: _lower(refused)}
        self.table = _table(dict(addresses or {}), records or {})
        self._socket, self._listener = _sockets()
        self.port = self._socket.getsockname()[1]

    def __enter__(self):
        self.start()
        threading.Thread(target=self._serve_tcp, daemon=True).start()
        return self

    def __exit__(self, *_):
        self._socket.close()
        self._listener.close()

    def run(self) -> None:
        while True:
            try:
                message, sender = self._socket.recvfrom(4096)
            except OSError:
                return
            threading.Thread(target=self._serve_udp, args=(message, sender), daemon=True).start()

    def _serve_udp(self, message: bytes, sender) -> None:
        reply = self._reply(message)
        if len(reply) > LARGEST_UDP:
            name, kind, end = _question(message)
            reply = reply[:2] + struct.pack(">HHHHH", REPLY | TRUNCATED, 1, 0, 0, 0) + message[12:end]
        try:
            if reply:
                self._socket.sendto(reply, sender)
        except OSError:
            pass  # closed meanwhile

    def _serve_tcp(self) -> None:
        while True:
            try:
                connection, _ = self._listener.accept()
            except OSError:
                return
            threading.Thread(target=self._converse, args=(connection,), daemon=True).start()

    def _converse(self, connection: socket.socket) -> None:
        with connection, connection.makefile("rb") as stream:
            try:
                while len(size := stream.read(2)) == 2:
                    reply = self._reply(stream.read(struct.unpack(">H", size)[0]))
                    if reply:
                        connection.sendall(struct.pack(">H", len(reply)) + reply)
            except OSError:
                pass  # the client has gone

    def _reply(self, message: bytes) -> bytes:
        """Empty: silence."""
        name, kind, end = _question(message)
        self.questions.append((name, kind))
        if self.addresses is None or _is_in(self.silent, name, kind):
            return b""
        time.sleep(self.delay)
        code, chain, data = self._look_up(name, kind)
        is_secure = self.secure and code in (0, NXDOMAIN) and not any(_is_in(self.insecure, n, kind) for n in chain)
        answers = [_record(chain[i], TYPES["CNAME"], _wire_name(chain[i + 1])) for i in range(len(chain) - 1)]
        answers += [_record(chain[-1], kind, item) for item in data]
        flags = REPLY | code | (AUTHENTIC if is_secure else 0)
        return message[:2] + struct.pack(">HHHHH", flags, 1, len(answers), 0, 0) + message[12:end] + b"".join(answers)

    def _look_up(self, name: str, kind: int):
        """Code, the names along the aliases (the one asked for first), and the data at the last one."""
        chain = [name]
        while True:
            for code, names in self.errors.items():
                if _is_in(names, chain[-1], kind):
                    return code, [name], []
            entry = self.table.get(chain[-1])
            if entry is None:
                return NXDOMAIN, chain, []
            alias = entry.get(TYPES["CNAME"])
            if not alias or kind == TYPES["CNAME"] or len(chain) > MOST_ALIASES:
                return 0, chain, entry.get(kind, [])
            chain.append(_name_of(alias[0]))


def _sockets():
    """UDP and TCP on the same port."""
    while True:
        udp = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
        udp.bind(("127.0.0.1", 0))
        tcp = socket.socket(socket.AF_INET, socket.SOCK_STREAM)
        try:
            tcp.bind(udp.getsockname())
        except OSError:
            udp.close()
            tcp.close()
            continue
        tcp.listen()
        return udp, tcp


def _lower(names):
    return {tuple(n.lower() if i == 0 else n for i, n in enumerate(name)) if isinstance(name, tuple) else name.lower()
            for name in names}


def _is_in(names, name: str, kind: int) -> bool:
    return name in names or (name, NAMES.get(kind)) in names


def _table(addresses, records):
    """Name -> type number -> rdata."""
    table = {}
    for name, texts in addresses.items():
        for text in texts:
            records = {**records, name: _with(records.get(name, {}), "AAAA" if ":" in text else "A", text)}
    for name, entry in records.items():
        table[name.lower()] = {TYPES[kind]: [_data(kind, text) for text in texts] for kind, texts in entry.items()}
    return table


def _with(entry, kind: str, text: str):
    return {**entry, kind: [*entry.get(kind, []), text]}


def _data(kind: str, text) -> bytes:
    """rdata from the text of a zone file; bytes are taken as they are."""
    if isinstance(text, bytes):
        return text
    if kind in ("A", "AAAA"):
        return socket.inet_pton(socket.AF_INET if kind == "A" else socket.AF_INET6, text)
    if kind == "CNAME":
        return _wire_name(text)
    if kind == "MX":
        preference, host = text.split()
        return struct.pack(">H", int(preference)) + _wire_name(host)
    if kind == "TLSA":
        usage, selector, matching, *data = text.split()
        return bytes((int(usage), int(selector), int(matching))) + bytes.fromhex("".join(data))
    if kind == "CAA":
        flags, tag, value = text.split(None, 2)
        return bytes((int(flags), len(tag))) + tag.encode() + value.strip('"').encode()
    words = text.encode()  # TXT: strings of 255 bytes
    return b"".join(bytes((len(words[i:i + 255]),)) + words[i:i + 255] for i in range(0, len(words) or 1, 255))


def _record(name: str, kind: int, data: bytes) -> bytes:
    return _wire_name(name) + struct.pack(">HHIH", kind, 1, 60, len(data)) + data


def _wire_name(name: str) -> bytes:
    labels = [label.encode() for label in name.rstrip(".").split(".") if label]
    return b"".join(bytes((len(label),)) + label for label in labels) + b"\0"


def _name_of(wire: bytes) -> str:
    labels = []
    while wire[0]:
        labels.append(wire[1:1 + wire[0]].decode("ascii", "replace").lower())
        wire = wire[1 + wire[0]:]
    return ".".join(labels)


def _question(message: bytes):
    """Name in lower case, type, and where the question ends."""
    labels, position = [], 12
    while message[position]:
        size = message[position]
        labels.append(message[position + 1:position + 1 + size].decode("ascii", "replace").lower())
        position += 1 + size
    return ".".join(labels), struct.unpack(">H", message[position + 1:position + 3])[0], position + 5
