#!/usr/bin/env python3
"""Fails on every edge between rooms that lib/LAYERS does not allow; proves first, on small trees, that it would.

    layers_test.py [folder of the project]
"""
from __future__ import annotations

import sys
import tempfile
import unittest
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parent))
import layers  # noqa: E402

ROOT = Path(__file__).resolve().parents[2]
HEADER = "// A thing of the tests, described in a sentence.\n#pragma once\n"
MAP = """# comment
base:
plugin: base
cli: base plugin
imap: base
probe: base imap
plugins/shared: base plugin probe
plugins/check_x: base plugin cli probe plugins/shared
JUDGE: base/error.h probe/facts.h plugins/shared/findings.h
"""
TREE = {
    "lib/LAYERS": MAP,
    "lib/base/error.h": HEADER,
    "lib/plugin/report.h": HEADER + "#include <nlohmann/json.hpp>\n",
    "lib/cli/options.cc": "#include <CLI/CLI.hpp>\nint f() { std::exit(3); }\n",
    "lib/imap/session.h": HEADER + '#include "base/error.h"\n#include <string>\n',
    "lib/imap/session.cc": '#include "imap/session.h"\n// printf( in a comment\nauto a = "std::cout << printf(";\n'
                           "void exit_code(); auto b = x.exit(); int n = snprintf(nullptr, 0, \"\");\n",
    "lib/probe/facts.h": HEADER + '#include "imap/session.h"\n',
    "plugins/shared/findings.h": HEADER + '#include "plugin/report.h"\n',
    "plugins/check_x/judge.h": HEADER + '#include "probe/facts.h"\n',
    "plugins/check_x/judge.cc": '#include "plugins/check_x/judge.h"\n#include "plugins/shared/findings.h"\n',
    "plugins/check_x/main.cc": '#include "cli/options.h"\n',
    "lib/cli/options.h": HEADER,
}


class EveryRuleBites(unittest.TestCase):
    """Each test changes one file of a good tree and wants exactly that breach named."""

    def faults(self, changes: dict) -> list:
        with tempfile.TemporaryDirectory() as folder:
            for name, text in {**TREE, **changes}.items():
                path = Path(folder) / name
                path.parent.mkdir(parents=True, exist_ok=True)
                path.write_text(text, encoding="utf-8")
            return layers.check(folder)

    def breach(self, name: str, text: str, words: str) -> None:
        faults = self.faults({name: text})
        self.assertEqual(len(faults), 1, faults)
        self.assertIn(name, faults[0])
        self.assertIn(words, faults[0])

    def test_a_good_tree_has_no_faults(self):
        self.assertEqual(self.faults({}), [])

    def test_edges(self):
        self.breach("lib/base/error.h", HEADER + '#include "imap/session.h"\n', "base may not include imap")
        self.breach("lib/imap/x.cc", '#include "plugin/report.h"\n', "imap may not include plugin")
        self.breach("lib/imap/x.cc", '  #  include "plugin/report.h"\n', "imap may not include plugin")
        self.breach("lib/plugin/x.cc", '#include "probe/facts.h"\n', "plugin may not include probe")
        self.breach("lib/probe/x.cc", '#include "plugins/shared/findings.h"\n', "probe may not include plugins/shared")
        self.breach("plugins/shared/x.cc", '#include "plugins/check_x/judge.h"\n', "may not include plugins/check_x")
        self.breach("plugins/check_x/x.cc", '#include "imap/session.h"\n', "may not include imap")
        self.breach("lib/imap/x.cc", '#include <base/error.h>\n', "in quotes")
        self.breach("lib/imap/x.cc", '#include "session.h"\n', "is no file below")

    def test_judge_is_pure(self):
        self.breach("plugins/check_x/judge.cc", '#include "cli/options.h"\n', "JUDGE line")
        self.breach("plugins/check_x/judge.h", HEADER + '#include "cli/options.h"\n', "JUDGE line")

    def test_libraries_stay_in_their_rooms(self):
        self.breach("lib/plugin/x.cc", "#include <CLI/CLI.hpp>\n", "cli only")
        self.breach("lib/imap/x.cc", "#include <nlohmann/json.hpp>\n", "cli, ledger, plugin only")

    def test_facts_are_silent(self):
        for code in ("std::cout << 1;", "std::cerr << 1;", 'printf("x");', 'std::printf("x");', 'fprintf(stderr, "x");',
                     "std::exit(1);", "exit(1);", "::_exit(1);", "abort();", 'fmt::print("x");', "#include <iostream>", 'puts("x");'):
            self.breach("lib/imap/x.cc", f"/* a\n comment */\n{code}\n", "x.cc:3: a room of facts")

    def test_shape(self):
        self.breach("lib/imap/x.cc", "\n" * 501, "501 lines")
        self.breach("plugins/check_x/main.cc", "\n" * 41, "at most 40")
        self.breach("lib/imap/x.h", "#pragma once\n", "a manual")
        self.breach("lib/imap/x.h", "// Short\n#pragma once\n", "a manual")
        self.breach("lib/imap/x.h", "// A thing, described in a sentence.\n", "#pragma once")

    def test_names(self):
        for name in ("lib/util/x.cc", "lib/common/x.cc", "lib/helpers/x.cc", "lib/misc/x.cc", "lib/imap/util.cc"):
            self.breach(name, "\n", "is named")
        self.breach("lib/kitchen/x.cc", "\n", "not in lib/LAYERS")
        self.breach("lib/imap/x.cpp", "\n", "sources are .cc")

    def test_the_map_itself(self):
        self.breach("lib/LAYERS", MAP.replace("base:\n", "base: imap\n"), "does not stand above")
        self.breach("lib/LAYERS", MAP.replace("probe: base imap", "probe: base imap smpt"), "smpt")


class TheProject(unittest.TestCase):
    def test_keeps_the_rules(self):
        self.assertGreater(len(list(ROOT.glob("lib/*/*.cc"))), 5, f"{ROOT} is not the project")
        faults = layers.check(ROOT)
        self.assertEqual(faults, [], "\n" + "\n".join(faults))


if __name__ == "__main__":
    if len(sys.argv) > 1 and Path(sys.argv[1]).is_dir():
        ROOT = Path(sys.argv.pop(1)).resolve()
    unittest.main()
