#!/usr/bin/env python3
"""mail_path.py COMMAND... - runs a command (a test; a shell to look around) where mail goes its whole way: a network
and a mount name space with Dovecot, Postfix, OpenDKIM, OpenDMARC, postgrey, and a resolver with zones for all of them.

  client, logged in -> submission: OpenDKIM signs -> MX of the recipient's domain, found by DNS, over another address:
  OpenDKIM verifies, OpenDMARC checks SPF and DMARC -> LMTP -> Dovecot, where Sieve files marked mail into Junk

One Postfix does both: what is submitted leaves by its SMTP client from OUTSIDE to INSIDE; neither is loopback, which
SPF always believes. Submission is on ports of its own:

  MAIL_PORT_PATH      as above; MAIL_PORT_PATHS is the same with implicit TLS
  MAIL_PORT_PATH_GREY the same behind postgrey, which lets mail in after GREYLIST_SECONDS
  MAIL_PORT_PATH_HOLD the same, but the message is put on hold (postsuper -H lets it go)

Domains to send from (DOMAINS): example.test wants DMARC (p=reject), lenient.test does not insist (p=none); mail of both
is signed. unsigned.test has SPF only, stranger.test says that its mail comes from elsewhere. All recipients are of
example.test; "vanished" is known to Postfix, but not to Dovecot: its mail comes back.

Needs root. The command finds LIVE_ENV (dovecot.py), MAIL_ENV (postfix.py) and PATH_LOG (the milters' and name servers'
folders) in its environment; /etc/resolv.conf is that of the resolver, 127.0.0.1."""

import os
import signal
import subprocess
import sys
import tempfile
import time

import dovecot
import name_space
import postfix
from dnssec_zone import NameServers, Zone
from milters import Milters

OUTSIDE, INSIDE = "192.0.2.25", "192.0.2.26"
AUTHSERV_ID = "mx.example.test"
GREYLIST_SECONDS = 4
SIGNED = ["example.test", "lenient.test"]
HERE = '"v=spf1 ip4:%s -all"' % OUTSIDE
# domain -> SPF and DMARC
DOMAINS = {
    "example.test": (HERE, '"v=DMARC1; p=reject"'),
    "lenient.test": (HERE, '"v=DMARC1; p=none"'),
    "unsigned.test": (HERE, '"v=DMARC1; p=reject"'),
    "stranger.test": ('"v=spf1 ip4:198.51.100.1 -all"', '"v=DMARC1; p=reject"'),
}
SUBMISSION = """\
127.0.0.1:@{name}_PORT@ inet n - n - - smtpd
  -o smtpd_tls_security_level=encrypt
  -o smtpd_sasl_auth_enable=yes
  -o smtpd_client_restrictions=permit_sasl_authenticated,reject
  -o smtpd_milters=inet:127.0.0.1:{signer}
  -o content_filter=outward:example.test
"""
SPECIAL = {
    "PATH": "",
    "PATHS": "  -o smtpd_tls_wrappermode=yes\n",
    "PATH_GREY": "  -o smtpd_recipient_restrictions=check_policy_service,inet:127.0.0.1:@POLICY_PORT@\n",
    "PATH_HOLD": "  -o smtpd_end_of_data_restrictions=check_client_access,static:HOLD\n",
}
# The MX believes in nobody: a sender's domain must exist, and for that it asks DNS. It takes one message at a time:
# several at once sooner or later crash the OpenDKIM that verifies (2.11.0 with libunbound).
REST = """\
outward unix - - n - 1 smtp
  -o smtp_bind_address={outside}
  -o smtp_helo_name=out.example.test
  -o smtp_connection_cache_on_demand=no
{inside}:25 inet n - n - 1 smtpd
  -o myhostname={authserv_id}
  -o smtpd_tls_security_level=may
  -o smtpd_sender_restrictions=reject_unknown_sender_domain
  -o smtpd_milters=inet:127.0.0.1:{verifier},inet:127.0.0.1:{dmarc}
"""


def services(ports):
    text = "".join(SUBMISSION.format(name=name, signer=ports["SIGNER"]) + line for name, line in SPECIAL.items())
    return text + REST.format(outside=OUTSIDE, inside=INSIDE, authserv_id=AUTHSERV_ID, verifier=ports["VERIFIER"],
                              dmarc=ports["DMARC"])


def zones(milters):
    several = []
    for name, (spf, dmarc) in DOMAINS.items():
        records = ["@ MX 10 mx.example.test.", "@ TXT " + spf, "_dmarc TXT " + dmarc]
        if name in SIGNED:
            records.append("%s._domainkey TXT %s" % (milters.selector, milters.record))
        several.append(Zone(name, records, "unsigned"))
    several[0].records += ["mx A " + INSIDE, "out A " + OUTSIDE, "mail A 127.0.0.1"]
    reverse = Zone("2.0.192.in-addr.arpa", ["25 PTR out.example.test.", "26 PTR mx.example.test."], "unsigned")
    return [*several, reverse, Zone("", [], "unsigned")]  # the root, so that nobody asks the world's


def run(command, folder):
    """Starts everything, runs the command, ends everything; returns the command's exit code."""
    live_file, mail_file = os.path.join(folder, "live-env"), os.path.join(folder, "mail-env")
    milters = Milters(SIGNED, AUTHSERV_ID)
    try:
        dovecot.start(live_file)
        with NameServers(zones(milters), port=53) as servers, milters:
            postfix.start(mail_file, live_file, postfix.Extras(services(milters.ports), GREYLIST_SECONDS, False))
            environment = {"LIVE_ENV": live_file, "MAIL_ENV": mail_file, "PATH_AUTHSERV_ID": AUTHSERV_ID,
                           "PATH_LOG": servers.folder + ":" + milters.folder}
            sys.stdout.flush()
            try:
                return subprocess.run(command, env={**os.environ, **environment}, check=False).returncode
            finally:
                postfix.stop(mail_file)
    finally:
        dovecot.stop(live_file)


def end(*_):
    signal.signal(signal.SIGTERM, signal.SIG_IGN)  # a second one must not stop the clearing away
    sys.exit(143)


def main():
    if len(sys.argv) < 2:
        sys.exit(__doc__)
    if os.geteuid() != 0:
        sys.exit("mail_path.py: this needs root")
    signal.signal(signal.SIGTERM, end)
    begin = time.monotonic()
    name_space.enter()
    for number, address in enumerate((OUTSIDE, INSIDE), 1):
        name_space.add_address(address, number)
    with tempfile.TemporaryDirectory(prefix="mailcheck-path.") as folder:
        resolver = os.path.join(folder, "resolv.conf")
        with open(resolver, "w", encoding="ascii") as file:
            file.write("nameserver 127.0.0.1\noptions timeout:2 attempts:2\n")
        name_space.use_resolver(resolver)
        code = run(sys.argv[1:], folder)
    print("%.1f s in all" % (time.monotonic() - begin))
    sys.exit(code)


if __name__ == "__main__":
    main()
