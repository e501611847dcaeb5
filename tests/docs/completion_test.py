#!/usr/bin/env python3
"""BIN=build/developer/bin completion_test.py - the completions of packaging/completions, typed in a terminal of the
shells themselves. That they are what completions.py makes of the option tables, regenerate.sh --check tells."""

from __future__ import annotations

import json
import os
import pty
import re
import select
import shutil
import subprocess
import tempfile
import time
import unittest
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
BIN = Path(os.environ["BIN"]).resolve()
SCRIPTS = ROOT / "packaging/completions"
PLUGINS = sorted(path.stem for path in (ROOT / "man").glob("check_*.1"))
PATIENCE = 60  # seconds, where the machine is busy


def options(plugin: str) -> list:
    text = subprocess.run([str(BIN / "describe_options"), plugin, "json"], stdout=subprocess.PIPE, check=True,
                          encoding="utf-8").stdout
    return ["--" + option["name"] for option in json.loads(text)["options"]]


def in_terminal(command: list, environment: dict, text: str) -> str:
    """What a program shows that runs in a terminal of its own, types `text`, and ends by itself."""
    child, terminal = pty.fork()
    if child == 0:
        os.execvpe(command[0], command, {**os.environ, "TERM": "dumb", "LC_ALL": "C.UTF-8", **environment})
    shown, to_type, end = b"", text.encode(), time.monotonic() + PATIENCE
    while time.monotonic() < end:
        readable, writable, _ = select.select([terminal], [terminal] if to_type else [], [], 1)
        if writable:
            to_type = to_type[os.write(terminal, to_type[:256]):]
        if readable:
            try:
                piece = os.read(terminal, 65536)
            except OSError:  # Linux: nobody has the other side any more
                break
            if not piece:
                break
            shown += piece
    else:
        os.kill(child, 9)
    os.close(terminal)
    os.waitpid(child, 0)
    return shown.decode("utf-8", "replace")


# What is typed ("\t" completes), and the arguments that the line has in the end. FOLDER is one of the test.
TYPED = [
    ("check_imap_login --insec\t --stop-after gre\t", ["--insecure", "--stop-after", "greeting"]),
    ("/usr/lib/nagios/plugins/check_imap_login --insec\t", ["--insecure"]),
    ("check_imap_login --tls=sta\t", ["--tls=starttls"]),
    ("check_imap_login --auth SCRAM-SHA-256-P\t", ["--auth", "SCRAM-SHA-256-PLUS"]),
    ("check_imap_login --password-file FOLDER/im\t", ["--password-file", "FOLDER/imap.password"]),
    ("check_mail_tls --ca-path FOLDER/au\tx", ["--ca-path", "FOLDER/authorities/x"]),
    ("check_mail_tls --dane=if\t", ["--dane=if-present"]),
    ("check_mail_roundtrip -w tran\t15", ["-w", "transit=15"]),
    ("check_mail_roundtrip --result greylisted-\tcrit\t", ["--result", "greylisted-too-long=critical"]),
    ("check_mail_roundtrip --require spf,dk\t", ["--require", "spf,dkim"]),
    ("check_mail_roundtrip --perfdata transit,pend\t", ["--perfdata", "transit,pending"]),
    ("check_smtp_submit --proxy-protocol 2 --pipel\t", ["--proxy-protocol", "2", "--pipelining"]),
]


class Shell:
    """What the tests of the shells share."""

    command: list = []

    @classmethod
    def setUpClass(cls):
        cls.folder = tempfile.TemporaryDirectory()
        cls.addClassCleanup(cls.folder.cleanup)
        (Path(cls.folder.name) / "imap.password").write_text("secret\n", encoding="ascii")
        (Path(cls.folder.name) / "authorities").mkdir()

    def setup_lines(self) -> str:
        return "".join("source %s/%s.%s\n" % (SCRIPTS, plugin, self.command[0]) for plugin in PLUGINS)

    def test_typed(self):
        # Control-A, Control-E: to the start, to the end of the line
        lines = "".join("%s\x01printf '<%%s>' \x05\n" % keys for keys, _ in TYPED).replace("FOLDER", self.folder.name)
        shown = in_terminal(self.command, {"HOME": self.folder.name}, self.setup_lines() + lines + "exit\n")
        found = [re.findall(r"<([^>]*)>", line)[1:] for line in re.findall(r"<[\w/]*check_\w+>(?:<[^>]*>)*", shown)]
        self.assertEqual(len(found), len(TYPED), shown)
        for (keys, words), given in zip(TYPED, found):
            with self.subTest(keys):
                self.assertEqual(given, [word.replace("FOLDER", self.folder.name) for word in words])


class Bash(Shell, unittest.TestCase):
    command = ["bash", "--norc", "--noprofile", "-i"]

    def test_every_option_is_offered(self):
        body = '. "$1"; shift; COMP_WORDS=("$@" --); COMP_CWORD=$#; "_$1"; printf "%s\\n" "${COMPREPLY[@]}"'
        for plugin in PLUGINS:
            done = subprocess.run(["bash", "--norc", "-c", body, "bash", "%s/%s.bash" % (SCRIPTS, plugin), plugin],
                                  stdout=subprocess.PIPE, stderr=subprocess.PIPE, check=True, encoding="utf-8")
            self.assertEqual(done.stderr, "")
            self.assertEqual(sorted(done.stdout.split()), sorted(options(plugin)))


class Zsh(Shell, unittest.TestCase):
    command = ["zsh", "-f", "-i"]

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        for plugin in PLUGINS:
            shutil.copy("%s/%s.zsh" % (SCRIPTS, plugin), "%s/_%s" % (cls.folder.name, plugin))

    def setup_lines(self):
        return "fpath=(%s $fpath); autoload -U compinit; compinit -u -D\n" % self.folder.name

    def test_every_option_is_offered(self):
        offered = Path(self.folder.name) / "offered"
        # every completion of zsh ends in compadd; with -O, -A or -D it only sorts out
        listen = r"""LISTMAX=1000; compadd() {
            local -a hits
            [[ ${@[1,(i)(-|--)]} == *-(O|A|D)\ * ]] || { builtin compadd -O hits "$@"; print -rl -- $hits >>%s; }
            builtin compadd "$@"
        }""" % offered
        lines = "".join("%s --\t\nprint -- END >>%s\n" % (plugin, offered) for plugin in PLUGINS)
        in_terminal(self.command, {}, self.setup_lines() + listen + "\n" + lines + "exit\n")
        lists = offered.read_text(encoding="utf-8").split("END\n")
        self.assertEqual(len(lists), len(PLUGINS) + 1)
        for plugin, words in zip(PLUGINS, lists):
            self.assertEqual(sorted({word.rstrip("=") for word in words.split()}), sorted(options(plugin)))


class Fish(Shell, unittest.TestCase):
    command = ["fish", "--no-config", "--interactive"]

    def test_every_option_is_offered(self):
        asking = "".join("complete -C '%s --'; echo END\n" % plugin for plugin in PLUGINS)
        done = subprocess.run(["fish", "--no-config", "-c", self.setup_lines() + asking], stdout=subprocess.PIPE,
                              stderr=subprocess.PIPE, check=True, encoding="utf-8")
        self.assertEqual(done.stderr, "")
        for plugin, text in zip(PLUGINS, done.stdout.split("END\n")):
            found = {line.split("\t")[0].rstrip("=") for line in text.splitlines()}
            self.assertEqual(sorted(found), sorted(options(plugin)))


if __name__ == "__main__":
    unittest.main(verbosity=2)
