#!/usr/bin/env bash
# From a fresh checkout to a report: sets up what is missing, builds, and runs configs/quickstart.yaml.
# usage: scripts/quickstart.sh [--smoke] [--help]
#
#   --smoke   a pass over every stage with little data, in two minutes: it shows the report, not the science
#
# Runs go to ./runs; run it again and finished stages are kept. It fails when the backdoor is not there (see expect: in the file).
. "$(dirname "$0")/lib.sh"

smoke=
for argument; do
  case $argument in
    --smoke) smoke=1 ;;
    -h | --help) usage; exit 0 ;;
    *) fail "unknown argument $argument (see --help)" ;;
  esac
done

build release -DTHERIAC_BUILD_TESTS=OFF
cd "$root"
build/release/theriac run configs/quickstart.yaml ${smoke:+--smoke}
[ -n "$smoke" ] || build/release/theriac report --check runs/quickstart
say "The report: $root/runs/quickstart${smoke:+-smoke}/report/index.html"
