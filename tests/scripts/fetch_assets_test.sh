#!/usr/bin/env bash
# scripts/fetch_assets.sh with a stand-in for the wheel: what it writes, that it runs nothing of it, and how it fails.
# usage: fetch_assets_test.sh
set -eu
source_dir=$(cd "$(dirname "$0")/../.." && pwd)
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
fail() { cat "$work/out" >&2; echo "FAILED: $*" >&2; exit 1; }

mkdir -p "$work"/{bin,server,scripts}
cp "$source_dir"/scripts/{fetch_assets.sh,lib.sh,unpack_assets.py} "$work/scripts/"
python3 - "$work" <<'PY'
import hashlib, pathlib, sys, zipfile
work = pathlib.Path(sys.argv[1])
names = [f"name {i}" for i in range(1000)]
prompts = [f"photo {i} of a {{}}." for i in range(80)]
source = f"open({str(work / 'executed')!r}, 'w')\nOPENAI_IMAGENET_TEMPLATES = (\n"
source += "".join(f"    lambda c: f'{prompt.replace('{}', '{c}')}',\n" for prompt in prompts) + f")\nIMAGENET_CLASSNAMES = {tuple(names)!r}\n"
wheel = work / "server" / "open_clip_torch-1.0-py3-none-any.whl"
with zipfile.ZipFile(wheel, "w") as archive:
    archive.writestr("open_clip/bpe_simple_vocab_16e6.txt.gz", "vocabulary")
    archive.writestr("open_clip/zero_shot_metadata.py", source)
sha = lambda data: hashlib.sha256(data).hexdigest()
lines = lambda items: "".join(f"{item}\n" for item in items).encode()
(work / "scripts" / "assets.lock").write_text(
    f"wheel {sha(wheel.read_bytes())} {wheel.stat().st_size} {wheel.name} open_clip_torch==1.0\n"
    f"asset {sha(b'vocabulary')} bpe_simple_vocab_16e6.txt.gz\n"
    f"asset {sha(lines(names))} imagenet_classes.txt\nasset {sha(lines(prompts))} imagenet_prompts.txt\n")
PY
cat >"$work/bin/python3" <<'STUB'
#!/bin/bash
if [ "$1 $2" = "-m pip" ]; then
  [ "$3" = download ] || exit 0
  echo download >>"$STUB/calls"
  [ -z "${PIP_SAYS:-}" ] || { echo "$PIP_SAYS"; exit 1; }
  while [ "$1" != --dest ]; do shift; done
  cp "$STUB"/server/*.whl "$2/"
  [ -z "${CORRUPT:-}" ] || for file in "$2"/*.whl; do echo x >>"$file"; done
  exit 0
fi
exec "$REAL_PYTHON" "$@"
STUB
printf '#!/bin/bash\n' >"$work/bin/sleep"
chmod +x "$work"/bin/*
REAL_PYTHON=$(command -v python3)
export REAL_PYTHON STUB=$work
assets=$work/xdg/theriac/assets

run() { # run STATUS [NAME=VALUE]
  local expected=$1 status=0
  shift
  : >"$work/calls"
  env PATH="$work/bin:$PATH" XDG_CACHE_HOME="$work/xdg" "$@" bash "$work/scripts/fetch_assets.sh" >"$work/out" 2>&1 || status=$?
  [ "$status" = "$expected" ] || fail "exit status $status instead of $expected"
}
says() { grep -qF -- "$1" "$work/out" || fail "does not say: $1"; }

run 0
[ "$(cat "$assets/bpe_simple_vocab_16e6.txt.gz")" = vocabulary ] || fail 'the vocabulary'
[ "$(sed -n 1000p "$assets/imagenet_classes.txt")" = 'name 999' ] || fail 'the names'
[ "$(sed -n 1p "$assets/imagenet_prompts.txt")" = 'photo 0 of a {}.' ] || fail 'the prompts'
[ "$(ls "$assets" | wc -l)" = 3 ] || fail 'something else is left there'
[ ! -e "$work/executed" ] || fail 'the package was executed'

run 0
[ ! -s "$work/calls" ] || fail 'the second run downloads'
echo x >>"$assets/imagenet_prompts.txt"
run 0
[ "$(wc -l <"$assets/imagenet_prompts.txt")" = 80 ] || fail 'a broken asset stays'
[ ! -s "$work/calls" ] || fail 'the kept wheel is downloaded again'

rm -rf "$work/xdg"
run 1 PIP_SAYS='Failed to establish a new connection'
says 'fetch_assets.sh: no network: downloading open_clip_torch==1.0 failed'
run 1 CORRUPT=1
says 'arrived with other contents than expected'
[ ! -e "$assets/imagenet_prompts.txt" ] || fail 'something of an altered wheel is kept'
echo 'fetch_assets: all scenarios passed'
