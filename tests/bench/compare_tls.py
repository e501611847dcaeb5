#!/usr/bin/env python3
"""compare_tls.py DOVECOT_ENV POSTFIX_ENV PLUGIN MEASURE [RUNS] - check_mail_tls beside today's plugins, on one Dovecot
and one Postfix, in one go; as compare.py does it.

Ours upgrades, verifies chain, name and dates, judges the session and leaves politely. check_ssl_cert (shell, openssl
s_client) is kept from all that asks third parties (OCSP, SCT) and from nmap; check_smtp and check_simap read the leaf's
end and verify nothing. Then, by strace: what a run starts, how often it connects, and whether libcurl is loaded."""

import os
import re
import shutil
import statistics
import subprocess
import sys
import tempfile

import compare
from compare import dovecot

DAYS = ["-D", "21,7"]
STARTED = re.compile(r"\b(?:fork|vfork|clone3?)\((?!.*CLONE_THREAD).* = \d+$", re.MULTILINE)


def ours(env, plugin, service, port):
    return [plugin, "-H", env["LIVE_HOST"], "--address", "127.0.0.1", "-p", port, "--protocol", service, "--ca-path",
            env["LIVE_CA_PATH"]]


def check_ssl_cert(env, service, port):
    return [compare.peer("check_ssl_cert"), "-H", env["LIVE_HOST"], "--resolve", "127.0.0.1", "-p", port, "-P", service,
            "--rootcert-file", env["LIVE_CA_FILE"], "--ignore-ocsp", "--ignore-sct", "-w", "21", "-c", "7"]


def contenders(env, mail, plugin):
    """name -> command"""
    smtp, imaps = mail["MAIL_PORT_SUBMISSION"], env["LIVE_IMAPS_PORT"]
    return {
        "ours, Postfix": ours(env, plugin, "submission", smtp),
        "check_smtp, Postfix": [compare.peer("check_smtp"), "-H", "127.0.0.1", "-p", smtp, "-S", *DAYS],
        "check_ssl_cert, Postfix": check_ssl_cert(env, "smtp", smtp),
        "ours, Dovecot": ours(env, plugin, "imaps", imaps),
        "check_simap, Dovecot": [compare.peer("check_simap"), "-H", "127.0.0.1", "-p", imaps, *DAYS],
        "check_ssl_cert, Dovecot": check_ssl_cert(env, "imaps", imaps),
    }


def without_nmap(folder):
    """A PATH like ours, but check_ssl_cert finds no nmap in it, which it would run."""
    path = os.environ.get("PATH", "/usr/bin:/bin")
    if not shutil.which("nmap"):
        return path
    for place in path.split(":"):
        for name in os.listdir(place) if os.path.isdir(place) else []:
            if name != "nmap" and not os.path.lexists(os.path.join(folder, name)):
                os.symlink(os.path.join(place, name), os.path.join(folder, name))
    return folder


def behaviour(command, environment):
    """(processes started, connections to the port, whether libcurl was opened) of one run."""
    port = command[command.index("-p") + 1]
    with tempfile.NamedTemporaryFile(mode="r", encoding="utf-8", errors="replace") as trace:
        calls = "trace=fork,vfork,clone,clone3,connect,open,openat"
        done = subprocess.run(["strace", "-f", "-e", calls, "-o", trace.name, *command], stdout=subprocess.DEVNULL,
                              env=environment, check=False)
        text = trace.read()
    if done.returncode != 0 or "libc.so" not in text:
        sys.exit("compare_tls.py: no trace, or exit code %d, of: %s" % (done.returncode, " ".join(command)))
    return (len(STARTED.findall(text)), text.count("sin_port=htons(%s)" % port), "libcurl" in text)


def behaviours(commands, environment):
    """Prints what each does; returns how many of ours do more than they should."""
    print("\n| one run | starts processes | connections | loads libcurl |\n| --- | --- | --- | --- |")
    wrong = 0
    for name, command in commands.items():
        started, connections, curl = behaviour(command, environment)
        print("| %s | %d | %d | %s |" % (name, started, connections, "yes" if curl else "no"))
        if name.startswith("ours"):
            wrong += (started, connections, curl) != (0, 1, False)
    print("\nours: no process, one connection, no libcurl: %s" % ("MISSED" if wrong else "met"))
    return wrong


def verdicts(results):
    wall, cpu = ({name: statistics.median(one[column] for one in runs) for name, runs in results.items()}
                 for column in (0, 1))
    rows = [("our CPU / check_smtp's (which verifies nothing)", cpu["ours, Postfix"] / cpu["check_smtp, Postfix"], 1.3)]
    for server in ("Postfix", "Dovecot"):
        mine, other = "ours, " + server, "check_ssl_cert, " + server
        rows += [("%s: our CPU / check_ssl_cert's" % server, cpu[mine] / cpu[other], 0.02),
                 ("%s: our wall / check_ssl_cert's" % server, wall[mine] / wall[other], 0.025)]
    return compare.print_targets(rows)


def main():
    if len(sys.argv) not in (5, 6):
        sys.exit(__doc__)
    env, mail = dovecot.read_env(sys.argv[1]), dovecot.read_env(sys.argv[2])
    plugin, measure, rounds = sys.argv[3], sys.argv[4], int(sys.argv[5]) if len(sys.argv) == 6 else 200
    commands = contenders(env, mail, plugin)
    with tempfile.TemporaryDirectory() as folder:
        environment = {"PATH": without_nmap(folder)}
        results = compare.collect(measure, commands, rounds, environment)
        compare.table(results)
        missed = verdicts(results)
        missed += behaviours(commands, {**compare.CLEAN, **environment})
    sys.exit(1 if missed else 0)


if __name__ == "__main__":
    main()
