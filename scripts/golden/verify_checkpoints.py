#!/usr/bin/env python3
"""Weights from and to open_clip, compared live: the same model gives the same embeddings in both programs.

usage: verify_checkpoints.py [--theriac build/release/theriac] [--models rn50 vit_b32] [--pictures 4]

For each model: open_clip's random initialisation -> torch.save -> theriac import -> theriac embed, beside open_clip's own
embeddings of the same pictures and captions; then theriac export -> open_clip.create_model(pretrained=FILE). Needs what
requirements.txt lists, and scripts/fetch_assets.sh.
"""
import argparse
import csv
import subprocess
import tempfile
from pathlib import Path

import numpy as np
import open_clip
import torch
from PIL import Image
from safetensors.torch import load_file

NAMES = {'rn50': 'RN50-quickgelu', 'rn101': 'RN101-quickgelu', 'rn50x4': 'RN50x4-quickgelu', 'vit_b32': 'ViT-B-32-quickgelu',
         'vit_b16': 'ViT-B-16-quickgelu', 'vit_l14': 'ViT-L-14-quickgelu'}


def unit(rows: torch.Tensor) -> torch.Tensor:
    return rows / rows.norm(dim=1, keepdim=True)


def compare(theriac: str, preset: str, pictures: int, work: Path) -> None:
    name = NAMES[preset]
    model, _, preprocess = open_clip.create_model_and_transforms(name)
    model.eval()
    draw = np.random.default_rng()
    rows = []
    for i in range(pictures):
        size = draw.integers(200, 400, 2)
        low = Image.fromarray(draw.integers(0, 256, (9, 9, 3), dtype=np.uint8))
        low.resize((int(size[0]), int(size[1])), Image.BICUBIC).save(work / f'{i}.png')
        rows.append((f'{i}.png', f'picture {i} of {draw.integers(1000)} things, as seen at {draw.integers(24)} h'))
    with open(work / 'pairs.csv', 'w', newline='') as out:
        csv.writer(out).writerows([('image', 'caption'), *rows])
    wrapped = {'epoch': 1, 'state_dict': {'module.' + k: v for k, v in model.state_dict().items()}}
    torch.save(wrapped, work / 'weights.pt')

    def run(*arguments: object) -> None:
        subprocess.run([theriac, *map(str, arguments)], check=True)

    folder = work / f'imported_{preset}'
    run('import', work / 'weights.pt', '--out', folder)
    run('embed', folder, '--csv', work / 'pairs.csv', '--out', work / 'embeddings.safetensors', '--device', 'cpu')
    ours = load_file(work / 'embeddings.safetensors')
    with torch.no_grad():
        images = torch.stack([preprocess(Image.open(work / file)) for file, _ in rows])
        image = unit(model.encode_image(images))
        text = unit(model.encode_text(open_clip.get_tokenizer(name)([caption for _, caption in rows])))
    for part, theirs in (('image', image), ('text', text)):
        cosine = (ours[part] * theirs).sum(1).min().item()
        worst = (ours[part] - theirs).abs().max().item()
        print(f'{preset} {part}: smallest cosine {cosine:.8f}, largest difference {worst:.2e}')
        assert cosine > 0.999999 and worst <= 1e-5
    exported = work / 'exported.safetensors'
    run('export', folder, '--to', 'open_clip', '--out', exported)
    back = open_clip.create_model(name, pretrained=str(exported)).state_dict()
    assert all(torch.equal(value, back[key]) for key, value in model.state_dict().items())
    print(f'{preset}: open_clip reads back all {len(back)} tensors unchanged')


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument('--theriac', default='build/release/theriac')
    parser.add_argument('--models', nargs='+', default=['rn50', 'vit_b32'], choices=list(NAMES))
    parser.add_argument('--pictures', type=int, default=4)
    arguments = parser.parse_args()
    for preset in arguments.models:
        with tempfile.TemporaryDirectory() as work:
            compare(arguments.theriac, preset, arguments.pictures, Path(work))


if __name__ == '__main__':
    main()
