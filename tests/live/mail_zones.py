"""The zones of the tests of DANE and MTA-STS: what DNS says of the servers that mail_internet.py starts.

Hosts of example.test, which is signed (all have the good certificate, which names only mail and imap, unless said
otherwise; the TLSA records are those of port 25):

  mail            matches (3 1 1), on the ports of submission, Dovecot and the policy of MTA-STS too
  imap            matches by the authority (2 1 1, the intermediate); on Postfix' port MX by the root, which the
                  server does not send
  anchored        the same authority, but the certificate does not have its name
  pinned          matches (3 1 1); the name is not in the certificate
  whole           matches by SHA-512 of the whole certificate (3 0 2)
  selfsigned      matches (3 1 1); self-signed certificate
  expired         matches (3 1 1); the certificate ended in 2025
  mismatch        another key
  rollover        this key and another
  unusable        only PKIX-EE (1 1 1), of the right key
  short           only a digest that is too short
  mixed           PKIX-EE of another key, and DANE-EE of the right one
  dual            RSA and ECDSA certificate, a record for ECDSA alone
  absent          no TLSA record
  forged          a TLSA record with a signature that does not fit
  alias           CNAME of mail
  escaping        CNAME of mail.insecure.test, no TLSA record of its own
  escaped         the same, with a record of its own that matches
  delegated       its TLSA record is a CNAME of that of mail
  sneaky          its TLSA record is a CNAME of that of mail.insecure.test
  starred         matches, by a wildcard
  crowded         so many records that the answer needs TCP; one matches
  plain           takes mail in clear only; has a TLSA record
  two, half       two addresses: the second has the expired certificate; nobody listens on it
  dead            nobody listens
  silent          somebody listens and never says a word (dane_test.py)
  choosy          chooses its certificate by the name that it is asked for (dane_test.py): its own gets that of the
                  record
  renamed         CNAME of choosy

insecure.test is not signed, lapsed.test has signatures of 2020, forged.test a forged address."""

import os

from dnssec_zone import Zone, tlsa

ZEROS = "0" * 64
GOOD, EXPIRED, PLAIN, SELF_SIGNED, DUAL, DEAD, SILENT, CHOOSY = ("127.0.0.%d" % last for last in range(1, 9))
POLICY, SILENT_POLICY = "127.0.0.80", "127.0.0.81"
# domain -> its MX records
EXCHANGES = {
    "good": ["10 mail", "20 imap"],
    "onebad": ["10 mail", "20 mismatch"],
    "deadmx": ["10 mail", "20 dead"],
    "nullmx": ["0 ."],
    "outside": ["10 mail.insecure.test."],
    "forgedmx": ["10 forged"],
    "forgedhost": ["10 mail.forged.test."],
    "lost": ["10 nowhere"],
    "plainmx": ["10 plain"],
    "addressmx": ["10 mail", "20 127.0.0.1."],
    "onlyaddress": ["10 127.0.0.1."],
    "slowmx": ["10 silent", "20 mail"],
    "manymx": ["10 mail", "10 imap", "10 pinned", "20 rollover", "30 whole"],
}
STS = '"v=STSv1; id=20260101T000000;"'
# domain -> the strings of its TXT records at _mta-sts (none: there is no record); POLICY answers for all of them
STS_DOMAINS = {
    **{name: [STS] for name in ("enforce", "testing", "none", "othermx", "wildcard", "redirect", "html", "missing",
                                "expired", "wrongname", "version", "huge", "endless", "short", "nomode", "noage",
                                "crlf", "charset", "error", "unknownmode", "nomx", "torn", "empty", "extension",
                                "testingother", "ageless")},
    "absent": [],
    "twice": [STS, '"v=STSv1; id=2"'],
    "noid": ['"v=STSv1;"'],
    "badid": ['"v=STSv1; id=not/an id;"'],
    "mixed": ['"something else"', STS],
    "split": ['"v=STSv1; " "id=20260101;"'],
    "foreign": ['"v=STSv2; id=1;"'],
}


def hosts(certificates, ports):
    """Address and TLSA records of the hosts. `ports`: name of a port of Dovecot or Postfix -> number."""
    def file(name):
        return os.path.join(certificates, name + ".pem")

    good, other = tlsa("3 1 1", file("good")), tlsa("3 1 1", file("good-rsa"))
    authority = tlsa("2 1 1", file("good"), 1)
    digest = good.split()[-1]
    lines = ["%s A %s" % (name, GOOD) for name in ("mail", "imap", "anchored", "pinned", "whole", "mismatch",
                                                    "rollover", "unusable", "short", "mixed", "absent", "forged",
                                                    "delegated", "two", "half", "sneaky", "starred", "crowded")]
    lines += ["expired A " + EXPIRED, "plain A " + PLAIN, "selfsigned A " + SELF_SIGNED,
              "dual A " + DUAL, "two A " + EXPIRED, "half A " + DEAD, "dead A " + DEAD, "silent A " + SILENT,
              "choosy A " + CHOOSY, "renamed CNAME choosy",
              "alias CNAME mail", "escaping CNAME mail.insecure.test.", "escaped CNAME mail.insecure.test.",
              "_25._tcp.delegated CNAME _25._tcp.mail", "_25._tcp.sneaky CNAME _25._tcp.mail.insecure.test.",
              "*._tcp.starred TLSA " + good]
    records = {
        "mail": [good], "imap": [authority], "anchored": [authority],
        "pinned": [good], "whole": [tlsa("3 0 2", file("good"))], "selfsigned": [tlsa("3 1 1", file("self-signed"))],
        "expired": [tlsa("3 1 1", file("expired"))], "mismatch": [other], "rollover": [other, good],
        "unusable": ["1 1 1 " + digest],
        "short": ["3 1 1 " + digest[:40]], "mixed": ["1 1 1 " + other.split()[-1], good],
        "dual": [good], "forged": ["3 1 1 " + ZEROS], "plain": [good], "two": [good], "half": [good], "dead": [good],
        "choosy": [other], "escaped": [good], "silent": [good],
        "crowded": ["3 1 1 %064x" % number for number in range(1, 40)] + [good]}
    lines += ["_25._tcp.%s TLSA %s" % (name, data) for name, several in records.items() for data in several]
    lines += ["_%s._tcp.mail TLSA %s" % (port, good) for port in ports.values()]
    lines += ["_%s._tcp.imap TLSA %s" % (ports["MX"], tlsa("2 1 1", file("root")))]
    return lines, {ZEROS: digest}


def domains():
    """MX records, and the records of MTA-STS, TLS-RPT and CAA."""
    lines = ["%s MX %s" % (name, one) for name, several in EXCHANGES.items() for one in several]
    for name, several in STS_DOMAINS.items():
        lines += ["_mta-sts.%s TXT %s" % (name, text) for text in several] + ["mta-sts.%s A %s" % (name, POLICY)]
    lines += ['_mta-sts.nohost TXT ' + STS, '_mta-sts.silent TXT ' + STS, "mta-sts.silent A " + SILENT_POLICY,
              '_mta-sts.refused TXT ' + STS, "mta-sts.refused A " + DEAD, "enforce MX 10 mail",
              '_smtp._tls.enforce TXT "v=TLSRPTv1; rua=mailto:reports@example.test"',
              '_smtp._tls.good TXT "v=TLSRPTv1; rua=mailto:reports@example.test"', '@ CAA 0 issue "ca.example"',
              '@ CAA 0 iodef "mailto:security@example.test"']
    return lines


def zones(certificates, ports):
    lines, forged = hosts(certificates, ports)
    good = tlsa("3 1 1", os.path.join(certificates, "good.pem"))
    return [Zone("example.test", lines + domains(), forged=forged),
            Zone("insecure.test", ["@ MX 10 mail.example.test.", "mail A " + GOOD, "_25._tcp.mail TLSA " + good,
                                   "strange MX 10 selfsigned.example.test."], "unsigned"),
            Zone("lapsed.test", ["@ MX 10 mail.example.test.", "mail A " + GOOD], "lapsed"),
            Zone("forged.test", ["mail A 127.0.0.99", "_25._tcp.mail TLSA " + good], forged={"127.0.0.99": GOOD}),
            Zone("", [], "unsigned")]  # so that nobody asks the world's root servers
