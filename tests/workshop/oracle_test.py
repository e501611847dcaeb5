#!/usr/bin/env python3
"""OpenSSL's own tools as oracle: where `openssl s_client`, `verify` and `x509` speak of what check_mail_tls speaks of,
they must say the same, for every row of expected.txt.

    tests/workshop/oracle_test.py build/developer/bin                    all rows, the five protocols in turn
    tests/workshop/oracle_test.py build/developer/bin expired 'chain*'   these rows
    tests/workshop/oracle_test.py --table                                no plugin: openssl against the table's findings

Compared: the handshake comes about or not; version, cipher, key exchange; subject, issuer, serial, dates, names, key,
SHA-256 and pin of the leaf; the chain as sent; every fault of the chain and of the name; the staple.
"""
from __future__ import annotations

import argparse
import base64
import hashlib
import json
import os
import re
import shlex
import ssl
import sys
import tempfile
import time
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from datetime import datetime, timezone
from ipaddress import ip_address
from pathlib import Path

import workshop as workshops
import workshop_test as table_test
from workshop import openssl

# X509_V_ERR_... -> what the plugin calls it. Whatever is not here is `untrusted`.
FAULTS = {9: "not-yet-valid", 10: "expired", 18: "self-signed", 26: "wrong-purpose", 62: "name-mismatch",
          64: "name-mismatch", 66: "weak-key", 67: "weak-key", 68: "weak-digest"}
CHAIN_FAULTS = {*FAULTS.values(), "untrusted", "key-type-absent"}
NO_SESSION = {"tls-handshake", "anonymous-suite", "null-suite"}
# Rows where openssl's commands judge otherwise on purpose; they must differ, or the row leaves this list.
LOOSER_NAMES = {"partial-wildcard": "the commands take partial wildcards", "cn-only": "and common names",
                "cn-beside-ip": "and common names"}
# Rows where the commands can say nothing.
BEYOND = {"client-certificate-1.2": "s_client counts a handshake that is refused at its end",
          "client-certificate-1.3": "the refusal comes after the handshake",
          "weak-curve": "s_client does not offer the curve",
          "weak-group-curve": "s_client does not offer the curve",
          "key-type-of-null-suites": "s_client is not told to look once more, with other suites",
          "key-type-of-anonymous": "as above",
          "both-key-types-of-anonymous": "as above",
          "both-key-types-ecdsa-ended": "s_client speaks of the first connection, the plugin of the worst"}
HARMLESS = str.maketrans("|<>\x85", "/[] ")  # what the plugin makes of these in all that a server says
CURVES = {"prime256v1": "P-256", "secp384r1": "P-384", "secp521r1": "P-521"}
SIGNATURES = {"rsa": "RSA-PSS+SHA256:RSA+SHA256", "ecdsa": "ECDSA+SHA256:ECDSA+SHA384", "ed25519": "ed25519"}


@dataclass
class Seen:
    """What openssl says of one case."""
    version: str = ""
    cipher: str = ""
    key_exchange: str = ""
    chain: list = field(default_factory=list)  # DER, as sent
    faults: set = field(default_factory=set)  # by s_client, which goes on after the first
    is_verified: bool = False  # by verify
    staple: str = ""


@dataclass
class Wanted:
    """What the row's options ask of both."""
    names: list
    trust: list
    key_types: list  # "": whatever the server prefers


def wanted_by(options: list) -> Wanted:
    def values(name: str) -> list:
        return [options[index + 1] for index, each in enumerate(options) if each == name]
    names = values("--verify-name") or values("--hostname")
    trust = ["-CApath", *values("--ca-path")] if "--ca-path" in options else ["-CAfile", *values("--ca-file")]
    key_types = ["rsa", "ecdsa"] if "--both-key-types" in options else values("--key-type") or [""]
    return Wanted([_ascii(name) for name in names], ["-no-CAfile", "-no-CApath", "-no-CAstore", *trust],
                  key_types)


def _ascii(name: str) -> str:
    return name.rstrip(".").encode("idna").decode() if not name.isascii() else name.rstrip(".")


def name_option(name: str) -> list:
    try:
        return ["-verify_ip", str(ip_address(name))]
    except ValueError:
        return ["-verify_hostname", name]


def look(case, port: int, wanted: Wanted) -> Seen:
    """One handshake for each name (one must fit) and for each type of key; the facts are those of the first."""
    looks = []
    for key_type in wanted.key_types:
        of_names = [_look_once(case, port, wanted, name, key_type) for name in wanted.names]
        if not all("name-mismatch" in each.faults for each in of_names):
            for each in of_names:
                each.faults.discard("name-mismatch")
        of_names[0].is_verified = any(each.is_verified for each in of_names)
        looks.append(of_names[0])
    if wanted.key_types != [""] and not all(each.version for each in looks):
        looks[0].faults.add("key-type-absent")
    looks[0].faults = set().union(*(each.faults for each in looks))
    looks[0].is_verified = all(each.is_verified for each in looks)
    return looks[0]


def _look_once(case, port: int, wanted: Wanted, name: str, key_type: str) -> Seen:
    protocol = case.protocol.removesuffix("-implicit")
    command = ["s_client", "-connect", f"127.0.0.1:{port}", "-servername", "mail.example.test", "-showcerts", "-status",
               "-min_protocol", "TLSv1", "-cipher", "ALL:!aNULL:!eNULL:@SECLEVEL=0", "-auth_level", "2",
               *wanted.trust, *name_option(name)]
    if not case.protocol.endswith("-implicit"):
        command += ["-starttls", protocol]
    if "--client-cert" in case.row.options:
        command += ["-cert", wanted.trust[-1].replace("ca.pem", "client.pem")]
        command += ["-key", command[-1]]
    if key_type:
        command += ["-sigalgs", SIGNATURES[key_type]]
    done = openssl(*command)
    said = done.stdout.decode("utf-8", "replace")
    session = re.search(r"^New, (\S+), Cipher is (\S+)$", said, re.MULTILINE)
    if not session or session.group(2) == "(NONE)":
        return Seen()
    seen = Seen(session.group(1), session.group(2))
    # "New, TLSv1.0, Cipher is": of a suite, its first version; the session says its own
    version = re.search(r"^    Protocol  : (\S+)$", said, re.MULTILINE)
    seen.version = version.group(1) if version else seen.version
    key = re.search(r"^Server Temp Key: (.*)$", said, re.MULTILINE)
    seen.key_exchange = key.group(1) if key else ""
    seen.chain = [ssl.PEM_cert_to_DER_cert(each) for each in _chain_part(said)]
    numbers = re.findall(r"verify error:num=(\d+):", done.stderr.decode("utf-8", "replace") + said)
    if "79" in numbers:  # of an issuer that is no CA it says both; the purpose is not what is wrong
        numbers = [number for number in numbers if number != "26"]
    seen.faults = {FAULTS.get(int(number), "untrusted") for number in numbers}
    seen.is_verified = _verify(seen.chain, wanted, name)
    seen.staple = _staple(said)
    return seen


def _chain_part(said: str) -> list:
    """Between "Certificate chain" and "Server certificate" (with -showcerts the leaf does not come again)."""
    return workshops.CERTIFICATE.findall(said.partition("Certificate chain")[2].partition("Server certificate")[0])


def _staple(said: str) -> str:
    if "OCSP response: no response sent" in said:
        return "none"
    status = re.search(r"Cert Status: (\w+)", said)
    return status.group(1) if status else "unreadable"


def _verify(chain: list, wanted: Wanted, name: str) -> bool:
    with tempfile.TemporaryDirectory(prefix="oracle.") as folder:
        leaf, others = Path(folder) / "leaf.pem", Path(folder) / "others.pem"
        leaf.write_text(ssl.DER_cert_to_PEM_cert(chain[0]))
        others.write_text("".join(map(ssl.DER_cert_to_PEM_cert, chain)))
        done = openssl("verify", *wanted.trust, "-untrusted", str(others), "-purpose", "sslserver", "-auth_level", "2",
                       *name_option(name), str(leaf))
        return done.returncode == 0


def leaf_facts(der: bytes) -> dict:
    """Of `openssl x509`, by the names that the plugin's JSON uses."""
    said = openssl("x509", "-inform", "DER", "-noout", "-subject", "-issuer", "-serial", "-dates", "-text", "-nameopt",
                   "RFC2253,-esc_msb,utf8", given=der).stdout.decode("utf-8", "replace")
    words = dict(line.split("=", 1) for line in said.split("\n") if re.match(r"[a-zA-Z]+=", line))
    key = openssl("x509", "-inform", "DER", "-noout", "-pubkey", given=der).stdout
    public_key = openssl("pkey", "-pubin", "-outform", "DER", given=key).stdout
    return {"certificate_subject": words["subject"], "certificate_issuer": words["issuer"],
            "certificate_serial": words["serial"].lower(), "certificate_names": _names(said),
            "certificate_key": _key(said),
            "certificate_signature": re.search(r"Signature Algorithm: (.*)", said).group(1),
            "certificate_not_before": _date(words["notBefore"]), "certificate_not_after": _date(words["notAfter"]),
            "certificate_sha256": hashlib.sha256(der).hexdigest(),
            "certificate_pin_sha256": base64.b64encode(hashlib.sha256(public_key).digest()).decode()}


def _names(said: str) -> list:
    """dNSName, then iPAddress; the plugin has no other kinds."""
    line = re.search(r"Subject Alternative Name: \n *(.*)", said)
    pairs = [each.split(":", 1) for each in line.group(1).split(", ")] if line else []
    return ([value for kind, value in pairs if kind == "DNS"]
            + [str(ip_address(value)) for kind, value in pairs if kind == "IP Address"])


def _key(said: str) -> str:
    algorithm = re.search(r"Public Key Algorithm: (.*)", said).group(1)
    if algorithm == "id-ecPublicKey":
        curve = re.search(r"ASN1 OID: (.*)", said).group(1)
        return f"EC {CURVES.get(curve, curve)}"
    if algorithm == "rsaEncryption":
        return f"RSA {re.search(r'Public-Key: .([0-9]+) bit', said).group(1)}"
    return algorithm


def key_exchange(said: str):
    """s_client's "ECDH, secp384r1, 384 bits" as the plugin says it; None: there was none."""
    words = said.split(", ")
    if words[0] == "DH":
        return f"DH {words[1].split()[0]}"
    return CURVES.get(words[1], words[1]) if words[0] == "ECDH" else words[0] or None


def _date(text: str) -> datetime:
    return datetime.strptime(text, "%b %d %H:%M:%S %Y %Z").replace(tzinfo=timezone.utc)


def found_faults(names: set) -> set:
    """The plugin's findings that openssl has words for."""
    return ({"untrusted"} if "missing-intermediate" in names else set()) | (names & CHAIN_FAULTS)


def compare_verdict(case, seen: Seen, names: set) -> list:
    """`names`: of all findings, notes included."""
    has_session = bool(seen.version) or "key-type-absent" in seen.faults
    if bool(names & NO_SESSION) == has_session:
        return [f"openssl {'shakes hands' if has_session else 'cannot shake hands'}, ours: {' '.join(names) or 'well'}"]
    if not has_session:
        return []
    theirs, ours = set(seen.faults), found_faults(names)
    if case.row.name in LOOSER_NAMES:
        theirs |= {"name-mismatch"} if "name-mismatch" not in theirs else {"not looser than we"}
    faults = [] if theirs == ours else [f"openssl: {sorted(theirs)}, ours: {sorted(ours)}"]
    if case.row.name not in LOOSER_NAMES and seen.is_verified == bool(ours):
        faults.append(f"openssl verify says {'well' if seen.is_verified else 'no'}, ours: {sorted(ours) or 'well'}")
    staples = {"revoked": "revoked" in names, "none": not names & {"revoked", "staple-stale", "staple-invalid"}}
    if seen.staple and not staples.get(seen.staple, True):
        faults.append(f"openssl says of the staple: {seen.staple}, ours: {' '.join(sorted(names))}")
    return faults


def compare_facts(seen: Seen, facts: dict) -> list:
    theirs = {"tls_version": seen.version, "tls_cipher": seen.cipher, "tls_group": key_exchange(seen.key_exchange),
              **leaf_facts(seen.chain[0])}
    faults = []
    if (seen.staple == "none") != (facts.get("staple") == "absent"):
        faults.append(f"staple: openssl {seen.staple}, ours {facts.get('staple')}")
    for name, value in theirs.items():
        ours = facts.get(name)
        if isinstance(value, datetime) and ours:
            ours = datetime.strptime(ours, "%Y-%m-%d %H:%M:%S %Z").replace(tzinfo=timezone.utc)
        if isinstance(value, str):
            value = value.translate(HARMLESS).strip()
        if isinstance(value, list):
            value = [each.translate(HARMLESS) for each in value] or None  # no names, no fact
        if ours != value:
            faults.append(f"{name}: openssl {value!r}, ours {ours!r}")
    return faults


def report(case, faults: list) -> str:
    return "\n".join([f"FAILED {case.name} ({case.row.where})", *(f"  * {each}" for each in faults)]) if faults else ""


class Oracle:
    def __init__(self, shop: workshops.Workshop, plugins, folder: str):
        self._shop = shop
        self._plugins = plugins
        self._folder = folder

    def ask(self, case) -> str:
        peer = self._shop.serve(case.row, case.protocol)
        options = self._shop.options(case.row, case.protocol, peer.port)
        wanted = wanted_by(options)
        seen = look(case, peer.port, wanted)
        if self._plugins:
            command = [str(self._plugins / table_test.PLUGIN), *options, "--output", "json"]
            code, output, _ = table_test.run(command, self._folder)
            faults = self._compare(case, seen, output) if code >= 0 else ["the plugin did not end"]
        else:
            faults = compare_verdict(case, seen, {*case.row.findings, *case.row.notes})
        peer.finish()
        return report(case, faults)

    def _compare(self, case, seen: Seen, output: bytes) -> list:
        said = json.loads(output)
        faults = compare_verdict(case, seen, {each["name"] for each in said["findings"]})
        if seen.version:
            faults += compare_facts(seen, said["facts"])
        return faults


def comparable(rows: list) -> list:
    """One case a row, the protocols in turn; not those without a TLS server."""
    chosen = []
    for number, row in enumerate(rows):
        if not {"play", "listen"} & set(row.server) and row.name not in BEYOND:
            chosen.append(workshops.Case(row, row.protocols[number % len(row.protocols)]))
    return chosen


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("plugins", nargs="?", type=lambda text: Path(text).resolve(), help="folder of the plugins")
    parser.add_argument("rows", nargs="*", help="names of rows; * and ? work")
    parser.add_argument("--table", action="store_true", help="compare openssl with the table, not with the plugin")
    arguments = parser.parse_args()
    if bool(arguments.plugins) == arguments.table:
        parser.error("the folder of the plugins is needed, or --table")
    started = time.monotonic()
    cases = table_test.select(comparable(workshops.load_table()), arguments.rows)
    with tempfile.TemporaryDirectory(prefix="oracle.") as folder:
        oracle = Oracle(workshops.Workshop(Path(folder) / "ca"), arguments.plugins, folder)
        with ThreadPoolExecutor(2 * (os.cpu_count() or 2)) as pool:
            faults = [text for text in pool.map(oracle.ask, cases) if text]
    for text in sorted(faults):
        print(text + "\n")
    print(f"{len(cases) - len(faults)} of {len(cases)} rows: openssl agrees, {time.monotonic() - started:.1f} s")
    return 1 if faults else 0


if __name__ == "__main__":
    sys.exit(main())
