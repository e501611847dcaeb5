"""A relay between a plugin and a server that changes nothing: it notes what the client sent in one piece, and the
server sees it come from another address of loopback."""

import socket
import threading

RELAY_ADDRESS = "127.0.0.77"


class ByteRelay:
    """with ByteRelay(port) as relay: ... relay.port; afterwards relay.pieces holds what one recv() each brought."""

    def __init__(self, target_port):
        self.pieces = []
        self._target = ("127.0.0.1", target_port)
        self._listener = socket.create_server(("127.0.0.1", 0))
        self.port = self._listener.getsockname()[1]
        self.client_port = 0
        self._thread = threading.Thread(target=self._serve, daemon=True)

    def __enter__(self):
        self._thread.start()
        return self

    def __exit__(self, *_):
        self._listener.close()
        self._thread.join(timeout=10)

    def _serve(self):
        try:
            client, peer = self._listener.accept()
        except OSError:
            return
        self.client_port = peer[1]
        with client, socket.create_connection(self._target, source_address=(RELAY_ADDRESS, 0)) as server:
            back = threading.Thread(target=self._pump, args=(server, client, lambda data: None), daemon=True)
            back.start()
            self._pump(client, server, self.pieces.append)
            back.join(timeout=10)

    @staticmethod
    def _pump(source, sink, note):
        try:
            for data in iter(lambda: source.recv(65536), b""):
                note(data)
                sink.sendall(data)
            sink.shutdown(socket.SHUT_WR)
        except OSError:
            pass
