# shellcheck shell=sh
# example.sh - sourced by the scripts that show the plugins at work.
#
#   example WANTED-EXIT-CODE TITLE PLUGIN ARG...   prints the command as one would type it, its output and its exit code
#
# $plugins is the folder of the plugins; $wrong counts those that did not end as wanted.
wrong=0

example() {
  wanted=$1
  printf '\n--- %s\n$ %s' "$2" "$3"
  plugin=$3
  shift 3
  for argument in "$@"; do
    case $argument in
      '' | *[!A-Za-z0-9_./:=,@+-]*) printf " '%s'" "$argument" ;;
      *) printf ' %s' "$argument" ;;
    esac
  done
  printf '\n'
  # shellcheck disable=SC2154  # whoever sources this sets plugins
  "$plugins/$plugin" "$@"
  code=$?
  if [ "$code" -eq "$wanted" ]; then
    printf '(exit code %s)\n' "$code"
  else
    printf '(exit code %s, but %s was expected)\n' "$code" "$wanted"
    wrong=$((wrong + 1))
  fi
}
