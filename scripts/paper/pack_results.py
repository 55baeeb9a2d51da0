#!/usr/bin/env python3
"""Packs the paper authors' result files into the counts that their numbers are, for tests/report/paper_results.csv.

Every ASR is a multiple of 1/49,950 (images that are not of the target class) and every accuracy one of 1/50,000. Counts
are exact; a number that is no such multiple is an error. Runs are differences: each count minus the one before it.
usage: pack_results.py FILE.json... > tests/report/paper_results.csv
"""

import json
import pathlib
import sys

DENOMINATORS = {"asr": 49950, "accuracy": 50000}


def differences(values, denominator, where):
    last = 0
    for value in values:
        count = round(value * denominator)
        if abs(count / denominator - value) > 1e-9:
            sys.exit(f"{where}: {value} is no multiple of 1/{denominator}")
        yield count - last
        last = count


def main():
    if len(sys.argv) < 2:
        sys.exit(__doc__)
    print("# Measurements published by the authors of arXiv 2311.14948 with their code (results_plots/cleaning_plot_data_*.json),")
    print("# as differences of counts: ASR of 49,950 images, accuracy of 50,000. Written by scripts/paper/pack_results.py.")
    for path in map(pathlib.Path, sys.argv[1:]):
        for key, lists in json.loads(path.read_text()).items():
            for (what, denominator), values in zip(DENOMINATORS.items(), lists, strict=True):
                packed = " ".join(map(str, differences(values, denominator, f"{path}: {key}: {what}")))
                print(f"{path.name},{key},{what},{packed}")


if __name__ == "__main__":
    main()
