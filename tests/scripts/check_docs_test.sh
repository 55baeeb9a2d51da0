#!/usr/bin/env bash
# scripts/check_docs.sh runs marked blocks, in order, with --smoke where they train, and fails when one fails.
# usage: check_docs_test.sh
set -eu
source_dir=$(cd "$(dirname "$0")/../.." && pwd)
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
printf '#!/bin/sh\necho "$@" >>"%s/calls"\n[ "$1" != broken ]\n' "$work" >"$work/theriac"
chmod +x "$work/theriac"

expect() { # expect STATUS TEXT
  local status=0
  bash "$source_dir/scripts/check_docs.sh" --build "$work" "$work/page.md" >"$work/out" 2>&1 || status=$?
  [ "$status" = "$1" ] && grep -qF -- "$2" "$work/out" && return
  echo "expected status $1 and '$2', received status $status and:"
  cat "$work/out"
  exit 1
}

printf 'text\n```sh run\ntheriac run configs/a.yaml\nbuild/release/theriac doctor > kept\n```\n```sh\ntheriac broken\n```\n' >"$work/page.md"
printf '```sh run\ntest -f kept && test -d scripts\n```\n' >>"$work/page.md"
expect 0 '2 blocks of commands ran'
[ "$(cat "$work/calls")" = "$(printf 'run configs/a.yaml --smoke\ndoctor')" ]
printf '```sh run\ntheriac broken\ntrue\n```\n' >>"$work/page.md"
expect 1 'page.md:13: this block of commands failed'
printf '```sh\ntrue\n```\n' >"$work/page.md"
expect 1 'no block is marked'
echo 'docs: the check runs what it has to run'
