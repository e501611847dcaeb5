#!/usr/bin/env python3
"""step_times_vs_packets.py ENV PLUGIN [RUNS] - are the step times true? Each label is compared with the time between
the packets of that step on the loopback interface (plain connection, so that the packets can be read; needs root).

  connect    first SYN to the server's SYN+ACK
  greeting   SYN+ACK to the first line of the server
  others     the first packet of the command to the packet that holds its tagged reply; several commands are added up

The plugin's own work between the kernel and its clock is in its numbers and not in the packets': a difference of the
medians of up to TOLERANCE_MS is taken as equal."""

import os
import re
import statistics
import subprocess
import sys

import packets

sys.path.insert(0, os.path.join(os.path.dirname(os.path.abspath(__file__)), "../live"))
import dovecot  # noqa: E402  pylint: disable=wrong-import-position

TOLERANCE_MS = 0.5
LABEL_OF = {"CAPABILITY": "capability", "AUTHENTICATE": "auth", "LOGIN": "auth", "EXAMINE": "select",
            "SELECT": "select", "LIST": "list", "SEARCH": "search", "FETCH": "fetch",
            "GETQUOTAROOT": "quota", "GETQUOTA": "quota", "LOGOUT": "logout"}
COMMAND = re.compile(rb"^(\S+) (?:UID )?([A-Z]+)", re.MULTILINE | re.IGNORECASE)
CLEAN = {"PATH": os.environ.get("PATH", ""), "LC_ALL": "C.UTF-8"}


def from_packets(seen):
    """label -> seconds, from the packets of one session."""
    times, open_commands = {}, {}
    syn = next(packet.when for packet in seen if packet.flags & packets.SYN and packet.from_client)
    answer = next(packet.when for packet in seen if packet.flags & packets.SYN and not packet.from_client)
    times["connect"] = answer - syn
    times["greeting"] = next(packet.when for packet in seen if packet.data and not packet.from_client) - answer
    for packet in seen:
        if packet.from_client:
            for tag, word in COMMAND.findall(packet.data):
                open_commands[tag] = (LABEL_OF.get(word.decode().upper(), "other: " + word.decode()), packet.when)
            continue
        for tag in [tag for tag in open_commands if re.search(rb"(^|\n)" + re.escape(tag) + rb" ", packet.data)]:
            label, begin = open_commands.pop(tag)
            times[label] = times.get(label, 0.0) + packet.when - begin
    return times


def one_run(env, plugin):
    """(label -> our seconds, label -> the packets' seconds)."""
    port = env["LIVE_IMAP_PORT"]
    command = [plugin, "-H", env["LIVE_HOST"], "--address", env["LIVE_ADDRESS_GOOD"], "-p", port, "--tls", "none",
               "--allow-plaintext-auth", "--auth", "PLAIN", "-U", "probe", "--password-file",
               os.path.join(env["LIVE_SECRETS"], "probe"), "--mailbox", "Large", "--search", "SUBJECT 777",
               "--list", "Sent", "--quota", "--fetch", "5"]
    with packets.Capture(int(port)) as capture:
        done = subprocess.run(command, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, encoding="utf-8", env=CLEAN,
                              check=False)
    if done.returncode != 0:
        sys.exit("step_times_vs_packets.py: exit code %d: %s" % (done.returncode, done.stdout))
    perfdata = done.stdout.splitlines()[0].partition("|")[2]
    ours = {label: float(value) for label, value in re.findall(r"(\w+)=([0-9.]+)s", perfdata)}
    return ours, from_packets(capture.packets)


def main():
    if len(sys.argv) not in (3, 4):
        sys.exit(__doc__)
    env = dovecot.read_env(sys.argv[1])
    runs = [one_run(env, sys.argv[2]) for _ in range(int(sys.argv[3]) if len(sys.argv) == 4 else 15)]
    labels = [label for label in runs[-1][0] if label in runs[-1][1]]
    print("| label | ours, ms | packets, ms | difference | |\n| --- | --- | --- | --- | --- |")
    differing = 0
    for label in labels:
        ours, wire = (1000 * statistics.median(run[side][label] for run in runs) for side in (0, 1))
        differing += abs(ours - wire) > TOLERANCE_MS
        print("| %s | %.3f | %.3f | %+.3f | %s |" % (label, ours, wire, ours - wire,
                                                    "agrees" if abs(ours - wire) <= TOLERANCE_MS else "DIFFERS"))
    only_wire = sorted(set(runs[-1][1]) - set(labels))
    if only_wire:
        print("seen in packets without a label of ours: " + ", ".join(only_wire))
    sys.exit(1 if differing or not labels else 0)


if __name__ == "__main__":
    main()
