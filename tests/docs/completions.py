#!/usr/bin/env python3
"""completions.py BIN PLUGIN bash|zsh|fish - prints the plugin's completion for that shell. It is made from what
describe_options in BIN tells of the plugin: options, files, folders and choices, the findings that --result takes, the
labels that -w and -c take."""

import json
import re
import subprocess
import sys
from dataclasses import dataclass

STATES = ["ok", "warning", "critical", "unknown"]


@dataclass
class Value:
    """What comes behind an option. kind: free, file, directory, choice, list (choices with commas), label, finding."""
    kind: str
    words: list


class Plugin:
    def __init__(self, tool, name):
        self.name = name
        self._tool = tool
        self.options = json.loads(self._describe("json"))["options"]
        self.labels = self._describe("labels").split()
        rows = re.findall(r'^\.BR (\S+) " \((.*)\)"$', self._describe("findings").replace(r"\-", "-"), re.M)
        self.findings = [finding for finding, state in rows if state in ("OK", "WARNING", "CRITICAL", "UNKNOWN")]

    def _describe(self, what):
        return subprocess.run([self._tool, self.name, what], stdout=subprocess.PIPE, check=True,
                              encoding="utf-8").stdout

    def value(self, option):
        name = option["value"]
        if name == "FINDING=STATE":
            return Value("finding", self.findings)
        if name.startswith("LABEL,"):
            return Value("list", self.labels)
        if name in ("LABEL=RANGE", "[LABEL=]RANGE"):
            return Value("label", self.labels)
        if name == "METHODS":
            return Value("list", option["choices"])
        return Value({"none": "free"}.get(option["completion"], option["completion"]), option["choices"])

    def with_values(self):
        return [(option, self.value(option)) for option in self.options if option["value"]]


# --- bash: one branch of a case for each option that takes a value

BASH = r"""# bash completion for %(name)s, made from its option table
_%(name)s() {
  local cur=${COMP_WORDS[COMP_CWORD]} at=$((COMP_CWORD - 1)) key='' option
  COMPREPLY=()
  # every "=" is a word of its own, as in --tls=MODE, --result NAME=STATE and --result=NAME=STATE
  [[ $cur == '=' ]] && cur='' at=$COMP_CWORD
  if [[ ${COMP_WORDS[at]} == '=' ]]; then
    at=$((at - 1))
    if [[ ${COMP_WORDS[at]} != -* ]]; then
      key=${COMP_WORDS[at]} at=$((at - 1))
      [[ ${COMP_WORDS[at]} == '=' ]] && at=$((at - 1))
    fi
  fi
  option=${COMP_WORDS[at]}
  [[ ${COMP_WORDS[at + 1]} == '=' ]] && option+='='
  case $option in
%(branches)s  esac
  [[ $cur == -* ]] && mapfile -t COMPREPLY < <(compgen -W '%(words)s' -- "$cur")
}
complete -F _%(name)s %(name)s
"""


def bash_reply(value):
    """What the branch does, given $cur and, behind NAME=, $key."""
    def words(texts):
        return "mapfile -t COMPREPLY < <(compgen -W '%s' -- \"$cur\")" % " ".join(texts)
    if value.kind in ("file", "directory"):
        return 'compopt -o filenames; mapfile -t COMPREPLY < <(compgen -%s -- "$cur")' % value.kind[0]
    if value.kind == "choice":
        return words(value.words)
    if value.kind == "list":
        return "mapfile -t COMPREPLY < <(compgen -P \"${cur%%\"${cur##*,}\"}\" -W '%s' -- \"${cur##*,}\")" % (
            " ".join(value.words))
    if value.kind in ("label", "finding"):
        names = "compopt -o nospace; " + words(name + "=" for name in value.words)
        states = words(STATES) if value.kind == "finding" else ":"
        return "if [[ $key ]]; then %s; else %s; fi" % (states, names)
    return ""


def bash(plugin):
    branches = ""
    for option, value in plugin.with_values():
        name = "--" + option["name"]
        patterns = [name + "="] if option["value_optional"] else [name, name + "="]
        if option["letter"] and not option["value_optional"]:
            patterns.append("-" + option["letter"])
        reply = bash_reply(value)
        branches += "    %s) %sreturn ;;\n" % ("|".join(patterns), reply + "; " if reply else "")
    words = " ".join("--" + option["name"] for option in plugin.options)
    return BASH % {"name": plugin.name, "branches": branches, "words": words}


# --- zsh: a specification of _arguments for each option

ZSH = r"""#compdef %(name)s
# zsh completion for %(name)s, made from its option table

_%(name)s_label() {
  if compset -P '*='; then
    _message range
  else
    compadd -S '=' -- %(labels)s
  fi
}

_%(name)s_finding() {
  if compset -P '*='; then
    compadd -- %(states)s
  else
    compadd -S '=' -- %(findings)s
  fi
}

_arguments -s -S \
%(specifications)s
"""


def zsh_quoted(text):
    return "'" + text.replace("'", "'\\''") + "'"


def zsh_escaped(text):
    return re.sub(r"([\[\]:\\])", r"\\\1", text)


def zsh_action(plugin, value):
    words = " ".join(value.words)
    return {"file": "_files", "directory": "_files -/", "choice": "(%s)" % words,
            "list": "_values -s , name %s" % words, "label": "_%s_label" % plugin.name,
            "finding": "_%s_finding" % plugin.name, "free": " "}[value.kind]


def zsh_specification(plugin, option):
    long, letter = "--" + option["name"], option["letter"] and "-" + option["letter"]
    behind = "[%s]" % zsh_escaped(option["help"])
    if option["value"]:
        colon = "::" if option["value_optional"] else ":"
        behind += colon + zsh_escaped(option["value"]) + ":" + zsh_action(plugin, plugin.value(option))
        long += "=-" if option["value_optional"] else "="
        letter = letter and letter + "+"
    if not letter:
        return zsh_quoted("*" * option["repeatable"] + long + behind)
    front = "*" if option["repeatable"] else "(-%s --%s)" % (option["letter"], option["name"])
    return "%s{%s,%s}%s" % (zsh_quoted(front), letter, long, zsh_quoted(behind))


def zsh(plugin):
    specifications = " \\\n".join("  " + zsh_specification(plugin, option) for option in plugin.options)
    return ZSH % {"name": plugin.name, "labels": " ".join(plugin.labels), "findings": " ".join(plugin.findings),
                  "states": " ".join(STATES), "specifications": specifications}


# --- fish: a line for each option

FISH = r"""# fish completion for %(name)s, made from its option table
function __%(name)s_findings
    printf '%%s=\n' %(findings)s
    # and, behind NAME=, the states
    set -l name (commandline --current-token --cut-at-cursor | string replace --regex '^--result=' '' |
        string match --regex '^[a-z-]+=')
    and printf '%%s\n' $name{%(states)s}
end

complete -c %(name)s -f
%(lines)s
"""


def fish_quoted(text):
    return "'" + text.replace("\\", "\\\\").replace("'", "\\'") + "'"


def fish_value(plugin, value):
    words = " ".join(value.words)
    return {"file": "-r -F", "directory": "-x -a '(__fish_complete_directories)'", "choice": "-x -a '%s'" % words,
            "list": "-x -a '(__fish_append , %s)'" % words, "free": "-x",
            "label": "-x -a '%s'" % " ".join(word + "=" for word in value.words),
            "finding": "-x -a '(__%s_findings)'" % plugin.name}[value.kind]


def fish_line(plugin, option):
    parts = ["complete -c", plugin.name]
    if option["letter"]:
        parts.append("-s " + option["letter"])
    parts.append("-l " + option["name"])
    if option["value"] and not option["value_optional"]:
        parts.append(fish_value(plugin, plugin.value(option)))
    elif option["choices"]:
        parts.append("-a '%s'" % " ".join(option["choices"]))
    return " ".join(parts) + " -d " + fish_quoted(option["help"])


def fish(plugin):
    return FISH % {"name": plugin.name, "findings": " ".join(plugin.findings), "states": ",".join(STATES),
                   "lines": "\n".join(fish_line(plugin, option) for option in plugin.options)}


if __name__ == "__main__":
    if len(sys.argv) != 4 or sys.argv[3] not in ("bash", "zsh", "fish"):
        sys.exit(__doc__)
    print({"bash": bash, "zsh": zsh, "fish": fish}[sys.argv[3]](Plugin(sys.argv[1] + "/describe_options",
                                                                      sys.argv[2])), end="")
