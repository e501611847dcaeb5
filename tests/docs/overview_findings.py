#!/usr/bin/env python3
"""overview_findings.py BIN PAGE - prints the page, man/monitoring-plugins-mail.7, with its findings made anew: all of
plugins/shared/findings.cc, as describe_options in BIN tells of them, and which checks have them. A part of the page
that begins with `.\\" begin findings NAME` and ends with `.\\" end findings NAME` gets those from NAME up to the first
one of the next part."""

import re
import subprocess
import sys
import textwrap
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
PLUGINS = {"check_imap_login": "imap", "check_smtp_submit": "smtp", "check_mail_tls": "tls",
           "check_mail_roundtrip": "round trip"}


def told_by(tool):
    """Finding -> [state, text, the checks that have it]."""
    found = {}
    for plugin, word in PLUGINS.items():
        text = subprocess.run([tool, plugin, "findings"], stdout=subprocess.PIPE, check=True, encoding="utf-8").stdout
        for name, state, sentences in re.findall(r'^\.BR (\S+) " \((.*)\)"\n((?:[^.\n].*\n)+)', text, re.M):
            found.setdefault(name.replace("\\-", "-"), [state, sentences, []])[2].append(word)
    return found


def in_order(names):
    """As in the source, in the order of a session."""
    source = (ROOT / "plugins/shared/findings.cc").read_text(encoding="utf-8")
    order = re.findall(r'^    \{"([a-z-]+)", ', source, re.M)
    if set(order) != set(names):
        sys.exit("not the findings of findings.cc: %s" % sorted(set(order) ^ set(names)))
    return order


def entry(name, state, sentences, checks):
    where = "all" if len(checks) == len(PLUGINS) else ", ".join(checks)
    lines = [line for sentence in sentences.splitlines()  # mandoc wants lines of 80
             for line in textwrap.wrap(sentence, 80, break_long_words=False, break_on_hyphens=False)]
    return '.TP\n.BR %s " (%s; %s)"\n%s\n' % (name.replace("-", "\\-"), state, where, "\n".join(lines))


def filled(page, found):
    order = in_order(found)
    begins = re.findall(r'^\.\\" begin findings (\S+)$', page, re.M)
    if not begins or begins[0] != order[0] or begins != sorted(begins, key=order.index):
        sys.exit("the parts of the page are not in the order of findings.cc: %s" % begins)
    for begin, following in zip(begins, begins[1:] + [None]):
        names = order[order.index(begin):order.index(following) if following else None]
        part = "".join(entry(name, *found[name]) for name in names)
        page = re.sub(r'(?ms)(^\.\\" begin findings %s\n).*?(^\.\\" end findings %s\n)' % (begin, begin),
                      lambda match, part=part: match[1] + part + match[2], page)
    return page


if __name__ == "__main__":
    print(filled(Path(sys.argv[2]).read_text(encoding="utf-8"), told_by(sys.argv[1] + "/describe_options")), end="")
