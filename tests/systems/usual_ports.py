"""The test servers' services on the ports where everybody expects them: examples name no ports. Only in the network
name space of mail_path.py, where all ports are free."""

import socket
import threading


class UsualPorts:
    """with UsualPorts({993: ("127.0.0.1", 40123), ...}): what connects to 127.0.0.1:993 talks to 127.0.0.1:40123."""

    def __init__(self, targets, address="127.0.0.1"):
        self._targets = targets
        self._address = address
        self._listeners = []

    def __enter__(self):
        for port, target in self._targets.items():
            listener = socket.create_server((self._address, port))
            self._listeners.append(listener)
            threading.Thread(target=self._serve, args=(listener, target), daemon=True).start()
        return self

    def __exit__(self, *_):
        for listener in self._listeners:
            listener.shutdown(socket.SHUT_RDWR)  # close() alone does not end accept()
            listener.close()

    @staticmethod
    def _serve(listener, target):
        while True:
            try:
                client, _ = listener.accept()
            except OSError:
                return
            threading.Thread(target=relay, args=(client, target), daemon=True).start()


def relay(client, target):
    with client:
        try:
            server = socket.create_connection(target)
        except OSError:
            return
        with server:
            for one in (client, server):
                one.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
            back = threading.Thread(target=pump, args=(server, client), daemon=True)
            back.start()
            pump(client, server)
            back.join()


def pump(source, sink):
    """Hands on what arrives, and the end of it."""
    try:
        for data in iter(lambda: source.recv(65536), b""):
            sink.sendall(data)
    except OSError:
        pass
    try:
        sink.shutdown(socket.SHUT_WR)
    except OSError:
        pass
