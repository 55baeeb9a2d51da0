#!/usr/bin/env bash
# Runs the lines of the Dockerfile in bare Debian 12 roots, where there is no container engine: the recipe is what builds and runs there.
# usage: scripts/check_container.sh [--work DIR] [--cache DIR] [--help]
#
#   --work DIR    where the roots are made (default: a temporary folder, removed at the end)
#   --cache DIR   a ~/.cache to begin with: downloads of LibTorch, ccache (default: yours; none: --cache /nowhere)
#
# Needs root, debootstrap, a way to Debian's packages, and 6 GB. Tracked files are copied, as docker would with .dockerignore.
. "$(dirname "$0")/lib.sh"

work= first_cache=$(dirname "$cache")
while [ $# -gt 0 ]; do
  case $1 in
    --work) work=$(realpath -m "$2"); shift ;;
    --cache) first_cache=$2; shift ;;
    -h | --help) usage; exit 0 ;;
    *) fail "unknown argument $1 (see --help)" ;;
  esac
  shift
done
if [ -z "$work" ]; then
  work=$(mktemp -d)
  trap 'rm -rf "$work"' EXIT
fi

stages=() stage= folder=/
# begin NAME: the root of one stage
begin() {
  stage=$work/$1 folder=/
  stages+=("$1")
  say "container: stage $1"
  bare_root "$stage"
}
# put_cache: what a first build would download and compile
put_cache() {
  mkdir -p "$stage/root/.cache/theriac"
  [ ! -d "$first_cache/theriac/downloads" ] || cp -rn "$first_cache/theriac/downloads" "$stage/root/.cache/theriac/"
  [ ! -d "$first_cache/ccache" ] || cp -rn "$first_cache/ccache" "$stage/root/.cache/"
}
copy() { # the words of a COPY line
  if [[ $1 == --from=* ]]; then
    mkdir -p "$stage$(dirname "$3")"
    cp -a "$work/${1#--from=}$2" "$stage$3"
  elif [ "$1 $2" = '. .' ]; then
    (cd "$root" && git ls-files -z | tar -c --null --files-from=-) | tar -x -C "$stage$folder"
  else
    fail "Dockerfile: COPY $*: only 'COPY . .' and 'COPY --from=STAGE A B' are known here"
  fi
}

entry=
while read -r word rest; do
  case $word in
    '' | '#'*) ;;
    FROM)
      [[ $rest == debian:12* ]] || fail "Dockerfile: FROM $rest: expected debian:12, which is what is made here"
      name=final
      [[ $rest != *' AS '* ]] || name=${rest##* AS }
      begin "$name"
      [ "$name" != build ] || put_cache
      ;;
    WORKDIR) folder=$rest; mkdir -p "$stage$folder" ;;
    COPY) read -ra words <<<"$rest"; copy "${words[@]}" ;;
    RUN)
      say "container: RUN $rest"
      in_root "$stage" root "cd '$folder' && $rest" </dev/null || fail "Dockerfile: RUN $rest failed"
      ;;
    ENTRYPOINT) entry=$(tr -d '[]",' <<<"$rest") ;;
    CMD) command=$(tr -d '[]",' <<<"$rest") ;;
    *) fail "Dockerfile: $word is not known here" ;;
  esac
done <"$root/Dockerfile"

[ "${stages[*]}" = 'build final' ] || fail "Dockerfile: expected the stages build and final, got ${stages[*]}"
in_root "$stage" root "cd '$folder' && $entry $command" | grep -q 'quickstart.yaml' || fail 'the entry point does not run'
install -m 644 "$root/tests/cli/tiny.yaml" "$stage$folder/tiny.yaml"
in_root "$stage" root "cd '$folder' && $entry run tiny.yaml" || fail 'the container does not run an experiment'
[ -s "$stage$folder/runs/tiny/report/index.html" ] || fail 'no report from the container'
say "container: built and run; /opt/theriac is $(du -sh "$stage/opt/theriac" | cut -f1)"
