#!/usr/bin/env python3
"""system_root.py make POINTER PACKAGE.deb - a private Debian root (mmdebstrap) with the monitoring systems in it and
our package installed by apt, as a user would have it; its path is written to the file POINTER. A root that is there is
used again, with the package installed anew. Nothing of this is installed on the machine. Needs root.

In a test: `with Machine("poller") as machine:` is that root once more, as a machine that may be changed (an overlay in
memory, gone afterwards); it shares the network and /tmp with the test, so that the files of mail_path.py are found in
there by the same names. Its mounts belong to the test's own mount name space (mail_path.py makes one)."""

import glob
import os
import shutil
import signal
import subprocess
import sys
import tempfile

SYSTEMS = ["ca-certificates", "icinga2-bin", "nagios4-core", "nagios-nrpe-server", "nagios-nrpe-plugin",
           "zabbix-server-pgsql", "zabbix-agent", "zabbix-sender", "postgresql", "prometheus",
           "zabbix-frontend-php", "php-cli", "php-pgsql",  # its API is the way in for templates
           "icingaweb2-module-director", "icingacli", "php-cgi"]  # php-cgi: or else a web server comes
PLUGINS = "/usr/lib/nagios/plugins"
STATE_FOLDER = "/var/lib/monitoring-plugins-mail/nagios"
ENVIRONMENT = {"PATH": "/usr/sbin:/usr/bin:/sbin:/bin", "HOME": "/", "LC_ALL": "C.UTF-8"}


class Machine:
    def __init__(self, name):
        self.name = name
        self._folder = tempfile.mkdtemp(prefix="mailcheck-machine.", dir="/run" if os.access("/run", os.W_OK) else None)
        self.root = os.path.join(self._folder, "root")
        self._mounted = []
        self._started = []

    def __enter__(self):
        memory = os.path.join(self._folder, "memory")
        for folder in (memory, self.root):
            os.makedirs(folder)
        self._mount("-t", "tmpfs", "tmpfs", memory)
        for part in ("changed", "work"):
            os.makedirs(os.path.join(memory, part))
        with open(os.environ["SYSTEM_ROOT"], encoding="utf-8") as file:
            lower = file.read().strip()
        self._mount("-t", "overlay", "overlay", "-o", "lowerdir=%s,upperdir=%s/changed,workdir=%s/work"
                    % (lower, memory, memory), self.root)
        for shared in ("/dev", "/proc", "/tmp"):
            self._mount("--rbind", shared, self.path(shared))
        for file in ("/etc/resolv.conf", "/etc/hosts"):
            shutil.copyfile(file, self.path(file))
        return self

    def __exit__(self, *_):
        for process in reversed(self._started):
            self.end(process)
        for target in reversed(self._mounted):
            subprocess.run(["umount", "--recursive", "--lazy", target], check=False)
        shutil.rmtree(self._folder, ignore_errors=True)

    def _mount(self, *arguments):
        subprocess.run(["mount", *arguments], check=True)
        self._mounted.append(arguments[-1])

    def path(self, name):
        """Where a file of the machine is for the test."""
        return os.path.join(self.root, name.lstrip("/"))

    def read(self, name):
        with open(self.path(name), encoding="utf-8", errors="replace") as file:
            return file.read()

    def write(self, name, text, owner=None, mode=0o644):
        """Writes a file (with its folders) that belongs to a user of the machine."""
        path = self.path(name)
        os.makedirs(os.path.dirname(path), exist_ok=True)
        with open(path, "w", encoding="utf-8") as file:
            file.write(text)
        os.chmod(path, mode)
        if owner:
            os.chown(path, *self.account(owner))

    def state_folder(self):
        """The folder for --state-dir as the package made it; a root made by hand has no package, and gets one here."""
        if self.run("dpkg", "-s", "monitoring-plugins-mail", check=False).returncode != 0:
            self.run("install", "-d", "-m", "0700", "-o", "nagios", "-g", "nagios", STATE_FOLDER)
        found = os.stat(self.path(STATE_FOLDER))
        assert (found.st_uid, found.st_mode & 0o777) == (self.account("nagios")[0], 0o700), found
        return STATE_FOLDER

    def account(self, user):
        """User and group id of a user of the machine."""
        for line in self.read("/etc/passwd").splitlines():
            fields = line.split(":")
            if fields[0] == user:
                return int(fields[2]), int(fields[3])
        raise KeyError(user)

    def _command(self, user, command):
        change = ["--userspec=%d:%d" % self.account(user)] if user else []
        return ["chroot", *change, self.root, *command]

    def run(self, *command, user=None, environment=None, timeout=60, check=True):
        """Runs a command on the machine; its output and errors are text."""
        done = subprocess.run(self._command(user, command), stdin=subprocess.DEVNULL, stdout=subprocess.PIPE,
                              stderr=subprocess.PIPE, text=True, errors="replace",
                              env={**ENVIRONMENT, **(environment or {})}, timeout=timeout, check=False)
        if check and done.returncode != 0:
            raise AssertionError("%s: %s: exit %d\n%s%s" % (self.name, " ".join(command), done.returncode, done.stdout,
                                                            done.stderr))
        return done

    def start(self, *command, user=None, environment=None, log="/var/log/started.log"):
        """Starts a program that stays in the foreground; it is ended with the machine, its children with it."""
        with open(self.path(log), "ab") as output:
            process = subprocess.Popen(self._command(user, command), stdin=subprocess.DEVNULL, stdout=output,
                                       stderr=output, env={**ENVIRONMENT, **(environment or {})},
                                       start_new_session=True)
        self._started.append(process)
        return process

    @staticmethod
    def end(process):
        """Ends one that was started, before the machine is left."""
        for number in (signal.SIGTERM, signal.SIGKILL):
            try:
                os.killpg(process.pid, number)
                process.wait(10)
            except (ProcessLookupError, subprocess.TimeoutExpired):
                pass


def run(*command, **keywords):
    done = subprocess.run(command, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True, check=False, **keywords)
    if done.returncode != 0:
        sys.exit("system_root.py: %s:\n%s" % (" ".join(command), done.stdout))


def bootstrap(root, variant, packages, *options):
    """A new root with these packages, from where this machine gets its own."""
    sources = [*glob.glob("/etc/apt/sources.list.d/*"), *glob.glob("/etc/apt/sources.list")]
    run("mmdebstrap", "--quiet", "--variant=" + variant, "--include=" + ",".join(packages),
        "--dpkgopt=force-unsafe-io", *options, suite(), root, *sources)


def make_root():
    folder = tempfile.mkdtemp(prefix="mailcheck-systems.", dir="/tmp")
    os.chmod(folder, 0o755)
    root = os.path.join(folder, "root")
    print("a root with the monitoring systems is made in %s" % root)
    # what is not wanted: lists and caches of packages stay, for apt must still find what our package needs
    bootstrap(root, "minbase", SYSTEMS, "--skip=cleanup/apt")
    return root


def is_complete(root):
    """Whether a root that was made earlier has all that is wanted today."""
    return os.path.isdir(root) and subprocess.run(["chroot", root, "dpkg", "--status", *SYSTEMS], check=False,
                                                  stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL).returncode == 0


def suite():
    """This machine's release of Debian, or of what is made from it."""
    with open("/etc/os-release", encoding="utf-8") as file:
        for line in file:
            if line.startswith("VERSION_CODENAME="):
                return line.split("=", 1)[1].strip().strip('"')
    sys.exit("system_root.py: no VERSION_CODENAME in /etc/os-release")


def install(root, package):
    """Our package with all that it needs, by apt, in mount name space of its own."""
    target = os.path.join(root, "root", os.path.basename(package))
    shutil.copyfile(package, target)
    script = ("mount --make-rprivate / && mount --bind /dev $1/dev && mount -t proc proc $1/proc && "
              "exec chroot $1 apt-get -qq install -y --reinstall --no-install-recommends /root/$2")
    run("unshare", "--mount", "sh", "-c", script, "sh", root, os.path.basename(package),
        env={**os.environ, "DEBIAN_FRONTEND": "noninteractive"})
    os.remove(target)


def main():
    if len(sys.argv) != 4 or sys.argv[1] != "make":
        sys.exit(__doc__)
    pointer, package = sys.argv[2:]
    root = None
    if os.path.exists(pointer):
        with open(pointer, encoding="utf-8") as file:
            root = file.read().strip()
    if not root or not is_complete(root):
        root = make_root()
    install(root, package)
    os.makedirs(os.path.dirname(os.path.abspath(pointer)), exist_ok=True)
    with open(pointer, "w", encoding="utf-8") as file:
        file.write(root + "\n")


if __name__ == "__main__":
    main()
