"""When a message is seen after Dovecot stored it, without a debugger: check_mail_roundtrip gets a terminal as stderr
and tells there (-v) when the message was accepted; from there to the first sight it is its `transit`. Dovecot's log has
the time of storage. A relay before Dovecot's LMTP holds messages back. All clocks are this machine's."""

import datetime
import imaplib
import os
import pty
import re
import socket
import ssl
import subprocess
import tempfile
import threading
import time
from dataclasses import dataclass

from compare import CLEAN, dovecot

ACCEPTED = b"accepted, "
TRANSIT = re.compile(r" transit=([0-9.]+)s")
STORED = re.compile(r"^(\S+ \S+ \S+) lmtp\(.*: stored mail into mailbox '(.*)'$", re.MULTILINE)
PATIENCE_SECONDS = 10


class LateRelay:
    """A relay before Dovecot's LMTP that lets every connection wait for `delay` seconds."""

    def __init__(self, env):
        self.delay = 0.0
        self._target = ("127.0.0.1", int(env["LIVE_LMTP_PORT"]))
        self._listener = socket.create_server(("127.0.0.1", 0))
        self.port = self._listener.getsockname()[1]
        threading.Thread(target=self._serve, daemon=True).start()

    def close(self):
        self._listener.close()

    def _serve(self):
        while True:
            try:
                client, _ = self._listener.accept()
            except OSError:
                return
            threading.Thread(target=self._relay, args=(client, self.delay), daemon=True).start()

    def _relay(self, client, delay):
        time.sleep(delay)
        with client, socket.create_connection(self._target) as server:
            for one in (client, server):
                one.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
            back = threading.Thread(target=self._pump, args=(server, client), daemon=True)
            back.start()
            self._pump(client, server)
            back.join()

    @staticmethod
    def _pump(source, sink):
        try:
            for data in iter(lambda: source.recv(65536), b""):
                sink.sendall(data)
            sink.shutdown(socket.SHUT_WR)
        except OSError:
            pass


class BareIdle:
    """A client that does nothing but IDLE, and when it was told of a message."""

    def __init__(self, env, user, password):
        trust = ssl.create_default_context(cafile=env["LIVE_CA_FILE"])
        trust.check_hostname = False
        self.told = None
        self._client = imaplib.IMAP4_SSL(env["LIVE_ADDRESS_GOOD"], int(env["LIVE_IMAPS_PORT"]), ssl_context=trust)
        self._client.login(user, password)
        self._client.select("INBOX", readonly=True)
        self._client.send(b"I IDLE\r\n")
        self._wait_for(lambda line: line.startswith(b"+"))
        self._thread = threading.Thread(target=self._listen, daemon=True)
        self._thread.start()

    def _wait_for(self, is_wanted):
        while not is_wanted(line := self._client.readline()):
            if not line:
                raise SystemExit("first_sight.py: Dovecot left the bare IDLE client")

    def _listen(self):
        self._wait_for(lambda line: line.endswith(b" EXISTS\r\n"))
        self.told = time.time()

    def end(self):
        """When it was told."""
        self._thread.join(PATIENCE_SECONDS)
        if self.told is None:
            raise SystemExit("first_sight.py: the bare IDLE client was told nothing")
        self._client.shutdown()
        return self.told


@dataclass
class Sight:
    """The moments of one message."""

    accepted: float
    stored: float
    seen: float
    told: float = 0.0  # when the bare IDLE client knew


def moment_of(words, master):
    """When the plugin showed these words; then reads on until it closes the terminal."""
    moment = None
    while True:
        try:
            data = os.read(master, 4096)
        except OSError:  # EIO: nobody has the other end any more
            return moment
        if moment is None and words in data:
            moment = time.time()


def run(command):
    """The moments of acceptance and first sight of one run, which must end OK."""
    master, slave = pty.openpty()
    with tempfile.TemporaryFile() as out:
        with subprocess.Popen([*command, "-v"], stdin=subprocess.DEVNULL, stdout=out, stderr=slave, env=CLEAN) as one:
            os.close(slave)
            accepted = moment_of(ACCEPTED, master)
            os.close(master)
        out.seek(0)
        text = out.read().decode("utf-8", errors="replace")
    transit = TRANSIT.search(text)
    if one.returncode != 0 or accepted is None or transit is None:
        raise SystemExit("first_sight.py: exit code %d of: %s\n%s" % (one.returncode, " ".join(command), text))
    return accepted, accepted + float(transit.group(1))


def stored_since(log, begin):
    """When Dovecot stored the one message since that place of its log."""
    end = time.monotonic() + PATIENCE_SECONDS
    while True:
        with open(log, "rb") as file:
            file.seek(begin)
            found = STORED.findall(file.read().decode("utf-8", errors="replace"))
        if found:
            if len(found) != 1 or found[0][1] != "INBOX":
                raise SystemExit("first_sight.py: stored %s" % found)
            return datetime.datetime.strptime(found[0][0], "%Y-%m-%d %H:%M:%S.%f %z").timestamp()
        if time.monotonic() > end:
            raise SystemExit("first_sight.py: Dovecot's log has no line of a message stored")
        time.sleep(0.01)


def see(env, command, bare=None):
    """Sends one message. `bare` makes the client that does IDLE beside."""
    begin = os.path.getsize(env["LIVE_LOG"])
    client = bare() if bare else None
    accepted, seen = run(command)
    told = client.end() if client else 0.0
    return Sight(accepted, stored_since(env["LIVE_LOG"], begin), seen, told)


def make_junk(env, user):
    """As most accounts have it, so that the plugin watches two folders."""
    done = dovecot.doveadm(env, "mailbox", "create", "-u", user, "Junk")
    if done.returncode != 0 and "already exists" not in done.stderr:
        raise SystemExit("first_sight.py: " + done.stderr)
