#!/usr/bin/env bash
# Several runners share one plan: no stage runs twice, killed ones are replaced, and the numbers are those of one runner alone.
# A crash is tried again; finished stages keep the checkpoints that the file names; --disk-limit holds.
. "$(dirname "$0")/common.sh" "$1"
cd "$work"
sweep() { "$theriac" run "$here/tiny.yaml" --set clean.epochs=12 --runs "$1" --jobs 2; }
alive() { pgrep -f "_worker $work/$1" >/dev/null; }

expect_code 0 sweep alone

# Two runners; both are killed in the middle, then two others end the work.
for name in first second; do sweep shared >"$name.out" 2>"$name.err" & done
until [ "$(grep -l '"state": "done"' shared/stages/*/status.json 2>/dev/null | wc -l)" -ge 3 ]; do sleep 0.1; done
pkill -9 -f "run $here/tiny.yaml .*--runs shared" || true
while alive shared; do sleep 0.1; done
expect_code 0 "$theriac" status shared --all
expect_text out ' done, ' 'waiting'
"$theriac" status shared --watch --json >watched & watcher=$!
grep -l '"state": "done"' shared/stages/*/status.json >done_before
expect_code 0 sweep shared & third=$!
sweep shared >fourth.out 2>fourth.err || { cat fourth.err; fail 'the fourth runner'; }
wait $third || fail 'the third runner'
wait $watcher || fail 'status --watch'
python3 - <<'P'
import json
looks = [json.loads(line)[0] for line in open('watched')]
assert looks[-1]['eta_seconds'] is not None
P
grep -q 'joining host ' first.err second.err || { cat first.err second.err; fail 'neither runner joined the other'; }
ls shared/stages/*/claim 2>/dev/null && fail 'claims are left'
for stage in alone/stages/*; do
  id=$(basename "$stage")
  times=$(grep -c ' done$' "shared/stages/$id/log.txt")
  [ "$times" = 1 ] || { cat "shared/stages/$id/log.txt"; fail "$id ran to its end $times times"; }
done
diff <(hashes alone/stages) <(hashes shared/stages) || fail 'two runners give other weights than one'
python3 - <<'P'
import glob, json
def rows(folder):
    out = []
    for path in sorted(glob.glob(folder + '/stages/*/records.jsonl')):
        out += [tuple(sorted(json.loads(line).items())) for line in open(path)]
    return out
assert rows('alone') == rows('shared'), 'records differ'
P

# Another plan of the same name has to wait for, or refuse, the running one.
"$theriac" run "$here/tiny.yaml" --set pretrain.epochs=500 --runs other >other.out 2>other.err & runner=$!
until [ -s other/tiny/plan.json ]; do sleep 0.05; done
expect_code 2 "$theriac" run "$here/tiny.yaml" --set seed=4 --runs other --no-wait
expect_text err 'is being run by' 'with other settings'
kill -INT $runner; wait $runner || true

# A worker that is killed in the middle is tried again, from its last checkpoint; a runner that joins meanwhile waits for it.
"$theriac" run "$here/tiny.yaml" --set sweep=null --set pretrain.epochs=40 --runs crash >crash.out 2>crash.err & runner=$!
until ls crash/stages/pretrain-*/checkpoints/epoch-0001 >/dev/null 2>&1; do sleep 0.05; done
pkill -9 -f "_worker $work/crash"
until grep -q 'attempt 1 of 3' crash.err; do sleep 0.05; done
expect_code 0 "$theriac" run "$here/tiny.yaml" --set sweep=null --set pretrain.epochs=40 --runs crash
wait $runner || { cat crash.err; fail 'a crash was not made good'; }
expect_text crash.err 'attempt 1 of 3 failed, the next one in 5 s' 'killed (signal 9)'

# A worker that alone is asked to stop saves, and its stage goes on: a stage is never taken for done before it is.
"$theriac" run "$here/tiny.yaml" --set sweep=null --set pretrain.epochs=40 --runs told >told.out 2>told.err & runner=$!
until ls told/stages/pretrain-*/checkpoints/epoch-0002 >/dev/null 2>&1; do sleep 0.05; done
pkill -TERM -f "_worker $work/told"
wait $runner || { cat told.err; fail 'a stage that was asked to stop did not go on'; }
grep -q 'resuming at step' told/stages/pretrain-*/log.txt || fail 'the stage was not interrupted'
expect_code 0 "$theriac" run "$here/tiny.yaml" --set sweep=null --set pretrain.epochs=40 --runs told
expect_text err '0 stage(s) ran, 3 reused'

# A damaged status.json: the stage is gone through again, and nothing of it is trained twice.
hashes told/stages >before
echo '{"state": "do' >"$(ls told/stages/pretrain-*/status.json)"
expect_code 0 "$theriac" run "$here/tiny.yaml" --set sweep=null --set pretrain.epochs=40 --runs told
expect_text err 'status.json is damaged' '1 stage(s) ran, 2 reused'
hashes told/stages | diff before - || fail 'a damaged status.json changed weights'

# Without the checkpoint that the stage before ended with, cleaning does not quietly start from another one.
rm -r told/stages/pretrain-*/checkpoints/epoch-0040 told/stages/clean-*
expect_code 2 "$theriac" run "$here/tiny.yaml" --set sweep=null --set pretrain.epochs=40 --runs told
expect_text out 'is not trained to its end' 'epoch-0040'

# Of finished stages only what the file names stays.
expect_code 0 "$theriac" run "$here/tiny.yaml" --set sweep=null --runs few --set 'pretrain.checkpoint.finished=[last]' --set 'clean.checkpoint.finished=[best 100, every 2]'
[ "$(ls few/stages/pretrain-*/checkpoints)" = epoch-0003 ] || fail 'pretrain keeps more than its last epoch'
ls few/stages/clean-*/checkpoints >kept
grep -q epoch-0002 kept && grep -q epoch-0003 kept || fail "kept: $(cat kept)"
expect_code 2 "$theriac" run "$here/tiny.yaml" --set sweep=null --runs few --set 'pretrain.checkpoint.finished=[worst]'
expect_text err 'expected last, best, best N or every K'

# Less than one stage takes cannot work; what all take together is not needed.
expect_code 73 "$theriac" run "$here/tiny.yaml" --set sweep=null --runs small --disk-limit 1MiB
expect_text err 'the plan does not fit within --disk-limit 1.0 MiB'
[ -z "$(ls small/stages 2>/dev/null)" ] || fail 'a plan that does not fit was begun'
expect_code 0 "$theriac" run "$here/tiny.yaml" --runs small --disk-limit 60MiB --set 'pretrain.checkpoint.finished=[last]' --set 'clean.checkpoint.finished=[last]'
expect_code 2 "$theriac" run "$here/tiny.yaml" --runs small --disk-limit lots
expect_text err "'lots' is not a size"

