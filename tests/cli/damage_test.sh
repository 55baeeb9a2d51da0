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
