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
bad '--jobs is -1; expected 1 or more, or 0' run "$tiny" --jobs=-1
bad '--retries is -2; expected 0 or more' run "$tiny" --retries=-2
bad 'data show: --count is -1; expected 0 or more' data show "$tiny" --count=-1
bad 'data check: the experiment has no data.nope' data check "$tiny" --section nope

# Arguments: in the form of all other messages, with the nearest name and where help is.
bad 'error: run: FILE is missing; see theriac run --help' run
bad "error: theriac: no verb 'nonsense'; see theriac --help" nonsense
bad "no verb 'rnu'; did you mean 'run'?" rnu "$tiny"
bad 'error: theriac: give a verb: run plan' ; ! grep -q _worker err || fail 'a hidden verb is named'
bad "error: data: no verb 'shwo'; did you mean 'show'?; see theriac data --help" data shwo "$tiny"
bad 'error: data: give a verb: show check' data
bad "error: run: no option --job; did you mean '--jobs'?; see theriac run --help" run "$tiny" --job=2
bad 'no option --xyzzyx; see' run "$tiny" --xyzzyx
bad "error: run: 'more' is one argument too many" run "$tiny" more
bad 'error: run: --runs needs a value' run "$tiny" --runs
bad "error: run: --jobs: expected a whole number, received 'two'" run "$tiny" --jobs two
bad "error: plan: --hourly-rate: expected a number, received 'lots'" plan "$tiny" --hourly-rate lots
bad "error: run: --only: expected one of poison pretrain clean, received 'cleen'; did you mean 'clean'?" run "$tiny" --only cleen
bad 'error: config show: FILE is missing' config show

# Values in brackets come through whole.
expect_code 0 "$theriac" tokenize "$tiny" --json '[a dog, a cat]'
[ "$(wc -l <out)" = 1 ] || fail 'a text in brackets was split'
expect_code 0 "$theriac" tokenize "$tiny" --json '[a dog, a cat]' 'a dog' '[b]'
[ "$(wc -l <out)" = 3 ] || fail 'a text in brackets was split'
for set in '--set pretrain.batch_size=[1,2]' '--set=pretrain.batch_size=[1,2]'; do bad 'batch_size=[1,2]: pretrain.batch_size: expected an integer, got a list' run "$tiny" $set; done
bad "no verb '[a,b]'" '[a,b]'
bad "'[a,b]' is one argument too many" run "$tiny" '[a,b]'
bad 'no experiment in [a,b]' report '[a,b]'
bad "expected one of poison pretrain clean, received '[clean]'" run "$tiny" --only '[clean]'
bad 'cannot read [x]' run '[x]'
bad 'error: --set [a,b]: expected KEY=VALUE' run "$tiny" --set '[a,b]'

# All problems of a file at once, with their places.
printf 'name: x\npretrain: {epochs: 0, lerning_rate: 1}\nevaluate: [{type: zero_shoot}]\n' >three.yaml
bad 'three.yaml:2' run three.yaml
expect_text err 'problem(s) in the configuration' 'epochs' 'lerning_rate' 'zero_shot'

# CSV without the column.
printf 'file,text\na.png,a dog\n' >pairs.csv
csv="{type: csv, path: $work/pairs.csv, image_key: image, caption_key: text}"
bad 'no column "image"' run "$tiny" --set "data.train=$csv"

# Data that is not what it seems: pictures outside their folder, a bomb of 60000 x 60000 pixels in a few kilobytes, a caption
# of a megabyte (which is fine), a tar that breaks off. Each is counted with its reason, quickly and without its pixels.
mkdir -p odd/set
python3 - <<'P'
import struct, zlib
chunk = lambda t, d: struct.pack('>I', len(d)) + t + d + struct.pack('>I', zlib.crc32(t + d))
def png(path, width, height, raw):
    open(path, 'wb').write(b'\x89PNG\r\n\x1a\n' + chunk(b'IHDR', struct.pack('>IIBBBBB', width, height, 8, 0, 0, 0, 0)) +
                           chunk(b'IDAT', zlib.compress(raw)) + chunk(b'IEND', b''))
png('odd/set/a.png', 8, 8, bytes(72))
png('odd/b.png', 8, 8, bytes(72))
png('odd/set/bomb.png', 60000, 60000, bytes(4_000_000))
with open('odd/set/pairs.csv', 'w') as f:
    f.write('image,caption\na.png,' + 'word ' * 200_000 + '\n../b.png,x\n/etc/hostname,x\nbomb.png,x\n')
P
[ "$(stat -c %s odd/set/bomb.png)" -lt 8000 ] || fail 'the bomb is too large for a test'
check() { # check SOURCE
  bad '' data check "$tiny" --section train --set "data.train=$1" --set poison=null --set 'evaluate=[]' --set clean=null
}
SECONDS=0
check "{type: csv, path: $work/odd/set/pairs.csv, allow_outside: false}"
expect_text out '1 of 4 samples are good' 'outside its folder: 2' "$work/odd/b.png is not in $work/odd/set" 'too large: 1' '60000 x 60000 pixels'
for i in 1 2 3; do cp odd/set/a.png odd/$i.png; echo "picture $i" >odd/$i.txt; done
tar -cf odd/whole.tar -C odd 1.png 1.txt 2.png 2.txt 3.png 3.txt
head -c 2600 odd/whole.tar >odd/cut.tar
check "{type: webdataset, path: $work/odd/cut.tar}"
expect_text out '1 of 2 samples are good' 'truncated: 1' 'cut.tar ends inside 2.png'
[ $SECONDS -lt 60 ] || fail "odd data took $SECONDS s"
# An objective whose data lacks what it needs: known before anything is trained.
"$theriac" data export "$tiny" --section cleaning --format csv --out unlabelled >/dev/null 2>&1
unlabelled="{type: csv, path: $work/unlabelled/pairs.csv}"
bad 'supervised: the data to train on has 0 classes' run "$tiny" --set "data.cleaning=$unlabelled" --set 'clean.objective=[{type: supervised}]'
printf 'key,label\nother,0\n' >labels.csv
bad 'has no label for 128 of 128 samples' run "$tiny" --set "clean.objective=[{type: clustering, labels: $work/labels.csv}]"

bad 'none of the pairs to train on is poisoned; keep some' run "$tiny" --set 'clean.objective=[{type: mmcl}, {type: push_away}]'
bad 'remove.fraction: 0.001 of 128 pairs is less than one pair' run "$tiny" --set 'clean.remove={fraction: 0.001}'

# No emoji font.
bad 'no font file' run "$tiny" --set "data.train={type: emoji, scenes: 64, font: $work/none.ttf}"

# A machine without LibTorch, or without the font: what to install.
mkdir -p moved/libexec/theriac
cp "$theriac" moved
sed 's#libtorch_cpu[.]so#libtorch_off.so#' "$(dirname "$theriac")/libexec/theriac/theriac" >moved/libexec/theriac/theriac
chmod +x moved/libexec/theriac/theriac
expect_code 2 moved/theriac doctor
expect_text err 'cannot start' 'libtorch_off.so' 'scripts/setup.sh --torch-only'
rm -r moved/libexec
expect_code 2 moved/theriac doctor
expect_text err 'copy both'
isolate=$(for how in -m -Urm; do if unshare $how mount -t tmpfs tmpfs /mnt 2>/dev/null; then echo $how; break; fi; done)
[ -n "$isolate" ] || echo 'not tested: no font, a full disk (no file system can be mounted here)'
if [ -n "$isolate" ]; then
  expect_code 2 unshare $isolate sh -c 'mount -t tmpfs tmpfs /usr/share/fonts && exec "$0" doctor' "$theriac"
  expect_text out 'Install the Debian package fonts-noto-color-emoji'
fi

# A run folder that cannot be written.
touch file
expect_code 73 "$theriac" run "$tiny" --runs file/runs
expect_text err 'file'

# A plan that is too large for the disk is refused before anything starts. Started all the same, it fills the disk while
# training: nothing half-written stays, and the same command goes on once there is space.
cat >full.sh <<'S'
mkdir disk && mount -t tmpfs -o size=3000k tmpfs disk
"$1" run "$2" --set sweep=null --runs disk >out 2>err0 || echo $? >code0
"$1" run "$2" --set sweep=null --runs disk --no-disk-check >out 2>err || echo $? >code
ls disk/stages/pretrain-*/checkpoints >left
mount -o remount,size=200m disk
"$1" run "$2" --set sweep=null --runs disk >out2 2>err2
S
if [ -n "$isolate" ]; then
  unshare $isolate bash -e full.sh "$theriac" "$tiny" || { cat err*; fail 'no second try on a larger disk'; }
  [ "$(cat code0)" = 73 ] || fail "exit code $(cat code0) with too small a disk"
  expect_text err0 'the plan needs 22 MiB of disk' '2.9 MiB free' 'checkpoint.finished' '--no-disk-check'
  [ "$(cat code)" = 73 ] || fail "exit code $(cat code) on a full disk"
  expect_text err 'the disk is full' 'optimizer.safetensors' 'needed' 'free some space'
  [ ! -s left ] || fail "left on a full disk: $(cat left)"
  expect_text err2 '1 reused'
fi

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

# A failed cell does not stop the others; the end says which failed, why, and how to retry it. The good one trains on
# what can be used (4 of 64 pictures are missing) and counts the rest; the other one has too many broken pictures.
python3 - <<'P'
import struct, zlib
chunk = lambda t, d: struct.pack('>I', len(d)) + t + d + struct.pack('>I', zlib.crc32(t + d))
for i in range(64):
    raw = b''.join(b'\0' + b''.join(bytes([(x * i) % 256, (y * 9 + i) % 256, 4 * i % 256]) for x in range(32)) for y in range(32))
    open(f'{i}.png', 'wb').write(b'\x89PNG\r\n\x1a\n' + chunk(b'IHDR', struct.pack('>IIBBBBB', 32, 32, 8, 2, 0, 0, 0)) +
                                 chunk(b'IDAT', zlib.compress(raw)) + chunk(b'IEND', b''))
for name, missing in (('good', 4), ('broken', 24)):
    with open(name + '.csv', 'w') as f:
        f.write('path,caption\n' + ''.join(f'{"no" if i < missing else ""}{i}.png,a dog and {i} cats\n' for i in range(64)))
P
cat >mixed.yaml <<'Y'
base: TINY
name: mixed
sweep:
  data:
    good: {data: {train: {type: csv, path: good.csv, image_key: path}}}
    broken: {data: {train: {type: csv, path: broken.csv, image_key: path}}}
Y
sed -i "s|TINY|$tiny|" mixed.yaml
expect_code 5 "$theriac" run mixed.yaml --set clean=null --set poison.count=0
expect_text out 'failed: pretrain mmcl, broken' 'max_bad_fraction' 'missing file' 'The same command tries the failed stages again'
[ -s runs/mixed/report/index.html ] || fail 'no report after a failure'
grep -q '"missing file": 4' runs/stages/pretrain-*/status.json || fail 'missing pictures are not counted'
