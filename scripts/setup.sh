#!/usr/bin/env bash
# Installs what Theriac is built from, on Debian 12: packages of the distribution, and LibTorch.
# usage: scripts/setup.sh [--cuda] [--packages-only | --torch-only] [--help]
#
#   --cuda            also NVIDIA's libraries, for training on a GPU (2 GB more to download, 3.4 GB more unpacked)
#   --packages-only   only the packages of the distribution (build with -DTHERIAC_TORCH=DIR then)
#   --torch-only      only LibTorch, which works on any x86-64 Linux with Python 3 and pip
#
# LibTorch is kept in ${XDG_CACHE_HOME:-~/.cache}/theriac, for every checkout. Run it as often as you like: what is there is
# left alone, a broken download is replaced. It uses sudo for the packages when you are not root.
. "$(dirname "$0")/lib.sh"

packages=(
  g++ cmake ninja-build pkg-config ccache mold git ca-certificates python3 python3-pip
  libopencv-core-dev libopencv-imgproc-dev libopencv-imgcodecs-dev libjpeg62-turbo-dev libfreetype-dev zlib1g-dev
  libsentencepiece-dev libyaml-cpp-dev nlohmann-json3-dev libcli11-dev libspdlog-dev libfmt-dev libssl-dev
  libgtest-dev libgmock-dev libbenchmark-dev fonts-noto-color-emoji fonts-dejavu-core wordnet-base
)
lock=$root/scripts/libtorch.lock
groups=cpu
do_packages=1 do_torch=1
for argument; do
  case $argument in
    --cuda) groups='cpu cuda' ;;
    --packages-only) do_torch= ;;
    --torch-only) do_packages= ;;
    -h | --help) usage; exit 0 ;;
    *) fail "unknown argument $argument (see --help)" ;;
  esac
done

check_machine() {
  [ "$(uname -m)" = x86_64 ] || fail "this machine is $(uname -m); LibTorch's build is for x86_64 only"
  [ -n "$do_packages" ] || return 0
  local ID=unknown VERSION_ID= PRETTY_NAME=
  . "${THERIAC_TEST_OS_RELEASE:-/etc/os-release}" 2>/dev/null || true
  [ "$ID $VERSION_ID" = 'debian 12' ] ||
    fail "this is ${PRETTY_NAME:-$ID}, and only Debian 12 is known here; install what 'packages' in this script lists by hand, then use --torch-only"
}

install_packages() {
  local missing=() log=$cache/packages.log installed package price
  # dpkg-query fails when it does not know one of them
  installed=" $({ dpkg-query -W -f '${db:Status-Status} ${Package}\n' "${packages[@]}" 2>/dev/null || true; } |
    awk '$1 == "installed" {print $2}' | tr '\n' ' ')"
  for package in "${packages[@]}"; do
    [[ $installed == *" $package "* ]] || missing+=("$package")
  done
  [ ${#missing[@]} -gt 0 ] || return 0

  [ "$(id -u)" = 0 ] || command -v sudo >/dev/null ||
    fail "root rights are needed and there is no sudo; as root, run: apt-get install ${missing[*]}"
  say "Packages to install: ${missing[*]}"
  need_disk /var/cache/apt $((1200 * 1024)) 'installing packages'
  mkdir -p "$cache"
  as_root env LC_ALL=C apt-get -o APT::Update::Error-Mode=any update >"$log" 2>&1 || explain "$log" 'reading the package lists'
  price=$(LC_ALL=C apt-get install --no-install-recommends --assume-no "${missing[@]}" 2>/dev/null |
    grep -E '^(Need to get|After this)' | tr '\n' ' ' || true)
  say "${price:-Installing.}"
  as_root env LC_ALL=C DEBIAN_FRONTEND=noninteractive apt-get install -y --no-install-recommends "${missing[@]}" \
    >"$log" 2>&1 </dev/null || explain "$log" 'installing packages'
}

# torch_is_there: what was asked for is unpacked already, from the wheels that are pinned now
torch_is_there() {
  local have=
  [ -f "$target/.complete" ] || return 1
  have=$(cat "$target/.complete")
  [ "$have" = "$stamp $groups" ] || [ "$have" = "$stamp $groups cuda" ]
}

# wheels: "sha256 bytes file requirement" of each that the chosen groups need
wheels() {
  local group rest
  while read -r group rest; do
    [[ " $groups " != *" $group "* ]] || echo "$rest"
  done <"$lock"
}

install_torch() {
  local version target stamp sha bytes file requirement files=() to_fetch=0 unpacked=500 temporary
  version=$(awk '$1 == "version" {print $2}' "$lock")
  target=$cache/libtorch-$version
  stamp=$(sha256sum <"$lock" | cut -c1-16)
  ! torch_is_there || return 0
  need_downloads
  exec 9>"$cache/lock"
  flock -n 9 || { say 'Another set-up is running; waiting for it.'; flock 9; }
  ! torch_is_there || return 0
  need_pip
  rm -rf "$downloads"/partial.* "$cache"/libtorch-*.new "$cache"/libtorch-*.old

  [ "$groups" = cpu ] || unpacked=3900
  while read -r sha bytes file requirement; do
    if [ -f "$downloads/$file" ] && ! intact "$downloads/$file" "$sha"; then
      say "The kept download of ${requirement/==/ } is broken; it will be replaced."
      rm -f "$downloads/$file"
    fi
    [ -f "$downloads/$file" ] || to_fetch=$((to_fetch + bytes))
    files+=("$downloads/$file")
  done < <(wheels)
  say "LibTorch $version ($groups): $((to_fetch / 1000000)) MB to download, $unpacked MB to unpack, in $cache"
  need_disk "$cache" $((to_fetch / 1024 + unpacked * 1024)) LibTorch

  while read -r sha bytes file requirement; do
    [ ! -f "$downloads/$file" ] || continue
    say "  downloading ${requirement/==/ } ($((bytes / 1000000 + 1)) MB)"
    download "$file" "$sha" "$requirement"
  done < <(wheels)

  temporary=$target.new
  python3 "$root/scripts/unpack_libtorch.py" "$temporary" "$groups" "${files[@]}" 2>"$cache/unpack.log" ||
    { rm -rf "$temporary"; explain "$cache/unpack.log" 'unpacking LibTorch'; }
  echo "$stamp $groups" >"$temporary/.complete"
  [ ! -e "$target" ] || mv "$target" "$target.old"
  mv "$temporary" "$target"
  rm -rf "$target.old"
  exec 9>&-
}

check_machine
[ -z "$do_packages" ] || install_packages
[ -z "$do_torch" ] || install_torch
say 'Set-up is complete.'
