"""One run of a plugin in a test: the account and files of all scenarios, an empty environment, and what came of it."""
from __future__ import annotations

import shlex
import subprocess
import time
from dataclasses import dataclass
from pathlib import Path

import certificates as test_ca

PASSWORD = "correct-horse-battery"
USER = "probe"
# name of the run: (mode of the peer, options appended)
RUNS = {"whole": ("whole", []), "line": ("line", []), "byte": ("byte", []), "json": ("whole", ["--output", "json"]),
        "verbose": ("whole", ["-vvv", "--transcript", "{transcript}"])}


@dataclass
class Run:
    name: str
    code: int  # -1: it did not end and was killed
    stdout: bytes
    stderr: bytes
    duration: float
    transcript: bytes
    peer_fault: object
    dialogue: bytes


def environment() -> dict:
    """Nothing of the caller's shell but a language with decimal commas: plugins write the C locale whatever is set."""
    return {"PATH": "/usr/bin:/bin", "LC_ALL": "de_DE.UTF-8", "TZ": "UTC", "HOME": "/nonexistent"}


def variables(port: int, certificates: Path, folder: Path) -> dict:
    password_file = folder / "password"
    token_file = folder / "token"
    for path in (password_file, token_file):
        path.write_text(PASSWORD + "\n")
        path.chmod(0o600)
    known = {"port": port, "host": test_ca.HOST, "ca": certificates / "ca.pem", "user": USER, "password": PASSWORD,
             "password_file": password_file, "token_file": token_file, "client": certificates / "client.pem",
             "folder": folder, "transcript": folder / "transcript"}
    known["server"] = f"--hostname {known['host']} --address 127.0.0.1 --port {port}"
    known["trust"] = f"--ca-file {known['ca']}"
    known["login"] = f"--user {USER} --password-file {password_file}"
    known["envelope"] = "--from sender@example.org --to recipient@example.test"
    return known


def execute(command: str, plugins: Path, folder: Path, limit: float, started_as=lambda process: None) -> tuple:
    """(exit code, stdout, stderr, seconds). `started_as` is told the process."""
    program, *options = shlex.split(command)
    began = time.monotonic()
    with subprocess.Popen([str(plugins / program), *options], stdin=subprocess.DEVNULL, stdout=subprocess.PIPE,
                          stderr=subprocess.PIPE, env=environment(), cwd=folder) as process:
        started_as(process)
        try:
            stdout, stderr = process.communicate(timeout=limit)
            code = process.returncode
        except subprocess.TimeoutExpired:
            process.kill()
            stdout, stderr = process.communicate()
            code = -1
    return code, stdout, stderr, time.monotonic() - began
