#!/usr/bin/env python3
"""Bad input to check_mail_roundtrip is told before anything is done: see tests/support/bad_input.py.

Folders for the state that cannot be used are told before anything is sent, too: exit 3, one line, nobody is connected to.

    bad_roundtrip_input_test.py FOLDER_OF_PLUGINS
"""
from __future__ import annotations

import fcntl
import json
import os
import socket
import subprocess
import sys
import tempfile
import time
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parent.parent / "support"))
import bad_input  # noqa: E402
from bad_input import RANGE, SECONDS  # noqa: E402

NO_ADDRESSES = ("", "<>", "<>x", "a b@example.test", "a@example.test> SIZE=1", "a@example.test,b@example.test", "a@@example.test", "@example.test",
                "a@", "a@-x", "a@x..y", "x" * 255, '"a@example.test', "a@[1.2.3.4", b"\xff@example.test")
SIDES = ("--smtp-", "--imap-")
# what every command line here has
WHOLE = ["--from", "sender@example.org", "--to", "recipient@example.test"]
USER = ["-U", "probe", "--password-file", "secret"]
GOOD = [*WHOLE, *USER]
NO_TLS = ["--tls", "none", "--allow-plaintext-auth"]

# Of COMMON what has no meaning here: a port for both sides, and an option of other plugins.
NOT_HERE = ("--port", "-p", "-e", "--extra-opts=value@ini", "--sni", "--resolver", "--extra-opts=nul@control", "--extra-opts=cr@control")
PORTS = ("0", "70000", "65536", "-1", "14x", "", "1.5")
NOT_SAID = ("needs --user", "LABEL one of dns", "contradicts --tls none")
COMMON = [(arguments, option, words) for arguments, option, words in bad_input.COMMON
          if arguments[0] not in NOT_HERE and not words.startswith(NOT_SAID)]


def of_sides():
    """Each option of a side, with its own name in the words."""
    for side in SIDES:
        yield from (([f"{side}port", bad], f"{side}port", "expected a number from 1 to 65535") for bad in PORTS)
        yield from (([f"{side}hostname", bad], f"{side}hostname", "expected a host name") for bad in
                    ("", "a b", "http://x", "x:25", "<x>", "x" * 254, "a..b", b"\xff.example"))
        yield from (([f"{side}address", bad], f"{side}address", "expected a numeric IPv4 or IPv6 address") for bad in ("", "name", "1.2.3"))
        yield [f"{side}tls", "ssl"], f"{side}tls", "expected implicit, starttls or none, got 'ssl'"
        yield [f"{side}tls-min-version", "1.4"], f"{side}tls-min-version", "expected 1.0, 1.1, 1.2 or 1.3"
        yield [f"{side}insecure=yes"], f"{side}insecure", "takes no value"
        yield [f"{side}ca-file", "nothing"], f"{side}ca-file", "cannot read 'nothing'"
        yield [f"{side}ca-path", "secret"], f"{side}ca-path", "expected a folder, got 'secret'"
        yield [f"{side}client-key", "key"], f"{side}client-key", "needs"
        yield [f"{side}password-file", "nothing"], f"{side}password-file", "cannot read 'nothing'"
        yield [f"{side}password-file", "empty"], f"{side}password-file", "expected a secret, got nothing"
        yield [f"{side}password-file", "nul"], f"{side}password-file", "line break or a NUL byte inside"
        yield [f"{side}password-file", "secret", f"{side}password", "x"], f"{side}password", "contradicts"
        yield [f"{side}password-env", "NOT_SET"], f"{side}password-env", "variable NOT_SET is not set"
        yield [f"{side}password-fd", "77"], f"{side}password-fd", "cannot read descriptor 77"
        yield [f"{side}auth", "NTLM"], f"{side}auth", "expected PLAIN, LOGIN, CRAM-MD5"
        yield [f"{side}auth", "XOAUTH2"], f"{side}auth", "XOAUTH2 needs"
        yield [f"{side}user", b"\xff"], f"{side}user", "expected a value in UTF-8"
        yield [f"{side}verify-name", "a b"], f"{side}verify-name", "expected a host name"
        yield [f"{side}sni", "127.0.0.1"], f"{side}sni", "expected a host name"
        yield [f"{side}ipv4", f"{side}ipv6"], f"{side}ipv6", "contradictory: IPv4 only and IPv6 only"
        yield [f"{side}ipv6"], f"{side}ipv6", "contradicts --address 127.0.0.1"
        yield [f"{side}tls", "none", f"{side}insecure"], f"{side}insecure", f"contradicts {side}tls none"
        yield [f"{side}tls", "none", f"{side}ca-file", "certificate"], f"{side}ca-file", f"contradicts {side}tls none"
        yield [f"{side}nothing-such", "x"], f"{side}nothing-such", "unknown option"
        for name in ("port", "hostname", "user", "password", "ca-file", "sni"):
            yield [f"{side}{name}"], f"{side}{name}", "got nothing"
        for name in ("hostname", "address", "ca-file", "sni", "user", "auth"):
            for bad in ("x\ny", "\n", "x\x7f"):
                yield [f"{side}{name}", bad], f"{side}{name}", "without line breaks and control characters"


# (arguments, option named, words of what was expected)
CASES = [
    *of_sides(),
    (["-p", "25"], "--port", "use --smtp-port or --imap-port"),
    (["--port", "25"], "--port", "use --smtp-port or --imap-port"),
    (["--smtp-auth", "LOGIN-COMMAND"], "--smtp-auth", "LOGIN-COMMAND"),
    (["--auth", "LOGIN-COMMAND"], "--auth", "is a command of IMAP"),
    *((["--smtp-proxy-protocol", bad], "--smtp-proxy-protocol", "expected 1 or 2") for bad in ("", "3", "v1")),
    (["--imap-proxy-protocol", "1"], "--imap-proxy-protocol", "unknown option"),
    (["--imap-user", ""], "--imap-user", "expected a value, got nothing"),
    (["--smtp-user", "", "--smtp-password-file", "secret"], "--smtp-password-file", "contradicts --smtp-user ''"),
    (["--smtp-user", "", "--smtp-auth", "PLAIN"], "--smtp-auth", "contradicts --smtp-user ''"),
    # bounces
    *((["--bounce-" + name, value], "--bounce-" + name, "needs --bounce-user") for name, value in
      (("port", "993"), ("hostname", "a.test"), ("password-file", "secret"), ("tls", "none"), ("ca-file", "client-encrypted.pem"))),
    (["--bounce-insecure"], "--bounce-insecure", "needs --bounce-user"),
    (["--bounce-user", ""], "--bounce-user", "expected a value, got nothing"),
    *((["--bounce-user", "x", "--bounce-port", bad], "--bounce-port", "expected a number from 1 to 65535") for bad in PORTS),
    (["--bounce-user", "x", "--bounce-password-file", "nothing"], "--bounce-password-file", "cannot read 'nothing'"),
    # the message
    *((["--from", bad], "--from", "expected one mail address") for bad in NO_ADDRESSES),
    *((["--to", bad], "--to", "expected one mail address") for bad in NO_ADDRESSES),
    *((["--helo", bad], "--helo", "expected a domain in ASCII or an address literal") for bad in ("", "a b", "a..b", "-a", "b\u00fccher.example")),
    *((["--subject", bad], "--subject", "expected") for bad in ("", b"\xff", "a\nBcc: b@example.test", "a\rb", "a\x01b")),
    *((["--header", bad], "--header", "expected") for bad in
      ("", "X", ": text", "X Y: text", "X\nBcc: b@example.test", "X: a\r\n\r\nbody", "\u00fc: a", b"X: \xff", "X: " + "a" * 1000, " X: a",
       "X-Mailcheck-Roundtrip: x", "x-mailcheck-roundtrip: id=0", "Subject: x", "SUBJECT: x")),
    *((["--body-file", bad], "--body-file", words) for bad, words in
      (("nothing", "cannot read 'nothing'"), ("folder", "expected a file"), ("nul", "got a NUL byte inside"), ("latin", "expected a value in UTF-8"),
       ("giant", "expected at most 16384 KiB in 'giant'"))),
    # the mailbox
    *(([option, bad], option, "expected a mailbox name in UTF-8") for option in ("--mailbox", "--junk", "--trash") for bad in ("", b"\xff")),
    (["--keep", "--trash", "Trash"], "--keep", "contradicts --trash"),
    (["--junk", "inbox"], "--junk", "is the folder of --mailbox"),
    (["--trash", "INBOX"], "--trash", "is the folder of --mailbox"),
    (["--trash", "J", "--junk", "J"], "--trash", "is the folder of --junk"),
    (["--keep=yes"], "--keep", "takes no value"),
    *((["--poll", bad], "--poll", "expected auto, idle, or seconds from 0.05 to 86400") for bad in
      ("", "never", "0", "0.01", "-1", "1e3", "nan", "0,5", "99999999", b"\xff")),
    (["--poll", "4"], "--poll", "is longer than --timeout"),
    # waiting
    *((["--wait", bad], "--wait", "expected") for bad in ("", "-1", "x", "1e3", "nan", "0,5", "86401", "inf")),
    (["--wait", "0"], "--wait", "needs --state-dir"),
    (["--wait", "4"], "--wait", "is longer than --timeout"),
    *(([option, "5"], option, "needs --state-dir") for option in ("--lost-runs", "--greylist-tolerance")),
    (["--keep", "--lost-after", "5"], "--lost-after", "needs --state-dir"),
    *((["--state-dir", "s", "--lost-after", bad], "--lost-after", "expected") for bad in ("", "0", "-1", "x", "99999999999", "0.5")),
    *((["--state-dir", "s", "--lost-runs", bad], "--lost-runs", "expected a number from 1 to 1000") for bad in ("", "0", "-1", "1.5", "1001")),
    *((["--state-dir", "s", "--greylist-tolerance", bad], "--greylist-tolerance", "expected") for bad in ("", "-1", "x", "99999999999")),
    (["--id", ""], "--id", "expected a value, got nothing"),
    (["--id", b"\xff"], "--id", "expected a value in UTF-8"),
    (["--state-dir", ""], "--state-dir", "expected a value, got nothing"),
    # authentication of the message
    *((["--authserv-id", "x", "--require", bad], "--require", "expected") for bad in ("", "spf,", ",spf", "spf;dkim", "arc", "all", "spf dkim")),
    (["--require", "spf"], "--require", "needs --authserv-id"),
    (["--alignment", "strict"], "--alignment", "needs --authserv-id"),
    *((["--authserv-id", "x", "--alignment", bad], "--alignment", "expected strict or relaxed") for bad in ("", "loose", "s")),
    (["--authserv-id", b"\xff"], "--authserv-id", "expected a value in UTF-8"),
    # limits
    *((["-w", f"{label}=5"], "--warning", "LABEL one of smtp_dns") for label in ("auth", "connect", "messages", "Transit", "smtp_", "cert_days")),
    *((["-c", f"transit={bad}"], "--critical", RANGE) for bad in ("500ms", "1,5", "", "@", "nan", "5%")),
    *((["-w", f"{label}=5"], "--warning", "needs --state-dir") for label in ("pending", "lost")),
    *((["--tls", "none", *given], given[0], "needs TLS, which neither side has") for given in
      (["--insecure"], ["--ca-file", "certificate"], ["--tls-min-version", "1.2"], ["--sni", "a.test"])),
    ([*NO_TLS, "-D", "5"], "--cert-days", "needs TLS, which neither side has"),
    (["--junk", "none", "-w", "junk=0"], "--warning", "contradicts --junk none"),
    (["--keep", "-w", "cleanup=1"], "--warning", "contradicts --keep"),
    (["-w", "smtp_dns=1"], "--warning", "needs a name to look up"),
    *((["--result", f"{name}=ok"], "--result", f"expected a known finding, got '{name}'") for name in ("open-relay", "quota-unavailable", "usage")),
    *((["-t", bad], "--timeout", SECONDS) for bad in ("0", "-1", "abc")),
]


def full_command(plugin: Path, arguments: list, always: list, port: int) -> list:
    """Both sides would go to the socket that nobody may touch."""
    del always
    if arguments and arguments[0] is bad_input.ALONE:
        return [plugin, *arguments[1:]]
    given = {word.split("=")[0] for word in arguments if isinstance(word, str)}
    command = [plugin, *WHOLE]
    command += [] if given & {"-H", "--hostname"} else ["--hostname", "mail.example.test"]
    command += [] if given & {"--address"} else ["--address", "127.0.0.1"]
    command += [] if "--smtp-port" in given else ["--smtp-port", str(port)]
    command += [] if "--imap-port" in given else ["--imap-port", str(port)]
    own = {"-U", "--user", "-P", "--password", "--password-file", "--password-env", "--password-fd", "--oauth2-token-file", "--oauth2-token-env"}
    command += [] if given & own else USER
    return [*command, "-t", "3", *arguments]


bad_input.full_command = full_command


# ---------------------------------------------------------------- folders for the state

class StateFolders:
    """Each makes a folder that is not fit; the words are what the line says of it."""

    def __init__(self, folder: Path, check: str):
        self.folder, self.json, self.lock, self.temporary = folder, f"{check}.json", f"{check}.lock", f"{check}.json.tmp"

    def fresh(self, mode: int = 0o700) -> Path:
        path = Path(tempfile.mkdtemp(dir=self.folder))
        path.chmod(mode)
        return path

    def holding(self, name: str, make) -> Path:
        path = self.fresh()
        make(path / name)
        return path

    def unfit(self):
        """(what, path, words): exit 3, nobody connected to."""
        yield "below a folder that is not there", self.folder / "no" / "where", "cannot be made: no such file or directory"
        yield "a file", self.folder / "secret", "is not a folder"
        yield "a link", self.folder / "link-to-folder", "is a symbolic link"
        yield "a link and a slash", f"{self.folder}/link-to-folder/", "is a symbolic link"
        yield "a pipe", self.folder / "pipe", "is not a folder"
        yield "a device", "/dev/null", "is not a folder"
        yield "a name too long", "x" * 300, "name too long"
        yield "writable by all", self.fresh(0o777), "can be written by others (mode 0777)"
        yield "writable by the group", self.fresh(0o770), "can be written by others"
        yield "sticky", self.fresh(0o1777), "can be written by others"
        yield "in /proc", "/proc/1", "cannot be"
        if os.geteuid() == 0:
            other = self.fresh()
            os.chown(other, 65534, 65534)
            yield "of another user", other, "belongs to nobody (uid 65534)"
        for kind, make in (("folder", lambda path: path.mkdir()), ("pipe", os.mkfifo), ("link", lambda path: path.symlink_to("/etc/passwd")),
                           ("dangling link", lambda path: path.symlink_to("nothing")),
                           ("hard link", lambda path: os.link(self.folder / "secret", path))):
            yield f"the lock is a {kind}", self.holding(self.lock, make), self.lock

    def mended(self):
        """(what, path): what stands there is set aside, and the run goes on."""
        document = b'{"schema":1,"check":"0000000000000000","outstanding":[]}'
        for what, make in (
                ("a folder", lambda path: path.mkdir()), ("a pipe", os.mkfifo), ("a link", lambda path: path.symlink_to("/etc/passwd")),
                ("huge", lambda path: path.write_bytes(b" " * 1000000)), ("empty", lambda path: path.write_bytes(b"")),
                ("noise", lambda path: path.write_bytes(bytes(range(256)))), ("nested", lambda path: path.write_bytes(b"[" * 200000)),
                ("of another check", lambda path: path.write_bytes(document)), ("null", lambda path: path.write_bytes(b"null")),
                ("a number too large", lambda path: path.write_bytes(b"1e999999"))):
            def made(path, make=make):
                make(path)
                if path.is_file() and not path.is_symlink():
                    path.chmod(0o600)
            yield f"the document is {what}", self.holding(self.json, made)


def run_with_state(plugin: Path, folder: Path, state, extra=()):
    with socket.create_server(("127.0.0.1", 0)) as listener:
        listener.setblocking(False)
        command = [*full_command(plugin, ["--state-dir", str(state), *extra], [], listener.getsockname()[1])]
        done = subprocess.run(command, capture_output=True, cwd=folder, timeout=20, check=False, stdin=subprocess.DEVNULL)
        try:
            listener.accept()
            return done, True
        except BlockingIOError:
            return done, False


def state_faults(plugin: Path) -> int:
    failed = 0

    def tell(what: str, faults: list) -> None:
        nonlocal failed
        failed += bool(faults)
        for fault in faults:
            print(f"--state-dir {what}: {fault}")

    with tempfile.TemporaryDirectory(prefix="bad-state.") as name:
        folder = Path(name)
        (folder / "secret").write_bytes(b"correct-horse\n")
        (folder / "secret").chmod(0o600)
        os.mkfifo(folder / "pipe")
        (folder / "good").mkdir(mode=0o700)
        (folder / "link-to-folder").symlink_to("good")
        run_with_state(plugin, folder, folder / "good", ["--id", "bad-input"])
        states = StateFolders(folder, next((folder / "good").glob("*.lock")).stem)
        for what, path, words in states.unfit():
            done, has_connected = run_with_state(plugin, folder, path, ["--id", "bad-input"])
            faults = bad_input.judge_run(done, has_connected)
            line = done.stdout.decode("utf-8", "replace")
            if "ROUNDTRIP UNKNOWN - state-unusable, " not in line or words not in line or "nothing was sent" not in line:
                faults.append(f"{words!r} is missing: {line}")
            tell(what, faults)
        for what, path in states.mended():
            done, _ = run_with_state(plugin, folder, path, ["--id", "bad-input", "--output", "json"])
            faults = [] if done.returncode == 2 and not done.stderr else [f"exit {done.returncode}: {done.stdout[:300]!r} {done.stderr[:300]!r}"]
            notes = [each["name"] for each in json.loads(done.stdout).get("findings", [])]
            if "state-reset" not in notes or not os.path.lexists(path / f"{states.json}.bad"):
                faults.append(f"not set aside: {notes}")
            tell(what, faults)
        tell("locked for ever", locked_faults(plugin, folder, states))
        if os.geteuid() == 0:
            tell("on a full disk", full_disk_faults(plugin, folder))
    if (Path("/etc/passwd").stat().st_mode & 0o777) != 0o644:
        tell("links", ["/etc/passwd was touched"])
    return failed


def locked_faults(plugin: Path, folder: Path, states) -> list:
    path = states.fresh()
    with open(path / states.lock, "w", encoding="ascii") as lock:
        os.chmod(path / states.lock, 0o600)
        fcntl.flock(lock, fcntl.LOCK_EX)
        began = time.monotonic()
        done, has_connected = run_with_state(plugin, folder, path, ["--id", "bad-input"])
    faults = bad_input.judge_run(done, has_connected)
    if b"ROUNDTRIP UNKNOWN - state-locked, " not in done.stdout:
        faults.append(f"not said: {done.stdout!r}")
    if time.monotonic() - began > 3.5:
        faults.append("the deadline did not hold")
    return faults


def full_disk_faults(plugin: Path, folder: Path) -> list:
    """Full, or read-only: a file system of its own, which needs root."""
    disk = folder / "disk"
    disk.mkdir()
    if subprocess.run(["mount", "-t", "tmpfs", "-o", "size=4k,mode=0700", "tmpfs", disk], capture_output=True, check=False).returncode:
        return []  # a container without the right to
    try:
        (disk / "filler").write_bytes(b"x" * 4096)
        done, _ = run_with_state(plugin, folder, disk, ["--id", "bad-input"])
        faults = [] if done.returncode in (2, 3) and not done.stderr and done.stdout.count(b"\n") == 1 else [f"full: {done}"]
        subprocess.run(["mount", "-o", "remount,ro", disk], capture_output=True, check=False)
        done, has_connected = run_with_state(plugin, folder, disk, ["--id", "bad-input"])
        faults += [f"read-only: {each}" for each in bad_input.judge_run(done, has_connected)]
        if b"read-only file system" not in done.stdout:
            faults.append(f"read-only is not said: {done.stdout!r}")
        return faults
    finally:
        subprocess.run(["umount", disk], capture_output=True, check=False)


def main() -> int:
    failed = bad_input.main("check_mail_roundtrip", "ROUNDTRIP", [*COMMON, *CASES], GOOD)
    states = state_faults(Path(sys.argv[1]).resolve() / "check_mail_roundtrip")
    print(f"{states} faults with folders for the state")
    return 1 if failed or states else 0


if __name__ == "__main__":
    sys.exit(main())
