"""A real Zabbix server with its PostgreSQL and its web interface on a Machine: nothing of it is on the disk, and it
ends with the machine. Templates come in as a user's would: through the API of the web interface."""

import glob
import gzip
import json
import os
import time
import urllib.error
import urllib.request

SHARE = "/usr/share/zabbix-server-pgsql"
SOCKETS = "/run/postgresql"
DATA = "/var/lib/postgresql/cluster"
SERVER_PORT, WEB_PORT = 10051, 8080
PATIENCE_SECONDS = 90
TABLES = ("role role_rule users usrgrp users_groups media_type hstgrp graph_theme config config_autoreg_tls "
          "globalmacro regexps expressions").split()
WEB = """<?php
$DB['TYPE'] = 'POSTGRESQL';
$DB['SERVER'] = '';
$DB['PORT'] = '0';
$DB['DATABASE'] = 'zabbix';
$DB['USER'] = 'zabbix';
$DB['PASSWORD'] = '';
$DB['SCHEMA'] = '';
$DB['ENCRYPTION'] = false;
$DB['DOUBLE_IEEE754'] = true;
$IMAGE_FORMAT_DEFAULT = IMAGE_FORMAT_PNG;
"""
# what is not needed to poll, discover and judge is not started
SERVER = """\
LogType=console
PidFile=/run/zabbix/server.pid
SocketDir=/run/zabbix
ListenPort=%d
ListenIP=127.0.0.1
DBHost=
DBName=zabbix
DBUser=zabbix
DBSocket=%s
Timeout=15
StartPollers=6
StartPollersUnreachable=1
StartTrappers=2
StartPingers=0
StartDiscoverers=0
StartHTTPPollers=0
StartPreprocessors=2
StartODBCPollers=0
StartReportWriters=0
CacheUpdateFrequency=1
""" % (SERVER_PORT, SOCKETS)


def wait_for(what, words, seconds=PATIENCE_SECONDS):
    """What `what()` says once it is something."""
    end = time.monotonic() + seconds
    while True:
        found = what()
        if found:
            return found
        if time.monotonic() > end:
            raise AssertionError("not within %d s: %s" % (seconds, words() if callable(words) else words))
        time.sleep(0.1)


class Zabbix:
    def __init__(self, machine):
        self.machine = machine
        self._session = None

    def start_web(self):
        """Data base and web interface, with somebody logged in."""
        self._start_database()
        self.machine.write("/etc/zabbix/zabbix.conf.php", WEB)
        self.machine.start("php", "-S", "127.0.0.1:%d" % WEB_PORT, "-t", "/usr/share/zabbix", user="zabbix",
                           log="/var/log/web.log")
        self._session = wait_for(self._log_in, lambda: self.machine.read("/var/log/web.log"))

    def start_server(self):
        self._folder("/run/zabbix", "zabbix")
        self.machine.write("/etc/zabbix/server.conf", SERVER)
        self.machine.start("zabbix_server", "--foreground", "--config", "/etc/zabbix/server.conf", user="zabbix",
                           log="/var/log/server.log")

    def log(self):
        return self.machine.read("/var/log/server.log")

    def api(self, method, **parameters):
        """One call of the web interface's API; an error fails the test with its words."""
        call = {"jsonrpc": "2.0", "method": method, "params": parameters, "id": 1}
        if self._session:
            call["auth"] = self._session
        request = urllib.request.Request("http://127.0.0.1:%d/api_jsonrpc.php" % WEB_PORT, json.dumps(call).encode(),
                                         {"Content-Type": "application/json-rpc"})
        with urllib.request.urlopen(request, timeout=60) as answer:
            text = answer.read().decode()
        try:
            result = json.loads(text)
        except ValueError:
            raise AssertionError("%s: %s" % (method, text)) from None
        if "error" in result:
            raise AssertionError("%s: %s" % (method, result["error"]))
        return result["result"]

    def import_templates(self, text):
        change = {"createMissing": True, "updateExisting": True}
        rules = {"groups": change, "templates": change, "items": change, "triggers": change, "discoveryRules": change,
                 "valueMaps": change}
        return self.api("configuration.import", format="yaml", rules=rules, source=text)

    def _folder(self, name, owner):
        path = self.machine.path(name)
        os.makedirs(path, exist_ok=True)
        os.chown(path, *self.machine.account(owner))

    def _start_database(self):
        machine = self.machine
        programs = os.path.dirname(glob.glob(machine.path("/usr/lib/postgresql/*/bin/initdb"))[0])[len(machine.root):]
        self._folder(SOCKETS, "postgres")
        machine.run(programs + "/initdb", "--pgdata", DATA, "--auth=trust", "--no-sync", "--encoding=UTF8",
                    "--locale=C.UTF-8", user="postgres")
        settings = ["listen_addresses=", "unix_socket_directories=" + SOCKETS, "fsync=off", "synchronous_commit=off",
                    "full_page_writes=off"]
        machine.start(programs + "/postgres", "-D", DATA, *(word for each in settings for word in ("-c", each)),
                      user="postgres", log="/var/log/postgres.log")
        wait_for(lambda: machine.run("psql", "-c", "select 1", user="postgres", check=False).returncode == 0,
                 lambda: machine.read("/var/log/postgres.log"))
        machine.run("createuser", "zabbix", user="postgres")
        machine.run("createdb", "--owner=zabbix", "zabbix", user="postgres")
        machine.write("/var/lib/zabbix.sql", "".join(self._first_data()))
        machine.run("psql", "-q", "-1", "-v", "ON_ERROR_STOP=1", "-f", "/var/lib/zabbix.sql", user="zabbix")

    def _first_data(self):
        """The schema, and of the data what an empty Zabbix needs: its own hundreds of templates take 20 seconds."""
        yield from self._lines("schema")
        is_wanted = True
        for line in self._lines("data"):
            if line.startswith(("INSERT INTO ", "START TRANSACTION;", "COMMIT;", "DELETE FROM ")):
                is_wanted = not line.startswith("INSERT") or line.split()[2] in TABLES
            if is_wanted:
                yield line

    def _lines(self, name):
        with gzip.open(self.machine.path("%s/%s.sql.gz" % (SHARE, name)), "rt", encoding="utf-8") as file:
            yield from file

    def _log_in(self):
        try:
            return self.api("user.login", user="Admin", password="zabbix")
        except (OSError, urllib.error.URLError):
            return None
