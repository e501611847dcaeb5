#!/usr/bin/env python3
"""Starts and stops a private Dovecot on loopback, for the live tests, packaging/try.sh and the bench.

  dovecot.py start FILE           makes a folder, certificates, accounts and mail; starts it; writes FILE (KEY=value)
  dovecot.py stop FILE            ends it by its process id and removes folder and FILE
  dovecot.py doveadm FILE ARG...  doveadm against this instance

It runs as the user who calls it; for root it becomes the user "nobody" first. The programs are the installed ones or
an unpacked copy (packaging/unpack_dovecot.py; DOVECOT_ROOT forces one). Dovecot 2.3 is wanted: 2.4 has other settings.
Ports are free high ones; certificate and policy depend on the address of loopback that is asked (see ADDRESSES)."""

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

import accounts
import mail_store

HOST = "mail.example.test"  # a name of the test CA's certificates
HERE = os.path.dirname(os.path.abspath(__file__))
# 127.0.0.1 is "secure" to Dovecot even in clear, since client and server address are the same; all others are not.
ADDRESSES = {
    "GOOD": "127.0.0.1",
    "CLEARTEXT_REFUSED": "127.0.0.11",
    "EXPIRED": "127.0.0.12",
    "WRONG_NAME": "127.0.0.13",
    "SELF_SIGNED": "127.0.0.14",
    "CLIENT_CERTIFICATE": "127.0.0.15",
    "CROWDED": "127.0.0.16",
    "ENDING": "127.0.0.17",
    "TLS_REQUIRED": "127.0.0.18",
    "SURVEY": "127.0.0.19",  # nothing is wrong
    "NO_UIDPLUS": "127.0.0.20",
    "NO_IDLE": "127.0.0.21",
}
PORTS = ["IMAP", "IMAPS", "POP3", "POP3S", "SIEVE", "LMTP", "AUTH"]
PROGRAMS = ["imap-login", "pop3-login", "managesieve-login", "lmtp"]
START_SECONDS = 20


def unpacked_root():
    """The folder of a Dovecot that packaging/unpack_dovecot.py unpacked, or an empty string."""
    if "DOVECOT_ROOT" in os.environ:
        return os.environ["DOVECOT_ROOT"]
    pointer = os.path.join(HERE, "../../build/dovecot-root")
    if not os.path.exists(pointer):
        return ""
    with open(pointer, encoding="utf-8") as file:
        return file.read().strip()


def programs():
    """The paths of dovecot, doveadm and the folder of Dovecot's own programs: the installed ones, else the unpacked
    ones."""
    path = os.environ.get("PATH", "") + ":/usr/sbin:/usr/local/sbin"
    found = [shutil.which("dovecot", path=path), shutil.which("doveadm", path=path)]
    for libexec in ("/usr/lib/dovecot", "/usr/libexec/dovecot"):
        has_all = all(os.path.exists(os.path.join(libexec, name)) for name in PROGRAMS)
        if all(found) and has_all and "DOVECOT_ROOT" not in os.environ:
            return (*found, libexec)
    root = unpacked_root()
    if os.path.exists(os.path.join(root, "sbin/dovecot")):
        return os.path.join(root, "sbin/dovecot"), os.path.join(root, "bin/doveadm"), os.path.join(root, "libs")
    raise SystemExit("dovecot.py: no Dovecot here: `sh packaging/needs.sh live` installs or unpacks one")


def account():
    """The user that Dovecot runs as."""
    return pwd.getpwnam("nobody") if os.geteuid() == 0 else pwd.getpwuid(os.geteuid())


def become(user):
    """Keyword arguments for subprocess that run a child as `user`."""
    if os.geteuid() != 0:
        return {}
    return {"user": user.pw_uid, "group": user.pw_gid, "extra_groups": []}


def environment():
    """The environment of Dovecot and openssl: without the trust settings that a build machine may export."""
    clean = {"PATH": os.environ.get("PATH", "/usr/bin:/bin") + ":/usr/sbin:/sbin", "LC_ALL": "C.UTF-8"}
    if programs()[2].startswith("/tmp/"):
        clean["LD_LIBRARY_PATH"] = programs()[2]
    return clean


def check_version():
    text = subprocess.run([programs()[0], "--version"], stdout=subprocess.PIPE, env=environment(), encoding="utf-8",
                          check=False).stdout
    if not text.startswith("2.3."):
        raise SystemExit("dovecot.py: this is Dovecot %s; the settings here are for 2.3" % text.strip())


def free_port():
    with socket.socket() as probe:
        probe.bind(("0.0.0.0", 0))
        return probe.getsockname()[1]


def configuration(folder, user, ports):
    libexec = programs()[2]
    values = {"DIR": folder, "USER": user.pw_name, "GROUP": grp.getgrgid(user.pw_gid).gr_name, "UID": user.pw_uid,
              "GID": user.pw_gid, "LIBEXEC": libexec, "CERTIFICATES": os.path.join(folder, "certificates"),
              "LISTEN": ", ".join(ADDRESSES.values()), **{name + "_PORT": port for name, port in ports.items()},
              **ADDRESSES}
    with open(os.path.join(HERE, "dovecot.conf.in"), encoding="utf-8") as file:
        text = file.read()
    return re.sub("@([A-Z0-9_]+)@", lambda name: str(values[name.group(1)]), text)


def make_folder(user):
    """A private folder below /tmp (or TMPDIR where the user can reach it) with certificates, accounts and mail."""
    base = os.environ.get("TMPDIR", "/tmp")
    if os.geteuid() == 0 or not os.access(base, os.W_OK | os.X_OK):
        base = "/tmp"
    folder = tempfile.mkdtemp(prefix="mailcheck-live.", dir=base)
    os.makedirs(os.path.join(folder, "run"))
    subprocess.run(["sh", os.path.join(HERE, "../support/test_ca.sh"), os.path.join(folder, "certificates"),
                    os.path.join(HERE, "more_certificates.sh")], check=True, env=environment())
    accounts.write(folder)
    shutil.copy(os.path.join(HERE, "junk.sieve"), folder)
    mail_store.make(os.path.join(folder, "home"))
    if os.geteuid() == 0:
        give(folder, user)
    return folder


def give(folder, user):
    """Makes `user` the owner of everything in `folder`."""
    for where, folders, files in os.walk(folder):
        for name in [where] + [os.path.join(where, entry) for entry in folders + files]:
            os.lchown(name, user.pw_uid, user.pw_gid)


def launch(folder, user):
    """Starts Dovecot on free ports; again with others if somebody was faster. Returns process and ports."""
    for _ in range(5):
        ports = {name: free_port() for name in PORTS}
        conf = os.path.join(folder, "dovecot.conf")
        with open(conf, "w", encoding="utf-8") as file:
            file.write(configuration(folder, user, ports))
        with open(os.path.join(folder, "dovecot.out"), "ab") as out:
            process = subprocess.Popen([programs()[0], "-F", "-c", conf], stdin=subprocess.DEVNULL, stdout=out,
                                       stderr=out,
                                       cwd=folder, env=environment(), start_new_session=True, **become(user))
        if answers(process, ports["IMAPS"]):
            return process, ports
        if process.poll() is None:
            process.terminate()
            process.wait()
    raise SystemExit("dovecot.py: Dovecot did not start:\n" + logs(folder))


def answers(process, port):
    """True once somebody listens on `port`; False when the process ended or START_SECONDS are over."""
    end = time.monotonic() + START_SECONDS
    while time.monotonic() < end and process.poll() is None:
        try:
            socket.create_connection((ADDRESSES["GOOD"], port), timeout=1).close()
            return True
        except OSError:
            time.sleep(0.02)
    return False


def logs(folder):
    text = ""
    for name in ("dovecot.out", "dovecot.log"):
        path = os.path.join(folder, name)
        if os.path.exists(path):
            with open(path, encoding="utf-8", errors="replace") as file:
                text += file.read()[-4000:]
    return text


def write_env(path, folder, process, ports):
    certificate = os.path.join(folder, "certificates")
    values = {"LIVE_DIR": folder, "LIVE_PID": process.pid, "LIVE_CONF": os.path.join(folder, "dovecot.conf"),
              "LIVE_LOG": os.path.join(folder, "dovecot.log"), "LIVE_HOST": HOST,
              "LIVE_LMTP_SOCKET": os.path.join(folder, "run/lmtp"),
              "LIVE_CA_FILE": os.path.join(certificate, "root.pem"),
              "LIVE_CA_PATH": os.path.join(certificate, "ca-hashed"), "LIVE_CERTIFICATES": certificate,
              "LIVE_SECRETS": os.path.join(folder, "secrets"), "LIVE_HOMES": os.path.join(folder, "home")}
    values.update({"LIVE_%s_PORT" % name: port for name, port in ports.items()})
    values.update({"LIVE_ADDRESS_" + name: address for name, address in ADDRESSES.items()})
    os.makedirs(os.path.dirname(os.path.abspath(path)), exist_ok=True)
    with open(path, "w", encoding="utf-8") as file:
        file.writelines("%s=%s\n" % (key, shlex.quote(str(value))) for key, value in values.items())


def read_env(path):
    """The values that `start` wrote, as a dict."""
    with open(path, encoding="utf-8") as file:
        return dict(shlex.split(line)[0].split("=", 1) for line in file if line.strip())


def doveadm(env, *arguments):
    """Runs doveadm against the instance; returns the finished process with text on stdout."""
    return subprocess.run([programs()[1], "-c", env["LIVE_CONF"], *arguments], stdout=subprocess.PIPE,
                          stderr=subprocess.PIPE, cwd=env["LIVE_DIR"], env=environment(), encoding="utf-8", check=False,
                          **become(account()))


def is_alive(pid, conf):
    """True while `pid` is our Dovecot: not gone, not a zombie, not a stranger with a reused number."""
    try:
        with open("/proc/%d/stat" % pid, encoding="ascii", errors="replace") as file:
            state = file.read().rsplit(")", 1)[1].split()[0]
        with open("/proc/%d/cmdline" % pid, "rb") as file:
            return state != "Z" and conf.encode() in file.read()
    except OSError:
        return False


def start(env_file):
    if os.path.exists(env_file):
        stop(env_file)
    begin = time.monotonic()
    user = account()
    check_version()
    folder = make_folder(user)
    try:
        process, ports = launch(folder, user)
    except BaseException:
        shutil.rmtree(folder)
        raise
    write_env(env_file, folder, process, ports)
    env = read_env(env_file)
    indexed = doveadm(env, "index", "-u", "probe", "*")
    if indexed.returncode != 0:
        stop(env_file)
        raise SystemExit("dovecot.py: doveadm index: " + indexed.stderr)
    print("Dovecot runs as %s, imap %d, imaps %d, process %d, folder %s, after %.1f s" %
          (user.pw_name, ports["IMAP"], ports["IMAPS"], process.pid, folder, time.monotonic() - begin))


def stop(env_file):
    if not os.path.exists(env_file):
        return
    env = read_env(env_file)
    pid = int(env["LIVE_PID"])
    for sign, seconds in ((signal.SIGTERM, 10), (signal.SIGKILL, 5)):
        if is_alive(pid, env["LIVE_CONF"]):
            os.kill(pid, sign)
        end = time.monotonic() + seconds
        while is_alive(pid, env["LIVE_CONF"]) and time.monotonic() < end:
            time.sleep(0.02)
    if os.path.basename(env["LIVE_DIR"]).startswith("mailcheck-live."):
        shutil.rmtree(env["LIVE_DIR"], ignore_errors=True)
    os.unlink(env_file)


def main():
    if len(sys.argv) < 3 or sys.argv[1] not in ("start", "stop", "doveadm"):
        sys.exit(__doc__)
    action, env_file = sys.argv[1:3]
    if action == "start":
        start(env_file)
    elif action == "stop":
        stop(env_file)
    else:
        done = doveadm(read_env(env_file), *sys.argv[3:])
        sys.stdout.write(done.stdout)
        sys.stderr.write(done.stderr)
        sys.exit(done.returncode)


if __name__ == "__main__":
    main()
