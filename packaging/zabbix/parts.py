"""The parts that the templates are made of: items, triggers and discovery rules of one check."""

import hashlib

STATES = {"0": "OK", "1": "WARNING", "2": "CRITICAL", "3": "UNKNOWN"}
FAILED = ("The plugin printed no JSON. Is it installed, may this user run it, and is its --timeout below that of the "
          "item?")


def uuid(*names):
    """The same for the same names, in the form of a random one (version 4), which Zabbix insists on."""
    digest = bytearray(hashlib.sha256("\n".join(("monitoring-plugins-mail", *names)).encode()).digest()[:16])
    digest[6] = digest[6] & 0x0F | 0x40
    digest[8] = digest[8] & 0x3F | 0x80
    return digest.hex()


def tags(component):
    return [{"tag": "component", "value": component}]


class Value:
    """One number or text of the check's JSON. Without a kind it is a count."""

    def __init__(self, name, words, path, kind="UNSIGNED", units="", values=None):
        self.name, self.words, self.path, self.kind, self.units, self.values = name, words, path, kind, units, values


def seconds(name, words):
    return Value(name, words, "$.steps.%s" % name, "FLOAT", "s")


def days(name, words):
    return metric(name, words, "FLOAT", "!days")


def metric(name, words, kind="UNSIGNED", units="", values=None):
    return Value(name, words, "$.metrics[?(@.label=='%s')].value.first()" % name, kind, units, values)


CODE = Value("code", "state", "$.code", values="State of a check")
SUMMARY = Value("summary", "what happened", "$.summary", "TEXT")


class Parts:
    """`check` is the word in keys (imap), `title` that in names, `template` whose they are. With a `row` of a discovery
    rule ({#PROTOCOL}) all items and triggers are prototypes."""

    def __init__(self, template, check, title, row=""):
        self.template, self.check, self.title, self.row = template, check, title, row

    def key(self, name, *parameters):
        inside = ",".join(part for part in (self.row, *parameters) if part)
        return "mail.%s.%s%s" % (self.check, name, "[%s]" % inside if inside else "")

    def name(self, words):
        return "%s%s: %s" % (self.title, " " + self.row if self.row else "", words)

    def macro(self, name):
        return "{$MAIL.%s:%s}" % (name, self.check)

    def uuid(self, *names):
        return uuid(self.template, self.check, *names)

    def master(self, source):
        return {"uuid": self.uuid("item", "json"), "name": self.name("JSON of the check"), **source,
                "history": "1d", "trends": "0", "value_type": "TEXT",
                "description": "What the plugin printed: see plugin-output.schema.json of monitoring-plugins-mail.",
                "tags": tags("raw")}

    def item(self, value, master):
        must_be_there = value in (CODE, SUMMARY)
        step = {"type": "JSONPATH", "parameters": [value.path]}
        step.update({"error_handler": "CUSTOM_ERROR", "error_handler_params": FAILED} if must_be_there else
                    {"error_handler": "DISCARD_VALUE"})
        item = {"uuid": self.uuid("item", value.name), "name": self.name(value.words), "type": "DEPENDENT",
                "key": self.key(value.name), "delay": "0"}
        if value.kind == "TEXT":
            item["trends"] = "0"
        if value.kind != "UNSIGNED":
            item["value_type"] = value.kind
        if value.units:
            item["units"] = value.units
        if value.values:
            item["valuemap"] = {"name": value.values}
        item.update({"preprocessing": [step], "master_item": {"key": master}, "tags": tags(self.check)})
        return item

    def discovery(self, name, words, script, prototype, master):
        """A rule that makes an item of each row that `script` reads from the JSON."""
        return {"uuid": self.uuid("rule", name), "name": self.name(words), "type": "DEPENDENT",
                "key": self.key(name), "delay": "0", "item_prototypes": [prototype], "master_item": {"key": master},
                "preprocessing": [
                    {"type": "JAVASCRIPT", "parameters": [script]},
                    {"type": "DISCARD_UNCHANGED_HEARTBEAT", "parameters": ["1h"]}]}

    def prototype(self, name, words, row, path, units):
        return {"uuid": self.uuid("prototype", name), "name": self.name(words), "type": "DEPENDENT",
                "key": self.key(name, row), "delay": "0", "value_type": "FLOAT", "units": units,
                "preprocessing": [{"type": "JSONPATH", "parameters": [path], "error_handler": "DISCARD_VALUE"}],
                "tags": tags(self.check) + tags(name)}

    # --- triggers

    def of(self, function, name, *parameters):
        return "%s(%s)" % (function, ",".join(["/%s/%s" % (self.template, self.key(name)), *parameters]))

    def trigger(self, name, expression, words, priority, description, **more):
        return {"uuid": self.uuid("trigger", name), "expression": expression, "name": self.name(words),
                "priority": priority, "description": description, "tags": [{"tag": "scope", "value": "mail"}], **more}

    def said(self, words):
        """The name of an event, with what the plugin said last."""
        return "%s: {?last(/{HOST.HOST}/%s)}" % (self.name(words), self.key("summary"))

    def state_triggers(self):
        for state, priority in (("2", "HIGH"), ("1", "WARNING"), ("3", "AVERAGE")):
            word = STATES[state]
            yield self.trigger(
                word, "%s=%s and %s>0" % (self.of("last", "code"), state,
                                          self.of("min", "code", self.macro("FAILURES"))), word, priority,
                "The last run was %s, and so many runs in a row were not OK: %s. One failure is no alarm."
                % (word, self.macro("FAILURES")), event_name=self.said(word),
                recovery_mode="RECOVERY_EXPRESSION",
                recovery_expression="%s=0" % self.of("count", "code", self.macro("SUCCESSES"), '"eq"',
                                                     '"%s"' % state))

    def silence_trigger(self):
        return self.trigger("silence", "%s=1" % self.of("nodata", "code", self.macro("NODATA")),
                            "no result for " + self.macro("NODATA"), "AVERAGE",
                            "The check does not run, takes longer than the item may, or prints no JSON: see the error "
                            "of the items.")

    def limit_trigger(self, name, words, macro):
        """Too high in so many runs in a row."""
        expression = "%s>%s" % (self.of("min", name, self.macro("FAILURES")), self.macro(macro))
        return self.trigger(name + " limit", expression, words, "WARNING",
                            "So many runs in a row: %s." % self.macro("FAILURES"))

    def certificate_triggers(self, name, words):
        warning, critical = self.macro("DAYS.WARNING"), self.macro("DAYS.CRITICAL")
        last = self.of("last", name)
        ends = words + " ends in {ITEM.LASTVALUE1}"
        yield self.trigger(name + " critical", "%s<%s" % (last, critical), "%s ends in less than %s days"
                           % (words, critical), "HIGH", "Negative: it has ended.", event_name=self.name(ends))
        yield self.trigger(name + " warning", "%s<%s and %s>=%s" % (last, warning, last, critical),
                           "%s ends in less than %s days" % (words, warning), "WARNING", "Has its renewal failed?",
                           event_name=self.name(ends))
