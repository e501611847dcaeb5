"""A name server for one test: answers A questions from a table, at once, late, or never. Knows no more DNS than that.

    with DnsPeer({"mail.example.test": ["127.0.0.1"]}, delay=0.2) as peer: ... --resolver 127.0.0.1:{peer.port}

A name that is not in the table is NXDOMAIN; AAAA questions get an empty answer. addresses=None: silence.
"""
from __future__ import annotations

import socket
import struct
import threading
import time


class DnsPeer(threading.Thread):
    def __init__(self, addresses, delay: float = 0.0):
        super().__init__(daemon=True)
        self.addresses, self.delay, self.questions = addresses, delay, []
        self._socket = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
        self._socket.bind(("127.0.0.1", 0))
        self.port = self._socket.getsockname()[1]

    def __enter__(self):
        self.start()
        return self

    def __exit__(self, *_):
        self._socket.close()

    def run(self) -> None:
        while True:
            try:
                message, sender = self._socket.recvfrom(4096)
            except OSError:
                return
            name, kind, end = _question(message)
            self.questions.append((name, kind))
            if self.addresses is not None:
                threading.Thread(target=self._answer, args=(message, name, kind, end, sender), daemon=True).start()

    def _answer(self, message: bytes, name: str, kind: int, end: int, sender) -> None:
        time.sleep(self.delay)
        known = self.addresses.get(name)
        records = [socket.inet_aton(address) for address in known or []] if kind == 1 else []
        header = message[:2] + struct.pack(">HHHHH", 0x8180 if known else 0x8183, 1, len(records), 0, 0)
        answers = b"".join(b"\xc0\x0c" + struct.pack(">HHIH", 1, 1, 60, 4) + record for record in records)
        try:
            self._socket.sendto(header + message[12:end] + answers, sender)
        except OSError:
            pass  # closed meanwhile


def _question(message: bytes):
    """Name in lower case, type, and where the question ends."""
    labels, position = [], 12
    while message[position]:
        size = message[position]
        labels.append(message[position + 1:position + 1 + size].decode("ascii", "replace").lower())
        position += 1 + size
    return ".".join(labels), struct.unpack(">H", message[position + 1:position + 3])[0], position + 5
