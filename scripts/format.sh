#!/usr/bin/env bash
# Formats the C++ files of the project with clang-format 14.
# usage: scripts/format.sh [--check] [--help]
#
#   --check   change nothing; list what is not formatted and fail
. "$(dirname "$0")/lib.sh"

mode=(-i)
for argument; do
  case $argument in
    --check) mode=(--dry-run -Werror) ;;
    -h | --help) usage; exit 0 ;;
    *) fail "unknown argument $argument (see --help)" ;;
  esac
done

command -v clang-format >/dev/null || fail 'clang-format is missing: apt-get install clang-format'
cd "$root"
find include src tests -name '*.h' -print0 -o -name '*.cpp' -print0 | xargs -0 -r clang-format --style=file "${mode[@]}"
