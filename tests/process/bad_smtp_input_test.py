#!/usr/bin/env python3
"""Bad input to check_smtp_submit is told before anything is done: see tests/support/bad_input.py.

    bad_smtp_input_test.py FOLDER_OF_PLUGINS
"""
from __future__ import annotations

import sys
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parent.parent / "support"))
import bad_input  # noqa: E402
from bad_input import LOGIN  # noqa: E402

# Addresses that would end theirs in MAIL or RCPT, are two, or are none.
NO_ADDRESSES = ("", "<>x", "a b@example.test", "a@example.test> SIZE=1", "<a@example.test>", "a@example.test,b@example.test",
                "a@example.test b@example.test", "a@@example.test", "@example.test", "a@", "a@-x", "a@x..y", "a@x y", "x" * 255,
                '"a@example.test', '"a"b@example.test', "a@[1.2.3.4", "a@[1 2]", b"\xff@example.test", "a;b@example.test",
                "a(b)@example.test")
ENVELOPE = ["--from", "sender@example.org", "--to", "recipient@example.test"]
SEND = [*ENVELOPE, "--send"]
SOCKET = "contradicts --hostname with a Unix socket"

# (arguments, option named, words of what was expected)
CASES = [
    # addresses, and what goes into a message
    *((["--from", bad, "--to", "a@example.test"], "--from", "expected one mail address") for bad in NO_ADDRESSES),
    *((["--from", "a@example.test", "--to", bad], "--to", "expected one mail address") for bad in (*NO_ADDRESSES, "<>")),
    *((["--helo", bad], "--helo", "expected a domain in ASCII or an address literal") for bad in
      ("", "a b", "a..b", "-a", "[1 2]", "b\u00fccher.example", "x" * 64, "\u00e4")),
    *((["--subject", bad, *SEND], "--subject", "expected") for bad in ("", b"\xff", "a\nBcc: b@example.test", "a\rb", "a\x01b")),
    *((["--header", bad, *SEND], "--header", "expected") for bad in
      ("", "X", ": text", "X Y: text", "X\nBcc: b@example.test", "X: a\nBcc: b@example.test", "X: a\r\n\r\nbody", "\u00fc: a",
       b"X: \xff", "X: " + "a" * 1000, " X: a")),
    *((["--body-file", bad, *SEND], "--body-file", words) for bad, words in
      (("nothing", "cannot read 'nothing': No such file or directory"), ("folder", "expected a file, got 'folder'"),
       ("", "expected a value, got nothing"), ("nul", "expected text, got a NUL byte inside"),
       ("latin", "expected a value in UTF-8"), ("giant", "expected at most 16384 KiB in 'giant'"))),
    # values
    *((["--expect", bad, *ENVELOPE], "--expect", "expected STAGE") for bad in
      ("", "rcpt", "rcpt=", "rcpt=55", "rcpt=5550", "rcpt=650", "rcpt=150", "rcpt=5x0", "rcpt=550,", "rcpt=,550", "rcpt=550;551",
       "rcpt=ok", "=550", "tls=550", "quit=221", "RCPT 550", "rcpt=-50", "rcpt=5 0")),
    *((["--expect-extension", bad], "--expect-extension", "expected one extension") for bad in ("", "!", " SIZE", "! SIZE")),
    *((["--proxy-protocol", bad], "--proxy-protocol", "expected 1 or 2") for bad in ("", "3", "v1", "0")),
    (["--stop-after", "quit"], "--stop-after", "expected connect, greeting, ehlo, tls, auth, mail, rcpt or data"),
    (["-w", "rst=1"], "--warning", "LABEL one of dns, connect, greeting"),
    # what is not there
    (["--to", "a@example.test"], "--to", "needs --from"),
    (["--from", "a@example.test"], "--from", "needs --to, or --stop-after mail"),
    (["--send"], "--send", "needs --from and --to"),
    (["--send", "--from", "a@example.test"], "--", "needs --"),
    *((["--send", "--stop-after", stage, *ENVELOPE], "--send", "no --stop-after before data") for stage in
      ("connect", "greeting", "ehlo", "mail", "rcpt")),
    (["--stop-after", "data", *ENVELOPE], "--stop-after", "data needs --send"),
    *(([option, value, *ENVELOPE], option, "needs --send") for option, value in
      (("--subject", "x"), ("--header", "X: y"), ("--body-file", "secret"))),
    (["--stop-after", "auth"], "--stop-after", "auth needs --user"),
    (["--stop-after", "mail"], "--stop-after", "mail needs --from"),
    (["--stop-after", "rcpt"], "--stop-after", "rcpt needs --from and --to"),
    (["--stop-after", "tls", "--tls", "none"], "--stop-after", "tls contradicts --tls none"),
    (["--pipelining"], "--pipelining", "needs --from and --to"),
    (["--pipelining", "--stop-after", "mail", *ENVELOPE], "--pipelining", "no --stop-after before rcpt"),
    (["--open-relay-test"], "--open-relay-test", "needs --from and --to"),
    (["--open-relay-test", *LOGIN, *ENVELOPE], "--open-relay-test", "contradicts --user"),
    (["--open-relay-test", *SEND], "--open-relay-test", "contradicts --send"),
    (["--open-relay-test", "--expect", "rcpt=550", *ENVELOPE], "--expect", "rcpt contradicts --open-relay-test"),
    # what is expected of a step that never runs, or twice
    *((["--expect", f"{stage}=2xx", *given], "--expect", f"{stage} {why}") for stage, given, why in
      (("auth", [], "needs --user"), ("mail", [], "needs --from"), ("rcpt", [], "needs --from and --to"),
       ("data", ENVELOPE, "needs --send"), ("rset", SEND, "needs --from and --to, and neither --send nor --stop-after"),
       ("starttls", ["--tls", "implicit"], "needs --tls starttls"), ("ehlo", ["--stop-after", "greeting"], "comes after"),
       ("rcpt", ["--stop-after", "mail", *ENVELOPE], "needs --from and --to, and no --stop-after before rcpt"))),
    (["--expect", "rcpt=550", "--expect", "rcpt=551", *ENVELOPE], "--expect", "rcpt is expected twice"),
    (["-e", "x", "--stop-after", "connect"], "--expect-greeting", "contradicts --stop-after connect"),
    (["--expect-extension", "SIZE", "--stop-after", "greeting"], "--expect-extension", "contradicts --stop-after before ehlo"),
    *(([option, f"{label}=5", *given], name, f"{name}: {label} {why}")
      for option, name in (("-w", "--warning"), ("-c", "--critical"))
      for label, given, why in
      (("dns", [], "needs a name to look up"), ("ehlo", ["--stop-after", "greeting"], "comes after the --stop-after"),
       ("starttls", ["--tls", "implicit"], "needs --tls starttls"), ("tls", ["--tls", "none"], "needs TLS"),
       ("auth", [], "needs --user"), ("mail", [], "needs --from"), ("rcpt", [], "needs --from and --to"),
       ("rset", SEND, "needs --from and --to, and neither --send"), ("body", ENVELOPE, "needs --send"), ("data", ENVELOPE, "needs --send"),
       ("quit", ["--stop-after", "connect"], "comes after"), ("cert_days", ["--tls", "none"], "needs TLS"),
       ("chain_days", ["--stop-after", "ehlo"], "needs TLS"))),
    (["--tls", "none", "-D", "21"], "--cert-days", "needs TLS"),
    *((["--stop-after", "ehlo", *given], given[0], "needs TLS, which comes after the --stop-after that is given") for given in
      (["--insecure"], ["--verify-name", "a.test"], ["--sni", "a.test"])),
    # Unix sockets
    (["-H", "/tmp/lmtp"], "--hostname", "a Unix socket needs --lmtp"),
    (["-H", "relative/lmtp", "--lmtp"], "--hostname", "expected a host name"),
    *((["-H", "/tmp/lmtp", "--lmtp", *given], given[0], SOCKET) for given in
      (["--port", "24"], ["--address", "127.0.0.1"], ["--resolver", "127.0.0.1"], ["--proxy-protocol", "1"], ["--tls", "starttls"],
       ["--tls", "implicit"], ["--insecure"], ["--verify-name", "a.test"])),
    (["-H", "/tmp/lmtp", "--lmtp", "-4"], "--ipv4", SOCKET),
    (["-H", "/tmp/lmtp", "--lmtp", "-w", "tls=1"], "--warning", "tls needs TLS"),
    (["-H", "/tmp/lmtp", "--lmtp", "-w", "dns=1"], "--warning", "dns needs a name to look up"),
]

if __name__ == "__main__":
    sys.exit(bad_input.main("check_smtp_submit", "SMTP", [*bad_input.COMMON, *CASES]))
