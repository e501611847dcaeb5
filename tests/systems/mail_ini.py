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


def prepare(machine, example, more=""):
    """Everything that the plugins read, made by the commands that the head of this example shows; `more`: further
    sections."""
    trust(machine)
    commands = re.findall(r"^#   (install .*)$", shipped(example), re.M)
    machine.run("sh", "-euc", "\n".join(commands))
    with open(secret(ACCOUNT), encoding="utf-8") as file:
        fill(machine, PASSWORD, file.read())
    fill(machine, INI, sections() + more)
    machine.state_folder()


def fill(machine, name, text):
    """What an editor does: owner and mode stay."""
    with open(machine.path(name), "r+", encoding="utf-8") as file:
        assert os.fstat(file.fileno()).st_mode & 0o777 == 0o640
        file.write(text)
