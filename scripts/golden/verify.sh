#!/usr/bin/env bash
# Compares the built theriac with open_clip, Pillow, torchvision and torch on a fresh random sample; stops at the first difference.
# usage: scripts/golden/verify.sh [--python PYTHON] [--seed N] [--models "rn50 vit_b32 ..."] [--help]
#
# Without --python, what requirements.txt names is installed into ~/.cache/theriac/verify (about 6 GB with torch).
# Takes a quarter of an hour on two cores, most of it for the steps of a whole RN50 and ViT-B/32 in float64.
. "$(dirname "$0")/../lib.sh"

python='' seed=$((RANDOM * 32768 + RANDOM)) models='rn50 vit_b32 vit_b16 rn101 rn50x4'
while [ $# -gt 0 ]; do
  case $1 in
    --python) python=$2; shift 2 ;;
    --seed) seed=$2; shift 2 ;;
    --models) models=$2; shift 2 ;;
    -h | --help) usage; exit 0 ;;
    *) fail "unknown argument $1; see --help" ;;
  esac
done

build release -DTHERIAC_BUILD_TESTS=ON
cmake --build --preset release --target exact_step >&2 || fail 'exact_step does not build'
"$root/scripts/fetch_assets.sh"
if [ -z "$python" ]; then
  python=$cache/verify/bin/python
  [ -x "$python" ] || python3 -m venv "$cache/verify" || fail 'python3-venv is missing'
  "$python" -m pip install --quiet -r "$root/scripts/golden/requirements.txt" >&2 || fail 'what requirements.txt names cannot be installed'
fi

theriac=$root/build/release/theriac
cd "$root/scripts/golden"
verify() { # verify WHAT SCRIPT ARGUMENT...
  say "== $1"
  "$python" "${@:2}" || fail "$1: differs (seed $seed)"
}
say "seed $seed"
verify 'tokenizer, 10,000 captions' verify_text.py "$theriac" 10000 "$seed"
verify 'pictures, 300 of random kinds and sizes' verify_images.py "$theriac" --count 300 --seed "$seed"
# shellcheck disable=SC2086  # a list of names
verify 'embeddings, import and export' verify_checkpoints.py --theriac "$theriac" --models $models
for model in rn50 vit_b32; do
  verify "one training step of $model" verify_training.py --theriac "$theriac" --exact "$root/build/release/tests/exact_step" --model "$model"
done
