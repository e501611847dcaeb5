#!/usr/bin/env python3
"""Bad input to check_mail_tls is told before anything is done: see tests/support/bad_input.py.

    bad_tls_input_test.py FOLDER_OF_PLUGINS
"""
from __future__ import annotations

import sys
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parent.parent / "support"))
import bad_input  # noqa: E402
from bad_input import ALONE, RANGE  # noqa: E402

HOST = ["-H", "mail.example.test"]
MX = [ALONE, "--mx", "example.test"]
SOCKET = "contradicts --hostname with a Unix socket"
ON_SOCKET = ["-H", "/tmp/lmtp", "--protocol", "lmtp", "--verify-name", "mail.example.test"]
HEX = "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855"
BASE64 = "47DEQpj8HBSa+/TImW+5JCeuQeRkm5NMpJWZG3hSuFU="
NO_PINS = ("", "AAAA", HEX[1:], HEX + "0", BASE64[:-1], BASE64 + "=", "sha256/" + BASE64, "md5//" + BASE64, "g" * 64, "\u00e4" * 32,
           b"\xff" * 64, " " + BASE64)
PIN = "the SHA-256 of a public key (SubjectPublicKeyInfo) in base64 or hex"
FINGERPRINT = "a SHA-256 fingerprint, 64 hexadecimal digits with or without colons"
LABELS = "LABEL one of dns, policy, connect"

# (arguments, option named, words of what was expected)
CASES = [
    # what other plugins have
    *(([option, "x"], option, "unknown option") for option in ("-U", "--user", "--password-file", "--auth", "-e", "--from", "--send")),
    (["--insecure"], "--insecure", "unknown option"),
    (["--tls", "none"], "--tls", "expected implicit or starttls, got 'none'"),
    (["--tls", "ssl"], "--tls", "expected implicit or starttls, got 'ssl'"),
    # which service
    *((["--protocol", bad], "--protocol", "expected smtp, submission, smtps") for bad in
      ("", "http", "smtp ", "imap4", "25", "smtp,imap", b"\xff")),
    ([ALONE, *HOST], "--protocol", "expected NAME or --port, got nothing"),
    ([ALONE, *HOST, "-p", "443"], "--port", "443 is no usual port of a mail service; name the service by --protocol"),
    ([ALONE, "--protocol", "smtp"], "--hostname", "it is required, or --mx DOMAIN"),
    *((["--protocol", name, "--tls", "starttls"], "--protocol", f"{name} contradicts --tls starttls") for name in
      ("smtps", "submissions", "imaps", "pop3s")),
    (["--tls", "starttls", "-s"], "--ssl", "contradicts --tls starttls"),
    *((["--helo", bad], "--helo", "expected a domain in ASCII or an address literal") for bad in ("", "a b", "a..b", "b\u00fccher.example")),
    # mail exchangers and policies
    *(([option, bad], option, "expected a host name") for option in ("--mx", "--mta-sts") for bad in
      ("", "a b", "a..b", "-x", "http://x", "x/y", "x" * 254, b"\xff.example", "a.example,b.example")),
    *(([option, bad], option, "expected a domain, got") for option in ("--mx", "--mta-sts") for bad in ("192.0.2.1", "[2001:db8::1]")),
    (["--mx", "example.test"], "--hostname", "contradicts --mx"),
    ([*MX, "--address", "127.0.0.1"], "--address", "contradicts --mx"),
    ([*MX, "--sni", "a.test"], "--sni", "contradicts --mx"),
    ([*MX, "--verify-name", "a.test"], "--verify-name", "contradicts --mx"),
    *(([*MX, "--protocol", name], "--mx", "needs --protocol smtp") for name in ("imap", "lmtp", "pop3s", "sieve")),
    ([*MX, "-p", "143"], "--mx", "needs --protocol smtp"),
    *((["--mta-sts", "example.test", "--protocol", name], "--mta-sts", "needs --protocol smtp") for name in ("imap", "lmtp", "sieve")),
    *((["-H", "192.0.2.1", *given], given[0].split("=")[0], "needs a host name") for given in
      (["--mta-sts", "example.test"], ["--dane"], ["--dane=if-present"])),
    (["-H", "192.0.2.1", "--all-addresses", "--address", "::1"], "--all-addresses", "contradicts --address"),
    ([ALONE, "-H", "192.0.2.1", "--protocol", "smtp", "--all-addresses"], "--all-addresses", "needs a host name"),
    (["--all-addresses"], "--all-addresses", "contradicts --address"),
    *((["--dane" + bad], "--dane", "expected if-present, got") for bad in ("=always", "=ifpresent", "=if_present")),
    (["--dane", "always"], "--dane", "expected if-present, got 'always'"),
    (["--dane", "-p"], "--port", "expected PORT, got nothing"),
    (["--dane", "/x"], "--dane", "expected if-present"),
    # the certificate
    *((["--pin-sha256", bad], "--pin-sha256", "expected " + PIN) for bad in NO_PINS),
    (["--pin-sha256", BASE64, "--pin-sha256", "AAAA"], "--pin-sha256", "expected " + PIN),
    *((["--fingerprint", bad], "--fingerprint", "expected " + FINGERPRINT) for bad in
      ("", BASE64, HEX[:40], HEX + "00", "sha256//" + HEX, "x" * 64, HEX.replace("e3", "e3 "))),
    (["--issuer", ""], "--issuer", "expected a value, got nothing"),
    (["--issuer", b"\xff"], "--issuer", "expected a value in UTF-8"),
    *((["--key-type", bad], "--key-type", "expected rsa, ecdsa or ed25519") for bad in ("", "dsa", "EC", "RSA-2048", "both")),
    (["--key-type", "rsa", "--both-key-types"], "--key-type", "contradicts --both-key-types"),
    (["--no-sni", "--sni", "a.test"], "--no-sni", "contradicts --sni"),
    (["--old-protocols=yes"], "--old-protocols", "takes no value"),
    (["--require-staple=1"], "--require-staple", "takes no value"),
    *(([option, bad], option, f"{option}: expected a host name") for option in ("--sni", "--verify-name") for bad in
      ("a..b", "a.b..", b"b\xfccher.example", "x" * 64 + ".example", ".".join(["x" * 50] * 5))),
    *(([option, bad], option, f"{option}: host name ") for option in ("--sni", "--verify-name") for bad in
      ("\u200e.example", "\u00fc" * 64 + ".example", "\u00fc\u3002\u3002b")),
    *((["-H", bad], "--hostname", "--hostname: host name ") for bad in ("\u200e.example", "\u00fc" * 64 + ".example")),
    # limits: a range has a label, and its step runs
    *((["-w", bad], "--warning", "expected LABEL=RANGE with " + LABELS) for bad in ("30", "30:", "", "@1:2", "~")),
    *((["-c", bad], "--critical", "expected LABEL=RANGE with " + LABELS) for bad in ("10", "10:20")),
    *((["-w", f"{label}=5"], "--warning", LABELS) for label in ("speed", "auth", "messages", "Cert_days", "days")),
    *((["-c", f"cert_days={bad}"], "--critical", RANGE) for bad in ("500ms", "1,5", "abc", "", "@", "5:5:5", "5%", "nan")),
    *(([option, f"{label}=5", *given], name, f"{label} is no step of this protocol and mode")
      for option, name in (("-w", "--warning"), ("-c", "--critical"))
      for label, given in
      (("policy", []), ("capability", []), ("logout", []), ("ehlo", ["--protocol", "imap"]), ("ehlo", ["-s"]), ("starttls", ["-s"]),
       ("starttls", ["--protocol", "pop3s"]), ("capability", ["--protocol", "imaps"]), ("capability", ["--protocol", "sieve"]),
       ("quit", ["--protocol", "imap"]), ("quit", ["--protocol", "sieve"]), ("logout", ["--protocol", "pop3"]))),
    (["-w", "dns=5"], "--warning", "dns needs a name to look up"),
    *((["--result", f"{name}=ok"], "--result", f"expected a known finding, got '{name}'") for name in
      ("auth-failed", "mailbox-full", "open-relay", "quota-unavailable", "threshold", "usage")),
    (["--result", "dane-missing=ok"], "--result", "expected a known finding"),
    # Unix sockets
    ([ALONE, "-H", "/tmp/lmtp"], "--hostname", "a Unix socket needs --protocol"),
    (["-H", "/tmp/lmtp", "--protocol", "lmtp"], "--hostname", "a Unix socket needs --verify-name"),
    (["-H", "relative/lmtp", "--protocol", "lmtp"], "--hostname", "expected a host name"),
    *(([*ON_SOCKET, *given], given[0], SOCKET) for given in
      (["--port", "24"], ["--address", "127.0.0.1"], ["--resolver", "127.0.0.1"])),
    ([*ON_SOCKET, "-4"], "--ipv4", SOCKET),
    *(([*ON_SOCKET, *given], given[0].split("=")[0], "needs a host name") for given in
      (["--dane"], ["--dane=if-present"], ["--all-addresses"], ["--mta-sts", "example.test"])),
    ([*ON_SOCKET, "-w", "dns=1"], "--warning", "dns needs a name to look up"),
]

if __name__ == "__main__":
    sys.exit(bad_input.main("check_mail_tls", "MAIL TLS", [*bad_input.of_tls_survey(bad_input.COMMON), *CASES], ["--protocol", "smtp"]))
