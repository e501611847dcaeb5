#!/usr/bin/env python3
"""icinga2_commands.py BIN commands|basket - prints packaging/icinga2/mailcheck.conf or director-basket.json, made from
the option tables of the plugins. BIN: the folder where describe_options was built. regenerate.sh writes both files and
compares them.

Left out are options that are no business of a monitoring system, and those that would let a secret stand in the
argument list: passwords and tokens come by environment variables, whose names are fixed."""

import json
import os
import re
import subprocess
import sys
import textwrap

PLUGINS = ["check_imap_login", "check_smtp_submit", "check_mail_tls", "check_mail_roundtrip"]
# what the variables of a side are for
SIDES = {"smtp-": "SMTP side", "imap-": "IMAP side", "bounce-": "mailbox for bounces"}
# Icinga needs plain output; a descriptor is not handed down; a dialogue is written by hand when a fault is sought, and
# whoever may choose the arguments of a check should not choose a file to write
LEFT_OUT = ["help", "version", "output", "prometheus-label", "transcript", "password-fd"]
# variable of the secret -> the option that names the environment variable it is in
SECRETS = {"password": "password-env", "oauth2-token": "oauth2-token-env"}
SECRET_HELP = {"password": "the password; handed over in the environment, a $ in it is written $$",
               "oauth2-token": "the OAuth 2 access token; handed over in the environment"}
# options that contradict --address: with one of them the host object's address is not used
NOT_WITH_ADDRESS = ["resolver", "all-addresses", "mx", "smtp-hostname", "imap-hostname", "bounce-hostname"]
# what the forms of the Director ask for, beside what all commands have
FIELDS = {
    "check_imap_login": ["port", "tls", "user", "password", "password-file", "auth", "mailbox", "list", "search",
                         "quota"],
    "check_smtp_submit": ["port", "tls", "user", "password", "password-file", "auth", "from", "to", "send", "lmtp",
                          "expect"],
    "check_mail_tls": ["protocol", "port", "mx", "tls", "verify-name", "dane", "mta-sts", "all-addresses",
                       "both-key-types", "old-protocols"],
    "check_mail_roundtrip": ["smtp-hostname", "smtp-port", "smtp-tls", "imap-hostname", "imap-port", "imap-tls", "user",
                             "password", "password-file", "smtp-user", "smtp-password", "smtp-password-file", "from",
                             "to", "mailbox", "junk", "wait", "state-dir", "id", "authserv-id", "require",
                             "alignment"],
}
COMMON_FIELDS = ["hostname", "warning", "critical", "cert-days", "result", "ca-file"]
ABBREVIATIONS = ["ca", "dane", "id", "imap", "lmtp", "mta", "mx", "smtp", "sts", "tls"]
DATA_TYPE = "Icinga\\Module\\Director\\DataType\\DataType"
SECONDS_TO_SPARE = 5  # Icinga kills a check this much later than it should have ended by itself

HEADER = """\
/* Icinga 2: CheckCommand objects for the plugins of monitoring-plugins-mail.
 *
 * GENERATED from the plugins' own tables by tests/docs/regenerate.sh; do not edit. The packages install this file where
 * `include <plugins-contrib>` of icinga2.conf finds it, on every node that has the plugins. By hand: copy it to
 * /etc/icinga2/conf.d, or to zones.d/global-templates.
 *
 *   check_command     plugin                  variables
 *   imap_login        check_imap_login        imap_login_X
 *   smtp_submit       check_smtp_submit       smtp_submit_X
 *   mail_tls          check_mail_tls          mail_tls_X
 *   mail_roundtrip    check_mail_roundtrip    mail_roundtrip_X
 *
 * Every long option --some-option is a variable, imap_login_some_option. Flags take true; options that may be given
 * more than once take an array; _verbose takes true, or 2 or 3.
 *
 * WHICH SERVER. The certificate is for a name, so the plugins need the server's name: that of the host object, unless
 * the host or service sets vars.mailcheck_hostname (all four checks) or vars.imap_login_hostname (one of them). They
 * connect to the host object's address, or address6, as all checks of Icinga do. Where that is a name, it is the name
 * that is meant. To look the name up in DNS as a mail client does, set vars.mailcheck_address = "".
 *
 * SECRETS never stand in the argument list: vars.imap_login_password and vars.imap_login_oauth2_token are handed over
 * in the environment. As all variables they can be read by whoever may read the configuration or the API, and Icinga
 * Web hides those only that are on its list (*pass* is, *token* must be added). Better: vars.imap_login_password_file
 * names a file that only the user of the check can read.
 *
 * TIMEOUTS. Icinga kills a check {spare} seconds after the plugin should have ended. To give it longer, set
 * check_timeout of the service: the plugin then gets {spare} seconds less. vars.imap_login_timeout alone is for shorter
 * times only.
 *
 * WHO MAY SET THESE VARIABLES chooses which files the user of the check reads: the password from any file would be sent
 * to any server. See SECURITY.md of monitoring-plugins-mail, "Arguments from elsewhere".
 */

template CheckCommand "mailcheck-host" {{
  import "ipv4-or-ipv6"

  // the server's name
  vars.mailcheck_hostname = {{{{
    var address = macro("$check_address$")
    if (address && !regex("^[0-9.]+$|:", address)) {{
      return address
    }}
    return macro("$host.name$")
  }}}}

  // its IP address, or nothing
  vars.mailcheck_address = {{{{
    var address = macro("$check_address$")
    if (address && regex("^[0-9.]+$|:", address)) {{
      return address
    }}
    return ""
  }}}}
}}
"""


def describe(folder, plugin, what):
    done = subprocess.run([os.path.join(folder, "describe_options"), plugin, what], stdout=subprocess.PIPE, check=True)
    return done.stdout.decode("utf-8")


def quoted(text):
    return '"%s"' % text.replace("\\", "\\\\").replace('"', '\\"')


def folded(before, text):
    """`before` and a text, in lines of at most 120 columns; several lines want parentheses."""
    parts = textwrap.wrap(text, 105 - len(before), break_on_hyphens=False)
    if len(parts) == 1:
        return [before + quoted(text)]
    lines = ["  %s +" % quoted(part + " ") for part in parts[:-1]] + ["  %s)" % quoted(parts[-1])]
    return [before + "(" + lines[0].lstrip(), *lines[1:]]


def split_side(name):
    """("smtp-", "password-env") of smtp-password-env."""
    for side in SIDES:
        if name.startswith(side):
            return side, name[len(side):]
    return "", name


class Command:
    """One plugin: its options, and what each is called in Icinga."""

    def __init__(self, folder, plugin):
        self.plugin = plugin
        self.name = plugin[len("check_"):]
        table = json.loads(describe(folder, plugin, "json"))
        self.sentence = table["sentence"]
        self.all = {option["name"]: option for option in table["options"]}
        self.has_sides = "smtp-hostname" in self.all
        self.options = [option for option in table["options"] if self._is_wanted(option["name"])]
        self.seconds = int(re.search(r"\(default (\d+)\)", self.all["timeout"]["help"]).group(1))

    def _split(self, name):
        return split_side(name) if self.has_sides else ("", name)

    def _is_wanted(self, name):
        rest = self._split(name)[1]
        return rest not in LEFT_OUT and rest not in SECRETS.values()

    def variable(self, name):
        return "%s_%s" % (self.name, name.replace("-", "_"))

    def macro(self, name):
        return '"$%s$"' % self.variable(name)

    def secrets(self):
        """(variable's option name, option that names the environment variable, environment variable)"""
        sides = [""] + (list(SIDES) if self.has_sides else [])
        pairs = [(side + secret, side + option) for side in sides for secret, option in SECRETS.items()]
        return [(name, option, "MAILCHECK_" + self.variable(name).upper()) for name, option in pairs
                if option in self.all]

    def is_secret_value(self, option):
        return option["secret"]

    def description(self, option):
        side = self._split(option["name"])[0]
        return (SIDES[side] + ": " if side and not option["in_help"] else "") + option["help"]

    def is_required(self, option):
        return option["help"].endswith("; required") or (option["name"] == "hostname" and "mx" not in self.all)

    def contradicted(self):
        return [name for name in NOT_WITH_ADDRESS if name in self.all]


def entry(key, lines):
    return ["    %s = {" % quoted(key), *("      " + line for line in lines), "    }"]


def given(macro):
    return "set_if = {{ !!macro(%s) }}" % macro


def counted(option, macro):
    """A flag that may be repeated: a variable holds how often."""
    key = "--" + option["name"]
    return ["value = {{", "  var words = []", "  var count = macro(%s)" % macro, "  if (count == true) {",
            "    count = 1", "  }", "  for (number in range(count)) {", "    words.add(%s)" % quoted(key), "  }",
            "  return words", "}}", "skip_key = true", given(macro)]


def optional_value(option, macro):
    """A value that may be left out: the variable is true, or a value, or an array of those."""
    key = "--" + option["name"]
    return ["value = {{", "  var words = []", "  var values = macro(%s)" % macro, "  if (typeof(values) != Array) {",
            "    values = [ values ]", "  }", "  for (value in values) {", "    if (value == true) {",
            "      words.add(%s)" % quoted(key), "    } else {", "      words.add(%s + value)" % quoted(key + "="),
            "    }", "  }", "  return words", "}}", "skip_key = true", given(macro)]


def argument(command, option):
    macro = command.macro(option["name"])
    text = folded("description = ", command.description(option))
    if option["value"] is None:
        lines = counted(option, macro) if option["repeatable"] else ["set_if = " + macro]
    elif option["value_optional"]:
        lines = optional_value(option, macro)
    else:
        lines = ["value = " + macro]
        # an array for an option of which the last one counts: better refused by the plugin than taken in part
        lines.append("repeat_key = " + ("true" if option["repeatable"] else "false"))
        lines += ["required = true"] * command.is_required(option)
        if option["name"] in ("hostname", "address", "timeout") and not command.is_required(option):
            lines.append(given(macro))
    return entry("--" + option["name"], [*text, *lines])


def arguments(command):
    lines = []
    for option in command.options:
        if not command.is_secret_value(option):
            lines += argument(command, option)
    for name, option, variable in command.secrets():
        lines += entry("--" + option, ["description = " + quoted(SECRET_HELP[split_side(name)[1]]),
                                       "value = " + quoted(variable), given(command.macro(name))])
    return ["  arguments = {", *lines, "  }"]


def default_variables(command):
    unless = " ||\n      ".join("macro(%s)" % command.macro(name) for name in command.contradicted())
    hostname = 'vars.%s = "$mailcheck_hostname$"' % command.variable("hostname")
    lines = [hostname]
    if "mx" in command.all:
        lines = ["vars.%s = {{" % command.variable("hostname"), "  if (macro(%s)) {" % command.macro("mx"),
                 '    return ""', "  }", '  return macro("$mailcheck_hostname$")', "}}"]
    lines += ["// not with what contradicts it", "vars.%s = {{" % command.variable("address"), "  if (%s) {" % unless,
              '    return ""', "  }", '  return macro("$mailcheck_address$")', "}}",
              "vars.%s = {{" % command.variable("timeout"), '  var seconds = macro("$service.check_timeout$")',
              "  if (seconds) {", "    return Math.max(1, seconds - %d)" % SECONDS_TO_SPARE, "  }", '  return ""', "}}",
              "vars.check_ipv4 = " + command.macro("ipv4"), "vars.check_ipv6 = " + command.macro("ipv6")]
    return ["  " + line for line in lines]


def commands(folder):
    text = [HEADER.format(spare=SECONDS_TO_SPARE)]
    for plugin in PLUGINS:
        command = Command(folder, plugin)
        lines = [*textwrap.wrap(command.sentence, 117, initial_indent="// ", subsequent_indent="// "),
                 'object CheckCommand "%s" {' % command.name, '  import "mailcheck-host"', "",
                 # the folder of packages; PluginContribDir is the administrator's own
                 '  command = [ PluginDir + "/%s" ]' % plugin,
                 "  timeout = %ds" % (command.seconds + SECONDS_TO_SPARE), "", *arguments(command), ""]
        for name, _, variable in command.secrets():
            lines.append("  env.%s = %s" % (variable, command.macro(name)))
        lines += ["" for _ in command.secrets()[:1]] + default_variables(command) + ["}"]
        text.append("\n".join(lines) + "\n")
    return "\n".join(text)


def data_type(command, option):
    """The Director's data type and its settings."""
    if option["secret"]:
        return "String", {"visibility": "hidden"}
    if option["value"] is None or option["value_optional"]:
        return "Boolean", {}
    if option["repeatable"]:
        return "Array", {}
    if option["completion"] == "choice" and option["value"] != "METHODS":  # those stand with commas between
        return "Datalist", {"behavior": "strict", "data_type": "string", "datalist": list_name(command, option)}
    return "String", {"visibility": "visible"}


def list_name(command, option):
    return "mailcheck " + command.variable(option["name"])


def caption(name):
    words = [word.upper() if word in ABBREVIATIONS else word for word in name.split("-")]
    return " ".join([words[0][0].upper() + words[0][1:], *words[1:]])


def datafield(command, option):
    kind, settings = data_type(command, option)
    return {"varname": command.variable(option["name"]), "caption": caption(option["name"]),
            "description": command.description(option), "datatype": DATA_TYPE + kind, "format": None,
            "settings": settings, "category": None}


def data_list(name, option):
    return {"list_name": name, "owner": "monitoring-plugins-mail",
            "entries": [{"entry_name": choice, "entry_value": choice, "format": "string", "allowed_roles": None}
                        for choice in option["choices"]]}


# seconds between checks, seconds before the next try, tries: as monitoring-plugins-mail(7) advises
USUAL_INTERVALS = (300, 60, 3)
INTERVALS = {"mail_tls": (3600, 60, 2), "mail_roundtrip": (300, 120, 2)}


def service_template(command):
    check, retry, attempts = INTERVALS.get(command.name, USUAL_INTERVALS)
    return {"object_name": template_name(command), "object_type": "template", "check_command": command.name,
            "check_interval": check, "retry_interval": retry, "max_check_attempts": attempts, "imports": [],
            "vars": {}, "fields": []}


def template_name(command):
    return "mail-" + command.name.replace("mail_", "").replace("_", "-")


def basket(folder):
    """The commands are not in it, only fields for them: mailcheck.conf has the commands, and the Director learns them
    from Icinga as external ones. The same objects twice would be refused at deployment."""
    external, templates, fields, lists = {}, {}, {}, {}
    for plugin in PLUGINS:
        command = Command(folder, plugin)
        numbers = []
        for name in COMMON_FIELDS[:1] + FIELDS[plugin] + COMMON_FIELDS[1:]:
            option = command.all[name]
            field = datafield(command, option)
            if "datalist" in field["settings"]:
                lists[list_name(command, option)] = data_list(list_name(command, option), option)
            numbers.append(len(fields) + 1)
            fields[str(numbers[-1])] = field
        external[command.name] = {
            "object_name": command.name, "object_type": "external_object",
            "fields": [{"datafield_id": number, "is_required": "n", "var_filter": None} for number in numbers]}
        templates[template_name(command)] = service_template(command)
    content = {"DataList": lists, "Datafield": fields, "ExternalCommand": external, "ServiceTemplate": templates}
    return json.dumps(content, indent=2) + "\n"


def main():
    makers = {"commands": commands, "basket": basket}
    if len(sys.argv) != 3 or sys.argv[2] not in makers:
        sys.exit(__doc__)
    sys.stdout.write(makers[sys.argv[2]](sys.argv[1]))


if __name__ == "__main__":
    main()
