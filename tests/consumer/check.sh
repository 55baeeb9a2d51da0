#!/usr/bin/env bash
# What a project with components of its own has to be able to do. usage: check.sh PROGRAM, in an empty folder
set -euo pipefail
here=$(cd "$(dirname "$0")" && pwd)
"$1" list objectives | grep -q 'alignment'
"$1" run "$here/experiment.yaml"
grep -q '"alignment"' runs/stages/pretrain-*/metrics.jsonl
grep -q '"modality_gap"' runs/stages/pretrain-*/records.jsonl
grep -q '"frame' runs/stages/pretrain-*/records.jsonl
# Its components are held to the same rules as the project's own: unknown keys and ranges.
if "$1" config check "$here/experiment.yaml" --set poison.trigger.thicknes=3 2>message; then exit 1; fi
grep -q "did you mean 'thickness'" message
if "$1" config check "$here/experiment.yaml" --set poison.trigger.thickness=0 2>message; then exit 1; fi
