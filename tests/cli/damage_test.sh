#!/usr/bin/env bash
# Run folders that were damaged: what is broken is told with its place, done again where it can be, and nothing else is lost.
. "$(dirname "$0")/common.sh" "$1"
cd "$work"
run() { "$theriac" run "$here/tiny.yaml" --set sweep=null "$@"; }

expect_code 0 run
records=$(ls "$work"/runs/stages/pretrain-*/records.jsonl)
cp "$records" whole.jsonl
hashes runs/stages >before
rows=$(grep -c . "$records")
[ "$rows" -ge 9 ] || fail "only $rows rows"

# A line in the middle that a crash left as zeros: the report leaves it out and says so.
python3 - "$records" <<'P'
import sys
lines = open(sys.argv[1], 'rb').read().split(b'\n')
lines[4] = bytes(len(lines[4]))
open(sys.argv[1], 'wb').write(b'\n'.join(lines))
P
expect_code 0 "$theriac" report runs/tiny
expect_text err "warning: $records:5: not JSON" 'run the experiment again to measure what is missing'
expect_text runs/tiny/report/index.html 'records.jsonl:5: not JSON'
[ "$(grep -c warning err)" = 1 ] || { cat err; fail 'the damage is told more than once'; }

# The same command measures that epoch again, and every number is as before; nothing is trained.
expect_code 0 run
expect_text err "$records:5: not JSON" 'are measured again' '1 stage(s) ran, 2 reused'
sort "$records" | cmp - <(sort whole.jsonl) || fail 'the numbers are not those from before'
[ -s "$(dirname "$records")/records.damaged.txt" ] || fail 'the damaged line is not kept'
hashes runs/stages | cmp - before || fail 'measuring changed weights'
expect_code 0 run
expect_text err '0 stage(s) ran, 3 reused'
! grep -q damaged err || fail 'what was mended is told again'

# Its checkpoint is gone: that row is lost, all others stay, and it is told once.
cp whole.jsonl "$records"
rm -r "$(dirname "$records")"/checkpoints/epoch-000[12]
sed -i '2s/.*/{"metric": "zero_sh/' "$records"
expect_code 0 run
expect_text err "$records:2: not JSON"
sort "$records" | cmp - <(sed 2d whole.jsonl | sort) || fail 'other rows were lost'
expect_code 0 run
expect_text err '0 stage(s) ran, 3 reused'

# Times of a machine whose clock is hours off: running is running, and nothing is less than zero.
status=$(ls "$work"/runs/stages/clean-*/status.json)
claim=$(dirname "$status")/claim
off() { # off HOURS
  python3 - "$status" "$1" <<'P'
import json, sys, time
s = json.load(open(sys.argv[1]))
s.update(state='running', host='elsewhere', pid=1, updated=time.time() + 3600 * float(sys.argv[2]), eta_seconds=90, epoch=1)
json.dump(s, open(sys.argv[1], 'w'))
P
  echo 'host elsewhere, pid 1, boot b, space n, start 1, token t, beat 1' >"$claim"
  touch -d "$1 hours" "$claim" "$status"
  expect_code 0 "$theriac" status runs/tiny
}
off 5
expect_text out 'running     epoch 1/3' '1 min 30 s left  (host elsewhere, pid 1)  its clock is ' ' ahead of this machine'
off -5
expect_text out 'running     epoch 1/3' '1 min 30 s left  (host elsewhere, pid 1)  last news 5 h 00 min ago'
expect_code 0 "$theriac" status runs/tiny --json
python3 - <<'P'
import json
view = json.load(open('out'))[0]
assert view['eta_seconds'] == 90 and view['counts'] == {'done': 2, 'running': 1}, view
P
# Of a process of this machine that is gone: killed, whatever the time says.
sed -i "s/elsewhere/$(hostname)/" "$status"
rm "$claim"
touch -d '5 hours' "$status"
expect_code 0 "$theriac" status runs/tiny
expect_text out 'killed' 'nobody runs it'
expect_code 0 run
expect_text err '1 stage(s) ran, 2 reused'
