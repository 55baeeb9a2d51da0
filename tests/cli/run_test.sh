#!/usr/bin/env bash
# The whole experiment on the real program: runs, is reused, is evaluated again when the protocol changes.
. "$(dirname "$0")/common.sh" "$1"
cd "$work"

expect_code 0 "$theriac" run "$here/tiny.yaml"
expect_text out 'mmcl' 'report: '
[ -s runs/tiny/report/index.html ] || fail 'no report'
[ -s runs/tiny/plan.json ] || fail 'no plan.json'
for file in status.json metrics.jsonl records.jsonl provenance.json config.resolved.yaml log.txt; do
  for stage in runs/stages/pretrain-* runs/stages/clean-*; do [ -s "$stage/$file" ] || fail "no $stage/$file"; done
done
ls runs/stages/poison-*/contact_sheet.png runs/stages/poison-*/manifest.json >/dev/null
[ "$(ls -d runs/stages/pretrain-* | wc -l)" = 2 ] || fail 'two pre-trainings expected'
[ "$(ls -d runs/stages/clean-* | wc -l)" = 4 ] || fail 'four cleanings expected'
hashes runs/stages >first
# A learning rate of 0 leaves the weights and moves the running statistics only.
python3 - <<'P'
import glob, json, struct
def load(path):
    data = open(path, 'rb').read()
    n = struct.unpack('<Q', data[:8])[0]
    header = json.loads(data[8:8 + n])
    header.pop('__metadata__', None)
    return {k: data[8 + n + v['data_offsets'][0]:8 + n + v['data_offsets'][1]] for k, v in header.items()}
zero = 0
for stage in glob.glob('runs/stages/clean-*'):
    p = json.load(open(stage + '/provenance.json'))
    if p['settings']['cleaner']['optimizer']['learning_rate'] != 0: continue
    zero += 1
    before = load(sorted(glob.glob(f"runs/stages/{p['parent']}/checkpoints/epoch-*"))[-1] + '/model.safetensors')
    after = load(sorted(glob.glob(stage + '/checkpoints/epoch-*'))[-1] + '/model.safetensors')
    moved = {k for k in before if before[k] != after[k]}
    assert moved and all('running_' in k or 'num_batches' in k for k in moved), sorted(moved)[:5]
assert zero == 2, zero
P

start=$SECONDS
expect_code 0 "$theriac" run "$here/tiny.yaml"
expect_text err '0 stage(s) ran'
[ $((SECONDS - start)) -le 10 ] || fail 'a second run takes longer than ten seconds'
hashes runs/stages | cmp - first || fail 'a second run changed weights'

# Another protocol measures the kept checkpoints again and trains nothing.
expect_code 0 "$theriac" run "$here/tiny.yaml" --set 'evaluate=[{type: zero_shot, top: [1, 3]}, {type: attack_success}]'
grep -q zero_shot_top3 runs/stages/clean-*/records.jsonl || fail 'the new protocol was not measured'
hashes runs/stages | cmp - first || fail 'evaluating changed weights'
[ -d runs/tiny/history ] || fail 'the earlier resolved file is not kept'

# Pre-training on from a checkpoint begins with its weights; another model is refused.
from=(--set "pretrain.from=$(ls -d runs/stages/pretrain-*/checkpoints/epoch-0003 | head -1)" --set clean=null --set sweep=null)
expect_code 0 "$theriac" run "$here/tiny.yaml" --runs on "${from[@]}" --set pretrain.optimizer.learning_rate=0 --set pretrain.epochs=1
python3 - on/stages/pretrain-*/checkpoints/epoch-0001 "$(echo "${from[1]}" | cut -d= -f2)" <<'P'
import json, struct, sys
def load(path):
    data = open(path + '/model.safetensors', 'rb').read()
    n = struct.unpack('<Q', data[:8])[0]
    return {k: data[8 + n + v['data_offsets'][0]:8 + n + v['data_offsets'][1]] for k, v in json.loads(data[8:8 + n]).items() if k != '__metadata__'}
after, before = map(load, sys.argv[1:])
moved = [k for k in before if before[k] != after[k]]
assert moved and all('running_' in k or 'num_batches' in k for k in moved), moved[:5]
P
expect_code 2 "$theriac" run "$here/tiny.yaml" --runs on "${from[@]}" --set model.embedding=32
expect_text err 'pretrain.from' 'its embedding is 128, expected 32'
expect_code 2 "$theriac" run "$here/tiny.yaml" --runs on "${from[@]}" --set tokenizer.vocabulary=100
expect_text err 'another tokenizer'
expect_code 2 "$theriac" run "$here/tiny.yaml" --set pretrain.from=/nowhere
expect_text err '/nowhere'

# What `run` said can be asked for again.
expect_code 0 "$theriac" plan "$here/tiny.yaml"
expect_text out '4 cell(s)' 'done' 'to run: '
expect_code 0 "$theriac" plan "$here/tiny.yaml" --runs nowhere
expect_text out 'time unknown' '--measure'
expect_code 0 "$theriac" plan "$here/tiny.yaml" --runs nowhere --measure
expect_text out 'of work on one device' 'here, ' 'the longest chain'
expect_code 0 "$theriac" status runs/tiny
expect_text out 'done' 'epoch 3/3'
expect_code 0 "$theriac" status runs --json
python3 - <<'P' || fail 'status --json'
import json
view = json.load(open("out"))[0]
assert len(view["stages"]) == 7
assert view["training_seconds"] > 0 and view["evaluation_seconds"] > 0, view
assert view["training_seconds"] + view["evaluation_seconds"] <= view["seconds"], view
for stage in view["stages"]:
    assert (stage["training_seconds"] > 0) == (stage["kind"] != "poison"), stage
P
expect_code 0 "$theriac" report runs/tiny --check
expect_text out 'nothing to check in runs/tiny: its file has no `expect:`' 'True label, triggered' 'Top-5'
! grep -q '…' out || fail 'a table is cut though stdout is no terminal'
mkdir -p elsewhere && touch elsewhere/mine
expect_code 0 "$theriac" report runs/tiny --out elsewhere
grep -q '<h1>tiny</h1>' elsewhere/index.html || fail 'report RUN --out is not the report of the run'
[ -e elsewhere/mine ] && [ -s elsewhere/tables/final.csv ] || fail 'report --out replaced the folder'
checkpoint=$(ls -d runs/stages/clean-*/checkpoints/epoch-0003 | head -1)
expect_code 0 "$theriac" evaluate "$checkpoint" --json
python3 - "$checkpoint" <<'P'
import json, pathlib, sys
# The verb measures what the run measured.
kept = [json.loads(l) for l in open(pathlib.Path(sys.argv[1]).parents[1] / 'records.jsonl')]
for r in json.load(open('out')):
    same = [k for k in kept if (k['metric'], k['data'], k['checkpoint']) == (r['metric'], r['data'], r['checkpoint'])]
    assert same and all(k['value'] == r['value'] and k['outcomes'] == r['outcomes'] for k in same), r['metric']
P

# Out and in again: the same weights with the same card; nothing is overwritten, and no pickle is run.
expect_code 0 "$theriac" export "$checkpoint" --to open_clip --out weights.safetensors
expect_code 0 "$theriac" import weights.safetensors --out again
cmp again/model.safetensors "$checkpoint/model.safetensors" || fail 'export and import changed the weights'
cmp again/card.json "$checkpoint/card.json" || fail 'export and import lost the card'
expect_code 2 "$theriac" import weights.safetensors --out again
expect_text err 'again exists'
expect_code 2 "$theriac" export "$checkpoint" --out weights.pt
expect_text err '.safetensors'
expect_code 2 "$theriac" import "$here/../golden/foreign_command.pt" --out bad
expect_text err 'Nothing in a checkpoint is executed'
expect_code 2 "$theriac" import "$here/../golden/foreign_checkpoint.pt" --out bad
expect_text err 'not the weights of a CLIP model'
[ ! -e bad ] || fail 'half an import was left'

expect_code 0 "$theriac" tokenize "$checkpoint" --json 'a photo of a dog'
python3 -c 'import json; ids = json.load(open("out")); assert ids[0] == 2 and ids[-1] == 3, ids'
