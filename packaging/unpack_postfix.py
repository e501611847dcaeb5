#!/usr/bin/env python3
"""unpack_postfix.py FOLDER - a Postfix and a postgrey that are not installed: downloaded by apt-get and unpacked into
FOLDER, with the libraries that the machine lacks. A mail server is never installed for a test: it would replace the one
that is there, or begin to take the machine's own mail. tests/live/postfix.py runs them from there. Debian and Ubuntu
only."""

import glob
import os
import shutil
import sys
import tempfile

from unpack_dovecot import run

PACKAGES = ["postfix", "postgrey"]


def packages(wanted):
    """What installing them would add here (a simulation). What it would only bring up to date is left as it is."""
    plan = run("apt-get", "install", "-s", "-q", "--no-install-recommends", *wanted)
    lines = [line.split() for line in plan.splitlines() if line.startswith("Inst ")]
    return sorted({*wanted, *(words[1] for words in lines if not words[2].startswith("["))})


def unpack(folder, wanted):
    """Downloads the packages and what they need, and puts their files below `folder` in place of what was there."""
    scratch = tempfile.mkdtemp()
    run("apt-get", "download", "-q", *packages(wanted), folder=scratch)
    for package in glob.glob(os.path.join(scratch, "*.deb")):
        run("dpkg-deb", "-x", package, os.path.join(scratch, "tree"))
    shutil.rmtree(folder, ignore_errors=True)
    os.makedirs(os.path.dirname(folder), exist_ok=True)
    shutil.move(os.path.join(scratch, "tree"), folder)
    shutil.rmtree(scratch)


def works(folder):
    """True if the programs there run on this machine (which may have been upgraded since)."""
    if not os.path.exists(os.path.join(folder, "usr/sbin/postgrey")):
        return False
    os.environ["LD_LIBRARY_PATH"] = ":".join([os.path.join(folder, "usr/lib/postfix"),
                                              *glob.glob(os.path.join(folder, "usr/lib/*-linux-gnu*"))])
    try:
        run(os.path.join(folder, "usr/sbin/postconf"), "-d", "mail_version", folder="/")
    except (OSError, SystemExit):
        return False
    finally:
        del os.environ["LD_LIBRARY_PATH"]
    return True


def main():
    if len(sys.argv) != 2:
        sys.exit(__doc__)
    folder = os.path.abspath(sys.argv[1])
    if works(folder):
        return
    print("Postfix and postgrey are unpacked into %s, not installed" % folder)
    unpack(folder, PACKAGES)
    if not works(folder):
        sys.exit("unpack_postfix.py: the copy in %s does not run" % folder)


if __name__ == "__main__":
    main()
