#!/usr/bin/env python3
"""compare_roundtrip.py DOVECOT_ENV POSTFIX_ENV PLUGIN MEASURE [RUNS] - check_mail_roundtrip beside
check_email_delivery, on one Postfix and one Dovecot, in one go; as compare.py does it.

CPU of whole runs; what a mailbox of 50,000 messages adds; what waiting costs; how long after Dovecot stored a message
it is seen, beside a client that does nothing but IDLE (first_sight.py; with a Postfix of its own, whose way to Dovecot
is slow)."""

import concurrent.futures
import contextlib
import os
import random
import shlex
import signal
import statistics
import sys
import tempfile
import time

import compare
import first_sight
from compare import dovecot

import postfix

FEW, MANY = 10, 50000
SMALL, CROWDED, NEVER_HERE = "letters", "unlimited", "heap"
SOON = [0, 0.2, 0.5, 1, 1.7]  # seconds until Dovecot gets the message
LATER = [2.5, 4, 8]
# Where the servers themselves take longer, the machine is too busy for times: what Postfix and LMTP need for a message,
# and Dovecot until it tells of one in IDLE (it holds that back for half a second).
DELIVERED, TOLD = 0.15, 0.6
JITTER = 0.1  # the time between two looks: messages come at any moment of it
AT_ONCE, CLOSELY, LONG = 0.001, 2, 20  # seconds of waiting
SIDE_BY_SIDE, START_EVERY = 7, 0.2
NOT_SEEN = ["--result", "not-seen=OK"]


def secret(env, user):
    return os.path.join(env["LIVE_SECRETS"], user)


def password(env, user):
    with open(secret(env, user), encoding="utf-8") as file:
        return file.read().strip()


def ours(env, mail, plugin, user=SMALL):
    address = "%s@%s" % (user, mail["MAIL_DOMAIN"])
    return [plugin, "-H", env["LIVE_HOST"], "--smtp-address", "127.0.0.1", "--imap-address", env["LIVE_ADDRESS_GOOD"],
            "--smtp-port", mail["MAIL_PORT_SUBMISSION"], "--smtp-tls", "starttls", "--imap-port",
            env["LIVE_IMAPS_PORT"], "--imap-tls", "implicit", "--ca-path", env["LIVE_CA_PATH"], "-U", user,
            "--password-file", secret(env, user), "--auth", "LOGIN", "--from", address, "--to", address]


def imap_side(env, mail, plugin, user):
    """The same with next to nothing on the other side: the message is handed over in clear, and nobody logs in."""
    in_clear = ["--smtp-port", mail["MAIL_PORT_MX"], "--smtp-tls", "none", "--smtp-user", ""]
    return [*ours(env, mail, plugin, user), *in_clear]


def check_email_delivery(env, mail):
    """It runs both commands, with the same token in them; the second removes the message. A second is the shortest
    pause it can make between them."""
    user, address = "parcels", "parcels@" + mail["MAIL_DOMAIN"]
    send = [compare.peer("check_smtp_send"), "-H", "127.0.0.1", "-p", mail["MAIL_PORT_SUBMISSION"], "--tls", "--auth",
            "LOGIN", "-U", user, "-P", password(env, user), "--mailto", address, "--mailfrom", address, "--header",
            "Subject: bench %TOKEN1%", "--body", "bench"]
    receive = [compare.peer("check_imap_receive"), "-H", env["LIVE_ADDRESS_GOOD"], "-p", env["LIVE_IMAPS_PORT"],
               "--ssl", "--ssl-ca-file", env["LIVE_CA_FILE"], "-U", user, "-P", password(env, user), "-s", "SUBJECT",
               "-s", "bench %TOKEN1%", "--imap-check-interval", "1"]
    return [compare.peer("check_email_delivery"), "--wait", "1", "-p", shlex.join(send), "-p", shlex.join(receive)]


# ---------------------------------------------------------------- CPU


def fill(env, user, count):
    """Puts so many messages into an INBOX as files, as mail_store.py does, and lets Dovecot read them once."""
    folder = os.path.join(env["LIVE_HOMES"], user, "Maildir")
    for number in range(1, count + 1):
        when = 1700000000 + number
        text = "From: sender@example.test\nSubject: message %d\nMessage-ID: <%d@example.test>\n\nHello.\n" % (
            number, number)
        sizes = "S=%d,W=%d" % (len(text), len(text) + text.count("\n"))  # else Dovecot reads every file, every time
        path = os.path.join(folder, "cur", "%d.M%dP1.bench,%s:2,S" % (when, number, sizes))
        if not os.path.exists(path):
            with open(path, "w", encoding="ascii") as file:
                file.write(text)
    dovecot.give(folder, dovecot.account())
    done = dovecot.doveadm(env, "index", "-u", user, "INBOX")
    if done.returncode != 0:
        sys.exit("compare_roundtrip.py: doveadm index: " + done.stderr)


def whole_processes(env, mail, plugin, measure, rounds):
    """Prints the table; returns the rows of the targets."""
    few, many = ("ours, sending in clear, %s messages there" % format(count, ",") for count in (FEW, MANY))
    compare.SLOW.add("check_email_delivery")
    results = compare.collect(measure, {
        "ours": ours(env, mail, plugin),
        "check_email_delivery": check_email_delivery(env, mail),
        few: imap_side(env, mail, plugin, SMALL),
        many: imap_side(env, mail, plugin, CROWDED),
    }, rounds, {"SSL_CERT_DIR": env["LIVE_CA_PATH"]})  # for check_smtp_send, which has no option for it
    compare.table(results)
    cpu = {name: statistics.median(one[1] for one in runs) for name, runs in results.items()}
    return [("our CPU / check_email_delivery's", cpu["ours"] / cpu["check_email_delivery"], 0.083),
            ("our CPU on the IMAP side, %s messages / %d" % (format(MANY, ","), FEW), cpu[many] / cpu[few], 1.2)]


def median_cpu(measure, commands):
    """name -> median CPU in ms, of SIDE_BY_SIDE runs of each command. They begin one by one and wait together."""
    jobs = [(name, command) for name, command in commands.items() for _ in range(SIDE_BY_SIDE)]
    random.shuffle(jobs)

    def run_job(number):
        time.sleep(number * START_EVERY)
        return jobs[number][0], compare.run(measure, jobs[number][1])[1]

    with concurrent.futures.ThreadPoolExecutor(len(jobs)) as pool:
        runs = list(pool.map(run_job, range(len(jobs))))
    return {name: statistics.median(cpu for one, cpu in runs if one == name) for name in commands}


def waiting(env, mail, plugin, measure):
    """Prints what waiting costs: runs for a message that never comes, less those that look once. Returns the rows of
    the targets."""
    with_idle = [*ours(env, mail, plugin), "--to", "%s@%s" % (NEVER_HERE, mail["MAIL_DOMAIN"]), *NOT_SEEN]
    servers = {"IDLE": with_idle, "polling": [*with_idle, "--imap-address", env["LIVE_ADDRESS_NO_IDLE"]]}
    cpu = median_cpu(measure, {(how, seconds): [*command, "--wait", str(seconds)]
                               for how, command in servers.items() for seconds in (AT_ONCE, CLOSELY, LONG)})
    rows = []
    print("\n| CPU ms of a second of waiting | first %d s, looking closely | later | all %d s |" % (CLOSELY, LONG))
    print("| --- | --- | --- | --- |")
    for how in servers:
        whole = (cpu[how, LONG] - cpu[how, AT_ONCE]) / LONG
        print("| %s | %.2f | %.2f | %.2f |" % (how, (cpu[how, CLOSELY] - cpu[how, AT_ONCE]) / CLOSELY,
                                              (cpu[how, LONG] - cpu[how, CLOSELY]) / (LONG - CLOSELY), whole))
        rows.append(("CPU ms of a second of waiting, " + how, whole, 1.0))
    return rows


# ---------------------------------------------------------------- first sight


def slow_postfix(env, relay, folder):
    """A Postfix that delivers through the relay. Returns the file of its values."""
    dovecot_file, mail_file = os.path.join(folder, "dovecot-env"), os.path.join(folder, "mail-env")
    with open(dovecot_file, "w", encoding="utf-8") as file:
        for key, value in {**env, "LIVE_LMTP_PORT": str(relay.port)}.items():
            file.write("%s=%s\n" % (key, shlex.quote(value)))
    with contextlib.redirect_stdout(sys.stderr):
        postfix.start(mail_file, dovecot_file)
    return mail_file


def sights(env, plugin, delays, rounds, bare=None):
    """delay -> its sights, in an order that changes from round to round. Beside a bare client the messages stay until
    the end: else ours may have removed one before the other is told of it."""
    found = {delay: [] for delay in delays}
    relay = first_sight.LateRelay(env)
    with tempfile.TemporaryDirectory() as folder:
        mail_file = slow_postfix(env, relay, folder)
        try:
            command = ours(env, dovecot.read_env(mail_file), plugin) + (["--keep"] if bare else [])
            for _ in range(rounds):
                for delay in random.sample(delays, len(delays)):
                    relay.delay = delay + random.uniform(0, JITTER)
                    found[delay].append(first_sight.see(env, command, bare))
        finally:
            postfix.stop(mail_file)
            relay.close()
    dovecot.doveadm(env, "expunge", "-u", SMALL, "mailbox", "INBOX", "header", "X-Mailcheck-Roundtrip", "id=")
    return found


def calm(found, was_quick):
    """Those in which the servers were as quick as they are."""
    left = [one for one in found if was_quick(one)]
    if 2 * len(left) < len(found):
        sys.exit("compare_roundtrip.py: this machine is too busy: its servers were slow in %d of %d runs" % (
            len(found) - len(left), len(found)))
    return left


def milliseconds(found, begin, end):
    return [1000 * (getattr(one, end) - getattr(one, begin)) for one in found]


def span(values):
    return "%.0f (%.0f to %.0f)" % (statistics.median(values), min(values), max(values))


def soon(env, plugin, rounds):
    """Prints when messages were seen that come soon; returns the row of the target."""
    all_found, worst = sights(env, plugin, SOON, rounds), []
    print("\n| held back for | runs | stored after acceptance, ms, median (least to most) | seen after that, ms |")
    print("| --- | --- | --- | --- |")
    for delay, every in all_found.items():
        found = calm(every, lambda one: one.stored - one.accepted < min(2, delay + JITTER + DELIVERED))
        seen = milliseconds(found, "stored", "seen")
        print("| %s s | %d of %d | %s | %s |" % (delay, len(found), len(every),
                                                 span(milliseconds(found, "accepted", "stored")), span(seen)))
        worst.append(max(seen))
    return ("stored within 2 s of acceptance: the latest first sight after that, ms", max(worst), 120)


def later(env, plugin, rounds):
    """The same for those that come later, beside the bare client."""
    def bare():
        return first_sight.BareIdle(env, SMALL, password(env, SMALL))

    all_found, all_behind = sights(env, plugin, LATER, rounds, bare), []
    print("\n| held back for | runs | seen after it was stored, ms | bare IDLE client, ms | ours after it, ms |")
    print("| --- | --- | --- | --- | --- |")
    for delay, every in all_found.items():
        found = calm(every, lambda one: one.told - one.stored < TOLD)
        behind = milliseconds(found, "told", "seen")
        print("| %s s | %d of %d | %s | %s | %s |" % (delay, len(found), len(every),
                                                      span(milliseconds(found, "stored", "seen")),
                                                      span(milliseconds(found, "stored", "told")), span(behind)))
        all_behind += behind
    # not the worst of all: one stall of the machine between two answers is enough for that
    return ("stored later: first sight after a bare IDLE client's, in nine of ten runs, ms",
            statistics.quantiles(all_behind, n=10)[-1], 20)


def main():
    if len(sys.argv) not in (5, 6):
        sys.exit(__doc__)
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(143))  # so that what was started is ended
    env, mail = dovecot.read_env(sys.argv[1]), dovecot.read_env(sys.argv[2])
    plugin, measure, rounds = sys.argv[3], sys.argv[4], int(sys.argv[5]) if len(sys.argv) == 6 else 200
    for user, count in ((SMALL, FEW), (CROWDED, MANY)):
        first_sight.make_junk(env, user)
        fill(env, user, count)
    rows = whole_processes(env, mail, plugin, measure, max(rounds // 4, 8))
    rows += waiting(env, mail, plugin, measure)
    rows.append(soon(env, plugin, max(rounds // 25, 2)))
    rows.append(later(env, plugin, max(rounds // 25, 4)))
    sys.exit(1 if compare.print_targets(rows) else 0)


if __name__ == "__main__":
    main()
