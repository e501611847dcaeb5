"""A mail server on port 25 of an address that chooses its certificate by SNI: the RSA one for the name it knows, the
other for any other name and for none.

    with ChoosyHost(address, name) as host: ... host.asked ...
"""

import os
import socket
import ssl
import threading

from harness import ENV


class ChoosyHost:
    def __init__(self, address, name, port=25):
        self.asked = []  # the names that clients asked for, None for none
        self._context, chosen = _context("good"), _context("good-rsa")

        def choose(connection, asked, _context):
            self.asked.append(asked)
            if asked == name:
                connection.context = chosen

        self._context.sni_callback = choose
        self._listener = socket.create_server((address, port))
        threading.Thread(target=self._serve, daemon=True).start()

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self._listener.shutdown(socket.SHUT_RDWR)
        self._listener.close()

    def _serve(self):
        while True:
            try:
                connection, _ = self._listener.accept()
            except OSError:
                return
            threading.Thread(target=self._talk, args=(connection,), daemon=True).start()

    def _talk(self, connection):
        connection.settimeout(10)
        try:
            connection.sendall(b"220 choosy.example.test ESMTP\r\n")
            if _answer(connection, b"250-choosy.example.test\r\n250 STARTTLS\r\n"):
                with self._context.wrap_socket(connection, server_side=True) as secure:
                    _answer(secure, b"250 choosy.example.test\r\n")
        except OSError:
            pass  # the client has left
        finally:
            connection.close()


def _answer(connection, to_hello):
    """Until STARTTLS (True) or QUIT."""
    with connection.makefile("rb", buffering=0) as lines:
        for line in lines:
            verb = line.strip().upper()
            if verb == b"STARTTLS":
                connection.sendall(b"220 go ahead\r\n")
                return True
            connection.sendall(b"221 bye\r\n" if verb == b"QUIT" else to_hello)
            if verb == b"QUIT":
                break
    return False


def _context(certificate):
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    chain = os.path.join(ENV["LIVE_CERTIFICATES"], certificate)
    context.load_cert_chain(chain + ".pem", chain + ".key")
    return context
