#!/bin/sh
# tests/bench/run.sh [RUNS] - our plugins beside today's, on one private Dovecot and one private Postfix (needs root):
# CPU, wall clock, peak memory. check_imap_login beside check_simap (monitoring-plugins) and check_imap_receive (Perl,
# check_email_delivery), which CA files are read, and its step times beside captured packets (needs root);
# check_smtp_submit beside check_smtp (monitoring-plugins), check_smtp_send (Perl, check_email_delivery) and swaks;
# check_mail_tls beside check_smtp -D, check_simap -D and check_ssl_cert (monitoring-plugins-contrib);
# check_mail_roundtrip beside check_email_delivery, and when it sees a message that Dovecot stored.
# Installs what it needs. Exit code 1 if a target is missed.
set -u
top=$(cd "$(dirname "$0")/../.." && pwd)
cd "$top" || exit 1
. packaging/progress.sh
unset SSL_CERT_FILE SSL_CERT_DIR CURL_CA_BUNDLE
sh packaging/needs.sh build live bench || exit 1
mkdir -p build/bench
PROGRESS_LOG=$top/build/step.log
step "configure (release)" cmake --preset release || exit 1
step "build (release)" cmake --build build/release || exit 1
step "build the measuring program" c++ -std=c++20 -O2 -o build/bench/measure tests/bench/measure.cc || exit 1
# What is measured is what is installed, like the others: the linker's own output file costs 0.2 ms more a run, since it
# lies in the page cache in smaller pieces.
step "install below build/bench" cmake --install build/release --strip --prefix "$top/build/bench/installed" || exit 1
plugin=$(find "$top/build/bench/installed" -type f -perm -u+x -name check_imap_login)
smtp_plugin=$(find "$top/build/bench/installed" -type f -perm -u+x -name check_smtp_submit)
tls_plugin=$(find "$top/build/bench/installed" -type f -perm -u+x -name check_mail_tls)
roundtrip_plugin=$(find "$top/build/bench/installed" -type f -perm -u+x -name check_mail_roundtrip)
env_file=$top/build/bench/env
mail_file=$top/build/bench/mail-env
stop() {
  python3 -B tests/live/postfix.py stop "$mail_file"
  python3 -B tests/live/dovecot.py stop "$env_file"
}
trap stop EXIT
trap 'exit 130' INT
trap 'exit 143' TERM HUP
step "start a private Dovecot" python3 -B tests/live/dovecot.py start "$env_file" || exit 1
if [ "$(id -u)" -eq 0 ]; then
  step "start a private Postfix" python3 -B tests/live/postfix.py start "$mail_file" "$env_file" || exit 1
fi

failed=0
printf '\nWhole processes, taking turns\n\n'
python3 -B tests/bench/compare.py "$env_file" "$plugin" build/bench/measure "${1:-200}" || failed=1
printf '\nCA files read\n\n'
python3 -B tests/bench/trust_files.py "$env_file" "$plugin" || failed=1
printf '\nStep times beside captured packets\n\n'
if [ "$(id -u)" -eq 0 ]; then
  python3 -B tests/bench/step_times_vs_packets.py "$env_file" "$plugin" || failed=1
else
  echo "left out: capturing packets needs root"
fi
printf '\nSubmission, whole processes, taking turns\n\n'
if [ "$(id -u)" -eq 0 ]; then
  python3 -B tests/bench/compare_smtp.py "$env_file" "$mail_file" "$smtp_plugin" build/bench/measure "${1:-200}" ||
    failed=1
else
  echo "left out: the private Postfix needs root"
fi
printf '\nEncryption, whole processes, taking turns\n\n'
if [ "$(id -u)" -eq 0 ]; then
  python3 -B tests/bench/compare_tls.py "$env_file" "$mail_file" "$tls_plugin" build/bench/measure "${1:-200}" ||
    failed=1
else
  echo "left out: the private Postfix needs root"
fi
printf '\nRound trips, whole processes, taking turns; waiting; first sight\n\n'
if [ "$(id -u)" -eq 0 ]; then
  python3 -B tests/bench/compare_roundtrip.py "$env_file" "$mail_file" "$roundtrip_plugin" build/bench/measure \
    "${1:-200}" || failed=1
else
  echo "left out: the private Postfix needs root"
fi
exit "$failed"
