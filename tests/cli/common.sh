# Shared by the tests of the command: $theriac is the program, $work a folder that is removed at the end.
set -euo pipefail
theriac=$(realpath "$1")
here=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT

fail() { echo "FAILED: $*" >&2; exit 1; }

# expect_code CODE COMMAND...: stdout to $work/out, stderr to $work/err
expect_code() {
  local want=$1 code=0
  shift
  "$@" >"$work/out" 2>"$work/err" </dev/null || code=$?
  [ "$code" = "$want" ] || { cat "$work/out" "$work/err" >&2; fail "exit code $code instead of $want: $*"; }
}

# expect_text FILE TEXT...: every TEXT stands in FILE
expect_text() {
  local file=$1 text
  shift
  for text; do grep -qF -- "$text" "$file" || { cat "$file" >&2; fail "no '$text' in the output"; }; done
}

hashes() { (cd "$1" && find . -name '*.safetensors' -print0 | sort -z | xargs -0 sha256sum); }
