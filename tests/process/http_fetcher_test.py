#!/usr/bin/env python3
"""http::CurlFetcher (through bin/http_get) against HTTPS servers that are sound, strange or hostile, and the search for its
module: what it takes, what it calls the rest, and that neither the environment nor a server makes it do anything else.

    http_fetcher_test.py FOLDER_OF_PLUGINS
"""
from __future__ import annotations

import os
import shutil
import signal
import socket
import ssl
import struct
import subprocess
import sys
import tempfile
import threading
import time
import unittest
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parent.parent / "support"))
import certificates as test_ca  # noqa: E402

BIN = Path()
CA = Path()
MODULE = "monitoring-plugins-mail/mailcheck_http_curl.so"
CAP = 64 * 1024
IS_SANITIZED = "MAILCHECK_SANITIZED" in os.environ
GRACE = 5.0 if IS_SANITIZED else 1.0  # seconds beyond a deadline that are for start and end of a process
POLICY = b"version: STSv1\nmode: enforce\n"


def answer(body: bytes = POLICY, status: str = "200 OK", headers: str = "Content-Type: text/plain\r\n") -> bytes:
    return f"HTTP/1.1 {status}\r\n{headers}Content-Length: {len(body)}\r\n\r\n".encode() + body


def says(data: bytes):
    return lambda connection: connection.sendall(data)


def chunked(piece: bytes) -> bytes:
    return b"%x\r\n%s\r\n" % (len(piece), piece)


def endlessly(head: bytes, piece: bytes, pause: float = 0.0):
    """64 MiB at most, so that a client without a limit would be found out, not waited for."""
    def serve(connection):
        connection.sendall(head)
        for _ in range(64 * 1024 * 1024 // len(piece)):
            connection.sendall(piece)
            time.sleep(pause)
    return serve


def stays(connection) -> None:
    while connection.recv(4096):
        pass


def resets(connection) -> None:
    connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
    connection.close()


def context_for(name: str) -> ssl.SSLContext:
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(CA / f"{name}.pem")
    return context


class Server:
    """An HTTPS server on 127.0.0.1: `serve` is handed each connection after the request has come."""

    def __init__(self, serve, certificate: str = "good", context=None, raw: bool = False):
        self.serve, self.raw = serve, raw  # raw: without TLS, and without waiting for a request
        self.context = context or (None if raw else context_for(certificate))
        if self.context:
            self.context.sni_callback = lambda connection, name, _: self.names.append(name)
        self.listener = socket.create_server(("127.0.0.1", 0))
        self.port = str(self.listener.getsockname()[1])
        self.connections, self.requests, self.names = 0, [], []
        self.open = []
        threading.Thread(target=self.accept, daemon=True).start()

    def accept(self) -> None:
        while True:
            try:
                connection, _ = self.listener.accept()
            except OSError:
                return
            self.connections += 1
            threading.Thread(target=self.talk, args=(connection,), daemon=True).start()

    def talk(self, connection) -> None:
        self.open.append(connection)
        try:
            if not self.raw:
                connection = self.context.wrap_socket(connection, server_side=True)
                self.open.append(connection)
                data = b""
                while b"\r\n\r\n" not in data:
                    more = connection.recv(4096)
                    if not more:
                        return
                    data += more
                self.requests.append(data.decode())
            self.serve(connection)
            if not self.raw:
                connection.settimeout(1.0)
                connection.unwrap()
            connection.close()
        except (OSError, ValueError):
            pass  # the client has had enough

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self.listener.close()
        for connection in self.open:
            connection.close()


def command(port: str, host: str = test_ca.HOST, path: str = "/.well-known/mta-sts.txt", address: str = "127.0.0.1", ca=None,
            timeout: float = 20.0, program=None) -> list:
    return [str(program or BIN / "http_get"), host, path, port, address, str(ca or CA / "ca.pem"), str(timeout)]


class Case(unittest.TestCase):
    def get(self, port: str, environment=None, cwd=None, **more) -> str:
        self.began = time.monotonic()
        done = subprocess.run(command(port, **more), stdout=subprocess.PIPE, stderr=subprocess.PIPE, encoding="utf-8",
                              env={**test_ca.clean_environment(), **(environment or {})}, timeout=60, check=False, cwd=cwd)
        self.took = time.monotonic() - self.began
        self.assertEqual(done.stderr, "")
        self.assertEqual(done.returncode, 0 if done.stdout[:1].isdigit() else 2, done.stdout)
        return done.stdout

    def fails(self, kind: str, words: str, out: str) -> None:
        self.assertEqual(out.split(" ")[0], kind, out)
        self.assertIn(words, out)


class WhatIsFetched(Case):
    def test_a_policy(self):
        with Server(says(answer())) as server:
            out = self.get(server.port)
        self.assertEqual(out, f"200 text/plain {len(POLICY)}\n" + POLICY.decode())
        self.assertEqual((server.connections, server.names), (1, [test_ca.HOST]))
        lines = server.requests[0].split("\r\n")
        self.assertEqual(lines[0], "GET /.well-known/mta-sts.txt HTTP/1.1")
        self.assertEqual(lines[1], f"Host: {test_ca.HOST}:{server.port}")
        self.assertRegex(lines[2], r"^User-Agent: monitoring-plugins-mail/\d+\.\d+\.\d+$")
        self.assertEqual(lines[3:], ["Accept: */*", "", ""])

    def test_every_status_is_an_answer_and_no_redirect_is_followed(self):
        with Server(says(answer())) as other:
            for status in ("301 Moved", "302 Found", "307 There", "404 Not Found", "500 Oops", "204 Nothing"):
                place = f"Location: https://{test_ca.HOST}:{other.port}/\r\n"
                with Server(says(answer(b"", status, place))) as server:
                    self.assertEqual(self.get(server.port), f"{status[:3]}  0\n")
                    self.assertEqual(server.connections, 1)
        self.assertEqual(other.connections, 0)

    def test_content_type_is_handed_on(self):
        for sent in ("text/html", "text/plain; charset=utf-8", "application/octet-stream"):
            with Server(says(answer(b"x", headers=f"Content-Type: {sent}\r\n"))) as server:
                self.assertEqual(self.get(server.port), f"200 {sent} 1\nx")

    def test_a_long_content_type_is_cut(self):
        with Server(says(answer(b"x", headers=f"Content-Type: {'a' * 5000}\r\n"))) as server:
            self.assertEqual(self.get(server.port), f"200 {'a' * 255} 1\nx")

    def test_chunks_are_put_together(self):
        head = b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n"
        with Server(says(head + chunked(b"one ") + chunked(b"two") + b"0\r\n\r\n")) as server:
            self.assertEqual(self.get(server.port), "200  7\none two")
        with Server(says(head + chunked(b"one") + b"0\r\nTrailer: x\r\n\r\n")) as server:
            self.assertEqual(self.get(server.port), "200  3\none")

    def test_a_provisional_answer_is_passed_over(self):
        with Server(says(b"HTTP/1.1 103 Early Hints\r\nLink: </x>\r\n\r\n" + answer(b"x"))) as server:
            self.assertEqual(self.get(server.port), "200 text/plain 1\nx")

    def test_a_body_up_to_the_end_of_the_connection(self):
        with Server(says(b"HTTP/1.0 200 OK\r\n\r\nall of it")) as server:
            self.assertEqual(self.get(server.port), "200  9\nall of it")

    def test_a_hashed_folder_of_certificates(self):
        with Server(says(answer())) as server:
            self.assertTrue(self.get(server.port, ca=f"{CA}/ca-hashed/").startswith("200 "))

    def test_the_next_address_is_tried(self):
        with Server(says(answer())) as server:
            self.assertTrue(self.get(server.port, address="127.0.0.2,127.0.0.1").startswith("200 "))

    def test_the_largest_body(self):
        with Server(says(answer(b"x" * CAP))) as server:
            self.assertTrue(self.get(server.port).startswith(f"200 text/plain {CAP}\n"))


class WhomItTrusts(Case):
    KINDS = {"wrong-name": "name-mismatch", "cn-only": "name-mismatch", "ip-only": "name-mismatch",
             "partial-wildcard": "name-mismatch", "expired": "expired", "future": "not-yet-valid",
             "expired-intermediate": "expired", "self-signed": "self-signed", "no-intermediate": "untrusted",
             "unknown": "untrusted", "unknown-root-sent": "untrusted", "client": "wrong-purpose"}

    def test_nobody_else(self):
        for certificate, kind in self.KINDS.items():
            with self.subTest(certificate), Server(says(answer()), certificate) as server:
                self.fails(kind, "the certificate is refused: ", self.get(server.port, host="imap.example.test"))
                self.assertEqual(server.requests, [])

    def test_a_wildcard_and_other_keys(self):
        for certificate in ("wildcard", "good-rsa", "good-ed25519"):
            with self.subTest(certificate), Server(says(answer()), certificate) as server:
                self.assertTrue(self.get(server.port).startswith("200 "))

    def test_an_intermediate_is_no_anchor(self):
        certificates = (CA / "good.pem").read_text().split("-----BEGIN CERTIFICATE-----")
        with tempfile.TemporaryDirectory() as folder, Server(says(answer())) as server:
            alone = Path(folder) / "intermediate.pem"
            alone.write_text("-----BEGIN CERTIFICATE-----" + certificates[2].split("-----BEGIN ")[0])
            self.fails("untrusted", "", self.get(server.port, ca=alone))

    def test_the_environment_trusts_nobody(self):
        with Server(says(answer())) as server:
            more = {"SSL_CERT_FILE": f"{CA}/ca.pem", "CURL_CA_BUNDLE": f"{CA}/ca.pem", "SSL_CERT_DIR": f"{CA}/ca-hashed"}
            self.fails("untrusted", "", self.get(server.port, more, ca=CA / "other-root.pem"))

    def test_tls_1_1_is_too_old(self):
        context = context_for("good-rsa")
        context.set_ciphers("ALL:@SECLEVEL=0")
        context.minimum_version, context.maximum_version = ssl.TLSVersion.TLSv1, ssl.TLSVersion.TLSv1_1
        with Server(says(answer()), context=context) as server:
            self.fails("tls-handshake", "the TLS handshake failed: ", self.get(server.port))


class HostileServers(Case):
    HEAD = b"HTTP/1.1 200 OK\r\n"

    def test_bodies_over_the_cap(self):
        for serve in (says(answer(b"x" * (CAP + 1))), endlessly(self.HEAD + b"\r\n", b"x" * 9999),
                      endlessly(self.HEAD + b"Transfer-Encoding: chunked\r\n\r\n", chunked(b"x" * 999)),
                      endlessly(b"HTTP/1.1 301 Moved\r\n\r\n", b"x" * 9999)):
            with Server(serve) as server:
                self.fails("protocol-error", "the body is larger than allowed", self.get(server.port))

    def test_headers_over_the_cap(self):
        for piece in (b"X-Header: y\r\n" * 100, b"Set-Cookie: a=" + b"b" * 3000 + b"\r\n"):
            with Server(endlessly(self.HEAD, piece)) as server:
                self.fails("protocol-error", "the headers are larger than allowed", self.get(server.port))
        with Server(endlessly(b"", b"HTTP/1.1 100 Continue\r\n\r\n")) as server:
            self.fails("protocol-error", "the headers are larger than allowed", self.get(server.port))

    def test_one_endless_header(self):
        with Server(endlessly(self.HEAD + b"X: ", b"y" * 9999)) as server:
            self.fails("protocol-error", "", self.get(server.port))

    def test_what_is_not_http(self):
        for text in (b"SSH-2.0-OpenSSH_9.2\r\n", b"* OK IMAP4rev1\r\n", b"\x00\xff" * 500):
            with Server(says(text)) as server:
                self.fails("protocol-error", "the answer is not HTTP", self.get(server.port))

    def test_what_is_not_tls(self):
        with Server(says(answer()), raw=True) as server:
            self.fails("tls-handshake", "the server's answer is not TLS", self.get(server.port))

    def test_nobody_listens(self):
        with socket.create_server(("127.0.0.1", 0)) as taken:
            port = str(taken.getsockname()[1])
        self.fails("connect", "Connection refused", self.get(port))

    def test_resets_and_early_ends(self):
        with Server(lambda connection: resets(connection) if connection.recv(1) else None, raw=True) as server:
            self.fails("connection-lost", "during the TLS handshake", self.get(server.port))
        with Server(resets) as server:
            self.fails("connection-lost", "the answer is not whole", self.get(server.port))
        for half in (b"", self.HEAD, b"HTTP/1.1 100 Continue\r\n\r\n" + self.HEAD + b"Content-Length: 0\r\n",
                     self.HEAD + b"Content-Length: 100\r\n\r\nhalf",
                     self.HEAD + b"Transfer-Encoding: chunked\r\n\r\n" + chunked(b"half")):
            with self.subTest(half), Server(says(half)) as server:
                self.fails("connection-lost", "the answer is not whole", self.get(server.port))


class Deadlines(Case):
    def late(self, server: Server, words: str) -> None:
        self.fails("timeout", words, self.get(server.port, timeout=0.7))
        self.assertGreaterEqual(self.took, 0.7)
        self.assertLess(self.took, 0.7 + GRACE)

    def test_each_step(self):
        with Server(stays, raw=True) as server:
            self.late(server, "the TLS handshake was not finished in time")
        with Server(stays) as server:
            self.late(server, "the whole answer did not come in time")
        with Server(endlessly(b"HTTP/1.1 200 OK\r\n\r\n", b"x", 0.05)) as server:
            self.late(server, "the whole answer did not come in time")
        with Server(endlessly(b"HTTP/1.1 200 OK\r\nX: ", b"x", 0.05)) as server:
            self.late(server, "the whole answer did not come in time")

    def test_a_backlog_that_is_full(self):
        with socket.socket() as listener:
            listener.bind(("127.0.0.1", 0))
            listener.listen(0)
            port = listener.getsockname()[1]
            waiting = [socket.socket() for _ in range(3)]
            for one in waiting:
                one.setblocking(False)
                one.connect_ex(("127.0.0.1", port))
            self.fails("timeout", "no address could be connected to in time", self.get(str(port), timeout=0.7))
            for one in waiting:
                one.close()
        self.assertLess(self.took, 0.7 + GRACE)

    def test_no_time_at_all(self):
        with Server(says(answer())) as server:
            self.fails("timeout", "", self.get(server.port, timeout=0))

    def test_sigterm_ends_it_at_once(self):
        with Server(stays) as server:
            process = subprocess.Popen(command(server.port), stdout=subprocess.PIPE, env=test_ca.clean_environment())
            while not server.requests:
                time.sleep(0.01)
            began = time.monotonic()
            process.send_signal(signal.SIGTERM)
            out, _ = process.communicate(timeout=30)
        self.fails("timeout", "", out.decode())
        self.assertLess(time.monotonic() - began, GRACE)


class TheEnvironmentHasNoSay(Case):
    def test_proxies(self):
        with Server(says(answer())) as server, Server(stays, raw=True) as proxy:
            url = f"http://127.0.0.1:{proxy.port}"
            names = ("http_proxy", "https_proxy", "HTTPS_PROXY", "all_proxy", "ALL_PROXY")
            self.assertTrue(self.get(server.port, dict.fromkeys(names, url)).startswith("200 "))
            self.assertEqual(proxy.connections, 0)

    def test_netrc(self):
        with tempfile.TemporaryDirectory() as home, Server(says(answer())) as server:
            netrc = Path(home) / ".netrc"
            netrc.write_text(f"machine {test_ca.HOST} login probe password secret\ndefault login probe password secret\n")
            netrc.chmod(0o600)
            self.assertTrue(self.get(server.port, {"HOME": home}).startswith("200 "))
            self.assertNotIn("Authorization", server.requests[0])

    def test_library_paths(self):
        with tempfile.TemporaryDirectory() as folder, Server(says(answer())) as server:
            (Path(folder) / MODULE).parent.mkdir()
            for fake in (Path(folder) / MODULE, Path(folder) / Path(MODULE).name):
                fake.write_text("loading this fails, and would be told")
            self.assertTrue(self.get(server.port, {"LD_LIBRARY_PATH": folder}, cwd=folder).startswith("200 "))


class TheModule(Case):
    """Copies of the program with a module beside it that is changed, broken or missing."""

    def setUp(self):
        folder = tempfile.TemporaryDirectory()
        self.addCleanup(folder.cleanup)
        self.program = Path(folder.name) / "http_get"
        self.module = Path(folder.name) / MODULE
        self.module.parent.mkdir()
        shutil.copy(BIN / "http_get", self.program)
        shutil.copy(BIN / MODULE, self.module)

    def get_with_copy(self, program=None) -> str:
        with Server(says(answer())) as server:
            return self.get(server.port, program=program or self.program)

    def edit(self, old: bytes, new: bytes) -> None:
        data = self.module.read_bytes()
        self.assertIn(old, data)
        self.module.write_bytes(data.replace(old, new))

    def test_is_found_wherever_the_package_lies(self):
        self.assertTrue(self.get_with_copy().startswith("200 "))
        with tempfile.TemporaryDirectory() as elsewhere:
            link = Path(elsewhere) / "check_by_another_name"
            link.symlink_to(self.program)
            self.assertTrue(self.get_with_copy(link).startswith("200 "))

    def test_is_missing(self):
        self.module.unlink()
        self.fails("local", f"{self.module}, a part of this package, is not installed", self.get_with_copy())

    def test_is_broken(self):
        self.module.write_text("no program at all\n" * 100)
        self.fails("local", "invalid ELF header", self.get_with_copy())

    def test_lacks_libcurl(self):
        self.edit(b"libcurl.so.4\0", b"libcurl.so.X\0")
        self.fails("local", "(is libcurl installed?): libcurl.so.X: ", self.get_with_copy())

    def test_is_of_another_package(self):
        self.edit(b"mailcheck_http_module\0", b"mailcheck_http_modulf\0")
        self.fails("local", "is not this package's module", self.get_with_copy())

    def test_is_of_another_version(self):
        with Server(says(answer())) as server:
            self.get(server.port)
            version = server.requests[0].split("monitoring-plugins-mail/")[1].split("\r\n")[0].encode()
        self.edit(version + b"\0", b"9" * len(version) + b"\0")
        self.fails("local", f"is of version {'9' * len(version)}, this is {version.decode()}", self.get_with_copy())

    def test_executables_do_not_link_libcurl(self):
        programs = [BIN / "http_get", *BIN.glob("check_*")]
        self.assertGreater(len(programs), 1)
        for program in programs:
            needed = subprocess.run(["ldd", program], stdout=subprocess.PIPE, encoding="utf-8", check=True).stdout
            self.assertIn("libc.so", needed)
            self.assertNotIn("libcurl", needed, program)


class RequestsThatAreRefused(Case):
    def test_before_anything_is_sent(self):
        with Server(says(answer())) as server:
            for host in ("", "user@mail.example.test", "mail.example.test/x", "mail.example.test:1", "a b", "a\r\nb", "[::1]"):
                self.fails("local", "is not a host name", self.get(server.port, host=host))
            for path in ("", "x", "/a b", "/a\r\nHost: b", "/\u00e4"):
                self.fails("local", "is not a path", self.get(server.port, path=path))
            self.fails("local", "no address of ", self.get(server.port, address=""))
            self.fails("local", "no CA certificates", self.get(server.port, ca="-"))
            self.assertEqual(server.connections, 0)
            self.fails("local", "the CA certificates cannot be used", self.get(server.port, ca="/nowhere.pem"))
            self.assertEqual(server.requests, [])

    def test_names_are_never_looked_up_here(self):
        with Server(says(answer())) as server:
            self.fails("local", "", self.get(server.port, host="localhost", address="not-numeric"))
            self.assertEqual(server.connections, 0)


if __name__ == "__main__":
    BIN = Path(sys.argv.pop(1)).resolve()
    with tempfile.TemporaryDirectory() as scratch:
        CA = test_ca.make(Path(scratch) / "ca")
        unittest.main(warnings="ignore")  # that TLS 1.1 is old is the point
