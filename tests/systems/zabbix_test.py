#!/usr/bin/env python3
"""The templates of packaging/zabbix in a real Zabbix: imported by its API, linked to hosts, and run by the server
(external checks), by the agent with our UserParameters, and by zabbix_sender, against the servers of mail_path.py. Run
by mail_path.py; SYSTEM_ROOT: see system_root.py."""

import contextlib
import json
import os
import re
import socket
import struct
import subprocess
import sys
import unittest

HERE = os.path.dirname(os.path.abspath(__file__))
sys.path[:0] = [HERE, os.path.join(os.path.dirname(HERE), "live")]

from harness import ENV, secret  # noqa: E402
from smtp_harness import MAIL, to  # noqa: E402
from system_root import PLUGINS, Machine  # noqa: E402
from usual_ports import UsualPorts  # noqa: E402
from zabbix_server import SERVER_PORT, Zabbix, wait_for  # noqa: E402

PACKAGING = os.path.join(os.path.dirname(os.path.dirname(HERE)), "packaging")
OURS = "/usr/share/monitoring-plugins-mail/zabbix"
STATE = "/var/lib/monitoring-plugins-mail/zabbix"
AGENT_PORT = 10050
AGENT = """\
LogType=console
PidFile=/run/zabbix/agent.pid
Server=127.0.0.1
ListenIP=127.0.0.1
ListenPort=%d
StartAgents=4
Timeout=10
Include=/etc/zabbix/zabbix_agentd.conf.d/*.conf
""" % AGENT_PORT
CHECKS = ["IMAP log in", "SMTP submission", "Mail round trip", "Mail TLS"]
SERVICES = ["imaps", "submission"]
OK, WARNING, CRITICAL, UNKNOWN = "0123"
NUMBER, COUNT = "0", "3"  # types of values that can be drawn
QUICK = {"{$MAIL.INTERVAL}": "2s", "{$MAIL.INTERVAL:tls}": "2s", "{$MAIL.INTERVAL:protocols}": "2s"}


def shipped(name, folder="zabbix"):
    with open(os.path.join(PACKAGING, folder, name), encoding="utf-8") as file:
        return file.read()


def setUpModule():
    """One Zabbix for all tests; what they look at happens meanwhile."""
    stack = contextlib.ExitStack()
    unittest.addModuleCleanup(stack.close)
    ports = {993: int(ENV["LIVE_IMAPS_PORT"]), 587: int(MAIL["MAIL_PORT_PATH"])}
    stack.enter_context(UsualPorts({port: ("127.0.0.1", target) for port, target in ports.items()}))
    machine = stack.enter_context(Machine("zabbix"))
    global ZABBIX  # pylint: disable=global-statement
    ZABBIX = Zabbix(machine)
    prepare(machine)
    ZABBIX.start_web()
    for name in ("mail_by_external_check.yaml", "mail_by_agent.yaml"):
        ZABBIX.import_templates(shipped(name))
    make_hosts()
    machine.start("zabbix_agentd", "--foreground", "--config", "/etc/zabbix/agent.conf", user="zabbix",
                  log="/var/log/agent.log")
    ZABBIX.start_server()


def prepare(machine):
    """What an administrator does: authority, password files, README.md's links, the agent's files."""
    with open(ENV["LIVE_CA_FILE"], encoding="ascii") as file:
        authority = file.read()
    name = subprocess.run(["openssl", "x509", "-noout", "-subject_hash"], input=authority, stdout=subprocess.PIPE,
                          text=True, check=True).stdout.strip()
    machine.write("/etc/ssl/certs/%s.0" % name, authority)
    passwords = {"external": "letters", "mail": "parcels", "sender": "unlimited", "changing": "letters"}
    for name, user in passwords.items():
        set_password(machine, name, known_password(user))
    if machine.run("dpkg", "-s", "monitoring-plugins-mail", check=False).returncode != 0:  # a root without our package
        machine.run("install", "-d", "-m", "0700", "-o", "zabbix", "-g", "zabbix", STATE)
        machine.write(OURS + "/mail_check", shipped("mail_check"), mode=0o755)
    assert os.path.isdir(machine.path(STATE)), "the package made no folder for zabbix"
    links = re.search(r"^ *mkdir .*\n *ln .*$", shipped("README.md"), re.M).group()
    machine.run("sh", "-e", "-c", links)
    machine.write("/etc/zabbix/mail.ini", agent_ini("parcels") + "".join(
        external_ini(machine, host) for host in ("external", "changing", "slow")), owner="zabbix", mode=0o640)
    machine.write("/etc/zabbix/zabbix_agentd.conf.d/userparameter_mail.conf", shipped("userparameter_mail.conf"))
    machine.write("/etc/zabbix/agent.conf", AGENT)
    machine.write("/run/zabbix/.keep", "")
    os.chown(machine.path("/run/zabbix"), *machine.account("zabbix"))


def agent_ini(user):
    """The shipped one with names of this place."""
    text = shipped("mail.ini").replace("monitor@example.org", to(user)).replace("= monitor\n", "= %s\n" % user)
    return text.replace("mail.example.org", ENV["LIVE_HOST"]).replace("timeout = 2.5", "timeout = 8")


def external_ini(machine, host):
    """The sections of one host, by the command that the README shows."""
    machine.write(OURS + "/mail.ini", agent_ini("letters").replace("wait = 0", "wait = 4").replace(
        "mail.password", "changing.password" if host == "changing" else "external.password"))
    command = re.search(r"^ *(sed .*) >>/etc/zabbix/mail.ini$", shipped("README.md"), re.M).group(1)
    return machine.run("sh", "-c", command.replace("mail.example.org", host)).stdout


def known_password(user):
    with open(secret(user), encoding="utf-8") as file:
        return file.read()


def set_password(machine, name, text):
    path = "/etc/zabbix/%s.password" % name
    machine.write(path + ".new", text, owner="zabbix", mode=0o600)
    os.rename(machine.path(path + ".new"), machine.path(path))  # no run may read half of it


def make_hosts():
    make_host("external", ["%s by external check" % check for check in CHECKS], {})
    make_host("agent", ["%s by Zabbix agent" % check for check in CHECKS], {})
    make_host("sender", ["Mail round trip by Zabbix sender"], {})
    make_host("changing", ["IMAP log in by external check"], {})
    make_host("slow", ["IMAP log in by external check"], {"{$MAIL.SECONDS}": "0.000001",
                                                          "{$MAIL.DAYS.CRITICAL:imap}": "100000"})
    make_host("forgotten", ["IMAP log in by external check"], {})
    make_host("silent", ["Mail round trip by Zabbix sender"], {"{$MAIL.NODATA}": "5s"})


def make_host(name, templates, macros):
    groups = ZABBIX.api("hostgroup.get", output=["groupid"], filter={"name": ["Zabbix servers"]})
    found = ZABBIX.api("template.get", output=["templateid"], filter={"host": templates})
    assert len(found) == len(templates), templates
    ZABBIX.api("host.create", host=name, groups=groups, templates=found,
               interfaces=[{"type": 1, "main": 1, "useip": 1, "ip": "127.0.0.1", "dns": "", "port": str(AGENT_PORT)}],
               macros=[{"macro": macro, "value": value} for macro, value in {**QUICK, **macros}.items()])


def items(host, **more):
    """key -> item of a host, those that were discovered too."""
    found = ZABBIX.api("item.get", output=["key_", "name", "lastvalue", "lastclock", "state", "error", "units",
                                               "value_type"],
                       hostids=host_id(host), **more)
    return {item["key_"]: item for item in found}


def host_id(host):
    return ZABBIX.api("host.get", output=["hostid"], filter={"host": [host]})[0]["hostid"]


def seen(host, key):
    """The last value of an item, "" if there is none yet."""
    item = items(host, filter={"key_": key}).get(key, {"lastclock": "0"})
    return item["lastvalue"] if item["lastclock"] != "0" else ""


def problems(host):
    return ZABBIX.api("problem.get", output="extend", hostids=host_id(host))


def told():
    """For a failure: what Zabbix says of its items."""
    lines = [ZABBIX.log()[-3000:]]
    for host in ("external", "agent", "sender"):
        lines += ["%s %s: %s %s %s" % (host, key, item["lastvalue"][:300], item["state"], item["error"])
                  for key, item in items(host).items()]
    return "\n".join(lines)


def ask_agent(key):
    """A passive check, as the server asks it."""
    with socket.create_connection(("127.0.0.1", AGENT_PORT), timeout=30) as agent:
        agent.sendall(b"ZBXD\1" + struct.pack("<Q", len(key)) + key.encode())
        answer = b"".join(iter(lambda: agent.recv(65536), b""))
    return answer[13:].decode()


class Templates(unittest.TestCase):
    def test_a_second_import_changes_nothing(self):
        def count():
            return [ZABBIX.api("%s.get" % kind, countOutput=True, templated=True) for kind in ("item", "trigger")]
        before = count()
        ZABBIX.import_templates(shipped("mail_by_external_check.yaml"))
        self.assertEqual(count(), before)
        self.assertGreater(int(before[0]), 50)

    def check_runs(self, host):
        for check in ("imap", "smtp", "roundtrip"):
            code = "mail.%s.code" % check
            self.assertEqual(wait_for(lambda key=code: seen(host, key), told), OK, told())
            self.assertGreater(float(seen(host, "mail.%s.total" % check)), 0)
        self.assertIn("logged in as", seen(host, "mail.imap.summary"))
        self.assertIn("sender and recipient accepted", seen(host, "mail.smtp.summary"))
        wait_for(lambda: seen(host, "mail.roundtrip.transit"), told)
        self.assertEqual(seen(host, "mail.roundtrip.junk"), "0")
        self.assertEqual(seen(host, "mail.roundtrip.lost"), "0")
        for key in ("mail.imap.cert_days", "mail.smtp.cert_days", "mail.roundtrip.imap_cert_days"):
            self.assertGreater(float(seen(host, key)), 1000)
        for service in SERVICES:
            self.assertEqual(wait_for(lambda key="mail.tls.code[%s]" % service: seen(host, key), told), OK, told())
            self.assertGreater(float(seen(host, "mail.tls.lifetime_left[%s]" % service)), 10)
            self.assertGreater(float(seen(host, "mail.tls.tls[%s]" % service)), 0)
        self.assertEqual(seen(host, "mail.tls.starttls[imaps]"), "")  # there is none, which is no error
        self.check_discovery(host)
        unsupported = [item for item in items(host).values() if item["state"] != "0"]
        self.assertEqual(unsupported, [])

    def check_discovery(self, host):
        """An item of every step, and of every number that has none."""
        for key in ("mail.imap.step[auth]", "mail.smtp.step[rcpt]", "mail.roundtrip.step[smtp_data]",
                    "mail.roundtrip.step[imap_select]", "mail.roundtrip.metric[hops]"):
            wait_for(lambda wanted=key: seen(host, wanted), lambda wanted=key: wanted + told())
        found = items(host)
        self.assertEqual(found["mail.imap.metric[chain_days]"]["units"], "!days")
        self.assertEqual(found["mail.imap.step[auth]"]["units"], "s")
        for key in ("mail.imap.step[total]", "mail.imap.metric[cert_days]", "mail.roundtrip.step[transit]"):
            self.assertNotIn(key, found)

    def test_external_checks_run(self):
        self.check_runs("external")
        self.assertEqual(problems("external"), [])

    def test_the_agent_runs_them(self):
        self.check_runs("agent")
        self.assertEqual(problems("agent"), [])
        wait_for(lambda: re.search(r"^accepted, not yet in INBOX after [0-9.]+ s, the next run looks for it; "
                                   r"an earlier one arrived after \d+ s in INBOX$",
                                   seen("agent", "mail.roundtrip.summary")), told)

    def test_rules_have_no_error(self):
        for host in ("external", "agent"):
            for rule in ZABBIX.api("discoveryrule.get", output=["key_", "state", "error"], hostids=host_id(host)):
                self.assertEqual((rule["state"], rule["error"]), ("0", ""), rule["key_"])

    def test_zabbix_sender_brings_a_round_trip(self):
        """The command that the README of the templates shows."""
        machine = ZABBIX.machine
        machine.write("/etc/zabbix/sender.ini", agent_ini("unlimited").replace("mail.password", "sender.password")
                      .replace("wait = 0", "wait = 5"), owner="zabbix", mode=0o640)
        command = re.search(r"^ *(zabbix_sender .*\n(?: .*\n)*?)$", shipped("README.md"), re.M).group(1)
        command = command.replace("/etc/zabbix/mail.ini", "/etc/zabbix/sender.ini").replace("\\\n", " ")
        command = command.replace("--config /etc/zabbix/zabbix_agentd.conf",
                                  "--zabbix-server 127.0.0.1 --port %d --host sender" % SERVER_PORT)

        def send():
            done = machine.run("sh", "-c", command.replace("check_mail", PLUGINS + "/check_mail"), user="zabbix",
                               check=False)
            return "processed: 1; failed: 0" in done.stdout
        wait_for(send, told)
        self.assertEqual(wait_for(lambda: seen("sender", "mail.roundtrip.code"), told), OK, told())
        self.assertGreater(float(wait_for(lambda: seen("sender", "mail.roundtrip.transit"), told)), 0)


class Problems(unittest.TestCase):
    def wait_for_problem(self, host, words):
        def found():
            return [problem for problem in problems(host) if re.search(words, problem["name"])]
        return wait_for(found, lambda: "%s: %s\n%s" % (host, problems(host), told()))[0]

    def test_a_wrong_password_is_reported_after_two_runs_and_settled_by_the_right_one(self):
        wait_for(lambda: seen("changing", "mail.imap.code") == OK, told)
        set_password(ZABBIX.machine, "changing", "not this one\n")
        problem = self.wait_for_problem("changing", "^IMAP log in: CRITICAL: auth: auth-failed, ")
        self.assertEqual(problem["severity"], "4")
        item = items("changing", filter={"key_": "mail.imap.code"})["mail.imap.code"]
        history = ZABBIX.api("history.get", itemids=item["itemid"], history=3, sortfield="clock", output="extend")
        before = [value["value"] for value in history if value["clock"] <= problem["clock"]]
        self.assertEqual(before[before.index(CRITICAL):], [CRITICAL, CRITICAL])
        set_password(ZABBIX.machine, "changing", known_password("letters"))
        wait_for(lambda: not problems("changing"), told)
        self.assertEqual(seen("changing", "mail.imap.code"), OK)

    def test_limits_of_zabbix(self):
        self.assertEqual(self.wait_for_problem("slow", "takes longer than 0.000001 s")["severity"], "2")
        problem = self.wait_for_problem("slow", r"^IMAP log in: certificate ends in [0-9.]+ days$")
        self.assertEqual(problem["severity"], "4")
        self.assertEqual(seen("slow", "mail.imap.code"), OK)

    def test_a_section_that_was_forgotten_is_named(self):
        problem = self.wait_for_problem("forgotten", r"UNKNOWN: .*section \[imap forgotten\] of .* is missing")
        self.assertEqual(problem["severity"], "3")

    def test_silence_is_reported_and_what_is_no_json_counts_as_that(self):
        def send():
            done = ZABBIX.machine.run("zabbix_sender", "--zabbix-server", "127.0.0.1", "--port", str(SERVER_PORT),
                                      "--host", "silent", "--key", "mail.roundtrip", "--value", "sh: 1: not found",
                                      check=False)
            return "processed: 1; failed: 0" in done.stdout
        wait_for(send, told)
        wait_for(lambda: items("silent")["mail.roundtrip.code"]["state"] == "1", told)
        self.assertIn("The plugin printed no JSON", items("silent")["mail.roundtrip.code"]["error"])
        self.assertEqual(items("silent")["mail.roundtrip.total"]["state"], "0")
        self.wait_for_problem("silent", "no result for 5s")


class Dashboard(unittest.TestCase):
    """What the panels of mail-checks-zabbix.json ask for is there, and nothing else is drawn."""

    END = "days left of the certificate"
    TLS_STEPS = "dns policy connect greeting ehlo capability starttls tls quit logout".split()
    WANTED = {
        "State": dict.fromkeys(["imap", "smtp", "roundtrip", "tls"], ["state"]),
        "$service: from acceptance to arrival": {"roundtrip": ["from acceptance to arrival"]},
        "$service: days left of certificates": {
            "imap": [END, "chain_days"], "smtp": [END, "chain_days"], "tls": [END, "days left of the chain"],
            "roundtrip": ["days left of the SMTP certificate", "smtp_chain_days", "days left of the IMAP certificate",
                          "imap_chain_days"]},
        "$service: messages": {"imap": ["messages in the folder"],
                               "roundtrip": ["messages still awaited", "messages lost", "arrived as junk", "hops"]}}

    def test_panels_find_their_items(self):
        dashboard = json.loads(shipped("mail-checks-zabbix.json", "grafana"))
        service = next(each for each in dashboard["templating"]["list"] if each["name"] == "service")
        asked = {panel["title"]: panel["targets"][0]["item"]["filter"] for panel in dashboard["panels"]
                 if "targets" in panel}
        for key in ("mail.imap.metric[chain_days]", "mail.smtp.step[quit]", "mail.smtp.metric[chain_days]",
                    "mail.roundtrip.step[imap_logout]", "mail.roundtrip.metric[hops]",
                    *("mail.tls.tls[%s]" % each for each in SERVICES)):
            wait_for(lambda wanted=key: seen("external", wanted), lambda wanted=key: wanted + told())
        there = items("external")
        kinds = {item["name"]: item["value_type"] for item in there.values()}
        steps = {check: [key[:-1].split("[")[1] for key in there if key.startswith("mail.%s.step[" % check)]
                 for check in ("imap", "smtp", "roundtrip")}
        wanted = {**self.WANTED, "$service: steps": {
            check: ["time of " + step for step in each] for check, each in {**steps, "tls": self.TLS_STEPS}.items()}}
        self.assertEqual(set(asked), set(wanted))
        services = dict(zip(CHECKS, ("imap", "smtp", "roundtrip")), **{"Mail TLS " + each: "tls" for each in SERVICES})
        self.assertEqual({re.search(service["regex"].strip("/"), name).group(1)
                          for name in filtered(service["query"]["item"], kinds)}, set(services))
        for title, pattern in asked.items():
            for name, check in services.items():
                with self.subTest(title, service=name):
                    found = filtered(pattern.replace("$service", re.escape(name)), kinds)
                    self.assertEqual(found, {"%s: %s" % (name, words) for words in wanted[title].get(check, [])})
                    self.assertLessEqual({kinds[each] for each in found}, {NUMBER, COUNT})


def filtered(pattern, names):
    """Those that the data source finds by a filter."""
    return {name for name in names if re.search(pattern.strip("/"), name)}


class ExternalCheck(unittest.TestCase):
    """What somebody who may add an item to a host can make of the script in the folder of ExternalScripts."""

    def call(self, *words):
        return ZABBIX.machine.run("/etc/zabbix/externalscripts/mail_check", *words, user="zabbix", check=False)

    def test_there_is_nothing_else_to_call(self):
        self.assertEqual(os.listdir(ZABBIX.machine.path("/etc/zabbix/externalscripts")), ["mail_check"])

    def test_no_argument_names_a_file_or_is_an_option(self):
        for words in (("imap", "external@/etc/passwd"), ("imap", "@/etc/passwd"), ("imap", "external/x"), ("imap", ""),
                      ("imap",), ("imap", "$(id)"), ("imap", "external\n[x]")):
            done = self.call(*words)
            self.assertEqual((done.returncode, done.stdout),
                             (3, "mail_check: expected the name of a host in Zabbix\n"), words)
        for words in (("--password-file=/etc/passwd", "external"), ("../check_imap_login", "external"), ()):
            done = self.call(*words)
            self.assertEqual((done.returncode, done.stdout),
                             (3, "mail_check: expected imap, smtp, roundtrip or tls\n"), words)
        option = "--transcript=%s/written" % STATE
        for service in (option, "imaps --ca-file=/etc/passwd", ""):
            answer = json.loads(self.call("tls", "external", service, option).stdout)
            self.assertEqual((answer["code"], answer["findings"][0]["name"]), (3, "usage"), service)
            self.assertTrue(answer["summary"].startswith("--protocol: expected smtp, submission"), service)
        self.assertEqual(self.call("tls", "external", "imaps", option).returncode, 0)
        self.assertFalse(os.path.exists(ZABBIX.machine.path(STATE + "/written")))

    def test_what_it_is_not_asked_for_is_not_handed_over(self):
        answer = json.loads(self.call("imap", "external", "--output=plain", "--hostname=192.0.2.1").stdout)
        self.assertEqual(answer["code"], 0, answer)


class Agent(unittest.TestCase):
    """What somebody who may ask the agent can make of it."""

    @classmethod
    def setUpClass(cls):
        wait_for(lambda: "agent #1 started" in ZABBIX.machine.read("/var/log/agent.log"), "no agent")

    def test_a_parameter_is_one_value_and_never_an_option(self):
        for words in ("imaps --ca-file=/etc/passwd", "--ca-file=/etc/passwd", "imaps -v", "/etc/passwd", ""):
            answer = json.loads(ask_agent("mail.tls[%s]" % words))
            self.assertEqual((answer["code"], answer["findings"][0]["name"]), (3, "usage"), words)
            self.assertTrue(answer["summary"].startswith("--protocol: expected smtp, submission"), words)

    def test_no_parameter_leaves_its_quotes(self):
        for words in ('\'imaps" --ca-file="/etc/passwd\'', "imaps;id", "$(id)", "`id`", "imaps|id", '"imaps\\" -v"'):
            self.assertRegex(ask_agent("mail.tls[%s]" % words), r"^ZBX_NOTSUPPORTED\0", words)

    def test_the_others_take_none(self):
        for key in ("mail.imap[x]", "mail.smtp[--ca-file=/etc/passwd]", "mail.roundtrip[x]"):
            self.assertRegex(ask_agent(key), r"^ZBX_NOTSUPPORTED\0", key)
        self.assertEqual(json.loads(ask_agent("mail.imap"))["code"], 0)


ZABBIX = None

if __name__ == "__main__":
    unittest.main()
