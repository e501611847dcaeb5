"""OCSP responses (RFC 6960) for stapling, written by hand: the openssl command makes none that lie about the time.

make(folder) writes FOLDER/<certificate>-<kind>.ocsp, signed by the certificate's issuer with ECDSA and SHA-256, or by
what the kind says.
"""
from __future__ import annotations

import re
import subprocess
import sys
import time
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parent.parent / "support"))
import certificates as test_ca  # noqa: E402

SHA1 = bytes.fromhex("06052b0e03021a")
BASIC = bytes.fromhex("06092b0601050507300101")
ECDSA_SHA256 = bytes.fromhex("06082a8648ce3d040302")
GOOD, UNKNOWN = b"\x80\x00", b"\x82\x00"
DAY = 86400


def der(tag: int, *parts: bytes) -> bytes:
    content = b"".join(parts)
    if len(content) < 128:
        return bytes([tag, len(content)]) + content
    size = len(content).to_bytes((len(content).bit_length() + 7) // 8, "big")
    return bytes([tag, 0x80 | len(size)]) + size + content


def sequence(*parts: bytes) -> bytes:
    return der(0x30, *parts)


def moment(days_from_now: float) -> bytes:
    return der(0x18, time.strftime("%Y%m%d%H%M%SZ", time.gmtime(time.time() + days_from_now * DAY)).encode())


def revoked(days_ago: float) -> bytes:
    return der(0xA1, moment(-days_ago), der(0xA0, der(0x0A, b"\x01")))  # reason: keyCompromise


def response(basic: bytes) -> bytes:
    return sequence(der(0x0A, b"\x00"), der(0xA0, sequence(BASIC, der(0x04, basic))))


class Responder:
    """Speaks for the certificates that `issuer` has issued; `signer` (default: the issuer) signs."""

    def __init__(self, folder: Path, issuer="intermediate", signer=None):
        self.folder = folder
        self.issuer = folder / f"authorities/{issuer}.crt"
        self.signer = folder / f"{signer}.pem" if signer else self.issuer
        self.key = folder / f"{signer}.key" if signer else folder / f"authorities/{issuer}.key"
        self.is_delegated = signer is not None

    def answer(self, certificate: str, status=GOOD, begins=-1.0, ends=6.0, of_key=None) -> bytes:
        """`begins`, `ends`: thisUpdate and nextUpdate (None: there is none), in days from now; `of_key`: another key
        signs."""
        next_update = [] if ends is None else [der(0xA0, moment(ends))]
        single = sequence(self._identity(certificate), status, moment(begins), *next_update)
        _, key_hash = self._hashes(self.signer)
        data = sequence(der(0xA2, der(0x04, key_hash)), moment(begins), sequence(single))
        signature = self._run("dgst", "-sha256", "-sign", str(of_key or self.key), given=data)
        parts = [data, sequence(ECDSA_SHA256), der(0x03, b"\x00", signature)]
        if self.is_delegated:
            own = self._run("x509", "-in", str(self.signer), "-outform", "DER")
            parts.append(der(0xA0, sequence(own)))
        return response(sequence(*parts))

    def _identity(self, certificate: str) -> bytes:
        name_hash, key_hash = self._hashes(self.issuer)
        text = self._run("x509", "-in", str(self.folder / f"{certificate}.pem"), "-noout", "-serial").decode()
        serial = bytes.fromhex(text.partition("=")[2].strip())
        serial = b"\x00" * (serial[0] >> 7) + serial
        return sequence(sequence(SHA1, b"\x05\x00"), der(0x04, name_hash), der(0x04, key_hash), der(0x02, serial))

    def _hashes(self, certificate: Path) -> list:
        """Of subject and key, SHA-1."""
        text = self._run("x509", "-in", str(certificate), "-noout", "-ocspid").decode()
        return [bytes.fromhex(each) for each in re.findall(r"hash: ([0-9A-F]{40})", text)]

    def _run(self, *arguments, given=b"") -> bytes:
        return subprocess.run(["openssl", *arguments], input=given, capture_output=True, check=True,
                              env=test_ca.clean_environment()).stdout


def make(folder) -> None:
    folder = Path(folder)
    issuer = Responder(folder)
    foreign = folder / "authorities/other-root.key"
    kinds = {
        "good-good": issuer.answer("good"),
        "good-revoked": issuer.answer("good", revoked(days_ago=3)),
        "good-unknown": issuer.answer("good", UNKNOWN),
        "good-stale": issuer.answer("good", begins=-9, ends=-2),
        "good-future": issuer.answer("good", begins=2, ends=9),
        "good-undated": issuer.answer("good", begins=-6, ends=None),
        "good-undated-old": issuer.answer("good", begins=-8, ends=None),
        "good-other": issuer.answer("good-rsa"),
        "good-forged": issuer.answer("good", of_key=foreign),
        "good-delegated": Responder(folder, signer="ocsp-responder").answer("good"),
        "good-wrong-delegate": Responder(folder, signer="no-responder").answer("good"),
        "good-garbage": response(b"this is no BasicOCSPResponse"),
        "good-try-later": sequence(der(0x0A, b"\x03")),
        "must-staple-good": issuer.answer("must-staple"),
        "must-staple-stale": issuer.answer("must-staple", begins=-9, ends=-2),
        "must-staple-undated-old": issuer.answer("must-staple", begins=-29, ends=None),
    }
    for name, content in kinds.items():
        (folder / f"{name}.ocsp").write_bytes(content)
