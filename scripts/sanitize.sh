#!/usr/bin/env bash
# Runs the tests of the layers where memory and threads are handled by hand under a sanitizer.
# usage: scripts/sanitize.sh [asan | tsan] [LAYER...] [--help]
#
# Without LAYER: asan takes the layers without torch, the loader and the readers of checkpoints; tsan takes core and the loader.
. "$(dirname "$0")/lib.sh"

preset=asan
case ${1:-} in
  asan | tsan) preset=$1; shift ;;
  -h | --help) usage; exit 0 ;;
esac
layers=("$@")
[ ${#layers[@]} -gt 0 ] || case $preset in
  asan) layers=(core config data text poison report loader checkpoint) ;;
  tsan) layers=(core loader) ;;
esac

"$root/scripts/setup.sh"
cd "$root"
cmake --preset "$preset" >&2
targets=()
for layer in "${layers[@]}"; do
  compgen -G "tests/$layer/*_test.cpp" >/dev/null || continue
  targets+=("test_$layer")
done
[ ${#targets[@]} -gt 0 ] || fail "no tests for ${layers[*]}"
cmake --build --preset "$preset" --target "${targets[@]}" >&2
pattern=$(IFS='|'; echo "^(${targets[*]#test_})\\.")
export TSAN_OPTIONS=suppressions=$root/tests/tsan.supp
exec ctest --preset "$preset" --no-tests=error --parallel "$(nproc)" --tests-regex "$pattern"
