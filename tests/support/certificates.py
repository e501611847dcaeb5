"""The test CA: keys and certificates for every case a mail client has to judge, made anew for each test run.

Made at test time, never committed: "expired" and "not yet valid" stay true and nothing drifts. Elliptic curve keys, so that
the whole set takes about half a second. Needs the openssl command, nothing else.

    python3 tests/support/certificates.py FOLDER        makes FOLDER/ca.pem and FOLDER/<name>.pem (chain and key)
"""
from __future__ import annotations

import os
import shutil
import subprocess
import sys
import tempfile
from datetime import datetime, timedelta, timezone
from pathlib import Path

HOST = "mail.example.test"
WRONG_HOST = "other.example.test"

# name: (issuer, subject alternative names, first day, last day, certificates sent with the leaf)
LEAVES = {
    "good": ("ca", f"DNS:{HOST}", -1, 90, ()),
    "short": ("ca", f"DNS:{HOST}", -80, 5, ()),
    "expired": ("ca", f"DNS:{HOST}", -90, -2, ()),
    "not-yet-valid": ("ca", f"DNS:{HOST}", 2, 90, ()),
    "wrong-name": ("ca", f"DNS:{WRONG_HOST}", -1, 90, ()),
    "wildcard": ("ca", "DNS:*.example.test", -1, 90, ()),
    "with-intermediate": ("intermediate", f"DNS:{HOST}", -1, 90, ("intermediate",)),
    "missing-intermediate": ("intermediate", f"DNS:{HOST}", -1, 90, ()),
    "short-intermediate": ("fading", f"DNS:{HOST}", -1, 90, ("fading",)),
    "untrusted": ("stranger", f"DNS:{HOST}", -1, 90, ("stranger",)),
    "self-signed": (None, f"DNS:{HOST}", -1, 90, ()),
    "client": ("ca", "email:probe@example.test", -1, 90, ()),
}
# name: (issuer, last day)
AUTHORITIES = {"ca": (None, 365), "stranger": (None, 365), "intermediate": ("ca", 180), "fading": ("ca", 8)}


def clean_environment() -> dict:
    """The shell's environment without what would change what OpenSSL trusts or how text is written."""
    dropped = ("SSL_CERT_FILE", "SSL_CERT_DIR", "CURL_CA_BUNDLE", "OPENSSL_CONF", "LANGUAGE")
    return {key: value for key, value in os.environ.items() if key not in dropped and not key.startswith("LC_")}


def make(folder) -> Path:
    """Makes the whole set in `folder` (created if need be) and returns it. An older set is replaced at once."""
    folder = Path(folder).resolve()
    folder.parent.mkdir(parents=True, exist_ok=True)
    work = Path(tempfile.mkdtemp(prefix=folder.name + ".", dir=folder.parent))
    (work / "issued").mkdir()
    for name, (issuer, days) in AUTHORITIES.items():
        _issue(work, name, issuer, ["basicConstraints=critical,CA:TRUE", "keyUsage=critical,keyCertSign,cRLSign"],
               (-100, days))
    for name, (issuer, names, first, last, sent) in LEAVES.items():
        usage = "clientAuth" if name == "client" else "serverAuth"
        _issue(work, name, issuer, [f"subjectAltName={names}", f"extendedKeyUsage={usage}"], (first, last))
        parts = [work / f"{name}.crt", *(work / f"{other}.crt" for other in sent), work / f"{name}.key"]
        (work / f"{name}.pem").write_text("".join(part.read_text() for part in parts))
    shutil.copy(work / "ca.crt", work / "ca.pem")
    for left_over in [work / "issued", *work.glob("*.csr"), *work.glob("*.cnf"), *work.glob("*.index*")]:
        shutil.rmtree(left_over) if left_over.is_dir() else left_over.unlink()
    shutil.rmtree(folder, ignore_errors=True)
    work.rename(folder)
    return folder


def _issue(work: Path, name: str, issuer, extensions: list, days: tuple) -> None:
    key, request, certificate = work / f"{name}.key", work / f"{name}.csr", work / f"{name}.crt"
    common_name = "probe" if name == "client" else f"monitoring-plugins-mail test {name}"
    _openssl("req", "-new", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256", "-nodes", "-keyout", key,
             "-out", request, "-subj", f"/CN={common_name}", "-config", _configuration(work, name, extensions))
    signer = ["-selfsign", "-keyfile", key] if issuer is None else \
        ["-cert", work / f"{issuer}.crt", "-keyfile", work / f"{issuer}.key"]
    _openssl("ca", "-batch", "-notext", "-config", work / f"{name}.cnf", "-in", request, "-out", certificate,
             "-startdate", _date(days[0]), "-enddate", _date(days[1]), *signer)


def _configuration(work: Path, name: str, extensions: list) -> Path:
    path = work / f"{name}.cnf"
    (work / f"{name}.index").write_text("")
    lines = ["[req]", "distinguished_name=dn", "[dn]", "[ca]", "default_ca=this", "[this]", f"new_certs_dir={work / 'issued'}",
             f"database={work / (name + '.index')}", "rand_serial=yes", "default_md=sha256", "policy=any",
             "x509_extensions=extensions", "unique_subject=no", "[any]", "commonName=supplied", "[extensions]",
             "subjectKeyIdentifier=hash", *extensions]
    path.write_text("\n".join(lines) + "\n")
    return path


def _date(days: int) -> str:
    return (datetime.now(timezone.utc) + timedelta(days=days)).strftime("%Y%m%d%H%M%SZ")


def _openssl(*arguments) -> None:
    done = subprocess.run(["openssl", *map(str, arguments)], stdin=subprocess.DEVNULL, capture_output=True, text=True,
                          env=clean_environment(), check=False)
    if done.returncode != 0:
        raise RuntimeError(f"openssl {arguments[0]} failed: {done.stderr}")


if __name__ == "__main__":
    if len(sys.argv) != 2:
        sys.exit(__doc__)
    print(make(sys.argv[1]))
