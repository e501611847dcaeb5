#!/usr/bin/env python3
"""What packaging/ holds for Grafana and Zabbix, as far as it can be told without them; tests/systems runs the rest.

    BIN=build/developer/bin systems_test.py [Dashboards|ZabbixTemplates]"""

from __future__ import annotations

import copy
import json
import os
import re
import subprocess
import sys
import unittest
from pathlib import Path

import jsonschema

ROOT = Path(__file__).resolve().parents[2]
BIN = Path(os.environ["BIN"]).resolve()
sys.path[:0] = [str(ROOT / "packaging" / folder) for folder in ("grafana", "zabbix")]
import make_dashboards  # noqa: E402
import make_templates  # noqa: E402

OUTPUT = json.loads((ROOT / "packaging/json/plugin-output.schema.json").read_text(encoding="utf-8"))
STEPS = OUTPUT["properties"]["steps"]["properties"]
METRICS = OUTPUT["definitions"]["metric"]["properties"]["label"]["enum"]
PLUGINS = {check.name: check.plugin for check in make_templates.CHECKS}


def describe(plugin: str, what: str) -> str:
    done = subprocess.run([str(BIN / "describe_options"), plugin, what], stdout=subprocess.PIPE, text=True, check=True)
    return done.stdout


def option_names(plugin: str) -> set:
    return {option["name"] for option in json.loads(describe(plugin, "json"))["options"]}


def strings(part):
    """Every text in it."""
    if isinstance(part, str):
        yield part
    elif isinstance(part, (dict, list)):
        for each in part.values() if isinstance(part, dict) else part:
            yield from strings(each)


class Dashboards(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        text = (ROOT / "tests/docs/grafana-dashboard.schema.json").read_text(encoding="utf-8")
        cls.schema = json.loads(text)
        cls.validator = jsonschema.Draft7Validator(cls.schema)
        cls.all = {path.name: json.loads(path.read_text(encoding="utf-8"))
                   for path in sorted((ROOT / "packaging/grafana").glob("*.json"))}

    def test_there_is_one_for_each_source(self):
        self.assertEqual(len(self.all), 3)
        self.assertEqual(len({one["uid"] for one in self.all.values()}), 3)

    def test_they_are_what_grafana_reads(self):
        jsonschema.Draft7Validator.check_schema(self.schema)
        for name, one in self.all.items():
            with self.subTest(name):
                self.assertEqual([error.message for error in self.validator.iter_errors(one)], [])

    def test_panels_have_their_own_number_and_place(self):
        for name, one in self.all.items():
            with self.subTest(name):
                numbers = [panel["id"] for panel in one["panels"]]
                self.assertEqual(len(numbers), len(set(numbers)))
                places = [(x, y) for panel in one["panels"] for place in [panel["gridPos"]]
                          for x in range(place["x"], place["x"] + place["w"])
                          for y in range(place["y"], place["y"] + place["h"])]
                self.assertEqual(len(places), len(set(places)))
                self.assertLess(max(x for x, _ in places), 24)

    def test_every_variable_and_source_is_declared(self):
        for name, one in self.all.items():
            with self.subTest(name):
                declared = [variable["name"] for variable in one["templating"]["list"]]
                of_grafana = {"timeFilter", "__interval", "tag_service", "tag_metric"}
                used = {word for text in strings([one["panels"], one["templating"]])
                        for word in re.findall(r"\$([a-z_A-Z]+)", text)}
                self.assertEqual(used - of_grafana - {""}, set(declared))
                self.assertEqual({panel["repeat"] for panel in one["panels"] if "repeat" in panel}, {"service"})
                for position, variable in enumerate(one["templating"]["list"]):
                    asked = {word for text in strings(variable["query"]) for word in re.findall(r"\$([a-z]+)", text)}
                    self.assertLessEqual(asked, set(declared[:position]))  # of those before it
                inputs = {"${%s}" % given["name"] for given in one["__inputs"]}
                self.assertEqual({text for text in strings(one) if text.startswith("${")}, inputs)

    def test_every_panel_is_required(self):
        for name, one in self.all.items():
            with self.subTest(name):
                required = {each["id"] for each in one["__requires"] if each["type"] == "panel"}
                self.assertEqual(required, {panel["type"] for panel in one["panels"]} - {"row"})

    def test_steps_are_stacked_bars(self):
        for name, one in self.all.items():
            with self.subTest(name):
                bars = [panel for panel in one["panels"] if panel["type"] == "timeseries"
                        and panel["fieldConfig"]["defaults"]["custom"]["drawStyle"] == "bars"]
                self.assertEqual([panel["title"] for panel in bars], ["$service: steps"])
                self.assertEqual(bars[0]["fieldConfig"]["defaults"]["custom"]["stacking"]["mode"], "normal")

    def test_every_step_is_there_and_has_its_color(self):
        steps = set(STEPS) - {"total", "transit"}
        for source in ("influxdb", "graphite"):
            one = self.all["mail-checks-icinga-%s.json" % source]
            panel = next(panel for panel in one["panels"] if panel["title"] == "$service: steps")
            asked = panel["targets"][0]
            words = re.search(r"\"metric\" =~ /\^\((.*?)\)|perfdata\.\{(.*?)\}", asked.get("query") or asked["target"])
            self.assertEqual(set(re.split(r"[|,]", words.group(1) or words.group(2))), steps)
            for step in steps:
                matching = [each for each in panel["fieldConfig"]["overrides"]
                            if re.search(each["matcher"]["options"].strip("/"), step)]
                self.assertEqual(len(matching), 1, step)

    def test_that_for_zabbix_asks_for_items_of_the_templates(self):
        one = self.all["mail-checks-zabbix.json"]
        asked = {panel["title"]: panel["targets"][0]["item"]["filter"].strip("/")
                 for panel in one["panels"] if "targets" in panel}
        for check in make_templates.CHECKS:
            names = ["%s: %s" % (check.title, value.words) for value in check.values]
            names += ["%s: %s" % (check.title, label) for label in METRICS] + [check.title + ": time of auth"]

            def found(title):
                pattern = asked[title].replace("$service", re.escape(check.title))
                return [name.split(": ")[1] for name in names if re.search(pattern, name)]
            self.assertEqual(found("State"), ["state"])
            self.assertIn("time of auth", found("$service: steps"))
            self.assertNotIn("whole time", found("$service: steps"))
            for title, labels in (("$service: days left of certificates", make_dashboards.CERTIFICATES),
                                  ("$service: messages", make_dashboards.COUNTS),
                                  ("$service: from acceptance to arrival", ["transit"])):
                for value in check.values:  # each that has an item of its own is asked for by its name
                    if value.name in labels:
                        self.assertIn(value.words, found(title))

    def test_labels_and_commands_exist(self):
        self.assertLessEqual(set(make_dashboards.CERTIFICATES + make_dashboards.COUNTS), set(METRICS))
        text = (ROOT / "packaging/icinga2/mailcheck.conf").read_text(encoding="utf-8")
        self.assertEqual(re.findall(r'^object CheckCommand "(\w+)"', text, re.M), make_dashboards.COMMANDS)

    def test_the_schema_refuses_what_grafana_would_not_draw(self):
        good = self.all["mail-checks-zabbix.json"]
        breaches = {
            "no data source": lambda one: one["panels"][0].pop("datasource"),
            "another panel": lambda one: one["panels"][0].update(type="pie"),
            "a query of nothing": lambda one: one["panels"][0]["targets"].clear(),
            "another source": lambda one: one["panels"][0]["targets"][0]["datasource"].update(type="graphite"),
            "a place outside": lambda one: one["panels"][0]["gridPos"].update(x=24),
            "a misspelt member": lambda one: one["panels"][2]["fieldConfig"]["defaults"]["custom"].update(drawstyle=""),
            "a color that is none": lambda one: one["panels"][0]["fieldConfig"]["defaults"]["thresholds"]["steps"][0]
                                                   .update(color="pink-ish"),
            "an old model": lambda one: one.update(schemaVersion=14),
            "a number in the data base": lambda one: one.update(id=4),
            "no inputs": lambda one: one.pop("__inputs"),
        }
        for name, breach in breaches.items():
            with self.subTest(name):
                bad = copy.deepcopy(good)
                breach(bad)
                self.assertFalse(self.validator.is_valid(bad))


class ZabbixTemplates(unittest.TestCase):
    """As make_templates.py makes them; that the files are these is told by regenerate.sh --check."""

    @classmethod
    def setUpClass(cls):
        cls.made = [make_templates.template(*each) for several in make_templates.FILES.values() for each in several]

    def test_uuids_are_unique_and_of_version_4(self):
        found = [uuid for made in self.made for uuid in self.uuids(made)]
        self.assertGreater(len(found), 150)
        self.assertEqual(len(found), len(set(found)))
        for uuid in found:
            self.assertRegex(uuid, r"^[0-9a-f]{12}4[0-9a-f]{3}[89ab][0-9a-f]{15}$")

    def uuids(self, part):
        if isinstance(part, dict):
            if "uuid" in part:
                yield part["uuid"]
            part = list(part.values())
        if isinstance(part, (list, tuple)):
            for each in part:
                yield from self.uuids(each)

    def test_every_macro_has_a_value_and_every_value_is_used(self):
        for template, triggers in self.made:
            with self.subTest(template["name"]):
                given = {macro["macro"][2:-1] for macro in template["macros"]}
                rest = {name: part for name, part in template.items() if name not in ("macros", "description")}
                used = {name for text in strings([rest, triggers]) for name in re.findall(r"\{\$([^}]*)\}", text)}
                for name in used:
                    self.assertTrue(name in given or name.split(":")[0] in given, name)
                for name in given:
                    self.assertTrue(any(name in (each, each.split(":")[0]) for each in used), name)

    def test_mail_tls_has_an_item_for_every_label(self):
        """Which no discovery finds: its rows are the services."""
        printed = describe(make_templates.TLS.plugin, "labels").split()
        self.assertEqual({value.name for value in make_templates.TLS.values} - {"code", "summary"}, set(printed))

    def test_external_checks_hand_over_names_and_no_options(self):
        text = (ROOT / "packaging/zabbix/mail_check").read_text(encoding="utf-8")
        self.assertEqual(dict(re.findall(r"(?m)^  (\w+)\) plugin=(\w+) ;;$", text)), PLUGINS)
        for check in make_templates.CHECKS:
            words = [check.name, "{HOST.HOST}"] + (["{#PROTOCOL}"] if check.name == "tls" else [])
            self.assertEqual(make_templates.by_external_check(check)["key"],
                             "mail_check[%s]" % ",".join('"%s"' % word for word in words))

    def test_options_and_accounts_are_not_in_zabbix(self):
        """Both ways have the same macros: how often, which services, and what is reported."""
        external, agent = ([macro["macro"] for check in make_templates.CHECKS
                            for macro in make_templates.macros(check, way)]
                           for way in (make_templates.by_external_check, make_templates.by_agent))
        self.assertEqual(external, agent)
        found = {re.split("[:}]", name)[0][len("{$MAIL."):] for name in agent}
        self.assertEqual(found, {"INTERVAL", "PROTOCOLS", "FAILURES", "SUCCESSES", "NODATA", "DAYS.WARNING",
                                 "DAYS.CRITICAL", "SECONDS", "TRANSIT", "PENDING"})

    def test_the_options_exist_and_have_no_secret(self):
        text = (ROOT / "packaging/zabbix/mail.ini").read_text(encoding="utf-8")
        sections = re.split(r"(?m)^\[(\w+)\]\n", text)[1:]
        sections = dict(zip(sections[::2], sections[1::2]))
        self.assertEqual(set(sections), set(PLUGINS))
        for name, lines in sections.items():
            used = set(re.findall(r"(?m)^([a-z-]+) = ", lines))
            self.assertIn("timeout", used)
            self.assertLessEqual(used, option_names(PLUGINS[name]))
            self.assertNotIn("password", used)

    def test_the_agent_has_the_keys_that_the_templates_ask(self):
        text = (ROOT / "packaging/zabbix/userparameter_mail.conf").read_text(encoding="utf-8")
        lines = dict(re.findall(r"(?m)^UserParameter=([^,]*),(.*)$", text))
        asked = {make_templates.by_agent(check)["key"].replace("{#PROTOCOL}", "*") for check in make_templates.CHECKS}
        self.assertEqual(set(lines), asked)
        for key, command in lines.items():
            self.assertTrue(command.startswith("/usr/lib/nagios/plugins/%s " % PLUGINS[re.split(r"[.[]", key)[1]]))
            if "[*]" in key:  # one value of one option, in quotes
                self.assertEqual(re.findall(r"\S*\$\S*", command), ['"--protocol=$1"'])
            else:
                self.assertNotIn("$", command)

    def test_every_path_leads_to_something_that_is_printed(self):
        paths = {value.path for check in make_templates.CHECKS for value in check.values}
        for path in paths:
            words = re.fullmatch(r"\$\.(\w+)|\$\.steps\.(\w+)|"
                                 r"\$\.metrics\[\?\(@\.label=='(\w+)'\)\]\.value\.first\(\)", path)
            self.assertTrue(words, path)
            member, step, label = words.groups()
            self.assertTrue(member in OUTPUT["properties"] or step in STEPS or label in METRICS, path)


if __name__ == "__main__":
    unittest.main()
