#!/usr/bin/env python3
"""One training step of the same weights on the same batch, in Theriac and in open_clip, compared live.

usage: verify_training.py [--theriac build/release/theriac] [--model rn50] [--pictures 8]

open_clip's random initialisation is imported; `theriac run` cleans it for one step with batch = the whole CSV. The loss is read
from metrics.jsonl; the gradients are the optimizer's first moments, which after one step are (1 - beta1) times the gradient.
Loss within 1e-5; gradients within a relative L2 distance of 1e-4 each. Needs what requirements.txt lists, and
scripts/fetch_assets.sh.
"""
import argparse
import csv
import json
import subprocess
import tempfile
from pathlib import Path

import numpy as np
import open_clip
import torch
import torch.nn.functional as F
from PIL import Image
from safetensors.torch import load_file

from losses import mmcl
from verify_checkpoints import NAMES

BETA1 = 0.9
# A key's bias shifts all logits of a row alike: its true gradient is 0, and what is measured is rounding.
ROUNDING = 1e-7


def draw_pairs(work: Path, count: int) -> list[tuple[str, str]]:
    draw = np.random.default_rng()
    rows = []
    for i in range(count):
        low = Image.fromarray(draw.integers(0, 256, (11, 11, 3), dtype=np.uint8))
        low.resize((int(draw.integers(200, 400)), int(draw.integers(200, 400))), Image.BICUBIC).save(work / f'{i}.png')
        rows.append((f'{i}.png', f'picture {i} of {draw.integers(1000)} things, as seen at {draw.integers(24)} h'))
    with open(work / 'pairs.csv', 'w', newline='') as out:
        csv.writer(out).writerows([('image', 'caption'), *rows])
    return rows


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument('--theriac', default='build/release/theriac')
    parser.add_argument('--model', default='rn50', choices=list(NAMES))
    parser.add_argument('--pictures', type=int, default=8)
    arguments = parser.parse_args()
    name = NAMES[arguments.model]
    model, _, preprocess = open_clip.create_model_and_transforms(name)
    with tempfile.TemporaryDirectory() as folder:
        work = Path(folder)
        rows = draw_pairs(work, arguments.pictures)
        torch.save(model.state_dict(), work / 'weights.pt')
        (work / 'step.yaml').write_text(
            f'name: step\ndevice: cpu\ndata: {{cleaning: {{type: csv, path: pairs.csv}}}}\ntokenizer: {{type: clip_bpe}}\n'
            f'model: {{preset: {arguments.model}}}\nclean:\n  from: {{checkpoint: {work}/imported}}\n  epochs: 1\n'
            f'  batch_size: {len(rows)}\n  objective: [{{type: mmcl}}]\n  optimizer: {{learning_rate: 1e-4, beta1: {BETA1}}}\n')

        def run(*command: object) -> None:
            subprocess.run([arguments.theriac, *map(str, command)], check=True, stdout=subprocess.DEVNULL)

        run('import', work / 'weights.pt', '--out', work / 'imported')
        run('run', work / 'step.yaml', '--runs', work / 'runs')
        stage, = (work / 'runs' / 'stages').glob('clean-*')
        loss = json.loads((stage / 'metrics.jsonl').read_text().splitlines()[0])['loss']
        moments = load_file(sorted(stage.glob('checkpoints/*/optimizer.safetensors'))[-1])

        images = torch.stack([preprocess(Image.open(work / file)) for file, _ in rows])
    model.train()
    text = model.encode_text(open_clip.get_tokenizer(name)([caption for _, caption in rows]))
    theirs = mmcl(F.normalize(model.encode_image(images), dim=-1), F.normalize(text, dim=-1), model.logit_scale.exp())
    theirs.backward()
    print(f'{arguments.model}, batch {len(rows)}: loss {loss:.7f} and {theirs.item():.7f}')
    assert abs(loss - theirs.item()) <= 1e-5
    scale = max(p.grad.norm().item() for p in model.parameters())
    worst, where, compared = 0.0, '', 0
    for key, parameter in model.named_parameters():
        ours = moments[f'{key}.exp_avg'] / (1 - BETA1)
        size = parameter.grad.norm().item()
        distance = (ours.reshape(parameter.shape) - parameter.grad).norm().item()
        if size < ROUNDING * scale:
            assert distance < ROUNDING * scale, key
            continue
        compared += 1
        if distance / size > worst:
            worst, where = distance / size, key
    print(f'{compared} gradients, largest relative L2 distance {worst:.2e} ({where})')
    assert worst <= 1e-4


if __name__ == '__main__':
    main()
