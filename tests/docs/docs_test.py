#!/usr/bin/env python3
"""What is written for people, held against the built plugins and their option tables.

    BUILD=build/developer BIN=build/developer/bin VERSION=0.9.0 CMAKE=cmake docs_test.py [GROUP...]

Every command in the man pages' EXAMPLES and in README's shell blocks is run for real, against the Dovecot of
tests/live/dovecot.py (LIVE_ENV names its file) and the Postfix of tests/live/postfix.py (MAIL_ENV): hosts, account,
digests and files are replaced by those of that server, nothing else. A tool that is missing is a failure; without
MAIL_ENV, as an ordinary user, there is no Postfix, and its examples are left out. The examples of check_mail_tls that
ask DNS are those of the group DnsExamples, which tests/live/mail_internet.py runs in a network of its own; those of
check_mail_roundtrip are the group PathExamples, in that of tests/live/mail_path.py."""

from __future__ import annotations

import base64
import contextlib
import hashlib
import json
import os
import re
import shlex
import shutil
import ssl
import subprocess
import sys
import tempfile
import unittest
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
BUILD = Path(os.environ["BUILD"]).resolve()
BIN = Path(os.environ["BIN"]).resolve()
sys.path.append(str(ROOT / "tests/live"))
PLUGINS = sorted(path.stem for path in (ROOT / "man").glob("check_*.1"))
OVERVIEW = (ROOT / "man/monitoring-plugins-mail.7").read_text(encoding="utf-8")
README = (ROOT / "README.md").read_text(encoding="utf-8")
SCRIPTS = ["sh packaging/build.sh deb", "sh packaging/build.sh rpm", "sh packaging/try.sh", "sh tests/run.sh"]
HIDDEN = ("SSL_CERT_FILE", "SSL_CERT_DIR", "CURL_CA_BUNDLE", "MP_CONFIG_FILE", "NAGIOS_CONFIG_PATH", "DESTDIR")
ENVIRONMENT = {name: value for name, value in os.environ.items() if name not in HIDDEN}


def run(*command: str, **more) -> subprocess.CompletedProcess:
    return subprocess.run(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, encoding="utf-8", check=False,
                          env={**ENVIRONMENT, **more})


def describe(plugin: str, what: str) -> str:
    return run(str(BIN / "describe_options"), plugin, what).stdout


def option_names(plugin: str) -> dict:
    """Long name or letter -> the option's entry in the table."""
    options = json.loads(describe(plugin, "json"))["options"]
    return {key: option for option in options for key in (option["name"], option["letter"]) if key}


def source(plugin: str) -> str:
    return (ROOT / "man" / (plugin + ".1")).read_text(encoding="utf-8")


def plain(roff: str) -> str:
    """The text of an unfilled block of the man page."""
    lines = [line for line in roff.splitlines() if not line.startswith((".", "'"))]
    text = "\n".join(lines)
    for escape, character in ((r"\-", "-"), (r"\(aq", "'"), (r"\(ti", "~"), (r"\e", "\\")):
        text = text.replace(escape, character)
    return text


def part(plugin: str, name: str) -> str:
    """The source between the markers of `name`."""
    return re.search(r'\.\\" begin %s\n(.*?)\.\\" end %s\n' % (name, name), source(plugin), re.S).group(1)


def without_foreign(text: str) -> str:
    """Without what a page says of the options of other people's plugins."""
    return re.sub(r'\.\\" begin FOREIGN\n.*?\.\\" end FOREIGN\n', "", text, flags=re.S)


def commands(text: str) -> list:
    """The commands of a shell text that run a plugin, continuation lines joined."""
    joined = re.sub(r"\\\n\s*", "", text)
    return [line.strip() for line in joined.splitlines() if re.search(r"(^|\s)check_\w+ -", line)]


def overview_examples() -> list:
    blocks = re.findall(r'\.\\" begin EXAMPLES\n(.*?)\.\\" end EXAMPLES\n', OVERVIEW, re.S)
    found = [command for block in blocks for command in commands(plain(block))]
    return [(re.search(r"check_\w+", command).group(), command) for command in found]


def man_examples() -> list:
    found = [(plugin, command) for plugin in PLUGINS for command in commands(plain(part(plugin, "EXAMPLES")))]
    return found + overview_examples()


def shell_blocks() -> list:
    return re.findall(r"^```sh\n(.*?)^```", README, re.S | re.M)


def readme_examples() -> list:
    found = [command for block in shell_blocks() for command in commands(block)]
    return [(re.search(r"check_\w+", command).group(), command) for command in found]


class ManPage(unittest.TestCase):
    def test_there_is_one_a_plugin(self):
        self.assertIn("check_imap_login", PLUGINS)
        self.assertEqual(PLUGINS, sorted(path.name for path in (ROOT / "plugins").glob("check_*")))

    def test_mandoc_has_no_complaint(self):
        for plugin in PLUGINS:
            lint = run("mandoc", "-Tlint", str(ROOT / "man" / (plugin + ".1")))
            self.assertEqual((lint.returncode, lint.stdout, lint.stderr), (0, "", ""))

    def test_groff_has_no_complaint(self):
        for plugin in PLUGINS:
            page = run("man", "--warnings", "--local-file", str(ROOT / "man" / (plugin + ".1")), LC_ALL="C.UTF-8",
                       MANWIDTH="80", MANROFFSEQ="")
            self.assertEqual((page.returncode, page.stderr), (0, ""))
            self.assertIn("EXIT STATUS", page.stdout)

    def test_the_sections_are_there_in_order(self):
        wanted = ["NAME", "SYNOPSIS", "DESCRIPTION", "OPTIONS", "THRESHOLDS", "OUTPUT", "PERFORMANCE DATA", "FINDINGS",
                  "EXIT STATUS", "ENVIRONMENT", "FILES", "SECURITY", "EXAMPLES", "BUGS", "SEE ALSO"]
        for plugin in PLUGINS:
            self.assertEqual(re.findall(r"^\.SH (.*)$", source(plugin), re.M), wanted)

    def test_every_label_is_explained_once_and_no_other(self):
        for plugin in PLUGINS:
            section = re.search(r"^\.SH PERFORMANCE DATA\n(.*?)^\.SH ", source(plugin), re.S | re.M).group(1)
            explained = re.findall(r"^\.TP\n\.B (\w+)$", section, re.M)
            labels = describe(plugin, "labels").split()
            self.assertGreater(len(labels), 13)
            self.assertEqual(sorted(explained), sorted(labels))

    def test_the_version_in_the_title_is_ours(self):
        for plugin in PLUGINS:
            self.assertIn('"monitoring\\-plugins\\-mail %s"' % os.environ["VERSION"], source(plugin).split(".SH")[0])


class Help(unittest.TestCase):
    def page(self, plugin: str) -> str:
        done = run(str(BIN / plugin), "--help")
        self.assertEqual((done.returncode, done.stderr), (3, ""))
        self.assertEqual(done.stdout, describe(plugin, "help"))
        return done.stdout

    def test_every_group_fits_a_terminal_of_80_by_24(self):
        for plugin in PLUGINS:
            page = self.page(plugin)
            self.assertLessEqual(max(len(line) for line in page.splitlines()), 80)
            for group in page.split("\n\n"):
                self.assertLessEqual(len(group.splitlines()), 24, group)

    def test_it_mentions_every_option(self):
        for plugin in PLUGINS:
            page = self.page(plugin)
            for option in option_names(plugin).values():
                letter = "-%s, " % option["letter"] if option["letter"] else "    "
                line = r"(?m)^  %s--%s(?![\w-])" % (letter, option["name"])
                if option["in_help"]:
                    self.assertRegex(page, line)
                else:  # a note speaks of it and its like
                    self.assertNotRegex(page, line)
                    self.assertIn("--%s-X" % option["name"].split("-")[0], page)

    def test_the_version_is_cmakes(self):
        for plugin in PLUGINS:
            done = run(str(BIN / plugin), "--version")
            self.assertEqual((done.returncode, done.stderr), (3, ""))
            self.assertEqual(done.stdout, "%s %s (monitoring-plugins-mail)\n" % (plugin, os.environ["VERSION"]))


class Readme(unittest.TestCase):
    def test_it_opens_with_what_the_plugin_prints(self):
        blocks = re.findall(r"^```\w*\n(.*?)^```", README, re.S | re.M)
        self.assertRegex(blocks[0], r"(?m)^IMAP OK - .* \| .*\btotal=\d+\.\d{6}s")

    def test_it_shows_exactly_these_scripts(self):
        scripts = [line.strip() for block in shell_blocks() for line in block.splitlines() if line.startswith("sh ")]
        self.assertEqual(scripts, SCRIPTS)
        for command in SCRIPTS:
            self.assertTrue((ROOT / command.split()[1]).is_file())

    def test_what_is_pasted_for_icinga_is_what_the_tests_run(self):
        tested = (ROOT / "packaging/icinga2/README.md").read_text(encoding="utf-8")
        block = re.search(r"^```sh\n(.*?)^```", tested, re.S | re.M).group(1)
        self.assertIn("systemctl reload icinga2", block)
        self.assertIn(block, shell_blocks())

    def test_links_to_files_lead_somewhere(self):
        for name in ("README.md", "CONTRIBUTING.md", "SECURITY.md", "CHANGELOG.md"):
            text = (ROOT / name).read_text(encoding="utf-8")
            links = re.findall(r"\]\(([^)#\s]+)(?:#[^)]*)?\)", text)
            if name == "README.md":
                self.assertGreater(len(links), 3)
            for link in links:
                if not link.startswith(("http://", "https://", "mailto:")):
                    self.assertTrue((ROOT / link).exists(), "%s: %s" % (name, link))

    def test_the_changelog_has_this_version(self):
        text = (ROOT / "CHANGELOG.md").read_text(encoding="utf-8")
        self.assertRegex(text, r"(?m)^## Unreleased$")
        self.assertRegex(text, r"(?m)^## %s - \d{4}-\d\d-\d\d$" % re.escape(os.environ["VERSION"]))

    def test_the_packages_have_this_version(self):
        for name, pattern in (("debian/changelog", r"\A\S+ \(([\d.]+)\)"),
                              ("rpm/monitoring-plugins-mail.spec", r"(?m)^Version: +(\S+)")):
            path = ROOT / "packaging" / name
            self.assertEqual(re.search(pattern, path.read_text(encoding="utf-8")).group(1), os.environ["VERSION"], path)


class Options(unittest.TestCase):
    """No page speaks of an option, label or finding that does not exist."""

    def test_long_options_of_the_pages_exist(self):
        foreign = re.compile(r"cmake|ctest|git |regenerate|describe_options|--tidy|icinga2 daemon")
        texts = [("README.md", "\n".join(line for line in README.splitlines() if not foreign.search(line)))]
        texts += [(plugin, without_foreign(source(plugin)).replace("\\-", "-")) for plugin in PLUGINS]
        known = {name for plugin in PLUGINS for name in option_names(plugin)}
        for name, text in texts:
            used = set(re.findall(r"(?<![\w-])--([a-z0-9][a-z0-9-]*)(?![\w-])", text))  # not --smtp-X
            self.assertGreater(len(used), 5, name)
            self.assertEqual(used - known, set(), name)

    def test_letters_of_the_examples_exist(self):
        for plugin, command in man_examples() + readme_examples():
            known = option_names(plugin)
            for word in shlex.split(command):
                if re.match(r"-[A-Za-z0-9]", word):
                    self.assertIn(word[1], known, command)

    def test_results_and_labels_of_the_pages_exist(self):
        for plugin in PLUGINS:
            text = source(plugin).replace("\\-", "-")
            findings = set(re.findall(r"^\.BR (\S+) ", describe(plugin, "findings").replace("\\-", "-"), re.M))
            used = set(re.findall(r"--result[ =]([a-z-]+)=", text))
            self.assertTrue(used)
            self.assertEqual(used - findings, set())
            labels = set(describe(plugin, "labels").split())
            self.assertEqual(set(re.findall(r"-[wc] '?([a-z_]+)=", text)) - labels, set())
        labels = {label for plugin in PLUGINS for label in describe(plugin, "labels").split()}
        self.assertEqual(set(re.findall(r"-[wc] '?([a-z_]+)=", README)) - labels, set())


# of nothing at all, so that nobody takes those of the man page for somebody's
EMPTY_PIN = base64.b64encode(hashlib.sha256(b"").digest()).decode("ascii")
EMPTY_DIGEST = hashlib.sha256(b"").hexdigest()


def leaf(chain: Path) -> str:
    return re.search(r"-----BEGIN CERT.*?-----END CERTIFICATE-----\n", chain.read_text(encoding="ascii"), re.S).group()


def fingerprint(chain: Path) -> str:
    return hashlib.sha256(ssl.PEM_cert_to_DER_cert(leaf(chain))).hexdigest()


def pin(chain: Path) -> str:
    """As man pages of other programs say to make one."""
    key = "openssl x509 -pubkey -noout | openssl pkey -pubin -outform DER | openssl dgst -sha256 -binary | base64"
    return subprocess.run(["sh", "-c", key], input=leaf(chain), stdout=subprocess.PIPE, encoding="ascii",
                          check=True).stdout.strip()


def asks_dns(command: str) -> bool:
    return re.search(r"--(?:dane|mx|mta-sts|all-addresses|both-key-types)\b", command) is not None


def live() -> dict:
    values = {}
    for name in ("LIVE_ENV", "MAIL_ENV"):
        if name in os.environ:
            with open(os.environ[name], encoding="utf-8") as file:
                values.update(shlex.split(line)[0].split("=", 1) for line in file if "=" in line)
    return values


class Examples(unittest.TestCase):
    """Runs them. Those that find something wrong with the test server, as they should, are listed here."""

    OTHER_ENDS = {"nightly report": 2,  # there is none
                  "--refuse-plaintext": 2}  # Dovecot forbids LOGIN and PLAIN before TLS, but offers SCRAM
    LEAST = (15, 2)  # that many in the man pages and in README
    HOSTS = r"(?:-H|--hostname|--smtp-hostname) (?:(?:mail|mx|box|partner)\.example\.org|/)|--mx example\.org"

    @classmethod
    def setUpClass(cls):
        cls.live = live()
        cls.folder = tempfile.TemporaryDirectory()
        cls.addClassCleanup(cls.folder.cleanup)
        folder, secrets = Path(cls.folder.name), Path(cls.live["LIVE_SECRETS"])
        certificates = Path(cls.live["LIVE_CERTIFICATES"])
        cls.files = {"/var/lib/monitoring-plugins-mail/nagios": folder / "roundtrip",
                     "/etc/monitoring-plugins/imap.password": secrets / "probe",
                     "/etc/monitoring-plugins/wrong.password": secrets / "wrong",
                     "/run/monitoring/imap.token": secrets / "probe.token",
                     "/etc/monitoring-plugins/client.pem": certificates / "client.pem",
                     "/etc/monitoring-plugins/client.key": certificates / "client.key",
                     "/etc/monitoring-plugins/our-authority.pem": cls.live["LIVE_CA_FILE"],
                     "/etc/monitoring-plugins/mail.ini": folder / "mail.ini",
                     "/var/lib/monitoring-plugins": folder,
                     "imap-dialogue.txt": folder / "imap-dialogue", "smtp-dialogue.txt": folder / "smtp-dialogue",
                     "mail-dialogue.txt": folder / "mail-dialogue",
                     EMPTY_PIN: pin(certificates / "good.pem"),
                     EMPTY_DIGEST: fingerprint(certificates / "self-signed.pem")}
        cls.files["/etc/monitoring-plugins/smtp.password"] = cls.files["/etc/monitoring-plugins/imap.password"]
        if "LIVE_LMTP_SOCKET" in cls.live:
            cls.files["/run/dovecot/lmtp"] = cls.live["LIVE_LMTP_SOCKET"]
        sections = [cls.here(plain(part(plugin, "INI"))) for plugin in PLUGINS]
        (folder / "mail.ini").write_text("\n".join(sections), encoding="utf-8")

    @classmethod
    def here(cls, text: str) -> str:
        for shown, real in cls.files.items():
            text = text.replace(shown, str(real))
        domain = cls.live.get("MAIL_DOMAIN", "")
        text = re.sub(r"(\bto(?: = | ))(?:monitor|user)@example\.org", r"\1letters@" + domain, text)
        text = text.replace("nobody-of-that-name@example.org", "nobody-of-that-name@" + domain)
        return re.sub(r"\bmonitor\b(?=\s|$)", "probe", text, flags=re.M)

    def server(self, command: str) -> str:
        """Options that point the example at the test server; they come last, and the last one counts."""
        if "check_mail_tls" in command:
            return self.tls_server(command)
        return self.smtp_server(command) if "check_smtp_submit" in command else self.imap_server(command)

    def smtp_server(self, command: str) -> str:
        if " --lmtp" in command:
            return ""
        case = ("GREYLIST" if "greylisted" in command else "MX" if "mx.example.org" in command else
                "PROXY" if "--proxy-protocol" in command else
                "SUBMISSIONS" if "--tls implicit" in command else "SUBMISSION")
        trust = "" if "--stop-after ehlo" in command else " --ca-file " + self.live["LIVE_CA_FILE"]
        return " -H %s --address 127.0.0.1 -p %s%s" % (self.live["LIVE_HOST"], self.live["MAIL_PORT_" + case], trust)

    def imap_server(self, command: str) -> str:
        is_plain = "--tls starttls" in command
        case = "CLIENT_CERTIFICATE" if "--client-cert" in command else "CLEARTEXT_REFUSED" if is_plain else "GOOD"
        user = " -U imap.example.test" if "--client-cert" in command else ""
        return " -H %s --address %s -p %s --tls %s --ca-file %s%s" % (
            self.live["LIVE_HOST"], self.live["LIVE_ADDRESS_" + case],
            self.live["LIVE_IMAP_PORT" if is_plain else "LIVE_IMAPS_PORT"], "starttls" if is_plain else "implicit",
            self.live["LIVE_CA_FILE"], user)

    def tls_server(self, command: str) -> str:
        if "/run/dovecot/lmtp" in command:
            return " --verify-name %s --ca-file %s" % (self.live["LIVE_HOST"], self.live["LIVE_CA_FILE"])
        case = "CLIENT_CERTIFICATE" if "partner." in command else "SELF_SIGNED" if "box." in command else "GOOD"
        return " -H %s --address %s -p %s --ca-file %s" % (
            self.live["LIVE_HOST"], self.live["LIVE_ADDRESS_" + case], self.tls_port(command),
            self.live["LIVE_CA_FILE"])

    def tls_port(self, command: str) -> str:
        """Of a service of Dovecot or Postfix; that of the ini file has no --protocol."""
        service = re.search(r"--protocol (\w+)|$", command).group(1) or "imaps"
        return self.live.get("LIVE_%s_PORT" % service.upper()) or self.live["MAIL_PORT_" + service.upper()]

    def can_run(self, command: str) -> bool:
        needs_postfix = "check_smtp_submit" in command or re.search(r"--protocol (?:smtp|submission)", command)
        is_elsewhere = asks_dns(command) or "check_mail_roundtrip" in command
        return not is_elsewhere and not (needs_postfix and "MAIL_ENV" not in os.environ)

    def check(self, command: str):
        self.assertRegex(command, self.HOSTS)
        here = self.here(command).replace("~/", "") + self.server(command)
        done = run("sh", "-c", here, PATH="%s:%s" % (BIN, os.environ["PATH"]), LC_ALL="C")
        wanted = next((code for words, code in self.OTHER_ENDS.items() if words in command), 0)
        self.assertEqual((done.returncode, done.stderr), (wanted, ""), here + "\n" + done.stdout)
        if "--output json" in command:
            self.assertEqual(json.loads(done.stdout)["code"], wanted)
        elif "--output prometheus" in command:
            self.assertRegex(done.stdout, r"(?m)^mailcheck_state\{.*,(?:account|place)=\"\w+\"\} %d$" % wanted)
        else:
            self.assertRegex(done.stdout, "^(IMAP|SMTP|MAIL TLS|ROUNDTRIP) (OK|CRITICAL) - ")

    def test_those_of_the_man_page(self):
        self.check_all(man_examples(), self.LEAST[0])

    def test_those_of_the_readme(self):
        self.check_all(readme_examples(), self.LEAST[1])

    def check_all(self, examples: list, least: int):
        mine = [command for _, command in examples if self.can_run(command)]
        self.assertGreater(len(mine), least)
        for command in mine:
            with self.subTest(command):
                self.check(command)


class DnsExamples(Examples):
    """Those that ask DNS: in the network of tests/live/mail_internet.py, with a host for the MTA-STS policy."""

    LEAST = (4, 0)

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        import mail_zones  # pylint: disable=import-outside-toplevel
        import policy_host  # pylint: disable=import-outside-toplevel
        stack = contextlib.ExitStack()
        cls.addClassCleanup(stack.close)
        answers = {"wildcard.example.test": policy_host.Answer(policy_host.policy(exchanges=["*.example.test"]))}
        host = stack.enter_context(policy_host.PolicyHost(cls.folder.name, cls.live["LIVE_CERTIFICATES"], answers,
                                                          mail_zones.POLICY))
        cls.authorities = os.path.join(cls.folder.name, "authorities.pem")
        trusted = [Path(name).read_text(encoding="ascii") for name in (cls.live["LIVE_CA_FILE"], host.authority)]
        Path(cls.authorities).write_text("".join(trusted), encoding="ascii")

    def can_run(self, command: str) -> bool:
        return asks_dns(command)

    def server(self, command: str) -> str:
        where = " --ca-file %s --resolver %s" % (self.authorities, os.environ["NET_RESOLVER"])
        if "--mx" in command:
            return where + " --mx good.example.test" + (" --mta-sts wildcard.example.test" * ("--mta-sts" in command))
        if "--both-key-types" in command:
            return where + " -H dual.example.test --verify-name mail.example.test -p 25"
        return where + " -H mail.example.test -p " + ("25" if "mx." in command else self.tls_port(command))


class PathExamples(Examples):
    """Those of check_mail_roundtrip: over the whole path of a message, with both folders and all milters."""

    LEAST = (7, 1)

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        import dovecot  # pylint: disable=import-outside-toplevel
        dovecot.doveadm(cls.live, "mailbox", "create", "-u", "letters", "Junk")
        gtube = Path(cls.folder.name) / "gtube.txt"
        gtube.write_text("Sieve of the test server looks at the address.\n", encoding="ascii")
        cls.files["/etc/monitoring-plugins/gtube.txt"] = gtube
        cls.files["mx.example.net"] = os.environ["PATH_AUTHSERV_ID"]

    def can_run(self, command: str) -> bool:
        return "check_mail_roundtrip" in command

    def server(self, command: str) -> str:
        is_mx = "--smtp-port 25" in command
        domain = "@" + self.live["MAIL_DOMAIN"]
        options = [] if "--authserv-id" not in command else ["--smtp-user letters", self.secret("smtp"),
                                                             "--imap-user letters", self.secret("imap")]
        options += ["--smtp-hostname", self.live["LIVE_HOST"], "--imap-hostname", self.live["LIVE_HOST"],
                    "--smtp-port", self.live["MAIL_PORT_MX" if is_mx else "MAIL_PORT_PATH"], "--smtp-tls starttls",
                    "--imap-port", self.live["LIVE_IMAPS_PORT"], "--imap-tls implicit",
                    "--ca-file", self.live["LIVE_CA_FILE"], "--from letters" + domain,
                    "--to letters%s%s" % ("+junk" * ("gtube" in command), domain)]
        if "--authserv-id" not in command:
            options += ["-U letters --password-file", self.live["LIVE_SECRETS"] + "/letters"]
        return " " + " ".join(options)

    def secret(self, side: str) -> str:
        return "--%s-password-file %s/letters" % (side, self.live["LIVE_SECRETS"])


class Install(unittest.TestCase):
    """cmake --install puts everything where distributions expect it, what monitoring systems copy from us into a folder
    of ours, and nothing else anywhere."""

    MODULE = "monitoring-plugins-mail/mailcheck_http_curl.so"

    def installed(self, build: Path, prefix: str) -> set:
        with tempfile.TemporaryDirectory() as root:
            done = run(os.environ["CMAKE"], "--install", str(build), "--prefix", prefix, DESTDIR=root)
            self.assertEqual(done.returncode, 0, done.stdout + done.stderr)
            files = [path for path in Path(root).rglob("*") if not path.is_dir()]
            for path in files:
                if path.suffix != ".so":  # distributions differ on those
                    may_run = "/plugins/" in str(path) or path.name in ("make-state-folders", "mail_check")
                    self.assertEqual(os.access(path, os.X_OK), may_run, path)
            return {str(path.relative_to(root)) for path in files}

    def wanted(self, prefix: str, plugins: str) -> set:
        share = prefix + "/share/"
        shared = share + "monitoring-plugins-mail/"
        packaging = ROOT / "packaging"
        systems = ("icinga2", "nagios", "zabbix", "grafana")
        shipped = {path for system in systems for path in (packaging / system).rglob("*")
                   if path.is_file() and path.suffix not in (".py", ".pyc") and path.name != "mailcheck.conf"}
        return {form % plugin for plugin in PLUGINS
                for form in (prefix + "/" + plugins + "/%s", share + "man/man1/%s.1",
                             share + "bash-completion/completions/%s", share + "zsh/site-functions/_%s",
                             share + "fish/vendor_completions.d/%s.fish")
                } | {share + "man/man7/monitoring-plugins-mail.7", shared + "plugin-output.schema.json",
                     shared + "make-state-folders", prefix + "/" + plugins + "/" + self.MODULE,
                     share + "doc/monitoring-plugins-mail/examples/mail-plugins.ini",
                     share + "icinga2/include/plugins-contrib.d/mailcheck.conf",
                     } | {folder + str(path.relative_to(packaging)) for path in shipped
                          for folder in (shared, share + "doc/monitoring-plugins-mail/")
                          if folder == shared or path.name == "README.md"}

    def test_the_usual_places(self):
        self.assertEqual(self.installed(BUILD, "/usr"), self.wanted("usr", "lib/nagios/plugins"))

    def test_the_plugin_folder_is_an_option(self):
        with tempfile.TemporaryDirectory() as build:
            done = run(os.environ["CMAKE"], "-G", "Ninja", "-S", str(ROOT), "-B", build, "-DBUILD_TESTING=OFF",
                       "-DMAILCHECK_PLUGIN_DIR=lib64/nagios/plugins")
            self.assertEqual(done.returncode, 0, done.stdout + done.stderr)
            (Path(build) / "bin" / self.MODULE).parent.mkdir(parents=True, exist_ok=True)
            for name in [*PLUGINS, self.MODULE]:  # built already, not once more
                shutil.copy2(BIN / name, Path(build) / "bin" / name)
            self.assertEqual(self.installed(Path(build), "/opt/mail"),
                             self.wanted("opt/mail", "lib64/nagios/plugins"))


if __name__ == "__main__":
    unittest.main(argv=sys.argv, verbosity=2)
