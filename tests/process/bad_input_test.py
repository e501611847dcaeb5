#!/usr/bin/env python3
"""Bad input to check_imap_login is told before anything is done: see tests/support/bad_input.py.

    bad_input_test.py FOLDER_OF_PLUGINS
"""
from __future__ import annotations

import sys
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parent.parent / "support"))
import bad_input  # noqa: E402
from bad_input import LOGIN  # noqa: E402

NEEDS_LOOK = "needs --user and no --stop-after or --refuse"

# (arguments, option named, words of what was expected)
CASES = [
    # numbers, names, files
    *((["--fetch", bad, *LOGIN], "--fetch", "expected a number from 1 to 100") for bad in ("0", "101", "-1", "x", "")),
    (["--stop-after", "logout"], "--stop-after", "expected greeting, tls, capability, auth or select"),
    (["-m", "", *LOGIN], "--mailbox", "expected a mailbox name in UTF-8, got nothing"),
    (["-m", b"\xff\xfe", *LOGIN], "--mailbox", "expected a mailbox name in UTF-8"),
    (["--list", "", *LOGIN], "--list", "expected a mailbox name in UTF-8, got nothing"),
    (["--search", "", *LOGIN], "--search", "expected IMAP search criteria"),
    (["--search", 'SUBJECT "x', *LOGIN], "--search", "expected IMAP search criteria: quote not closed"),
    (["--search", "(ALL", *LOGIN], "--search", "expected IMAP search criteria"),
    *((["--expect-capability", bad], "--expect-capability", "expected one capability") for bad in ("", "!", "A B")),
    # what contradicts
    *((["--tls", "none", option, value], name, "contradicts --tls none") for option, value, name in
      (("-D", "21", "--cert-days"), ("-w", "cert_days=21:", "--warning"), ("-c", "chain_days=7:", "--critical"))),
    (["--tls", "starttls", "--stop-after", "greeting", "-D", "21"], "--cert-days", "comes after --stop-after greeting"),
    *((["--tls", "starttls", "--stop-after", "greeting", *given], given[0], "comes after --stop-after greeting") for given in
      (["--insecure"], ["--ca-file", "certificate"], ["--verify-name", "a.test"], ["--client-cert", "certificate"])),
    *(([option, f"{label}=5", *given], name, f"{name}: {label} {why}")
      for option, name in (("-w", "--warning"), ("-c", "--critical"))
      for label, given, why in
      (("dns", [], "needs a name to look up"), ("capability", ["--stop-after", "greeting"], "contradicts --stop-after"),
       ("starttls", ["--tls", "implicit"], "needs --tls starttls"), ("tls", ["--tls", "none"], "contradicts --tls none"),
       ("tls", ["--stop-after", "greeting"], "needs TLS, which comes after"), ("auth", [], "needs --user"),
       ("select", [], "needs --user"), ("select", [*LOGIN, "--refuse"], "needs --user and an open mailbox"),
       ("list", LOGIN, "needs --list"), ("search", LOGIN, "needs --search or"), ("fetch", LOGIN, "needs --fetch or"),
       ("quota", [], "needs --user"))),
    (["--auth", "LOGIN-COMMAND", "-U", "probe", "--oauth2-token-env", "SET"], "--auth", "LOGIN-COMMAND needs --password-file"),
    (["--authzid", "boss", "--auth", "LOGIN-COMMAND", *LOGIN], "--authzid",
     "contradicts --auth LOGIN-COMMAND, which has no place for it"),
    (["--tls", "none", "--stop-after", "tls"], "--stop-after", "tls contradicts --tls none"),
    *((given, given[0], NEEDS_LOOK) for given in
      (["--list", "x"], ["--search", "ALL"], ["--fetch", "1"], ["--quota"])),
    *(([*given, "--client-cert", "certificate", "--client-key", "key"], given[0], NEEDS_LOOK) for given in
      (["--search", "ALL"], ["--quota"])),  # a client certificate alone logs nobody in
    *((["--search", "ALL", *LOGIN, *given], "--search", NEEDS_LOOK) for given in
      (["--stop-after", "select"], ["--stop-after", "greeting"], ["--refuse"])),
    *(([option, f"{label}=5"], name, f"{name}: {label} needs --user")
      for option, name in (("-w", "--warning"), ("-c", "--critical"))
      for label in ("unseen", "hits", "newest_age", "oldest_age", "quota_storage", "quota_messages_used", "messages")),
    (["-c", "hits=5", *LOGIN], "--critical", "--critical: hits needs --search"),
    *((["-m", "Nope", *given], "--mailbox", "needs --user and no --stop-after before select, nor --refuse") for given in
      ([], ["-U", "probe", "--stop-after", "capability"], [*LOGIN, "--refuse"], [*LOGIN, "--stop-after", "auth"])),
    (["--select"], "--select", "needs --user"),
    (["--select", "--stop-after", "auth", *LOGIN], "--select", "needs --user and no --stop-after before select"),
    (["--refuse"], "--refuse", "needs --user"),
    (["--refuse", "--client-cert", "certificate"], "--refuse", "needs --user"),
    (["--refuse", "--stop-after", "select", *LOGIN], "--refuse", "contradicts --stop-after select"),
    (["--refuse", "--stop-after", "capability", *LOGIN], "--refuse", "no --stop-after before auth"),
    (["--refuse-plaintext", "--tls", "implicit"], "--refuse-plaintext", "needs a plain connection"),
    (["--refuse-plaintext", "--stop-after", "greeting"], "--refuse-plaintext", "needs a plain connection"),
    (["--expect-capability", "X", "--stop-after", "greeting"], "--expect-capability", "contradicts --stop-after"),
    (["--stop-after", "auth"], "--stop-after", "auth and select need --user"),
    (["--stop-after", "select"], "--stop-after", "auth and select need --user"),
]

if __name__ == "__main__":
    sys.exit(bad_input.main("check_imap_login", "IMAP", [*bad_input.COMMON, *CASES]))
