#!/usr/bin/env bash
# scripts/setup.sh against a pretended machine: stubs stand for the package manager, pip, df, and the identity of the user.
# usage: setup_test.sh
set -eu
source_dir=$(cd "$(dirname "$0")/../.." && pwd)
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
failures=0

# --- the pretended machine -------------------------------------------------------------------------------------------
mkdir -p "$work"/{bin,server,project/scripts,no_sudo}
for program in awk bash basename cut dirname env flock grep mkdir mktemp mv rm sed sha256sum tr; do
  ln -s "$(command -v "$program")" "$work/no_sudo/"
done
cp "$source_dir"/scripts/{setup.sh,lib.sh,unpack_libtorch.py} "$work/project/scripts/"
python3 - "$work" <<'PY'
import hashlib, pathlib, sys, zipfile
work = pathlib.Path(sys.argv[1])
lines = ["# a small stand-in", "version 9.9.9"]
for group, name, members in [
    ("cpu", "torch", ["torch/lib/libtorch_cpu.so", "torch/lib/libc10.so", "torch/lib/libtorch_cuda.so",
                      "torch/lib/libtorch_python.so", "torch/include/ATen/ATen.h", "torch/nn/a.py"]),
    ("cpu", "nvidia-cuda-runtime", ["nvidia/cu13/lib/libcudart.so.13", "nvidia/cu13/include/cuda.h"]),
    ("cuda", "nvidia-cublas", ["nvidia/cu13/lib/libcublas.so.13"]),
]:
    file = work / "server" / f"{name.replace('-', '_')}-1.0-py3-none-manylinux2014_x86_64.manylinux_2_17_x86_64.whl"
    with zipfile.ZipFile(file, "w") as archive:
        for member in members:
            archive.writestr(member, member * 50)
    data = file.read_bytes()
    lines.append(f"{group} {hashlib.sha256(data).hexdigest()} {len(data)} {file.name} {name}==1.0")
(work / "project/scripts/libtorch.lock").write_text("\n".join(lines) + "\n")
PY
stub() { printf '#!/bin/bash\n%s\n' "$2" >"$work/bin/$1"; chmod +x "$work/bin/$1"; }
stub sleep ''
stub apt-get 'echo "apt-get $*" >>"$STUB/calls"; [ -z "${APT_SAYS:-}" ] || { echo "$APT_SAYS"; exit 100; }'
stub dpkg-query 'shift 3; for p; do [ "$p" = "${MISSING:-}" ] || echo "installed $p"; done; [ -z "${MISSING:-}" ]'
stub df 'echo "Filesystem 1024-blocks Used Available Capacity Mounted on"; echo "disk 1 1 ${FREE_KIB:-99999999} 1% /"'
stub id 'echo "${USER_ID:-0}"'
stub uname 'echo "${MACHINE:-x86_64}"'
stub python3 '
if [ "$1 $2" = "-m pip" ]; then
  [ "$3" = download ] || exit 0
  echo "pip ${*: -1}" >>"$STUB/calls"
  [ -z "${PIP_SAYS:-}" ] || { echo "$PIP_SAYS"; exit 1; }
  [ ! -e "$STUB/fail_once" ] || { rm "$STUB/fail_once"; echo "Connection broken"; exit 1; }
  while [ "$1" != --dest ]; do shift; done
  name=${3%%==*}
  cp "$STUB/server/${name//-/_}"-*.whl "$2/"
  [ -z "${CORRUPT:-}" ] || for f in "$2"/*.whl; do echo x >>"$f"; done
  exit 0
fi
exec "$REAL_PYTHON" "$@"'
export STUB=$work REAL_PYTHON
REAL_PYTHON=$(command -v python3)
printf 'ID=debian\nVERSION_ID=12\n' >"$work/debian"
printf 'ID=ubuntu\nVERSION_ID="24.04"\nPRETTY_NAME="Ubuntu 24.04"\n' >"$work/ubuntu"
cache=$work/xdg/theriac
torch=$cache/libtorch-9.9.9

# --- checks ----------------------------------------------------------------------------------------------------------
run() { # run STATUS [NAME=VALUE...] [-- ARGUMENTS...]
  local expected=$1 status=0 variables=()
  shift
  : >"$work/calls"
  while [ $# -gt 0 ] && [ "$1" != -- ]; do variables+=("$1"); shift; done
  [ $# -eq 0 ] || shift
  env PATH="$work/bin:$PATH" XDG_CACHE_HOME="$work/xdg" THERIAC_TEST_OS_RELEASE="$work/debian" "${variables[@]}" \
    bash "$work/project/scripts/setup.sh" "$@" >"$work/out" 2>&1 || status=$?
  check "exit status $expected" test "$status" = "$expected"
  [ "$expected" = 0 ] || check 'one line of error' test "$(grep -c '^setup.sh:' "$work/out")" = 1
}
check() { # check WHAT COMMAND...
  local what=$1
  shift
  if ! "$@"; then
    failures=$((failures + 1))
    echo "FAILED: $scenario: $what"
    sed 's/^/    /' "$work/out"
  fi
}
says() { check "says: $1" grep -qF -- "$1" "$work/out"; }
silent_about() { check "does not say: $1" test -z "$(grep -F -- "$1" "$work/out")"; }
fresh() { rm -rf "$work/xdg"; }

scenario='first use'
fresh
run 0
check 'unpacks the CPU part' test -f "$torch/torch/lib/libtorch_cpu.so" -a -f "$torch/nvidia/cu13/lib/libcudart.so.13"
check 'leaves the GPU part out' test ! -e "$torch/torch/lib/libtorch_cuda.so"
check 'headers come along' test -f "$torch/torch/include/ATen/ATen.h"
check 'asks for exactly the pinned wheels' test "$(grep -c ^pip "$work/calls")" = 2
says 'MB to download'

scenario='second use'
run 0
check 'does nothing' test ! -s "$work/calls"
silent_about download

scenario='--cuda after the CPU set-up'
run 0 -- --cuda
check 'adds the GPU part' test -f "$torch/torch/lib/libtorch_cuda.so" -a -f "$torch/nvidia/cu13/lib/libcublas.so.13"
check 'never what needs Python' test ! -e "$torch/torch/lib/libtorch_python.so"
check 'downloads only what is new' test "$(cat "$work/calls")" = 'pip nvidia-cublas==1.0'
run 0
check 'stays when set up without --cuda again' test -f "$torch/torch/lib/libtorch_cuda.so"

scenario='a kept download is broken'
rm -rf "$torch"
truncate -s 100 "$cache"/downloads/torch-*.whl
run 0
says 'The kept download of torch 1.0 is broken'
check 'only that one is fetched' test "$(cat "$work/calls")" = 'pip torch==1.0'
check 'is unpacked' test -f "$torch/torch/lib/libtorch_cpu.so"

scenario='left over from an interrupted set-up'
rm -rf "$torch"
mkdir -p "$torch.new/torch" "$cache/downloads/partial.abc"
run 0
check 'is removed' test ! -e "$torch.new" -a ! -e "$cache/downloads/partial.abc"
check 'is unpacked' test -f "$torch/torch/lib/libtorch_cpu.so"

scenario='the connection breaks once'
fresh
touch "$work/fail_once"
run 0
says 'attempt 1 of 3 failed'

scenario='altered contents'
fresh
run 1 CORRUPT=1
says 'other contents than expected'
check 'nothing is kept' test -z "$(ls -A "$cache/downloads")" -a ! -e "$torch"

scenario='no network for LibTorch'
fresh
run 1 PIP_SAYS='Failed to establish a new connection: [Errno -3] Temporary failure in name resolution'
says 'no network: downloading torch==1.0 failed'

scenario='no network for packages'
fresh
run 1 MISSING=ninja-build APT_SAYS='E: Temporary failure resolving a mirror'
says 'no network: reading the package lists failed'
says 'Packages to install: ninja-build'

scenario='packages'
run 0 MISSING=ninja-build
check 'installs what is missing' grep -q '^apt-get install .* ninja-build$' "$work/calls"

scenario='no disk space'
fresh
run 1 FREE_KIB=1000
says 'no disk space: LibTorch needs'
run 1 FREE_KIB=1000 MISSING=g++
says 'no disk space: installing packages needs'
run 1 PIP_SAYS='OSError: [Errno 28] No space left on device'
says 'no disk space left while downloading torch==1.0'

scenario='another distribution'
fresh
run 1 THERIAC_TEST_OS_RELEASE="$work/ubuntu"
says 'this is Ubuntu 24.04, and only Debian 12 is known here'
run 0 THERIAC_TEST_OS_RELEASE="$work/ubuntu" -- --torch-only

scenario='another processor'
run 1 MACHINE=aarch64
says 'this machine is aarch64'

scenario='not root, no sudo'
run 1 USER_ID=1000 MISSING=g++ PATH="$work/bin:$work/no_sudo"
says 'as root, run: apt-get install g++'

scenario='a wrong argument'
run 1 -- --gpu
says 'unknown argument --gpu'

scenario='--help'
run 0 -- --help
says 'usage: scripts/setup.sh'
check 'does nothing' test ! -s "$work/calls"

[ "$failures" = 0 ] || { echo "$failures checks failed"; exit 1; }
echo 'setup: all scenarios passed'
