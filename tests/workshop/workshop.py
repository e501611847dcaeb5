"""The certificate workshop: certificates and servers of every kind, made at test time, and the table of what
check_mail_tls must say to them.

expected.txt has one row a kind, and says how to read it. A row is played by the script peer, once for each protocol
named; the dialogues stand in dialogues/<protocol>.txt as sections, which a row strings together by `play=`:

    offered       greeting and capabilities with STARTTLS, up to the client's STARTTLS
    not-offered   the same without STARTTLS; nothing follows
    go-ahead      the server's answer to STARTTLS; or refused; or injected: with more plain text behind it
    greeting      without capabilities that matter, for TLS from the first byte
    resumed       what the server says unasked after STARTTLS and TLS
    answers       to all that a client may say inside TLS, until it leaves
    turned-away, closing, preauth, gibberish       greetings that lead nowhere; of smtp also:
    greets, answers-ehlo, answers-ehlo-inside      what `reply=` says, as greeting or to EHLO

Other words of `play=` are the script peer's verbs, without @: tls hang close drop reset; tls may fail, the row judges;
and alert: the first bytes of a TLS server that was spoken to in plain text.
"""
from __future__ import annotations

import base64
import hashlib
import re
import shlex
import ssl
import subprocess
import sys
from dataclasses import dataclass, field
from pathlib import Path

HERE = Path(__file__).resolve().parent
sys.path.insert(0, str(HERE.parent / "support"))
import certificates as test_ca  # noqa: E402
import ocsp_responses  # noqa: E402
import scenario as scenarios  # noqa: E402
from script_peer import ScriptPeer  # noqa: E402

PROTOCOLS = ("smtp", "lmtp", "imap", "pop3", "sieve")
GROUPS = {"all": PROTOCOLS, "implicit": tuple(f"{each}-implicit" for each in PROTOCOLS),
          "both": ("smtp", "smtp-implicit"), "mail": ("smtp", "imap", "smtp-implicit")}
STARTTLS_PLAY = "offered go-ahead tls resumed answers"
IMPLICIT_PLAY = "tls greeting answers"
SERVER_WORDS = {"play", "listen", "certificate", "second-certificate", "tls", "ciphers", "curve", "dh",
                "client-certificate", "staple", "signatures", "reply"}
CERTIFICATE = re.compile(r"-----BEGIN CERTIFICATE-----.*?-----END CERTIFICATE-----\n", re.DOTALL)
CODES = {"0": "OK", "1": "WARNING", "2": "CRITICAL", "3": "UNKNOWN"}


@dataclass
class Row:
    name: str
    where: str  # file:line
    protocols: list  # "smtp", "smtp-implicit" ...
    server: dict
    options: str
    code: int
    findings: list  # those that are not OK: exactly these names
    notes: list  # findings whose state is OK: at least these names

    @property
    def state(self) -> str:
        return CODES[str(self.code)]


class TableError(Exception):
    """The table itself is wrong."""


def load_table(path=HERE / "expected.txt") -> list:
    rows = []
    for number, line in enumerate(path.read_text(encoding="utf-8").split("\n"), 1):
        if line.strip() and not line.startswith("#"):
            rows.append(_row(f"{path.name}:{number}", [cell.strip() for cell in line.split("|")]))
    names = [row.name for row in rows]
    twice = sorted({name for name in names if names.count(name) > 1})
    if twice:
        raise TableError(f"{path}: twice in the table: {' '.join(twice)}")
    return rows


def _row(where: str, cells: list) -> Row:
    if len(cells) != 7:
        raise TableError(f"{where}: 7 columns are needed, {len(cells)} found")
    name, protocols, server, options, code, findings, notes = ["" if cell == "-" else cell for cell in cells]
    words = dict(each.split("=", 1) for each in shlex.split(server))
    strange = set(words) - SERVER_WORDS
    if strange or code not in CODES or not name:
        raise TableError(f"{where}: {' '.join(strange) or 'name or exit code'}: unknown")
    return Row(name, where, _protocols(where, protocols), words, options, int(code), findings.split(), notes.split())


def _protocols(where: str, text: str) -> list:
    found = []
    for word in text.split():
        found += GROUPS.get(word, (word,))
    if not found or set(each.removesuffix("-implicit") for each in found) - set(PROTOCOLS):
        raise TableError(f"{where}: '{text}' are no protocols")
    return found


class Workshop:
    """All certificates, in `folder`; serve() and command() are the two ends of a row."""

    def __init__(self, folder):
        self.folder = test_ca.make(folder, HERE / "make_certificates.sh")
        ocsp_responses.make(self.folder)
        self._dialogues = {each: _sections(HERE / f"dialogues/{each}.txt") for each in PROTOCOLS}

    def serve(self, row: Row, protocol: str, variables=None) -> ScriptPeer:
        """A server that plays the row for any number of clients, at once too; started."""
        words = {key.replace("-", "_"): value for key, value in row.server.items()}
        variables = {"reply": words.pop("reply", ""), **(variables or {})}
        play = words.pop("play", IMPLICIT_PLAY if protocol.endswith("-implicit") else STARTTLS_PLAY)
        steps = [] if "listen" in words else self._steps(row, protocol, play)
        scenario = scenarios.Scenario(path=HERE, why=row.name, command="", connections="any", steps=steps, **words)
        peer = ScriptPeer(scenario, "whole", self.folder, variables)
        peer.start()
        return peer

    def _steps(self, row: Row, protocol: str, play: str) -> list:
        steps = [scenarios.Step("may-hang-up", "", row.where)]
        dialogue = self._dialogues[protocol.removesuffix("-implicit")]
        for word in play.split():
            if word in dialogue:
                steps += dialogue[word]
            elif word == "alert":  # what a TLS server says to plain text: handshake_failure
                steps.append(scenarios.Step("S-", "{hex:15030300020228}", row.where))
            elif word in scenarios.VERBS:
                steps.append(scenarios.Step(word, "attempted" if word == "tls" else "", row.where))
            else:
                raise TableError(f"{row.where}: {protocol} has no '{word}'")
        return steps

    def options(self, row: Row, protocol: str, port: int) -> list:
        """The plugin's options, without its name."""
        own = shlex.split(re.sub(r"{(.*?)}", self._place, row.options))
        given = {each.partition("=")[0] for each in own}
        options = [] if "--protocol" in given else ["--protocol", protocol.removesuffix("-implicit")]
        if "--hostname" not in given:
            options += ["--hostname", test_ca.HOST]
        if protocol.endswith("-implicit") and "--protocol" not in given:
            options += ["--tls", "implicit"]
        if not given & {"--ca-file", "--ca-path"}:
            options += ["--ca-file", str(self.folder / "ca.pem")]
        if "--timeout" not in given:
            options += ["--timeout", "10"]
        return ["--address", "127.0.0.1", "--port", str(port), *options, *own]

    def _place(self, match) -> str:
        """{pin:NAME} {pin-hex:NAME} {fingerprint:NAME} of the leaf of certificate NAME; {folder}."""
        word, _, name = match.group(1).partition(":")
        if word == "folder":
            return str(self.folder)
        if word == "fingerprint":
            return hashlib.sha256(self.leaf(name)).hexdigest()
        pin = hashlib.sha256(self.public_key(name)).digest()
        return {"pin": base64.b64encode(pin).decode(), "pin-hex": pin.hex()}[word]

    def leaf(self, name: str) -> bytes:
        """In DER."""
        chain = (self.folder / f"{name}.pem").read_text()
        return ssl.PEM_cert_to_DER_cert(CERTIFICATE.search(chain).group(0))

    def public_key(self, name: str) -> bytes:
        """The leaf's SubjectPublicKeyInfo, in DER."""
        return openssl("pkey", "-in", str(self.folder / f"{name}.key"), "-pubout", "-outform", "DER").stdout


def _sections(path: Path) -> dict:
    sections, lines = {}, None
    for number, line in enumerate(path.read_text(encoding="utf-8").split("\n"), 1):
        head = re.fullmatch(r"\[([a-z0-9-]+)\]", line)
        if head:
            lines = sections.setdefault(head.group(1), [])
        elif lines is not None:
            lines.append((number, line))
    return {name: scenarios.read_script(path, lines) for name, lines in sections.items()}


def openssl(*arguments, given=b"") -> subprocess.CompletedProcess:
    return subprocess.run(["openssl", *arguments], input=given, capture_output=True, check=False, timeout=60,
                          env=test_ca.clean_environment())


@dataclass
class Case:
    """One row on one protocol."""
    row: Row
    protocol: str
    faults: list = field(default_factory=list)

    @property
    def name(self) -> str:
        return f"{self.row.name} on {self.protocol}"


def cases(rows: list) -> list:
    return [Case(row, protocol) for row in rows for protocol in row.protocols]
