#!/bin/sh
# packaging/try.sh - builds the plugins, starts a private Dovecot (and for root a private Postfix) on loopback and shows
# what the plugins print, good and bad. Installs what it needs first; where that is there already it needs no root.
# Leaves nothing running and nothing behind but the folder build/.
# shellcheck disable=SC2086  # $good, $bad, $envelope, $letters and $again are several words each
set -u
top=$(cd "$(dirname "$0")/.." && pwd)
cd "$top" || exit 1
. packaging/progress.sh
. packaging/example.sh
unset SSL_CERT_FILE SSL_CERT_DIR CURL_CA_BUNDLE
[ $# -eq 0 ] || { sed -n '2,4s/^# \{0,1\}//p' "$0"; exit 2; }

sh packaging/needs.sh build live || exit 1
mkdir -p build
PROGRESS_LOG=$top/build/step.log
jobs=$(nproc 2>/dev/null || echo 2)
. packaging/compiler_cache.sh
step "configure (release)" cmake --preset release || exit 1
step "build (release)" cmake --build build/release -j "$jobs" || exit 1
plugins=$top/build/release/bin

env_file=$top/build/try/env
mail_file=$top/build/try/mail-env
memory=$top/build/try/memory
stop() {
  python3 -B tests/live/postfix.py stop "$mail_file"
  python3 -B tests/live/dovecot.py stop "$env_file"
  rm -rf "$memory"
}
trap stop EXIT
trap 'exit 130' INT
trap 'exit 143' TERM HUP
step "start a private Dovecot" python3 -B tests/live/dovecot.py start "$env_file" || exit 1
cat "$PROGRESS_LOG"
. "$env_file"
if [ "$(id -u)" -eq 0 ]; then
  step "start a private Postfix" python3 -B tests/live/postfix.py start "$mail_file" "$env_file" || exit 1
  cat "$PROGRESS_LOG"
  . "$mail_file"
fi

# imap WANTED TITLE CASE ARG...: check_imap_login as user probe against the address of a case (tests/live/dovecot.py)
imap() {
  wanted=$1 title=$2
  eval "address=\$LIVE_ADDRESS_$3"
  shift 3
  # shellcheck disable=SC2154  # eval sets address
  example "$wanted" "$title" check_imap_login -H "$LIVE_HOST" --address "$address" -p "$LIVE_IMAPS_PORT" \
    --tls implicit --ca-file "$LIVE_CA_FILE" -U probe "$@"
}
good="--password-file $LIVE_SECRETS/probe"
bad="--password-file $LIVE_SECRETS/wrong"

imap 0 "a good log in" GOOD $good
imap 0 "the same, with the steps shown" GOOD $good -v
imap 0 "look around: search, quota, folders, the newest header" GOOD $good --search UNSEEN --quota --list Entwürfe \
  --list Archive/2026/Rechnungen --fetch 1
imap 0 "10,000 messages" GOOD $good --mailbox Large
imap 1 "thresholds: too many unseen messages" GOOD $good -w unseen=:5 -c unseen=:50
imap 1 "a certificate that ends in ten days" ENDING $good -D 21,7
imap 2 "a wrong password" GOOD $bad
imap 0 "a wrong password that must be refused" GOOD $bad --refuse
imap 2 "an expired certificate" EXPIRED $good
imap 2 "a certificate for another host" WRONG_NAME $good
imap 2 "a folder that must exist" GOOD $good --list Gelöscht
example 2 "nobody listens" check_imap_login -H 127.0.0.1 -p 1 --tls implicit -U probe $good
example 3 "a bad option" check_imap_login -H "$LIVE_HOST" -w total=500ms
imap 0 "JSON, for Zabbix" GOOD $good --output json

# smtp WANTED TITLE PORT ARG...: check_smtp_submit against a port of the private Postfix (tests/live/postfix.py)
smtp() {
  wanted=$1 title=$2
  eval "port=\$MAIL_PORT_$3"
  shift 3
  # shellcheck disable=SC2154  # eval sets port
  example "$wanted" "$title" check_smtp_submit -H "$LIVE_HOST" --address 127.0.0.1 -p "$port" \
    --ca-file "$LIVE_CA_FILE" "$@"
}
envelope="--from probe@elsewhere.example --to letters@example.test"

if [ "$(id -u)" -eq 0 ]; then
  smtp 0 "a good submission, up to the recipient; nothing is sent" SUBMISSION -U probe $good $envelope
  smtp 0 "a message is sent, with the steps shown" SUBMISSION -U probe $good $envelope --send --subject 'a probe' -v
  smtp 2 "a wrong password" SUBMISSION -U probe $bad $envelope
  smtp 2 "an unknown recipient" MX --from probe@elsewhere.example --to nobody@example.test
  smtp 0 "a recipient that must be refused" MX --from probe@elsewhere.example --to nobody@example.test \
    --expect rcpt=550
  smtp 1 "greylisted" GREYLIST $envelope
  [ -z "${MAIL_PORT_LISTED:-}" ] || smtp 2 "this client is on a DNS list" LISTED $envelope
  smtp 0 "no open relay" MX --from probe@elsewhere.example --to somebody@foreign.example --open-relay-test
  smtp 2 "an expired certificate" EXPIRED $envelope
else
  printf '\ncheck_smtp_submit and check_mail_roundtrip are left out: the private Postfix needs root\n'
fi

# roundtrip WANTED TITLE PORT ARG...: check_mail_roundtrip from a port of Postfix over LMTP to Dovecot
roundtrip() {
  wanted=$1 title=$2
  eval "port=\$MAIL_PORT_$3"
  shift 3
  # shellcheck disable=SC2154  # eval sets port
  example "$wanted" "$title" check_mail_roundtrip -H "$LIVE_HOST" --address 127.0.0.1 --smtp-port "$port" \
    --imap-port "$LIVE_IMAPS_PORT" --imap-tls implicit --ca-file "$LIVE_CA_FILE" -U letters \
    --password-file "$LIVE_SECRETS/letters" --from letters@example.test "$@"
}
letters="--to letters@example.test"

if [ "$(id -u)" -eq 0 ]; then
  # a folder for junk is watched if it is there when the message is sent
  python3 -B tests/live/dovecot.py doveadm "$env_file" mailbox create -u letters Junk
  roundtrip 0 "a message is sent, seen to arrive, and removed" SUBMISSION $letters -v
  roundtrip 1 "a message that a filter files into Junk" SUBMISSION $letters --header 'X-Spam-Flag: YES'
  roundtrip 1 "greylisted" GREYLIST $letters --smtp-user ''
  roundtrip 2 "bounced" SUBMISSION --to vanished@example.test
  roundtrip 2 "not accepted" SUBMISSION --to nobody@example.test
  roundtrip 2 "not seen (this server takes mail for elsewhere and drops it)" SUBMISSION --to user@foreign.example \
    --wait 1
  again="--id again --state-dir $memory"
  roundtrip 0 "the same, left to the next run" SUBMISSION --to user@foreign.example --wait 1 $again
  roundtrip 2 "the next run: its own arrives, so the one before is lost" SUBMISSION $letters $again
  if unshare -n true 2>/dev/null; then
    printf '\nthe whole path of mail, in a network of its own: DNS, OpenDKIM, OpenDMARC ...\n'
    python3 -B tests/live/mail_path.py sh packaging/try_path.sh "$plugins" || wrong=$((wrong + $?))
  else
    printf '\nSPF, DKIM and DMARC are left out: this machine gives root no network name space\n'
  fi
fi

# tls WANTED TITLE ADDRESS PORT PROTOCOL ARG...: check_mail_tls against an address of Dovecot or Postfix
tls() {
  wanted=$1 title=$2 address=$3 port=$4 protocol=$5
  shift 5
  example "$wanted" "$title" check_mail_tls --hostname "$LIVE_HOST" --address "$address" --port "$port" \
    --protocol "$protocol" --ca-file "$LIVE_CA_FILE" "$@"
}
here=127.0.0.1

tls 0 "STARTTLS and a good certificate" $here "$LIVE_IMAP_PORT" imap
tls 0 "TLS from the first byte, with all that is seen" $here "$LIVE_IMAPS_PORT" imaps --verbose --verbose
tls 0 "ManageSieve" $here "$LIVE_SIEVE_PORT" sieve
tls 1 "ten days left of ninety: the limits follow the lifetime" "$LIVE_ADDRESS_ENDING" "$LIVE_POP3_PORT" pop3
tls 2 "an expired certificate" "$LIVE_ADDRESS_EXPIRED" "$LIVE_IMAP_PORT" imap
tls 2 "a certificate for another host" "$LIVE_ADDRESS_WRONG_NAME" "$LIVE_POP3S_PORT" pop3s
tls 2 "a certificate signed by itself" "$LIVE_ADDRESS_SELF_SIGNED" "$LIVE_SIEVE_PORT" sieve
tls 2 "plain text where TLS should be" $here "$LIVE_IMAP_PORT" imaps
tls 2 "an RSA certificate is missing" $here "$LIVE_IMAPS_PORT" imaps --both-key-types
tls 3 "a range without a label" $here "$LIVE_IMAP_PORT" imap --warning 20
tls 0 "JSON, for Zabbix" $here "$LIVE_IMAP_PORT" imap --output json
if [ "$(id -u)" -eq 0 ]; then
  tls 0 "submission" $here "$MAIL_PORT_SUBMISSION" submission
  tls 2 "STARTTLS is not offered" $here "$MAIL_PORT_NO_TLS" smtp
  tls 1 "TLS 1.0 and 1.1 are accepted" $here "$MAIL_PORT_MX" smtp --old-protocols
fi

cat <<END

The plugins are in $plugins
Point them at a server of your own, with the password in a file that only the monitoring user can read:
  $plugins/check_imap_login -H mail.example.org -U user --password-file FILE -v
  $plugins/check_smtp_submit -H mail.example.org -U user --password-file FILE --from A --to B -v
  $plugins/check_mail_roundtrip -H mail.example.org -U user --password-file FILE --from A --to A -v
  $plugins/check_mail_tls --hostname mail.example.org --protocol imaps -v
  $plugins/check_mail_tls --mx example.org --dane=if-present -v
END
[ "$wrong" -eq 0 ] || { echo "$wrong of the examples did not end as expected"; exit 1; }
