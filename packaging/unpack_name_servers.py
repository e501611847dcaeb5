#!/usr/bin/env python3
"""unpack_name_servers.py POINTER - an nsd, an unbound and the tools of ldns that are not installed: downloaded by
apt-get and unpacked into a private folder below /tmp (which any user may read, unlike a checkout), with the libraries
that the machine lacks; its path is written to the file POINTER. tests/live/dnssec_zone.py runs them from there: no root
is needed, and AppArmor's profile of an installed unbound has no say. Debian and Ubuntu only."""

import glob
import os
import subprocess
import sys
import tempfile

from unpack_postfix import unpack

PACKAGES = ["nsd", "unbound", "ldnsutils"]
COMMANDS = [["usr/sbin/nsd", "-v"], ["usr/sbin/unbound", "-V"], ["usr/bin/ldns-keygen", "-v"],
            ["usr/bin/ldns-signzone", "-v"]]


def libraries(root):
    found = [glob.glob(os.path.join(root, lib, "*-linux-gnu*")) for lib in ("usr/lib", "lib")]
    return ":".join(sum(found, []))


def works(root):
    """True if the programs there run on this machine (which may have been upgraded since)."""
    environment = {**os.environ, "LD_LIBRARY_PATH": libraries(root)}
    try:
        return all(subprocess.run([os.path.join(root, path), option], stdout=subprocess.DEVNULL, env=environment,
                                  stderr=subprocess.DEVNULL, check=False).returncode == 0 for path, option in COMMANDS)
    except OSError:
        return False


def main():
    if len(sys.argv) != 2:
        sys.exit(__doc__)
    pointer = sys.argv[1]
    if os.path.exists(pointer):
        with open(pointer, encoding="utf-8") as file:
            root = file.read().strip()
        if os.path.isdir(root) and os.stat(root).st_uid == os.geteuid() and works(root):
            return
    folder = tempfile.mkdtemp(prefix="mailcheck-name-servers.", dir="/tmp")
    os.chmod(folder, 0o755)
    root = os.path.join(folder, "root")
    print("nsd, unbound and ldns are unpacked into %s, not installed" % folder)
    unpack(root, PACKAGES)
    if not works(root):
        sys.exit("unpack_name_servers.py: the copy in %s does not run" % root)
    os.makedirs(os.path.dirname(os.path.abspath(pointer)), exist_ok=True)
    with open(pointer, "w", encoding="utf-8") as file:
        file.write(root + "\n")


if __name__ == "__main__":
    main()
