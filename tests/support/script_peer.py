"""The script peer: a server that plays one scenario file on 127.0.0.1 and knows no protocol.

It says what the file says, insists that the client says what the file says, delays, drips, breaks off and talks TLS when
told, and holds every deviation against the client. One connection is played and a second one is a fault, unless the file
says `connections: any`: then each plays the script, also at the same time.

    peer = ScriptPeer(scenario, mode="byte", certificates=folder, variables={...})
    peer.start()                 # peer.port is known at once
    ... run the client ...
    fault = peer.finish()        # None, or a sentence that says what went wrong

By hand, to look at a scenario with any client:  python3 tests/support/script_peer.py FILE [whole|line|byte]
"""
from __future__ import annotations

import random
import select
import socket
import ssl
import struct
import sys
import tempfile
import threading
import time
from pathlib import Path

import certificates as test_ca
import scenario as scenarios
import tls_server

MODES = ("whole", "line", "byte")
BETWEEN_LINES = 0.001
BETWEEN_BYTES = 0.00005
LAST_LOOK = 0.05  # after the script's end the client has this long to say something that it should not
BYTEWISE_UP_TO = 4096  # longer than that: byte by byte at both ends, in pieces between


class PeerFault(Exception):
    """The client did not do what the scenario wants."""


class ClientHungUp(Exception):
    """The connection is gone. A fault, unless the scenario allows it."""


class Wire:
    """The server's end of one connection, plain or TLS: every wait ends at the limit or when the test is over."""

    def __init__(self, connection: socket.socket, limit: float, over: threading.Event):
        if connection.family != socket.AF_UNIX:
            connection.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        self.socket = connection
        self.deadline = time.monotonic() + limit
        self.over = over
        self.unread = bytearray()
        self._stapling = None

    def sleep(self, duration: float) -> None:
        self.over.wait(duration)

    def send(self, data: bytes) -> None:
        try:
            self.socket.settimeout(max(0.01, self.deadline - time.monotonic()))
            self.socket.sendall(data)
        except socket.timeout:
            raise PeerFault("the client no longer reads") from None
        except OSError as error:
            raise ClientHungUp(str(error)) from None

    def receive(self, until: float) -> bool:
        """Waits for bytes until then; False when none came in time."""
        while time.monotonic() < until:
            self.socket.settimeout(min(0.05, max(0.001, until - time.monotonic())))
            try:
                data = self.socket.recv(65536)
            except (socket.timeout, ssl.SSLWantReadError):
                continue
            except (OSError, ValueError) as error:
                raise ClientHungUp(str(error)) from None
            if not data:
                raise ClientHungUp("the client closed the connection")
            self.unread += data
            return True
        return False

    def line(self) -> bytes:
        while b"\n" not in self.unread:
            if not self.receive(self.deadline):
                raise PeerFault(f"waited in vain for a line of the client; it said {bytes(self.unread)!r}")
        end = self.unread.index(b"\n") + 1
        line = bytes(self.unread[:end])
        del self.unread[:end]
        if not line.endswith(b"\r\n"):
            raise PeerFault(f"a line of the client ends in a bare line feed: {line!r}")
        return line[:-2]

    def wait_for_close(self) -> bytes:
        """Everything that the client says until it hangs up."""
        try:
            while self.receive(self.deadline):
                pass
        except ClientHungUp:
            heard = bytes(self.unread)
            self.unread.clear()
            return heard
        raise PeerFault("the client does not hang up")

    def handshake(self, scenario, certificates) -> None:
        if self.unread:
            raise PeerFault(f"the client spoke before the go-ahead for TLS: {bytes(self.unread)!r}")
        if scenario.staple or scenario.signatures:
            self._stapling = tls_server.StaplingServer(self.socket, scenario, certificates)
            self.socket = self._stapling.inside
            return
        context = tls_server.context(scenario, certificates)
        self.socket.settimeout(max(0.01, self.deadline - time.monotonic()))
        self.socket = context.wrap_socket(self.socket, server_side=True, do_handshake_on_connect=False)
        self.socket.do_handshake()

    def close(self) -> None:
        """An orderly end: close_notify, FIN, and what the client still sends is read, lest the kernel sends a reset."""
        try:
            if isinstance(self.socket, ssl.SSLSocket):
                self.socket.settimeout(0)
                try:
                    self.socket.unwrap()
                except (ssl.SSLError, OSError, ValueError):
                    pass
            self.drop()
        except OSError:
            pass

    def drop(self) -> None:
        """FIN without close_notify."""
        if self._stapling:  # openssl does not pass the end on
            self.deadline = min(self.deadline, time.monotonic() + 0.3)
        try:
            self.socket.shutdown(socket.SHUT_WR)
        except OSError:
            return
        raw = socket.socket(fileno=self.socket.detach())
        with raw:
            raw.settimeout(0.05)
            while time.monotonic() < self.deadline and not self.over.is_set():
                try:
                    if not raw.recv(65536):
                        return
                except socket.timeout:
                    continue
                except OSError:
                    return

    def reset(self) -> None:
        self.socket.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
        raw = self.socket.detach()
        socket.socket(fileno=raw).close()

    def end(self) -> None:
        """Whatever state it is in."""
        self.socket.close()
        if self._stapling:
            self._stapling.end()


class ScriptPeer(threading.Thread):
    bytewise_up_to, piece = BYTEWISE_UP_TO, 1021  # of mode "byte"

    def __init__(self, scenario, mode="whole", certificates=None, variables=None, pauses=None):
        super().__init__(daemon=True)
        self.scenario = scenario
        self.mode = mode
        self.certificates = certificates
        self.variables = dict(variables or {})
        self.pauses = dict(pauses or {})  # @pause NAME -> seconds
        self.is_pausing = threading.Event()  # set when one of them begins
        self.fault = None
        self.dialogue = []  # for the report of a failed scenario
        self.over = threading.Event()
        self._limit = scenario.verdict.within + 10
        self._plays = []
        self._fillers = []
        self.socket_path = ""  # with `listen: unix`
        self._listen()

    def _listen(self) -> None:
        self.port = 0
        if self.scenario.listen == "unix":
            self._folder = tempfile.TemporaryDirectory(prefix="scenario-socket.")
            self.socket_path = str(Path(self._folder.name) / "socket")
            self._listener = socket.socket(socket.AF_UNIX)
            self._listener.bind(self.socket_path)
            self._listener.listen(5)
            return
        self._listener = socket.socket()
        self._listener.bind(("127.0.0.1", 0))
        self.port = self._listener.getsockname()[1]
        if self.scenario.listen == "hang":
            self._fill_backlog()
        elif self.scenario.listen != "refuse":  # refuse: bound, so that nobody else gets the port, and deaf
            self._listener.listen(5)

    def _fill_backlog(self) -> None:
        """With a full queue Linux drops further SYNs: connect() hangs, as behind a dead firewall."""
        self._listener.listen(0)
        for _ in range(4):
            filler = socket.socket()
            filler.setblocking(False)
            filler.connect_ex(("127.0.0.1", self.port))
            self._fillers.append(filler)
        time.sleep(0.05)

    def run(self) -> None:
        if self.scenario.listen in ("refuse", "hang"):
            return
        try:
            connection = self._accept(self._limit)
            if self.scenario.listen == "untouched":
                if connection:
                    connection.close()
                    self.fault = "the client connected, and it had no business to"
            elif connection is None:
                self.fault = "the client never connected"
            elif self.scenario.connections == "any":
                self._play_all(connection)
            else:
                self._play(connection)
        except Exception as error:  # a thread's exception would be lost
            self.fault = self.fault or f"{type(error).__name__}: {error}"

    def _accept(self, limit: float):
        deadline = time.monotonic() + limit
        while time.monotonic() < deadline:
            if select.select([self._listener], [], [], 0.02)[0]:
                return self._listener.accept()[0]
            if self.over.is_set():
                return None
        return None

    def _play_all(self, connection) -> None:
        while connection is not None:
            self._plays.append(threading.Thread(target=self._play, args=(connection,), daemon=True))
            self._plays[-1].start()
            connection = self._accept(float("inf"))
        for play in self._plays:
            play.join(self._limit)

    def _play(self, connection) -> None:
        fault = Play(self, Wire(connection, self._limit, self.over)).play()
        self.fault = self.fault or fault

    def finish(self):
        """The client has ended: ends the server too and returns the fault, if any."""
        self.over.set()
        self.join(self._limit + 5)
        if self._listener.fileno() < 0:  # finished before
            return self.fault
        is_second_fault = self.scenario.listen in ("plain", "unix") and self.scenario.connections == "one"
        if is_second_fault and self.fault is None and select.select([self._listener], [], [], 0)[0]:
            self.fault = "the client connected a second time"
        for each in [self._listener, *self._fillers]:
            each.close()
        return self.fault


class Play:
    """The script, played once, for one connection."""

    def __init__(self, peer: ScriptPeer, wire: Wire):
        self.peer = peer
        self.scenario = peer.scenario
        self.variables = dict(peer.variables)
        self.dialogue = peer.dialogue
        self.fault = None
        self._wire = wire
        self._pending = []
        self._together = False
        self._drip = None
        self._may_hang_up = False

    def play(self):
        """Returns the fault, if any."""
        try:
            self._play()
        except Exception as error:  # a thread's exception would be lost
            self.fault = self.fault or f"{type(error).__name__}: {error}"
        return self.fault

    def _play(self) -> None:
        step = None
        try:
            for step in self.scenario.steps:
                if step.verb in ("S", "S-", "L"):
                    self._add(step)
                    continue
                self._flush()
                if self._act(step) == "end":
                    return
            self._flush()
            self._may_hang_up = True
            if self._wire.unread or self._wire.receive(time.monotonic() + LAST_LOOK):
                raise PeerFault(f"after the end of the script the client still said {bytes(self._wire.unread)!r}")
            self._wire.close()
        except ClientHungUp as gone:
            if not self._may_hang_up:
                self.fault = f"{step.where}: the client hung up too early ({gone})"
            elif self._wire.unread:
                self.fault = f"{step.where}: the client hung up after {bytes(self._wire.unread)!r}"
        except PeerFault as fault:
            self.fault = f"{step.where}: {fault}"
        finally:
            self._wire.end()

    def _add(self, step) -> None:
        if step.verb == "S" and "{size}" in step.text:
            self._pending.append([step, None])
        else:
            self._pending.append([step, self._bytes_of(step)])

    def _bytes_of(self, step, size=0) -> bytes:
        data = scenarios.expand(step.text, {**self.variables, "size": size})
        if step.verb == "L":
            return data + b"\r\n"
        return data + (b"" if step.verb == "S-" else self.scenario.line_end)

    def _flush(self) -> None:
        """Says everything that has gathered, cut as the mode (or @drip, or @together) wants."""
        lines = []
        for index, (step, data) in enumerate(self._pending):
            if data is None:  # {size}: the bytes of the L: lines below
                size = 0
                for following, below in self._pending[index + 1:]:
                    if following.verb != "L":
                        break
                    size += len(below)
                data = self._bytes_of(step, size)
            lines.append(data)
        self._pending.clear()
        together, self._together = self._together, False
        if lines:
            self._say(lines, together)

    def _say(self, lines: list, together: bool) -> None:
        everything = b"".join(lines)
        self.dialogue.append(b"S: " + everything)
        if self._drip:
            size, interval = self._drip
            for position in range(0, len(everything), size):
                self._wire.send(everything[position:position + size])
                self._wire.sleep(interval)
        elif together or self.peer.mode == "whole":
            self._wire.send(everything)
        else:
            by_line = self.peer.mode == "line"
            pieces, pause = (lines, BETWEEN_LINES) if by_line else (self._bytewise(everything), BETWEEN_BYTES)
            for piece in pieces:
                self._wire.send(piece)
                time.sleep(pause)

    def _bytewise(self, data: bytes) -> list:
        if len(data) <= self.peer.bytewise_up_to:
            return [data[i:i + 1] for i in range(len(data))]
        edge, piece = self.peer.bytewise_up_to // 8, self.peer.piece
        middle = data[edge:-edge]
        return (self._bytewise(data[:edge]) + [middle[i:i + piece] for i in range(0, len(middle), piece)]
                + self._bytewise(data[-edge:]))

    def _act(self, step):
        if step.verb == "A":
            return self._answer(step.answers)
        return getattr(self, "_on_" + step.verb.replace("-", "_"))(step.text)

    def _on_C(self, text: str) -> None:
        line = self._wire.line()
        self.dialogue.append(b"C: " + line + b"\n")
        match = scenarios.pattern(text, self.variables).fullmatch(line)
        if not match:
            raise PeerFault(f"the client said {line!r}, and not {text!r}")
        self.variables.update(match.groupdict())

    def _answer(self, answers: list) -> str:
        """Until an answer says otherwise, or the client hangs up."""
        self._may_hang_up = True
        while True:
            answer = self._matching(answers, self._wire.line())
            if answer.answered is not None:
                self._say([scenarios.expand(answer.answered, self.variables) + self.scenario.line_end], False)
            if answer.after == "A.":
                self._wire.close()
                return "end"
            if answer.after == "A>":
                return ""

    def _matching(self, answers: list, line: bytes):
        self.dialogue.append(b"C: " + line + b"\n")
        for answer in answers:
            match = scenarios.pattern(answer.asked, self.variables).fullmatch(line)
            if match:
                self.variables.update(match.groupdict())
                return answer
        raise PeerFault(f"the client said {line!r}, and that has no answer here")

    def _on_tls(self, text: str) -> str:
        try:
            self._wire.handshake(self.scenario, self.peer.certificates)
            self.dialogue.append(b"-- TLS\n")
        except (ssl.SSLError, OSError) as error:
            self.dialogue.append(f"-- no TLS: {error}\n".encode())
            if text not in ("rejected", "attempted"):
                raise PeerFault(f"no TLS came about: {error}") from None
            self._wire.drop()  # the alert must reach the client
            return "end"
        if text != "rejected":
            return ""
        if self._wire.wait_for_close():  # the client may finish the handshake first and judge then
            raise PeerFault("the client spoke inside TLS that it had to turn down")
        return "end"

    _on_starttls = _on_tls

    def _on_delay(self, text: str) -> None:
        self._wire.sleep(scenarios.seconds(text))

    def _on_pause(self, text: str) -> None:
        if self.peer.pauses.get(text):
            self.peer.is_pausing.set()
            self._wire.sleep(self.peer.pauses[text])

    def _on_drip(self, text: str) -> None:
        if text == "off":
            self._drip = None
            return
        words = text.split()  # "1 byte 100ms"
        self._drip = (int(words[0]), scenarios.seconds(words[-1]))

    def _on_together(self, _text: str) -> None:
        self._together = True

    def _on_garbage(self, text: str) -> None:
        self._say([random.Random(20).randbytes(int(text))], False)

    def _on_expect_silence(self, text: str) -> None:
        if self._wire.unread or self._wire.receive(time.monotonic() + scenarios.seconds(text)):
            raise PeerFault(f"the client had to be silent and said {bytes(self._wire.unread)!r}")

    def _on_expect_close(self, _text: str):
        said = self._wire.wait_for_close()
        if said:
            raise PeerFault(f"the client had to hang up and said {said!r}")
        return "end"

    def _on_may_hang_up(self, _text: str) -> None:
        self._may_hang_up = True

    def _on_hang(self, _text: str) -> str:
        self._wire.wait_for_close()
        return "end"

    def _on_close(self, _text: str) -> str:
        self._wire.close()
        return "end"

    def _on_drop(self, _text: str) -> str:
        self._wire.drop()
        return "end"

    def _on_reset(self, _text: str) -> str:
        self._wire.sleep(0.02)  # a reset overtakes nothing that the client has read, but wipes what it has not
        self._wire.reset()
        return "end"


def main() -> int:
    if len(sys.argv) not in (2, 3) or len(sys.argv) == 3 and sys.argv[2] not in MODES:
        print(__doc__)
        return 2
    scenario = scenarios.load(sys.argv[1])
    scenario.verdict.within = 3600
    with tempfile.TemporaryDirectory() as folder:
        authority = test_ca.make(Path(folder) / "certificates")
        peer = ScriptPeer(scenario, sys.argv[2] if len(sys.argv) == 3 else "whole", authority,
                          {"password": "correct-horse-battery"})
        print(f"127.0.0.1 port {peer.port}, CA certificate {authority / 'ca.pem'}; one connection is played", flush=True)
        peer.start()
        peer.join()
        sys.stdout.write(b"".join(peer.dialogue).decode("utf-8", "replace"))
        print("fault:", peer.fault)
        return 1 if peer.fault else 0


if __name__ == "__main__":
    sys.exit(main())
