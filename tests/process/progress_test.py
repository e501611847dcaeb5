#!/usr/bin/env python3
"""The running display of check_mail_roundtrip: with -v, on a terminal, on standard error, and never otherwise.

    progress_test.py FOLDER_OF_PLUGINS
"""
from __future__ import annotations

import os
import pty
import socket
import subprocess
import sys
import unittest
from pathlib import Path

PLUGIN = ""


def run(options: list[str], is_terminal: bool) -> tuple[int, bytes, bytes]:
    """Exit code, standard output, standard error of a run against a port where nobody listens."""
    with socket.socket() as taken:  # bound, never listening: refused
        taken.bind(("127.0.0.1", 0))
        port = str(taken.getsockname()[1])
        command = [PLUGIN, "--hostname", "127.0.0.1", "--imap-port", port, "--smtp-port", port, "--user", "probe", "--password-env", "SECRET",
                   "--from", "a@example.test", "--to", "b@example.test", "--timeout", "5", *options]
        environment = {**os.environ, "SECRET": "Kranich-7"}
        if not is_terminal:
            done = subprocess.run(command, capture_output=True, env=environment, timeout=30, check=False)
            return done.returncode, done.stdout, done.stderr
        terminal, side = pty.openpty()
        done = subprocess.run(command, stdout=subprocess.PIPE, stderr=side, env=environment, timeout=30, check=False)
        os.close(side)
        shown = b""
        try:
            while piece := os.read(terminal, 4096):
                shown += piece
        except OSError:  # nobody holds the other side any more
            pass
        os.close(terminal)
        return done.returncode, done.stdout, shown


class Progress(unittest.TestCase):
    def test_on_a_terminal_with_v_each_step_is_shown_and_taken_away(self):
        code, output, shown = run(["-v"], is_terminal=True)
        self.assertEqual(code, 2, output)
        self.assertIn(b"imap connect", shown)
        self.assertTrue(shown.endswith(b"\r\x1b[K"), shown)
        self.assertNotIn(b"\n", shown)
        self.assertNotIn(b"\x1b", output)

    def test_on_a_terminal_without_v_nothing_is_shown(self):
        self.assertEqual(run([], is_terminal=True)[2], b"")

    def test_not_on_a_terminal_nothing_is_shown_however_many_v(self):
        for options in ([], ["-v"], ["-vvv"], ["-v", "--output", "json"]):
            self.assertEqual(run(options, is_terminal=False)[2], b"", options)


if __name__ == "__main__":
    PLUGIN = str(Path(sys.argv.pop(1)) / "check_mail_roundtrip")
    unittest.main()
