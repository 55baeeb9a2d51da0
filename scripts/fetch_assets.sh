#!/usr/bin/env bash
# Fetches what Theriac may not carry itself from the wheel of open_clip_torch (1.5 MB; MIT licence, OpenAI and others):
# CLIP's vocabulary for `tokenizer: {type: clip_bpe}`, and the names and prompts of CLIP's zero-shot ImageNet.
# usage: scripts/fetch_assets.sh [--help]
#
# They are put in ${XDG_CACHE_HOME:-~/.cache}/theriac/assets:
#   bpe_simple_vocab_16e6.txt.gz   the vocabulary
#   imagenet_classes.txt           1,000 names, one a line, in the order of the class numbers
#   imagenet_prompts.txt           80 templates, one a line, with {} for the name
# Run it as often as you like: what is there is left alone, what is broken is replaced. Nothing of the wheel is executed.
. "$(dirname "$0")/lib.sh"

for argument; do
  case $argument in
    -h | --help) usage; exit 0 ;;
    *) fail "unknown argument $argument (see --help)" ;;
  esac
done

assets=$cache/assets
lock=$root/scripts/assets.lock

# complete: every asset is there with the contents that are pinned
complete() {
  local kind sha name
  while read -r kind sha name; do
    [ "$kind" != asset ] || intact "$assets/$name" "$sha" || return 1
  done <"$lock"
}

fetch() {
  local kind sha bytes file requirement temporary
  read -r kind sha bytes file requirement < <(grep '^wheel ' "$lock")
  need_downloads
  exec 9>"$cache/assets.lock"
  flock -n 9 || { say 'Another script fetches the assets; waiting for it.'; flock 9; }
  ! complete || return 0
  need_disk "$cache" $((bytes / 1024 + 4096)) 'fetching the assets'
  if ! intact "$downloads/$file" "$sha"; then
    rm -f "$downloads/$file"
    need_pip
    say "Fetching CLIP's vocabulary and prompts: ${requirement/==/ } ($((bytes / 1000000 + 1)) MB)"
    download "$file" "$sha" "$requirement"
  fi
  mkdir -p "$assets" 2>/dev/null && [ -w "$assets" ] || fail "cannot write to $assets; set XDG_CACHE_HOME to a folder of yours"
  rm -rf "$assets"/new.*
  temporary=$(mktemp -d "$assets/new.XXXXXX")
  python3 "$root/scripts/unpack_assets.py" "$downloads/$file" "$temporary" 2>"$cache/unpack.log" ||
    { rm -rf "$temporary"; explain "$cache/unpack.log" 'unpacking the assets'; }
  mv -f "$temporary"/* "$assets/"
  rmdir "$temporary"
  complete || fail "the assets made from $file are not those that scripts/assets.lock pins; this is a bug of these scripts"
  exec 9>&-
}

complete || fetch
say "Assets are complete: $assets"
