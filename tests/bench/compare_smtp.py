#!/usr/bin/env python3
"""compare_smtp.py DOVECOT_ENV POSTFIX_ENV PLUGIN MEASURE [RUNS] - check_smtp_submit beside today's plugins, on one
Postfix, in one go; as compare.py does it.

First sessions that send nothing: STARTTLS, EHLO, AUTH LOGIN, MAIL, RCPT, RSET, QUIT of ours beside the part that
check_smtp does. Then messages sent by ours, by the Perl plugin check_smtp_send and by swaks. All log in with LOGIN, the
one mechanism that all of them can. Ours and check_smtp_send verify the certificate, the others do not."""

import os
import shutil
import statistics
import sys

import compare
from compare import dovecot

FROM = "probe@elsewhere.example"


def read_password(env):
    with open(os.path.join(env["LIVE_SECRETS"], "probe"), encoding="utf-8") as file:
        return file.read().strip()


def ours(env, mail, plugin):
    return [plugin, "-H", env["LIVE_HOST"], "--address", "127.0.0.1", "-p", mail["MAIL_PORT_SUBMISSION"], "--tls",
            "starttls", "--ca-path", env["LIVE_CA_PATH"], "-U", "probe", "--password-file",
            os.path.join(env["LIVE_SECRETS"], "probe"), "--auth", "LOGIN", "--from", FROM, "--to",
            "letters@" + mail["MAIL_DOMAIN"]]


def sessions(env, mail, plugin):
    """name -> command of those that send nothing."""
    command = ours(env, mail, plugin)
    return {
        "ours": command,
        "ours, up to the log in": command + ["--stop-after", "auth"],
        "check_smtp": [compare.peer("check_smtp"), "-H", "127.0.0.1", "-p", mail["MAIL_PORT_SUBMISSION"], "-S", "-A",
                       "LOGIN", "-U", "probe", "-P", read_password(env)],
    }


def sendings(env, mail, plugin):
    """name -> command of those that send a message."""
    port, to = mail["MAIL_PORT_SUBMISSION"], "letters@" + mail["MAIL_DOMAIN"]
    swaks = shutil.which("swaks")
    if swaks is None:
        sys.exit("compare_smtp.py: swaks is not here: `sh packaging/needs.sh bench` installs it")
    return {
        "ours, --send": ours(env, mail, plugin) + ["--send", "--subject", "bench"],
        "check_smtp_send": [compare.peer("check_smtp_send"), "-H", "127.0.0.1", "-p", port, "--tls", "--auth", "LOGIN",
                            "-U", "probe", "-P", read_password(env), "--mailto", to, "--mailfrom", FROM, "--header",
                            "Subject: bench", "--body", "bench"],
        "swaks": [swaks, "--server", "127.0.0.1", "--port", port, "-tls", "--auth", "LOGIN", "--auth-user", "probe",
                  "--auth-password", read_password(env), "--from", FROM, "--to", to, "--header", "Subject: bench",
                  "--body", "bench", "--hide-all"],
    }


def verdicts(results):
    cpu = {name: statistics.median(one[1] for one in runs) for name, runs in results.items()}
    waiting = {name: statistics.median(one[0] - one[1] for one in runs) for name, runs in results.items()}
    return compare.print_targets([
        ("our CPU / check_smtp's (which verifies nothing and offers no message)", cpu["ours"] / cpu["check_smtp"], 1.3),
        ("our CPU with --send / check_smtp_send's", cpu["ours, --send"] / cpu["check_smtp_send"], 0.1),
        ("our CPU with --send / swaks' (which verifies nothing)", cpu["ours, --send"] / cpu["swaks"], 0.125),
        ("our wall minus CPU up to the log in, less check_smtp's, ms",
         waiting["ours, up to the log in"] - waiting["check_smtp"], 1.0),
    ])


def main():
    if len(sys.argv) not in (5, 6):
        sys.exit(__doc__)
    env, mail = dovecot.read_env(sys.argv[1]), dovecot.read_env(sys.argv[2])
    plugin, measure, rounds = sys.argv[3], sys.argv[4], int(sys.argv[5]) if len(sys.argv) == 6 else 200
    trust = {"SSL_CERT_DIR": env["LIVE_CA_PATH"]}  # check_smtp_send has no option for it; ours is told by --ca-path
    results = compare.collect(measure, sessions(env, mail, plugin), rounds, trust)
    results.update(compare.collect(measure, sendings(env, mail, plugin), rounds, trust))
    compare.table(results)
    sys.exit(1 if verdicts(results) else 0)


if __name__ == "__main__":
    main()
