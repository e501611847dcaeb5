#!/usr/bin/env python3
"""dns_list.py ADDRESS [MARK] - a name server on ADDRESS, port 53, that knows one DNS list (RFC 5782) with one entry:
the address of the tests' client. All other names do not exist. MARK is for those who look for the process."""

import socket
import struct
import sys

LIST = "list.example.test"
LISTED = "1.0.0.127." + LIST  # 127.0.0.1
TEXT = b"listed for the test, see https://list.example.test/127.0.0.1"
A, TXT = 1, 16
DATA = {A: socket.inet_aton("127.0.0.2"), TXT: bytes([len(TEXT)]) + TEXT}


def question(message):
    """Name in lower case, type, and where the question ends."""
    labels, position = [], 12
    while message[position]:
        end = position + 1 + message[position]
        labels.append(message[position + 1:end].decode("ascii", errors="replace").lower())
        position = end
    return ".".join(labels), struct.unpack(">H", message[position + 1:position + 3])[0], position + 5


def answer(message):
    name, kind, end = question(message)
    data = DATA.get(kind) if name == LISTED else None
    exists = name in (LISTED, LIST)
    header = message[:2] + struct.pack(">HHHHH", 0x8580 if exists else 0x8583, 1, int(data is not None), 0, 0)
    record = b"" if data is None else b"\xc0\x0c" + struct.pack(">HHIH", kind, 1, 60, len(data)) + data
    return header + message[12:end] + record


def main():
    if len(sys.argv) not in (2, 3):
        sys.exit(__doc__)
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as server:
        server.bind((sys.argv[1], 53))
        while True:
            message, sender = server.recvfrom(4096)
            try:
                server.sendto(answer(message), sender)
            except (IndexError, struct.error):
                pass  # not a question


if __name__ == "__main__":
    main()
