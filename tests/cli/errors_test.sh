#!/usr/bin/env bash
# Bad input: one clear message, the right exit code, nothing half-written.
. "$(dirname "$0")/common.sh" "$1"
cd "$work"
bad() { expect_code 2 "$theriac" "${@:2}"; expect_text err "$1"; [ ! -e runs ] || fail "something was written: $*"; }
tiny=$here/tiny.yaml

bad "did you mean 'batch_size'?" run "$tiny" --set pretrain.batch_siz=4
bad 'expected an integer' run "$tiny" --set pretrain.epochs=1.5
bad 'random_patch' run "$tiny" --set poison.trigger.type=random_pach
bad 'learning_rat' run <(sed 's/clean.optimizer.learning_rate/clean.optimizer.learning_rat/' "$tiny")
bad "'bananna' is not among the 8 classes" run "$tiny" --set poison.target=bananna
bad 'a batch of 1000 is larger than data.train' run "$tiny" --set pretrain.batch_size=1000
bad '100000' run "$tiny" --set poison.count=100000
bad 'cannot read missing.yaml' run missing.yaml
bad 'no experiment in' status nowhere
bad 'neither a checkpoint' evaluate nowhere
expect_code 2 "$theriac" run
expect_code 2 "$theriac" nonsense

# All problems of a file at once, with their places.
printf 'name: x\npretrain: {epochs: 0, lerning_rate: 1}\nevaluate: [{type: zero_shoot}]\n' >three.yaml
bad 'three.yaml:2' run three.yaml
expect_text err 'problem(s) in the configuration' 'epochs' 'lerning_rate' 'zero_shot'

# CSV without the column.
printf 'file,text\na.png,a dog\n' >pairs.csv
csv="{type: csv, path: $work/pairs.csv, image_key: image, caption_key: text}"
bad 'no column "image"' run "$tiny" --set "data.train=$csv"

# No emoji font.
bad 'no font file' run "$tiny" --set "data.train={type: emoji, scenes: 64, font: $work/none.ttf}"

# A run folder that cannot be written, and a full disk.
touch file
expect_code 73 "$theriac" run "$tiny" --runs file/runs
expect_text err 'file'

# A run folder from another version.
mkdir -p other/tiny && echo '{"version": 99}' >other/tiny/plan.json
expect_code 2 "$theriac" report other/tiny
expect_text err 'another version'

# Two processes on one run folder: the second refuses when told not to wait, by name of host and pid.
mkdir -p busy/tiny
python3 - "$work/busy/tiny/lock" "$work/held" <<'P' &
import fcntl, os, sys, time
f = open(sys.argv[1], 'w'); fcntl.flock(f, fcntl.LOCK_EX); f.write(f'{os.uname().nodename} {os.getpid()}'); f.flush()
open(sys.argv[2], 'w').close(); time.sleep(60)
P
holder=$!
until [ -e held ]; do sleep 0.1; done
expect_code 2 "$theriac" run "$tiny" --runs busy --no-wait
expect_text err 'is being run by' "$holder"
kill $holder

# A failed cell does not stop the others; the end says which failed, why, and how to retry.
cat >mixed.yaml <<'Y'
base: TINY
name: mixed
sweep:
  data:
    good: {}
    broken: {pretrain: {optimizer: {learning_rate: 1e30, clip_norm: 1e9}}}
Y
sed -i "s|TINY|$tiny|" mixed.yaml
expect_code 5 "$theriac" run mixed.yaml --set clean=null
expect_text out 'failed: ' 'The same command tries the failed stages again'
[ -s runs/mixed/report/index.html ] || fail 'no report after a failure'
