#!/usr/bin/env python3
"""Takes CLIP's vocabulary, ImageNet class names and prompts out of open_clip_torch's wheel.

usage: scripts/unpack_assets.py WHEEL DIR
The package's source is parsed, never executed.
"""

import ast
import pathlib
import sys
import zipfile

VOCABULARY = "bpe_simple_vocab_16e6.txt.gz"


def assigned(tree, name):
    for node in tree.body:
        if isinstance(node, ast.Assign) and any(isinstance(t, ast.Name) and t.id == name for t in node.targets):
            return node.value
    sys.exit(f"the package does not define {name}")


def template(function):
    """`lambda c: f'a photo of a {c}.'` -> 'a photo of a {}.'"""
    parts = function.body.values
    return "".join("{}" if isinstance(part, ast.FormattedValue) else ast.literal_eval(part) for part in parts)


def main():
    wheel, target = sys.argv[1], pathlib.Path(sys.argv[2])
    with zipfile.ZipFile(wheel) as archive:
        vocabulary = archive.read(f"open_clip/{VOCABULARY}")
        tree = ast.parse(archive.read("open_clip/zero_shot_metadata.py"))
    names = ast.literal_eval(assigned(tree, "IMAGENET_CLASSNAMES"))
    prompts = [template(item) for item in assigned(tree, "OPENAI_IMAGENET_TEMPLATES").elts]
    if len(names) != 1000 or len(prompts) != 80 or any(prompt.count("{}") != 1 for prompt in prompts):
        sys.exit(f"found {len(names)} names and {len(prompts)} prompts instead of 1000 and 80")
    (target / VOCABULARY).write_bytes(vocabulary)
    (target / "imagenet_classes.txt").write_text("".join(f"{name}\n" for name in names), encoding="utf-8")
    (target / "imagenet_prompts.txt").write_text("".join(f"{prompt}\n" for prompt in prompts), encoding="utf-8")


if __name__ == "__main__":
    main()
