"""What the live tests of check_mail_tls share: its findings as a table, and what openssl s_client sees of a server."""

import json
import os
import re
import subprocess

import dovecot
from harness import ENV, LiveTest, Run

MAIL = dovecot.read_env(os.environ["MAIL_ENV"])
SURVEY = ENV["LIVE_ADDRESS_SURVEY"]  # of Dovecot, for these tests alone: their lines of its log have it
CODES = {"OK": 0, "WARNING": 1, "CRITICAL": 2, "UNKNOWN": 3}
WORST = ["OK", "UNKNOWN", "WARNING", "CRITICAL"]
EITHER_WAY = {"caa", "tls-rpt"}  # notes that a test names only if it is about them
OK, WARNING, CRITICAL, UNKNOWN = "OK", "WARNING", "CRITICAL", "UNKNOWN"


class Report:
    """One run with --output json."""

    def __init__(self, arguments, **keywords):
        self.run = Run([*arguments, "--output", "json"], **keywords)
        try:
            self.data = json.loads(self.run.out)
        except ValueError as error:
            raise AssertionError("no JSON%s" % self.run) from error
        self.findings = [(finding["name"], finding["state"]) for finding in self.data["findings"]]
        self.facts = self.data["facts"]
        self.steps = self.data["steps"]

    def text(self, name):
        """What the findings of that name say."""
        return "\n".join(finding["text"] for finding in self.data["findings"] if finding["name"] == name)

    def __str__(self):
        return str(self.run)


class TlsTest(LiveTest):
    SERVICE = "MAIL TLS"

    def report(self, expected, *arguments, **keywords):
        """Runs the plugin; its findings must be `expected` (name -> state, or pairs of both where one finding has two
        states) and no others, its state the worst."""
        expected = set(expected.items() if isinstance(expected, dict) else expected)
        report = Report([argument for part in arguments for argument in ([part] if isinstance(part, str) else part)],
                        **keywords)
        found = {(name, state) for name, state in report.findings
                 if name not in EITHER_WAY or (name, state) in expected}
        self.assertEqual(found, expected, "findings%s" % report)
        worst = max((state for _, state in report.findings), key=WORST.index, default="OK")
        self.assertEqual((report.data["state"], report.run.code), (worst, CODES[worst]), "state%s" % report)
        self.assertEqual(report.run.err, "", "stderr%s" % report)
        self.assertEqual(report.data["service"], self.SERVICE, str(report))
        return report


# how openssl s_client writes things -> our facts
VIEWS = {"tls_version": r"^Protocol version: (.*)$", "tls_cipher": r"^Ciphersuite: (.*)$",
         "tls_group": r"^Server Temp Key: (\w+)"}


def s_client(*arguments):
    """What openssl sees of a server, by the names of our facts; "verified" is its verdict."""
    command = ["openssl", "s_client", "-CAfile", ENV["LIVE_CA_FILE"], "-verify_hostname", ENV["LIVE_HOST"], *arguments]
    brief, full = (subprocess.run([*command, *more], input=b"", stdout=subprocess.PIPE, stderr=subprocess.STDOUT,
                                  env=dovecot.environment(), timeout=20, check=False).stdout.decode(errors="replace")
                   for more in (["-brief"], ["-showcerts"]))
    seen = {}
    for name, pattern in VIEWS.items():
        match = re.search(pattern, brief, re.MULTILINE)
        if match:
            seen[name] = match.group(1)
    seen["verified"] = re.search(r"^Verification: OK$", brief, re.MULTILINE) is not None
    certificate = re.search(r"-----BEGIN CERTIFICATE-----.*?-----END CERTIFICATE-----", full, re.DOTALL)
    if certificate:
        seen.update(x509(certificate.group(0)))
    return seen


def x509(pem):
    text = subprocess.run(["openssl", "x509", "-noout", "-serial", "-fingerprint", "-sha256", "-subject", "-issuer",
                           "-nameopt", "RFC2253", "-enddate", "-dateopt", "iso_8601"], input=pem.encode("ascii"),
                          stdout=subprocess.PIPE, env=dovecot.environment(), check=True).stdout.decode("ascii")
    fields = dict(line.split("=", 1) for line in text.splitlines())
    return {"certificate_serial": fields["serial"].lower(),
            "certificate_sha256": fields["sha256 Fingerprint"].replace(":", "").lower(),
            "certificate_subject": fields["subject"], "certificate_issuer": fields["issuer"],
            "certificate_not_after": fields["notAfter"].rstrip("Z") + " UTC"}
