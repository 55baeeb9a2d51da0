#!/usr/bin/env bash
# `run --only KIND`: the stages of that kind and what they start from, nothing else.
. "$(dirname "$0")/common.sh" "$1"
cd "$work"
run() { "$theriac" run "$here/tiny.yaml" --set sweep=null --set pretrain.epochs=1 --set clean.epochs=1 "$@"; }
kinds() { for stage in "$1"/stages/*; do grep -q '"done"' "$stage/status.json" && basename "$stage" | cut -d- -f1; done | sort | tr '\n' ' '; }

expect_code 0 run --only poison
expect_text err '1 stage(s) ran, 0 reused'
[ "$(kinds runs)" = 'poison ' ] || fail "--only poison: $(kinds runs)"

# On a fresh folder what it starts from is done as well.
expect_code 0 run --only pretrain --runs fresh
expect_text err '2 stage(s) ran, 0 reused'
[ "$(kinds fresh)" = 'poison pretrain ' ] || fail "--only pretrain: $(kinds fresh)"
expect_code 0 run --only pretrain --runs fresh
expect_text err '0 stage(s) ran, 2 reused'
expect_code 0 run --only clean --runs fresh
expect_text err '1 stage(s) ran, 2 reused'
[ "$(kinds fresh)" = 'clean poison pretrain ' ] || fail "--only clean: $(kinds fresh)"

expect_code 2 run --only clean --set clean=null
expect_text err 'run: --only clean: the experiment has no such stage; it has: poison, pretrain'

# A failed parent is told, and what needs it is not tried.
{ echo image,caption; for i in $(seq 64); do echo "none$i.png,a dog"; done; } >missing.csv
expect_code 2 run --only clean --runs failed --set poison=null --set "data.train={type: csv, path: $work/missing.csv}" --set 'evaluate=[{type: zero_shot}]'
expect_text out 'failed: pretrain' 'missing file'
! ls -d failed/stages/clean-* 2>/dev/null || fail 'cleaning began without its parent'
