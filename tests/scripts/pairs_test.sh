#!/usr/bin/env bash
# scripts/data/pairs.py: the pairs of img2dataset's folders, what it leaves out, and how it refuses.
# usage: pairs_test.sh
set -eu
source_dir=$(cd "$(dirname "$0")/../.." && pwd)
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
cd "$work"
pairs() { python3 "$source_dir/scripts/data/pairs.py" "$@" >out 2>err; }
expect() { # expect FILE TEXT...
  local file=$1 text
  for text in "${@:2}"; do grep -qF -- "$text" "$file" || { echo "expected '$text' in $file:"; cat "$file"; exit 1; }; done
}

mkdir -p cc/00000 cc/00001 cc/_tmp
pair() { : >"cc/$1.$2"; printf "$3" >"cc/$1.txt"; }
pair 00001/000010002 jpg 'a dog, \"quoted\"\n'
pair 00001/000010000 webp 'two\nlines'
pair 00000/000000007 png 'caf\xc3\xa9 au lait'
pair 00000/000000008 jpg ' \n'
pair 00000/000000009 jpg 'caf\xe9'
pair 00000/000000010 jpg 'short'
: >cc/00000/000000011.jpg
echo 'no picture' >cc/00000/000000012.txt
echo '{}' >cc/00000/000000007.json
: >cc/00000.parquet
: >cc/00000_stats.json

pairs cc --out tables/train.csv --shortest 8
expect out 'tables/train.csv: 3 pairs'
expect err '1 left out: no caption' '1 left out: no picture' '1 left out: the caption is empty' '1 left out: the caption is not UTF-8' \
  '1 left out: the caption has fewer than 8 characters' '1 of 2 folders have no _stats.json'
printf 'image,caption\n../cc/00000/000000007.png,café au lait\n../cc/00001/000010000.webp,"two\nlines"\n../cc/00001/000010002.jpg,"a dog, ""quoted"""\n' |
  cmp - tables/train.csv
pairs cc --out all.csv
expect out 'all.csv: 4 pairs'
expect all.csv 'cc/00000/000000010.jpg,short'

refuse() { # refuse TEXT ARGUMENT...
  ! pairs "${@:2}" || { echo "accepted: $*"; exit 1; }
  expect err "$1"
}
refuse 'nowhere is not a folder' nowhere --out x.csv
mkdir tars && : >tars/00000.tar
refuse 'type: webdataset' tars --out x.csv
mkdir -p bare/00000 && : >bare/00000/000000000.jpg
refuse 'was img2dataset given --caption_col?' bare --out x.csv
[ ! -e x.csv ] && [ -z "$(find . -name '.*.csv*')" ] || { echo 'something was left behind'; exit 1; }
echo 'pairs: the table holds what can be used'
