"""The TLS of a test server: the handshake that a scenario's head asks for, by Python's ssl module, and by the openssl
command where that cannot do it (stapled OCSP responses, signatures of one kind).

Nothing here is safe, and all of it is meant: security level 0; old versions, anonymous suites, small groups if asked for.
"""
from __future__ import annotations

import re
import select
import socket
import ssl
import subprocess
import tempfile
import threading
import time
import warnings
from pathlib import Path

import certificates as test_ca

VERSIONS = {"1.0": ssl.TLSVersion.TLSv1, "1.1": ssl.TLSVersion.TLSv1_1, "1.2": ssl.TLSVersion.TLSv1_2,
            "1.3": ssl.TLSVersion.TLSv1_3}
CERTIFICATE = re.compile(r"-----BEGIN CERTIFICATE-----.*?-----END CERTIFICATE-----\n", re.DOTALL)


def context(scenario, certificates) -> ssl.SSLContext:
    """What the keys certificate, second-certificate, tls, ciphers, curve, dh and client-certificate ask for."""
    folder = Path(certificates)
    made = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    lowest, _, highest = (scenario.tls or "1.2-1.3").partition("-")
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", DeprecationWarning)  # of TLS 1.0 and 1.1
        made.minimum_version = VERSIONS[lowest]
        made.maximum_version = VERSIONS[highest or lowest]
    made.set_ciphers(f"{scenario.ciphers or 'DEFAULT'}:@SECLEVEL=0")
    for name in filter(None, (scenario.certificate, scenario.second_certificate)):
        made.load_cert_chain(str(folder / f"{name}.pem"))
    if scenario.curve:
        made.set_ecdh_curve(scenario.curve)
    if scenario.dh:
        made.load_dh_params(str(folder / scenario.dh))
    if scenario.client_certificate:
        made.verify_mode = ssl.CERT_REQUIRED
        made.load_verify_locations(str(folder / "ca.pem"))
    return made


class StaplingServer:
    """One TLS connection ended by `openssl s_server`, for the keys staple and signatures: what is written to `inside` goes to
    the client encrypted, what the client says is read there. A thread carries the bytes between client and openssl."""

    def __init__(self, connection: socket.socket, scenario, certificates):
        self._folder = tempfile.TemporaryDirectory(prefix="stapling.")
        self._connection = connection
        self.inside, their_end = socket.socketpair()
        with their_end:
            self._process = subprocess.Popen(
                self._command(scenario, Path(certificates)), stdin=their_end, stdout=their_end,
                stderr=subprocess.DEVNULL, env=test_ca.clean_environment())
        self._outside = self._connect()
        self._carrier = threading.Thread(target=self._carry, daemon=True)
        self._carrier.start()

    def _command(self, scenario, certificates: Path) -> list:
        sent = certificates / f"{scenario.certificate}.pem"  # openssl uses its first certificate and its key
        issuers = Path(self._folder.name) / "issuers.pem"
        issuers.write_text("".join(CERTIFICATE.findall(sent.read_text())[1:]))
        command = ["openssl", "s_server", "-quiet", "-unix", f"{self._folder.name}/socket", "-naccept", "1",
                   "-cert", str(sent), "-key", str(sent)]
        if scenario.staple:
            command += ["-status_file", str(certificates / scenario.staple)]
        if getattr(scenario, "signatures", None):
            command += ["-sigalgs", scenario.signatures, "-cipher", f"{scenario.ciphers or 'DEFAULT'}:@SECLEVEL=0"]
        if issuers.stat().st_size:
            command += ["-cert_chain", str(issuers)]
        if scenario.tls:
            command.append(f"-tls{scenario.tls.replace('.', '_')}")
        return command

    def _connect(self) -> socket.socket:
        until = time.monotonic() + 10
        while True:
            outside = socket.socket(socket.AF_UNIX)
            try:
                outside.connect(f"{self._folder.name}/socket")
                return outside
            except OSError:
                outside.close()
                if time.monotonic() > until or self._process.poll() is not None:
                    self.end()
                    raise
                time.sleep(0.003)

    def _carry(self) -> None:
        other = {self._connection: self._outside, self._outside: self._connection}
        try:
            while True:
                for each in select.select(list(other), [], [])[0]:
                    data = each.recv(65536)
                    if not data:
                        return
                    other[each].sendall(data)
        except (OSError, ValueError):
            pass
        finally:
            for each in other:
                try:
                    each.shutdown(socket.SHUT_RDWR)
                except OSError:
                    pass

    def end(self) -> None:
        self._process.kill()
        self._process.wait()
        if hasattr(self, "_carrier"):
            self._carrier.join(5)
            self._outside.close()
        self._connection.close()
        self._folder.cleanup()
