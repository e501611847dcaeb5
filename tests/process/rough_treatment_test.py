#!/usr/bin/env python3
"""What a scheduler, a shell or an odd environment does to a plugin: signals, closed descriptors, limits, strange names.

SIGTERM and SIGINT in every step end the run at once, with a line that names the step and the times of the finished ones.
Whatever is missing (standard descriptors, HOME, PATH, memory, a name server), there is one line and an exit code 0 to 3.

    rough_treatment_test.py FOLDER_OF_PLUGINS
"""
from __future__ import annotations

import base64
import json
import os
import signal
import socket
import subprocess
import sys
import tempfile
import time
import unittest
from pathlib import Path

HERE = Path(__file__).resolve().parent
sys.path[:0] = [str(HERE.parent / "support"), str(HERE.parent / "scenarios")]
import certificates as test_ca  # noqa: E402
import plugin_output  # noqa: E402
import run as runner  # noqa: E402
import scenario as scenarios  # noqa: E402
from dns_peer import DnsPeer  # noqa: E402
from script_peer import ScriptPeer  # noqa: E402

PLUGIN = ""
FOLDER = Path()  # of the certificates and the password file
SESSION = HERE / "step-times.txt"
IS_SANITIZED = "MAILCHECK_SANITIZED" in os.environ  # slower, and needs terabytes of address space
AT_ONCE = 1.0 if IS_SANITIZED else 0.15  # seconds from the signal to the end; the best of three counts, other tests are running
FULL = "connect greeting capability starttls tls auth select list search fetch quota logout".split()
SERVER = ["-H", test_ca.HOST, "--address", "127.0.0.1"]


def start(arguments: list, **more) -> subprocess.Popen:
    settings = {"stdin": subprocess.DEVNULL, "stdout": subprocess.PIPE, "stderr": subprocess.PIPE, "cwd": FOLDER,
                "env": runner.environment(), **more}
    return subprocess.Popen([PLUGIN, *arguments], **settings)


def run(arguments: list, **more):
    process = start(arguments, **more)
    out, err = process.communicate(timeout=30)
    return process.returncode, out, err


class Base(unittest.TestCase):
    def line_of(self, out: bytes, err: bytes = b"") -> str:
        """The text of the one status line; all rules of output hold."""
        reading = plugin_output.read(out)
        self.assertEqual(reading.faults, [], out)
        self.assertEqual(err, b"")
        self.labels = [label for label in reading.step_labels()]
        return reading.text

    def session(self, extra=(), pauses=None, commands=None, scenario=None, **more):
        """Plays a scenario; returns code, stdout, stderr and the peer."""
        loaded = scenarios.load(scenario or SESSION)
        peer = ScriptPeer(loaded, "whole", FOLDER / "ca", pauses=pauses)
        known = runner.variables(peer.port, FOLDER / "ca", FOLDER)
        peer.variables.update(known)
        _, *options = scenarios.expand(loaded.command, known).decode().split()
        peer.start()
        code, out, err = run([*options, *extra], **more)
        self.assertIsNone(peer.finish(), "the peer")
        return code, out, err


class Signals(Base):
    def interrupt(self, step: str, which) -> tuple:
        """One run that is interrupted in the step: code, stdout, stderr, seconds from the signal to the end."""
        loaded = scenarios.load(SESSION)
        loaded.verdict.within = 30
        peer = ScriptPeer(loaded, "whole", FOLDER / "ca", pauses={step: 20.0})
        known = runner.variables(peer.port, FOLDER / "ca", FOLDER)
        peer.variables.update(known)
        _, *options = scenarios.expand(loaded.command.replace("--timeout 8", "--timeout 25"), known).decode().split()
        peer.start()
        process = start(options)
        self.assertTrue(peer.is_pausing.wait(10), step)
        time.sleep(0.1)  # the client has begun to wait for the answer
        process.send_signal(which)
        began = time.monotonic()
        out, err = process.communicate(timeout=20)
        taken = time.monotonic() - began
        peer.finish()
        return process.returncode, out, err, taken

    def test_in_every_step(self):
        for number, step in enumerate(FULL[1:], 1):
            with self.subTest(step=step):
                fastest = 9.0
                for which in (signal.SIGTERM, signal.SIGINT, signal.SIGTERM):
                    code, out, err, taken = self.interrupt(step, which)
                    line = self.line_of(out, err)
                    self.assertEqual(self.labels, FULL[:number])
                    if step == "logout":  # everything is known by then
                        self.assertEqual((code, line[:7]), (0, "IMAP OK"), line)
                    else:
                        self.assertEqual(code, 2)
                        self.assertIn(f"IMAP CRITICAL - {step}: timeout, interrupted by a signal", line)
                    fastest = min(fastest, taken)
                    if fastest < AT_ONCE:
                        break
                self.assertLess(fastest, AT_ONCE)

    def interrupt_after(self, arguments: list, seconds: float = 0.5, **more) -> tuple:
        process = start(arguments, **more)
        time.sleep(seconds)
        self.assertIsNone(process.poll(), "it ended before the signal")
        process.send_signal(signal.SIGTERM)
        began = time.monotonic()
        out, err = process.communicate(timeout=20)
        self.assertLess(time.monotonic() - began, 1.0)
        return process.returncode, self.line_of(out, err)

    def test_in_a_look_up(self):
        with DnsPeer(None) as resolver:
            code, line = self.interrupt_after(["-H", "mail.example.test", "-t", "20", "--resolver", f"127.0.0.1:{resolver.port}"])
        self.assertEqual((code, self.labels), (2, []))
        self.assertIn("IMAP CRITICAL - dns: ", line)
        self.assertIn("interrupted", line)

    def test_while_connecting(self):
        peer = ScriptPeer(scenarios.load(HERE.parent / "scenarios/imap/connect-hangs.txt"), "whole", FOLDER / "ca")
        peer.start()
        code, line = self.interrupt_after([*SERVER, "-p", str(peer.port), "-t", "20"])
        peer.finish()
        self.assertEqual((code, self.labels), (2, []))
        self.assertIn("IMAP CRITICAL - connect: timeout, interrupted by a signal", line)

    def test_while_the_password_is_read(self):
        reader, writer = os.pipe()
        try:
            code, line = self.interrupt_after([*SERVER, "-p", "9", "-U", "probe", "--password-fd", "0"], stdin=reader)
        finally:
            os.close(reader)
            os.close(writer)
        self.assertEqual(code, 3)
        self.assertIn("IMAP UNKNOWN - --password-fd: cannot read descriptor 0: interrupted by a signal", line)

    def test_while_a_pipe_has_no_writer(self):
        pipe = FOLDER / "interrupted"
        os.mkfifo(pipe)
        for option in ("--password-file", "--oauth2-token-file"):
            code, line = self.interrupt_after([*SERVER, "-p", "9", "-U", "probe", option, pipe])
            self.assertEqual(code, 3)
            self.assertIn(f"IMAP UNKNOWN - {option}: cannot read '{pipe}': interrupted by a signal", line)

    def test_as_json(self):
        with DnsPeer(None) as resolver:
            process = start(["-H", "mail.example.test", "-t", "20", "--resolver", f"127.0.0.1:{resolver.port}", "--output", "json"])
            time.sleep(0.5)
            process.terminate()
            out, err = process.communicate(timeout=20)
        self.assertEqual((json.loads(out)["findings"][0]["name"], process.returncode, err), ("timeout", 2, b""))


class Descriptors(Base):
    """A socket must never take the place of a descriptor that is missing: the line would go to the server."""

    def shell(self, redirections: str):
        loaded = scenarios.load(SESSION)
        peer = ScriptPeer(loaded, "whole", FOLDER / "ca")
        known = runner.variables(peer.port, FOLDER / "ca", FOLDER)
        peer.variables.update(known)
        _, *options = scenarios.expand(loaded.command, known).decode().split()
        peer.start()
        done = subprocess.run(["sh", "-c", f'exec "$0" "$@" {redirections}', PLUGIN, *options], capture_output=True,
                              stdin=subprocess.DEVNULL, env=runner.environment(), check=False, timeout=30)
        self.assertIsNone(peer.finish(), redirections)
        return done

    def test_stdin_or_stderr_closed(self):
        for redirections in ("<&-", "2>&-", "<&- 2>&-"):
            with self.subTest(redirections=redirections):
                done = self.shell(redirections)
                self.assertEqual(done.returncode, 0)
                self.assertIn("IMAP OK - ", self.line_of(done.stdout, done.stderr))

    def test_stdout_that_takes_nothing_is_unknown(self):
        for redirections in (">&-", "<&- >&- 2>&-", ">/dev/full"):
            with self.subTest(redirections=redirections):
                done = self.shell(redirections)
                self.assertEqual((done.returncode, done.stdout, done.stderr), (3, b"", b""))

    def test_a_reader_that_has_gone(self):
        reader, writer = os.pipe()
        os.close(reader)
        process = start([*SERVER, "-p", "9"], stdout=writer)
        os.close(writer)
        self.assertEqual((process.wait(20), process.stderr.read()), (3, b""))
        process.stderr.close()

    def test_password_from_a_closed_descriptor(self):
        done = subprocess.run(["sh", "-c", 'exec "$0" "$@" <&-', PLUGIN, *SERVER, "-U", "probe", "--password-fd", "0"],
                              capture_output=True, check=False)
        self.assertEqual(done.returncode, 3)
        self.assertIn("--password-fd: ", self.line_of(done.stdout, done.stderr))


class Inputs(Base):
    """A pipe that nobody writes to, or that never ends, is waited for no longer than the time of the check."""

    CERTIFICATE = ["--client-cert", "ca/client.pem", "--client-key", "ca/client-encrypted.key"]
    LATE = "it has not ended in time"

    @classmethod
    def setUpClass(cls):
        os.mkfifo(FOLDER / "pipe")

    def refused(self, arguments: list, text: str, within: float = 2.5, **more):
        began = time.monotonic()
        code, out, err = run([*SERVER, "-p", "9", "-t", "0.5", *arguments], **more)
        self.assertLess(time.monotonic() - began, within, arguments)
        self.assertEqual(code, 3)
        self.assertIn("IMAP UNKNOWN - " + text, self.line_of(out, err))

    def test_without_a_writer(self):
        for option, more in (("--password-file", ["-U", "probe"]), ("--oauth2-token-file", ["-U", "probe"]),
                             ("--client-key-password-file", self.CERTIFICATE)):
            with self.subTest(option=option):
                self.refused([*more, option, "pipe"], f"{option}: cannot read 'pipe': {self.LATE}")

    def test_with_a_writer_that_never_ends(self):
        with open(FOLDER / "pipe", "r+b", buffering=0) as pipe:
            pipe.write(b"half a secr")
            self.refused(["-U", "probe", "--password-file", "pipe"], f"--password-file: cannot read 'pipe': {self.LATE}")

    def test_an_open_descriptor(self):
        reader, writer = os.pipe()
        try:
            self.refused(["-U", "probe", "--password-fd", "0"], f"--password-fd: cannot read descriptor 0: {self.LATE}",
                         stdin=reader)
            self.refused(["--extra-opts=x@-"], f"--extra-opts: cannot read descriptor 0: {self.LATE}", within=8, stdin=reader)
        finally:
            os.close(reader)
            os.close(writer)

    def test_options_from_a_pipe(self):
        self.refused(["--extra-opts=x@pipe"], f"--extra-opts: cannot read 'pipe': {self.LATE}", within=8)
        self.refused(["--extra-opts=x"], f"--extra-opts: cannot read 'pipe': {self.LATE}", within=8,
                     env={**runner.environment(), "MP_CONFIG_FILE": "pipe"})

    def test_files_of_openssl_must_be_files(self):
        certificate = self.CERTIFICATE[:2]
        for arguments in (["--ca-file", "pipe"], ["--client-cert", "pipe"], [*certificate, "--client-key", "pipe"]):
            with self.subTest(arguments=arguments):
                self.refused(arguments, f"{arguments[-2]}: ")
        self.refused([], "CA file pipe is not a regular file (SSL_CERT_FILE names it)",
                     env={**runner.environment(), "SSL_CERT_FILE": "pipe"})

    def test_process_substitution(self):
        loaded = scenarios.load(SESSION)
        peer = ScriptPeer(loaded, "whole", FOLDER / "ca")
        known = runner.variables(peer.port, FOLDER / "ca", FOLDER)
        peer.variables.update(known)
        _, *options = scenarios.expand(loaded.command, known).decode().split()
        place = options.index("--password-file")
        source = options[place + 1]
        del options[place:place + 2]
        peer.start()
        command = 'secret=$1; shift; exec "$0" "$@" --password-file <(sleep 0.2; cat "$secret")'
        done = subprocess.run(["bash", "-c", command, PLUGIN, source, *options], capture_output=True, cwd=FOLDER, check=False,
                              stdin=subprocess.DEVNULL, env={**runner.environment(), "LC_ALL": "C"}, timeout=30)
        self.assertIsNone(peer.finish())
        self.assertIn("IMAP OK - ", self.line_of(done.stdout, done.stderr))

    def test_the_time_for_the_secret_is_taken_from_the_check(self):
        with socket.create_server(("127.0.0.1", 0)) as server:
            began = time.monotonic()
            process = start([*SERVER, "-p", str(server.getsockname()[1]), "-t", "1.5", "-U", "probe", "--password-file", "pipe"])
            time.sleep(0.7)
            with open(FOLDER / "pipe", "wb") as pipe:
                pipe.write(b"correct-horse\n")
            out, err = process.communicate(timeout=20)
            self.assertLess(time.monotonic() - began, 2.0)
        self.assertIn("IMAP CRITICAL - greeting: timeout", self.line_of(out, err))


class Transcripts(Base):
    def test_a_disk_that_is_full_in_the_end_does_not_hide_the_verdict(self):
        for more, code, verdict in (([], 0, "IMAP OK - "), (["--expect-capability", "NOWHERE"], 2, "IMAP CRITICAL - ")):
            with self.subTest(verdict=verdict):
                got, out, err = self.session(["--transcript", "/dev/full", *more])
                self.assertEqual(got, code)
                self.assertIn(verdict, self.line_of(out, err))
        code, out, _ = self.session(["--transcript", "/dev/full", "--output", "json"])
        notes = {each["name"]: (each["state"], each["text"]) for each in json.loads(out)["findings"]}
        self.assertEqual(code, 0)
        self.assertEqual(notes["transcript-failed"], ("OK", "transcript-failed: cannot write /dev/full: No space left on device"))

    def test_a_file_that_may_not_grow_is_like_a_full_disk(self):
        loaded = scenarios.load(SESSION)
        peer = ScriptPeer(loaded, "whole", FOLDER / "ca")
        known = runner.variables(peer.port, FOLDER / "ca", FOLDER)
        peer.variables.update(known)
        _, *options = scenarios.expand(loaded.command, known).decode().split()
        peer.start()
        done = subprocess.run(["sh", "-c", 'ulimit -f 0; exec "$0" "$@"', PLUGIN, *options, "--transcript", FOLDER / "short",
                               "--output", "json"], capture_output=True, env=runner.environment(), check=False, timeout=30)
        self.assertIsNone(peer.finish())
        self.assertEqual((done.returncode, done.stderr), (0, b""))
        notes = {each["name"]: each["text"] for each in json.loads(done.stdout)["findings"]}
        self.assertRegex(notes["transcript-failed"], "^transcript-failed: cannot write .*/short: File too large$")

    def test_an_output_file_that_may_not_grow_is_unknown(self):
        for limit in ("", "ulimit -f 0; "):
            done = subprocess.run(["sh", "-c", limit + 'exec "$0" --version >"$1"', PLUGIN, FOLDER / "out"], capture_output=True,
                                  env=runner.environment(), check=False, timeout=30)
            self.assertEqual((done.returncode, done.stderr), (3, b""))
            self.assertEqual((FOLDER / "out").stat().st_size > 0, limit == "")

    def test_a_mistake_in_the_options_leaves_the_last_transcript(self):
        path = FOLDER / "last"
        path.write_text("the last run\n")
        path.chmod(0o644)
        for arguments in (["-U", "probe", "--password-env", "NOT_SET"], ["-H", "\u200e.example"], ["--ca-file", path]):
            code, out, err = run([*SERVER, "-p", "9", "--transcript", path, *arguments])
            self.assertEqual(code, 3, self.line_of(out, err))
            self.assertEqual(path.read_text(), "the last run\n")
        code, out, err = run([*SERVER, "-p", "9", "--transcript", path, "--insecure"])
        self.assertIn("IMAP CRITICAL - connect: ", self.line_of(out, err))
        self.assertEqual((path.read_text(), path.stat().st_mode & 0o777), ("", 0o600))

    def test_a_file_that_can_be_written_is_no_news(self):
        code, out, _ = self.session(["--transcript", FOLDER / "dialogue", "--output", "json"])
        self.assertEqual((code, json.loads(out)["findings"]), (0, []))
        self.assertIn("S: ", (FOLDER / "dialogue").read_text())


class Surroundings(Base):
    def test_without_any_environment(self):
        code, out, err = self.session(env={})
        self.assertEqual(code, 0)
        self.assertIn("IMAP OK - ", self.line_of(out, err))

    def test_decimal_commas(self):
        for name in ("LC_ALL", "LC_NUMERIC", "LANG"):
            code, out, err = self.session(["-w", "total=0.5"], env={name: "de_DE.UTF-8"})
            self.assertEqual(code, 0)
            self.line_of(out, err)
            self.assertIn(b";0.5", out)

    def limited(self, limit: str, command: list):
        return subprocess.run(["sh", "-c", f'{limit}; exec "$0" "$@"', PLUGIN, *command], capture_output=True, check=False,
                              env=runner.environment(), timeout=30)

    def test_few_descriptors(self):
        for count in (5, 6, 8):  # the loader itself needs four
            done = self.limited(f"ulimit -n {count}", [*SERVER, "-p", "9", "-t", "2"])
            self.assertIn(done.returncode, (2, 3))
            self.line_of(done.stdout, done.stderr)

    if not IS_SANITIZED:  # a sanitizer maps more than any limit allows
        def test_little_memory(self):
            for kilobytes in (24000, 32000, 64000):
                done = self.limited(f"ulimit -v {kilobytes}", [*SERVER, "-p", "9", "-t", "2"])
                if done.returncode == 127:
                    continue  # the loader could not even map the libraries
                self.assertIn(done.returncode, (2, 3))
                self.assertEqual(done.stderr, b"")
                self.assertEqual(done.stdout.count(b"\n"), 1)

    def test_fifty_milliseconds(self):
        with socket.create_server(("127.0.0.1", 0)) as server:
            began = time.monotonic()
            code, out, err = run([*SERVER, "-p", str(server.getsockname()[1]), "-t", "0.05"])
            self.assertLess(time.monotonic() - began, 1.0)
        self.assertEqual(code, 2)
        self.assertIn("IMAP CRITICAL - greeting: timeout", self.line_of(out, err))
        self.assertEqual(self.labels, ["connect"])


class NameServers(Base):
    def ask(self, addresses, name: str, *more, delay: float = 0.0):
        with DnsPeer(addresses, delay) as resolver:
            code, out, err = run(["-H", name, "-t", "2", "--resolver", f"127.0.0.1:{resolver.port}", *more])
            self.questions = resolver.questions
        return code, self.line_of(out, err)

    def test_silence_ends_at_the_deadline(self):
        began = time.monotonic()
        code, line = self.ask(None, "mail.example.test")
        self.assertLess(time.monotonic() - began, 3.0)
        self.assertEqual((code, self.labels), (2, []))
        self.assertIn("IMAP CRITICAL - dns: timeout, ", line)

    def test_a_name_that_does_not_exist(self):
        code, line = self.ask({}, "nothing.example.test")
        self.assertEqual(code, 2)
        self.assertRegex(line, r"^IMAP CRITICAL - dns: .*nothing\.example\.test.* does not exist")

    def test_a_name_with_umlauts_is_asked_as_the_wire_has_it(self):
        code, _ = self.ask({"xn--bcher-kva.example": ["127.0.0.1"]}, "bücher.example", "-p", "9")
        self.assertEqual((code, self.labels), (2, ["dns"]))
        self.assertEqual({name for name, _ in self.questions}, {"xn--bcher-kva.example"})

    def test_an_address_that_fails_is_a_note(self):
        loaded = scenarios.load(SESSION)
        peer = ScriptPeer(loaded, "whole", FOLDER / "ca")
        known = runner.variables(peer.port, FOLDER / "ca", FOLDER)
        peer.variables.update(known)
        _, *options = scenarios.expand(loaded.command, known).decode().split()
        place = options.index("--address")
        del options[place:place + 2]
        peer.start()
        with DnsPeer({test_ca.HOST: ["127.0.0.2", "127.0.0.1"]}) as resolver:
            code, out, err = run([*options, "-4", "--resolver", f"127.0.0.1:{resolver.port}", "--output", "json"])
        self.assertIsNone(peer.finish())
        report = json.loads(out)
        self.assertEqual((code, err, report["address"]), (0, b"", "127.0.0.1"))
        notes = {each["name"]: each["text"] for each in report["findings"]}
        self.assertIn("127.0.0.2: connection refused", notes.get("address-failed", ""))


class Names(Base):
    """User names, passwords and folders of every kind arrive at the server as they were given."""

    def heard(self, user: bytes, password: bytes, *more) -> tuple:
        """What a small plain server hears in AUTHENTICATE PLAIN and EXAMINE, and the plugin's run."""
        (FOLDER / "odd").write_bytes(password)
        (FOLDER / "odd").chmod(0o600)
        with socket.create_server(("127.0.0.1", 0)) as listener:
            process = start([*SERVER, "-p", str(listener.getsockname()[1]), "--tls", "none", "--allow-plaintext-auth", "-t", "5",
                             "-U", user, "--password-file", "odd", *more])
            listener.settimeout(10)
            connection = listener.accept()[0]
            connection.settimeout(10)
            stream = connection.makefile("rwb")
            commands, ready = {}, b"IMAP4rev1 LITERAL+ SASL-IR AUTH=PLAIN"
            stream.write(b"* OK [CAPABILITY " + ready + b"] ready\r\n")
            stream.flush()
            while line := stream.readline():
                while line.endswith(b"+}\r\n"):
                    size = int(line[line.rindex(b"{") + 1:-4])
                    line = line[:line.rindex(b"{")] + b"<" + stream.read(size) + b">" + stream.readline()
                tag, verb, *rest = line.rstrip(b"\r\n").split(b" ", 2)
                commands[verb] = rest[0] if rest else b""
                answer = {b"CAPABILITY": b"* CAPABILITY " + ready + b"\r\n", b"EXAMINE": b"* 1 EXISTS\r\n",
                          b"LOGOUT": b"* BYE\r\n"}.get(verb, b"")
                stream.write(answer + tag + b" OK done\r\n")
                stream.flush()
            stream.close()
            connection.close()
        out, err = process.communicate(timeout=20)
        self.assertEqual(err, b"")
        return commands, process.returncode, out.decode() if "json" in more else self.line_of(out), out

    def test_users_and_passwords(self):
        for user, password in ((b"a b", b" leading and trailing "), (b'quo"te', b'\\"\\'), (b"back\\slash", b"tab\there"),
                               ("jürgen@exämple".encode(), "pässwörd €".encode()), (b"u" * 10000, b"p" * 10000),
                               (b"percent%s%n", b"%n%s{}{0}"), (b"*", b"\xff\xfe binary \x01\x80"), (b"{12}", b"{5}")):
            with self.subTest(user=user[:20]):
                commands, code, line, out = self.heard(user, password)
                self.assertEqual(code, 0, line)
                heard = base64.b64decode(commands[b"AUTHENTICATE"].split()[1])
                self.assertEqual(heard, b"\0" + user + b"\0" + password)
                self.assertNotIn(base64.b64encode(heard), out)
                if len(password) > 3:
                    self.assertNotIn(password.strip(), out)
                _, code, _, out = self.heard(user, password, "--output", "json")
                self.assertEqual((code, json.loads(out)["state"]), (0, "OK"))

    def test_login_command_with_everything(self):
        commands, code, line, _ = self.heard(b'a"b\\c d', b'x"y\\ {3}', "--auth", "LOGIN-COMMAND")
        self.assertEqual(code, 0, line)
        self.assertIn(commands[b"LOGIN"], (b'"a\\"b\\\\c d" "x\\"y\\\\ {3}"', b'<a"b\\c d> <x"y\\ {3}>'))

    def test_folders(self):
        for folder, wanted in ((b"a*b", (b'"a*b"',)), (b"100%", (b'"100%"',)), (b'say "hi"', (b'"say \\"hi\\""', b'<say "hi">')),
                               (b"back\\slash", (b'"back\\\\slash"', b"<back\\slash>")), (b"A & B", (b'"A &- B"',)),
                               ("Entwürfe".encode(), (b"Entw&APw-rfe", b'"Entw&APw-rfe"')), (b"{3}", (b'"{3}"', b"<{3}>")),
                               ("日本語".encode(), (b"&ZeVnLIqe-", b'"&ZeVnLIqe-"')), (b"x" * 10000, (b"x" * 10000, b'"' + b"x" * 10000 + b'"'))):
            with self.subTest(folder=folder[:20]):
                commands, code, line, _ = self.heard(b"probe", b"correct-horse", "-m", folder)
                self.assertEqual(code, 0, line)
                self.assertIn(commands[b"EXAMINE"], wanted)

    def test_a_list_pattern_is_a_name(self):
        _, code, line, _ = self.heard(b"probe", b"correct-horse", "--list", "*")
        self.assertEqual(code, 2, line)
        self.assertIn("not-expected, no mailbox *", line)


def main() -> None:
    global PLUGIN, FOLDER
    if len(sys.argv) < 2:
        sys.exit(__doc__)
    PLUGIN = str(Path(sys.argv.pop(1)).resolve() / "check_imap_login")
    with tempfile.TemporaryDirectory(prefix="rough.") as name:
        FOLDER = Path(name)
        test_ca.make(FOLDER / "ca")
        outcome = unittest.main(exit=False).result
    sys.exit(0 if outcome.wasSuccessful() else 1)


if __name__ == "__main__":
    main()
