#!/usr/bin/env bash
# Runs experiment files of the paper from end to end in minutes: on emoji scenes exported as CSV and tar files, with a tiny model and two learning rates.
# usage: scripts/paper/smoke.sh [--build DIR] [--work DIR] [--help] [FILE...]
#
#   --build DIR   the build whose theriac is used (default build/release)
#   --work DIR    where data and runs go and stay (default: a temporary folder that is removed)
#
# Without FILE: all of configs/paper/. The files are taken as they are; only data, model, the trigger's size and the sweep's grids are set smaller.
. "$(dirname "$0")/../lib.sh"

theriac=$root/build/release/theriac work='' files=()
while [ $# -gt 0 ]; do
  case $1 in
    --build) theriac=$(cd "$2" && pwd)/theriac; shift ;;
    --work) mkdir -p "$2" && work=$(cd "$2" && pwd); shift ;;
    -h | --help) usage; exit 0 ;;
    -*) fail "unknown argument $1 (see --help)" ;;
    *) files+=("$(realpath "$1")") ;;
  esac
  shift
done
[ -x "$theriac" ] || fail "$theriac is missing; build it first"
[ ${#files[@]} -gt 0 ] || files=("$root"/configs/paper/*.yaml)
if [ -z "$work" ]; then
  work=$(mktemp -d)
  trap 'rm -rf "$work"' EXIT
fi

export_emoji() { # export_emoji SECTION SCENES FORMAT: into $work/data/SECTION.FORMAT
  [ -d "$work/data/$1.$3" ] ||
    "$theriac" data export "$root/configs/quickstart.yaml" --section "$1" --set "data.$1.scenes=$2" --format "$3" --out "$work/data/$1.$3" >/dev/null
}
export_emoji train 600 csv
export_emoji train 600 webdataset
export_emoji validation 128 webdataset
export_emoji test 128 csv

oracle_labels() { # the exported classes stand for those that a strong model would give
  (echo key,label; tail -n +2 "$work/data/train.csv/pairs.csv" | sed -E 's|^images/([0-9]*/[0-9]*)\.png,.*,([0-9]*)$|\1,\2|') >"$work/data/oracle.csv"
}
arguments_of() { # arguments_of SETTING...: into arguments
  arguments=()
  local setting
  for setting; do arguments+=(--set "$setting"); done
}

labelled="{type: csv, path: $work/data/test.csv/pairs.csv, label_key: label, classes_file: $work/data/test.csv/classes.txt}"
pairs="{type: webdataset, path: $work/data/validation.webdataset}"
for file in "${files[@]}"; do
  name=$(basename "$file" .yaml)
  settings=('model={preset: tiny_rn, image_size: 32}' loader.workers=1 data.cleaning.count=200 "data.test=$labelled" "data.train={type: webdataset, path: $work/data/train.webdataset}")
  grep -q 'trigger: {type: warped' "$file" || settings+=(poison.trigger.size=8)
  for axis in learning_rate weight_decay perturb shrink again; do # two values of each grid
    block=0
    while IFS= read -r indent; do
      prefix=sweep
      if [ "$indent" -gt 2 ]; then prefix=sweep.$block; block=$((block + 1)); fi
      case $axis in
        learning_rate | again) settings+=("$prefix.$axis.values=[1e-4, 1e-3]") ;;
        weight_decay) settings+=("$prefix.$axis.values=[0.2, 10]") ;;
        perturb | shrink) settings+=("$prefix.$axis.values=[0.01]") ;;
      esac
    done < <(sed -n "s/^\( *\)$axis:.*/\1/p" "$file" | awk '{print length($0)}')
  done
  case $name in
    cc3m_*) settings+=("data.train={type: csv, path: $work/data/train.csv/pairs.csv}" "data.extra.pairs=$pairs") ;;
    cc6m_beaver) settings+=("data.extra.caltech101=$labelled" "data.extra.cifar100=$labelled" 'poison.target=banana' 'data.test=null') ;;
    cc6m_label_consistent) settings+=(poison.count=5) ;; # of 10 captions that name a banana
    cc6m_deep_clustering)
      oracle_labels
      settings+=(sweep.labels.kmeans.clean.objective.2.clusters=8 "sweep.labels.oracle.clean.objective.2.labels=$work/data/oracle.csv")
      ;;
    pretrained_400m)
      settings+=("data.train={type: csv, path: $work/data/train.csv/pairs.csv}" "data.extra.pairs=$pairs")
      arguments_of "${settings[@]}" name=start 'pretrain.from=""' clean=null sweep=null expect=null
      "$theriac" run "$file" --smoke --runs "$work/start" "${arguments[@]}" >"$work/start.log" 2>&1 || { tail "$work/start.log" >&2; fail 'a model to start from cannot be made'; }
      settings+=("pretrain.from=$(ls -d "$work"/start/stages/pretrain-*/checkpoints/epoch-* | tail -n 1)")
      ;;
  esac
  arguments_of "${settings[@]}"
  say "== $name"
  "$theriac" run "$file" --smoke --runs "$work/runs" "${arguments[@]}" >"$work/$name.log" 2>&1 || { tail -n 25 "$work/$name.log" >&2; fail "$name failed"; }
  tail -n 1 "$work/$name.log"
done
