#!/usr/bin/env python3
"""Tests of the name server that tests use: its answers are read by hand here, byte by byte."""
from __future__ import annotations

import socket
import struct
import sys
import unittest
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parent))
from dns_peer import TYPES, DnsPeer  # noqa: E402

RECORDS = {
    "example.test": {"MX": ["10 mail.example.test", "20 ."], "CAA": ['128 issue "ca.test"']},
    "mail.example.test": {"A": ["127.0.0.1"], "AAAA": ["::1"]},
    "_25._tcp.mail.example.test": {"TLSA": ["3 1 1 00ff", "2 0 1 AB cd"]},
    "_mta-sts.example.test": {"TXT": ["v=STSv1; id=1"]},
    "long.example.test": {"TXT": ["x" * 600]},
    "alias.example.test": {"CNAME": ["mail.example.test"]},
    "loop.example.test": {"CNAME": ["loop.example.test"]},
}


class Reply:
    def __init__(self, bytes_: bytes):
        flags, _, count = struct.unpack(">HHH", bytes_[2:8])
        self.code, self.is_secure, self.is_truncated = flags & 15, bool(flags & 0x20), bool(flags & 0x200)
        self.answers = []
        at = self._name(bytes_, 12)[1] + 4
        for _ in range(count):
            name, at = self._name(bytes_, at)
            kind, _, _, size = struct.unpack(">HHIH", bytes_[at:at + 10])
            self.answers.append((name, kind, bytes_[at + 10:at + 10 + size]))
            at += 10 + size
        assert at == len(bytes_)

    @staticmethod
    def _name(bytes_: bytes, at: int):
        labels = []
        while bytes_[at]:
            labels.append(bytes_[at + 1:at + 1 + bytes_[at]].decode())
            at += 1 + bytes_[at]
        return ".".join(labels), at + 1

    @property
    def data(self):
        return [data for _, _, data in self.answers]


def question(name: str, kind: str) -> bytes:
    labels = b"".join(bytes((len(label),)) + label.encode() for label in name.split("."))
    return b"id" + struct.pack(">HHHHH", 0x0120, 1, 0, 0, 0) + labels + b"\0" + struct.pack(">HH", TYPES[kind], 1)


def ask(peer: DnsPeer, name: str, kind: str):
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as client:
        client.settimeout(0.3 if peer.silent or peer.addresses is None else 10)
        client.sendto(question(name, kind), ("127.0.0.1", peer.port))
        try:
            return Reply(client.recv(4096))
        except socket.timeout:
            return None


class Answers(unittest.TestCase):
    def test_every_type_has_its_data(self):
        with DnsPeer(records=RECORDS) as peer:
            self.assertEqual(ask(peer, "Example.test", "MX").data,
                             [b"\0\x0a\x04mail\x07example\x04test\0", b"\0\x14\0"])
            self.assertEqual(ask(peer, "example.test", "CAA").data, [b"\x80\x05issueca.test"])
            self.assertEqual(ask(peer, "mail.example.test", "A").data, [b"\x7f\0\0\x01"])
            self.assertEqual(ask(peer, "mail.example.test", "AAAA").data, [b"\0" * 15 + b"\x01"])
            self.assertEqual(ask(peer, "_25._tcp.mail.example.test", "TLSA").data,
                             [b"\x03\x01\x01\x00\xff", b"\x02\x00\x01\xab\xcd"])
            self.assertEqual(ask(peer, "_mta-sts.example.test", "TXT").data, [b"\x0dv=STSv1; id=1"])
            self.assertIn(("example.test", TYPES["MX"]), peer.questions)

    def test_absent_names_and_records_are_told_apart(self):
        with DnsPeer(records=RECORDS) as peer:
            self.assertEqual(ask(peer, "absent.example.test", "A").code, 3)
            empty = ask(peer, "mail.example.test", "TLSA")
            self.assertEqual((empty.code, empty.answers), (0, []))

    def test_aliases_are_followed_unless_asked_for(self):
        with DnsPeer(records=RECORDS) as peer:
            self.assertEqual([name for name, _, _ in ask(peer, "alias.example.test", "A").answers],
                             ["alias.example.test", "mail.example.test"])
            self.assertEqual(len(ask(peer, "alias.example.test", "CNAME").answers), 1)
            self.assertGreater(len(ask(peer, "loop.example.test", "A").answers), 1)

    def test_long_answers_come_over_tcp(self):
        with DnsPeer(records=RECORDS) as peer:
            self.assertTrue(ask(peer, "long.example.test", "TXT").is_truncated)
            with socket.create_connection(("127.0.0.1", peer.port), 10) as client, client.makefile("rb") as stream:
                message = question("long.example.test", "TXT")
                client.sendall(struct.pack(">H", len(message)) + message)
                data = Reply(stream.read(struct.unpack(">H", stream.read(2))[0])).data
            self.assertEqual([len(item) for item in data], [603])

    def test_the_first_table_alone(self):
        with DnsPeer({"mail.example.test": ["127.0.0.2", "127.0.0.1"], "none.example.test": []}) as peer:
            self.assertEqual(ask(peer, "mail.example.test", "A").data, [b"\x7f\0\0\x02", b"\x7f\0\0\x01"])
            empty = ask(peer, "mail.example.test", "AAAA")
            self.assertEqual((empty.code, empty.answers, empty.is_secure), (0, [], False))
            self.assertEqual(ask(peer, "none.example.test", "A").code, 3)


class Security(unittest.TestCase):
    def test_the_bit_is_set_but_for_what_is_insecure(self):
        insecure = {"alias.example.test", ("mail.example.test", "AAAA")}
        with DnsPeer(records=RECORDS, secure=True, insecure=insecure) as peer:
            self.assertTrue(ask(peer, "mail.example.test", "A").is_secure)
            self.assertTrue(ask(peer, "absent.example.test", "A").is_secure)
            self.assertFalse(ask(peer, "mail.example.test", "AAAA").is_secure)
            self.assertFalse(ask(peer, "alias.example.test", "A").is_secure)
        with DnsPeer(records=RECORDS) as peer:
            self.assertFalse(ask(peer, "mail.example.test", "A").is_secure)

    def test_failure_and_refusal_are_never_secure(self):
        with DnsPeer(records=RECORDS, secure=True, servfail={"mail.example.test"},
                     refused={("example.test", "MX")}) as peer:
            for name, kind, code in (("mail.example.test", "A", 2), ("alias.example.test", "A", 2),
                                     ("example.test", "MX", 5), ("example.test", "CAA", 0)):
                reply = ask(peer, name, kind)
                self.assertEqual((reply.code, reply.is_secure), (code, code == 0))

    def test_silence_by_name_by_type_and_about_everything(self):
        with DnsPeer(records=RECORDS, silent={"Example.test", ("mail.example.test", "A")}) as peer:
            self.assertIsNone(ask(peer, "example.test", "MX"))
            self.assertIsNone(ask(peer, "mail.example.test", "A"))
            self.assertIsNotNone(ask(peer, "mail.example.test", "AAAA"))
        with DnsPeer(None) as peer:
            self.assertIsNone(ask(peer, "mail.example.test", "A"))


if __name__ == "__main__":
    unittest.main()
