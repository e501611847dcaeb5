# shellcheck shell=sh
# progress.sh - sourced by the scripts a person runs: long steps that show they are alive.
#
#   step TITLE COMMAND [ARG...]   runs COMMAND with its output in $PROGRESS_LOG; prints TITLE, every 15 seconds the
#                                 time so far and the last line of output, at the end how long it took. On failure it
#                                 prints the end of the output and returns COMMAND's exit code.
# Set PROGRESS_LOG to a writable file first.

step() {
  step_title=$1
  shift
  step_begin=$(date +%s)
  printf '%s ...\n' "$step_title"
  : >"$PROGRESS_LOG"
  tick "$step_begin" &
  step_ticker=$!
  step_code=0
  "$@" >"$PROGRESS_LOG" 2>&1 </dev/null || step_code=$?
  kill "$step_ticker" 2>/dev/null || true
  wait "$step_ticker" 2>/dev/null || true
  if [ "$step_code" -eq 0 ]; then
    printf '  done in %s s\n' "$(($(date +%s) - step_begin))"
  else
    tail -n 60 "$PROGRESS_LOG"
    printf '  FAILED (exit %s) after %s s: %s\n' "$step_code" "$(($(date +%s) - step_begin))" "$step_title"
  fi
  return "$step_code"
}

# Every 15 seconds a line, as long as the script lives; it sleeps briefly, so that no sleep outlives the step for long.
tick() {
  tick_next=15
  while sleep 1 && kill -0 $$ 2>/dev/null; do
    tick_time=$(($(date +%s) - $1))
    [ "$tick_time" -lt "$tick_next" ] && continue
    tick_next=$((tick_next + 15))
    printf '  %4s s  %s\n' "$tick_time" "$(tail -n 1 "$PROGRESS_LOG" | tr -cd '[:print:]' | cut -c 1-100)"
  done
}
