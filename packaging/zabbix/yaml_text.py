"""Writes dictionaries, lists and texts as YAML in the form in which Zabbix exports templates."""

import re

PLAIN = re.compile(r"[A-Za-z_$][A-Za-z0-9_.$\[\]@?()=!-]*\Z")  # everything else is quoted
WORDS = {"yes", "no", "on", "off", "true", "false", "null", "y", "n"}


def lines(value, depth=0):
    """The lines of a dictionary or a list, without line ends."""
    indent = "  " * depth
    if isinstance(value, list):
        for each in value:
            if isinstance(each, dict):
                yield indent + "-"
                yield from lines(each, depth + 1)
            else:
                yield from named(indent + "-", each, depth)
        return
    for key, each in value.items():
        yield from named("%s%s:" % (indent, scalar(key)), each, depth)


def named(name, value, depth):
    if isinstance(value, (dict, list)):
        yield name
        yield from lines(value, depth + 1)
    elif "\n" in value:
        yield name + " |"
        for line in value.rstrip("\n").split("\n"):
            yield ("  " * (depth + 1) + line).rstrip()
    else:
        yield "%s %s" % (name, scalar(value))


def scalar(text):
    if PLAIN.match(text) and text.lower() not in WORDS:
        return text
    return "'%s'" % text.replace("'", "''")
