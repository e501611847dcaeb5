#!/usr/bin/env python3
"""mail_internet.py COMMAND... - runs a command (a test; a shell to look around) in a small internet of mail: a network
name space with Dovecot, Postfix on port 25 of several addresses, and DNSSEC-signed zones with a validating resolver.

Needs root. The command finds what runs in its environment: LIVE_ENV (dovecot.py), MAIL_ENV (postfix.py), NET_RESOLVER
and NET_REMOTE_RESOLVER (the same, beyond loopback), NET_AUTHORITY (the name server itself, which validates nothing),
NET_LOG (the resolver's). mail_zones.py says what is where."""

import os
import signal
import subprocess
import sys
import tempfile
import time

import dovecot
import mail_zones
import name_space
import postfix
from dnssec_zone import NameServers

REMOTE = "192.0.2.53"
PORT_25 = """\
{GOOD}:25 inet n - n - - smtpd
  -o smtpd_tls_security_level=may
{EXPIRED}:25 inet n - n - - smtpd
  -o smtpd_tls_security_level=may
  -o smtpd_tls_chain_files={files}/expired.key,{files}/expired.pem
{PLAIN}:25 inet n - n - - smtpd
  -o smtpd_tls_security_level=none
{SELF_SIGNED}:25 inet n - n - - smtpd
  -o smtpd_tls_security_level=may
  -o smtpd_tls_chain_files={files}/self-signed.key,{files}/self-signed.pem
{DUAL}:25 inet n - n - - smtpd
  -o smtpd_tls_security_level=may
  -o smtpd_tls_chain_files={files}/good.key,{files}/good.pem,{files}/good-rsa.key,{files}/good-rsa.pem
"""


def services(certificates):
    places = {name: getattr(mail_zones, name) for name in ("GOOD", "EXPIRED", "PLAIN", "SELF_SIGNED", "DUAL")}
    return PORT_25.format(files=certificates, **places)


def ports(live, mail):
    """The ports that have a TLSA record besides 25."""
    several = {name: live["LIVE_%s_PORT" % name] for name in dovecot.PORTS if name != "AUTH"}
    several.update({name: mail["MAIL_PORT_" + name] for name in ("SUBMISSION", "SUBMISSIONS", "EXPIRED", "MX")})
    return several


def run(command, folder):
    """Starts everything, runs the command, ends everything; returns the command's exit code."""
    live_file, mail_file = os.path.join(folder, "live-env"), os.path.join(folder, "mail-env")
    try:
        dovecot.start(live_file)
        live = dovecot.read_env(live_file)
        certificates = live["LIVE_CERTIFICATES"]
        postfix.start(mail_file, live_file, postfix.Extras(services(certificates)))
        zones = mail_zones.zones(certificates, ports(live, dovecot.read_env(mail_file)))
        with NameServers(zones, ["127.0.0.1", REMOTE]) as servers:
            environment = {"LIVE_ENV": live_file, "MAIL_ENV": mail_file, "NET_RESOLVER": servers.resolver,
                           "NET_REMOTE_RESOLVER": servers.resolvers[1], "NET_AUTHORITY": servers.authority,
                           "NET_LOG": os.path.join(servers.folder, "unbound.log")}
            print("unbound answers on %s; folder %s" % (servers.resolver, servers.folder), flush=True)
            return subprocess.run(command, env={**os.environ, **environment}, check=False).returncode
    finally:
        postfix.stop(mail_file)
        dovecot.stop(live_file)


def main():
    if len(sys.argv) < 2:
        sys.exit(__doc__)
    if os.geteuid() != 0:
        sys.exit("mail_internet.py: this needs root")
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(143))
    begin = time.monotonic()
    name_space.enter()
    name_space.add_address(REMOTE)
    with tempfile.TemporaryDirectory(prefix="mailcheck-net.") as folder:
        code = run(sys.argv[1:], folder)
    print("%.1f s in all" % (time.monotonic() - begin))
    sys.exit(code)


if __name__ == "__main__":
    main()
