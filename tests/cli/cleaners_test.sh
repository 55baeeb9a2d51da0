#!/usr/bin/env bash
# The experiment files of cleaners run from end to end at the size of a toy, and do what they are for.
. "$(dirname "$0")/common.sh" "$1"
cd "$work"
small=(--smoke --set 'model={preset: tiny_rn, image_size: 32}' --set poison.trigger.size=8 --set data.limit=256 --set tokenizer.vocabulary=120)

run() { # run NAME SETTING...
  local file=$here/../../configs/cleaners/$1.yaml sets=()
  for setting in "${@:2}"; do sets+=(--set "$setting"); done
  expect_code 0 "$theriac" run "$file" "${small[@]}" "${sets[@]}"
  expect_text out 'done' 'report: '
}
log_of() { grep -l -- "$1" runs/stages/clean-*/log.txt; }

run supervised data.extra.memory.scenes=128
grep -q '"supervised":' runs/stages/clean-*/metrics.jsonl || fail 'no supervised loss'
run remove_by_similarity data.train.scenes=256 data.limit=null data.cleaning.count=128 data.cleaning.keep_poisoned=16
[ "$(log_of 'removed 2 of 128 pairs before epoch 1: those with the highest' | wc -l)" = 1 ] || fail 'nothing removed'
[ "$(grep -h '"removed_p' runs/stages/clean-*/records.jsonl | wc -l)" = 4 ] || fail 'two records expected of each removal'
run push_away data.train.scenes=256 data.limit=null data.cleaning.count=128 data.cleaning.keep_poisoned=16
[ "$(grep -l '"push_away":' runs/stages/clean-*/metrics.jsonl | wc -l)" = 3 ] || fail 'no unlearning'
