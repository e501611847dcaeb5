#!/usr/bin/env python3
"""foreign_options.py FOLDER - prints the options of the plugins that people come from, as those in FOLDER tell of them:
the content of foreign_options.txt, one option a line, its names joined by commas. By hand, when
man/monitoring-plugins-mail.7 is to speak of newer versions (Debian: monitoring-plugins-basic, -contrib)."""

import re
import subprocess
import sys
from pathlib import Path


def names(text):
    return re.findall(r"(?<![\w-])--?[A-Za-z0-9?][\w-]*", text)


def of_help(program, begin, entry):
    text = subprocess.run([program, "--help"], stdout=subprocess.PIPE, encoding="utf-8", check=False).stdout
    lines = text[text.index(begin):].splitlines()
    return [names(re.split(r"\s{2,}|=", line.strip())[0]) for line in lines if re.match(entry, line)]


def of_getopt(program):
    """Its --help needs perldoc, and leaves some out."""
    source = Path(program).read_text(encoding="utf-8")
    found = []
    for given, kind in re.findall(r'"([\w|-]+)([!+]?)(?:=[si])?"\s*(?:=>|,)',
                                  re.search(r"GetOptions\((.*?)\);", source, re.S).group(1)):
        found.append([("-" if len(name) == 1 else "--") + name for name in given.split("|")])
        if kind == "!":
            found.append(["--no" + given])
    return found


def main(folder):
    listed = {name: of_help(folder + "/" + name, "\nOptions:", r" --?\w") for name in ("check_smtp", "check_imap")}
    listed["check_email_delivery"] = of_getopt(folder + "/check_email_delivery")
    listed["check_ssl_cert"] = of_help(folder + "/check_ssl_cert", "\nArguments:", r" {3}-\w| {6}--\w")
    for program, options in listed.items():
        for option in dict.fromkeys(",".join(option) for option in options):
            print(program, option)


if __name__ == "__main__":
    if len(sys.argv) != 2:
        sys.exit(__doc__)
    main(sys.argv[1])
