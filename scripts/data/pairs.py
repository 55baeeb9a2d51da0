#!/usr/bin/env python3
"""Writes the table of image-text pairs that `type: csv` reads, from img2dataset's `files` output.

usage: scripts/data/pairs.py FOLDER --out TABLE.csv [--shortest N]

FOLDER holds 00000/000000000.jpg with its caption in 000000000.txt, and so on. The table has the
columns image (relative to the table's own folder) and caption, and appears whole or not at all. Left
out and counted: captions without a picture, pictures without a caption, captions that are empty, not
UTF-8 or shorter than N characters.
"""

import argparse
import collections
import csv
import os
import pathlib
import sys
import tempfile

PICTURES = (".jpg", ".png", ".webp", ".jpeg")


def caption_of(path, shortest):
    """The caption, or None and why it is left out."""
    try:
        caption = path.read_bytes().decode().strip()
    except UnicodeDecodeError:
        return None, "the caption is not UTF-8"
    if not caption:
        return None, "the caption is empty"
    if len(caption) < shortest:
        return None, f"the caption has fewer than {shortest} characters"
    return caption, None


def pairs(shard, shortest, left_out):
    names = sorted(os.listdir(shard))
    pictures = {}
    for suffix in reversed(PICTURES):
        pictures.update((name[: -len(suffix)], name) for name in names if name.endswith(suffix))
    captions = {name[:-4] for name in names if name.endswith(".txt")}
    left_out["no caption"] += len(pictures.keys() - captions)
    for key in sorted(captions):
        if key not in pictures:
            left_out["no picture"] += 1
            continue
        caption, why = caption_of(shard / f"{key}.txt", shortest)
        if why:
            left_out[why] += 1
        else:
            yield shard / pictures[key], caption


def main():
    parser = argparse.ArgumentParser(usage=__doc__)
    parser.add_argument("folder", type=pathlib.Path)
    parser.add_argument("--out", type=pathlib.Path, required=True)
    parser.add_argument("--shortest", type=int, default=1)
    args = parser.parse_args()

    if not args.folder.is_dir():
        sys.exit(f"pairs: {args.folder} is not a folder; give img2dataset's --output_folder")
    shards = sorted(path for path in args.folder.iterdir() if path.is_dir() and path.name.isdigit())
    if not shards:
        hint = "; its tars need no table: read them with `type: webdataset`" if any(args.folder.glob("*.tar")) else ""
        sys.exit(f"pairs: no folders 00000, 00001, ... in {args.folder}; expected img2dataset's --output_format files{hint}")
    left_out = collections.Counter()
    written = 0
    args.out.parent.mkdir(parents=True, exist_ok=True)
    base = args.out.parent.resolve()
    handle, temporary = tempfile.mkstemp(dir=base, prefix=f".{args.out.name}.")
    try:
        with open(handle, "w", newline="", encoding="utf-8") as file:
            table = csv.writer(file, lineterminator="\n")
            table.writerow(("image", "caption"))
            for shard in shards:
                for picture, caption in pairs(shard, args.shortest, left_out):
                    table.writerow((os.path.relpath(picture.resolve(), base), caption))
                    written += 1
        if written == 0:
            sys.exit(f"pairs: no pair of picture and caption in the {len(shards)} folders of {args.folder}; "
                     "was img2dataset given --caption_col?")
        os.chmod(temporary, 0o644)
        os.replace(temporary, args.out)
    finally:
        if os.path.exists(temporary):
            os.unlink(temporary)
    for why, count in sorted(left_out.items()):
        if count:
            print(f"pairs: {count} left out: {why}", file=sys.stderr)
    unfinished = sum(not (args.folder / f"{shard.name}_stats.json").exists() for shard in shards)
    if unfinished:
        print(f"pairs: {unfinished} of {len(shards)} folders have no _stats.json: their download is not finished", file=sys.stderr)
    print(f"{args.out}: {written} pairs")


if __name__ == "__main__":
    main()
