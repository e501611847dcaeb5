"""Private milters for the live round trip: an OpenDKIM that signs, an OpenDKIM that verifies, and an OpenDMARC that
checks SPF and DMARC. Loopback, high ports, one private folder, one ordinary user; they ask the resolver that
/etc/resolv.conf names (mail_path.py). The programs are an unpacked copy (packaging/unpack_milters.py; MILTERS_ROOT
forces one), else the installed ones.

    with Milters(signed_domains, authserv_id) as milters: ... milters.ports["SIGNER"]

Loopback is trusted by default (opendkim would sign its mail instead of verifying it, opendmarc would not look at it):
signer and verifier are processes of their own, and no host is internal or ignored."""

import glob
import os
import shutil
import socket
import subprocess
import tempfile
import time

import dovecot

HERE = os.path.dirname(os.path.abspath(__file__))
SELECTOR = "live"
START_SECONDS = 10
# name, and the option that names its configuration
PROGRAMS = {"SIGNER": ("opendkim", "-x"), "VERIFIER": ("opendkim", "-x"), "DMARC": ("opendmarc", "-c")}
COMMON = """\
Socket inet:{port}@127.0.0.1
PidFile {folder}/{name}.pid
Syslog no
UMask 022
"""
# a folder below /tmp is never safe enough; libunbound denies the existence of test. by itself
OPENDKIM = COMMON + """\
RequireSafeKeys no
ResolverConfiguration {folder}/unbound.conf
"""
CONFIGURATIONS = {
    "SIGNER": OPENDKIM + """\
Mode s
Canonicalization relaxed/simple
InternalHosts 0.0.0.0/0
KeyTable {folder}/keys
SigningTable refile:{folder}/signing
""",
    "VERIFIER": OPENDKIM + """\
Mode v
InternalHosts {folder}/nobody
AuthservID {authserv_id}
AlwaysAddARHeader yes
""",
    "DMARC": COMMON + """\
AuthservID {authserv_id}
TrustedAuthservIDs {authserv_id}
IgnoreHosts {folder}/nobody
SPFIgnoreResults yes
SPFSelfValidate yes
RejectFailures no
""",
}
UNBOUND = """\
server:
  local-zone: "test." nodefault
  do-not-query-localhost: no
forward-zone:
  name: "."
  forward-addr: {resolver}
"""
NOBODY = "203.0.113.1\n"  # a list that matches no client of the tests: an empty one might mean the default


class Milters:
    """All three, from the moment they listen until the end of the `with`. The domains have one key in common; `record`
    is what DNS must say of it below `selector`._domainkey, before anything is verified."""

    selector = SELECTOR

    def __init__(self, domains, authserv_id, resolver="127.0.0.1"):
        self._domains, self._authserv_id, self._resolver = domains, authserv_id, resolver
        self._processes = []
        self.folder = tempfile.mkdtemp(prefix="mailcheck-milters-run.", dir="/tmp")
        self.ports = {name: dovecot.free_port() for name in PROGRAMS}
        self.record = self._make_key()

    def __enter__(self):
        try:
            self._configure()
            self._processes = [self._launch(name) for name in PROGRAMS]
            self._wait()
        except BaseException:
            self.__exit__()
            raise
        return self

    def __exit__(self, *_):
        for name, process in zip(PROGRAMS, self._processes):
            if process.poll() is not None:
                print("milters.py: %s has ended by itself (%d)\n%s" % (name, process.returncode, self.log()))
        for process in self._processes:
            process.kill()  # they hold nothing, and would take seconds to end by themselves
        for process in self._processes:
            process.wait(10)
        shutil.rmtree(self.folder)

    def log(self):
        text = ""
        for path in sorted(glob.glob(self.folder + "/*.out")):
            with open(path, encoding="utf-8", errors="replace") as file:
                text += file.read()
        return text

    def _make_key(self):
        path = os.path.join(self.folder, "key")
        subprocess.run(["openssl", "genrsa", "-out", path, "2048"], stdout=subprocess.DEVNULL,
                       stderr=subprocess.DEVNULL, env=dovecot.environment(), check=True)
        public = subprocess.run(["openssl", "rsa", "-in", path, "-pubout"], stdout=subprocess.PIPE,
                                stderr=subprocess.DEVNULL, env=dovecot.environment(), encoding="ascii", check=True)
        data = "v=DKIM1; k=rsa; p=" + "".join(public.stdout.split("\n")[1:-2])
        return " ".join('"%s"' % data[begin:begin + 200] for begin in range(0, len(data), 200))

    def _configure(self):
        values = {"folder": self.folder, "authserv_id": self._authserv_id, "resolver": self._resolver}
        texts = {name + ".conf": text.format(port=self.ports[name], name=name, **values)
                 for name, text in CONFIGURATIONS.items()}
        texts["keys"] = "".join("%s %s:%s:%s/key\n" % (name, name, SELECTOR, self.folder) for name in self._domains)
        texts["signing"] = "".join("*@%s %s\n" % (name, name) for name in self._domains)
        texts["unbound.conf"] = UNBOUND.format(**values)
        texts["nobody"] = NOBODY
        for name, text in texts.items():
            with open(os.path.join(self.folder, name), "w", encoding="ascii") as file:
                file.write(text)
        dovecot.give(self.folder, dovecot.account())

    def _launch(self, name):
        command, environment = program(PROGRAMS[name][0])
        with open(os.path.join(self.folder, name + ".out"), "ab") as out:
            return subprocess.Popen([command, "-f", PROGRAMS[name][1], self._path(name + ".conf")],
                                    stdin=subprocess.DEVNULL, stdout=out, stderr=out, cwd=self.folder,
                                    env=environment, start_new_session=True, **dovecot.become(dovecot.account()))

    def _path(self, name):
        return os.path.join(self.folder, name)

    def _wait(self):
        """Until all of them listen."""
        end = time.monotonic() + START_SECONDS
        for port in self.ports.values():
            while True:
                try:
                    socket.create_connection(("127.0.0.1", port), timeout=1).close()
                    break
                except OSError:
                    time.sleep(0.02)
                if time.monotonic() > end or any(process.poll() is not None for process in self._processes):
                    raise SystemExit("milters.py: the milters did not start:\n" + self.log())


def program(name):
    """The path of a program and the environment that it runs in."""
    environment = {"PATH": os.environ.get("PATH", "/usr/bin:/bin") + ":/usr/sbin:/sbin", "LC_ALL": "C.UTF-8"}
    root, pointer = os.environ.get("MILTERS_ROOT", ""), os.path.join(HERE, "../../build/milters-root")
    if not root and os.path.exists(pointer):
        with open(pointer, encoding="utf-8") as file:
            root = file.read().strip()
    if os.path.isdir(root):
        folders = [*glob.glob(root + "/usr/lib/*-linux-gnu*"), root + "/usr/lib"]
        return os.path.join(root, "usr/sbin", name), {**environment, "LD_LIBRARY_PATH": ":".join(folders)}
    found = shutil.which(name, path=environment["PATH"])
    if not found:
        raise SystemExit("milters.py: no %s here: `sh packaging/needs.sh live` gets it" % name)
    return found, environment
