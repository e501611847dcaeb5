#!/usr/bin/env python3
"""compare.py ENV PLUGIN MEASURE [RUNS] - our whole session beside today's plugins, on one Dovecot, in one go.

All contenders take turns within each round, in an order that changes from round to round, so that whatever the machine
does meanwhile meets all of them. CPU is user and system time of the whole process from exec to exit; medians are
compared."""

import os
import random
import statistics
import subprocess
import sys

sys.path.insert(0, os.path.join(os.path.dirname(os.path.abspath(__file__)), "../live"))
import dovecot  # noqa: E402  pylint: disable=wrong-import-position

PLUGIN_FOLDERS = ["/usr/lib/nagios/plugins", "/usr/lib64/nagios/plugins", "/usr/lib/monitoring-plugins"]
SLOW = {"check_imap_receive", "check_smtp_send", "swaks", "check_ssl_cert"}  # written in Perl or shell
SLOW_EVERY = 4  # they run in every fourth round only
CLEAN = {"PATH": os.environ.get("PATH", ""), "LC_ALL": "C.UTF-8"}


def peer(name):
    for folder in PLUGIN_FOLDERS:
        path = os.path.join(folder, name)
        if os.access(path, os.X_OK):
            return path
    sys.exit("compare.py: %s is not here: `sh packaging/needs.sh bench` installs it" % name)


def contenders(env, plugin):
    """name -> command. Ours verifies chain and name, logs in, opens, fetches one header, leaves."""
    port, address = env["LIVE_IMAPS_PORT"], env["LIVE_ADDRESS_GOOD"]
    with open(os.path.join(env["LIVE_SECRETS"], "probe"), encoding="utf-8") as file:
        password = file.read().strip()
    ours = [plugin, "-H", env["LIVE_HOST"], "--address", address, "-p", port, "--tls", "implicit", "--ca-path",
            env["LIVE_CA_PATH"], "-U", "probe", "--password-file", os.path.join(env["LIVE_SECRETS"], "probe"), "--auth",
            "PLAIN", "--fetch", "1"]
    return {
        "ours": ours + ["--mailbox", "INBOX"],
        "ours, 10,000 messages": ours + ["--mailbox", "Large"],
        "check_simap": [peer("check_simap"), "-H", address, "-p", port],
        "check_imap_receive": [peer("check_imap_receive"), "-H", address, "-p", port, "--ssl", "--ssl-ca-file",
                               env["LIVE_CA_FILE"], "-U", "probe", "-P", password,
                               "--nodelete", "-s", "SUBJECT", "-s", "message 10", "-w", "30", "-c", "60"],
    }


def run(measure, command, environment=None):
    """(wall ms, CPU ms, peak MiB) of one run; a run that does not end OK would be a comparison with nothing."""
    done = subprocess.run([measure, *command], stdout=subprocess.PIPE, env={**CLEAN, **(environment or {})}, check=True)
    wall, cpu, peak, code = (int(word) for word in done.stdout.split())
    if code != 0:
        sys.exit("compare.py: exit code %d from: %s" % (code, " ".join(command)))
    return wall / 1000, cpu / 1000, peak / 1024


def collect(measure, commands, rounds, environment=None):
    """name -> the runs of that command, all taking turns; each runs once before, to warm page cache and server."""
    for command in commands.values():
        run(measure, command, environment)
    results = {name: [] for name in commands}
    order = list(commands)
    for number in range(rounds):
        random.shuffle(order)
        for name in order:
            if name.split(",")[0] not in SLOW or number % SLOW_EVERY == 0:
                results[name].append(run(measure, commands[name], environment))
        if number % 25 == 24:
            print("  %d of %d rounds" % (number + 1, rounds), file=sys.stderr)
    return results


def quartiles(values):
    low, middle, high = statistics.quantiles(values, n=4)
    return "%.2f (%.2f to %.2f)" % (middle, low, high)


def table(results):
    print("| whole process | runs | CPU ms, median (quartiles) | wall ms, median (quartiles) | peak MiB |")
    print("| --- | --- | --- | --- | --- |")
    for name, runs in results.items():
        wall, cpu, peak = zip(*runs)
        print("| %s | %d | %s | %s | %.1f |" % (name, len(runs), quartiles(cpu), quartiles(wall), max(peak)))


def verdicts(results):
    """Prints each target with what was measured; returns how many were missed."""
    cpu = {name: statistics.median(one[1] for one in runs) for name, runs in results.items()}
    peak = max(one[2] for name in ("ours", "ours, 10,000 messages") for one in results[name])
    return print_targets([
        ("our CPU / check_simap's (which verifies nothing and does not log in)", cpu["ours"] / cpu["check_simap"], 1.3),
        ("our CPU / check_imap_receive's", cpu["ours"] / cpu["check_imap_receive"], 0.1),
        ("our peak memory, MiB", peak, 12.0),
        ("our CPU on 10,000 messages / on 10", cpu["ours, 10,000 messages"] / cpu["ours"], 1.2),
    ])


def print_targets(rows):
    """Rows of name, value and limit; returns how many are over it."""
    print("\n| target | measured | at most | |\n| --- | --- | --- | --- |")
    for name, value, limit in rows:
        print("| %s | %.3f | %s | %s |" % (name, value, limit, "met" if value <= limit else "MISSED"))
    return sum(value > limit for _, value, limit in rows)


def main():
    if len(sys.argv) not in (4, 5):
        sys.exit(__doc__)
    env, rounds = dovecot.read_env(sys.argv[1]), int(sys.argv[4]) if len(sys.argv) == 5 else 200
    commands = contenders(env, sys.argv[2])
    results = collect(sys.argv[3], commands, rounds)
    table(results)
    sys.exit(1 if verdicts(results) else 0)


if __name__ == "__main__":
    main()
