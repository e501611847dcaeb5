"""A relay between a plugin and a server that breaks the connection after a number of bytes: everything up to there
passes, in both directions together. It knows nothing of TLS or of mail."""

import socket
import struct
import threading


class FaultRelay:
    """with FaultRelay(("127.0.0.1", 993)) as relay: ... relay.port, relay.passed (bytes so far),
    relay.has_client.

    `limit`: how many bytes pass (None: all); then both sides see a reset, or an orderly end with `is_rude=False`."""

    def __init__(self, target, limit=None, is_rude=True):
        self.passed = 0
        self.has_broken = False
        self.has_client = threading.Event()
        self._target, self._limit, self._is_rude = target, limit, is_rude
        self._lock = threading.Lock()
        self._listener = socket.create_server(("127.0.0.1", 0))
        self.port = self._listener.getsockname()[1]
        self._sockets = []
        self._thread = threading.Thread(target=self._serve, daemon=True)

    def __enter__(self):
        self._thread.start()
        return self

    def __exit__(self, *_):
        self._listener.shutdown(socket.SHUT_RDWR)  # wakes who waits for a client
        self._thread.join()
        self._listener.close()
        self._end(rude=False)

    def _serve(self):
        while True:
            try:
                client, _ = self._listener.accept()
            except OSError:
                return
            self.has_client.set()
            server = socket.create_connection(self._target)
            for one in (client, server):
                one.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
            with self._lock:
                self._sockets += [client, server]
            for source, sink in ((client, server), (server, client)):
                threading.Thread(target=self._pump, args=(source, sink), daemon=True).start()

    def _pump(self, source, sink):
        try:
            for data in iter(lambda: source.recv(65536), b""):
                part, is_last = self._allowed(data)
                sink.sendall(part)
                if is_last:
                    self._end(self._is_rude)
                    return
            sink.shutdown(socket.SHUT_WR)
        except OSError:
            pass

    def _allowed(self, data):
        """The part of the data that may pass, and whether nothing may afterwards."""
        with self._lock:
            part = data if self._limit is None else data[:self._limit - self.passed]
            self.passed += len(part)
            self.has_broken = self._limit is not None and self.passed >= self._limit
            return part, self.has_broken

    def _end(self, rude):
        with self._lock:
            for one in self._sockets:
                try:
                    if rude:
                        one.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
                    # a thread that waits for data would keep the connection: this wakes it, without a word to the
                    # peer where that shall see a reset
                    one.shutdown(socket.SHUT_RD if rude else socket.SHUT_RDWR)
                except OSError:
                    pass
                one.close()
            self._sockets = []
