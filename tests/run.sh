#!/bin/sh
# tests/run.sh - builds everything and passes every test. Works from any folder, as root or with sudo, on a machine that
# has nothing but git and a shell; installs what it needs first (packaging/needs.sh), needs no root where that is there.
#
#   sh tests/run.sh           developer build (warnings are errors) and all tests; then the ASan/UBSan build, its unit,
#                             scenario and process tests; the format if clang-format 14 is there
#   sh tests/run.sh --tidy    clang-tidy on all sources instead (slow)
#
# The last line is "N passed, N failed"; the exit code is not zero if anything failed.
set -u
top=$(cd "$(dirname "$0")/.." && pwd)
cd "$top" || exit 1
. packaging/progress.sh
unset SSL_CERT_FILE SSL_CERT_DIR CURL_CA_BUNDLE
export CTEST_OUTPUT_ON_FAILURE=1
begin=$(date +%s)
passed=0
failed=0

# A step that is not a test but may fail: one failure, and nothing after it makes sense.
must() {
  if ! step "$@"; then
    failed=$((failed + 1))
    finish
  fi
}

# Adds what one ctest run counted: "97% tests passed, 1 tests failed out of 30". Skipped and not-run tests are failures.
count() {
  all=$(sed -n 's/.*tests passed, [0-9]* tests\{0,1\} failed out of \([0-9]*\).*/\1/p' "$1" | tail -n 1)
  bad=$(sed -n 's/.*tests passed, \([0-9]*\) tests\{0,1\} failed out of.*/\1/p' "$1" | tail -n 1)
  skipped=$(grep -c '[*][*][*]Skipped' "$1")  # ctest itself counts these as passed
  if [ -z "$all" ] || [ "$all" -eq 0 ]; then
    echo "  ctest ran no test"
    failed=$((failed + 1))
    return
  fi
  passed=$((passed + all - bad - skipped))
  failed=$((failed + bad + skipped))
}

# clang-format's verdict differs between versions: 14 (Debian 12) is the one that decides.
check_format() {
  if ! clang-format --version 2>/dev/null | grep -q 'version 14\.'; then
    echo "format: left out, clang-format 14 is not here"
    return
  fi
  echo "format: clang-format ..."
  unformatted=$(find lib plugins tests '(' -name '*.cc' -o -name '*.h' ')' -exec clang-format --dry-run '{}' + 2>&1 |
    sed -n 's/^\([^ :]*\):[0-9]*:[0-9]*: .*/\1/p' | sort -u)
  if [ -z "$unformatted" ]; then
    passed=$((passed + 1))
  else
    printf 'clang-format -i would change:\n%s\n' "$unformatted"
    failed=$((failed + 1))
  fi
}

# ctest with its lines shown as they come: one a test. Most of them wait for a server most of the time.
run_ctest() {
  echo "tests: $1 ..."
  shift
  ctest_log=build/ctest.log
  ctest --no-tests=error -j "$((jobs + 1))" "$@" 2>&1 | tee "$ctest_log" | grep --line-buffered -vE '^ *Start +[0-9]+:|^$'
  count "$ctest_log"
}

finish() {
  printf 'total time %s s\n' "$(($(date +%s) - begin))"
  printf '%s passed, %s failed\n' "$passed" "$failed"
  [ "$failed" -eq 0 ]
  exit
}

mkdir -p build
PROGRESS_LOG=$top/build/step.log
jobs=$(nproc 2>/dev/null || echo 2)

if [ "${1:-}" = --tidy ]; then
  sh packaging/needs.sh build test lint || exit 1
  must "configure (developer)" cmake --preset developer
  find lib plugins -name '*.cc' >build/sources
  must "build (developer), for generated files" cmake --build build/developer -j "$jobs"
  must "clang-tidy on $(wc -l <build/sources) files" \
    xargs -a build/sources -P "$jobs" -n 4 clang-tidy -p build/developer --quiet
  passed=$((passed + 1))
  finish
fi
[ $# -eq 0 ] || { sed -n '2,9s/^# \{0,1\}//p' "$0"; exit 2; }

sets="build test live"
# the packages and the monitoring systems are tried by root only (tests/systems)
[ "$(id -u)" -ne 0 ] || sets="$sets deb rpm systems"
# shellcheck disable=SC2086  # several words
if ! sh packaging/needs.sh $sets; then
  failed=1
  finish
fi
. packaging/compiler_cache.sh
must "configure (developer)" cmake --preset developer
sed -n 's/^-- \([a-z]*: .*\)/  left out: \1/p' "$PROGRESS_LOG"  # without root or name spaces
must "build (developer)" cmake --build build/developer -j "$jobs"
check_format
run_ctest "all" --test-dir build/developer
must "configure (sanitize)" cmake --preset sanitize
must "build (sanitize)" cmake --build build/sanitize -j "$jobs"
run_ctest "unit, scenarios and process under ASan and UBSan" --test-dir build/sanitize -L 'unit|scenario|process'
finish
