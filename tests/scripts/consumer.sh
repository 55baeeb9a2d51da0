#!/usr/bin/env bash
# Installs a build into a temporary prefix, builds tests/consumer against that with find_package(theriac), and runs it.
# usage: consumer.sh BUILD_DIR
set -eu
build=$1
source_dir=$(cd "$(dirname "$0")/../.." && pwd)
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT

cmake --install "$build" --prefix "$work/prefix" >"$work/install.log" || { cat "$work/install.log"; exit 1; }
cmake -S "$source_dir/tests/consumer" -B "$work/build" -G Ninja -DCMAKE_BUILD_TYPE=Release -DCMAKE_CXX_FLAGS_RELEASE=-O1 \
  -DCMAKE_PREFIX_PATH="$work/prefix"
# Nothing may come from the checkout: only the installed headers and libraries are used.
if grep -rqE -- "(-I|-isystem) ?$source_dir/(include|src)" "$work/build/build.ninja"; then
  echo 'consumer: the installed package refers to the checkout'
  exit 1
fi
cmake --build "$work/build"
"$work/prefix/bin/theriac" --help >/dev/null
if [ -f "$source_dir/tests/consumer/check.sh" ]; then
  cd "$work"
  bash "$source_dir/tests/consumer/check.sh" "$work/build/consumer" # what the consumer's own components have to do
else
  "$work/build/consumer" --help >/dev/null
fi
echo 'consumer: installed, built and run'
