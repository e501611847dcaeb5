"""A real icinga2 on a machine of system_root.py: set up as on a host of its own (certificate, API), started, asked by
its API. The files of packaging/icinga2 are put where the packages or an administrator put them."""

import base64
import json
import os
import ssl
import subprocess
import tempfile
import time
import urllib.error
import urllib.request

HERE = os.path.dirname(os.path.abspath(__file__))
SHIPPED = os.path.join(HERE, "../../packaging/icinga2")
COMMANDS = "/usr/share/icinga2/include/plugins-contrib.d/mailcheck.conf"
CERTIFICATES = "/var/lib/icinga2/certs/"
NEW_KEY = ["-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:prime256v1", "-nodes", "-keyout"]
API_PASSWORD = "ask-me-by-the-API"
PATIENCE_SECONDS = 60
STATES = ["OK", "WARNING", "CRITICAL", "UNKNOWN"]


def shipped(name):
    with open(os.path.join(SHIPPED, name), encoding="utf-8") as file:
        return file.read()


def trust(machine, file):
    """Has a machine trust an authority, as update-ca-certificates would, for those who look into the folder."""
    done = subprocess.run(["openssl", "x509", "-in", file, "-noout", "-subject_hash"], stdout=subprocess.PIPE,
                          check=True)
    with open(file, encoding="ascii") as text:
        machine.write("/etc/ssl/certs/%s.0" % done.stdout.decode().strip(), text.read())


def wait_for(what, condition):
    """Calls `condition` until its value counts as true, and returns that."""
    end = time.monotonic() + PATIENCE_SECONDS
    while True:
        value = condition()
        if value:
            return value
        if time.monotonic() > end:
            raise AssertionError("not within %d s: %s" % (PATIENCE_SECONDS, what() if callable(what) else what))
        time.sleep(0.1)


class Authority:
    """Signs the certificates of nodes. `icinga2 api setup` does it with RSA keys of 4096 bits, which take long."""

    def __init__(self):
        self._folder = tempfile.TemporaryDirectory(prefix="mailcheck-icinga2.")
        self.certificate = self._path("ca.crt")
        self._openssl("req", "-x509", "-subj", "/CN=Icinga CA", *NEW_KEY, self._path("ca.key"),
                      "-out", self.certificate)

    def _path(self, name):
        return os.path.join(self._folder.name, name)

    @staticmethod
    def _openssl(*arguments):
        subprocess.run(["openssl", *arguments], stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, check=True)

    def give(self, machine, name):
        """Puts key, certificate and the authority's certificate where icinga2 of the machine looks for them."""
        key, request, certificate = (self._path(name + end) for end in (".key", ".csr", ".crt"))
        self._openssl("req", "-subj", "/CN=" + name, *NEW_KEY, key, "-out", request)
        self._openssl("x509", "-req", "-in", request, "-CA", self.certificate, "-CAkey", self._path("ca.key"),
                      "-CAcreateserial", "-out", certificate)
        for file in (key, certificate, self.certificate):
            with open(file, encoding="ascii") as text:
                machine.write(CERTIFICATES + os.path.basename(file), text.read(), owner="nagios", mode=0o600)
        os.chown(machine.path(CERTIFICATES), *machine.account("nagios"))

    def remove(self):
        self._folder.cleanup()


class Node:
    """icinga2 on `machine`, under a name of its own, its API on an address of loopback."""

    def __init__(self, machine, authority, name, address="127.0.0.1"):
        self.machine = machine
        self.name = name
        self.address = address
        self._authority = authority
        self._trust = ssl.create_default_context(cafile=authority.certificate)
        self._trust.check_hostname = False  # the certificate holds the node's name, and it is asked by its address

    def set_up(self, *settings):
        """Name, certificate, API and its user, and what the packages install."""
        self._change("constants.conf", '//const NodeName = "localhost"', 'const NodeName = "%s"' % self.name)
        if not os.path.exists(self.machine.path(COMMANDS)):  # a root made by hand, without our package
            self.machine.write(COMMANDS, shipped("mailcheck.conf"))
        assert self.machine.read(COMMANDS) == shipped("mailcheck.conf"), "the package in the root is not of this tree"
        self._authority.give(self.machine, self.name)
        lines = "\n  ".join(['bind_host = "%s"' % self.address, *settings])
        self._write("features-enabled/api.conf", 'object ApiListener "api" {\n  %s\n}\n' % lines)
        self._write("conf.d/api-users.conf",
                    'object ApiUser "root" {\n  password = "%s"\n  permissions = [ "*" ]\n}\n' % API_PASSWORD)

    def is_satellite(self):
        """It runs what it is told to, and has no objects of its own."""
        self._change("icinga2.conf", 'include_recursive "conf.d"', 'object IcingaApplication "app" { }')

    def _write(self, name, text):
        self.machine.write("/etc/icinga2/" + name, text, owner="nagios")

    def _change(self, name, old, new):
        text = self.machine.read("/etc/icinga2/" + name)
        assert old in text, name
        self._write(name, text.replace(old, new))

    def validate(self):
        return self.machine.run("icinga2", "daemon", "--validate").stdout

    def start(self, *options):
        """Returns the process; wait_until_up() or another node tells when it is there."""
        self.machine.run("/usr/lib/icinga2/prepare-dirs", "/usr/lib/icinga2/icinga2")
        return self.machine.start("/usr/sbin/icinga2", "daemon", *options, log="/var/log/icinga2.out")

    def wait_until_up(self):
        wait_for(lambda: "the API of %s answers\n%s" % (self.name, self.log()), self._answers)

    def log(self):
        return self.machine.read("/var/log/icinga2.out")

    def _answers(self):
        try:
            return self.ask("/v1/status/IcingaApplication")
        except (urllib.error.URLError, OSError):
            return None

    def ask(self, path, **body):
        """One request; what is in `body` goes as JSON. An answer of 4xx or 5xx is an error."""
        request = urllib.request.Request("https://%s:5665%s" % (self.address, path), method="POST")
        request.data = json.dumps(body).encode()
        secret = base64.b64encode(("root:" + API_PASSWORD).encode()).decode()
        for header, value in (("Accept", "application/json"), ("Authorization", "Basic " + secret),
                              ("X-HTTP-Method-Override", "GET" if path.startswith(("/v1/objects", "/v1/status"))
                               else "POST")):
            request.add_header(header, value)
        with urllib.request.urlopen(request, timeout=PATIENCE_SECONDS, context=self._trust) as answer:
            return json.load(answer)["results"]

    def objects(self, kind):
        """name -> attributes, of all "services" or "hosts"."""
        return {row["name"]: row["attrs"] for row in self.ask("/v1/objects/" + kind)}

    def services(self):
        return self.objects("services")

    def services_if_up(self):
        """services(), or nothing while the daemon is being reloaded."""
        try:
            return self.services()
        except (urllib.error.URLError, OSError):
            return {}

    def evaluate(self, script):
        """The value of an expression in Icinga's language, as running in the daemon."""
        return self.ask("/v1/console/execute-script", command=script, session="test", sandboxed=False)[0]["result"]

    def check_now(self, *names, kind="Service"):
        """Has the services checked, and returns their attributes once results are there that began after this."""
        begin = time.time()
        for name in names:
            self.ask("/v1/actions/reschedule-check", type=kind, force=True, **{kind.lower(): name})

        def done():
            rows = self.objects(kind.lower() + "s")
            results = [rows[name]["last_check_result"] for name in names]
            return rows if all(result and result["execution_start"] >= begin for result in results) else None
        rows = wait_for("results of %s" % ", ".join(names), done)
        return {name: rows[name] for name in names}

    def parsed_perfdata(self, name):
        """What Icinga makes of the performance data of a service: label, value, unit, limits."""
        host, service = name.split("!")
        return self.evaluate('get_service("%s", "%s").last_check_result.performance_data.map('
                             'text => parse_performance_data(text))' % (host, service))
