"""Private name servers for the tests of DANE and MTA-STS: nsd serves zones that are signed when the test runs (ldns),
unbound validates them by the zones' own trust anchors. Loopback, high ports, one private folder, one ordinary user.

    with NameServers([Zone("example.test", records), ...]) as servers: ... servers.resolver ...

The programs are an unpacked copy (packaging/unpack_name_servers.py; NAME_SERVERS_ROOT forces one), else the installed
ones.

A zone is "signed", "unsigned" (secure for nobody) or "lapsed" (its signatures ended in 2020: every answer is bogus).
`forged` of a zone replaces text after the signing: only the records it touches are bogus."""

import glob
import hashlib
import os
import shutil
import socket
import ssl
import struct
import subprocess
import tempfile
import time
from dataclasses import dataclass, field

import dovecot

HERE = os.path.dirname(os.path.abspath(__file__))
START_SECONDS = 10
LAPSED = ["-i", "20200101000000", "-e", "20200201000000"]
PROGRAMS = ["nsd", "unbound", "ldns-keygen", "ldns-signzone", "drill"]
NSD_CONF = """\
server:
  ip-address: 127.0.0.1@{port}
  do-ip6: no
  server-count: 1
  username: ""
  chroot: ""
  database: ""
  zonesdir: "{folder}"
  logfile: "{folder}/nsd.log"
  pidfile: "{folder}/nsd.pid"
  xfrdfile: "{folder}/nsd.xfrd"
  xfrdir: "{folder}"
  zonelistfile: "{folder}/nsd.zones"
remote-control:
  control-enable: no
"""
UNBOUND_CONF = """\
server:
  {interfaces}
  access-control: 0.0.0.0/0 allow
  do-ip6: no
  num-threads: 1
  username: "{user}"
  chroot: ""
  directory: "{folder}"
  logfile: "{folder}/unbound.log"
  pidfile: "{folder}/unbound.pid"
  use-syslog: no
  do-daemonize: no
  module-config: "validator iterator"
  do-not-query-localhost: no
  local-zone: "test." nodefault
  local-zone: "2.0.192.in-addr.arpa." nodefault
  val-log-level: 2
remote-control:
  control-enable: no
"""


@dataclass
class Zone:
    name: str  # "" is the root
    records: list
    state: str = "signed"
    forged: dict = field(default_factory=dict)

    def text(self):
        lines = ["$ORIGIN %s." % self.name, "$TTL 300", "@ SOA ns hostmaster 1 3600 600 86400 300", "@ NS ns",
                 "ns A 127.0.0.1", *self.records]
        return "\n".join(lines) + "\n"


def nth_certificate(path, number):
    """The DER form of a certificate in a file of several."""
    with open(path, encoding="ascii") as file:
        part = file.read().split("-----END CERTIFICATE-----")[number]
    return ssl.PEM_cert_to_DER_cert(part[part.index("-----BEGIN"):] + "-----END CERTIFICATE-----\n")


def public_key(certificate):
    """The DER form of a DER certificate's public key."""
    pem = subprocess.run(["openssl", "x509", "-inform", "DER", "-noout", "-pubkey"], input=certificate,
                         stdout=subprocess.PIPE, env=dovecot.environment(), check=True).stdout
    return ssl.PEM_cert_to_DER_cert(pem.decode("ascii").replace("PUBLIC KEY", "CERTIFICATE"))


def tlsa(kind, certificate, number=0):
    """The data of a TLSA record: `kind` is usage, selector and matching type ("3 1 1"), `number` the place of the
    certificate in its file (0: the leaf)."""
    _, selector, matching = kind.split()
    der = nth_certificate(certificate, number)
    chosen = public_key(der) if selector == "1" else der
    digest = {"0": lambda data: data.hex(), "1": lambda data: hashlib.sha256(data).hexdigest(),
              "2": lambda data: hashlib.sha512(data).hexdigest()}[matching](chosen)
    return "%s %s" % (kind, digest)


class NameServers:
    """Both servers, from the moment they answer until the end of the `with`. `resolver` validates; `authority` is nsd
    itself, which knows of no validation; `resolvers` has the same as `resolver` for each of `addresses`."""

    def __init__(self, zones, addresses=("127.0.0.1",), port=0):
        """`port`: where the resolver listens (0: any free one); 53 needs root."""
        missing = [name for name in PROGRAMS if not shutil.which(name, path=environment()["PATH"])]
        if missing:
            raise SystemExit("dnssec_zone.py: no %s here: `sh packaging/needs.sh live` gets them" % " ".join(missing))
        self._zones, self._addresses, self._port, self._processes = zones, addresses, port, []

    def __enter__(self):
        self.folder = tempfile.mkdtemp(prefix="mailcheck-dns.", dir="/tmp")
        try:
            for zone in self._zones:
                self._write(zone)
            dovecot.give(self.folder, dovecot.account())
            self._start()
        except BaseException:
            self.__exit__()
            raise
        return self

    def __exit__(self, *_):
        for process in self._processes:
            process.terminate()
        for process in self._processes:
            process.wait(10)
        shutil.rmtree(self.folder)

    def log(self):
        """What both servers logged."""
        text = ""
        for name in ("nsd.out", "nsd.log", "unbound.out", "unbound.log"):
            path = os.path.join(self.folder, name)
            if os.path.exists(path):
                with open(path, encoding="utf-8", errors="replace") as file:
                    text += file.read()
        return text

    def _path(self, zone, ending):
        return os.path.join(self.folder, zone.name + ending)

    def _run(self, *command):
        done = subprocess.run(command, cwd=self.folder, stdin=subprocess.DEVNULL, stdout=subprocess.PIPE,
                              stderr=subprocess.PIPE, env=environment(), encoding="utf-8", check=False)
        if done.returncode != 0:
            raise SystemExit("dnssec_zone.py: %s: %s%s" % (" ".join(command), done.stdout, done.stderr))
        return done.stdout.strip()

    def _write(self, zone):
        """The zone's file, and its trust anchor unless it is unsigned."""
        with open(self._path(zone, ".zone"), "w", encoding="ascii") as file:
            file.write(zone.text())
        if zone.state == "unsigned":
            return
        keys = [self._run("ldns-keygen", *flags, "-a", "ECDSAP256SHA256", "-r", "/dev/urandom", zone.name)
                for flags in (["-k"], [])]
        shutil.copy(os.path.join(self.folder, keys[0] + ".key"), self._path(zone, ".anchor"))
        times = LAPSED if zone.state == "lapsed" else []
        self._run("ldns-signzone", *times, "-f", self._path(zone, ".signed"), self._path(zone, ".zone"), *keys)
        with open(self._path(zone, ".signed"), encoding="ascii") as file:
            text = file.read()
        for old, new in zone.forged.items():
            assert old in text, "nothing to forge: " + old
            text = text.replace(old, new)
        with open(self._path(zone, ".zone"), "w", encoding="ascii") as file:
            file.write(text)

    def _start(self):
        for _ in range(5):  # somebody may be faster with one of the ports
            ports = dovecot.free_port(), self._port or dovecot.free_port()
            self._configure(*ports)
            self._processes = [self._launch("nsd", "-d", "-c", "nsd.conf"), self._launch("unbound", "-d", "-c",
                                                                                          "unbound.conf")]
            if self._answers(ports[1]):
                self.authority = "127.0.0.1:%d" % ports[0]
                self.resolvers = ["%s:%d" % (address, ports[1]) for address in self._addresses]
                self.resolver = self.resolvers[0]
                return
            for process in self._processes:
                process.terminate()
                process.wait()
        raise SystemExit("dnssec_zone.py: the name servers did not start:\n" + self.log())

    def _configure(self, nsd_port, unbound_port):
        nsd = NSD_CONF.format(port=nsd_port, folder=self.folder)
        interfaces = "\n  ".join("interface: %s@%d" % (address, unbound_port) for address in self._addresses)
        # with a port of root's it begins as root, and becomes the ordinary user itself
        user = dovecot.account().pw_name if self._port else ""
        unbound = UNBOUND_CONF.format(interfaces=interfaces, folder=self.folder, user=user)
        for zone in self._zones:
            nsd += 'zone:\n  name: "%s."\n  zonefile: "%s"\n' % (zone.name, self._path(zone, ".zone"))
            unbound += 'stub-zone:\n  name: "%s."\n  stub-addr: 127.0.0.1@%d\n' % (zone.name, nsd_port)
            if zone.state != "unsigned":
                unbound += 'server:\n  trust-anchor-file: "%s"\n' % self._path(zone, ".anchor")
        for name, text in (("nsd.conf", nsd), ("unbound.conf", unbound)):
            with open(os.path.join(self.folder, name), "w", encoding="ascii") as file:
                file.write(text)

    def _launch(self, name, *arguments):
        user = {} if name == "unbound" and self._port else dovecot.become(dovecot.account())
        with open(os.path.join(self.folder, name + ".out"), "ab") as out:
            return subprocess.Popen([name, *arguments], stdin=subprocess.DEVNULL, stdout=out, stderr=out,
                                    cwd=self.folder, env=environment(), start_new_session=True, **user)

    def _answers(self, port):
        """True once unbound has an answer of nsd to give."""
        wanted = [zone for zone in self._zones if zone.state != "lapsed"][0].name
        end = time.monotonic() + START_SECONDS
        while time.monotonic() < end and all(process.poll() is None for process in self._processes):
            if has_start_of_authority(wanted, (self._addresses[0], port)):
                return True
            time.sleep(0.02)
        return False


def has_start_of_authority(name, server):
    """True if `server` answers quickly that there is a zone `name`."""
    labels = b"".join(bytes([len(label)]) + label.encode("ascii") for label in name.split("."))
    question = struct.pack(">HHHHHH", 1, 0x0100, 1, 0, 0, 0) + labels + struct.pack(">BHH", 0, 6, 1)
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as client:
        client.settimeout(0.2)
        try:
            client.connect(server)
            client.send(question)
            answer = client.recv(4096)
        except OSError:
            return False
    return answer[3] & 15 == 0 and answer[6:8] != b"\0\0"


def unpacked_root():
    """The folder that packaging/unpack_name_servers.py unpacked the programs into, or an empty string."""
    pointer = os.path.join(os.path.dirname(os.path.abspath(__file__)), "../../build/name-servers-root")
    if not os.path.exists(pointer):
        return ""
    with open(pointer, encoding="utf-8") as file:
        return file.read().strip()


def environment():
    """The environment in which these programs are found and run."""
    path, root = os.environ.get("PATH", "/usr/bin:/bin") + ":/usr/sbin:/sbin", os.environ.get("NAME_SERVERS_ROOT", "")
    pointer = os.path.join(HERE, "../../build/name-servers-root")
    if not root and os.path.exists(pointer):
        with open(pointer, encoding="utf-8") as file:
            root = file.read().strip()
    if not os.path.isdir(root):
        return {"PATH": path}
    libraries = glob.glob(root + "/usr/lib/*-linux-gnu*") + glob.glob(root + "/lib/*-linux-gnu*")
    return {"PATH": "%s/usr/sbin:%s/usr/bin:%s" % (root, root, path), "LD_LIBRARY_PATH": ":".join(libraries)}
