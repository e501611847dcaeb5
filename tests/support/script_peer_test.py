#!/usr/bin/env python3
"""Tests of the test tools: the peer plays what the file says and holds deviations against the client.

A scenario test that cannot fail is worth nothing; here small Python clients misbehave and the peer has to notice.
"""
from __future__ import annotations

import base64
import hashlib
import hmac
import socket
import ssl
import subprocess
import sys
import tempfile
import time
import unittest
import warnings
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parent))
import certificates as test_ca  # noqa: E402
import plugin_output  # noqa: E402
import scenario as scenarios  # noqa: E402
from script_peer import ScriptPeer  # noqa: E402

HEAD = "# a scenario for the tests of the peer\ncommand: none\n"
TAIL = "\n---\nexit: 0\nstate: OK\nwithin: 1s\n"


class WithPeer(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.folder = tempfile.TemporaryDirectory()
        cls.certificates = test_ca.make(Path(cls.folder.name) / "ca")

    @classmethod
    def tearDownClass(cls):
        cls.folder.cleanup()

    def load(self, script: str, head: str = HEAD, tail: str = TAIL):
        path = Path(self.folder.name) / "scenario.txt"
        path.write_text(head + "---\n" + script + tail, encoding="utf-8")
        return scenarios.load(path)

    def peer(self, script: str, mode="whole", head: str = HEAD, **more):
        peer = ScriptPeer(self.load(script, head), mode, self.certificates, {"password": "secret"}, **more)
        peer.start()
        self.addCleanup(peer.finish)
        return peer

    def connect(self, peer) -> socket.socket:
        client = socket.create_connection(("127.0.0.1", peer.port), 5)
        self.addCleanup(client.close)
        return client


def read_line(client) -> bytes:
    line = b""
    while not line.endswith(b"\n"):
        byte = client.recv(1)
        if not byte:
            break
        line += byte
    return line


class Playing(WithPeer):
    SCRIPT = "S: hello\nC: {tag} NAME {re:[a-z]+}\nS: * one\nS: {tag} two\n"

    def test_a_client_that_keeps_to_the_script_passes(self):
        for mode in ("whole", "line", "byte"):
            peer = self.peer(self.SCRIPT, mode)
            client = self.connect(peer)
            self.assertEqual(read_line(client), b"hello\r\n")
            client.sendall(b"X7 NAME abc\r\n")
            self.assertEqual(read_line(client) + read_line(client), b"* one\r\nX7 two\r\n")
            client.close()
            self.assertIsNone(peer.finish(), mode)

    def test_wrong_words_are_a_fault(self):
        peer = self.peer(self.SCRIPT)
        self.connect(peer).sendall(b"X7 NAME ABC\r\n")
        self.assertIn("X7 NAME ABC", peer.finish())

    def test_hanging_up_early_is_a_fault(self):
        peer = self.peer(self.SCRIPT)
        self.connect(peer).close()
        self.assertIn("hung up too early", peer.finish())

    def test_hanging_up_early_passes_where_the_script_allows_it(self):
        peer = self.peer("S: hello\n@may-hang-up\nC: bye\n")
        self.connect(peer).close()
        self.assertIsNone(peer.finish())

    def test_half_a_line_before_hanging_up_is_a_fault_even_then(self):
        peer = self.peer("S: hello\n@may-hang-up\nC: bye\n")
        client = self.connect(peer)
        client.sendall(b"by")
        client.close()
        self.assertIn("by", peer.finish())

    def test_words_after_the_end_are_a_fault(self):
        peer = self.peer("S: hello\nC: bye\n")
        self.connect(peer).sendall(b"bye\r\nmore\r\n")
        self.assertIn("more", peer.finish())

    def test_a_bare_line_feed_is_a_fault(self):
        peer = self.peer("C: hello\n")
        self.connect(peer).sendall(b"hello\n")
        self.assertIn("bare line feed", peer.finish())

    def test_a_client_that_never_comes_is_a_fault(self):
        self.assertIn("never connected", self.peer("S: hello\n").finish())

    def test_a_second_connection_is_a_fault(self):
        peer = self.peer("S: hello\nC: bye\n")
        self.connect(peer).sendall(b"bye\r\n")
        self.connect(peer)
        self.assertIn("second time", peer.finish())

    def test_speaking_where_silence_is_wanted_is_a_fault(self):
        peer = self.peer("S: hello\n@expect-close\n")
        client = self.connect(peer)
        client.sendall(b"x")
        client.close()
        self.assertIn("had to hang up", peer.finish())
        peer = self.peer("@expect-silence 200ms\nS: hello\n")
        self.connect(peer).sendall(b"x")
        self.assertIn("silent", peer.finish())


class Answering(WithPeer):
    SCRIPT = "S: hello\nA: {tag} NAME {any} => * one{crlf}{tag} two\nA: nothing\nA>: go => gone\nS: more\nA.: bye => end\n"

    def test_questions_come_in_any_order(self):
        peer = self.peer(self.SCRIPT)
        client = self.connect(peer)
        client.sendall(b"nothing\r\n7 NAME x\r\n8 NAME y\r\ngo\r\nbye\r\n")
        heard = [read_line(client) for _ in range(8)]
        self.assertEqual(heard, [b"hello\r\n", b"* one\r\n", b"7 two\r\n", b"* one\r\n", b"8 two\r\n", b"gone\r\n",
                                 b"more\r\n", b"end\r\n"])
        self.assertEqual(read_line(client), b"")
        self.assertIsNone(peer.finish())

    def test_a_question_without_an_answer_is_a_fault(self):
        peer = self.peer(self.SCRIPT)
        self.connect(peer).sendall(b"AUTH PLAIN\r\n")
        self.assertIn("AUTH PLAIN", peer.finish())

    def test_the_client_may_leave_at_any_time_but_not_in_the_middle_of_a_line(self):
        peer = self.peer(self.SCRIPT)
        self.connect(peer).close()
        self.assertIsNone(peer.finish())
        peer = self.peer(self.SCRIPT)
        client = self.connect(peer)
        client.sendall(b"by")
        client.close()
        self.assertIn("by", peer.finish())

    def test_any_number_of_connections_at_the_same_time(self):
        peer = self.peer(self.SCRIPT, head=HEAD + "connections: any\n")
        clients = [self.connect(peer) for _ in range(3)]
        for client in reversed(clients):
            self.assertEqual(read_line(client), b"hello\r\n")
            client.sendall(b"1 NAME x\r\n")
            self.assertEqual(read_line(client), b"* one\r\n")
        clients[1].sendall(b"rubbish\r\n")
        self.assertEqual(clients[1].recv(100), b"1 two\r\n")
        for client in clients:
            client.close()
        self.assertIn("rubbish", peer.finish())


class Breaking(WithPeer):
    def test_byte_mode_sends_single_bytes(self):
        text = b"hello " * 100  # a busy machine may hand over some of them together, never nearly all
        peer = self.peer("S: " + text.decode() + "\n", "byte")
        client = self.connect(peer)
        pieces = []
        while True:
            piece = client.recv(1000)
            if not piece:
                break
            pieces.append(piece)
        self.assertEqual(b"".join(pieces).rstrip(), text.rstrip())
        self.assertGreater(len(pieces), 3)

    def test_together_is_one_piece_in_every_mode(self):
        peer = self.peer("@together\nS: one\nS: two\n", "byte")
        self.assertEqual(self.connect(peer).recv(100), b"one\r\ntwo\r\n")

    def test_delay_drip_and_pause_take_their_time(self):
        for script, low in (("@delay 150ms\nS: x\n", 0.15), ("@drip 1 byte 50ms\nS: abc\n", 0.15),
                            ("@pause here\nS: x\n", 0.1), ("@pause there\nS: x\n", 0.0)):
            peer = self.peer(script, pauses={"here": 0.1})
            client, started = self.connect(peer), time.monotonic()
            read_line(client)
            taken = time.monotonic() - started
            self.assertTrue(low <= taken <= 5, f"{script!r} took {taken}")  # a busy machine may take its time

    def test_close_and_reset_are_told_apart(self):
        self.assertEqual(self.connect(self.peer("@close\n")).recv(1), b"")
        with self.assertRaises(ConnectionResetError):
            self.connect(self.peer("@reset\n")).recv(1)

    def test_refuse_and_hang_and_untouched(self):
        for listen, wanted in (("refuse", ConnectionRefusedError), ("hang", socket.timeout)):
            peer = self.peer("", head=HEAD + f"listen: {listen}\n")
            with self.assertRaises(wanted):
                socket.create_connection(("127.0.0.1", peer.port), 0.3)
            self.assertIsNone(peer.finish())
        peer = self.peer("", head=HEAD + "listen: untouched\n")
        self.connect(peer)
        self.assertIn("no business", peer.finish())

    def test_literals_count_their_bytes_and_braces_are_filled(self):
        peer = self.peer("S: A {{size}}\nL: {x} \u00e4\nL:\nS: )\nS-: {hex:00ff}{repeat:3:ab}{base64:{hex:00}p}\n")
        client, heard = self.connect(peer), b""
        while not heard.endswith(b"AHA="):
            heard += client.recv(100)
        self.assertEqual(heard, b"A {10}\r\n{x} \xc3\xa4\r\n\r\n)\r\n\x00\xffabababAHA=")

    def test_a_unix_socket(self):
        peer = self.peer("S: hello\nC: bye\n", head=HEAD + "listen: unix\n")
        client = socket.socket(socket.AF_UNIX)
        self.addCleanup(client.close)
        client.connect(peer.socket_path)
        self.assertEqual(read_line(client), b"hello\r\n")
        client.sendall(b"bye\r\n")
        client.shutdown(socket.SHUT_WR)
        self.assertIsNone(peer.finish())

    def scram(self, password: bytes) -> tuple:
        """What the peer answers to the proof of a client with that password, and the peer's fault."""
        peer = self.peer("C: {scram:first}\nS: {scram:challenge}\nC: {scram:proof}\nS: {scram:signature}\n@may-hang-up\n")
        client = self.connect(peer)
        client.sendall(base64.b64encode(b"n,,n=user,r=abc") + b"\r\n")
        challenge = base64.b64decode(read_line(client))
        fields = dict(part.split(b"=", 1) for part in challenge.split(b","))
        without_proof = b"c=biws,r=" + fields[b"r"]
        salted = hashlib.pbkdf2_hmac("sha256", password, base64.b64decode(fields[b"s"]), int(fields[b"i"]))
        key = hmac.digest(salted, b"Client Key", "sha256")
        spoken = b"n=user,r=abc," + challenge + b"," + without_proof
        mask = hmac.digest(hashlib.sha256(key).digest(), spoken, "sha256")
        proof = base64.b64encode(bytes(a ^ b for a, b in zip(key, mask)))
        client.sendall(base64.b64encode(without_proof + b",p=" + proof) + b"\r\n")
        answer = read_line(client)
        client.close()
        return answer, peer.finish()

    def test_scram_checks_the_proof(self):
        answer, fault = self.scram(b"secret")
        self.assertIsNone(fault)
        self.assertTrue(base64.b64decode(answer).startswith(b"v="))
        answer, fault = self.scram(b"wrong")
        self.assertIn("proof is wrong", fault)
        self.assertEqual(answer, b"")

    def test_line_feeds_alone(self):
        self.assertEqual(self.connect(self.peer("S: x\n", head=HEAD + "line-end: lf\n")).recv(9), b"x\n")


class Encrypting(WithPeer):
    def context(self, verify=True):
        context = ssl.create_default_context(cafile=str(self.certificates / "ca.pem"))
        if not verify:
            context.check_hostname, context.verify_mode = False, ssl.CERT_NONE
        return context

    def test_starttls_then_the_script_goes_on_inside(self):
        for mode in ("whole", "byte"):
            peer = self.peer("S: go\n@starttls\nC: {tag} x\nS: {tag} y\nC: bye\n", mode)
            client = self.connect(peer)
            read_line(client)
            with self.context().wrap_socket(client, server_hostname=test_ca.HOST) as secure:
                secure.sendall(b"1 x\r\n")
                self.assertEqual(read_line(secure), b"1 y\r\n")
                secure.sendall(b"bye\r\n")
                self.assertEqual(secure.recv(1), b"")
            self.assertIsNone(peer.finish())

    def test_every_certificate_is_what_its_name_says(self):
        wanted = {"good": None, "wildcard": None, "ending": None, "ending-intermediate": None, "expired": "expired",
                  "future": "not yet valid", "wrong-name": "Hostname mismatch", "self-signed": "self.signed",
                  "no-intermediate": "unable to get local issuer", "unknown": "unable to get local issuer"}
        for name, words in wanted.items():
            peer = self.peer("@tls\n" if words is None else "@tls rejected\n", head=HEAD + f"certificate: {name}\n")
            client = self.connect(peer)
            if words is None:
                self.context().wrap_socket(client, server_hostname=test_ca.HOST).close()
            else:
                with self.assertRaisesRegex(ssl.SSLCertVerificationError, words):
                    self.context().wrap_socket(client, server_hostname=test_ca.HOST)
                client.close()
            self.assertIsNone(peer.finish(), name)

    def test_accepting_what_has_to_be_turned_down_is_a_fault(self):
        peer = self.peer("@tls rejected\n", head=HEAD + "certificate: expired\n")
        with self.context(verify=False).wrap_socket(self.connect(peer)) as secure:
            secure.sendall(b"secret\r\n")
        self.assertIn("turn down", peer.finish())

    def test_no_handshake_is_a_fault(self):
        peer = self.peer("@tls\n")
        self.connect(peer).sendall(b"hello\r\n")
        self.assertIn("no TLS", peer.finish())

    def test_a_handshake_that_may_fail_is_none(self):
        peer = self.peer("@tls attempted\n")
        self.connect(peer).sendall(b"hello\r\n")
        self.assertIsNone(peer.finish())

    def shaken(self, head: str, **limits) -> ssl.SSLSocket:
        peer = self.peer("@tls attempted\nA.: bye\n", head=HEAD + head)
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
        context.check_hostname, context.verify_mode = False, ssl.CERT_NONE
        context.set_ciphers(limits.pop("ciphers", "ALL") + ":@SECLEVEL=0")
        with warnings.catch_warnings():
            warnings.simplefilter("ignore", DeprecationWarning)  # of TLS 1.0 and 1.1
            context.minimum_version = ssl.TLSVersion.MINIMUM_SUPPORTED
            context.maximum_version = limits.pop("highest", ssl.TLSVersion.MAXIMUM_SUPPORTED)
        secure = context.wrap_socket(self.connect(peer))
        self.addCleanup(secure.close)
        return secure

    def test_versions_suites_and_groups_are_as_asked_for(self):
        self.assertEqual(self.shaken("tls: 1.0\n").version(), "TLSv1")
        self.assertEqual(self.shaken("tls: 1.1-1.2\n").version(), "TLSv1.2")
        self.assertEqual(self.shaken("tls: 1.0-1.3\n", highest=ssl.TLSVersion.TLSv1_1).version(), "TLSv1.1")
        with self.assertRaises(ssl.SSLError):
            self.shaken("tls: 1.1\n", highest=ssl.TLSVersion.TLSv1)
        self.assertEqual(self.shaken("tls: 1.2\nciphers: AECDH-AES256-SHA\n").cipher()[0], "AECDH-AES256-SHA")
        secure = self.shaken("tls: 1.2\nciphers: NULL-SHA256\ncertificate: good-rsa\n", ciphers="eNULL")
        self.assertEqual(secure.cipher()[0], "NULL-SHA256")

    def test_a_second_certificate_is_for_those_who_want_it(self):
        for suite, name in (("aRSA", "good-rsa"), ("aECDSA", "good")):
            secure = self.shaken("tls: 1.2\ncertificate: good\nsecond-certificate: good-rsa\n", ciphers=suite)
            self.assertEqual(ssl.DER_cert_to_PEM_cert(secure.getpeercert(True)).split(),
                             (self.certificates / f"{name}.pem").read_text().partition("-----END")[0].split()
                             + ["-----END", "CERTIFICATE-----"])

    def test_a_staple_comes_with_the_certificate(self):
        peer = self.peer("S: go\n@starttls\nA.: bye => see you\n", head=HEAD + "staple: ocsp-revoked.der\n")
        client = self.connect(peer)
        read_line(client)
        with self.context().wrap_socket(client, server_hostname=test_ca.HOST) as secure:
            secure.sendall(b"bye\r\n")
            self.assertEqual(read_line(secure), b"see you\r\n")
        self.assertIsNone(peer.finish())
        peer = self.peer("@tls\n@may-hang-up\n@hang\n", head=HEAD + "staple: ocsp-revoked.der\n")
        said = subprocess.run(["openssl", "s_client", "-connect", f"127.0.0.1:{peer.port}", "-status"], input=b"",
                              capture_output=True, check=False, env=test_ca.clean_environment()).stdout
        self.assertIn(b"Cert Status: revoked", said)
        self.assertIsNone(peer.finish())

    def test_bytes_before_the_go_ahead_are_a_fault(self):
        peer = self.peer("C: go\nS: ok\n@starttls\n")
        self.connect(peer).sendall(b"go\r\nimpatient")
        self.assertIn("before the go-ahead", peer.finish())

    def test_the_highest_version_can_be_set(self):
        peer = self.peer("@tls\n", head=HEAD + "tls: 1.2\n")
        with self.context().wrap_socket(self.connect(peer), server_hostname=test_ca.HOST) as secure:
            self.assertEqual(secure.version(), "TLSv1.2")
        self.assertIsNone(peer.finish())


class Reading(WithPeer):
    def test_typing_mistakes_are_errors(self):
        for script, head, tail in (("S: x\n@dely 1s\n", HEAD, TAIL), ("s: x\n", HEAD, TAIL), ("", HEAD, TAIL),
                                   ("S: x\n", HEAD + "lsten: plain\n", TAIL), ("S: x\n", HEAD, TAIL + "findng: x\n"),
                                   ("S: x\n", HEAD, "\n---\nexit: 2\nstate: OK\n"),
                                   ("S: x\n", "command: none\n", TAIL), ("S: x\n", HEAD, "")):
            with self.assertRaises(scenarios.ScenarioError):
                self.load(script, head, tail)


class Output(unittest.TestCase):
    GOOD = b"IMAP OK - fine | connect=0.000100s greeting=0.100000s;1;2 total=0.200000s messages=12 quota_storage=5%;:80;90\n"

    def test_a_good_line_has_no_faults(self):
        reading = plugin_output.read(self.GOOD)
        self.assertEqual((reading.faults, reading.state), ([], "OK"))
        self.assertEqual(reading.step_labels(), ["connect", "greeting"])

    def test_every_breach_is_found(self):
        for old, new in ((b"IMAP OK", b"IMAP FINE"), (b" - fine", b""), (b"0.100000s", b"0.1s"), (b"0.100000s", b"0,100000s"),
                         (b"greeting=", b"connect="), (b"total=0.200000s", b""), (b"fine", b"fi|ne"), (b"fine", b"fi\x1bne"),
                         (b"fine", b"fi\xffne"), (b"fine", b"<b>fine"), (b"\n", b"\nmore | more\n"), (b"\n", b""),
                         (b"fine", b"fi\xe2\x80\xaene"), (b"fine", b"x" * 8192), (b"=12", b"=1e3"), (b"=12", b"=12msgs"),
                         (b"0.000100s", b"0.000100")):
            self.assertNotEqual(plugin_output.read(self.GOOD.replace(old, new, 1)).faults, [], (old, new))

    def test_the_password_is_found_in_every_form(self):
        import base64
        self.assertEqual(plugin_output.leaks(self.GOOD, "open sesame", "probe"), [])
        for before in (b"", b"a", b"ab", b"\0probe\0"):
            text = base64.b64encode(before + b"open sesame" + b"tail")
            self.assertNotEqual(plugin_output.leaks(b"x" + text, "open sesame", "probe"), [], before)
        self.assertNotEqual(plugin_output.leaks(b"is open sesame.", "open sesame", "probe"), [])


if __name__ == "__main__":
    unittest.main()
