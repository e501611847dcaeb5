#!/bin/sh
# try_path.sh FOLDER - the part of try.sh that runs inside tests/live/mail_path.py: how mail is authenticated on its
# way, and what a queue does to it. FOLDER is that of the plugins. The exit code is the number of examples that did not
# end as expected.
# shellcheck disable=SC2086  # $trusted is two words
set -u
cd "$(dirname "$0")/.." || exit 1
plugins=$1
. packaging/example.sh
. "$LIVE_ENV"
. "$MAIL_ENV"

# path WANTED TITLE PORT ARG...: check_mail_roundtrip over submission, OpenDKIM, the recipient's MX, OpenDMARC and LMTP
path() {
  wanted=$1 title=$2
  eval "port=\$MAIL_PORT_$3"
  shift 3
  # shellcheck disable=SC2154  # eval sets port
  example "$wanted" "$title" check_mail_roundtrip -H "$LIVE_HOST" --smtp-port "$port" \
    --imap-port "$LIVE_IMAPS_PORT" --imap-tls implicit --ca-file "$LIVE_CA_FILE" -U letters \
    --password-file "$LIVE_SECRETS/letters" --to letters@example.test "$@"
}

# what is on hold in Postfix goes its way; returns when it has arrived
let_go() {
  PLUGIN=$plugins/check_mail_roundtrip python3 -B -c \
    'import sys; sys.path.insert(0, "tests/live"); import roundtrip_harness; roundtrip_harness.let_go()'
}
trusted="--authserv-id $PATH_AUTHSERV_ID"
memory=$(mktemp -d)
trap 'rm -rf "$memory"' EXIT

path 0 "signed, and aligned with From" PATH --from letters@example.test $trusted --require spf,dkim,dmarc \
  --alignment strict
path 2 "no signature, where one is required" PATH --from letters@unsigned.test $trusted --require dkim
path 0 "the tree walk through DNS; the policy protects nobody" PATH --from letters@lenient.test $trusted \
  --alignment relaxed --resolver 127.0.0.1 -vv
path 0 "a queue holds the message" PATH_HOLD --from letters@example.test --state-dir "$memory" --wait 1
let_go
path 0 "the queue has let it go, and the next run finds it" PATH --from letters@example.test --state-dir "$memory" -v
exit "$wrong"
