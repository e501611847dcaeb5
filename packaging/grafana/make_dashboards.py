#!/usr/bin/env python3
"""make_dashboards.py FOLDER - writes the Grafana dashboards into FOLDER: the same panels for what Icinga writes into
InfluxDB, what it writes into Graphite, and for Zabbix with the templates of packaging/zabbix. tests/docs/regenerate.sh
writes them into the tree."""

import json
import pathlib
import sys

SCHEMA = pathlib.Path(__file__).parents[1] / "json/plugin-output.schema.json"
COMMANDS = ["imap_login", "smtp_submit", "mail_tls", "mail_roundtrip"]  # of packaging/icinga2/mailcheck.conf
# what is not a part of the whole: the whole, and the wait for arrival
NO_STEPS = ["total", "transit"]
STEPS = [label for label in json.loads(SCHEMA.read_text(encoding="utf-8"))["properties"]["steps"]["properties"]
         if label not in NO_STEPS]
CERTIFICATES = [side + kind + "_days" for side in ("", "smtp_", "imap_") for kind in ("cert", "chain")]
COUNTS = ["pending", "lost", "junk", "messages", "unseen", "hops", "spam_score"]
# the same for the same step of all checks and of both sides of a round trip
COLORS = {"dns": "dark-blue", "policy": "super-light-blue", "connect": "blue", "greeting": "purple",
          "ehlo": "light-purple", "capability": "light-purple", "starttls": "light-orange", "tls": "orange",
          "auth": "yellow", "select": "green", "list": "super-light-green", "search": "light-green",
          "fetch": "dark-green", "quota": "semi-dark-green", "mail": "light-green", "rcpt": "green",
          "rset": "super-light-green", "body": "semi-dark-green", "data": "dark-green", "cleanup": "light-yellow",
          "quit": "super-light-purple", "logout": "super-light-purple"}
STATES = [("OK", "green"), ("WARNING", "yellow"), ("CRITICAL", "red"), ("UNKNOWN", "purple")]
PLUGINS = {"timeseries": "Time series", "state-timeline": "State timeline"}


class InfluxDb:
    """InfluxdbWriter of Icinga 2 with its own templates and enable_send_metadata, asked in InfluxQL."""

    name, title, kind, kind_name = "icinga-influxdb", "Mail checks (Icinga, InfluxDB)", "influxdb", "InfluxDB"
    source = "FROM /^(%s)$/" % "|".join(COMMANDS)

    def variables(self):
        values = "SHOW TAG VALUES " + self.source + ' WITH KEY = "%s"'
        return [query_variable("host", "Host", values % "hostname"),
                query_variable("service", "Service", values % "service" + ' WHERE "hostname" =~ /^$host$/',
                               several=True)]

    def _query(self, what, where, tag):
        text = ('SELECT %s %s WHERE "hostname" =~ /^$host$/ AND "service" =~ /^$service$/%s AND $timeFilter '
                'GROUP BY time($__interval), "%s" fill(none)' % (what, self.source, where, tag))
        return {"rawQuery": True, "query": text, "resultFormat": "time_series", "alias": "$tag_" + tag}

    def state(self):
        return self._query('last("state")', "", "service")

    def numbers(self, labels):
        return self._query('mean("value")', ' AND "metric" =~ /^(%s)$/' % "|".join(labels), "metric")

    def steps(self):
        return self.numbers(STEPS)


class Graphite:
    """GraphiteWriter of Icinga 2 with its own templates and enable_send_metadata."""

    name, title, kind, kind_name = "icinga-graphite", "Mail checks (Icinga, Graphite)", "graphite", "Graphite"
    commands = "{%s}" % ",".join(COMMANDS)

    def variables(self):
        return [query_variable("host", "Host", "expand(icinga2.*.services.*.%s)" % self.commands,
                               r"/^icinga2\.([^.]+)\./"),
                query_variable("service", "Service", "expand(icinga2.$host.services.*.%s)" % self.commands,
                               r"/^icinga2\.[^.]+\.services\.([^.]+)\./", several=True)]

    def _query(self, rest, node):
        path = "icinga2.$host.services.$service.%s.%s" % (self.commands, rest)
        return {"target": "aliasByNode(%s, %d)" % (path, node), "textEditor": True}

    def state(self):
        return self._query("metadata.state", 3)

    def numbers(self, labels):
        return self._query("perfdata.{%s}.value" % ",".join(labels), 6)

    def steps(self):
        return self.numbers(STEPS)


class Zabbix:
    """The items of the templates in packaging/zabbix, by the data source alexanderzobnin-zabbix-datasource; a service
    is what stands before the colon in their names."""

    name, title = "zabbix", "Mail checks (Zabbix)"
    kind, kind_name = "alexanderzobnin-zabbix-datasource", "Zabbix"
    # label of a number -> what its item is called; of all others it is called like the label
    called = {"transit": "from acceptance to arrival", "cert_days": "days left of the certificate",
              "chain_days": "(?:chain_days|days left of the chain)",
              "smtp_cert_days": "days left of the SMTP certificate",
              "imap_cert_days": "days left of the IMAP certificate", "pending": "messages still awaited",
              "lost": "messages lost", "junk": "arrived as junk", "messages": "messages in the folder"}

    def variables(self):
        names = {"group": {"queryType": "group", "group": "/.*/"},
                 "host": {"queryType": "host", "group": "$group", "host": "/.*/"},
                 "service": {"queryType": "item", "group": "$group", "host": "$host", "application": "", "itemTag": "",
                             "item": "/: state$/"}}
        return [query_variable("group", "Group", names["group"]), query_variable("host", "Host", names["host"]),
                query_variable("service", "Service", names["service"], "/^(.*): state$/", several=True)]

    @staticmethod
    def _query(item, cut):
        alias = {"def": {"name": "replaceAlias", "category": "Alias", "defaultParams": ["/(.*)/", "$1"],
                         "params": [{"name": "regexp", "type": "string"}, {"name": "newAlias", "type": "string"}]},
                 "params": [cut, ""], "text": "replaceAlias(%s, )" % cut}
        filters = {"group": "$group", "host": "$host", "application": "", "itemTag": "", "item": item}
        return {"queryType": "0", "schema": 12, "resultFormat": "time_series", "functions": [alias],
                **{name: {"filter": value} for name, value in filters.items()},
                "options": {"showDisabledItems": False, "skipEmptyValues": False, "disableDataAlignment": False,
                            "useZabbixValueMapping": False, "useTrends": "default"}}

    def state(self):
        return self._query("/^$service: state$/", "/: state$/")

    def numbers(self, labels):
        return self._query("/^$service: (%s)$/" % "|".join(self.called.get(label, label) for label in labels),
                           "/^[^:]*: /")

    def steps(self):
        return self._query("/^$service: time of /", "/^[^:]*: time of /")


def query_variable(name, label, query, regex="", several=False):
    return {"name": name, "label": label, "type": "query", "query": query, "regex": regex, "refresh": 2, "sort": 1,
            "multi": several, "includeAll": several, "current": {}, "options": [], "hide": 0, "skipUrlSync": False}


def input_name(source):
    return "DS_" + source.kind_name.upper()


def data_source(source):
    return {"type": source.kind, "uid": "${%s}" % input_name(source)}


def colors():
    """A fixed color for each step."""
    return [{"matcher": {"id": "byRegexp", "options": "/^(smtp_|imap_)?%s$/" % step},
             "properties": [{"id": "color", "value": {"mode": "fixed", "fixedColor": color}}]}
            for step, color in COLORS.items()]


def panel(source, kind, title, description, target, grid, field, **more):
    return {"type": kind, "title": title, "description": description, "datasource": data_source(source),
            "gridPos": dict(zip("xywh", grid)), "interval": "1m",
            "targets": [{"refId": "A", "datasource": data_source(source), **target}],
            "fieldConfig": {"defaults": field, "overrides": more.get("overrides", [])},
            "options": {"legend": {"displayMode": "list", "placement": "bottom", "showLegend": True, "calcs": []},
                        "tooltip": {"mode": "multi", "sort": "none"}, **more.get("options", {})}}


def drawn(style, unit, **more):
    """How numbers are drawn: bars are stacked, lines are not."""
    is_bars = style == "bars"
    custom = {"drawStyle": style, "lineWidth": 0 if is_bars else 1, "fillOpacity": 80 if is_bars else 0,
              "showPoints": "never" if is_bars else "auto", "spanNulls": False, "axisPlacement": "auto",
              "stacking": {"mode": "normal" if is_bars else "none", "group": "A"}, **more.pop("custom", {})}
    if is_bars:
        custom.update({"barAlignment": 0, "barWidthFactor": 0.8})
    return {"unit": unit, "color": {"mode": "palette-classic"}, "custom": custom, **more}


def limits(*steps):
    return {"mode": "absolute", "steps": [{"color": color, "value": value} for color, value in steps]}


def panels(source):
    mappings = [{"type": "value", "options": {str(code): {"text": text, "color": color, "index": code}}}
                for code, (text, color) in enumerate(STATES)]
    yield panel(source, "state-timeline", "State", "What each check said.", source.state(), (0, 0, 24, 6),
                {"color": {"mode": "thresholds"}, "mappings": mappings, "custom": {"fillOpacity": 80, "lineWidth": 0},
                 "thresholds": limits(("green", None))},
                options={"mergeValues": True, "showValue": "never", "rowHeight": 0.8, "alignValue": "left"})
    yield {"type": "row", "title": "$service", "repeat": "service", "collapsed": False, "panels": [],
           "gridPos": {"x": 0, "y": 6, "w": 24, "h": 1}}
    yield panel(source, "timeseries", "$service: steps", "Where the time goes. A step that was not reached has no bar.",
                source.steps(), (0, 7, 16, 10), drawn("bars", "s", min=0), overrides=colors())
    yield panel(source, "timeseries", "$service: from acceptance to arrival",
                "Round trips only. By two clocks, in whole seconds, if a later run found the message.",
                source.numbers(["transit"]), (16, 7, 8, 10), drawn("points", "s", min=0))
    yield panel(source, "timeseries", "$service: days left of certificates", "Yellow below 21, red below 7.",
                source.numbers(CERTIFICATES), (0, 17, 12, 8),
                drawn("line", "suffix: days", thresholds=limits(("red", None), ("yellow", 7), ("transparent", 21)),
                      custom={"thresholdsStyle": {"mode": "area"}}))
    yield panel(source, "timeseries", "$service: messages", "Awaited, lost and junk are those of round trips.",
                source.numbers(COUNTS), (12, 17, 12, 8), drawn("line", "none"))


def dashboard(source):
    variables = [{**variable, "datasource": data_source(source)} for variable in source.variables()]
    requires = [{"type": "grafana", "id": "grafana", "name": "Grafana", "version": "9.0.0"},
                {"type": "datasource", "id": source.kind, "name": source.kind_name, "version": "1.0.0"},
                *({"type": "panel", "id": kind, "name": name, "version": ""} for kind, name in PLUGINS.items())]
    return {"__inputs": [{"name": input_name(source), "label": source.kind_name, "description": "",
                          "type": "datasource", "pluginId": source.kind, "pluginName": source.kind_name}],
            "__requires": requires, "id": None, "uid": "mail-checks-" + source.name, "title": source.title,
            "description": source.__doc__.replace("\n    ", " "), "tags": ["mail", "monitoring-plugins-mail"],
            "schemaVersion": 36, "version": 1, "editable": True, "graphTooltip": 1, "refresh": "1m",
            "time": {"from": "now-24h", "to": "now"}, "timezone": "", "timepicker": {}, "links": [],
            "annotations": {"list": []}, "templating": {"list": variables},
            "panels": [{"id": number, **each} for number, each in enumerate(panels(source), 1)]}


SOURCES = [InfluxDb(), Graphite(), Zabbix()]


def main():
    if len(sys.argv) != 2:
        sys.exit(__doc__)
    for source in SOURCES:
        text = json.dumps(dashboard(source), indent=2) + "\n"
        pathlib.Path(sys.argv[1], "mail-checks-%s.json" % source.name).write_text(text, encoding="utf-8")


if __name__ == "__main__":
    main()
