#!/usr/bin/env python3
"""The JSON Schema that is shipped, held against what the built plugin prints.

    BIN=build/developer/bin CERTIFICATES=build/developer/test-certificates schema_test.py [Schema|DnsSchema]

Scenarios of tests/scenarios, and for check_mail_tls rows of tests/workshop, are played with --output json, and again
with -vvv, and each output is validated, closed (additionalProperties: false). Together they must show every member that
the schema has, but for what is listed here. What only real servers and DNS show is that of DnsSchema, which
tests/live/mail_internet.py runs in a network of its own."""

from __future__ import annotations

import copy
import itertools
import json
import os
import re
import subprocess
import sys
import tempfile
import types
import unittest
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import jsonschema

ROOT = Path(__file__).resolve().parents[2]
BIN = Path(os.environ["BIN"]).resolve()
sys.path[:0] = [str(ROOT / "tests" / folder) for folder in ("scenarios", "support", "workshop", "live")]
import roundtrip_scenario  # noqa: E402
import run as player  # noqa: E402
import scenario as scenarios  # noqa: E402
import two_peers  # noqa: E402
import workshop as workshops  # noqa: E402
from dns_peer import DnsPeer  # noqa: E402

SCHEMA = json.loads((ROOT / "packaging/json/plugin-output.schema.json").read_text(encoding="utf-8"))
VALIDATOR = jsonschema.Draft7Validator(SCHEMA)
PLAYED = """dovecot-login-ok gmail-login-ok fetch-newest newest-age unseen-threshold quota-threshold list-ok quota-none
search-hits search-refused login-alert login-referral login-no login-unavailable refuse-ok no-account lf-only insecure
certificate-expired self-signed starttls-absent connect-refused banner-hangs pipe-and-newline-in-banner
plaintext-allowed threshold-on-a-step cert-days-warning password-echoed select-nonexistent option-port
option-password-file""".split()
PLAYED = ["imap/" + name for name in PLAYED]
PLAYED += ["smtp/login-ok-starttls", "smtp/send-ok", "smtp/auth-535", "smtp/rcpt-554-rbl"]
ROUND_TRIPS = """arrives-at-once rcpt-unknown bounced overtaken left-over-of-a-dead-run spam-score received-skewed
authentication-pass authentication-of-a-stranger authentication-unreadable greylisted-too-long two-copies
cleanup-drops-the-connection imap-untrusted state-spoilt""".split()
ROWS = """good/smtp good/imap good/pop3 good/sieve good/lmtp good/imap-implicit expired/smtp future/smtp
6-day-1/smtp wrong-name/smtp wrong-order/smtp self-signed/smtp both-key-types/smtp old-versions-accepted/smtp
anonymous-dh/smtp staple-good/smtp staple-revoked/smtp staple-stale/smtp staple-garbage/smtp starttls-absent/pop3
starttls-refused/sieve turned-away/smtp port-closed/smtp""".split()
PLUGINS = ("check_imap_login", "check_mail_roundtrip", "check_mail_tls", "check_smtp_submit")
# the servers of scenarios and rows have a number, and the mailbox of round trips speaks TLS at once
FROM_DNS = {"dns", "smtp_dns", "imap_dns", "imap_starttls", "imap_capability", "policy", "tlsa_owner", "tlsa",
            "mta_sts_id", "mta_sts_mode", "mta_sts_max_age", "mta_sts_mx", "mta_sts_remarks", "mx"}


def where() -> types.SimpleNamespace:
    return types.SimpleNamespace(plugins=BIN, certificates=Path(os.environ["CERTIFICATES"]))


def played(name: str, more: str = "") -> dict:
    scenario = scenarios.load(ROOT / "tests/scenarios" / (name + ".txt"))
    scenario.command += more
    done = player.play(scenario, "json", where())
    assert done.peer_fault is None, "%s: %s" % (name, done.peer_fault)
    return json.loads(done.stdout)


def travelled(name: str, more: str = "", letter: tuple = ("", "")) -> dict:
    """What check_mail_roundtrip prints in each run of a scenario; in its own letter one text stands for another."""
    scenario = roundtrip_scenario.load(ROOT / "tests/scenarios/roundtrip" / (name + ".txt"))
    scenario.command += more
    for lines in scenario.letters.values():
        lines[:] = [line.replace(*letter) for line in lines]
    outputs = {}
    for part, done in two_peers.play(scenario, "json", where()):
        assert not done.peer_fault and done.code == part.verdict.exit, "%s: %s" % (name, done)
        outputs["roundtrip %s %d%s" % (name, part.number, more)] = json.loads(done.stdout)
    return outputs


def travelled_with_dns() -> dict:
    """DNS tells the policy, with something odd about it; the server has something to say of ARC as well."""
    policies = {"_dmarc.example.org": {"TXT": ["v=DMARC1; p=reject; t=y", "v=DMARC1; p=none"]}}
    outputs = {}
    for records in (policies, {"_dmarc.example.org": {"TXT": ["v=DMARC1; p=reject; t=y"]}}):
        with DnsPeer(records=records) as peer:
            outputs.update(travelled("authentication-pass", " --resolver 127.0.0.1:%d" % peer.port,
                                     ("dmarc=pass", "arc=pass; dmarc=pass")))
    return outputs


def printed(plugin: str, *options: str) -> dict:
    done = subprocess.run([str(BIN / plugin), *options, "--output", "json"], stdout=subprocess.PIPE, check=False,
                          env=player.environment())
    return json.loads(done.stdout)


def surveyed(names: list) -> dict:
    """What check_mail_tls prints of rows of the workshop, "row/protocol", each twice."""
    rows = {row.name: row for row in workshops.load_table()}
    outputs = {}
    with tempfile.TemporaryDirectory(prefix="schema.") as folder:
        shop = workshops.Workshop(Path(folder) / "ca")
        for name in names:
            row, protocol = rows[name.split("/")[0]], name.split("/")[1]
            peer = shop.serve(row, protocol)
            options = shop.options(row, protocol, peer.port)
            outputs["tls " + name] = printed("check_mail_tls", *options)
            outputs["tls " + name + " -vvv"] = printed("check_mail_tls", *options, "-vvv")
            peer.finish()
            assert outputs["tls " + name]["code"] == row.code, name
    return outputs


def described(what: str) -> list:
    """Its lines for each plugin, one after the other."""
    return [line for plugin in PLUGINS
            for line in subprocess.run([str(BIN / "describe_options"), plugin, what], stdout=subprocess.PIPE,
                                       encoding="utf-8", check=True).stdout.splitlines()]


class Schema(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.outputs = {name: played(name) for name in PLAYED}
        cls.outputs.update({name + " -vvv": played(name, " -vvv") for name in PLAYED})
        cls.outputs.update(surveyed(ROWS))
        with ThreadPoolExecutor(4) as pool:  # they mostly wait
            for outputs in pool.map(lambda trip: travelled(*trip), itertools.product(ROUND_TRIPS, ("", " -vvv"))):
                cls.outputs.update(outputs)
        cls.outputs.update(travelled_with_dns())
        for plugin in PLUGINS:
            for option in ("--help", "--version", "--no-such-option"):
                cls.outputs[plugin + " " + option] = printed(plugin, option)

    def test_it_is_a_schema(self):
        jsonschema.Draft7Validator.check_schema(SCHEMA)

    def test_every_object_is_closed(self):
        def objects(part):
            if isinstance(part, dict):
                if part.get("type") == "object":
                    yield part
                for each in part.values():
                    yield from objects(each)
            elif isinstance(part, list):
                for each in part:
                    yield from objects(each)
        found = list(objects(SCHEMA))
        self.assertEqual(len(found), 6)
        for each in found:
            self.assertIs(each.get("additionalProperties"), False)

    def test_what_the_plugin_prints_is_valid(self):
        for name, output in self.outputs.items():
            with self.subTest(name):
                self.assertEqual([error.message for error in VALIDATOR.iter_errors(output)], [])

    def test_nothing_in_it_is_made_up(self):
        properties = SCHEMA["properties"]
        for member in ("steps", "facts"):
            shown = {key for output in self.outputs.values() for key in output[member]}
            self.assertEqual(set(properties[member]["properties"]) - shown - FROM_DNS, set())
        shown = {key for output in self.outputs.values() for key in output}
        self.assertEqual(set(properties), shown)

    def test_its_lists_are_those_of_the_plugin(self):
        metrics = SCHEMA["definitions"]["metric"]["properties"]["label"]["enum"]
        labels = list(SCHEMA["properties"]["steps"]["properties"]) + metrics
        findings = SCHEMA["definitions"]["finding"]["properties"]["name"]["enum"]
        for listed, lines in ((labels, described("labels")),
                              (findings, [line.replace("\\", "").split()[1] for line in described("findings")
                                          if line.startswith(".BR ")])):
            self.assertEqual(len(listed), len(set(listed)))
            self.assertEqual(set(listed), set(lines))

    def test_it_refuses_what_the_plugin_never_prints(self):
        good = self.outputs["imap/quota-threshold"]
        breaches = {
            "a member more": lambda one: one.update(extra=1),
            "a member less": lambda one: one.pop("server"),
            "another schema": lambda one: one.update(schema=2),
            "a state that is none": lambda one: one.update(state="FINE"),
            "a code of another state": lambda one: one.update(code=0),
            "a time as text": lambda one: one["steps"].update(auth="0.1"),
            "a step that is none": lambda one: one["steps"].update(fly=1),
            "a label that is none": lambda one: one["metrics"][0].update(label="speed"),
            "a number that is none": lambda one: one["metrics"][0].update(value=None),
            "a unit that is none": lambda one: one["metrics"][0].update(unit="ms"),
            "a metric without a range": lambda one: one["metrics"][0].pop("warn"),
            "a finding that is none": lambda one: one["findings"][0].update(name="bad-hair-day"),
            "a finding with more": lambda one: one["findings"][0].update(more=""),
            "a fact that is none": lambda one: one["facts"].update(colour="red"),
            "a fact of another type": lambda one: one["facts"].update(capabilities="IDLE"),
            "a reply with more": lambda one: one["server"].update(more=""),
            "no object": None,
        }
        self.assertTrue(VALIDATOR.is_valid(good))
        for name, breach in breaches.items():
            with self.subTest(name):
                bad = copy.deepcopy(good)
                if breach:
                    breach(bad)
                self.assertFalse(VALIDATOR.is_valid(bad if breach else [bad]))


class DnsSchema(unittest.TestCase):
    """What check_mail_tls says of DNS and policies, and a round trip between names."""

    @classmethod
    def setUpClass(cls):
        import dovecot  # pylint: disable=import-outside-toplevel
        import mail_zones  # pylint: disable=import-outside-toplevel
        import policy_host  # pylint: disable=import-outside-toplevel
        live = dovecot.read_env(os.environ["LIVE_ENV"])
        with tempfile.TemporaryDirectory(prefix="schema.") as folder:
            text = policy_host.policy(exchanges=["*.example.test"]) + b"flavour: sweet\n"
            answers = {"wildcard.example.test": policy_host.Answer(text)}
            with policy_host.PolicyHost(folder, live["LIVE_CERTIFICATES"], answers, mail_zones.POLICY) as host:
                trusted = Path(folder) / "trusted.pem"
                trusted.write_text(Path(live["LIVE_CA_FILE"]).read_text("ascii") +
                                   Path(host.authority).read_text("ascii"), encoding="ascii")
                cls.outputs = {" ".join(options): cls.asked(str(trusted), *options) for options in (
                    ("--mx", "good.example.test", "--dane", "--mta-sts", "wildcard.example.test"),
                    ("--mx", "onebad.example.test", "--dane", "-vvv"), ("--mx", "nullmx.example.test"),
                    ("-H", "mail.example.test", "-p", "25", "--mta-sts", "absent.example.test"),
                    ("-H", "nowhere.example.test", "-p", "25", "--dane"))}
                cls.outputs["round trip"] = cls.round_trip(live)

    @staticmethod
    def round_trip(live: dict) -> dict:
        import dovecot  # pylint: disable=import-outside-toplevel
        mail = dovecot.read_env(os.environ["MAIL_ENV"])
        return printed("check_mail_roundtrip", "-H", "mail.example.test", "--resolver", os.environ["NET_RESOLVER"],
                       "--ca-file", live["LIVE_CA_FILE"], "-U", "letters",
                       "--password-file", live["LIVE_SECRETS"] + "/letters", "--imap-tls", "starttls",
                       "--imap-port", live["LIVE_IMAP_PORT"], "--smtp-port", mail["MAIL_PORT_SUBMISSION"],
                       "--from", "letters@example.test", "--to", "letters@example.test")

    @staticmethod
    def asked(trusted: str, *options: str) -> dict:
        return printed("check_mail_tls", *options, "--ca-file", trusted, "--resolver", os.environ["NET_RESOLVER"])

    def test_what_the_plugin_prints_is_valid(self):
        for name, output in self.outputs.items():
            with self.subTest(name):
                self.assertEqual([error.message for error in VALIDATOR.iter_errors(output)], [])

    def test_it_shows_the_rest(self):
        shown = {key for output in self.outputs.values() for member in ("steps", "facts") for key in output[member]}
        self.assertEqual(FROM_DNS - shown, set())


if __name__ == "__main__":
    unittest.main(argv=sys.argv, verbosity=2)
