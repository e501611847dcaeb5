#!/usr/bin/env python3
"""A server that floods, drips, stalls or breaks TLS costs little: bounded memory, CPU and time, and a proper line at the end.

Each case is a server of a few lines. Whatever it does, the plugin ends within its deadline with one status line that names
the step, uses less than MEMORY and CPU, and writes valid JSON about it.

    hostile_server_test.py FOLDER_OF_PLUGINS [case ...]
"""
from __future__ import annotations

import base64
import json
import os
import socket
import ssl
import sys
import tempfile
import threading
import time
from pathlib import Path

HERE = Path(__file__).resolve().parent
sys.path.insert(0, str(HERE.parent / "support"))
import certificates as test_ca  # noqa: E402
import plugin_output  # noqa: E402

PASSWORD = "correct-horse-battery"
SILENCE = 4.0  # -t of a server that is to be given up
MEMORY = 32 * 1024  # KiB at most; the plugin itself takes about 12 MiB, this Python about 22 (Linux begins with that)
CPU = 3.0  # seconds at most, of a build without optimisation on a busy machine
if "MAILCHECK_SANITIZED" in os.environ:  # shadow memory, quarantine, instrumented code
    MEMORY, CPU = 40 * MEMORY, 5 * CPU
FLOOD_TIME = 10 * CPU  # -t of a server that is to be cut off by a limit of size
FLOOD = 100 * 1024 * 1024

CASES = {}


def case(step: str, finding: str = "", options: str = "", secure: bool = False, login: bool = True, state: str = "CRITICAL"):
    """Registers a server; `step` and `finding` are what the line must name."""
    def register(serve):
        CASES[serve.__name__] = (serve, step, finding, options.split(), secure, login, state)
        return serve
    return register


class Talk:
    """The server's end of one connection."""

    def __init__(self, connection):
        self.connection, self.unread = connection, b""

    def say(self, data: bytes) -> None:
        self.connection.sendall(data)

    def command(self) -> bytes:
        """The tag of the next command."""
        while b"\n" not in self.unread:
            data = self.connection.recv(65536)
            if not data:
                raise ConnectionError
            self.unread += data
        line, _, self.unread = self.unread.partition(b"\n")
        self.line = line
        return line.split()[0]

    def until_login(self, capabilities: bytes = b"IMAP4rev1 SASL-IR AUTH=PLAIN") -> None:
        self.say(b"* OK [CAPABILITY " + capabilities + b"] ready\r\n")
        while True:
            tag = self.command()
            if b"CAPABILITY" not in self.line:
                return self.say(tag + b" OK [CAPABILITY IMAP4rev1 QUOTA] in\r\n")
            self.say(b"* CAPABILITY " + capabilities + b"\r\n" + tag + b" OK done\r\n")

    def until_select(self) -> bytes:
        """Returns the tag of EXAMINE, unanswered."""
        self.until_login()
        return self.command()

    def until_look(self) -> bytes:
        """Returns the tag of the first command after EXAMINE, unanswered."""
        tag = self.until_select()
        self.say(b"* 12 EXISTS\r\n" + tag + b" OK [READ-ONLY] done\r\n")
        return self.command()

    def flood(self, piece: bytes, total: int = FLOOD) -> None:
        block = piece * max(1, 65536 // len(piece))
        for _ in range(total // len(block) + 1):
            self.say(block)

    def stay(self) -> None:
        while self.connection.recv(65536):
            pass


# ---------------------------------------------------------------- floods

@case("greeting: protocol-error", "line longer than")
def noise_for_a_greeting(talk):
    talk.flood(bytes(range(14, 256)))


@case("greeting:", "")
def endless_waiting_greetings(talk):
    talk.flood(b"* OK Waiting for authentication process to respond..\r\n")


@case("capability: protocol-error", "line longer than")
def endless_capability_tokens(talk):
    talk.say(b"* OK ready\r\n")
    talk.command()
    talk.say(b"* CAPABILITY")
    talk.flood(b" X")


@case("capability: protocol-error", "bytes in one session")
def endless_capability_lines(talk):
    talk.say(b"* OK ready\r\n")
    talk.command()
    talk.flood(b"* CAPABILITY" + b" X" * 30000 + b"\r\n")


@case("select: protocol-error", "line longer than")
def noise_without_line_ends(talk):
    talk.until_select()
    talk.flood(b"\x00\xff noise \x7f {99")


@case("select: protocol-error", "responses in one session")
def tiny_untagged_lines(talk):
    talk.until_select()
    talk.flood(b"* X\r\n")


@case("select: protocol-error")
def empty_lines(talk):
    talk.until_select()
    talk.flood(b"\r\n")


@case("select: protocol-error", "response longer than")
def endless_literals_in_one_response(talk):
    talk.until_select()
    talk.say(b"* 1 FETCH (X {0}\r\n")
    talk.flood(b" {0}\r\n")


@case("select: protocol-error", "bytes in one session")
def endless_responses_with_literals(talk):
    talk.until_select()
    talk.flood(b"* 1 FETCH (BODY[] {500000}\r\n" + b"A5 OK\r\n" * 71428 + b"xxxx)\r\n")


@case("select: protocol-error", "literal of 18446744073709551")
def literal_as_large_as_can_be(talk):
    talk.until_select()
    talk.say(b"* 1 FETCH (BODY[] {18446744073709551615}\r\n")
    talk.flood(b"x")


@case("select: protocol-error", "bytes in one session")
def alerts(talk):
    talk.until_select()
    talk.flood(b"* OK [ALERT] " + b"very important " * 50 + b"\r\n")


@case("select: protocol-error", "bytes in one session", "-vvv")
def alerts_with_a_dialogue(talk):
    talk.until_select()
    talk.flood(b"* OK [ALERT] " + b"very important " * 50 + b"\r\n")


@case("select: protocol-error", "bytes in one session")
def referrals(talk):
    talk.until_select()
    talk.flood(b"* NO [REFERRAL imap://" + b"x" * 1000 + b"/] there\r\n")


@case("search: protocol-error", "line longer than", "--search ALL --fetch 1")
def a_million_hits_in_one_line(talk):
    talk.until_look()
    talk.say(b"* SEARCH")
    for start in range(1, 1000001, 1000):  # in pieces: the memory of this process counts in the plugin's at the start
        talk.say(b"".join(b" %d" % number for number in range(start, start + 1000)))
    talk.say(b"\r\n")
    talk.stay()


@case("search: protocol-error", "", "--search ALL --fetch 1")
def hits_in_many_lines(talk):
    talk.until_look()
    talk.flood(b"* SEARCH" + b" 1" * 500000 + b"\r\n")


@case("list: protocol-error", "", "--list Archive")
def mailboxes(talk):
    talk.until_look()
    talk.flood(b'* LIST () "/" "' + b"x" * 200 + b'"\r\n')


@case("fetch: protocol-error", "bytes in one session", "--fetch 100")
def messages(talk):
    talk.until_look()
    talk.flood(b'* 1 FETCH (UID 1 INTERNALDATE " 1-Nov-2026 10:00:00 +0000" BODY[HEADER.FIELDS (DATE)] {5000}\r\n'
               + b"x" * 5000 + b")\r\n")


@case("fetch: protocol-error", "", "--fetch 1")
def nesting(talk):
    talk.until_look()
    talk.say(b"* 1 FETCH (X " + b"(" * 60000 + b")" * 60000 + b")\r\n")
    talk.stay()


@case("quota: protocol-error", "", "--quota")
def quotas(talk):
    talk.until_look()
    talk.flood(b'* QUOTA "" (STORAGE 1 2 MESSAGE 1 2)\r\n')


@case("select: protocol-error", "responses in one session", secure=True)
def tiny_lines_in_tls(talk):
    talk.until_select()
    talk.flood(b"* X\r\n")


@case("auth:", "", "--auth CRAM-MD5")
def endless_challenges(talk):
    talk.say(b"* OK [CAPABILITY IMAP4rev1 AUTH=CRAM-MD5] ready\r\n")
    while b"AUTHENTICATE" not in getattr(talk, "line", b""):
        tag = talk.command()
        if b"CAPABILITY" in talk.line:
            talk.say(b"* CAPABILITY IMAP4rev1 AUTH=CRAM-MD5\r\n" + tag + b" OK\r\n")
    talk.flood(b"+ PDE+\r\n")


@case("auth:", "iteration", "--auth SCRAM-SHA-256")
def scram_with_too_many_iterations(talk):
    talk.say(b"* OK [CAPABILITY IMAP4rev1 SASL-IR AUTH=SCRAM-SHA-256] ready\r\n")
    while b"AUTHENTICATE" not in getattr(talk, "line", b""):
        tag = talk.command()
        if b"CAPABILITY" in talk.line:
            talk.say(b"* CAPABILITY IMAP4rev1 SASL-IR AUTH=SCRAM-SHA-256\r\n" + tag + b" OK\r\n")
    first = base64.b64decode(talk.line.split()[3]).decode()
    nonce = first.split("r=")[1]
    talk.say(b"+ " + base64.b64encode(f"r={nonce}x,s=QSXCR+Q6sek8bf92,i=2000000000".encode()) + b"\r\n")
    talk.command()  # "*"
    talk.say(b"A2 BAD cancelled\r\n")
    talk.stay()


# ---------------------------------------------------------------- stalls and broken connections

@case("greeting: timeout", "did not answer in time")
def a_drip_of_greeting(talk):
    for byte in b"* OK " + b"x" * 1000:
        talk.say(bytes([byte]))
        time.sleep(0.05)


@case("select: timeout", "did not answer in time", secure=True)
def a_drip_in_tls(talk):
    talk.until_select()
    while True:
        talk.say(b"x")
        time.sleep(0.05)


@case("select: timeout", "did not answer in time")
def untagged_lines_now_and_then(talk):
    talk.until_select()
    while True:
        talk.say(b"* OK Still here\r\n")
        time.sleep(0.1)


@case("auth: timeout", "time", "--auth LOGIN-COMMAND", login=False)
def nothing_is_read(talk):
    talk.say(b"* OK [CAPABILITY IMAP4rev1 LITERAL+] ready\r\n")
    tag = talk.command()
    talk.say(b"* CAPABILITY IMAP4rev1 LITERAL+\r\n" + tag + b" OK done\r\n")
    time.sleep(SILENCE + 2)


@case("capability: connection-lost", "closed")
def half_closed_after_the_greeting(talk):
    talk.say(b"* OK ready\r\n")
    talk.connection.shutdown(socket.SHUT_WR)
    time.sleep(1)


@case("", "", state="OK")
def half_closed_after_logout(talk):
    tag = talk.until_look()
    talk.say(b"* BYE\r\n" + tag + b" OK\r\n")
    talk.connection.shutdown(socket.SHUT_WR)
    time.sleep(0.5)


@case("select: connection-lost", "closed the connection", secure=True)
def closed_in_tls_without_close_notify(talk):
    talk.until_select()
    os.close(talk.connection.detach())


@case("select:", "", secure=True)
def plain_text_inside_tls(talk):
    talk.until_select()
    os.write(talk.connection.fileno(), b"* OK this is not a TLS record at all, is it?\r\n" * 10)
    time.sleep(0.5)


@case("select:", "", secure=True)
def random_records_inside_tls(talk):
    talk.until_select()
    os.write(talk.connection.fileno(), b"\x17\x03\x03\x01\x00" + os.urandom(256))
    time.sleep(0.5)


@case("tls: plain-text-on-tls-port", "* OK", "--tls implicit")
def plain_text_for_a_handshake(talk):
    talk.flood(b"* OK noise\r\n")


@case("tls:", "", "--tls implicit")
def records_without_end_for_a_handshake(talk):
    talk.flood(b"\x16\x03\x03\x00\x04\x02\x00\x3f\xff" + b"\x16\x03\x03\x40\x00" + b"x" * 16384)


@case("tls:", "", "--tls implicit")
def warning_alerts_for_a_handshake(talk):
    talk.flood(b"\x15\x03\x03\x00\x02\x01\x5a")


@case("tls: timeout", "time", "--tls implicit")
def a_dripped_handshake(talk):
    for byte in b"\x16\x03\x03\x00\x7a\x02\x00\x00\x76" + b"\x03\x03" + b"x" * 500:
        talk.say(bytes([byte]))
        time.sleep(0.05)


# ---------------------------------------------------------------- running

def serve(listener, server, context) -> None:
    connection = None
    try:
        connection, _ = listener.accept()
        connection.settimeout(FLOOD_TIME)
        if context:
            connection = context.wrap_socket(connection, server_side=True)
        server(Talk(connection))
    except (OSError, ConnectionError, ValueError):
        pass  # the client has had enough
    finally:
        if connection:
            connection.close()


def run(command: list) -> tuple:
    """Exit code, stdout, stderr, seconds, CPU seconds, KiB."""
    with tempfile.TemporaryFile() as out, tempfile.TemporaryFile() as err:
        started = time.monotonic()
        pid = os.posix_spawn(command[0], command, {"LC_ALL": "C"},
                             file_actions=[(os.POSIX_SPAWN_DUP2, out.fileno(), 1), (os.POSIX_SPAWN_DUP2, err.fileno(), 2)])
        _, status, usage = os.wait4(pid, 0)
        duration = time.monotonic() - started
        out.seek(0)
        err.seek(0)
        return (os.waitstatus_to_exitcode(status), out.read(), err.read(), duration, usage.ru_utime + usage.ru_stime, usage.ru_maxrss)


def judge(name: str, plugin: str, folder: Path, output: str) -> list:
    server, step, finding, options, secure, login, state = CASES[name]
    timeout = SILENCE if "timeout" in step else FLOOD_TIME
    context = None
    if secure:
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        context.load_cert_chain(folder / "ca" / "good.pem")
    with socket.socket() as listener:
        if name == "nothing_is_read":
            listener.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 2048)
        listener.bind(("127.0.0.1", 0))
        listener.listen(1)
        thread = threading.Thread(target=serve, args=(listener, server, context), daemon=True)
        thread.start()
        implicit = secure or "implicit" in options
        command = [plugin, "-H", test_ca.HOST, "--address", "127.0.0.1", "-p", str(listener.getsockname()[1]), "-t", str(timeout),
                   "-U", "probe", "--password-file", str(folder / ("password" if login else "long")), "--output", output]
        command += ["--tls", "implicit", "--ca-file", str(folder / "ca" / "ca.pem")] if implicit else ["--tls", "none", "--allow-plaintext-auth"]
        code, stdout, stderr, duration, cpu, memory = run(command + [word for word in options if word not in ("--tls", "implicit")])
        thread.join(timeout + 8)
    print(f"{name:40} {output:5} exit {code}, {duration:5.2f} s, CPU {cpu:4.2f} s, {memory / 1024:5.1f} MiB", flush=True)
    faults = [f"stderr: {stderr[:200]!r}"] if stderr else []
    if duration > timeout + 1:
        faults.append(f"took {duration:.1f} s of {timeout} s")
    if cpu > CPU:
        faults.append(f"used {cpu:.1f} s of CPU")
    if memory > MEMORY:
        faults.append(f"used {memory / 1024:.0f} MiB")
    faults += plugin_output.leaks(stdout, PASSWORD, "probe")
    if output == "json":
        try:
            text = json.loads(stdout)
            line = f"IMAP {text['state']} - {text['summary']}"
        except (ValueError, KeyError) as error:
            return [*faults, f"JSON: {error}: {stdout[:300]!r}"]
    else:
        reading = plugin_output.read(stdout)
        faults += reading.faults
        line = reading.text
    wanted = f"IMAP {state} - {step}"
    if not line.startswith(wanted) or finding not in line:
        faults.append(f"the line is not '{wanted} ... {finding}': {line[:300]}")
    return faults


def main() -> int:
    if len(sys.argv) < 2:
        sys.exit(__doc__)
    plugin = str(Path(sys.argv[1]).resolve() / "check_imap_login")
    failed = []
    with tempfile.TemporaryDirectory(prefix="hostile.") as name:
        folder = Path(name)
        test_ca.make(folder / "ca")
        for file, secret in {"password": PASSWORD, "long": "x" * 65000}.items():
            (folder / file).write_text(secret)
            (folder / file).chmod(0o600)
        for each in sys.argv[2:] or CASES:
            for output in ("plain", "json"):
                faults = judge(each, plugin, folder, output)
                failed += faults
                for fault in faults:
                    print(f"    * {fault}")
    print(f"{len(failed)} faults in {len(CASES)} hostile servers")
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main())
