# Experiment files of the paper at the size of a toy; sourced by lib.sh, not run. The files are taken as they are; only data, model, the trigger's size
# and the sweep's grids are set smaller. $theriac is the program, $toy the folder of the data, which is made once.

export_emoji() { # export_emoji SECTION SCENES FORMAT: into $toy/SECTION.FORMAT, which is whole once it has its name
  local to=$toy/$1.$3
  [ ! -d "$to" ] || return 0
  "$theriac" data export "$root/configs/quickstart.yaml" --section "$1" --set "data.$1.scenes=$2" --format "$3" --out "$to.$$" >/dev/null
  mv -T "$to.$$" "$to" 2>/dev/null || rm -rf "$to.$$"
}

toy_data() {
  mkdir -p "$toy"
  toy=$(cd "$toy" && pwd)
  export_emoji train 600 csv
  export_emoji train 600 webdataset
  export_emoji validation 128 webdataset
  export_emoji test 128 csv
  # The exported classes stand for those that a strong model would give.
  (echo key,label; tail -n +2 "$toy/train.csv/pairs.csv" | sed -E 's|^images/([0-9]*/[0-9]*)\.png,.*,([0-9]*)$|\1,\2|') >"$toy/oracle.csv.$$"
  mv "$toy/oracle.csv.$$" "$toy/oracle.csv"
}

# grid_settings FILE: into settings, two values of each of the file's grids
grid_settings() {
  local axis block indent prefix
  for axis in learning_rate weight_decay perturb shrink again; do
    block=0
    while IFS= read -r indent; do
      prefix=sweep
      if [ "$indent" -gt 2 ]; then prefix=sweep.$block; block=$((block + 1)); fi
      case $axis in
        learning_rate | again) settings+=("$prefix.$axis.values=[1e-4, 1e-3]") ;;
        weight_decay) settings+=("$prefix.$axis.values=[0.2, 10]") ;;
        perturb | shrink) settings+=("$prefix.$axis.values=[0.01]") ;;
      esac
    done < <(sed -n "s/^\( *\)$axis:.*/\1/p" "$1" | awk '{print length($0)}')
  done
}

arguments_of() { # arguments_of SETTING...: into arguments
  local setting
  arguments=()
  for setting; do arguments+=(--set "$setting"); done
}

# toy_settings FILE: into settings; the data must be there
toy_settings() {
  local labelled="{type: csv, path: $toy/test.csv/pairs.csv, label_key: label, classes_file: $toy/test.csv/classes.txt}"
  local csv="{type: csv, path: $toy/train.csv/pairs.csv}" pairs="{type: webdataset, path: $toy/validation.webdataset}"
  settings=('model={preset: tiny_rn, image_size: 32}' loader.workers=1 data.cleaning.count=200 "data.test=$labelled" "data.train={type: webdataset, path: $toy/train.webdataset}")
  grep -q 'trigger: {type: warped' "$1" || settings+=(poison.trigger.size=8)
  grid_settings "$1"
  case $(basename "$1" .yaml) in
    cc3m_*) settings+=("data.train=$csv" "data.extra.pairs=$pairs") ;;
    cc6m_beaver) settings+=("data.extra.cifar100=$labelled" poison.target=banana) ;;
    cc6m_vit_s16) settings+=('model={preset: tiny_vit, image_size: 32}') ;;
    cc6m_label_consistent) settings+=(poison.count=5) ;; # of 10 captions that name a banana
    cc6m_deep_clustering) settings+=(sweep.labels.kmeans.clean.objective.2.clusters=8 "sweep.labels.oracle.clean.objective.2.labels=$toy/oracle.csv") ;;
    pretrained_400m)
      settings+=("data.train=$csv" "data.extra.pairs=$pairs")
      toy_start "$1"
      settings+=("pretrain.from=$(ls -d "$toy"/start/stages/pretrain-*/checkpoints/epoch-* | tail -n 1)")
      ;;
  esac
}

# toy_start FILE: a model trained from scratch, in $toy/start, that stands for a public one
toy_start() {
  arguments_of "${settings[@]}" name=start 'pretrain.from=""' clean=null sweep=null expect=null
  quietly "$toy/start.log" "$theriac" run "$1" --smoke --runs "$toy/start" "${arguments[@]}"
}

# quietly LOG COMMAND...: its output goes to LOG; the end of it is shown when the command fails
quietly() {
  local log=$1 code=0
  shift
  "$@" >"$log" 2>&1 || code=$?
  [ "$code" = 0 ] || { tail -n 25 "$log" >&2; fail "$1 $2 failed with exit code $code; all of its output is in $log"; }
}
