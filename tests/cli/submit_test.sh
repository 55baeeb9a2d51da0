#!/usr/bin/env bash
# Submitting where there is no SLURM: scripts can be looked at, everything else says what is wrong. tests/slurm/ has a real one.
. "$(dirname "$0")/common.sh" "$1"
cd "$work"
tiny=$here/tiny.yaml
none=(env PATH=/nowhere "$theriac")

expect_code 0 "${none[@]}" submit "$tiny" --partition gpu --gpus 1 --cpus 8 --time 8:00:00 --mem 64G --account lab --qos long \
  --constraint 'a100&nvlink' --dependency afterok:7 --throttle 4 --max-array 1 --set-up 'module load cuda' --sbatch=--exclusive --dry-run
expect_text out '#SBATCH --gres=gpu:1' '#SBATCH --time=8:00:00' '#SBATCH --account=lab' '#SBATCH --qos=long' '#SBATCH --constraint=a100&nvlink' \
  '--dependency=afterok:7' '#SBATCH --array=0-0%4' '#SBATCH --exclusive' '--dependency=afterok:JOB-OF-ready_0' 'clean mmcl_ssl, learning rate 1e-3'
expect_text err 'would submit 7 stage(s) as 7 job array(s); 0 done, 0 queued'
[ ! -e runs ] || fail 'a dry run wrote something'
[ "$(grep -c '^#!/bin/bash' out)" = 7 ] || fail 'not one script an array'

expect_code 2 "${none[@]}" submit "$tiny" --partition gpu
expect_text err 'there is no sbatch here' '--dry-run'
expect_code 2 "$theriac" submit "$tiny"
expect_text err '--partition'
expect_code 2 "$theriac" submit "$tiny" --partition gpu --time 5
expect_text err 'at least 10 minutes'
expect_code 2 "$theriac" submit "$tiny" --partition gpu --set poison=null --set pretrain=null --set clean=null --set sweep=null
expect_text err 'nothing to do'
expect_code 2 "$theriac" submit "$tiny" --partition gpu --local-data data.train.path=/scratch
expect_text err 'no path of this name'
touch file
expect_code 73 "$theriac" submit "$tiny" --partition gpu --runs file/runs
expect_text err 'file/runs'
expect_code 2 "$theriac" cancel tiny
expect_text err 'was submitted'

# One stage of a plan: not before its parent, and a setting of one machine must not change it.
stage=$("$theriac" plan "$tiny" --json | python3 -c 'import json, sys; print(*[s["id"] for s in json.load(sys.stdin)["stages"]][:2])')
read -r poison pretrain <<<"$stage"
expect_code 2 "$theriac" run "$tiny" --stage "$pretrain"
expect_text err "the parent $poison (poison) is not done" "--stage $poison"
expect_code 2 "$theriac" run "$tiny" --stage clean-00000000
expect_text err 'has no stage clean-00000000'
expect_code 2 "$theriac" run "$tiny" --stage "$poison" --local data.train.scenes=300
expect_text err 'or a setting of this machine (--local) names other data'
expect_code 2 "$theriac" run "$tiny" --threads 2
expect_text err 'only with --stage'
expect_code 0 "$theriac" run "$tiny" --stage "$poison"
expect_code 0 "$theriac" run "$tiny" --stage "$poison"
expect_text err 'done already'
expect_code 0 "$theriac" plan "$tiny"
[ "$(grep -c ' done ' out)" = 1 ] || fail 'not exactly one stage is done'
