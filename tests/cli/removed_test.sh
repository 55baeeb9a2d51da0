#!/usr/bin/env bash
# Folders that are deleted under a running sweep: one message, no half-made folder in their place, no endless loop.
. "$(dirname "$0")/common.sh" "$1"
cd "$work"
alive() { pgrep -f "_worker $work/$1/" >/dev/null; }
begin() { # begin RUNS: two stages train side by side
  "$theriac" run "$here/tiny.yaml" --jobs 2 --set pretrain.epochs=40 --set clean.epochs=2 --runs "$1" >"$1.out" 2>"$1.err" & runner=$!
  until [ "$(ls -d "$1"/stages/pretrain-*/checkpoints/epoch-0001 2>/dev/null | wc -l)" = 2 ]; do sleep 0.05; done
}
ends() { # ends CODE NAME
  local code=0
  wait $runner || code=$?
  [ $code = "$1" ] || { cat "$2.err"; fail "$2: exit code $code instead of $1"; }
  ! alive "$2" || fail "$2: a worker outlives its run"
}

begin all
until rm -rf all 2>/dev/null; do :; done
ends 73 all
[ "$(grep -c 'was removed' all.err)" = 1 ] || { cat all.err; fail 'not one message'; }
expect_text all.err 'was removed while the run was going' 'the same command begins anew'
[ ! -e all ] || { find all; fail 'a half-made folder was left'; }

begin experiment
rm -rf experiment/tiny
ends 73 experiment
[ ! -e experiment/tiny ] || fail 'the folder of the experiment was made anew'

begin stages
until rm -rf stages/stages 2>/dev/null; do :; done
ends 73 stages
[ ! -e stages/stages ] || { find stages; fail 'a half-made stages folder was left'; }

# One stage: it begins anew, the others go on, and in the end everything is as if nothing had happened.
begin one
stage=$(ls -d one/stages/pretrain-* | head -1)
until rm -rf "$stage" 2>/dev/null; do :; done
ends 0 one
expect_text one.err "$stage was removed while the stage ran; it begins anew" '7 stage(s) ran'
for epoch in 1 2 39 40; do grep -q "\"epoch\":$epoch," "$stage/records.jsonl" || fail "no record of epoch $epoch"; done
ls "$stage/claim"* 2>/dev/null && fail 'a claim is left'

# Emptied while it goes on writing, so that the folder itself stays: not done with what came after.
begin emptied
stage=$(ls -d emptied/stages/pretrain-* | head -1)
find "$stage" -mindepth 1 -delete 2>/dev/null || true
ends 0 emptied
expect_text emptied.err "$stage was removed while the stage ran; it begins anew"
for epoch in 1 2 39 40; do grep -q "\"epoch\":$epoch," "$stage/records.jsonl" || fail "no record of epoch $epoch after it was emptied"; done
[ -s "$stage/config.resolved.yaml" ] && [ -s "$stage/provenance.json" ] || fail 'half of the files are missing'

# Removed again and again: the stage fails, the others do not.
"$theriac" run "$here/tiny.yaml" --set sweep=null --set pretrain.epochs=200 --retries 1 --runs again >again.out 2>again.err & runner=$!
for attempt in 1 2; do
  until ls again/stages/pretrain-*/checkpoints/epoch-0001 >/dev/null 2>&1; do sleep 0.05; done
  until rm -rf again/stages/pretrain-* 2>/dev/null; do :; done
done
ends 73 again
expect_text again.out 'failed: pretrain' 'was removed while the stage ran, 2 times'
