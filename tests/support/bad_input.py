"""Bad input is told before anything is done: exit 3, one line that names the option and what was expected, no
connection.

A table of command lines, each run plain and, but for the sanitizers, with `--output json` and with `--output
prometheus`, beside a listening socket that must stay untouched. A second table is made from `--help`: a line break in
every value on the command line, and CR, NUL and ESC from an ini file.

    sys.exit(main("check_imap_login", "IMAP", [*COMMON, *CASES]))     # argument: FOLDER_OF_PLUGINS

Host, address and port are added to a command line that has none of its own; not if it begins with ALONE.
"""
from __future__ import annotations

import json
import os
import re
import shutil
import socket
import subprocess
import sys
import tempfile
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import certificates as test_ca

RANGE = "expected [@][START:][END]"
SECONDS = "expected seconds, more than 0 and at most 86400"
LOGIN = ["-U", "probe", "--password-file", "secret"]
ALONE = None
# Slow; what goes in is the same for every output, and unit tests of that build render them all.
IS_SANITIZED = "MAILCHECK_SANITIZED" in os.environ

# What all plugins have: (arguments, option named, words of what was expected)
COMMON = [
    # names of options
    (["--no-such-option"], "--no-such-option", "unknown option"),
    (["--hostnam3", "x"], "--hostnam3", "did you mean --hostname?"),
    (["--pass", "x"], "--pass", "ambiguous, could be --password"),
    (["-Z"], "-Z", "unknown option"),
    (["-vZ"], "-Z", "unknown option"),
    (["word"], "expected options only", "'word'"),
    (["--", "-v"], "expected options only", "'-v'"),
    (["--insecure=yes"], "--insecure", "takes no value"),
    (["-v=2"], "--verbose", "takes no value; give it again for more, as in -vv"),
    (["--verbose=2"], "--verbose", "takes no value; give it again for more, as in -vv"),
    (["--port"], "--port", "expected PORT, got nothing"),
    (["-p"], "--port", "expected PORT, got nothing"),
    # ranges
    *((["-w", bad], "--warning", RANGE) for bad in
      ("500ms", "1,5", "abc", "", "@", "5:5:5", " 5", "5 ", "1e3", "0x5", "inf", "nan", "--5", "5%", "~", "5:~")),
    *((["-c", f"auth={bad}"], "--critical", RANGE) for bad in ("500ms", "1,5", "abc", "", "@")),
    (["-w", "2:1"], "--warning", "expected the smaller number first"),
    (["-c", "2:1"], "--critical", "expected the smaller number first"),
    (["-w", "total=-5"], "--warning", "expected a start too"),
    (["-w", "=5"], "--warning", "expected [LABEL=]RANGE"),
    (["-w", "speed=5"], "--warning", "LABEL one of dns, connect, greeting"),
    (["-c", "Auth=5"], "--critical", "LABEL one of dns, connect, greeting"),
    # secrets
    (["-U", "probe", "--password-file", "nothing"], "--password-file", "cannot read 'nothing': No such file or directory"),
    (["-U", "probe", "--password-file", "empty"], "--password-file", "expected a secret, got nothing"),
    (["-U", "probe", "--password-file", "line-end"], "--password-file", "expected a secret, got nothing"),
    (["-U", "probe", "--password-file", "nul"], "--password-file", "line break or a NUL byte inside"),
    (["-U", "probe", "--password-file", "folder"], "--password-file", "expected a file, got 'folder'"),
    (["-U", "probe", "--password-file", "large"], "--password-file", "expected at most 64 KiB in 'large'"),
    (["-U", "probe", "--password-file", ""], "--password-file", "expected a value, got nothing"),
    (["-U", "probe", "--oauth2-token-file", "nothing"], "--oauth2-token-file", "cannot read 'nothing'"),
    (["-U", "probe", "--oauth2-token-file", "empty"], "--oauth2-token-file", "expected a secret, got nothing"),
    (["-U", "probe", "--password-env", "NOT_SET"], "--password-env", "variable NOT_SET is not set"),
    (["-U", "probe", "--password-env", "EMPTY"], "--password-env", "expected a secret, got nothing"),
    (["-U", "probe", "--password-env", "A=B"], "--password-env", "expected the name of an environment variable"),
    (["-U", "probe", "--oauth2-token-env", "NOT_SET"], "--oauth2-token-env", "variable NOT_SET is not set"),
    (["-U", "probe", "--password-fd", "77"], "--password-fd", "cannot read descriptor 77: Bad file descriptor"),
    (["-U", "probe", "--password-fd", "x"], "--password-fd", "expected a number from 0 to 2147483647"),
    (["-U", "probe", "--password-fd", "-1"], "--password-fd", "expected a number from 0 to 2147483647"),
    (["-U", "probe", "-P", ""], "--password", "expected a password, got nothing"),
    *((["-U", "probe", "-P", bad], "--password", "expected one line, got a line break") for bad in ("a\nb", "a\r\nA1 LOGOUT", "\r")),
    (["--extra-opts=nul@control"], "--password", "a line break or a NUL byte inside"),
    (["--extra-opts=cr@control"], "--password", "a line break or a NUL byte inside"),
    (["-U", "probe"], "--user", "needs --password-file"),
    (["-U", "", "--password-file", "secret"], "--user", "expected a value, got nothing"),
    (["-U", b"j\xfcrgen", "--password-file", "secret"], "--user", "expected a value in UTF-8"),
    (["--authzid", b"\xff", *LOGIN], "--authzid", "expected a value in UTF-8"),
    (["--client-cert", "empty", "--client-key", "empty", "--client-key-password-file", "empty"],
     "--client-key-password-file", "expected a secret, got nothing"),
    # TLS files
    (["--ca-file", "empty"], "--ca-file", "CA file empty holds no certificate in PEM form"),
    (["--ca-file", "client.key"], "--ca-file", "holds no certificate in PEM form"),
    (["--ca-file", "pipe"], "--ca-file", "CA file pipe is not a regular file"),
    (["--ca-path", "folder"], "--ca-path", "holds no hash links (openssl rehash makes them)"),
    (["--client-cert", "empty"], "--client-cert", "client certificate empty holds no certificate in PEM form"),
    (["--client-cert", "pipe"], "--client-cert", "client certificate pipe is not a regular file"),
    (["--client-cert", "bare.pem"], "--client-cert", "holds no private key; expected --client-key with its file"),
    (["--client-cert", "bare.pem", "--client-key", "empty"], "--client-key",
     "client key empty holds no private key in PEM form"),
    (["--client-cert", "bare.pem", "--client-key", "pipe"], "--client-key", "client key pipe is not a regular file"),
    (["--client-cert", "bare.pem", "--client-key", "other.key"], "--client-key", "does not belong to the client certificate"),
    (["--client-cert", "mixed.pem"], "--client-cert", "the key in mixed.pem does not belong to the client certificate"),
    (["--client-cert", "client-encrypted.pem", "--client-key", "client-encrypted.key"], "--client-key",
     "is encrypted; expected --client-key-password-file with its password"),
    (["--client-cert", "client-encrypted.pem", "--client-key", "client-encrypted.key", "--client-key-password-file", "secret"],
     "--client-key-password-file", "client key client-encrypted.key cannot be decrypted with the password given"),
    # numbers, names, files
    *((["-p", bad], "--port", "expected a number from 1 to 65535") for bad in ("0", "70000", "65536", "-1", "14x", "", "1.5")),
    *((["-t", bad], "--timeout", SECONDS) for bad in ("0", "-1", "abc", "", "1e3", "0,5", "99999999999", "10s", "nan")),
    *((["-H", bad], "--hostname", "expected a host name") for bad in
      ("", "-x", ".x", "a b", "http://x", "x:143", "x/y", "$HOST$", "<x>", "x" * 254, "a..b", "a..", b"\xff.example", "x" * 64)),
    *((["--insecure", option, bad], name, f"{name}: expected a host name") for option, name in
      (("-H", "--hostname"), ("--sni", "--sni"), ("--verify-name", "--verify-name")) for bad in
      ("a..b", "a.b..", b"b\xfccher.example", "x" * 64 + ".example", ".".join(["x" * 50] * 5))),
    *((["--insecure", option, bad], name, f"{name}: host name ") for option, name in
      (("-H", "--hostname"), ("--sni", "--sni"), ("--verify-name", "--verify-name")) for bad in
      ("\u200e.example", "\u00fc" * 64 + ".example", "\u00fc\u3002\u3002b", ".".join(["\u00fc" * 30] * 8))),
    *((["--address", bad], "--address", "expected a numeric IPv4 or IPv6 address") for bad in ("", "name", "1.2.3", "1.2.3.4:5", "fe80::1%")),
    *((["--resolver", bad], "--resolver", "expected ADDRESS or ADDRESS:PORT, numeric") for bad in
      ("", "name", "192.0.2.1:", "192.0.2.1:0", "192.0.2.1:99999", "192.0.2.1:x", "[192.0.2.1]:53", "::1]:53")),
    *((["-D", bad], "--cert-days", "expected WARN[,CRIT]") for bad in ("", "x", "-1", "5,10", "5,", ",5", "5,x", "5;3")),
    (["--result", "timeout"], "--result", "expected FINDING=STATE"),
    (["--result", "nothing-such=ok"], "--result", "expected a known finding, got 'nothing-such'"),
    (["--result", "timoeut=ok"], "--result", "did you mean timeout?"),
    (["--result", "timeout=fine"], "--result", "expected ok, warning, critical or unknown after the ="),
    (["--result", ""], "--result", "expected FINDING=STATE"),
    (["--tls", "ssl"], "--tls", "expected implicit, starttls or none, got 'ssl'"),
    (["--tls-min-version", "1.4"], "--tls-min-version", "expected 1.0, 1.1, 1.2 or 1.3"),
    (["--sni", "127.0.0.1"], "--sni", "expected a host name"),
    (["--sni", ""], "--sni", "expected a host name"),
    (["--verify-name", "a b"], "--verify-name", "expected a host name"),
    (["--ca-file", "nothing"], "--ca-file", "cannot read 'nothing'"),
    (["--ca-file", "folder"], "--ca-file", "expected a file, got 'folder'"),
    (["--ca-path", "secret"], "--ca-path", "expected a folder, got 'secret'"),
    (["--client-cert", "nothing"], "--client-cert", "cannot read 'nothing'"),
    (["--client-key", "key"], "--client-key", "needs --client-cert"),
    (["--client-key-password-file", "secret"], "--client-key-password-file", "needs --client-cert"),
    (["--auth", "NTLM", *LOGIN], "--auth", "expected PLAIN, LOGIN, CRAM-MD5"),
    (["-e", ""], "--expect-greeting", "expected a value, got nothing"),
    (["--transcript", ""], "--transcript", "expected a value, got nothing"),
    (["--transcript", "nothing/file"], "--transcript", "cannot write nothing/file: No such file or directory"),
    (["--transcript", "folder"], "--transcript", "cannot write folder: Is a directory"),
    (["--transcript", "link"], "--transcript", "cannot write link"),
    (["--transcript", "pipe"], "--transcript", "cannot write pipe"),
    *((["--transcript", file, *given], "--transcript", f"contradicts {given[-2]}, which reads the same file") for file, given in
      (("secret", ["-U", "probe", "--password-file", "secret"]), ("hard-link", ["-U", "probe", "--password-file", "secret"]),
       ("secret", ["-U", "probe", "--oauth2-token-file", "secret"]), ("bare.pem", ["--ca-file", "bare.pem"]),
       ("bare.pem", ["--client-cert", "bare.pem"]),
       ("client.key", ["--client-cert", "bare.pem", "--client-key", "client.key"]),
       ("secret", ["--client-cert", "bare.pem", "--client-key-password-file", "secret"]))),
    (["--extra-opts=transcript@ini"], "--transcript", "contradicts --extra-opts, which reads the same file"),
    # what contradicts
    (["-4", "-6"], "--ipv6", "contradictory: IPv4 only and IPv6 only"),
    (["-6"], "--ipv6", "contradicts --address 127.0.0.1"),
    (["-4", "--address", "::1"], "--ipv4", "contradicts --address ::1"),
    (["--tls", "none", "-S"], "--require-tls", "contradicts --tls none"),
    (["--tls", "none", "-s"], "--ssl", "contradicts --tls none"),
    (["--tls", "starttls", "-s"], "--ssl", "contradicts --tls starttls"),
    *((["--tls", "none", *given], given[0], "contradicts --tls none") for given in
      (["--insecure"], ["--ca-file", "certificate"], ["--ca-path", "folder"], ["--tls-min-version", "1.2"],
       ["--sni", "a.test"], ["--verify-name", "a.test"], ["--client-cert", "certificate"])),
    (["--resolver", "127.0.0.1"], "--resolver", "contradicts --address"),
    (["--tls", "none", "--auth", "SCRAM-SHA-256-PLUS", *LOGIN], "--auth", "SCRAM-SHA-256-PLUS contradicts --tls none"),
    *((["--auth", name, *LOGIN], "--auth", f"{name} needs --oauth2-token-file or --oauth2-token-env") for name in
      ("XOAUTH2", "OAUTHBEARER")),
    *((["--auth", name, "-U", "probe", "--oauth2-token-env", "SET"], "--auth", f"{name} needs --password-file") for name in
      ("PLAIN", "LOGIN", "CRAM-MD5", "SCRAM-SHA-1", "SCRAM-SHA-1-PLUS", "SCRAM-SHA-256", "SCRAM-SHA-256-PLUS")),
    *((["--authzid", "boss", "--auth", name, *LOGIN], "--authzid", f"contradicts --auth {name}, which has no place for it")
      for name in ("LOGIN", "CRAM-MD5")),
    (["--auth", "EXTERNAL", *LOGIN], "--auth", "EXTERNAL needs --client-cert"),
    (["--auth", "EXTERNAL", "--client-cert", "certificate", *LOGIN], "--auth", "EXTERNAL contradicts --password-file"),
    (["--auth", "XOAUTH2", "--oauth2-token-env", "SET", *LOGIN], "--oauth2-token-env", "contradicts --password-file"),
    (["--allow-plaintext-auth"], "--allow-plaintext-auth", "goes with --tls none only"),
    (["-U", "probe", "-P", "x", "--password-file", "secret"], "--password", "contradicts --password-file"),
    (["-U", "probe", "--password-file", "secret", "--password-env", "SET"], "--password-file", "contradicts --password-env"),
    (["-U", "probe", "--password-env", "SET", "--password-fd", "0"], "--password-env", "contradicts --password-fd"),
    (["-U", "probe", "--oauth2-token-file", "secret", "--oauth2-token-env", "SET"], "--oauth2-token-file",
     "contradicts --oauth2-token-env"),
    *(([option, value], option, "needs --user") for option, value in
      (("--password-file", "secret"), ("--password-env", "SET"), ("--password-fd", "0"), ("--password", "x"),
       ("--oauth2-token-file", "secret"), ("--oauth2-token-env", "SET"), ("--auth", "PLAIN"), ("--authzid", "x"))),
    # ini files
    (["--extra-opts=@nothing"], "--extra-opts", "cannot read 'nothing'"),
    (["--extra-opts=@folder"], "--extra-opts", "cannot read 'folder': Is a directory"),
    (["--extra-opts=@"], "--extra-opts", "expected a file name after the @"),
    (["--extra-opts=section@ini"], "--extra-opts", "section [section] of 'ini' is missing or empty"),
    (["--extra-opts=word@ini"], "--extra-opts", "ini:2: expected KEY=VALUE"),
    (["--extra-opts=unknown@ini"], "--extra-opts", "ini:4: --nothing-such: unknown option"),
    (["--extra-opts=flag@ini"], "--extra-opts", "--insecure: takes no value"),
    (["--extra-opts=value@ini"], "--extra-opts", "--port: expected PORT, got nothing"),
    (["--extra-opts=number@ini"], "ini:10: --tls", "expected implicit, starttls or none, got 'ssl'"),
    (["--extra-opts=nested@ini"], "--extra-opts", "works on the command line only"),
    (["--extra-opts=x@headless"], "--extra-opts", "headless:1: expected a [section]"),
]
INI = """[word]
hostname
[unknown]
nothing-such=1
[flag]
insecure=yes
[value]
port=
[number]
tls=ssl
[nested]
extra-opts=x@ini
[transcript]
transcript=ini
"""


# Of COMMON what has no meaning for a plugin that does not log in, that has neither a plain mode nor --insecure, or where
# every range has a label.
NO_TLS_SURVEY = {"-U", "--auth", "--authzid", "--allow-plaintext-auth", "--insecure", "--insecure=yes", "--pass", "-e", "none",
                 "--password-file", "--password-env", "--password-fd", "--password", "--oauth2-token-file", "--oauth2-token-env"}


def of_tls_survey(cases: list) -> list:
    def is_meant(arguments: list, option: str, words: str) -> bool:
        values = [str(word) for word in arguments]
        is_other_range = values[0] in ("-w", "-c") and (words == RANGE or "=" not in values[1] or "LABEL one of" in words)
        is_other_option = option in ("--user", "--insecure", "--password") or "--insecure" in words or "or none" in words
        return not (set(values) & NO_TLS_SURVEY or is_other_range or is_other_option)
    return [case for case in cases if is_meant(*case)]


def make_files(folder: Path) -> None:
    for name, content in {"secret": b"correct-horse\n", "empty": b"", "line-end": b"\n", "nul": b"a\0b", "large": b"x" * 70000,
                          "latin": b"Gr\xfc\xdfe", "giant": b"x" * (16 * 1024 * 1024 + 1),
                          "ini": INI.encode(), "headless": b"port=1\n", "certificate": b"", "key": b""}.items():
        (folder / name).write_bytes(content)
        (folder / name).chmod(0o600)
    ca = test_ca.make(folder / "ca")
    for name in ("client.key", "client-encrypted.pem", "client-encrypted.key"):
        shutil.copy(ca / name, folder / name)
    shutil.copy(ca / "good.key", folder / "other.key")
    bare = re.sub(r"-----BEGIN [A-Z ]*PRIVATE KEY-----.*", "", (ca / "client.pem").read_text(), flags=re.DOTALL)
    (folder / "bare.pem").write_text(bare)
    (folder / "mixed.pem").write_text(bare + (ca / "good.key").read_text())
    (folder / "control").write_bytes(b"[nul]\nuser=x\npassword=1\x001\n[cr]\nuser=x\npassword=1\r1\n")
    os.link(folder / "secret", folder / "hard-link")
    (folder / "folder").mkdir()
    (folder / "link").symlink_to("secret")
    os.mkfifo(folder / "pipe")


def options_with_value(plugin: Path) -> list:
    """Names of all options that take a value, from --help."""
    text = subprocess.run([plugin, "--help"], capture_output=True, text=True, check=False).stdout
    return re.findall(r"^ {2,6}(?:-\w, )?--([a-z0-9-]+) ['A-Z\[]", text, re.MULTILINE)


def control_cases(plugin: Path, folder: Path):
    """CR and LF in every value of the command line; CR, NUL and ESC, which argv or a shell could hide, from an ini file.

    Not in a password: it may hold what a password file may hold.
    """
    names = options_with_value(plugin)
    if len(names) < 25:
        sys.exit(f"--help shows {len(names)} options with a value only: {names}")
    names = [name for name in names if name != "password"]
    clean = "without line breaks and control characters"
    for name in names:
        for bad in ("x\ny", "x\r\nA1 LOGOUT", "\n", "x\ry", "x\x7f"):
            yield [f"--{name}", bad], f"--{name}", clean
        for number, byte in enumerate((b"\r", b"\0", b"\x1b")):
            path = folder / f"control-{name}-{number}"
            path.write_bytes(b"[x]\n" + name.encode() + b"=1" + byte + b"1\n")
            yield [f"--extra-opts=x@{path.name}"], f"--{name}", clean


def full_command(plugin: Path, arguments: list, always: list, port: int) -> list:
    if arguments and arguments[0] is ALONE:
        return [plugin, *arguments[1:]]
    given = {word.split("=")[0] for word in arguments if isinstance(word, str)}
    command = [plugin, *([] if given & set(always) else always)]
    command += [] if given & {"-H", "--hostname"} else ["--hostname", "mail.example.test"]
    is_socket = "-H" in arguments and str(arguments[arguments.index("-H") + 1]).startswith("/")
    command += [] if is_socket or given & {"--address"} else ["--address", "127.0.0.1"]
    command += [] if is_socket or given & {"-p", "--port"} else ["--port", str(port)]
    return [*command, "-t", "3", *arguments]


def run(plugin: Path, folder: Path, arguments: list, always: list, extra: list):
    """One run beside a socket that nobody may touch."""
    with socket.create_server(("127.0.0.1", 0)) as listener:
        listener.setblocking(False)
        command = full_command(plugin, arguments, always, listener.getsockname()[1])
        command[1:1] = extra
        try:
            done = subprocess.run(command, stdin=subprocess.DEVNULL, capture_output=True, cwd=folder, timeout=20, check=False,
                                  env={"LC_ALL": "de_DE.UTF-8", "SET": "x", "EMPTY": ""})
        except subprocess.TimeoutExpired as hung:
            done = subprocess.CompletedProcess(command, -1, hung.stdout or b"", hung.stderr or b"")
        try:
            listener.accept()
            return done, True
        except BlockingIOError:
            return done, False


OUTPUT_CASES = [
    (["--output", "xml"], "--output", "expected plain, json or prometheus, got 'xml'"),
    (["--perfdata", "total,speed"], "--perfdata", "got 'total,speed'"),
    (["--perfdata", ""], "--perfdata", "expected LABEL,..."),
    (["--prometheus-label", "account"], "--prometheus-label", "expected NAME=VALUE"),
    (["--prometheus-label", "host=other"], "--prometheus-label", "none of ours"),
    (["--prometheus-label", "ac count=x"], "--prometheus-label", "got 'ac count=x'"),
]


def judge_prometheus(plugin: Path, service: str, folder: Path, always: list, case, line: str) -> list:
    """One state, one finding, one time, and the line as a comment."""
    done, has_connected = run(plugin, folder, case[0], always, ["--output=prometheus"])
    faults = ["it connected"] if has_connected else []
    lines = done.stdout.decode("utf-8", "replace").splitlines()
    samples = [each.rpartition(" ")[0] for each in lines if not each.startswith("#")]
    wanted = [f'mailcheck_state{{service="{service}"}}', f'mailcheck_last_run_timestamp_seconds{{service="{service}"}}',
              f'mailcheck_finding{{service="{service}",name="usage",state="UNKNOWN"}}']
    if (done.returncode, done.stderr, lines[:1], samples) != (3, b"", ["# " + line], wanted):
        faults.append(f"for Prometheus: exit {done.returncode}, {done.stdout[:600]!r} {done.stderr[:100]!r}")
    return faults


def judge_run(done, has_connected: bool) -> list:
    faults = ["it connected"] if has_connected else []
    if done.returncode != 3:
        faults.append(f"exit code {done.returncode}")
    if done.stderr:
        faults.append(f"stderr: {done.stderr[:200]!r}")
    if done.stdout.count(b"\n") != 1 or not done.stdout.endswith(b"\n"):
        faults.append(f"not exactly one line: {done.stdout[:400]!r}")
    if any(byte < 32 or byte == 127 for byte in done.stdout.rstrip(b"\n")):
        faults.append(f"control characters: {done.stdout!r}")
    return faults


def judge(plugin: Path, service: str, folder: Path, always: list, case) -> list:
    arguments, option, words = case
    plain, has_connected = run(plugin, folder, arguments, always, [])
    faults = judge_run(plain, has_connected)
    line = plain.stdout.decode("utf-8", "replace").rstrip("\n")
    if not line.startswith(f"{service} UNKNOWN - ") or "|" in line:
        faults.append(f"no status line, or perfdata: {line}")
    faults += [f"{wanted!r} is missing: {line}" for wanted in (option, words) if wanted not in line]
    if IS_SANITIZED or any(isinstance(word, str) and word.startswith("--output") for word in arguments):
        return faults
    faults += judge_prometheus(plugin, service, folder, always, case, line)
    done, has_connected = run(plugin, folder, arguments, always, ["--output", "JSON"])
    faults += judge_run(done, has_connected)
    try:
        report = json.loads(done.stdout)
    except ValueError as error:
        return [*faults, f"not JSON: {error}: {done.stdout[:300]!r}"]
    text = line.removeprefix(f"{service} UNKNOWN - ")
    wanted = {"schema": 1, "service": service, "state": "UNKNOWN", "code": 3, "summary": text}
    faults += [f"JSON {key} is {report.get(key)!r}" for key, value in wanted.items() if report.get(key) != value]
    if [(each["name"], each["state"], each["text"]) for each in report.get("findings", [])] != [("usage", "UNKNOWN", text)]:
        faults.append(f"JSON findings: {report.get('findings')}")
    return faults


def main(program: str, service: str, cases: list, always=()) -> int:
    """`always`: an option and its value that every command line needs, if it does not have it."""
    if len(sys.argv) != 2:
        sys.exit(__doc__)
    plugin = Path(sys.argv[1]).resolve() / program
    with tempfile.TemporaryDirectory(prefix="bad-input.") as name:
        folder = Path(name)
        make_files(folder)
        cases = [*cases, *control_cases(plugin, folder), *OUTPUT_CASES]
        with ThreadPoolExecutor(4) as pool:
            results = list(pool.map(lambda case: judge(plugin, service, folder, list(always), case), cases))
        with_host = subprocess.run([plugin, *(always or LOGIN)], capture_output=True, cwd=folder, check=False)
        results.append(judge_run(with_host, False))
        cases.append((["no --hostname at all"], "--hostname", "required"))
        kept = {name: (folder / name).read_bytes() for name in ("secret", "ini", "client.key")}
        results.append([f"{name} was emptied" for name, content in kept.items() if not content])
        cases.append((["--transcript"], "", ""))
        if b"--hostname: expected HOST, got nothing" not in with_host.stdout:
            results[-1].append(f"--hostname is not named: {with_host.stdout!r}")
    failed = 0
    for (arguments, _, _), faults in zip(cases, results):
        failed += bool(faults)
        for fault in faults:
            print(f"{arguments}: {fault}")
    print(f"{len(cases) - failed} of {len(cases)} bad command lines are refused as they should be")
    return 1 if failed else 0
