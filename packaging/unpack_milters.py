#!/usr/bin/env python3
"""unpack_milters.py POINTER - an OpenDKIM and an OpenDMARC that are not installed: downloaded by apt-get and unpacked
into a private folder below /tmp (which any user may read, unlike a checkout), with the libraries that the machine
lacks; its path is written to the file POINTER. tests/live/milters.py runs them from there: they would be started on
the machine otherwise, and OpenDMARC's package brings a database. Debian and Ubuntu only."""

import glob
import os
import shutil
import subprocess
import sys
import tempfile

from unpack_dovecot import run

PACKAGES = ["opendkim", "opendmarc"]


def library_folders(root):
    return [*glob.glob(os.path.join(root, "usr/lib/*-linux-gnu*")), os.path.join(root, "usr/lib")]


def works(root):
    """True if the programs there run on this machine (which may have been upgraded since)."""
    environment = {**os.environ, "LD_LIBRARY_PATH": ":".join(library_folders(root))}
    try:
        return all(subprocess.run([os.path.join(root, "usr/sbin", name), "-V"], stdout=subprocess.DEVNULL,
                                  stderr=subprocess.DEVNULL, env=environment, check=False).returncode == 0
                   for name in PACKAGES)
    except OSError:
        return False


def libraries():
    """The packages of libraries that installing them would add here (a simulation); nothing of the database."""
    plan = run("apt-get", "install", "-s", "-q", "--no-install-recommends", *PACKAGES)
    names = [words[1] for words in (line.split() for line in plan.splitlines()) if words[:1] == ["Inst"]]
    return [name for name in names if name.startswith("lib") and not name.endswith("-perl") and "maria" not in name]


def unpack(root):
    scratch = tempfile.mkdtemp()
    run("apt-get", "download", "-q", *PACKAGES, *libraries(), folder=scratch)
    for package in glob.glob(os.path.join(scratch, "*.deb")):
        run("dpkg-deb", "-x", package, root)
    shutil.rmtree(scratch)


def main():
    if len(sys.argv) != 2:
        sys.exit(__doc__)
    pointer = sys.argv[1]
    if os.path.exists(pointer):
        with open(pointer, encoding="utf-8") as file:
            root = file.read().strip()
        if os.path.isdir(root) and os.stat(root).st_uid == os.geteuid() and works(root):
            return
    folder = tempfile.mkdtemp(prefix="mailcheck-milters.", dir="/tmp")
    os.chmod(folder, 0o755)
    root = os.path.join(folder, "root")
    print("OpenDKIM and OpenDMARC are unpacked into %s, not installed" % root)
    unpack(root)
    if not works(root):
        shutil.rmtree(folder)
        sys.exit("unpack_milters.py: the copy in %s does not run" % root)
    os.makedirs(os.path.dirname(os.path.abspath(pointer)), exist_ok=True)
    with open(pointer, "w", encoding="utf-8") as file:
        file.write(root + "\n")


if __name__ == "__main__":
    main()
