#!/usr/bin/env python3
"""Checks that every layer includes only what its row allows, and keeps torch out of where it does not belong.

The table is what src/*/CMakeLists.txt say: theriac_layer(<name> [TORCH] NEEDS <layers>).
usage: scripts/check_layers.py [ROOT]      exit status 1 and one line per problem when something is wrong
"""

import pathlib
import re
import sys

MAX_LINES = 400
INCLUDE = re.compile(r'^\s*#\s*include\s*([<"])([^>"]+)[>"]')
TORCH = re.compile(r"^(torch|ATen|c10|caffe2)/")
KEYWORDS = {"TORCH", "NEEDS", "LINK", "PRIVATE"}


def read_table(root):
    """{layer: (layers it may include, itself and what they may include too; whether it may use torch)}"""
    needs, torch = {}, {}
    for path in sorted(root.glob("src/*/CMakeLists.txt")):
        call = re.search(r"theriac_layer\(([^)]*)\)", path.read_text())
        if not call:
            continue
        name, *words = call.group(1).split()
        section, needs[name], torch[name] = None, [], False
        for word in words:
            if word in KEYWORDS:
                section = word
                torch[name] |= word == "TORCH"
            elif section == "NEEDS":
                needs[name].append(word)

    def closure(name, path=()):
        if name in path:
            sys.exit(f"layers: a circle: {' -> '.join(path + (name,))}")
        if name not in needs:
            sys.exit(f"layers: {path[-1]} needs {name}, which does not exist")
        return {name}.union(*(closure(n, path + (name,)) for n in needs[name]))

    return {name: (closure(name), torch[name]) for name in needs}


def problems_in(path, layer, allowed, may_use_torch):
    lines = path.read_text().splitlines()
    if len(lines) > MAX_LINES:
        yield f"{path}: {len(lines)} lines; split files at {MAX_LINES}"
    for number, line in enumerate(lines, 1):
        match = INCLUDE.match(line)
        if not match:
            continue
        header = match.group(2)
        where = f"{path}:{number}"
        parts = header.split("/")
        other = parts[1] if parts[0] == "theriac" and len(parts) > 2 else None
        if other is None and match.group(1) == '"' and len(parts) == 2:
            other = parts[0]  # a private header of src/, as "<layer>/<file>"
            if other != layer:
                yield f'{where}: "{header}": private headers stay inside their layer'
        elif other is not None and other not in allowed:
            yield f'{where}: {layer} may not include "{header}" (it may use {", ".join(sorted(allowed))})'
        if TORCH.match(header):
            if not may_use_torch:
                yield f"{where}: {layer} is a layer without torch, but includes <{header}>"
            elif header == "torch/torch.h" and path.suffix == ".h":
                yield f"{where}: <torch/torch.h> in a header costs 20 s in every file that includes it"


def main():
    root = pathlib.Path(sys.argv[1] if len(sys.argv) > 1 else pathlib.Path(__file__).parent.parent)
    table = read_table(root)
    if not table:
        sys.exit(f"layers: no theriac_layer() call under {root}/src")
    found, files = [], 0
    for layer, (allowed, may_use_torch) in table.items():
        for folder in (root / "src" / layer, root / "include/theriac" / layer):
            for path in sorted([*folder.rglob("*.h"), *folder.rglob("*.cpp")]):
                files += 1
                found += problems_in(path, layer, allowed, may_use_torch)
    for folder in sorted((root / "include/theriac").glob("*/")):
        if folder.name not in table:
            found.append(f"{folder}: no such layer")
    print(*found, sep="\n", end="\n" if found else "")
    print(f"layers: {files} files in {len(table)} layers, {len(found)} problems")
    return 1 if found else 0


if __name__ == "__main__":
    sys.exit(main())
