"""The server's side of SCRAM-SHA-256 without channel binding (RFC 5802, RFC 7677), for scenarios that log in by it.

What the client says is random, so no file can hold the answers: HEARD are the places of `C:` lines, say() those of `S:`.
The client's proof is checked; a wrong one is a fault of the scenario.
"""
from __future__ import annotations

import base64
import hashlib
import hmac

HEARD = {"scram:first": "scram_first", "scram:proof": "scram_proof"}  # place -> variable
SALT, ITERATIONS, OUR_NONCE = b"salt of the test", 4096, "ournonce"


def say(place: str, variables: dict) -> bytes:
    opening = base64.b64decode(variables["scram_first"]).decode()
    header, bare = opening[:opening.index(",", 2) + 1], opening[opening.index(",", 2) + 1:]
    nonce = dict(part.split("=", 1) for part in bare.split(","))["r"] + OUR_NONCE
    challenge = f"r={nonce},s={base64.b64encode(SALT).decode()},i={ITERATIONS}"
    if place == "challenge":
        return base64.b64encode(challenge.encode())
    if place != "signature":
        raise ValueError(f"{{scram:{place}}}: challenge or signature")
    without_proof, _, proof = base64.b64decode(variables["scram_proof"]).decode().rpartition(",p=")
    if without_proof != f"c={base64.b64encode(header.encode()).decode()},r={nonce}":
        raise ValueError(f"the client's last message is {without_proof!r}")
    salted = hashlib.pbkdf2_hmac("sha256", str(variables["password"]).encode(), SALT, ITERATIONS)
    spoken = f"{bare},{challenge},{without_proof}".encode()
    key = _sign(salted, b"Client Key")
    mask = _sign(hashlib.sha256(key).digest(), spoken)
    if base64.b64decode(proof) != bytes(a ^ b for a, b in zip(key, mask)):
        raise ValueError("the client's proof is wrong")
    return base64.b64encode(b"v=" + base64.b64encode(_sign(_sign(salted, b"Server Key"), spoken)))


def _sign(key: bytes, text: bytes) -> bytes:
    return hmac.digest(key, text, "sha256")
