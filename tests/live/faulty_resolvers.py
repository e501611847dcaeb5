"""Resolvers that misbehave, in threads of the test: one that never answers, and one that passes everything on to a
good resolver but the questions of one type, which it drops or refuses."""

import socket
import struct
import threading

ADDRESS, MX, TXT, TLSA = 1, 15, 16, 52


class SilentResolver:
    def __init__(self):
        self._socket = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
        self._socket.bind(("127.0.0.1", 0))
        self.resolver = "127.0.0.1:%d" % self._socket.getsockname()[1]

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self._socket.close()


class PickyResolver(SilentResolver):
    """`code`: the response code for questions of that type; None: silence. `asked`: (name, type) of all questions."""

    def __init__(self, good, kind, code=None):
        super().__init__()
        self._good, self._kind, self._code = good.split(":"), kind, code
        self.asked = []
        threading.Thread(target=self._serve, daemon=True).start()

    def _serve(self):
        while True:
            try:
                message, sender = self._socket.recvfrom(4096)
                name, kind = question(message)
                self.asked.append((name, kind))
                if kind != self._kind:
                    self._socket.sendto(self._pass_on(message), sender)
                elif self._code is not None:
                    self._socket.sendto(message[:2] + bytes([0x81, 0x80 | self._code]) + message[4:], sender)
            except OSError:
                return

    def _pass_on(self, message):
        with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as client:
            client.settimeout(5)
            client.connect((self._good[0], int(self._good[1])))
            client.send(message)
            return client.recv(65535)


def question(message):
    """Name and type that a DNS message asks for."""
    labels, position = [], 12
    while message[position]:
        end = position + 1 + message[position]
        labels.append(message[position + 1:end].decode("ascii").lower())
        position = end
    return ".".join(labels), struct.unpack(">H", message[position + 1:position + 3])[0]
