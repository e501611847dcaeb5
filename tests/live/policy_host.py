"""The HTTPS host of MTA-STS policies (RFC 8461 section 3.3) for every domain of the tests, on port 443 of an address,
so for a process in a network name space of its own (name_space.py).

    with PolicyHost(folder, certificates, answers) as host: ... host.requests ...

`answers`: domain -> Answer. Its certificate, of an authority of its own (`host.authority`), names all their hosts, but
for those that have another one by Answer.certificate: a name of the test CA's (test_ca.sh)."""

import http.server
import os
import socket
import ssl
import subprocess
import threading
from dataclasses import dataclass, field

import dovecot

PATH = "/.well-known/mta-sts.txt"


@dataclass
class Answer:
    body: bytes = b""
    status: int = 200
    kind: str = "text/plain"
    headers: dict = field(default_factory=dict)
    certificate: str = ""  # "": the policy host's own
    endless: bool = False  # the body is sent again and again, in chunks, until the client has enough


def policy(mode="enforce", exchanges=("mail.example.test",), max_age="604800", version="STSv1", end="\n"):
    """The text of a policy; a part that is None is left out."""
    lines = [("version", version), ("mode", mode), *(("mx", name) for name in exchanges), ("max_age", max_age)]
    return "".join("%s: %s%s" % (key, value, end) for key, value in lines if value is not None).encode("ascii")


class Handler(http.server.BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    disable_nagle_algorithm = True

    def do_GET(self):  # pylint: disable=invalid-name
        name = self.headers.get("Host", "")
        self.server.requests.append((name, self.path))
        answer = self.server.answers.get(name.partition("mta-sts.")[2])
        if answer is None or self.path != PATH:
            answer = Answer(status=404)
        self.send_response(answer.status)
        if answer.kind:
            self.send_header("Content-Type", answer.kind)
        for key, value in answer.headers.items():
            self.send_header(key, value)
        if answer.endless:
            self._send_without_end(answer.body)
            return
        self.send_header("Content-Length", str(len(answer.body)))
        self.end_headers()
        self.wfile.write(answer.body)

    def _send_without_end(self, body):
        self.send_header("Transfer-Encoding", "chunked")
        self.end_headers()
        try:
            while True:
                self.wfile.write(b"%x\r\n%s\r\n" % (len(body), body))
                self.server.endless_bytes += len(body)
        except OSError:
            self.close_connection = True

    def log_message(self, *_):  # pylint: disable=arguments-differ
        pass


class Server(http.server.ThreadingHTTPServer):
    """One thread a connection, the handshake included: a client that stops in it holds up nobody else."""
    daemon_threads = True

    def __init__(self, address, context, answers):
        super().__init__(address, Handler)
        self.context, self.answers = context, answers
        self.requests, self.endless_bytes = [], 0

    def finish_request(self, request, client_address):
        with self.context.wrap_socket(request, server_side=True) as secure:
            super().finish_request(secure, client_address)

    def handle_error(self, request, client_address):
        pass  # a client that does not like the certificate


class PolicyHost:
    def __init__(self, folder, certificates, answers, address):
        self.authority = os.path.join(folder, "policy-authority.pem")
        self._folder, self._certificates, self._address = folder, certificates, address
        self._answers = answers

    def __enter__(self):
        self._make_certificates()
        chosen = self._context(os.path.join(self._folder, "policy.pem"), os.path.join(self._folder, "policy.key"))
        others = {name: self._context(*(os.path.join(self._certificates, name + end) for end in (".pem", ".key")))
                  for name in {answer.certificate for answer in self._answers.values()} if name}

        def choose(connection, name, _):
            answer = self._answers.get((name or "").partition("mta-sts.")[2])
            if answer and answer.certificate:
                connection.context = others[answer.certificate]

        chosen.sni_callback = choose
        self._server = Server((self._address, 443), chosen, self._answers)
        threading.Thread(target=self._server.serve_forever, daemon=True).start()
        return self

    def __exit__(self, *_):
        self._server.shutdown()
        self._server.server_close()

    @property
    def requests(self):
        """(host, path) of every request so far."""
        return self._server.requests

    @property
    def endless_bytes(self):
        """How much of endless bodies was sent."""
        return self._server.endless_bytes

    @staticmethod
    def _context(chain, key):
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        context.load_cert_chain(chain, key)
        return context

    def _make_certificates(self):
        names = ",".join("DNS:mta-sts." + domain for domain in self._answers)
        key = ["-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256", "-nodes", "-days", "30"]
        self._openssl("req", "-x509", *key, "-keyout", "policy-authority.key", "-out", self.authority, "-subj",
                      "/CN=Policy Root")
        self._openssl("req", "-x509", *key, "-keyout", "policy.key", "-out", "policy.pem", "-subj", "/CN=policy",
                      "-CA", self.authority, "-CAkey", "policy-authority.key", "-addext", "subjectAltName=" + names,
                      "-addext", "basicConstraints=critical,CA:FALSE")

    def _openssl(self, *arguments):
        done = subprocess.run(["openssl", *arguments], cwd=self._folder, stdout=subprocess.PIPE,
                              stderr=subprocess.STDOUT, env=dovecot.environment(), encoding="utf-8", check=False)
        if done.returncode != 0:
            raise SystemExit("policy_host.py: " + done.stdout)


class SilentHost:
    """Accepts connections and says nothing."""

    def __init__(self, address, port=443):
        self._listener = socket.create_server((address, port))

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self._listener.close()
