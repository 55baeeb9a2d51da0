# Shared by the scripts; sourced, not run.
set -euo pipefail

root=$(cd "$(dirname "${BASH_SOURCE[0]}")/.." && pwd)
cache=${XDG_CACHE_HOME:-$HOME/.cache}/theriac
downloads=$cache/downloads

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

# explain LOG WHAT: one line about why a download failed
explain() {
  if grep -qiE 'no space left|not enough free space' "$1"; then
    fail "no disk space left while $2; free some and run this again"
  elif grep -qiE 'resolv|connection|timed? ?out|unreachable|network|proxy|no matching distribution|404|403|50[0-9]' "$1"; then
    fail "no network: $2 failed; check the connection (and proxy) and run this again; details are in $1"
  fi
  fail "$2 failed; details are in $1"
}

# need_downloads: the folder that downloads are kept in can be written
need_downloads() {
  mkdir -p "$downloads" 2>/dev/null && [ -w "$downloads" ] || fail "cannot write to $cache; set XDG_CACHE_HOME to a folder of yours"
}

need_pip() { python3 -m pip --version >/dev/null 2>&1 || fail 'Python 3 with pip is missing; install it first'; }

# intact FILE SHA256
intact() { [ -f "$1" ] && printf '%s  %s\n' "$2" "$1" | sha256sum --check --status; }

# download FILE SHA256 REQUIREMENT: into $downloads, verified there before it gets its name
download() {
  local file=$1 sha=$2 requirement=$3 log=$cache/download.log partial platforms attempt
  IFS=. read -ra platforms <<<"$(basename "${file##*-}" .whl)" # a wheel's name ends with the platforms it is for
  partial=$(mktemp -d "$downloads/partial.XXXXXX")
  for attempt in 0 1 2; do
    sleep "$attempt"
    if python3 -m pip download --quiet --no-deps --only-binary=:all: --no-cache-dir --disable-pip-version-check \
      --implementation cp --python-version 311 "${platforms[@]/#/--platform=}" \
      --dest "$partial" "$requirement" >"$log" 2>&1; then
      if intact "$partial/$file" "$sha"; then
        mv "$partial/$file" "$downloads/$file"
        rm -rf "$partial"
        return 0
      fi
      echo "SHA-256 of $file is not $sha" >"$log"
    fi
    say "  attempt $((attempt + 1)) of 3 failed"
  done
  rm -rf "$partial"
  ! grep -q '^SHA-256' "$log" || fail "$file arrived with other contents than expected three times; the mirror or proxy alters it"
  explain "$log" "downloading $requirement"
}

# build PRESET: set-up, configuration and build, in build/PRESET; further arguments go to the configuration
build() {
  local preset=$1
  shift
  "$root/scripts/setup.sh"
  (cd "$root" && cmake --preset "$preset" "$@" && cmake --build --preset "$preset" --parallel "$(nproc)") >&2
}

# bare_root DIR [PACKAGES]: a Debian 12 in DIR with nothing but the base system and these; needs root and debootstrap
bare_root() {
  local dir=$1 mirror
  [ ! -f "$dir/.complete" ] || return 0
  [ "$(id -u)" = 0 ] || fail 'making a bare Debian needs root'
  command -v debootstrap >/dev/null || fail 'debootstrap is missing: apt-get install debootstrap'
  mirror=$(grep -rhE '^(URIs:|deb )' /etc/apt/sources.list /etc/apt/sources.list.d/ 2>/dev/null | grep -oE 'https?://[^ ]+/debian\b' | head -1) || true # without: debootstrap's own
  mkdir -p "$dir" && chmod 755 "$dir" # also for accounts inside
  debootstrap --variant=minbase ${2:+--include=$2} bookworm "$dir" ${mirror:+"$mirror"} >"$dir.log" 2>&1 ||
    { tail -n 5 "$dir.log" >&2; fail "making a bare Debian failed; its log is $dir.log"; }
  # This machine's way to its packages: sources, proxies, certificates.
  cp -r /etc/apt/sources.list.d "$dir/etc/apt/"
  grep -lE '^ *Acquire' /etc/apt/apt.conf.d/* 2>/dev/null | xargs -r cp -t "$dir/etc/apt/apt.conf.d"
  rm -f "$dir/etc/apt/sources.list"
  [ ! -s /etc/apt/sources.list ] || cp /etc/apt/sources.list "$dir/etc/apt/"
  mkdir -p "$dir/etc/ssl/certs"
  cp -n /etc/ssl/certs/ca-certificates.crt "$dir/etc/ssl/certs/" 2>/dev/null || true
  cp /etc/pip.conf "$dir/etc/" 2>/dev/null || true
  touch "$dir/.complete"
}

# in_root DIR USER COMMAND: in that user's home, in a mount namespace of its own, so that nothing stays mounted
in_root() {
  cp /etc/resolv.conf /etc/hosts "$1/etc/" 2>/dev/null || true
  unshare --mount bash -euo pipefail -c '
    mount --make-rprivate /
    for name in proc sys dev; do mount --rbind "/$name" "$0/$name"; done
    IFS=: read -r _ _ uid gid _ home _ < <(grep "^$1:" "$0/etc/passwd")
    # shellcheck disable=SC2046
    exec env -i HOME="$home" LANG=C.UTF-8 PATH=/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin \
      $(env | grep -E "^(PIP_[A-Z_]*|https?_proxy|no_proxy)=" | grep -v FIND_LINKS || true) \
      chroot --userspec="$uid:$gid" --groups= "$0" bash -euo pipefail -c "cd; $2"' "$1" "$2" "$3"
}
