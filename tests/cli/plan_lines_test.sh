#!/usr/bin/env bash
# A plan as a shell script and as a makefile: both run the sweep, and both say when a stage fails.
. "$(dirname "$0")/common.sh" "$1"
mkdir "$work/a folder"
cd "$work/a folder"
tiny=$here/tiny.yaml
set=(--set 'evaluate=[{type: zero_shot, prompts: ["it'"'"'s a $HOME of {}"]}]' --set sweep.learning_rate.values=[1e-3])
all_done() { [ "$(cat "$1"/stages/*/status.json | grep -c '"state": "done"')" = 5 ] || fail "not all stages of $1 are done"; }

expect_code 0 "$theriac" plan "$tiny" "${set[@]}" --runs shell --format shell
cp "$work/out" lines.sh
grep -q '^# clean mmcl_ssl' lines.sh || fail 'no comment about a stage'
(cd / && expect_code 0 bash "$work/a folder/lines.sh")
all_done shell
[ -s shell/tiny/report/index.html ] || fail 'no report after the shell lines'

command -v make >/dev/null || { echo 'not tested: the makefile (there is no make)'; exit 0; }
expect_code 0 "$theriac" plan "$tiny" "${set[@]}" --runs make --format makefile
cp "$work/out" stages.mk
expect_code 0 make -j2 -f "$work/a folder/stages.mk" -C /
all_done make
(cd make/stages && sha256sum */checkpoints/*/model.safetensors) >weights
[ "$(wc -l <weights)" = 12 ] || fail 'not the checkpoints of two pre-trainings and two cleanings'
expect_code 0 make -f stages.mk
expect_text "$work/err" 'done already'
grep -q 'epoch 1' "$work/err" && fail 'a second make trained again'

# A failure stops what depends on it, and nothing else.
rm -r make
sed -i '0,/^\t$(RUN) --stage pretrain/s//\tfalse $(RUN) --stage pretrain/' stages.mk
expect_code 2 make -k -j2 -f stages.mk
[ "$(ls -d make/stages/pretrain-* make/stages/clean-* | wc -l)" = 2 ] || fail 'not the two stages of the other chain'
[ ! -e runs ] || fail 'something went to ./runs'
expect_code 2 "$theriac" plan "$tiny" --format makefile --set $'evaluate=[{type: zero_shot,\n prompts: ["{}"]}]'
expect_text "$work/err" 'a makefile cannot hold a --set of several lines'
expect_code 2 "$theriac" plan "$tiny" --format jobs
