#!/usr/bin/env bash
# Figures and numbers of checkpoints, and what is said where there can be none.
. "$(dirname "$0")/common.sh" "$1"
cd "$work"

cat >small.yaml <<Y
base: $here/tiny.yaml
name: small
sweep: null
clean: null
data: {train: {scenes: 96}, cleaning: null}
pretrain: {epochs: 2}
Y
expect_code 0 "$theriac" run small.yaml
stage=$(ls -d runs/stages/pretrain-*)
quick=(--iterations 20)

# All kept epochs of a stage: a figure with its numbers for each kind of analysis.
expect_code 0 "$theriac" analyse "$stage" --out all "${quick[@]}" --json
cp out all.json
for kind in pca tsne geometry similarity poison_rank confusion; do
  for ending in svg csv; do [ -s "all/$kind.$ending" ] || fail "no $kind.$ending"; done
done
expect_code 0 "$theriac" evaluate "$stage" --json
cp out evaluated.json
cat >check.py <<'P'
import csv, json
answer = json.load(open("all.json"))
assert answer["data"] == "test" and answer["target"] == "dog", answer
first, last = answer["checkpoints"]
assert [first["name"], last["name"]] == ["epoch 1", "epoch 2"] and first["run"] == last["run"]
success, = [r["value"] for r in json.load(open("evaluated.json")) if r["metric"] == "attack_success" and r["data"] == "test"]
assert abs(last["confusion"]["predicted_as_target"] - success) < 1e-9, (last, success)
rank = last["poison_rank"]
assert 0 <= rank["rank_q1"] <= rank["rank_median"] <= rank["rank_q3"] <= 100 and 0 <= rank["auroc"] <= 1, rank
rows = list(csv.DictReader(open("all/poison_rank.csv")))
assert [(r["poisoned_measured"], r["clean_measured"], r["clean_total"]) for r in rows] == [("16", "80", "80")] * 2, rows
kinds = {r["kind"] for r in csv.DictReader(open("all/tsne.csv"))}
assert kinds == {"clean images", "triggered images", "captions", "prompts of the target"}, kinds
P
python3 check.py

# The same again, and for people; a checkpoint named twice counts once; only what is asked for.
expect_code 0 "$theriac" analyse "$stage" "$stage/checkpoints/epoch-0002" --out again "${quick[@]}"
expect_text out 'epoch 1' 'modality_gap' 'predicted_as_target'
[ "$(grep modality_gap out | awk '{ print length($0) }')" = $((41 + 2 * 12)) ] || fail 'columns of ten characters and two spaces'
for file in all/*.csv; do cmp "$file" "again/${file#all/}" || fail "$file differs"; done
expect_code 0 "$theriac" analyse "$stage/checkpoints/epoch-0001" --out one --only geometry,pca --data validation --samples 20
[ "$(ls one/*.csv | tr '\n' ' ')" = 'one/geometry.csv one/numbers.csv one/pca.csv ' ] || fail "wrote $(ls one)"
[ "$(grep -c 'clean images' one/pca.csv)" = 20 ] || fail 'not 20 samples'

# A model that was not poisoned, beside the other: no rank for it, and the rest.
expect_code 0 "$theriac" run small.yaml --set poison.count=0
clean=$(ls -d runs/stages/pretrain-* | grep -v "$stage")
expect_code 0 "$theriac" analyse "$stage" "$clean" --out both "${quick[@]}"
expect_text err 'no poison_rank of'
expect_text both/numbers.csv 'confusion,predicted_as_target'
expect_code 2 "$theriac" analyse "$clean" --out none --only poison_rank
expect_text err 'the checkpoint has no record of poisoned pairs'

# Seeds of one experiment stand beside each other.
expect_code 0 "$theriac" run small.yaml --set seed=5
seed=$(ls -d runs/stages/pretrain-* | grep -v "$stage\|$clean")
expect_code 0 "$theriac" analyse "$stage" "$seed" --out seeds --only geometry,confusion
expect_text err 'differ in the seed of their evaluation' 'all are measured with that of'
rm -rf "$seed" none

# Checkpoints of different data have to be told which to use.
expect_code 0 "$theriac" run small.yaml --set data.test.scenes=24 --set data.train.scenes=64
other=$(ls -d runs/stages/pretrain-* | grep -v "$stage\|$clean")
expect_code 2 "$theriac" analyse "$stage" "$other" --out none
expect_text err 'differ in their data.test' 'give an experiment FILE'
[ ! -e none ] && ! grep -q '(1 of' err || fail 'checkpoints were compared only after work on some'
expect_code 0 "$theriac" analyse "$stage" "$other" small.yaml --out told --only geometry,confusion
expect_code 2 "$theriac" analyse "$other" small.yaml --out none --only poison_rank
expect_text err 'its poisoned pairs were drawn from data of id'
cp -r "$stage/checkpoints/epoch-0002" moved
expect_code 2 "$theriac" analyse moved --out none
expect_text err "lies in no stage's folder" 'give an experiment FILE that says data'
expect_code 0 "$theriac" analyse moved small.yaml --out moved_out --only geometry

# Bad input: one message that says what to do, and nothing written.
rm -rf none
bad() { expect_code 2 "$theriac" analyse "${@:2}"; expect_text err "$1"; [ ! -e none ] || fail "something was written: $*"; }
bad 'CHECKPOINT' --out none
bad '--out' "$stage"
bad 'neither a checkpoint' nowhere --out none
bad 'is a poison stage, which has no checkpoints' "$(ls -d runs/stages/poison-* | head -1)" --out none
bad 'no checkpoint is named' small.yaml --out none
bad 'are both files' "$stage" small.yaml "$here/tiny.yaml" --out none
bad "no analysis 'tnse'; did you mean 'tsne'?; there are: pca, tsne, geometry, similarity, poison_rank, confusion" "$stage" --only pca,tnse --out none
bad 'samples: expected 2 to 10000, received 1' "$stage" --samples 1 --out none
bad 'perplexity: expected at least 1, received 0' "$stage" --perplexity 0 --out none
bad 'seed: expected at least 0' "$stage" --seed=-1 --out none
bad 'the experiment has no data.tset; it has: validation, test, train' "$stage" --data tset --out none
expect_code 2 "$theriac" analyse "$stage" --only tsne --perplexity 40 --out few
expect_text err 'a perplexity of 40 needs at least 121 points, and the data have' 'ask for more --samples'
expect_code 73 "$theriac" analyse "$stage" --only geometry --out small.yaml/none
