"""What the example of packaging/nagios needs besides Nagios: its ini file with its password file, on a machine of
system_root.py, for an account and the servers of mail_path.py, which usual_ports() makes answer where everybody expects
them. Names of host and account are replaced, nothing else."""

import os
import re
import sys

ROOT = os.path.dirname(os.path.dirname(os.path.dirname(os.path.abspath(__file__))))
sys.path.append(os.path.join(ROOT, "tests/live"))

from harness import ENV, secret  # noqa: E402
from smtp_harness import MAIL, to  # noqa: E402
from usual_ports import UsualPorts  # noqa: E402

HOST = ENV["LIVE_HOST"]
ACCOUNT = "letters"
INI = "/etc/monitoring-plugins/mail.ini"
PASSWORD = "/etc/monitoring-plugins/mail.password"
STATE = "/var/lib/monitoring-plugins-mail/nagios"


def usual_ports():
    ports = {25: MAIL["MAIL_PORT_MX"], 587: MAIL["MAIL_PORT_PATH"], 993: ENV["LIVE_IMAPS_PORT"]}
    return UsualPorts({usual: ("127.0.0.1", int(real)) for usual, real in ports.items()})


def shipped(name):
    """A file of packaging/nagios, with the test's host."""
    with open(os.path.join(ROOT, "packaging/nagios", name), encoding="utf-8") as file:
        return file.read().replace("mail.example.org", HOST)


def sections():
    """The ini file that the comments of the example show."""
    shown = re.findall(r"^#   (\[.*\]|[a-z-]+ = .*)$", shipped("example-services.cfg"), re.M)
    account = [re.sub(r"\bmonitor@example\.org$", to(ACCOUNT), line).replace(" = monitor", " = " + ACCOUNT)
               for line in shown]
    return "\n".join(account) + "\n"


def trust(machine):
    """Makes the test's authority one of the machine's."""
    with open(ENV["LIVE_CA_FILE"], encoding="ascii") as file:
        machine.write("/etc/ssl/certs/test-authority.pem", file.read())
    name = machine.run("openssl", "x509", "-noout", "-hash", "-in", "/etc/ssl/certs/test-authority.pem").stdout.strip()
    os.symlink("test-authority.pem", machine.path("/etc/ssl/certs/%s.0" % name))


def prepare(machine, more=""):
    """Everything that the plugins read, as the user nagios may read it; `more`: further sections."""
    trust(machine)
    with open(secret(ACCOUNT), encoding="utf-8") as file:
        machine.write(PASSWORD, file.read(), owner="nagios", mode=0o600)
    machine.write(INI, sections() + more, owner="nagios", mode=0o600)
    machine.run("install", "-d", "-m", "0700", "-o", "nagios", "-g", "nagios", STATE)
