"""A relay between the plugin and Dovecot that ends the plugin's TLS (with the test CA's good certificate), reads along,
and may stop relaying for good: the way to hold a plugin still at a known step."""

import os
import re
import socket
import ssl
import threading


class StallingRelay:
    """Relays one client until a line of it matches `pattern`; then sets `stalled` and lets nothing more through."""

    def __init__(self, certificates, target, pattern):
        self.stalled = threading.Event()
        self.seen = b""
        self._pattern = re.compile(pattern)
        self._target = target
        self._trust = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        self._trust.load_cert_chain(os.path.join(certificates, "good.pem"), os.path.join(certificates, "good.key"))
        self._listener = socket.create_server(("127.0.0.1", 0))
        self.port = self._listener.getsockname()[1]
        self._sockets = []
        threading.Thread(target=self._serve, daemon=True).start()

    def close(self):
        for one in self._sockets + [self._listener]:
            one.close()

    def _serve(self):
        plain, _ = self._listener.accept()
        client = self._trust.wrap_socket(plain, server_side=True)
        server = socket.create_connection(self._target)
        self._sockets = [client, server]
        threading.Thread(target=self._downstream, args=(server, client), daemon=True).start()
        try:
            for data in iter(lambda: client.recv(65536), b""):
                self.seen += data
                if self._pattern.search(self.seen):
                    self.stalled.set()
                    return
                server.sendall(data)
        except OSError:
            pass

    @staticmethod
    def _downstream(server, client):
        try:
            for data in iter(lambda: server.recv(65536), b""):
                client.sendall(data)
        except OSError:
            pass
