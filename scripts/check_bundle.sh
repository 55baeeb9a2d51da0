#!/usr/bin/env bash
# Tries the bundle that cpack made: unpacked by an unprivileged account on a Debian 12 with nothing installed, it runs an experiment.
# usage: scripts/check_bundle.sh BUNDLE.tar.gz [--root DIR] [--help]
#
#   --root DIR   where the bare Debian is made, or was (default: a temporary folder, removed at the end)
#
# Needs root, debootstrap and a way to Debian's packages.
. "$(dirname "$0")/lib.sh"

bundle= bare=
while [ $# -gt 0 ]; do
  case $1 in
    --root) bare=$(realpath -m "$2"); shift ;;
    -h | --help) usage; exit 0 ;;
    -*) fail "unknown argument $1 (see --help)" ;;
    *) bundle=$1 ;;
  esac
  shift
done
[ -f "$bundle" ] || fail "no bundle '$bundle'; make one with: cpack --config build/release/CPackConfig.cmake"
if [ -z "$bare" ]; then
  bare=$(mktemp -d)
  trap 'rm -rf "$bare" "$bare.log"' EXIT
fi

bare_root "$bare"
grep -q '^researcher:' "$bare/etc/passwd" || in_root "$bare" root 'useradd --create-home researcher'
home=$bare/home/researcher
rm -rf "$home"/*
install -m 644 "$bundle" "$home/bundle.tar.gz"
install -m 644 "$root/tests/cli/tiny.yaml" "$home/tiny.yaml"
in_root "$bare" researcher '
  tar -xzf bundle.tar.gz
  mv theriac-*/ "a folder of mine"
  theriac="$PWD/a folder of mine/bin/theriac"
  "$theriac" doctor
  "$theriac" run tiny.yaml
  compgen -G "runs/tiny/report/figures/*.png"
  "$theriac" plan "a folder of mine/share/theriac/configs/quickstart.yaml"
  test -s runs/tiny/report/index.html
  ! test -e /usr/share/fonts # nothing of this came from the system
' || fail 'the bundle does not run on a bare Debian'
say "bundle: $(du -h "$bundle" | cut -f1), unpacked $(du -sh "$home/a folder of mine" | cut -f1); it runs"
