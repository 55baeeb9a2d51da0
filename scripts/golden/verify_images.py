"""Compares `theriac data view` with Pillow and torchvision on fresh random pictures, byte by byte.

    python verify_images.py ../../build/release/theriac --count 200 --seed 1

Pictures have odd sizes, all modes and file formats; what a random view did is taken from --json.
Exit 1 when a byte differs. Pillow 13 resizes tall pictures in another order than 12 and earlier:
one level of difference there is its doing.
"""

from __future__ import annotations

import argparse
import json
import subprocess
import sys
import tempfile
from collections import defaultdict
from pathlib import Path

import numpy as np
import PIL
import torchvision
from PIL import Image, features

from make_images import png16
from pillow import OPERATIONS, fit


def scene(random: np.random.Generator) -> Image.Image:
    """Blobs of colour with noise; sides from 1 to 700, most below 300."""
    width, height = (int(random.choice([random.integers(1, 40), random.integers(40, 300),
                                        random.integers(300, 700)])) for _ in range(2))
    cells = random.integers(0, 256, (height // 9 + 2, width // 9 + 2, 3)).astype(np.uint8)
    smooth = Image.fromarray(cells).resize((width, height), Image.Resampling.BICUBIC)
    noise = random.normal(0, random.choice([0, 4, 25]), (height, width, 3))
    return Image.fromarray(np.clip(np.array(smooth) + noise, 0, 255).astype(np.uint8))


def write(image: Image.Image, kind: str, stem: Path, random: np.random.Generator) -> Path:
    alpha = image.copy()
    alpha.putalpha(Image.fromarray(np.array(image)[:, :, 0]))
    quality = int(random.integers(20, 100))
    exif = Image.Exif()
    exif[0x112] = int(random.integers(1, 9))
    path = stem.with_suffix("." + kind.split("_")[0])
    if kind == "png_16":
        path.write_bytes(png16(np.array(image.convert("L"), np.uint16) * int(random.integers(1, 9))))
        return path
    make, options = {
        "png_rgb": (lambda: image, {}),
        "png_rgba": (lambda: alpha, {}),
        "png_grey": (lambda: image.convert("L"), {}),
        "png_grey_alpha": (lambda: alpha.convert("LA"), {}),
        "png_bit": (lambda: image.convert("1"), {}),
        "png_palette": (lambda: image.quantize(int(random.integers(2, 200))), {}),
        "png_transparent": (lambda: image.quantize(32), {"transparency": 1}),
        "jpg_444": (lambda: image, {"quality": quality, "subsampling": 0, "exif": exif}),
        "jpg_422": (lambda: image, {"quality": quality, "subsampling": 1}),
        "jpg_420": (lambda: image, {"quality": quality, "subsampling": 2}),
        "jpg_progressive": (lambda: image, {"quality": quality, "progressive": True}),
        "jpg_grey": (lambda: image.convert("L"), {"quality": quality}),
        "jpg_cmyk": (lambda: image.convert("CMYK"), {"quality": quality}),
        "webp_lossy": (lambda: image, {"quality": quality}),
        "webp_alpha": (lambda: alpha, {"lossless": True}),
        "bmp_rgb": (lambda: image, {}),
    }[kind]
    make().save(path, **options)
    return path


KINDS = ("png_rgb png_rgba png_grey png_grey_alpha png_bit png_palette png_transparent png_16 jpg_444 "
         "jpg_422 jpg_420 jpg_progressive jpg_grey jpg_cmyk webp_lossy webp_alpha bmp_rgb").split()


class Tally:
    def __init__(self) -> None:
        self.pictures = self.bytes = self.differing = self.largest = 0

    def add(self, found: Image.Image, expected: Image.Image) -> int:
        difference = np.abs(np.array(found, np.int16) - np.array(expected, np.int16))
        self.pictures += 1
        self.bytes += difference.size
        self.differing += int(difference.any())
        self.largest = max(self.largest, int(difference.max()))
        return int(difference.max())


def view(theriac: str, transform: str, size: int, seed: int, out: Path, files: list[Path]) -> list:
    command = [theriac, "data", "view", "--transform", transform, "--size", str(size)]
    command += ["--seed", str(seed), "--out", str(out), "--json", *map(str, files)]
    answer = subprocess.run(command, stdout=subprocess.PIPE, text=True)
    if answer.returncode != 0:
        sys.exit(f"{' '.join(command[:9])} ended with {answer.returncode}")
    return [json.loads(line) for line in answer.stdout.splitlines()]


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("theriac")
    parser.add_argument("--count", type=int, default=200)
    parser.add_argument("--seed", type=int, default=1)
    options = parser.parse_args()
    random = np.random.default_rng(options.seed)
    tallies: dict[str, Tally] = defaultdict(Tally)
    with tempfile.TemporaryDirectory() as folder:
        kinds = [KINDS[k % len(KINDS)] for k in range(options.count)]
        files = [write(scene(random), kind, Path(folder) / str(k), random) for k, kind in enumerate(kinds)]
        sizes = [224, 64, int(random.integers(5, 100))]
        cases = [(t, s) for t in ("clip", "squash", "autoaugment", "simclr") for s in sizes]
        for transform, size in cases:
            rows = view(options.theriac, transform, size, options.seed, Path(folder) / "out", files)
            assert len(rows) == len(files)
            for row, kind in zip(rows, kinds):
                geometry = "squash" if transform == "squash" else "crop"
                expected = fit(Image.open(row["image"]), size, geometry)
                for step in row["steps"]:
                    expected = OPERATIONS[step["name"]](expected, *step["values"])
                found = Image.open(row["out"])
                worst = tallies[f"{transform} {size}"].add(found, expected)
                tallies[f"format {kind}"].add(found, expected)
                for step in row["steps"]:
                    tallies[f"operation {step['name']}"].add(found, expected)
                if worst:
                    print(f"{transform} {size} {kind} {Image.open(row['image']).size} {worst} {row['steps']}")
    versions = f"Pillow {PIL.__version__} (libjpeg-turbo {features.version('libjpeg_turbo')})"
    print(f"{versions}, torchvision {torchvision.__version__}, {options.count} pictures")
    print(f"{'case':26} {'pictures':>9} {'bytes':>12} {'differing':>10} {'largest':>8}")
    for name, tally in sorted(tallies.items()):
        print(f"{name:26} {tally.pictures:9} {tally.bytes:12} {tally.differing:10} {tally.largest:8}")
    return int(any(tally.differing for tally in tallies.values()))


if __name__ == "__main__":
    sys.exit(main())
