#!/usr/bin/env bash
# What `status` says of stages that stopped in their middle: how long the rest takes, and what cannot go on.
. "$(dirname "$0")/common.sh" "$1"
cd "$work"

expect_code 0 "$theriac" run "$here/tiny.yaml" --set sweep=null --set pretrain.epochs=10
# set_pretrain STATE STEP EPOCH ERROR: what a run that ended there would have left of the pre-training, nothing of the cleaning
set_pretrain() {
  python3 - "$@" <<'P'
import glob, json, os, sys
state, step, epoch, error = sys.argv[1], int(sys.argv[2]), int(sys.argv[3]), sys.argv[4]
(path,) = glob.glob("runs/stages/pretrain-*/status.json")
status = json.load(open(path))
status.update(state=state, step=step, steps=100, epoch=epoch, epochs=10, error=error, seconds=30.0, training_seconds=20.0, evaluation_seconds=8.0, host="elsewhere")
json.dump(status, open(path, "w"))
for path in glob.glob("runs/stages/clean-*/status.json"):
    os.remove(path)
P
}
look() { "$theriac" status runs/tiny --json | python3 -c "import json, sys; v = json.load(sys.stdin)[0]; $1"; }

# 60 steps of half a second and 6 epochs with 2 s of evaluation: 42 s; the cleaning has 6 steps of a size like the pre-training's.
set_pretrain interrupted 40 4 ''
look 'left = v["eta_seconds"]; assert 42 < left < 90, left'
set_pretrain interrupted 90 9 ''
python3 - <<'P'
import glob, json
(path,) = glob.glob("runs/stages/pretrain-*/status.json")
status = json.load(open(path)); status.update(training_seconds=45.0, evaluation_seconds=18.0); json.dump(status, open(path, "w"))
P
look 'left = v["eta_seconds"]; assert 7 < left < 60, left'

# What starts from a failed stage cannot go on, and a reason of many lines stays in its line.
set_pretrain failed 40 4 'killed; its log ends: one|two'
look 'assert v["counts"] == {"done": 1, "failed": 1, "blocked": 1}, v["counts"]; assert v["eta_seconds"] <= 0, v'
expect_code 0 "$theriac" status runs/tiny
expect_text out '1 failed' '1 blocked' 'killed; its log ends: one|two'
