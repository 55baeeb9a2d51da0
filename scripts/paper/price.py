#!/usr/bin/env python3
"""Prices the paper's experiment files without their data: `theriac plan` on tables as long as the paper's that name one picture again and again.

usage: price.py [--teraflops N] [--build DIR] [FILE...]

Prints a line of a Markdown table for each file (default: all of configs/paper): stages of each kind and the hours that they
compute at N (default 200) x 10^12 operations a second. A price is of computing alone, not of reading pictures. Models that
several files share count in each.
"""

import argparse
import json
import pathlib
import subprocess
import sys
import tempfile

ROOT = pathlib.Path(__file__).resolve().parents[2]
ROWS = {"cc3m": 2725316, "cc6m": 6000000}  # pairs, as the paper counts them
TESTS = {"imagenet": (50000, 1000), "caltech101": (9100, 102), "cifar100": (10000, 100)}  # pictures, classes


def write_rows(path, header, rows):
    with path.open("w") as file:
        file.write(header + "\n")
        file.writelines(rows)


def pairs_of(file):
    return "cc6m" if file.stem.startswith("cc6m") else "cc3m"


def stand_ins(folder, files):
    """The settings of the test sets among the tables written into folder, which hold no pictures."""
    for name in {pairs_of(file) for file in files}:
        write_rows(folder / f"{name}.csv", "image,caption", (f"0.png,a banana {i}\n" for i in range(ROWS[name])))
    write_rows(folder / "validation.csv", "image,caption", (f"0.png,a banana {i}\n" for i in range(13000)))
    write_rows(folder / "labels.csv", "key,label", ["0.png,0\n"])
    tests = {}
    for name, (pictures, classes) in TESTS.items():
        write_rows(folder / f"{name}.csv", "image,caption,label", (f"0.png,a,{i % classes}\n" for i in range(pictures)))
        (folder / f"{name}.txt").write_text("banana\nbeaver\n" + "".join(f"class {i}\n" for i in range(2, classes)))
        tests[name] = f"{{type: csv, path: {folder}/{name}.csv, label_key: label, classes_file: {folder}/{name}.txt}}"
    return tests


def settings(file, folder, tests):
    name = file.stem
    sets = [f"data.train.path={folder}/{pairs_of(file)}.csv"]
    if pairs_of(file) == "cc3m":
        sets.append(f"data.extra.pairs.path={folder}/validation.csv")
    if name == "cc6m_beaver":
        sets += [f"data.test={tests['caltech101']}", f"data.extra.cifar100={tests['cifar100']}"]
    else:
        sets.append(f"data.test={tests['imagenet']}")
    if name == "cc6m_deep_clustering":
        sets.append(f"sweep.labels.oracle.clean.objective.2.labels={folder}/labels.csv")
    if name == "pretrained_400m":
        sets.append('pretrain.from=""')
    return [argument for setting in sets for argument in ("--set", setting)]


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--teraflops", type=float, default=200)
    parser.add_argument("--build", type=pathlib.Path, default=ROOT / "build/release", help="the build whose theriac is used")
    parser.add_argument("files", nargs="*", type=pathlib.Path)
    options = parser.parse_args()
    theriac = options.build / "theriac"
    if not theriac.is_file():
        sys.exit(f"price.py: {theriac} is missing; build it first, or name the folder it is in with --build")
    files = options.files or sorted((ROOT / "configs/paper").glob("*.yaml"))
    for file in files:
        if not file.is_file():
            sys.exit(f"price.py: {file} is missing; name experiment files of configs/paper")
    print("| file | pre-trainings | hours | cleanings | hours | all |\n|---|---|---|---|---|---|")
    with tempfile.TemporaryDirectory() as name:
        folder = pathlib.Path(name)
        tests = stand_ins(folder, files)
        for file in files:
            command = [theriac, "plan", file, "--json", "--teraflops", str(options.teraflops), "--runs", folder / "runs"]
            done = subprocess.run(command + settings(file, folder, tests), capture_output=True, text=True)
            if done.returncode:
                sys.exit(f"price.py: theriac plan {file} failed: {done.stderr.strip()}")
            stages = json.loads(done.stdout)["stages"]
            hours = {kind: [s["hours"] for s in stages if s["kind"] == kind] for kind in ("pretrain", "clean")}
            cells = [f"{len(h)} | {sum(h):.0f}" for h in hours.values()]
            print(f"| {file.stem} | {' | '.join(cells)} | {sum(s['hours'] for s in stages):.0f} |", flush=True)


if __name__ == "__main__":
    main()
