#!/bin/sh
# needs.sh SET... - installs what a job needs and nothing more. SET: build, deb, rpm, test, live, systems, bench, lint.
#
# A guest: where the packages are there already it does nothing and needs no root. Otherwise it is root or uses sudo,
# lets the package manager remove nothing, starts nothing, and disables again what a fresh package enabled. Where
# another IMAP server is installed, or without root, `live` unpacks a Dovecot into a private folder instead of
# installing one. Postfix and postgrey are never installed, only unpacked (Debian), for root: Postfix runs as root only.
# Nor are nsd, unbound, OpenDKIM and OpenDMARC: they belong to nobody's machine because of a test.
# Debian and Ubuntu: tested on Debian 12. Fedora and RHEL (with EPEL): the names are theirs, but UNTESTED.
# shellcheck disable=SC2086,SC2046  # lists of packages are words on purpose
set -eu
here=$(cd "$(dirname "$0")" && pwd)
. "$here/progress.sh"
PATH=$PATH:/usr/sbin:/sbin
export PATH

dovecot="dovecot-core dovecot-imapd dovecot-lmtpd dovecot-pop3d dovecot-sieve dovecot-managesieved"
live_tools="openssl python3 util-linux mount perl"

packages_debian() {
  case $1 in
    build) echo g++ cmake ninja-build ccache pkg-config libssl-dev libfmt-dev libcli11-dev nlohmann-json3-dev \
      libexpected-dev libidn-dev libidn2-dev libpsl-dev libcurl4-openssl-dev ;;
    deb) echo build-essential debhelper ;;
    rpm) echo rpm file ;;
    test) echo catch2 man-db mandoc zsh fish python3 python3-jsonschema openssl ;;
    live) echo $dovecot $live_tools ;;
    systems) echo mmdebstrap lintian rpmlint binutils python3 util-linux mount ;;
    bench) echo monitoring-plugins-basic monitoring-plugins-contrib libmail-imapclient-perl libio-socket-ssl-perl \
      libnet-smtp-tls-perl libnet-ssleay-perl swaks strace openssl bc bind9-host file hostname ;;
    lint) echo clang-format clang-tidy ;;
    *) return 1 ;;
  esac
}

packages_fedora() {
  case $1 in
    build) echo gcc-c++ cmake ninja-build ccache pkgconf-pkg-config openssl-devel fmt-devel cli11-devel json-devel \
      expected-devel libidn-devel libidn2-devel libpsl-devel libcurl-devel libstdc++-static ;;
    deb) echo dpkg-dev debhelper ;;
    rpm) echo rpm-build ;;
    test) echo catch-devel man-db mandoc zsh fish python3 python3-jsonschema openssl ;;
    live) echo dovecot dovecot-pigeonhole postfix postgrey nsd unbound ldns-utils opendkim opendmarc \
      openssl python3 util-linux ;;
    systems) echo rpmlint binutils ;;  # the systems themselves are Debian's
    bench) echo nagios-plugins-tcp nagios-plugins-smtp perl-Mail-IMAPClient perl-IO-Socket-SSL swaks strace openssl bc \
      bind-utils file hostname ;;
    lint) echo clang-tools-extra ;;
    *) return 1 ;;
  esac
}

as_root() {
  if [ "$(id -u)" -eq 0 ]; then "$@"; else sudo "$@"; fi
}

may_be_root() {
  [ "$(id -u)" -eq 0 ] || command -v sudo >/dev/null 2>&1
}

die() {
  echo "needs.sh: $*" >&2
  exit 1
}

# --- Debian and Ubuntu

missing_debian() {
  for package in "$@"; do
    case $(dpkg-query -W -f='${Status}' "$package" 2>/dev/null) in
      'install ok installed') ;;
      *) printf '%s ' "$package" ;;
    esac
  done
}

apt() {
  as_root env DEBIAN_FRONTEND=noninteractive NEEDRESTART_SUSPEND=1 apt-get -q -o DPkg::Lock::Timeout=300 "$@"
}

apt_simulate() {
  LC_ALL=C apt-get -q -s --no-install-recommends "$@"
}

refresh_lists() {
  step "package lists: apt-get update" apt update
}

policy=/usr/sbin/policy-rc.d
policy_is_ours=no
forbid_starts() {
  [ -e "$policy" ] && return 0
  policy_is_ours=yes
  trap allow_starts EXIT
  trap 'exit 130' INT
  trap 'exit 143' TERM HUP
  printf '#!/bin/sh\nexit 101\n' | as_root tee "$policy" >/dev/null
  as_root chmod 755 "$policy"
}

allow_starts() {
  [ "$policy_is_ours" = no ] || as_root rm -f "$policy"
  policy_is_ours=no
  rm -f "$PROGRESS_LOG"
}

# The services that came with packages that were not here before: none of them stays enabled.
disable_services() {
  for package in "$@"; do
    dpkg -L "$package" 2>/dev/null | sed -n 's#^/etc/init\.d/##p' | while read -r name; do
      as_root update-rc.d "$name" disable >/dev/null 2>&1 || true
    done
    dpkg -L "$package" 2>/dev/null | sed -n 's#^\(/usr\)\{0,1\}/lib/systemd/system/\([^/@]*\.[a-z]*\)$#\2#p' | sort -u |
      while read -r unit; do
        if [ -d /run/systemd/system ]; then as_root systemctl --quiet stop "$unit" >/dev/null 2>&1 || true; fi
        as_root deb-systemd-helper disable "$unit" >/dev/null 2>&1 || true
      done
  done
}

install_debian() {
  may_be_root || die "these packages are missing, and here is neither root nor sudo: $*"
  apt_simulate install --no-remove "$@" >/dev/null 2>&1 || refresh_lists
  plan=$(apt_simulate install --no-remove "$@") || die "apt-get cannot install these without removing others: $*"
  fresh=$(printf '%s\n' "$plan" | awk '$1 == "Inst" && $3 !~ /^\[/ {print $2}')
  forbid_starts
  if ! step "packages: $*" apt install -y --no-remove --no-install-recommends "$@"; then
    refresh_lists  # the lists may be older than the archive
    step "packages, once more: $*" apt install -y --no-remove --no-install-recommends "$@" || die "apt-get failed"
  fi
  disable_services $fresh
  allow_starts
}

# True when Dovecot's packages cannot simply be installed: an IMAP server is there (if it is a Dovecot without LMTP, the
# package would add LMTP to it), or nobody is root.
must_unpack() {
  may_be_root || return 0
  for other in $(apt-cache showpkg imap-server 2>/dev/null | awk 'found {print $1} /^Reverse Provides/ {found = 1}'); do
    [ -n "$(missing_debian "$other")" ] || return 0
  done
  return 1
}

live_debian() {
  if [ -n "$(missing_debian $dovecot)" ] && must_unpack; then
    missing=$(missing_debian $live_tools)
    [ -z "$missing" ] || install_debian $missing
    if may_be_root && ! has_candidate dovecot-core; then refresh_lists; fi
    python3 "$here/unpack_dovecot.py" "$here/../build/dovecot-root"
  else
    missing=$(missing_debian $dovecot $live_tools)
    [ -z "$missing" ] || install_debian $missing
  fi
  live_name_servers_debian
  live_postfix_debian
}

has_candidate() {
  LC_ALL=C apt-cache policy "$1" | grep -q 'Candidate: [0-9]'
}

live_name_servers_debian() {
  [ -n "$(missing_debian nsd unbound ldnsutils)" ] || return 0
  if may_be_root && ! has_candidate nsd; then refresh_lists; fi
  python3 "$here/unpack_name_servers.py" "$here/../build/name-servers-root"
}

live_postfix_debian() {
  if [ "$(id -u)" -ne 0 ]; then
    echo "needs.sh: Postfix needs root, so check_smtp_submit is not tried against one here"
    return 0
  fi
  if [ -n "$(missing_debian postfix postgrey)" ]; then
    if ! has_candidate postgrey; then refresh_lists; fi
    python3 "$here/unpack_postfix.py" "$here/../build/postfix-root"
  fi
  [ -n "$(missing_debian opendkim opendmarc)" ] || return 0
  if ! has_candidate opendmarc; then refresh_lists; fi
  python3 "$here/unpack_milters.py" "$here/../build/milters-root"
}

# --- Fedora and RHEL (untested)

install_fedora() {
  missing=
  for package in "$@"; do rpm -q --quiet --whatprovides "$package" || missing="$missing $package"; done
  [ -n "$missing" ] || return 0
  may_be_root || die "these packages are missing, and here is neither root nor sudo:$missing"
  plan=$(as_root env LC_ALL=C dnf install --assumeno --setopt=install_weak_deps=False $missing 2>&1 || true)
  if echo "$plan" | grep -Eqi '^ *(removing|erasing|downgrading)'; then
    die "dnf would remove packages for:$missing"
  fi
  step "packages:$missing" as_root dnf install -y --setopt=install_weak_deps=False $missing || die "dnf failed"
}

[ $# -gt 0 ] || { sed -n '2,8s/^# \{0,1\}//p' "$0"; exit 2; }
PROGRESS_LOG=$(mktemp)
trap 'rm -f "$PROGRESS_LOG"' EXIT
if command -v apt-get >/dev/null 2>&1; then
  wanted=
  live=no
  for set in "$@"; do
    if [ "$set" = live ]; then live=yes; continue; fi
    wanted="$wanted $(packages_debian "$set")" || die "no such set: $set"
  done
  missing=$(missing_debian $wanted)
  # builds are only slower without it: no reason to ask for root
  [ "$missing" != "ccache " ] || may_be_root || missing=
  # one transaction is quicker than two
  if [ "$live" = yes ] && [ -n "$missing" ] && may_be_root && ! must_unpack; then
    missing="$missing $(missing_debian $(packages_debian live))"
  fi
  [ -z "$missing" ] || install_debian $missing
  [ "$live" = no ] || live_debian
elif command -v dnf >/dev/null 2>&1; then
  for set in "$@"; do
    wanted=$(packages_fedora "$set") || die "no such set: $set"
    install_fedora $wanted
  done
else
  echo "needs.sh: neither apt-get nor dnf is here; going on with what is installed. Wanted, by Debian's names:"
  for set in "$@"; do echo "  $(packages_debian "$set")"; done
fi
