#!/usr/bin/env bash
# A sweep on a real SLURM of one node: dependencies, arrays in pieces, a failed parent, data near the node, interruption, cancelling.
. "$(dirname "$0")/../cli/common.sh" "$1"
for program in munged slurmctld slurmd sbatch; do
  PATH=$PATH:/usr/sbin command -v "$program" >/dev/null && continue
  echo "skipped: no $program here; apt-get install slurmctld slurmd slurm-client munge"
  exit 77
done
root=$here/../..
node=$root/scripts/slurm/one_node.sh
outer=$work
trap '"$node" stop "$outer/node" >/dev/null 2>&1 || true; rm -rf "$outer"' EXIT
chmod 755 "$outer"
gpus=()
if mknod "$outer/gpu0" c 195 0 2>/dev/null && mknod "$outer/gpu1" c 195 1; then
  gpus=(--gpus "$outer/gpu[0-1]") # numbers of devices are all that SLURM looks at
fi
eval "$("$node" start "$outer/node" --max-array 1 "${gpus[@]}")" || fail 'SLURM did not start'
work="$outer/a folder"
mkdir "$work"
cd "$work"
tiny=$root/tests/cli/tiny.yaml

queue() { squeue --noheader --array --format='%F_%K %T %r' "$@"; }
until_done() { # SECONDS: nothing is queued or running
  for _ in $(seq $(($1 * 5))); do [ -n "$(queue)" ] || return 0; sleep 0.2; done
  queue >&2
  tail -n 5 */*/slurm/*.log >&2
  fail "jobs are left after $1 s"
}
state() { python3 -c 'import json, sys; print(json.load(open(sys.argv[1]))["state"])' "$1"/status.json; }
stages_in() { ls -d "$1"/stages/"$2"-* 2>/dev/null | wc -l; }

# Nothing starts on a partition that is not there; sbatch's own words reach the user.
expect_code 2 "$theriac" submit "$tiny" --partition nowhere
expect_text err 'sbatch refused' 'invalid partition'

# The first stage fails: what depends on it is cancelled, not left waiting. The next submission does all of it.
expect_code 0 "$theriac" data export "$tiny" --section train --format csv --out pairs
index=$(ls "$PWD"/pairs/*.csv)
csv=(--set "data.train={type: csv, path: $index}")
touch broken
submit=("$theriac" submit "$tiny" --partition main --cpus 1 "${csv[@]}" --set-up 'echo "GPU: $CUDA_VISIBLE_DEVICES"' ${gpus:+--gpus 1} --set-up "test ! -e broken"
  --local-data "data.train.path=$work/disk of \$(hostname)")
expect_code 0 "${submit[@]}"
expect_text out 'submitted 7 stage(s) as 7 job array(s); 0 done, 0 queued' # pieces of one task: this SLURM refuses larger ones
until_done 60
expect_text runs/tiny/slurm/1_0.log 'the set-up command failed' "GPU: ${gpus:+0}"
[ "$(stages_in runs pretrain)" = 0 ] || fail 'a stage ran whose parent failed'
rm broken

# While they wait, they are not submitted again.
expect_code 0 "${submit[@]}" --sbatch=--begin=now+1hour
expect_text out 'submitted 7 stage(s)'
expect_code 0 "${submit[@]}"
expect_text err 'nothing to submit: 0 done, 7 queued'
for _ in $(seq 100); do # the scheduler looks at new jobs after a while, and says then why they wait
  expect_code 0 "$theriac" status runs/tiny
  ! grep -qF 'queued (BeginTime), job ' out || break
  sleep 0.2
done
expect_text out 'queued (BeginTime), job ' 'queued behind its parent, job '
expect_code 0 "$theriac" cancel tiny
expect_text out 'cancelled 7 job(s)'
until_done 60
expect_code 0 "$theriac" cancel runs/tiny
expect_text out 'no job of runs/tiny is queued or running'

expect_code 0 "${submit[@]}"
until_done 300
for stage in runs/stages/*; do [ "$(state "$stage")" = done ] || fail "$stage is $(state "$stage")"; done
[ "$(stages_in runs poison) $(stages_in runs pretrain) $(stages_in runs clean)" = '1 2 4' ] || fail 'not the stages of the sweep'
[ -s runs/tiny/report/index.html ] || fail 'no report'
expect_code 0 "${submit[@]}"
expect_text err 'nothing to submit: 7 done, 0 queued'
# The data came from the node's own disk, copied once; the stages are the same, and their files name the shared place.
grep -l 'copying' runs/tiny/slurm/*.log | wc -l | grep -qx 1 || fail 'the data was not copied once'
expect_text runs/tiny/slurm/"$(basename "$(grep -l copying runs/tiny/slurm/*.log)")" "disk of $(hostname)/"
grep -qF "$index" runs/stages/pretrain-*/config.resolved.yaml || fail 'the shared path is not recorded'
grep -q 'disk of' runs/stages/*/config.resolved.yaml && fail 'a path of one node is recorded'
expect_code 0 "$theriac" run "$tiny" "${csv[@]}"
expect_text err '0 stage(s) ran, 7 reused'

# Interrupted twice: by the signal before the time is up, and taken off the node. The weights are those of a calm run.
long=(--set sweep=null --set pretrain.epochs=16 --set clean.epochs=16 --set data.train.scenes=512 --set data.cleaning.scenes=512)
for stage in $("$theriac" plan "$tiny" "${long[@]}" --json | python3 -c 'import json, sys; print(*[s["id"] for s in json.load(sys.stdin)["stages"]])'); do
  expect_code 0 "$theriac" run "$tiny" "${long[@]}" --runs calm --threads 1 --stage "$stage"
done
expect_code 0 "$theriac" submit "$tiny" "${long[@]}" --runs rough --partition main --cpus 1 --time 30
job() { # KIND: its task
  python3 - "$1" <<'P'
import json, sys
(task,) = [t for s, t in json.load(open('rough/tiny/slurm/jobs.json'))['jobs'].items() if s.startswith(sys.argv[1])]
print(f"{task['job']}_{task['index']}")
P
}
wait_for() { # KIND EPOCH: it runs and has finished that many
  for _ in $(seq 3000); do
    grep -qE "\"epoch\": ([$2-9]|1[0-9])," rough/stages/"$1"-*/status.json 2>/dev/null && return 0
    sleep 0.05
  done
  queue >&2
  tail -n 20 rough/tiny/slurm/*.log >&2
  fail "no $1 stage reached epoch $2"
}
go_on() { # TASK: a requeued job would wait for two minutes; within the first second its node still refuses it
  for _ in $(seq 600); do
    ! queue --jobs="$1" | grep -q 'PENDING BeginTime' || { sleep 2; scontrol update JobId="$1" StartTime=now; return 0; }
    sleep 0.1
  done
  fail "$1 was not requeued: $(queue)"
}
wait_for pretrain 1
scancel --signal=USR1 --batch "$(job pretrain)"
go_on "$(job pretrain)"
wait_for clean 1
scontrol requeue "$(job clean)"
go_on "$(job clean)"
until_done 300
expect_text rough/tiny/slurm/"$(job pretrain)".log 'start 1' 'interrupted and saved; back into the queue' 'start 2'
expect_text rough/tiny/slurm/"$(job clean)".log 'start 1' 'start 2'
grep -qE 'resuming at step [1-9]' rough/stages/pretrain-*/log.txt || fail 'pre-training did not resume'
grep -qE 'resuming at step [1-9]' rough/stages/clean-*/log.txt || fail 'cleaning did not resume'
(cd calm/stages && find . -name '*.safetensors' -print0 | sort -z | xargs -0 sha256sum) >calm.txt
(cd rough/stages && sha256sum --check --quiet ../../calm.txt) || fail 'weights differ from the calm run'

# A cancelled task saves, and stays cancelled.
expect_code 0 "$theriac" submit "$tiny" "${long[@]}" --runs rough --partition main --cpus 1 --set seed=4
wait_for_new() {
  for _ in $(seq 600); do
    grep -l '"state": "running"' rough/stages/pretrain-*/status.json 2>/dev/null && return 0
    sleep 0.1
  done
  fail 'the other seed did not start'
}
stage=$(dirname "$(wait_for_new)")
expect_code 0 "$theriac" cancel tiny --runs rough
grep -qE '^cancelled [23] job' out || fail "not cancelled: $(cat out)" # the first may be ending still
until_done 60
[ "$(state "$stage")" = interrupted ] || fail "the cancelled stage is $(state "$stage")"
