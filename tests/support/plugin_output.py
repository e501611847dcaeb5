"""What every line that a plugin prints has to obey, whatever happened: the plugin conventions, as one check.

read(output) takes the output apart and lists every breach; leaks(output, password, user) lists the forms in which the
password stands there. After the Monitoring Plugins guidelines (perfdata, ranges), Nagios' buffer of 8192 bytes and
Icinga's perfdata parser.
"""
from __future__ import annotations

import base64
import re
import unicodedata
from dataclasses import dataclass, field

FIRST_LINE = re.compile(r"^(IMAP|SMTP|ROUNDTRIP|MAIL TLS) (OK|WARNING|CRITICAL|UNKNOWN) - \S.*")
RANGE = r"@?(?:(?:~|-?[0-9.]+)?:)?(?:-?[0-9.]+)?"
METRIC = re.compile(rf"^([a-z][a-z0-9_]*)=(-?[0-9]+(?:\.[0-9]+)?)(s|%|B|)(?:;({RANGE})(?:;({RANGE})(?:;([0-9.]*)(?:;([0-9.]*))?)?)?)?$")
STEPS = ("dns policy connect greeting ehlo capability starttls tls auth select list search fetch quota mail rcpt rset body data "
         "quit logout token").split()
NAGIOS_BUFFER = 8192


@dataclass
class Reading:
    state: str = ""
    text: str = ""  # of the first line, without perfdata
    metrics: dict = field(default_factory=dict)  # label -> (value as text, unit), in order
    faults: list = field(default_factory=list)

    def step_labels(self) -> list:
        """The labels before `total`."""
        labels = list(self.metrics)
        return labels[:labels.index("total")] if "total" in labels else labels


def read(output: bytes) -> Reading:
    reading = Reading()
    fault = reading.faults.append
    try:
        text = output.decode("utf-8")
    except UnicodeDecodeError as error:
        fault(f"not UTF-8: {error}")
        text = output.decode("utf-8", "replace")
    if not text.endswith("\n"):
        fault("the last line has no line end")
    first, *others = text.rstrip("\n").split("\n")
    match = FIRST_LINE.match(first)
    if match:
        reading.state = match.group(2)
    else:
        fault(f"not a status line: {first!r}")
    odd = sorted({f"U+{ord(c):04X}" for c in text if c != "\n" and unicodedata.category(c) in ("Cc", "Cf", "Cs")})
    if odd:
        fault(f"control characters: {' '.join(odd)}")
    if first.count("|") > 1 or any("|" in line for line in others):
        fault("more than the one '|' of the first line")
    if len(first.encode()) >= NAGIOS_BUFFER:
        fault(f"the first line has {len(first.encode())} bytes; Nagios cuts at {NAGIOS_BUFFER}")
    if re.search(r"[<>]", first):
        fault("'<' or '>' on the first line: Icinga Web renders tags")
    text, _, perfdata = first.partition("|")
    reading.text = text.rstrip()
    _read_metrics(reading, perfdata)
    return reading


def _read_metrics(reading: Reading, perfdata: str) -> None:
    for word in perfdata.split():
        match = METRIC.match(word)
        if not match:
            reading.faults.append(f"not perfdata: {word!r}")
            continue
        label, value, unit = match.group(1), match.group(2), match.group(3)
        if label in reading.metrics:
            reading.faults.append(f"label {label} occurs twice")
        if unit == "s" and not re.fullmatch(r"-?[0-9]+\.[0-9]{6}", value):
            reading.faults.append(f"{label}={value}s: seconds have six decimals")
        if label in (*STEPS, "total") and unit != "s":
            reading.faults.append(f"{label} is a time and has no unit s")
        reading.metrics[label] = (value, unit)
    short = [label[:19] for label in reading.metrics]
    if len(set(short)) != len(short):
        reading.faults.append("labels are not unique in their first 19 characters")
    if "connect" in reading.metrics and "total" not in reading.metrics:
        reading.faults.append("connected, but 'total' is missing")


def leaks(output: bytes, password: str, user: str) -> list:
    """In which forms the password stands in the output."""
    secret = password.encode()
    forms = {"as it is": secret,
             "in SASL PLAIN": base64.b64encode(b"\0" + user.encode() + b"\0" + secret).rstrip(b"=")}
    for shift in range(3):
        coded = base64.b64encode(b"\0" * shift + secret)
        forms[f"in base64 (alignment {shift})"] = coded[4 if shift else 0:len(coded) - 4]
    return [f"the password stands in the output {form}" for form, text in forms.items() if text in output]
