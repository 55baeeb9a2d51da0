#!/usr/bin/env bash
# Every verb that looks at something: answers on stdout, JSON that parses, an example in --help.
. "$(dirname "$0")/common.sh" "$1"
cd "$work"
tiny=$here/tiny.yaml
json() { python3 -c 'import json, sys; json.load(open(sys.argv[1]))' "$work/out" || fail "not JSON: $*"; }

# Threads that wait sleep soon, unless the user says otherwise.
unset OMP_WAIT_POLICY GOMP_SPINCOUNT
spins() { OMP_DISPLAY_ENV=verbose "$theriac" --version 2>&1 | grep -o "GOMP_SPINCOUNT = '[^']*'"; }
[ "$(spins)" = "GOMP_SPINCOUNT = '2000'" ] || fail "without a wish: $(spins)"
[ "$(GOMP_SPINCOUNT=7 spins)" = "GOMP_SPINCOUNT = '7'" ] || fail "with GOMP_SPINCOUNT: $(GOMP_SPINCOUNT=7 spins)"
[ "$(OMP_WAIT_POLICY=passive spins)" = "GOMP_SPINCOUNT = '0'" ] || fail "with OMP_WAIT_POLICY: $(OMP_WAIT_POLICY=passive spins)"

for verb in run plan status report 'data show' 'data check' 'data view' 'data export' 'poison show' evaluate embed analyse import export tokenize 'config show' \
  'config check' 'config reference' list 'bench step' 'bench report' doctor completion; do
  expect_code 0 "$theriac" $verb --help
  expect_text out 'Example:'
done
expect_code 0 "$theriac" --version
expect_text out 'theriac '

expect_code 0 "$theriac" plan "$tiny" --json; json plan
expect_code 0 "$theriac" plan "$tiny" --teraflops 0.001 --hourly-rate 3
expect_text out 'FLOP' 'the longest chain of stages' 'at 3 an hour'
expect_code 0 "$theriac" plan "$tiny" --teraflops 0.001 --hourly-rate 3 --json
python3 - <<'P' || fail 'prices of cells'
import json
plan = json.load(open("out"))
price = {stage["id"]: stage for stage in plan["stages"]}
for cell in plan["cells"]:
    for key in ("hours", "flops", "disk_bytes", "money"):
        assert abs(cell[key] - sum(price[id][key] for id in cell["stages"])) <= 1e-9 * abs(cell[key]), (cell, key)
assert plan["critical_path_hours"] > 0
P
expect_code 0 "$theriac" plan "$tiny" --cells --hourly-rate 3
expect_text out 'cell ' 'mmcl_ssl' 'not measured' 'at 3 an hour: unknown' 'cells share stages'
expect_code 0 "$theriac" plan "$tiny" --json --hourly-rate 3
python3 -c 'import json; plan = json.load(open("out")); assert plan["critical_path_hours"] is None and plan["cells"][0]["money"] is None' || fail 'unknown prices'
for wrong in '--hourly-rate -1' '--teraflops -1' '--json --format shell' '--json --cells' '--measure --format makefile'; do
  expect_code 2 "$theriac" plan "$tiny" $wrong
  expect_text err 'error: plan: '
done
expect_code 0 "$theriac" data show "$tiny" --section test
expect_text out 'data.test: 32 samples, 8 classes'
expect_code 0 "$theriac" data show "$tiny" --json; json data show
expect_code 0 "$theriac" data check "$tiny"
expect_text out 'data.train: 256 of 256 samples are good'
expect_code 0 "$theriac" poison show "$tiny" --out sheet.png
expect_text out '16 of 256 samples poisoned' 'augmented views'
[ "$(head -c 4 sheet.png | tail -c 3)" = PNG ] || fail 'the contact sheet is no PNG'
expect_code 0 "$theriac" poison show "$tiny" --json; json poison show
expect_code 0 "$theriac" config check "$tiny"
expect_code 0 "$theriac" config show "$tiny" --set seed=9
expect_text out 'seed: 9' '--set seed=9' 'tiny.yaml:'
cp out resolved.yaml
expect_code 0 "$theriac" config show resolved.yaml --json; json config show
expect_code 0 "$theriac" list triggers
expect_text out 'random_patch'
expect_code 0 "$theriac" list
expect_text out analyses poison_rank
[ "$(grep -o '^  [a-z_0-9-]*  *' out | awk '{ print length($0) }' | sort -u | wc -l)" = 1 ] || fail 'list: the columns are not aligned'
expect_code 0 "$theriac" run --help
expect_text out 'TEXT=runs' 'INT=2'
expect_code 0 "$theriac" plan "$tiny" --runs none
expect_text out 'FLOP, time unknown (nothing of these kinds was measured yet'
expect_code 0 "$theriac" list --json; json list
expect_code 0 "$theriac" bench step --model tiny_rn --batch 8 --steps 2 --json; json bench step
expect_code 0 "$theriac" bench report --points 400 --json; json bench report
expect_text out '"points": 400'
expect_code 0 "$theriac" doctor --json; json doctor
XDG_CACHE_HOME=/none expect_code 0 "$theriac" doctor
expect_text out "no bpe_simple_vocab_16e6.txt.gz, imagenet_classes.txt, imagenet_prompts.txt in /none/theriac/assets" 'run scripts/fetch_assets.sh'
for shell in bash zsh; do expect_code 0 "$theriac" completion $shell; expect_text out 'complete -o default'; done
expect_code 0 "$theriac" tokenize "$tiny" --json 'a dog' 'a cat'
[ "$(wc -l <out)" = 2 ] || fail 'one line a text'
expect_code 2 "$theriac" tokenize
expect_text err 'give --tokenizer clip_bpe'
expect_code 2 "$theriac" tokenize --tokenizer '{type: clip_bpe, vocabulary_file: /none}' 'a dog'
expect_text err 'run scripts/fetch_assets.sh'
expect_code 2 "$theriac" tokenize --tokenizer clip_bpr 'a dog'
if [ -e "${XDG_CACHE_HOME:-$HOME/.cache}/theriac/assets/bpe_simple_vocab_16e6.txt.gz" ]; then
  expect_code 0 "$theriac" tokenize --tokenizer clip_bpe --json 'a photo of a banana.' ''
  [ "$(cat out)" = '[49406,320,1125,539,320,8922,269,49407]
[49406,49407]' ] || fail 'ids of CLIP'
fi

# The committed reference is what the program says.
expect_code 0 "$theriac" config reference
cmp out "$here/../../docs/config.md" || fail 'docs/config.md is stale: theriac config reference --out docs/config.md'

# Broken samples are listed with their reasons, all of them.
python3 - <<'P'
import struct, zlib
def png(path):
    raw = b''.join(b'\0' + bytes([x * 30 % 256, y * 30 % 256, 99]) [:3] * 1 * 8 for y in range(8) for x in [y])
    chunk = lambda t, d: struct.pack('>I', len(d)) + t + d + struct.pack('>I', zlib.crc32(t + d))
    open(path, 'wb').write(b'\x89PNG\r\n\x1a\n' + chunk(b'IHDR', struct.pack('>IIBBBBB', 8, 8, 8, 2, 0, 0, 0)) +
                           chunk(b'IDAT', zlib.compress(raw)) + chunk(b'IEND', b''))
for i in range(18): png(f'{i}.png')
open('text.png', 'w').write('<html>')
whole = open('0.png', 'rb').read()
open('cut.png', 'wb').write(whole[:len(whole) // 2])
with open('pairs.csv', 'w') as f:
    f.write('path,caption\n' + ''.join(f'{i}.png,a dog {i}\n' for i in range(18)))
    f.write('text.png,a cat\ncut.png,a cat\nnone.png,a cat\n0.png,\n')
P
csv="{type: csv, path: $work/pairs.csv, image_key: path}"
expect_code 2 "$theriac" data check "$tiny" --section train --set "data.train=$csv" --set poison=null --set 'evaluate=[]' --set clean=null
expect_text out '18 of 22 samples are good' 'missing file: 1' 'not an image: 1' 'truncated: 1' 'empty caption: 1' 'pairs.csv:20'

# What the model would see: one PNG a picture, named after it; a bad one does not keep the others back.
expect_code 2 "$theriac" data view --size 6 --out seen 0.png text.png cut.png none.png 1.png
expect_text err 'text.png: not an image' 'cut.png: truncated' 'none.png' '3 of 5 pictures cannot be used'
[ "$(ls seen)" = "$(printf '0.png\n1.png')" ] || fail "wrote $(ls seen)"
for transform in squash jitter autoaugment simclr; do
  expect_code 0 "$theriac" data view --transform $transform --size 6 --seed 3 --out $transform 0.png 1.png --json
  [ "$(wc -l <out)" = 2 ] || fail 'one line a picture'
  head -n 1 out >line; mv line out; json data view
  expect_text out "$transform/0.png" 'steps'
  cp $transform/1.png before.png
  expect_code 0 "$theriac" data view --transform $transform --size 6 --seed 3 --out $transform 0.png 1.png
  cmp $transform/1.png before.png || fail 'the same seed gives other pictures'
done
mkdir -p other && cp 1.png other/0.jpg
expect_code 2 "$theriac" data view --out both 0.png other/0.jpg
expect_text err '0.png and other/0.jpg would both become both/0.png'
[ ! -e both ] || fail 'wrote something all the same'
expect_code 2 "$theriac" data view --out . 0.png
expect_text err '0.png would be overwritten'
expect_code 2 "$theriac" data view --transform sideways --out x 0.png
expect_text err 'sideways'

# Every experiment file in the repository is one: nothing unknown, nothing without effect.
for file in "$here"/../../configs/*.yaml "$here"/../../configs/{paper,cleaners}/*.yaml; do
  expect_code 0 "$theriac" config check "$file"
  expect_text out 'no problem found'
done
# A data set leaves as files and comes back the same; a folder that is there is not touched.
for format in csv webdataset; do
  expect_code 0 "$theriac" data export "$tiny" --section test --format $format --out "files $format" --shard-size 20
  expect_text out '32 of 32 samples' "type: $format"
  source=$(tail -n 1 out)
  expect_code 0 "$theriac" data check "$tiny" --section test --set "data.test=$source"
  expect_text out 'data.test: 32 of 32 samples are good'
  expect_code 0 "$theriac" data show "$tiny" --section test --count 1 --set "data.test=$source"
  expect_text out '32 samples, 8 classes'
  expect_code 2 "$theriac" data export "$tiny" --section test --format $format --out "files $format"
  expect_text err "is there already"
done
[ "$(ls 'files webdataset')" = "$(printf '00000.tar\n00001.tar\nclasses.txt\nsizes.json')" ] || fail 'other tars'
expect_code 2 "$theriac" data export "$tiny" --section none --out x
expect_text err 'data.none'
expect_code 2 "$theriac" data export "$tiny" --section test --out x --shard-size 0
expect_text err 'shard-size'
