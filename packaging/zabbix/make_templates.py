#!/usr/bin/env python3
"""make_templates.py FOLDER - writes the Zabbix templates into FOLDER: those for external checks of the server or proxy,
those for the agent, and the one for zabbix_sender. They differ in where the JSON of a check comes from, in nothing
else. tests/docs/regenerate.sh writes them into the tree."""

import pathlib
import sys

import yaml_text
from parts import CODE, STATES, SUMMARY, Parts, days, metric, seconds, uuid

GROUP = {"uuid": "a571c0d144b14fd4a87a9d9b2aa9fcd6", "name": "Templates/Applications"}  # Zabbix's own
VALUE_MAPS = {"State of a check": STATES, "Yes or no": {"0": "no", "1": "yes"}}

JUDGED = [("FAILURES", "#2", "Runs that must all have failed before a problem is reported: #2 are the last two, 15m "
           "those of a quarter of an hour."),
          ("SUCCESSES", "#1", "Runs that must all be better before it is over, likewise."),
          ("NODATA", "30m", "A problem if there is no result for so long.")]
INTERVAL = "INTERVAL", "5m", "How often the check runs."
CERTIFICATE = [("DAYS.WARNING", "21", "Warning if the certificate ends in less than so many days."),
               ("DAYS.CRITICAL", "7", "The same for a problem of severity high.")]
SLOW = "SECONDS", "2", "Warning if the whole check takes longer, in seconds."
PROTOCOLS = ("PROTOCOLS", "imaps,submission", "Services to look at: of smtp, submission, submissions, lmtp, imap, "
             "imaps, pop3, pop3s, smtps and sieve, separated by commas.")

STEPS = """\
var steps = JSON.parse(value).steps;
return JSON.stringify(Object.keys(steps).filter(function (step) {
  return %s.indexOf(step) < 0;
}).map(function (step) {
  return {'{#STEP}': step};
}));"""
METRICS = """\
var units = {s: 's', '%%': '%%', B: 'B'};
return JSON.stringify(JSON.parse(value).metrics.filter(function (metric) {
  return %s.indexOf(metric.label) < 0;
}).map(function (metric) {
  return {'{#LABEL}': metric.label, '{#UNIT}': /_days$/.test(metric.label) ? '!days' : units[metric.unit] || ''};
}));"""
ROWS = """\
return JSON.stringify(JSON.parse(value).protocols.split(',').map(function (name) {
  return {'{#PROTOCOL}': name.trim()};
}).filter(function (row) {
  return row['{#PROTOCOL}'] !== '';
}));"""


class Check:
    """A plugin, what Zabbix keeps of its JSON, and what it is to report."""

    def __init__(self, name, title, plugin, macros, values):
        self.name, self.title, self.plugin = name, title, plugin
        self.macros, self.values = macros, [CODE, SUMMARY, seconds("total", "whole time"), *values]


IMAP = Check("imap", "IMAP log in", "check_imap_login", [*CERTIFICATE, SLOW],
             [days("cert_days", "days left of the certificate"), metric("messages", "messages in the folder")])
SMTP = Check("smtp", "SMTP submission", "check_smtp_submit", [*CERTIFICATE, SLOW],
             [days("cert_days", "days left of the certificate")])
# every step has an item here: the rows of the discovery are the services, and a row cannot discover more
TLS = Check("tls", "Mail TLS", "check_mail_tls", [PROTOCOLS],
            [days("cert_days", "days left of the certificate"), days("chain_days", "days left of the chain"),
             metric("lifetime_left", "lifetime left of the certificate", "FLOAT", "%"),
             *(seconds(step, "time of " + step) for step in (
                 "dns", "policy", "connect", "greeting", "ehlo", "capability", "starttls", "tls", "quit", "logout"))])
ROUND_TRIP = Check(
    "roundtrip", "Mail round trip", "check_mail_roundtrip",
    [*CERTIFICATE,
     ("TRANSIT", "60", "Warning if a message takes longer from acceptance to arrival, in seconds."),
     ("PENDING", "2", "Warning if more messages than these are still awaited.")],
    [seconds("transit", "from acceptance to arrival"), metric("junk", "arrived as junk", values="Yes or no"),
     metric("pending", "messages still awaited"), metric("lost", "messages lost"),
     days("smtp_cert_days", "days left of the SMTP certificate"),
     days("imap_cert_days", "days left of the IMAP certificate")])
CHECKS = [IMAP, SMTP, ROUND_TRIP, TLS]


def by_external_check(check):
    words = [check.name, "{HOST.HOST}"] + (["{#PROTOCOL}"] if check is TLS else [])
    key = "mail_check[%s]" % ",".join('"%s"' % word for word in words)
    return {"type": "EXTERNAL", "key": key, "delay": "{$MAIL.INTERVAL:%s}" % check.name}


def by_agent(check):
    key = "mail.tls[{#PROTOCOL}]" if check is TLS else "mail." + check.name
    return {"key": key, "delay": "{$MAIL.INTERVAL:%s}" % check.name}


def by_sender(check):
    return {"type": "TRAP", "key": "mail." + check.name, "delay": "0"}


WAYS = {by_external_check: ("external check", "The plugin runs on the Zabbix server or proxy, with the options that "
                            "the mail.ini there has for the host."),
        by_agent: ("Zabbix agent", "The plugin runs where the agent is, with the options of its mail.ini."),
        by_sender: ("Zabbix sender", "The plugin runs where and as long as it likes, and zabbix_sender brings the "
                    "result.")}


def triggers(parts, check):
    yield from parts.state_triggers()
    if check in (IMAP, SMTP):
        yield parts.limit_trigger("total", "takes longer than %s s" % parts.macro("SECONDS"), "SECONDS")
        yield from parts.certificate_triggers("cert_days", "certificate")
    if check is ROUND_TRIP:
        yield parts.limit_trigger("transit", "mail takes longer than %s s" % parts.macro("TRANSIT"), "TRANSIT")
        yield parts.limit_trigger("pending", "more than %s messages are awaited" % parts.macro("PENDING"), "PENDING")
        yield from parts.certificate_triggers("smtp_cert_days", "SMTP certificate")
        yield from parts.certificate_triggers("imap_cert_days", "IMAP certificate")
    yield parts.silence_trigger()


def discoveries(parts, check, master):
    """Of the steps, and of all numbers that have no item of their own."""
    own = [value.name for value in check.values]
    step = parts.prototype("step", "time of {#STEP}", "{#STEP}", "$.steps.{#STEP}", "s")
    number = parts.prototype("metric", "{#LABEL}", "{#LABEL}",
                             "$.metrics[?(@.label=='{#LABEL}')].value.first()", "{#UNIT}")
    rules = ("steps", "steps", STEPS, step), ("metrics", "other numbers", METRICS, number)
    for name, words, script, prototype in rules:
        prototype["master_item"] = {"key": master}
        yield parts.discovery(name, words, script % own, prototype, master)


def protocol_discovery(parts, prototypes, trigger_prototypes):
    """check_mail_tls is for several ports of one host: a row each."""
    return {"uuid": parts.uuid("rule", "protocols"), "name": "Mail TLS: services", "type": "SCRIPT",
            "key": "mail.tls.protocols", "delay": "{$MAIL.INTERVAL:protocols}", "item_prototypes": prototypes,
            "trigger_prototypes": trigger_prototypes,
            "params": ROWS, "parameters": [{"name": "protocols", "value": "{$MAIL.PROTOCOLS}"}]}


def macros(check, way):
    given = list(check.macros)  # limits and services; options and accounts are never Zabbix's
    if way is not by_sender:
        given.append(INTERVAL)
    if check is TLS:
        given += [("INTERVAL:tls", "1h", INTERVAL[2]), ("NODATA:tls", "4h", JUDGED[2][2]),
                  ("INTERVAL:protocols", "10m", "How often {$MAIL.PROTOCOLS} is read.")]
    return [{"macro": "{$MAIL.%s}" % name, "value": value, "description": words}
            for name, value, words in sorted([*given, *JUDGED])]


def template(check, way):
    """The template, and its triggers, which Zabbix wants beside templates."""
    name = "%s by %s" % (check.title, WAYS[way][0])
    row = "{#PROTOCOL}" if check is TLS else ""
    parts = Parts(name, check.name, check.title, row)
    source = way(check)
    items = [parts.master(source), *(parts.item(value, source["key"]) for value in check.values)]
    judged = list(triggers(parts, check))
    made = {"uuid": uuid(name), "template": name, "name": name,
            "description": "%s. %s See man %s and /usr/share/monitoring-plugins-mail/zabbix/README.md. Each macro can "
            "be set for this check alone, as in {$MAIL.FAILURES:%s}." % (check.title, WAYS[way][1], check.plugin,
                                                                        check.name),
            "groups": [{"name": GROUP["name"]}]}
    if check is TLS:
        made["discovery_rules"] = [protocol_discovery(parts, items, judged)]
        judged = []
    else:
        made.update({"items": items, "discovery_rules": list(discoveries(parts, check, source["key"]))})
    made["macros"] = macros(check, way)
    made["valuemaps"] = [
        {"uuid": uuid(name, "values", words), "name": words,
         "mappings": [{"value": value, "newvalue": text} for value, text in VALUE_MAPS[words].items()]}
        for words in sorted({value.values for value in check.values if value.values})]
    return made, judged


def export(ways):
    made = [template(check, way) for check, way in ways]
    return {"zabbix_export": {"version": "6.0", "date": "2026-11-21T00:00:00Z", "groups": [GROUP],
                              "templates": [each for each, _ in made],
                              "triggers": [each for _, several in made for each in several]}}


FILES = {
    "mail_by_external_check.yaml": [(check, by_external_check) for check in CHECKS],
    "mail_by_agent.yaml": [*((check, by_agent) for check in CHECKS), (ROUND_TRIP, by_sender)],
}


def main():
    if len(sys.argv) != 2:
        sys.exit(__doc__)
    for name, ways in FILES.items():
        text = "".join(line + "\n" for line in yaml_text.lines(export(ways)))
        pathlib.Path(sys.argv[1], name).write_text(text, encoding="utf-8")


if __name__ == "__main__":
    main()
