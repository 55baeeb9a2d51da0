#!/usr/bin/env bash
# scripts/check_layers.py finds each kind of wrong include, and nothing else.
# usage: check_layers_test.sh
set -eu
source_dir=$(cd "$(dirname "$0")/../.." && pwd)
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
mkdir -p "$work"/{src,include/theriac}/{core,data,model}
echo 'theriac_layer(core LINK fmt::fmt)' >"$work/src/core/CMakeLists.txt"
printf 'theriac_layer(data\n    NEEDS core\n    PRIVATE JPEG::JPEG)\n' >"$work/src/data/CMakeLists.txt"
echo 'theriac_layer(model TORCH NEEDS data)' >"$work/src/model/CMakeLists.txt"

expect() { # expect STATUS TEXT
  local status=0
  python3 "$source_dir/scripts/check_layers.py" "$work" >"$work/out" 2>&1 || status=$?
  if [ "$status" != "$1" ] || ! grep -qF -- "$2" "$work/out"; then
    echo "expected status $1 and '$2', received status $status and:"
    cat "$work/out"
    exit 1
  fi
}
fine() { printf '#include "theriac/core/a.h"\n#include "data/b.h"\n#include "theriac/data/b.h"\n' >"$work/src/data/b.cpp"; }

printf '#include <torch/types.h>\n#include "theriac/core/a.h"\n' >"$work/include/theriac/model/m.h"
fine
expect 0 '2 files in 3 layers, 0 problems'
echo '#include "theriac/model/m.h"' >>"$work/src/data/b.cpp"
expect 1 'src/data/b.cpp:4: data may not include "theriac/model/m.h" (it may use core, data)'
fine
echo '  #  include <ATen/core/Tensor.h>' >>"$work/src/data/b.cpp"
expect 1 'src/data/b.cpp:4: data is a layer without torch'
fine
echo '#include "core/private.h"' >>"$work/src/data/b.cpp"
expect 1 'private headers stay inside their layer'
fine
echo '#include <torch/torch.h>' >"$work/src/model/m.cpp"
expect 0 '0 problems'
echo '#include <torch/torch.h>' >"$work/include/theriac/model/m.h"
expect 1 'include/theriac/model/m.h:1: <torch/torch.h> in a header'
rm "$work/include/theriac/model/m.h"
yes '// line' | head -401 >"$work/src/core/long.cpp"
expect 1 'src/core/long.cpp: 401 lines'
rm "$work/src/core/long.cpp"
mkdir "$work/include/theriac/other"
expect 1 'include/theriac/other: no such layer'
echo 'layers: the check finds what it has to find'
