#!/usr/bin/env python3
"""trust_files.py ENV PLUGIN - which CA files does a run read? Proof by strace that no bundle is parsed where a
directory with hash links exists: with --ca-path, and with nothing given (the directory OpenSSL was built with)."""

import os
import re
import subprocess
import sys
import tempfile

sys.path.insert(0, os.path.join(os.path.dirname(os.path.abspath(__file__)), "../live"))
import dovecot  # noqa: E402  pylint: disable=wrong-import-position

OPENED = re.compile(r'open(?:at)?\([^"]*"([^"]+)".*= \d+$', re.MULTILINE)
HASHED = re.compile(r"^[0-9a-f]{8}\.\d+$")
CLEAN = {"PATH": os.environ.get("PATH", ""), "LC_ALL": "C.UTF-8"}


def opened(command, says):
    """The files that a run opened; a run that does not say `says` shows nothing."""
    with tempfile.NamedTemporaryFile(mode="r", encoding="utf-8", errors="replace") as trace:
        done = subprocess.run(["strace", "-f", "-e", "trace=open,openat", "-o", trace.name, *command],
                              stdout=subprocess.PIPE, stderr=subprocess.STDOUT, encoding="utf-8", env=CLEAN,
                              check=False)
        if says not in done.stdout:
            sys.exit("trust_files.py: unexpected output of %s: %s" % (" ".join(command), done.stdout))
        return OPENED.findall(trace.read())


def trust_files(paths):
    """The files that hold certificates, among those opened: links by hash, and all that looks like a bundle."""
    regular = [path for path in paths if os.path.isfile(path)]
    hashed = [path for path in regular if HASHED.match(os.path.basename(path))]
    bundles = [path for path in regular if path.endswith((".crt", ".pem")) and path not in hashed]
    return hashed, bundles


def default_folder():
    text = subprocess.run(["openssl", "version", "-d"], stdout=subprocess.PIPE, encoding="ascii", check=True).stdout
    return os.path.join(text.split('"')[1], "certs")


def has_hash_links(folder):
    return os.path.isdir(folder) and any(HASHED.match(name) for name in os.listdir(folder))


def main():
    if len(sys.argv) != 3:
        sys.exit(__doc__)
    env, failed = dovecot.read_env(sys.argv[1]), 0
    base = [sys.argv[2], "-H", env["LIVE_HOST"], "--address", env["LIVE_ADDRESS_GOOD"], "-p", env["LIVE_IMAPS_PORT"],
            "--tls", "implicit", "-U", "probe", "--password-file", os.path.join(env["LIVE_SECRETS"], "probe")]
    # with nothing given the test CA is looked for in the system's folder and not found there
    cases = {"--ca-path": (["--ca-path", env["LIVE_CA_PATH"]], env["LIVE_CA_PATH"], "logged in"),
             "nothing given": ([], default_folder(), "tls: untrusted")}
    for name, (options, folder, says) in cases.items():
        if not has_hash_links(folder):
            print("%s: %s has no hash links here, so nothing can be shown" % (name, folder))
            continue
        hashed, bundles = trust_files(opened(base + options, says))
        failed += bool(bundles)
        print("%s: by hash %s; bundles %s" % (name, ", ".join(hashed) or "none", ", ".join(bundles) or "none"))
    sys.exit(1 if failed else 0)


if __name__ == "__main__":
    main()
