#!/usr/bin/env bash
# `report --paper` on files of the authors' form: what it writes, and what it says of a wrong call.
. "$(dirname "$0")/common.sh" "$1"
cd "$work"
key=cleaning_poisoned_cc6m_mmcl_3000poison_clean_mmcl_ssl_lr_
echo "{\"$key\": [[0.04, 0.5, 0.049], [0.2, 0.25, 0.21]]}" >cleaning_plot_data_CC6M.json
expect_code 0 "$theriac" report --paper cleaning_plot_data_CC6M.json --out paper
expect_text out '21.00 @ 4.90 (-2.76, -11.6 %)' 'report: paper/index.html'
expect_text paper/tables/best_under_bound.csv 'file,key,points,bound,accuracy,asr' "cleaning_plot_data_CC6M.json,$key,3,5,21,4.9" \
  "cleaning_plot_data_CC6M.json,$key,3,1,,"
for file in index.html figures/main_CC6M.svg figures/main_CC6M.csv tables/main.tex tables/main.md; do
  [ -s "paper/$file" ] || fail "no $file"
done

expect_code 2 "$theriac" report --paper cleaning_plot_data_CC6M.json
expect_text err 'report: --paper needs --out DIR'
expect_code 2 "$theriac" report --paper --out paper
expect_text err 'paper: no files'
expect_code 2 "$theriac" report --paper missing.json --out paper
expect_text err 'missing.json'
echo '{"k": [[0.1, 0.2], [0.3]]}' >uneven.json
expect_code 2 "$theriac" report --paper uneven.json --out paper
expect_text err "uneven.json: key 'k': 2 ASR values but 1 accuracies"
expect_code 73 "$theriac" report --paper cleaning_plot_data_CC6M.json --out uneven.json/out
expect_text err 'uneven.json'
expect_code 2 "$theriac" report nowhere
expect_text err 'no experiment in nowhere'
