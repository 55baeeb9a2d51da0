#!/usr/bin/env bash
# Runs the commands of the documentation: every block of README.md, docs/*.md and docs/*/*.md that opens with ```sh run.
# usage: scripts/check_docs.sh [--build DIR] [FILE...] [--help]
#
#   --build DIR   the build whose theriac is used (default build/release)
#
# The blocks of one file run in order, in a temporary folder that shows the checkout's files; `theriac run` gets --smoke there.
. "$(dirname "$0")/lib.sh"

binary=$root/build/release/theriac
files=()
while [ $# -gt 0 ]; do
  case $1 in
    --build) binary=$(cd "$2" && pwd)/theriac; shift ;;
    -h | --help) usage; exit 0 ;;
    -*) fail "unknown argument $1 (see --help)" ;;
    *) files+=("$1") ;;
  esac
  shift
done
[ ${#files[@]} -gt 0 ] || files=("$root"/README.md "$root"/docs/*.md "$root"/docs/*/*.md)
[ -x "$binary" ] || fail "$binary is missing; build it first"

work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
mkdir -p "$work/bin"
cat >"$work/bin/theriac" <<WRAPPER
#!/bin/bash
for argument; do [ "\$argument" != --smoke ] || exec "$binary" "\$@"; done
if [ "\${1:-}" = run ]; then exec "$binary" "\$@" --smoke; fi
exec "$binary" "\$@"
WRAPPER
chmod +x "$work/bin/theriac"

# blocks FILE: splits its marked blocks into $work/block.<line>
blocks() {
  rm -f "$work"/block.*
  awk -v prefix="$work/block." '
    /^```sh run *$/ { out = sprintf("%s%05d", prefix, NR + 1); printf "" > out; next }
    /^```/ { if (out) close(out); out = "" }
    out { print >> out }' "$1"
}

ran=0
for file in "${files[@]}"; do
  folder=${file#"$root"/}
  folder=$work/${folder//\//_}
  mkdir -p "$folder/build/release"
  for entry in "$root"/*; do
    case $(basename "$entry") in build | runs) ;; *) ln -s "$entry" "$folder/" ;; esac
  done
  ln -s "$work/bin/theriac" "$folder/build/release/theriac"
  blocks "$file"
  for block in "$work"/block.*; do
    [ -f "$block" ] || continue
    line=$((10#${block##*.}))
    say "docs: ${file#"$root"/}:$line"
    if ! (cd "$folder" && PATH=$work/bin:$PATH bash -euo pipefail "$block") >"$work/output" 2>&1 </dev/null; then
      cat "$work/output" >&2
      fail "${file#"$root"/}:$line: this block of commands failed"
    fi
    ran=$((ran + 1))
  done
done
[ "$ran" -gt 0 ] || fail 'no block is marked ```sh run'
say "docs: $ran blocks of commands ran"
