"""The test CA for Python: test_ca.sh's certificates, each with its key in one file, made anew for each test run.

Made at test time, never committed: "expired" and "ends in ten days" stay true and nothing drifts.

    python3 tests/support/certificates.py FOLDER        makes FOLDER/ca.pem (the trusted root) and FOLDER/<name>.pem (chain
                                                        and key), for the names that test_ca.sh explains
"""
from __future__ import annotations

import os
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path

HOST = "mail.example.test"


def clean_environment() -> dict:
    """The shell's environment without what would change what OpenSSL trusts or how text is written."""
    dropped = ("SSL_CERT_FILE", "SSL_CERT_DIR", "CURL_CA_BUNDLE", "OPENSSL_CONF", "LANGUAGE")
    return {key: value for key, value in os.environ.items() if key not in dropped and not key.startswith("LC_")}


def make(folder, more=None) -> Path:
    """Makes the whole set in `folder` (created if need be) and returns it. An older set is replaced at once. `more`: a
    shell script with further certificates, read by test_ca.sh in the end."""
    folder = Path(folder).resolve()
    folder.parent.mkdir(parents=True, exist_ok=True)
    work = Path(tempfile.mkdtemp(prefix=folder.name + ".", dir=folder.parent))
    script = Path(__file__).resolve().parent / "test_ca.sh"
    command = ["sh", script, work, *([Path(more).resolve()] if more else [])]
    subprocess.run(command, stdin=subprocess.DEVNULL, env=clean_environment(), check=True)
    for key in work.glob("*.key"):
        chain = key.with_suffix(".pem")
        chain.write_text(chain.read_text() + key.read_text())
    shutil.copy(work / "root.pem", work / "ca.pem")
    shutil.rmtree(folder, ignore_errors=True)
    work.rename(folder)
    return folder


if __name__ == "__main__":
    if len(sys.argv) != 2:
        sys.exit(__doc__)
    print(make(sys.argv[1]))
