#!/usr/bin/env bash
# The scripts of the paper's tables and figures: which there are, what each says of itself, two from end to end at the size of a toy,
# one at its own, the price of one, and what a wrong call gets.
. "$(dirname "$0")/common.sh" "$1"
cd "$work"
root=$(cd "$here/../.." && pwd)
build=$(dirname "$theriac")
page=$root/docs/reproduce/README.md

scripts=()
for script in "$root"/scripts/paper/*.sh; do
  bash -n "$script"
  grep -q '^reproduce ' "$script" && scripts+=("$script")
done
[ ${#scripts[@]} -ge 20 ] || fail "${#scripts[@]} scripts of tables and figures"
for script in "${scripts[@]}"; do
  name=$(basename "$script" .sh)
  [ -x "$script" ] || fail "$script cannot be executed"
  expect_code 0 "$script" --help
  expect_text out "usage: scripts/paper/$name.sh" '--smoke' '--runs DIR'
  expect_text "$page" "\`$name.sh\`"
  for experiment in $(sed -n 's/^experiments=(\(.*\))$/\1/p' "$script"); do
    [ -f "$root/configs/paper/$experiment.yaml" ] || fail "$script names $experiment, which configs/paper does not have"
    echo "$experiment"
  done >>named
done
for file in "$root"/configs/paper/*.yaml; do
  name=$(basename "$file" .yaml)
  grep -qx "$name" named || fail "no script of scripts/paper runs $name"
  expect_text "$page" "\`$name\`"
done

paper() { "$root/scripts/paper/$1.sh" --build "$build" --runs runs "${@:2}"; }

key=cleaning_poisoned_cc6m_mmcl_3000poison_clean_mmcl_ssl_lr_
published=cleaning_plot_data_CC6M_pretrained_3000.json
echo "{\"$key\": [[0.04, 0.5], [0.2, 0.25]]}" >$published
expect_code 0 paper main_cc6m --smoke --published $published -- --set sweep.0.learning_rate.values='[1e-4]' \
  --set sweep.1.learning_rate.values='[1e-4]' --set sweep.2.learning_rate.values='[1e-4]'
expect_text out 'Best accuracy with ASR' runs/cc6m_mmcl_vs_ssl-smoke/report/figures/scatter.svg runs/cc6m_mmcl_vs_ssl-smoke/report/tables/best.md \
  runs/paper/main_cc6m/published/index.html
for file in $(grep '^runs/' out) runs/paper/main_cc6m/published/figures/main_CC6M.svg; do [ -s "$file" ] || fail "no $file"; done
[ "$(find runs/stages -maxdepth 1 -name 'clean-*' | wc -l)" = 6 ] || fail 'options after -- do not reach theriac run'

expect_code 0 paper few_poisons --smoke
expect_text out runs/cc6m_400_poisons-smoke/report/figures/scatter.svg runs/cc6m_800_poisons-smoke/report/figures/scatter.svg \
  runs/paper/few_poisons/together/figures/pareto.svg
[ -s runs/paper/few_poisons/together/figures/pareto.svg ] || fail 'no report of both'

# At its own size, but on small data: the paper's numbers are missed, and the figure is there.
labelled="{type: csv, path: $work/runs/toy/test.csv/pairs.csv, label_key: label, classes_file: $work/runs/toy/test.csv/classes.txt}"
expect_code 5 paper dynamics -- --set 'model={preset: tiny_rn, image_size: 32}' --set loader.workers=1 --set "data.test=$labelled" \
  --set "data.train={type: webdataset, path: $work/runs/toy/train.webdataset}" --set data.cleaning.count=200 --set poison.count=40 \
  --set poison.trigger.size=8 --set pretrain.epochs=2 --set pretrain.stop_after=2 --set pretrain.batch_size=64
expect_text out 'MISSED pretrain mmcl: zero_shot_top1 on test 23.76' runs/cc6m_dynamics/report/figures/dynamics.svg
[ -s runs/cc6m_dynamics/report/figures/dynamics.svg ] || fail 'no figure'

expect_code 0 "$root/scripts/paper/price.py" --build "$build" "$root/configs/paper/cc3m_poisoned_cleaning.yaml"
grep -qE '^\| cc3m_poisoned_cleaning \| 2 \| [1-9][0-9]* \| 48 \| [1-9][0-9]* \| [1-9][0-9]* \|$' out || { cat out; fail 'no price'; }
expect_code 1 "$root/scripts/paper/price.py" --build "$work"
expect_text err "$work/theriac is missing; build it first"
expect_code 1 "$root/scripts/paper/price.py" --build "$build" nowhere.yaml
expect_text err 'nowhere.yaml is missing; name experiment files of configs/paper'

expect_code 2 paper vit -- --set data.test.path="$work/nowhere"
expect_text err "imagenet: cannot read $work/nowhere" 'docs/data.md' 'ended with exit code 2'
expect_code 1 paper vit --smoke --set name=x
expect_text err 'unknown argument --set (see --help); options of theriac run follow --'
expect_code 1 paper vit --smoke --published $published
expect_text err 'the authors published no measurements of this'
expect_code 1 paper main_cc6m --published nowhere.json
expect_text err 'nowhere.json is missing'
expect_code 1 paper main_cc3m --published $published
expect_text err "expected cleaning_plot_data_CC3M_pretrained_1500.json, received $published"
expect_code 1 paper main_cc3m --published
expect_text err '--published needs files of the authors'
expect_code 1 "$root/scripts/paper/vit.sh" --runs
expect_text err '--runs needs a folder'
expect_code 1 "$root/scripts/paper/vit.sh" --build "$work"
expect_text err "$work/theriac is missing; build it first"
touch plain
expect_code 1 "$root/scripts/paper/vit.sh" --build "$build" --smoke --runs plain/runs
expect_text err 'cannot write to plain/runs; name another folder with --runs'
expect_code 1 paper vit --smoke -- --set poison.trigger.size=banana
expect_text err 'theriac run failed with exit code 2; all of its output is in runs/cc6m_vit_s16.log'
