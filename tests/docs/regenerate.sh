#!/bin/sh
# tests/docs/regenerate.sh [--check] [BIN] - writes what is made from the plugins' tables into the tree: OPTIONS and
# FINDINGS of man/check_*.1, the findings of man/monitoring-plugins-mail.7, all between their marker comments, the
# version in the titles of these pages; packaging/completions/check_*.{bash,zsh,fish}; Icinga's commands, the basket,
# Zabbix' templates, the dashboards. With --check it writes nothing and fails with a diff if something would change.
# BIN: where describe_options was built, default build/developer/bin.
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
version=$(sed -n 's/^project(.* VERSION \([0-9.]*\).*/\1/p' "$top/CMakeLists.txt")

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

# titled FILE: FILE with our version in its title
titled() {
  sed "s/^\(\.TH .*\"monitoring\\\\-plugins\\\\-mail\) [0-9.]*\"/\1 $version\"/" "$1"
}

for page in "$top"/man/check_*.1; do
  plugin=$(basename "$page" .1)
  for part in man findings; do
    "$bin/describe_options" "$plugin" "$part" | fold -s -w 80 | sed 's/ *$//' >"$work/$part"  # mandoc wants 80
  done
  between OPTIONS "$work/man" "$page" >"$work/with-options"
  between FINDINGS "$work/findings" "$work/with-options" >"$work/with-findings"
  titled "$work/with-findings" >"$work/page"
  put "$work/page" "$page"
  for shell in bash zsh fish; do
    python3 -B "$top/tests/docs/completions.py" "$bin" "$plugin" "$shell" >"$work/$shell"
    put "$work/$shell" "$top/packaging/completions/$plugin.$shell"
  done
done
python3 -B "$top/tests/docs/icinga2_commands.py" "$bin" commands >"$work/commands"
put "$work/commands" "$top/packaging/icinga2/mailcheck.conf"
python3 -B "$top/tests/docs/icinga2_commands.py" "$bin" basket >"$work/basket"
put "$work/basket" "$top/packaging/icinga2/director-basket.json"
overview=$top/man/monitoring-plugins-mail.7
python3 -B "$top/tests/docs/overview_findings.py" "$bin" "$overview" >"$work/with-findings"
titled "$work/with-findings" >"$work/page"
put "$work/page" "$overview"
for maker in zabbix/make_templates.py grafana/make_dashboards.py; do
  folder=$(dirname "$maker")
  mkdir "$work/$folder"
  python3 -B "$top/packaging/$maker" "$work/$folder"
  for made in "$work/$folder"/*; do put "$made" "$top/packaging/$folder/$(basename "$made")"; done
done
if [ "$drift" -ne 0 ]; then
  echo "the tables of the plugins have changed: run sh tests/docs/regenerate.sh"
  exit 1
fi
