#!/usr/bin/env bash
# A SLURM of one node on this machine, for tests and for a queue on a workstation: munged, slurmctld and slurmd, on the loopback only.
# usage: scripts/slurm/one_node.sh start DIR [--gpus FILES] [--max-array N] | stop DIR | --help
#
#   start DIR       starts it and waits until the node is idle; prints `export SLURM_CONF=...`, which sbatch and squeue need
#   --gpus FILES    GPUs that tasks can ask for, such as '/dev/nvidia[0-7]'; each task sees its own as CUDA_VISIBLE_DEVICES
#   --max-array N   MaxArraySize, the number above every index of an array (default 1001, SLURM's own)
#   stop DIR        ends its jobs and daemons; the logs stay in DIR
#
# Debian's packages slurmctld, slurmd, slurm-client and munge have to be installed; nothing of their services is used. Configuration, key,
# sockets, state and logs are inside DIR. As root it runs the jobs of any user, otherwise yours only.
. "$(dirname "$0")/../lib.sh"

export PATH=$PATH:/usr/sbin:/sbin
action=${1:-}
case $action in
  start | stop) ;;
  -h | --help) usage; exit 0 ;;
  *) fail "expected start or stop, got '$action' (see --help)" ;;
esac
[ -n "${2:-}" ] || fail "$action needs a folder (see --help)"
dir=$(realpath -m "$2")
shift 2
max_array=1001 gpus= gpu_count=0
while [ $# -gt 0 ]; do
  case $1 in
    --max-array) max_array=${2:-}; shift 2 || fail '--max-array needs a number' ;;
    --gpus) gpus=${2:-}; shift 2 || fail '--gpus needs the names of files' ;;
    *) fail "unknown argument $1 (see --help)" ;;
  esac
done
if [ -n "$gpus" ]; then
  gpu_count=$(compgen -G "$gpus" | wc -l)
  [ "$gpu_count" -gt 0 ] || fail "--gpus: there is no file $gpus"
fi
[[ $max_array =~ ^[1-9][0-9]*$ ]] || fail "--max-array: expected a positive number, got '$max_array'"

# running PID NAME: that process is this program, and not one that has ended and waits for its parent
running() { [[ $(awk '$1 == "Name:" || $1 == "State:" {print $2}' "/proc/$1/status" 2>/dev/null) =~ ^$2$'\n'[^Z] ]]; }

# end NAME: the daemon whose process id DIR/NAME.pid holds
end() {
  local pid
  pid=$(cat "$dir/$1.pid" 2>/dev/null) || return 0
  running "$pid" "$1" || return 0
  kill "$pid" 2>/dev/null || return 0
  for _ in $(seq 100); do running "$pid" "$1" || return 0; sleep 0.1; done
  kill -9 "$pid" 2>/dev/null || true
}

stop() {
  export SLURM_CONF=$dir/slurm.conf
  if [ -f "$SLURM_CONF" ] && [ -f "$dir/slurmctld.pid" ]; then
    timeout 5 scancel --full --partition=main >/dev/null 2>&1 || true
    for _ in $(seq 50); do [ -n "$(timeout 5 squeue --noheader --states=running,completing 2>/dev/null)" ] || break; sleep 0.1; done
  fi
  end slurmd
  end slurmctld
  end munged
  rm -f "$dir"/*.pid
}

# free_port: one that nothing listens on
free_port() {
  local port
  while true; do
    port=$((20000 + RANDOM % 10000))
    (exec 3<>"/dev/tcp/127.0.0.1/$port") 2>/dev/null || { echo "$port"; return; }
  done
}

# explain_start LOG WHAT
explain_start() {
  tail -n 15 "$dir/$1" >&2 2>/dev/null || true
  stop
  fail "$2 did not start; its log is $dir/$1"
}

write_configuration() {
  local host=$1 memory
  memory=$(($(awk '$1 == "MemTotal:" {print $2}' /proc/meminfo) / 1024))
  cat >"$dir/slurm.conf" <<CONF
ClusterName=theriac
SlurmctldHost=$host(127.0.0.1)
SlurmUser=$(id -un)
SlurmdUser=$(id -un)
SlurmctldPort=$(free_port)
SlurmdPort=$(free_port)
AuthType=auth/munge
CredType=cred/munge
AuthInfo=socket=$dir/munge.socket
CommunicationParameters=NoCtldInAddrAny,NoInAddrAny
StateSaveLocation=$dir/state
SlurmdSpoolDir=$dir/spool
SlurmctldPidFile=$dir/slurmctld.pid
SlurmdPidFile=$dir/slurmd.pid
SlurmctldLogFile=$dir/slurmctld.log
SlurmdLogFile=$dir/slurmd.log
ProctrackType=proctrack/linuxproc
TaskPlugin=task/none
JobAcctGatherType=jobacct_gather/none
AccountingStorageType=accounting_storage/none
SwitchType=switch/none
MpiDefault=none
SelectType=select/cons_tres
SelectTypeParameters=CR_Core
SchedulerType=sched/backfill
SchedulerParameters=sched_min_interval=100000,bf_interval=1
GresTypes=gpu
MaxArraySize=$max_array
ReturnToService=2
InactiveLimit=0
KillWait=10
MinJobAge=300
NodeName=$host NodeAddr=127.0.0.1 CPUs=$(nproc) RealMemory=$memory Gres=gpu:$gpu_count State=UNKNOWN
PartitionName=main Nodes=$host Default=YES MaxTime=INFINITE State=UP
CONF
  if [ -n "$gpus" ]; then echo "NodeName=$host Name=gpu File=$gpus"; fi >"$dir/gres.conf"
  # Nothing here is limited by cgroups, which a container does not have.
  echo 'CgroupPlugin=cgroup/v1' >"$dir/cgroup.conf"
}

start() {
  local program host
  for program in munged slurmctld slurmd sbatch sinfo; do
    command -v "$program" >/dev/null ||
      fail "$program is missing; as root, run: apt-get install slurmctld slurmd slurm-client munge"
  done
  [ ! -f "$dir/slurmctld.pid" ] || fail "one runs in $dir already; use: $0 stop $dir"
  mkdir -p "$dir"/{state,spool} || fail "cannot write to $dir"
  chmod 755 "$dir"
  host=$(hostname -s)

  head -c 1024 /dev/urandom >"$dir/munge.key"
  chmod 400 "$dir/munge.key"
  munged --force --key-file="$dir/munge.key" --socket="$dir/munge.socket" --log-file="$dir/munged.log" \
    --pid-file="$dir/munged.pid" --seed-file="$dir/munge.seed" >"$dir/munged.out" 2>&1 || explain_start munged.out munged

  write_configuration "$host"
  export SLURM_CONF=$dir/slurm.conf
  slurmctld -f "$SLURM_CONF" -i >"$dir/slurmctld.out" 2>&1 || explain_start slurmctld.out slurmctld
  slurmd -f "$SLURM_CONF" >"$dir/slurmd.out" 2>&1 || explain_start slurmd.out slurmd
  for _ in $(seq 150); do
    if [ "$(timeout 5 sinfo --noheader --format=%t 2>/dev/null)" = idle ]; then
      echo "export SLURM_CONF=$SLURM_CONF"
      return
    fi
    sleep 0.2
  done
  tail -n 15 "$dir/slurmctld.log" >&2
  explain_start slurmd.log 'the node'
}

"$action"
