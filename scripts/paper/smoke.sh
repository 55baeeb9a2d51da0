#!/usr/bin/env bash
# Runs experiment files of the paper from end to end in minutes: on emoji scenes exported as CSV and tar files, with a tiny model and two learning rates.
# usage: scripts/paper/smoke.sh [--build DIR] [--work DIR] [--help] [FILE...]
#
#   --build DIR   the build whose theriac is used (default build/release)
#   --work DIR    where data and runs go and stay (default: a temporary folder that is removed)
#
# Without FILE: all of configs/paper/. The files are taken as they are; only data, model, the trigger's size and the sweep's grids are set smaller.
. "$(dirname "$0")/lib.sh"

theriac=$root/build/release/theriac work='' files=()
while [ $# -gt 0 ]; do
  case $1 in
    --build) theriac=$(cd "$2" && pwd)/theriac; shift ;;
    --work) mkdir -p "$2" && work=$(cd "$2" && pwd); shift ;;
    -h | --help) usage; exit 0 ;;
    -*) fail "unknown argument $1 (see --help)" ;;
    *) files+=("$(realpath "$1")") ;;
  esac
  shift
done
[ -x "$theriac" ] || fail "$theriac is missing; build it first"
[ ${#files[@]} -gt 0 ] || files=("$root"/configs/paper/*.yaml)
if [ -z "$work" ]; then
  work=$(mktemp -d)
  trap 'rm -rf "$work"' EXIT
fi

toy=$work/data
toy_data
for file in "${files[@]}"; do
  say "== $(basename "$file" .yaml)"
  log=$work/$(basename "$file" .yaml).log
  toy_settings "$file"
  arguments_of "${settings[@]}"
  quietly "$log" "$theriac" run "$file" --smoke --runs "$work/runs" "${arguments[@]}"
  tail -n 1 "$log"
done
