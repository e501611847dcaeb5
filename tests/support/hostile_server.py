"""Servers that flood, drip, stall or break TLS, for one plugin: bounded memory, CPU and time, and a proper line at the end.

Each case is a server of a few lines. Whatever it does, the plugin ends within its deadline with one status line that names
the step, uses less than MEMORY and CPU, and writes valid JSON about it.

    SERVERS = HostileServers("check_imap_login", "IMAP", Talk)

    @SERVERS.case("greeting: protocol-error", "line longer than")
    def noise_for_a_greeting(talk):
        talk.flood(b"noise")

    sys.exit(SERVERS.main())     # arguments: FOLDER_OF_PLUGINS [case ...]

A plugin that connects more than once is served in the same way each time.
"""
from __future__ import annotations

import json
import os
import socket
import ssl
import sys
import tempfile
import threading
import time
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path

import certificates as test_ca
import plugin_output

PASSWORD = "correct-horse-battery"
SILENCE = 4.0  # -t of a server that is to be given up
MEMORY = 32 * 1024  # KiB at most; the plugin itself takes about 12 MiB, this Python about 22 (Linux begins with that)
CPU = 3.0  # seconds at most, of a build without optimisation on a busy machine
if "MAILCHECK_SANITIZED" in os.environ:  # shadow memory, quarantine, instrumented code
    MEMORY, CPU = 40 * MEMORY, 5 * CPU
FLOOD_TIME = 10 * CPU  # -t of a server that is to be cut off by a limit of size
FLOOD = 100 * 1024 * 1024

EXIT_CODES = {"OK": 0, "WARNING": 1, "CRITICAL": 2, "UNKNOWN": 3}
LARGE = 6 * 1024 * 1024  # bytes of {large}, a text to be sent: more than the kernel takes over


@dataclass
class Case:
    serve: object
    step: str  # what the line names
    finding: str
    options: list
    secure: bool  # TLS from the first byte; the server's end is in it
    login: bool  # with a short password, not one of 65,000 bytes
    state: str
    is_deaf: bool  # the smallest buffer, so that what is not read is not taken either

    @property
    def memory(self) -> int:
        """KiB at most; what is to be sent is ours, and some copies of it are no fault of the server's."""
        return MEMORY + (8 * LARGE // 1024 if "{large}" in self.options else 0)

    @property
    def patience(self) -> float:
        return SILENCE if "timeout" in self.step else FLOOD_TIME


class Talk:
    """The server's end of one connection."""

    def __init__(self, connection):
        self.connection, self.unread, self.line = connection, b"", b""

    def say(self, data: bytes) -> None:
        self.connection.sendall(data)

    def command(self) -> bytes:
        """The first word of the next line; the whole of it is self.line."""
        while b"\n" not in self.unread:
            data = self.connection.recv(65536)
            if not data:
                raise ConnectionError
            self.unread += data
        line, _, self.unread = self.unread.partition(b"\n")
        self.line = line
        return line.split()[0]

    def flood(self, piece: bytes, total: int = FLOOD) -> None:
        block = piece * max(1, 65536 // len(piece))
        for _ in range(total // len(block) + 1):
            self.say(block)

    def drip(self, data: bytes) -> None:
        for byte in data:
            self.say(bytes([byte]))
            time.sleep(0.05)

    def stay(self) -> None:
        while self.connection.recv(65536):
            pass


class HostileServers:
    workers = 1  # cases at the same time
    own_memory = 0  # KiB that this Python takes beyond the usual: see MEMORY
    more_certificates = None  # a script for certificates.make()

    def __init__(self, program: str, service: str, talk):
        self.program, self.service, self.talk = program, service, talk
        self.cases = {}

    def case(self, step: str, finding: str = "", options: str = "", secure: bool = False, login: bool = True,
             state: str = "CRITICAL", is_deaf: bool = False):
        """Registers a server; `step` and `finding` are what the line must name."""
        def register(serve):
            self.cases[serve.__name__] = Case(serve, step, finding, options.split(), secure, login, state, is_deaf)
            return serve
        return register

    def serve(self, listener, case: Case, context) -> None:
        while True:
            try:
                connection, _ = listener.accept()
            except OSError:
                return  # shut down
            self.serve_one(connection, case, context)

    def serve_one(self, connection, case: Case, context) -> None:
        try:
            connection.settimeout(FLOOD_TIME)
            if context:
                connection = context.wrap_socket(connection, server_side=True)
            case.serve(self.talk(connection))
        except (OSError, ConnectionError, ValueError):
            pass  # the client has had enough
        finally:
            connection.close()

    def command(self, case: Case, port: int, folder: Path, output: str) -> list:
        command = [self.plugin, "-H", test_ca.HOST, "--address", "127.0.0.1", "-p", str(port), "-t", str(case.patience),
                   "-U", "probe", "--password-file", str(folder / ("password" if case.login else "long")), "--output", output]
        if case.secure or "--tls" in case.options:
            command += ["--ca-file", str(folder / "ca" / "ca.pem")]
        if "--tls" not in case.options:
            command += ["--tls", "implicit"] if case.secure else ["--tls", "none", "--allow-plaintext-auth"]
        return command + [word.replace("{large}", str(folder / "large")) for word in case.options]

    def judge(self, name: str, folder: Path, output: str) -> list:
        case = self.cases[name]
        context = None
        if case.secure:
            context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
            context.load_cert_chain(folder / "ca" / "good.pem")
        with socket.socket() as listener:
            if case.is_deaf:
                listener.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 2048)
            listener.bind(("127.0.0.1", 0))
            listener.listen()
            thread = threading.Thread(target=self.serve, args=(listener, case, context), daemon=True)
            thread.start()
            code, stdout, stderr, duration, cpu, memory = run(self.command(case, listener.getsockname()[1], folder, output))
            listener.shutdown(socket.SHUT_RDWR)
            thread.join(case.patience + 8)
        print(f"{name:40} {output:5} exit {code}, {duration:5.2f} s, CPU {cpu:4.2f} s, {memory / 1024:5.1f} MiB", flush=True)
        faults = [f"stderr: {stderr[:200]!r}"] if stderr else []
        if duration > case.patience + 1:
            faults.append(f"took {duration:.1f} s of {case.patience} s")
        if cpu > CPU:
            faults.append(f"used {cpu:.1f} s of CPU")
        if memory > case.memory + self.own_memory:
            faults.append(f"used {memory / 1024:.0f} MiB")
        if code != EXIT_CODES[case.state]:
            faults.append(f"exit code {code}")
        return faults + self.judge_output(case, stdout, output)

    def tidy(self, line: str) -> str:
        """The line without what differs from run to run."""
        return line

    def judge_output(self, case: Case, stdout: bytes, output: str) -> list:
        faults = plugin_output.leaks(stdout, PASSWORD, "probe")
        if output == "json":
            try:
                text = json.loads(stdout)
                line = f"{self.service} {text['state']} - {text['summary']}"
            except (ValueError, KeyError) as error:
                return [*faults, f"JSON: {error}: {stdout[:300]!r}"]
        else:
            reading = plugin_output.read(stdout)
            faults += reading.faults
            line = reading.text
        line = self.tidy(line)
        wanted = f"{self.service} {case.state} - {case.step}"
        if not line.startswith(wanted) or case.finding not in line:
            faults.append(f"the line is not '{wanted} ... {case.finding}': {line[:300]}")
        return faults

    def judge_and_tell(self, name: str, output: str, folder: Path) -> list:
        faults = self.judge(name, folder, output)
        for fault in faults:
            print(f"    * {name}: {fault}", flush=True)
        return faults

    def prepare(self, folder: Path) -> None:
        """Makes what the servers need besides the certificates in folder/ca."""

    def main(self) -> int:
        if len(sys.argv) < 2:
            sys.exit(__doc__)
        self.plugin = str(Path(sys.argv[1]).resolve() / self.program)
        with tempfile.TemporaryDirectory(prefix="hostile.") as name:
            folder = Path(name)
            test_ca.make(folder / "ca", self.more_certificates)
            for file, text in {"password": PASSWORD, "long": "x" * 65000}.items():
                (folder / file).write_text(text)
                (folder / file).chmod(0o600)
            with open(folder / "large", "w", encoding="utf-8") as large:  # line by line: see MEMORY
                large.writelines("a line of text\n" for _ in range(LARGE // 15))
            self.prepare(folder)
            runs = [(each, output) for each in sys.argv[2:] or self.cases for output in ("plain", "json")]
            with ThreadPoolExecutor(self.workers) as pool:
                failed = [fault for faults in pool.map(lambda one: self.judge_and_tell(*one, folder), runs) for fault in faults]
        print(f"{len(failed)} faults in {len(self.cases)} hostile servers")
        return 1 if failed else 0


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
