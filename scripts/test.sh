#!/usr/bin/env bash
# Proves that everything works: sets up what is missing, builds, runs every test, and ends with ctest's summary.
# usage: scripts/test.sh [--werror] [--help]
#
#   --werror   treat warnings of the compiler as errors
. "$(dirname "$0")/lib.sh"

options=()
for argument; do
  case $argument in
    --werror) options+=(-DTHERIAC_WERROR=ON) ;;
    -h | --help) usage; exit 0 ;;
    *) fail "unknown argument $argument (see --help)" ;;
  esac
done

build release -DTHERIAC_BUILD_TESTS=ON "${options[@]}"
"$root/scripts/fetch_assets.sh" # what the tests of CLIP's own tokenizer read
cd "$root"
exec ctest --preset release --no-tests=error --parallel "$(nproc)"
