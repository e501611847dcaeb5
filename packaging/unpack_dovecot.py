#!/usr/bin/env python3
"""unpack_dovecot.py POINTER - a Dovecot that is not installed: downloaded by apt-get, unpacked into a private folder
below /tmp, its path written to the file POINTER. For machines with another IMAP server (the packages conflict) or
without root.

Dovecot has the paths of its programs and modules compiled in, so our copy is edited: every /usr/lib/dovecot becomes
/tmp/mcNNNN/libs and every /usr/bin/doveconf /tmp/mcNNNN/dconf, both of the same length. The machine's own files are not
touched. Libraries that Dovecot needs and the machine lacks are unpacked beside it. Debian and Ubuntu only."""

import glob
import os
import shutil
import subprocess
import sys
import tempfile

PACKAGES = ["dovecot-core", "dovecot-imapd", "dovecot-lmtpd", "dovecot-pop3d", "dovecot-managesieved", "dovecot-sieve"]
PROGRAMS = ["lmtp", "pop3-login", "managesieve-login"]  # a copy from before one of them was wanted is made anew


def run(*command, folder="."):
    done = subprocess.run(command, cwd=folder, stdout=subprocess.PIPE, stderr=subprocess.PIPE, encoding="utf-8",
                          env={**os.environ, "LC_ALL": "C"}, check=False)
    if done.returncode != 0:
        sys.exit("unpack_dovecot.py: %s: %s" % (" ".join(command), done.stderr.strip()))
    return done.stdout


def missing_libraries():
    """Packages of libraries that installing Dovecot would add here (a simulation: nothing is installed or removed)."""
    plan = run("apt-get", "install", "-s", "-q", "--no-install-recommends", *PACKAGES)
    names = [line.split()[1] for line in plan.splitlines() if line.startswith("Inst ")]
    return [name for name in names if name.startswith("lib")]


def new_root():
    """/tmp/mcNNNN: just long enough that both new paths have the length of those they replace."""
    for attempt in range(10000):
        root = "/tmp/mc%04d" % ((os.getpid() + attempt) % 10000)
        try:
            os.mkdir(root, 0o755)
            return root
        except FileExistsError:
            continue
    sys.exit("unpack_dovecot.py: no free name below /tmp")


def edit(path, root):
    with open(path, "rb") as file:
        data = file.read()
    changed = data.replace(b"/usr/lib/dovecot", os.path.join(root, "libs").encode())
    changed = changed.replace(b"/usr/bin/doveconf", os.path.join(root, "dconf").encode())
    assert len(changed) == len(data)
    if changed != data:
        os.chmod(path, 0o755)
        with open(path, "wb") as file:
            file.write(changed)


def arrange(unpacked, root):
    """Moves programs and libraries to their places below `root` and edits them."""
    shutil.move(os.path.join(unpacked, "usr/lib/dovecot"), os.path.join(root, "libs"))
    for folder in ("bin", "sbin"):
        shutil.move(os.path.join(unpacked, "usr", folder), os.path.join(root, folder))
    for library in glob.glob(os.path.join(unpacked, "usr/lib/*-linux-gnu*/*.so*")) + \
            glob.glob(os.path.join(unpacked, "lib/*-linux-gnu*/*.so*")):
        shutil.move(library, os.path.join(root, "libs"))
    os.symlink("bin/doveconf", os.path.join(root, "dconf"))
    for where, _, files in os.walk(root):
        for name in files:
            path = os.path.join(where, name)
            if not os.path.islink(path):
                edit(path, root)


def works(root):
    if not all(os.path.exists(os.path.join(root, "libs", name)) for name in PROGRAMS):
        return False
    environment = {**os.environ, "LD_LIBRARY_PATH": os.path.join(root, "libs")}
    return subprocess.run([os.path.join(root, "sbin/dovecot"), "--version"], stdout=subprocess.DEVNULL, check=False,
                          env=environment).returncode == 0


def main():
    if len(sys.argv) != 2:
        sys.exit(__doc__)
    pointer = sys.argv[1]
    if os.path.exists(pointer):
        with open(pointer, encoding="utf-8") as file:
            root = file.read().strip()
        if os.path.isdir(root) and os.stat(root).st_uid == os.geteuid() and works(root):
            return
    scratch, root = tempfile.mkdtemp(), new_root()
    print("Dovecot is unpacked into %s, not installed" % root)
    run("apt-get", "download", "-q", *PACKAGES, *missing_libraries(), folder=scratch)
    for package in glob.glob(os.path.join(scratch, "*.deb")):
        run("dpkg-deb", "-x", package, os.path.join(scratch, "tree"))
    arrange(os.path.join(scratch, "tree"), root)
    shutil.rmtree(scratch)
    if not works(root):
        sys.exit("unpack_dovecot.py: the copy in %s does not run" % root)
    os.makedirs(os.path.dirname(os.path.abspath(pointer)), exist_ok=True)
    with open(pointer, "w", encoding="utf-8") as file:
        file.write(root + "\n")


if __name__ == "__main__":
    main()
