# Shared by the scripts; sourced, not run.
set -euo pipefail

root=$(cd "$(dirname "${BASH_SOURCE[0]}")/.." && pwd)
cache=${XDG_CACHE_HOME:-$HOME/.cache}/theriac

say() { printf '%s\n' "$*" >&2; }
fail() { say "${0##*/}: $*"; exit 1; }

# The comment block at the top of a script is its --help.
usage() { sed -n '2,/^[^#]/{/^#/!d;s/^# \{0,1\}//p}' "$0"; }

# as_root COMMAND...: with sudo where the user is not root
as_root() {
  if [ "$(id -u)" = 0 ]; then "$@"; else sudo "$@"; fi
}

# need_disk DIR KIB WHAT: stops when the file system that holds DIR has too little space
need_disk() {
  local dir=$1 free
  while [ ! -d "$dir" ]; do dir=$(dirname "$dir"); done
  free=$(df -Pk "$dir" | awk 'NR == 2 {print $4}')
  [ "$free" -ge "$2" ] ||
    fail "no disk space: $3 needs $(($2 / 1024)) MiB in $dir, which has $((free / 1024)) MiB; free some and run this again"
}

# build PRESET: set-up, configuration and build, in build/PRESET; further arguments go to the configuration
build() {
  local preset=$1
  shift
  "$root/scripts/setup.sh"
  (cd "$root" && cmake --preset "$preset" "$@" && cmake --build --preset "$preset" --parallel "$(nproc)") >&2
}
