#!/bin/sh
# tests/docs/regenerate.sh [--check] [BIN] - writes what is made from a plugin's tables into the tree: OPTIONS and
# FINDINGS of man/check_*.1, between their marker comments, and packaging/completions/check_*.bash. With --check it
# writes nothing and fails with a diff if something would change. BIN: where describe_options was built, default
# build/developer/bin.
set -eu
LC_ALL=C
export LC_ALL
check=no
if [ "${1:-}" = --check ]; then
  check=yes
  shift
fi
top=$(cd "$(dirname "$0")/../.." && pwd)
bin=${1:-$top/build/developer/bin}
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
drift=0

# put NEW FILE: FILE becomes NEW, or is only compared with it
put() {
  if [ "$check" = no ]; then
    cat "$1" >"$2"
  elif ! diff -u "$2" "$1"; then
    drift=1
  fi
}

# between NAME PART FILE: FILE with the lines between .\" begin NAME and .\" end NAME replaced by those of PART
between() {
  awk -v name="$1" -v part="$2" '
    $2 == "end" && $3 == name { inside = 0; found++ }
    !inside { print }
    $2 == "begin" && $3 == name { while ((getline line < part) > 0) print line; inside = 1; found++ }
    END { if (found != 2) { print "the markers of " name " are missing" > "/dev/stderr"; exit 1 } }' "$3"
}

for page in "$top"/man/check_*.1; do
  plugin=$(basename "$page" .1)
  for part in man findings bash; do "$bin/describe_options" "$plugin" "$part" >"$work/$part"; done
  for part in man findings; do
    fold -s -w 80 "$work/$part" | sed 's/ *$//' >"$work/$part.folded"  # mandoc wants lines of 80
  done
  between OPTIONS "$work/man.folded" "$page" >"$work/with-options"
  between FINDINGS "$work/findings.folded" "$work/with-options" >"$work/page"
  put "$work/page" "$page"
  put "$work/bash" "$top/packaging/completions/$plugin.bash"
done
if [ "$drift" -ne 0 ]; then
  echo "the tables of the plugins have changed: run sh tests/docs/regenerate.sh"
  exit 1
fi
