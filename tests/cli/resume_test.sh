#!/usr/bin/env bash
# kill -9 and Ctrl-C at any time: the same command goes on at a step > 0 and ends with the same weights, file by file.
. "$(dirname "$0")/common.sh" "$1"
cd "$work"
settings=(--set pretrain.epochs=6 --set clean.epochs=16 --set data.train.scenes=512 --set data.cleaning.scenes=512)
mkdir calm rough
# `start` becomes the program, so that its process id is the runner's.
start() { exec "$theriac" run "$here/tiny.yaml" "${settings[@]}" --jobs 2 --runs "$1" >"$work/out" 2>"$work/err" </dev/null; }
run() { "$theriac" run "$here/tiny.yaml" "${settings[@]}" --jobs 2 --runs "$1" >"$work/out" 2>"$work/err" </dev/null; }

run calm || { code=$?; cat err; fail "the undisturbed run: exit code $code"; }

# wait_for KIND EPOCH: until a stage of this kind has finished that many epochs
wait_for() {
  for _ in $(seq 600); do
    for file in rough/stages/"$1"-*/status.json; do
      [ -f "$file" ] || continue
      python3 - "$file" "$2" <<'P' && return 0
import json, sys
s = json.load(open(sys.argv[1]))
sys.exit(not (s['state'] == 'running' and s['epoch'] >= int(sys.argv[2])))
P
    done
    sleep 0.1
  done
  fail "no $1 stage reached epoch $2"
}
all_ended() {
  for _ in $(seq 600); do pgrep -f "_worker $work/rough" >/dev/null || return 0; sleep 0.1; done
  fail 'a stage outlives its run'
}

# killed in an epoch >= 2 of pre-training, stage and runner alike
start rough & runner=$!
wait_for pretrain 2
pkill -9 -f "_worker $work/rough" || true
kill -9 $runner; wait $runner 2>/dev/null || true
all_ended

# killed in an epoch >= 2 of cleaning: only the runner, whose stages then save and end by themselves
start rough & runner=$!
wait_for clean 2
kill -9 $runner; wait $runner 2>/dev/null || true
all_ended
grep -qE 'resuming at step [1-9]' rough/stages/pretrain-*/log.txt || fail 'pre-training did not resume'

# stopped by a signal: saves, says so, exits 75
start rough & runner=$!
sleep 3
kill -INT $runner
code=0; wait $runner || code=$?
[ $code = 75 ] || [ $code = 0 ] || { cat err; fail "exit code $code instead of 75"; }
all_ended

# killed while a finished checkpoint has no records yet
run rough || { cat err; fail 'the last resumption'; }
stage=$(ls -d rough/stages/clean-* | head -1)
head -c -40 "$stage/records.jsonl" >torn && mv torn "$stage/records.jsonl"
sed -i 's/"state": "done"/"state": "running"/' "$stage/status.json"
run rough || { cat err; fail 'after a torn record'; }

hashes calm/stages >calm.txt
hashes rough/stages >rough.txt
cmp calm.txt rough.txt || { diff calm.txt rough.txt >&2 || true; fail 'weights differ from the undisturbed run'; }
grep -qE 'resuming at step [1-9]' rough/stages/clean-*/log.txt || fail 'cleaning did not resume'
