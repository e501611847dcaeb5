#!/usr/bin/env python3
"""The JSON Schema that is shipped, held against what the built plugin prints.

    BIN=build/developer/bin CERTIFICATES=build/developer/test-certificates schema_test.py

Scenarios of tests/scenarios are played with --output json, and again with -vvv, and each output is validated, closed
(additionalProperties: false). Together they must show every member that the schema has, but for what is listed here."""

from __future__ import annotations

import copy
import json
import os
import re
import subprocess
import sys
import types
import unittest
from pathlib import Path

import jsonschema

ROOT = Path(__file__).resolve().parents[2]
BIN = Path(os.environ["BIN"]).resolve()
sys.path[:0] = [str(ROOT / "tests/scenarios"), str(ROOT / "tests/support")]
import run as player  # noqa: E402
import scenario as scenarios  # noqa: E402

SCHEMA = json.loads((ROOT / "packaging/json/plugin-output.schema.json").read_text(encoding="utf-8"))
VALIDATOR = jsonschema.Draft7Validator(SCHEMA)
PLAYED = """dovecot-login-ok gmail-login-ok fetch-newest newest-age unseen-threshold quota-threshold list-ok quota-none
search-hits search-refused login-alert login-referral login-no login-unavailable refuse-ok no-account lf-only insecure
certificate-expired self-signed starttls-absent connect-refused banner-hangs pipe-and-newline-in-banner plaintext-allowed
threshold-on-a-step cert-days-warning password-echoed select-nonexistent option-port option-password-file""".split()
PLAYED = ["imap/" + name for name in PLAYED] + """smtp/login-ok-starttls smtp/send-ok smtp/auth-535 smtp/rcpt-554-rbl""".split()
PLUGINS = ("check_imap_login", "check_smtp_submit")
NOT_PLAYED = {"dns"}  # the scenarios' server has a number


def played(name: str, more: str = "") -> dict:
    scenario = scenarios.load(ROOT / "tests/scenarios" / (name + ".txt"))
    scenario.command += more
    where = types.SimpleNamespace(plugins=BIN, certificates=Path(os.environ["CERTIFICATES"]))
    done = player.play(scenario, "json", where)
    assert done.peer_fault is None, "%s: %s" % (name, done.peer_fault)
    return json.loads(done.stdout)


def printed(*options: str) -> dict:
    done = subprocess.run([str(BIN / "check_imap_login"), *options], stdout=subprocess.PIPE, check=False)
    return json.loads(done.stdout)


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
        for options in (("--help",), ("--version",), ("--no-such-option",)):
            cls.outputs[" ".join(options)] = printed(*options, "--output", "json")

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
            self.assertEqual(set(properties[member]["properties"]) - shown - NOT_PLAYED, set())
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


if __name__ == "__main__":
    unittest.main(argv=sys.argv, verbosity=2)
