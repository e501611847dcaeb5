"""What the tests of the packages share: the files of a package and how its programs were linked; a small Debian root to
install it into; a picture of all files, to see what an installation leaves behind."""

import glob
import hashlib
import os
import re
import shutil
import stat
import subprocess
import tempfile

from system_root import bootstrap

TOP = os.path.abspath(os.path.join(os.path.dirname(__file__), "../.."))
PLUGINS = sorted(os.path.basename(path) for path in glob.glob(os.path.join(TOP, "plugins/check_*")))
STATE = "/var/lib/monitoring-plugins-mail"
# Sonames of Debian 12 and of others of its age: libcurl is the module's alone, and the C++ library is inside.
NEEDED = {"libcrypto.so.3", "libssl.so.3", "libidn.so.12", "libidn2.so.0", "libpsl.so.5", "libresolv.so.2", "libm.so.6",
          "libc.so.6", "ld-linux-x86-64.so.2"}
MODULE_NEEDED = {"libcurl.so.4", "libssl.so.3", "libcrypto.so.3", "libc.so.6"}


def run(*command, check=True, **keywords):
    """Runs a command; its output holds its errors."""
    done = subprocess.run(command, stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=subprocess.STDOUT,
                          text=True, errors="replace", check=False, **keywords)
    if check and done.returncode != 0:
        raise AssertionError("%s: exit %d\n%s" % (" ".join(command), done.returncode, done.stdout))
    return done


def output(*command, **keywords):
    return run(*command, **keywords).stdout


def version():
    with open(os.path.join(TOP, "CMakeLists.txt"), encoding="utf-8") as file:
        return re.search(r"^project\(.* VERSION ([\d.]+) ", file.read(), re.M).group(1)


def package(pattern):
    """The one file in the folder of built packages that fits."""
    found = glob.glob(os.path.join(os.environ["PACKAGES"], pattern.replace("VERSION", version())))
    assert len(found) == 1, (pattern, found)
    return found[0]


def hardening_faults(path, is_module=False):
    """What of the usual hardening a program lacks, read off its headers and symbols."""
    dynamic = output("readelf", "--wide", "--dynamic", path)
    segments = output("readelf", "--wide", "--file-header", "--segments", path)
    symbols = set(re.findall(r" (\w+)@", output("readelf", "--wide", "--dyn-syms", path)))
    wanted = {
        "position independent": re.search(r"Type: +DYN", segments),
        "an executable": is_module or re.search(r"FLAGS_1.*PIE", dynamic),
        "RELRO": "GNU_RELRO" in segments,
        "bound at start": re.search(r"FLAGS.*NOW", dynamic),
        "no executable stack": re.search(r"GNU_STACK .* RW +0x", segments),
        "no text relocations": "TEXTREL" not in dynamic,
        "no library path": not re.search(r"R(UN)?PATH", dynamic),
        "stack protector": "__stack_chk_fail" in symbols,
        "fortified functions": is_module or any(re.fullmatch(r"__\w+_chk", name) for name in symbols),
        "stripped": ".debug_info" not in output("readelf", "--wide", "--sections", path),
    }
    return [name for name, there in wanted.items() if not there]


def needed(path):
    return set(re.findall(r"NEEDED.*\[(.*)\]", output("readelf", "--wide", "--dynamic", path)))


class Root:
    """A Debian root with the essential packages, what the package `deb` depends on (but not itself), and two users of
    monitoring systems; in a folder of its own."""

    def __init__(self, deb):
        self._folder = tempfile.mkdtemp(prefix="mailcheck-root.", dir="/tmp")
        os.chmod(self._folder, 0o755)
        self.root = os.path.join(self._folder, "root")
        try:
            depends = output("dpkg-deb", "--field", deb, "Depends").strip().split(", ")
            bootstrap(self.root, "essential", ["passwd", *(re.split("[ (]", part)[0] for part in depends)])
            for user in ("nagios", "icinga"):
                self.run("useradd", "--system", "--user-group", user)
        except BaseException:
            self.remove()
            raise

    def remove(self):
        shutil.rmtree(self._folder, ignore_errors=True)

    def path(self, name):
        return os.path.join(self.root, name.lstrip("/"))

    def run(self, *command, user=None, check=True):
        """Runs a command there; /dev and /proc are mounted for as long as it runs."""
        change = ["--userspec", user] if user else []
        script = 'mount --make-rprivate / && mount --rbind /dev "$0/dev" && mount -t proc proc "$0/proc" && exec "$@"'
        return run("unshare", "--mount", "sh", "-c", script, self.root, "chroot", *change, self.root, *command,
                   check=check, env={"PATH": "/usr/sbin:/usr/bin:/sbin:/bin", "HOME": "/", "LC_ALL": "C.UTF-8",
                                     "DEBIAN_FRONTEND": "noninteractive"})

    def picture(self, without=()):
        """Path -> what is there, of all files but those that match one of `without`."""
        seen = {}
        for where, folders, files in os.walk(self.root):
            for name in folders + files:
                path = os.path.join(where, name)
                relative = path[len(self.root):]
                if any(re.fullmatch(pattern, relative) for pattern in without):
                    if name in folders:
                        folders.remove(name)
                    continue
                seen[relative] = describe(path)
        return seen


def describe(path):
    """Mode, owner, group and content of a file."""
    status = os.lstat(path)
    content = ""
    if stat.S_ISLNK(status.st_mode):
        content = os.readlink(path)
    elif stat.S_ISREG(status.st_mode):
        with open(path, "rb") as file:
            content = hashlib.sha256(file.read()).hexdigest()
    return stat.filemode(status.st_mode), status.st_uid, status.st_gid, content


def differences(before, after):
    """Between two pictures: path -> what was there and what is there now."""
    return {path: (before.get(path), after.get(path)) for path in before.keys() | after.keys()
            if before.get(path) != after.get(path)}


def check_plugins_run(test, machine, folder):
    """As the user nagios, found by PATH and in their folder, with all libraries."""
    for name in PLUGINS:
        test.assertEqual(machine.run(name, "--version", user="nagios", check=False).stdout,
                         "%s %s (monitoring-plugins-mail)\n" % (name, version()))
    shutil.copy(os.path.join(TOP, "packaging/debian/tests/smoke"), machine.path("/tmp/smoke"))
    machine.run("sh", "/tmp/smoke", folder, user="nagios")
    os.remove(machine.path("/tmp/smoke"))
    module = folder + "/monitoring-plugins-mail/mailcheck_http_curl.so"
    test.assertNotIn("not found", machine.run("ldd", module).stdout)


def check_state_folders(test, machine, users):
    """Root's folder, with one in it for each of `users`, which nobody else can enter."""
    test.assertEqual(describe(machine.path(STATE))[:3], ("drwxr-xr-x", 0, 0))
    test.assertEqual(sorted(os.listdir(machine.path(STATE))), sorted(users))
    for user in users:
        owner, group = (int(output("chroot", machine.root, "id", option, user)) for option in ("-u", "-g"))
        test.assertEqual(describe(machine.path(STATE + "/" + user))[:3], ("drwx------", owner, group))


def check_state_folder_is_used(test, machine, plugin):
    """check_mail_roundtrip writes its state into the user's own folder, and into no other and none that is open."""
    def attempt(folder):
        return machine.run(plugin, "--hostname", "127.0.0.1", "--smtp-port", "1", "--imap-port", "1", "--user", "u",
                           "--password", "p", "--from", "u@example.org", "--to", "u@example.org", "--state-dir", folder,
                           user="nagios", check=False).stdout

    own, other = STATE + "/nagios", STATE + "/icinga"
    test.assertIn("connection refused", attempt(own))
    test.assertEqual(len(os.listdir(machine.path(own))), 1)
    test.assertIn("belongs to icinga", attempt(other))
    test.assertIn("cannot be written", attempt(STATE))
    os.symlink("nagios", machine.path(STATE + "/link"))
    test.assertIn("is a symbolic link", attempt(STATE + "/link"))
    os.remove(machine.path(STATE + "/link"))
    os.chmod(machine.path(own), 0o770)
    test.assertIn("can be written by others", attempt(own))
    os.chmod(machine.path(own), 0o700)
