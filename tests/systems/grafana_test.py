#!/usr/bin/env python3
"""The queries of the dashboards in packaging/grafana, answered from what a real Icinga 2 sends: its InfluxdbWriter and
its GraphiteWriter talk to listeners here. Grafana itself is not in Debian. Run by mail_path.py; SYSTEM_ROOT: see
system_root.py."""

import http.server
import json
import os
import re
import socketserver
import sys
import threading
import unittest

HERE = os.path.dirname(os.path.abspath(__file__))
sys.path[:0] = [HERE, os.path.join(os.path.dirname(HERE), "live")]

import accounts  # noqa: E402
from harness import ENV  # noqa: E402
from icinga2_node import Authority, Node, wait_for  # noqa: E402
from smtp_harness import MAIL, to  # noqa: E402
from system_root import Machine  # noqa: E402

DASHBOARDS = os.path.join(os.path.dirname(os.path.dirname(HERE)), "packaging/grafana")
HOST, LOG_IN, ROUND_TRIP = "mail.example.org", "imap-login", "round trip"
WRITERS = """
object InfluxdbWriter "influxdb" {
  host = "127.0.0.1"
  port = %(influxdb)d
  database = "icinga2"
  flush_interval = 1s
  enable_send_metadata = true
  host_template = {
    measurement = "$host.check_command$"
    tags = { hostname = "$host.name$" }
  }
  service_template = {
    measurement = "$service.check_command$"
    tags = { hostname = "$host.name$", service = "$service.name$" }
  }
}
object GraphiteWriter "graphite" {
  host = "127.0.0.1"
  port = %(graphite)d
  enable_send_metadata = true
}
library "perfdata"
object Host "%(host)s" {
  check_command = "dummy"
}
template Service "mail" {
  host_name = "%(host)s"
  check_interval = 1h
}
object Service "imap-login" {
  import "mail"
  check_command = "imap_login"
  vars.imap_login_hostname = "%(server)s"
  vars.imap_login_port = %(imaps)s
  vars.imap_login_tls = "implicit"
  vars.imap_login_ca_file = "%(authority)s"
  vars.imap_login_user = "letters"
  vars.imap_login_password = "%(password)s"
}
object Service "round trip" {
  import "mail"
  check_command = "mail_roundtrip"
  vars.mail_roundtrip_hostname = "%(server)s"
  vars.mail_roundtrip_smtp_port = %(submission)s
  vars.mail_roundtrip_imap_port = %(imaps)s
  vars.mail_roundtrip_imap_tls = "implicit"
  vars.mail_roundtrip_ca_file = "%(authority)s"
  vars.mail_roundtrip_user = "letters"
  vars.mail_roundtrip_password = "%(password)s"
  vars.mail_roundtrip_from = "%(address)s"
  vars.mail_roundtrip_to = "%(address)s"
}
"""
AUTHORITY = "/etc/monitoring-plugins/authority.pem"


class Influx(http.server.BaseHTTPRequestHandler):
    """Takes points; what they were is in `lines`."""

    lines = []

    def do_POST(self):  # pylint: disable=invalid-name
        self.lines += self.rfile.read(int(self.headers["Content-Length"])).decode().splitlines()
        self.send_response(204)
        self.end_headers()

    def log_message(self, *_):
        pass


class Carbon(socketserver.StreamRequestHandler):
    lines = []
    connected = threading.Event()  # what Icinga has to say before is lost

    def handle(self):
        self.connected.set()
        for line in self.rfile:
            self.lines.append(line.decode().strip())


def listen(server):
    server.daemon_threads = True
    threading.Thread(target=server.serve_forever, daemon=True).start()
    return server


def setUpModule():
    """One run of each service."""
    influx = listen(http.server.ThreadingHTTPServer(("127.0.0.1", 0), Influx))
    carbon = listen(socketserver.ThreadingTCPServer(("127.0.0.1", 0), Carbon))
    unittest.addModuleCleanup(influx.server_close)
    unittest.addModuleCleanup(carbon.server_close)
    machine = unittest.enterModuleContext(Machine("icinga"))
    with open(ENV["LIVE_CA_FILE"], encoding="ascii") as file:
        machine.write(AUTHORITY, file.read())
    authority = Authority()
    unittest.addModuleCleanup(authority.remove)
    node = Node(machine, authority, "icinga.example.test")
    node.set_up()
    values = {"influxdb": influx.server_port, "graphite": carbon.server_address[1], "host": HOST,
              "server": ENV["LIVE_HOST"], "imaps": ENV["LIVE_IMAPS_PORT"], "authority": AUTHORITY,
              "submission": MAIL["MAIL_PORT_PATH"], "password": accounts.USERS["letters"][0], "address": to("letters")}
    machine.write("/etc/icinga2/conf.d/hosts.conf", "")
    machine.write("/etc/icinga2/conf.d/services.conf", "")
    machine.write("/etc/icinga2/conf.d/mail.conf", WRITERS % values)
    node.start()
    node.wait_until_up()
    wait_for("Icinga's connection to Graphite", Carbon.connected.is_set)
    done = node.check_now("%s!%s" % (HOST, LOG_IN), "%s!%s" % (HOST, ROUND_TRIP))
    for name, row in done.items():
        assert row["last_check_result"]["exit_status"] == 0, (name, row["last_check_result"]["output"])
    wait_for(lambda: "points: %s %s" % (Influx.lines, Carbon.lines),
             lambda: all(any("transit" in line for line in lines) for lines in (Influx.lines, Carbon.lines)))


def panels(name, service):
    """Title -> query of a dashboard, its variables filled in as Grafana does."""
    with open(os.path.join(DASHBOARDS, name), encoding="utf-8") as file:
        dashboard = json.load(file)
    found = {}
    for panel in dashboard["panels"]:
        for target in panel.get("targets", []):
            text = target.get("query") or target["target"]
            for variable, value in (("host", HOST), ("service", service)):
                text = text.replace("$" + variable, re.escape(value) if "query" in target else dotless(value))
            found[panel["title"].replace("$service: ", "")] = text, target
    return found, {variable["name"]: variable for variable in dashboard["templating"]["list"]}


def dotless(name):
    """As it is called in Graphite."""
    return re.sub(r"[^A-Za-z0-9_-]", "_", name)


def points(line):
    """measurement, tags and fields of a line of InfluxDB's protocol."""
    key, fields, _ = re.split(r"(?<!\\) ", line, maxsplit=2)
    measurement, *tags = re.split(r"(?<!\\),", key)
    return (measurement, dict(tag.replace("\\", "").split("=", 1) for tag in tags),
            dict(re.findall(r'(\w+)=("(?:[^"\\]|\\.)*"|[^,]*)', fields)))


def influx_answers(query):
    """The values of the tag by which the query groups, each once."""
    field, source, where, tag = re.fullmatch(
        r'SELECT \w+\("(\w+)"\) FROM /(.*?)/ WHERE (.*) AND \$timeFilter GROUP BY time\(\$__interval\), "(\w+)" '
        r'fill\(none\)', query).groups()
    conditions = [re.fullmatch(r'"(\w+)" =~ /(.*)/', each).groups() for each in where.split(" AND ")]
    return {tags[tag] for measurement, tags, fields in map(points, Influx.lines)
            if re.search(source, measurement) and field in fields
            and all(re.search(pattern, tags.get(name, "")) for name, pattern in conditions)}


def graphite_answers(query):
    path, node = re.fullmatch(r"aliasByNode\((.*), (\d+)\)", query).groups()
    return {name.split(".")[int(node)] for name in graphite_names(path)}


def graphite_names(path):
    pattern = re.sub(r"\{([^}]*)\}", lambda words: "(?:%s)" % words[1].replace(",", "|"),
                     path.replace(".", r"\.").replace("*", "[^.]*"))
    names = {line.split(" ")[0] for line in Carbon.lines}
    return {name[:match.end()] for name in names for match in [re.match(pattern + r"(?=\.|$)", name)] if match}


class Sources(unittest.TestCase):
    """name of the dashboard, who answers, and what the services are called there."""

    def check(self, name, answers, called):
        log_in, _ = panels(name, LOG_IN)
        trip, _ = panels(name, ROUND_TRIP)
        self.assertEqual(len(log_in), 5)

        def answered(found, title):
            return answers(found[title][0])
        self.assertEqual(answered(log_in, "State"), {called(LOG_IN)})
        self.assertEqual(answered(trip, "State"), {called(ROUND_TRIP)})
        self.assertLessEqual({"connect", "tls", "greeting", "auth", "select", "logout"}, answered(log_in, "steps"))
        self.assertLessEqual({"smtp_data", "imap_select", "smtp_tls", "cleanup"}, answered(trip, "steps"))
        self.assertFalse({"total", "transit", "cert_days"} & (answered(trip, "steps") | answered(log_in, "steps")))
        self.assertEqual(answered(log_in, "from acceptance to arrival"), set())
        self.assertEqual(answered(trip, "from acceptance to arrival"), {"transit"})
        self.assertEqual(answered(log_in, "days left of certificates"), {"cert_days", "chain_days"})
        self.assertEqual(answered(trip, "days left of certificates"),
                         {"smtp_cert_days", "smtp_chain_days", "imap_cert_days", "imap_chain_days"})
        self.assertEqual(answered(log_in, "messages"), {"messages"})
        self.assertLessEqual({"junk", "hops"}, answered(trip, "messages"))

    def test_influxdb(self):
        self.check("mail-checks-icinga-influxdb.json", influx_answers, str)

    def test_graphite(self):
        self.check("mail-checks-icinga-graphite.json", graphite_answers, dotless)

    def test_the_variables_of_influxdb_find_host_and_services(self):
        _, variables = panels("mail-checks-icinga-influxdb.json", LOG_IN)
        for name, values in (("host", {HOST}), ("service", {LOG_IN, ROUND_TRIP})):
            query = variables[name]["query"]
            source, key = re.match(r'SHOW TAG VALUES FROM /(.*?)/ WITH KEY = "(\w+)"', query).groups()
            self.assertEqual({tags[key] for measurement, tags, _ in map(points, Influx.lines)
                              if re.search(source, measurement) and key in tags}, values)

    def test_those_of_graphite(self):
        _, variables = panels("mail-checks-icinga-graphite.json", LOG_IN)
        for name, values in (("host", {HOST}), ("service", {LOG_IN, ROUND_TRIP})):
            path = re.fullmatch(r"expand\((.*)\)", variables[name]["query"]).group(1).replace("$host", dotless(HOST))
            self.assertEqual({re.search(variables[name]["regex"].strip("/"), found).group(1)
                              for found in graphite_names(path)}, {dotless(value) for value in values})


if __name__ == "__main__":
    unittest.main()
