#!/usr/bin/env bash
# Sweeps that cannot be meant: one clear message by the real command, and nothing is written.
. "$(dirname "$0")/common.sh" "$1"
cd "$work"
sweep() { # sweep CODE SWEEP TEXT...
  local code=$1 sweep=$2
  shift 2
  expect_code "$code" "$theriac" run plain.yaml --set "sweep=$sweep" --jobs 1
  expect_text err "$@"
  [ ! -e runs/stages ] || fail "something was written: $sweep"
}
sed "/^sweep:/,\$d" "$here/tiny.yaml" >plain.yaml
key='key: clean.optimizer.learning_rate'
sweep 2 "{rate: {$key, values: []}}" 'sweep.rate.values: expected a list of at least one value'
sweep 2 '[]' 'sweep: every cell is excluded; nothing is left to run'
sweep 2 "{rate: {$key, values: [0, 1e-3]}, exclude: [{rate: 0}, {rate: 1e-3}]}" 'every cell is excluded'
sweep 2 '{rate: {key: clean.optimiser.learning_rate, values: [0, 1e-3]}}' "clean.optimiser: unknown key; did you mean 'optimizer'?"
sweep 2 '{rate: {key: clean.optimizer.nothing, values: [0]}}' 'clean.optimizer.nothing: unknown key'
sweep 2 '{rate: {a: {clean: {optimizer: {learning_rat: 0}}}}}' "learning_rat: unknown key; did you mean 'learning_rate'?"
sweep 2 "{rate: {$key, values: [1e-3, 0, 1e-3]}}" "sweep.rate.values: '1e-3' is there twice"
sweep 2 '{on: {one: {device: cpu}, two: {device: cuda}}}' 'different devices (cpu, cuda)' '--device'

# Equal cells are one, and it is told where a value is left without any.
expect_code 0 "$theriac" plan plain.yaml --set "sweep={rate: {$key, values: [1e-3, 0.001]}}"
expect_text out '1 cell(s), 3 stage(s)'
expect_text err "sweep.rate: every cell with '0.001' has the same settings as another cell"
expect_code 0 "$theriac" plan plain.yaml --set "sweep={model: {a: {}, plain: {clean: null}}, rate: {$key, values: [0, 1e-3]}}"
expect_text out '3 cell(s)'
[ ! -s err ] || { cat err; fail 'an axis without effect in some cells is no fault'; }

# More than the disk holds, by a whole sweep.
isolate=$(for how in -m -Urm; do if unshare $how mount -t tmpfs tmpfs /mnt 2>/dev/null; then echo $how; break; fi; done)
if [ -n "$isolate" ]; then
  mkdir disk
  expect_code 73 unshare $isolate sh -c 'mount -t tmpfs -o size=3000k tmpfs disk && exec "$0" run "$1" --runs disk' "$theriac" "$here/tiny.yaml"
  expect_text err 'the plan needs 67 MiB of disk' 'MiB free' '--no-disk-check'
fi
