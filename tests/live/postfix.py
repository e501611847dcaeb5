#!/usr/bin/env python3
"""Starts and stops a private Postfix on loopback, beside a private Dovecot, for the live tests, packaging/try.sh and
the bench.

  postfix.py start FILE DOVECOT_FILE  starts it, a postgrey and a DNS list; writes FILE (KEY=value). Users log in
                                      through the Dovecot of DOVECOT_FILE (dovecot.py start), which receives their mail.
  postfix.py stop FILE                ends all three by their process ids and removes folder and FILE

Postfix needs root. The programs are the installed ones or an unpacked copy (packaging/unpack_postfix.py; POSTFIX_ROOT
forces one). Everything it reads and writes is in one folder below /tmp, ports are free high ones, and the answers
depend on the port that is asked (postfix.master.cf.in)."""

import glob
import grp
import os
import pwd
import re
import shlex
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
import time
from dataclasses import dataclass

import dovecot

HERE = os.path.dirname(os.path.abspath(__file__))
DOMAIN = "example.test"
# accounts of Dovecot, one that needs SMTPUTF8, and one that Dovecot does not know: its mail comes back
RECIPIENTS = ["letters", "parcels", "heap", "tight", "unlimited", "größe", "vanished"]
CASES = ["SUBMISSION", "SUBMISSIONS", "MX", "GREYLIST", "LISTED", "PROXY", "NO_TLS", "EXPIRED", "NO_SIZE"]
DNS_LIST = "list.example.test"
SIZE_LIMIT = 50000  # as in postfix.main.cf.in
START_SECONDS = 20
# folders of the queue, with mode and owner as Postfix wants them: private ones are its own, and two are for its group
OWN_QUEUES = ["active", "bounce", "corrupt", "defer", "deferred", "flush", "hold", "incoming", "private", "saved",
              "trace"]
GROUP_QUEUES = {"maildrop": 0o1730, "public": 0o2710}


@dataclass
class Extras:
    """What is not as usual."""

    services: str = ""  # more lines for master.cf; @X_PORT@ there is a port of its own, MAIL_PORT_X
    greylist_seconds: int = 300
    has_dns_list: bool = True  # else Postfix asks the resolver that is there


class NeedsRoot(SystemExit):
    """Raised instead of starting, with the words for the user."""


class PortTaken(SystemExit):
    """Raised when a port that was free is no longer."""


class Programs:
    """Where Postfix and postgrey are, and the environment they need there."""

    def __init__(self):
        root = os.environ.get("POSTFIX_ROOT", "")
        if not root and not all(os.path.exists("/usr/sbin/" + name) for name in ("postconf", "postgrey")):
            root = os.path.abspath(os.path.join(HERE, "../../build/postfix-root"))
        self.commands = root + "/usr/sbin"
        self._postgrey, self._perl = root + "/usr/sbin/postgrey", []
        if not os.path.exists(self.commands + "/postconf") or not os.path.exists(self._postgrey):
            raise SystemExit("postfix.py: no Postfix and postgrey here: `sh packaging/needs.sh live` gets them")
        self.environment = {"PATH": os.environ.get("PATH", "/usr/bin:/bin") + ":/usr/sbin:/sbin", "LC_ALL": "C.UTF-8"}
        self.daemons, self.libraries = "", root + "/usr/lib/postfix"
        if root:
            self.daemons = root + "/usr/lib/postfix/sbin"
            arch = glob.glob(root + "/usr/lib/*-linux-gnu*")
            self._perl = glob.glob(root + "/usr/lib/*/perl5/*") + [root + "/usr/share/perl5"]
            self.environment["LD_LIBRARY_PATH"] = ":".join([self.libraries, *arch])
        else:
            self.daemons, self.libraries = self._default("daemon_directory"), self._default("shlib_directory")

    def postgrey(self, folder):
        """Its command. It becomes another user before it has loaded all of its modules, and a checkout may be nobody
        else's to read: they are copied into the folder."""
        if not self._perl:
            return [self._postgrey]
        copies = [os.path.join(folder, "perl", str(number)) for number in range(len(self._perl))]
        for source, copy in zip(self._perl, copies):
            shutil.copytree(source, copy, symlinks=True)
        # not PERL5LIB: postgrey runs in Perl's taint mode, which ignores it
        return ["perl", "-T", *("-I" + copy for copy in copies), self._postgrey]

    def _default(self, name):
        done = subprocess.run([self.commands + "/postconf", "-dhx", name], stdout=subprocess.PIPE,
                              stderr=subprocess.DEVNULL, encoding="utf-8", env=self.environment, check=True)
        return done.stdout.strip()


def owner():
    """User and group that Postfix and postgrey become: their own where installed, else old ones with no rights."""
    for user, group in (("postfix", "postdrop"), ("daemon", "mail")):
        try:
            return pwd.getpwnam(user), grp.getgrnam(group)
        except KeyError:
            continue
    raise SystemExit("postfix.py: neither postfix and postdrop nor daemon and mail are accounts here")


def make_folder(user, group):
    folder = tempfile.mkdtemp(prefix="mailcheck-mail.", dir="/tmp")
    os.chmod(folder, 0o755)
    for name in ("etc", "queue", "queue/pid", "data", "postgrey"):
        os.mkdir(os.path.join(folder, name), 0o755)
    for name in ["queue/" + queue for queue in OWN_QUEUES] + ["data", "postgrey"]:
        os.makedirs(os.path.join(folder, name), 0o700, exist_ok=True)
        os.chown(os.path.join(folder, name), user.pw_uid, -1)
    for name, mode in GROUP_QUEUES.items():
        path = os.path.join(folder, "queue", name)
        os.mkdir(path)
        os.chown(path, user.pw_uid, group.gr_gid)
        os.chmod(path, mode)
    with open(os.path.join(folder, "etc/recipients"), "w", encoding="utf-8") as file:
        file.writelines("%s@%s x\n" % (name, DOMAIN) for name in RECIPIENTS)
    for name in ("whitelist_clients", "whitelist_recipients"):
        with open(os.path.join(folder, "postgrey", name), "w", encoding="ascii"):
            pass
    return folder


def fill_in(template, target, values, more=""):
    with open(os.path.join(HERE, template), encoding="utf-8") as file:
        text = re.sub("@([A-Z_]+)@", lambda name: str(values[name.group(1)]), file.read() + more)
    with open(target, "w", encoding="utf-8") as file:
        file.write(text)


def launch(folder, name, command, environment):
    """Starts a program of ours, its output in a file of the folder."""
    with open(os.path.join(folder, name + ".out"), "ab") as out:
        return subprocess.Popen(command, stdin=subprocess.DEVNULL, stdout=out, stderr=out, cwd=folder,
                                env=environment, start_new_session=True)


def launch_dns_list(folder, environment):
    """A name server on port 53 of some address of loopback, and a resolv.conf that names it."""
    for last in range(1, 20):
        address = "127.0.53.%d" % last
        with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as probe:
            try:
                probe.bind((address, 53))
            except OSError:
                continue
        with open(os.path.join(folder, "resolv.conf"), "w", encoding="ascii") as file:
            file.write("nameserver %s\noptions timeout:1 attempts:1\n" % address)
        return launch(folder, "dns", [sys.executable, "-B", os.path.join(HERE, "dns_list.py"), address, folder],
                      environment)
    raise SystemExit("postfix.py: port 53 is taken on every address of loopback that was tried")


def with_resolver(folder):
    """The beginning of a command that sees the folder's resolv.conf as /etc/resolv.conf, in a mount name space of its
    own: a resolver's port cannot be chosen, and the machine's own file is not touched."""
    prefix = ["unshare", "-m", "sh", "-c", 'mount --bind "$0" /etc/resolv.conf && exec "$@"',
              os.path.join(folder, "resolv.conf")]
    done = subprocess.run([*prefix, "true"], stdout=subprocess.DEVNULL, stderr=subprocess.PIPE, encoding="utf-8",
                          check=False)
    if done.returncode == 0:
        return prefix
    print("postfix.py: no mount name space here, so there is no DNS list: " + done.stderr.strip())
    return []


def launch_postgrey(folder, programs, port, seconds):
    user, files = owner()[0], os.path.join(folder, "postgrey")
    return launch(folder, "postgrey", [
        *programs.postgrey(folder), "--inet=127.0.0.1:%d" % port, "--delay=%d" % seconds,
        "--dbdir=" + files, "--user=" + user.pw_name, "--group=" + grp.getgrgid(user.pw_gid).gr_name,
        "--whitelist-clients=" + files + "/whitelist_clients",
        "--whitelist-recipients=" + files + "/whitelist_recipients"], programs.environment)


def wait_for(folder, processes, ports):
    """Until somebody listens on all ports."""
    end = time.monotonic() + START_SECONDS
    for port in ports:
        while True:
            try:
                socket.create_connection(("127.0.0.1", port), timeout=1).close()
                break
            except OSError:
                pass
            if time.monotonic() > end or any(process.poll() is not None for process in processes):
                text = logs(folder)
                raise (PortTaken if "already in use" in text else SystemExit)("postfix.py: no start:\n" + text)
            time.sleep(0.02)


def logs(folder):
    text = ""
    for path in sorted(glob.glob(folder + "/*.out")) + [folder + "/mail.log"]:
        if os.path.exists(path):
            with open(path, encoding="utf-8", errors="replace") as file:
                text += file.read()[-3000:]
    return text


def configure(folder, programs, dovecot_env, services):
    """Writes both files. Returns the ports of the cases."""
    user, group = owner()
    cases = [*CASES, *re.findall("@([A-Z_]+)_PORT@", services), "POLICY"]
    ports = {name: dovecot.free_port() for name in cases}
    values = {"DIR": folder, "HOST": dovecot.HOST, "OWNER": user.pw_name, "GROUP": group.gr_name,
              "DAEMONS": programs.daemons, "COMMANDS": programs.commands, "LIBRARIES": programs.libraries,
              "CERTIFICATES": dovecot_env["LIVE_CERTIFICATES"], "AUTH_PORT": dovecot_env["LIVE_AUTH_PORT"],
              "LMTP_PORT": dovecot_env["LIVE_LMTP_PORT"], "DNS_LIST": DNS_LIST,
              **{name + "_PORT": port for name, port in ports.items()}}
    fill_in("postfix.main.cf.in", os.path.join(folder, "etc/main.cf"), values)
    fill_in("postfix.master.cf.in", os.path.join(folder, "etc/master.cf"), values, services)
    return ports


def launch_all(folder, dovecot_env, extras):
    """Starts the three programs. Returns the ports of the cases and the processes by name."""
    programs = Programs()
    ports = configure(folder, programs, dovecot_env, extras.services)
    started, prefix = {}, []
    try:
        if extras.has_dns_list:
            started["DNS"] = launch_dns_list(folder, programs.environment)
            prefix = with_resolver(folder)
        started["POSTGREY"] = launch_postgrey(folder, programs, ports["POLICY"], extras.greylist_seconds)
        # master itself, not `postfix start`: that one checks the whole installation first, for a second
        started["POSTFIX"] = launch(folder, "postfix", [*prefix, programs.daemons + "/master", "-c", folder + "/etc",
                                                        "-d"], programs.environment)
        wait_for(folder, started.values(), (ports["POLICY"], ports["MX"]))
    except BaseException:
        for process in started.values():
            process.terminate()
            process.wait()
        raise
    if not prefix:
        del ports["LISTED"]
    return ports, started


def write_env(path, folder, ports, started):
    values = {"MAIL_DIR": folder, "MAIL_LOG": folder + "/mail.log", "MAIL_QUEUE": folder + "/queue",
              "MAIL_DOMAIN": DOMAIN, "MAIL_DNS_LIST": DNS_LIST}
    values.update({"MAIL_PID_" + name: process.pid for name, process in started.items()})
    values.update({"MAIL_PORT_" + name: port for name, port in ports.items()})
    os.makedirs(os.path.dirname(os.path.abspath(path)), exist_ok=True)
    with open(path, "w", encoding="utf-8") as file:
        file.writelines("%s=%s\n" % (key, shlex.quote(str(value))) for key, value in values.items())


def start(env_file, dovecot_file, extras=Extras()):
    if os.geteuid() != 0:
        raise NeedsRoot("postfix.py: Postfix needs root, so check_smtp_submit is not tried against one here")
    if os.path.exists(env_file):
        stop(env_file)
    begin = time.monotonic()
    user, group = owner()
    for last_try in (False, False, True):  # somebody may be faster with one of the ports
        folder = make_folder(user, group)
        try:
            ports, started = launch_all(folder, dovecot.read_env(dovecot_file), extras)
            break
        except BaseException as error:
            shutil.rmtree(folder)
            if last_try or not isinstance(error, PortTaken):
                raise
    write_env(env_file, folder, ports, started)
    print("Postfix runs on ports %s, process %d, folder %s, after %.1f s" %
          (", ".join("%d (%s)" % (port, name.lower()) for name, port in ports.items()), started["POSTFIX"].pid, folder,
           time.monotonic() - begin))


def stop(env_file):
    if not os.path.exists(env_file):
        return
    env = dovecot.read_env(env_file)
    for pid in [int(env[name]) for name in ("MAIL_PID_POSTFIX", "MAIL_PID_POSTGREY", "MAIL_PID_DNS") if name in env]:
        for sign, seconds in ((signal.SIGTERM, 10), (signal.SIGKILL, 5)):
            if dovecot.is_alive(pid, env["MAIL_DIR"]):
                os.kill(pid, sign)
            end = time.monotonic() + seconds
            while dovecot.is_alive(pid, env["MAIL_DIR"]) and time.monotonic() < end:
                time.sleep(0.02)
    if os.path.basename(env["MAIL_DIR"]).startswith("mailcheck-mail."):
        shutil.rmtree(env["MAIL_DIR"], ignore_errors=True)
    os.unlink(env_file)


def main():
    if sys.argv[1:2] == ["start"] and len(sys.argv) == 4:
        start(*sys.argv[2:])
    elif sys.argv[1:2] == ["stop"] and len(sys.argv) == 3:
        stop(sys.argv[2])
    else:
        sys.exit(__doc__)


if __name__ == "__main__":
    main()
