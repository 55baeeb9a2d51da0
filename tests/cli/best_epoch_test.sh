#!/usr/bin/env bash
# Cleaning starts from the epoch of pre-training with the lowest validation loss.
. "$(dirname "$0")/common.sh" "$1"
cd "$work"

cat >best.yaml <<Y
base: $here/tiny.yaml
name: best
sweep: null
data:
  train: {scenes: 64}
  extra: {pairs: {type: emoji, scenes: 64, split: validation, seed: 9, classes: 8}}
pretrain: {epochs: 8, optimizer: {learning_rate: 5e-3}}  # long enough to overfit
clean: {epochs: 1, from: {checkpoint: best_validation_loss}}
evaluate: [{type: zero_shot}, {type: validation_loss, data: [pairs], batch_size: 16}]
Y
expect_code 0 "$theriac" run best.yaml
cat >check.py <<'P'
import glob, json, sys
def losses(stage):
    rows = [json.loads(line) for line in open(f"{stage}/records.jsonl")]
    return [r for r in rows if r["metric"] == "validation_loss" and r["protocol_id"] == rows[-1]["protocol_id"]]
pretrain, = glob.glob("runs/stages/pretrain-*")
clean = max(glob.glob("runs/stages/clean-*"), key=lambda s: json.load(open(s + "/provenance.json"))["settings"]["chosen_by"][0]["batch_size"] == int(sys.argv[1]))
before = losses(pretrain)
assert [r["epoch"] for r in before] == list(range(1, 9)), before
assert all(r["data"] == "pairs" and r["n"] == 64 and r["value"] > 0 for r in before)
best = min(before, key=lambda r: r["value"])
assert best["epoch"] < 8, "the last epoch is the best: this tests nothing"
start = losses(clean)[0]
assert start["epoch"] == 0 and start["checkpoint"] == best["checkpoint"], (start, best)
assert start["value"] == best["value"]
assert not any(r["metric"] == "zero_shot_top1" and r["data"] == "pairs" for r in map(json.loads, open(pretrain + "/records.jsonl")))
P
python3 check.py 16 || fail 'cleaning did not start from the best epoch'

# How the loss is measured decides what is cleaned: another batch is another cleaning of the same pre-training.
expect_code 0 "$theriac" run best.yaml --set 'evaluate=[{type: validation_loss, data: [pairs], batch_size: 64}]'
[ "$(ls -d runs/stages/pretrain-* | wc -l)" = 1 ] || fail 'pre-training depends on the evaluation'
[ "$(ls -d runs/stages/clean-* | wc -l)" = 2 ] || fail 'the cleaning does not depend on the loss it was chosen by'
python3 check.py 64 || fail 'the loss of another protocol was used'

expect_code 2 "$theriac" run best.yaml --set 'evaluate=[{type: zero_shot}]'
expect_text err 'clean.from.checkpoint' 'add {type: validation_loss} to evaluate'
expect_code 2 "$theriac" run best.yaml --set 'evaluate=[{type: validation_loss, data: [train]}]'
expect_text err "validation_loss: there is no data set 'train' to evaluate on" 'there are: validation, test, pairs' 'of: train'
expect_code 2 "$theriac" run best.yaml --set 'evaluate=[{type: validation_loss, data: [validation, test]}]'
expect_text err 'clean.from.checkpoint' 'measured on several data sets; name one'
