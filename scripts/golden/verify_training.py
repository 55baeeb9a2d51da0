#!/usr/bin/env python3
"""One training step of the same weights on the same batch, in Theriac and in open_clip, compared live.

usage: verify_training.py [--theriac build/release/theriac] [--exact build/release/tests/exact_step] [--model rn50] [--pictures 8]

open_clip's random initialisation is imported, with the zero gains of the residual blocks drawn anew so that every tensor has a
gradient. Then twice:
in float64 (`exact_step`, to build first): loss within 1e-10, every gradient within a relative L2 distance of 1e-9;
in float32, through `theriac run` with batch = the whole CSV: the loss, from metrics.jsonl, within 1e-5. The gradients are the
optimizer's first moments, which after one step are (1 - beta1) times the gradient. Their distance from the float64 ones is that of
open_clip's own float32 gradients, give or take a factor of two: a ResNet's batch statistics and ReLUs amplify rounding (pixels
moved by 2e-7 move float64 gradients by 4e-4). Both use channels_last images: the memory format decides the order of summation.

Needs what requirements.txt lists, and scripts/fetch_assets.sh.
"""
import argparse
import copy
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
from safetensors.torch import load_file, save_file

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


def step(model: torch.nn.Module, images: torch.Tensor, texts: torch.Tensor) -> tuple[float, dict[str, torch.Tensor]]:
    model.train()
    image = F.normalize(model.encode_image(images), dim=-1)
    loss = mmcl(image, F.normalize(model.encode_text(texts), dim=-1), model.logit_scale.exp())
    loss.backward()
    return loss.item(), {key: parameter.grad for key, parameter in model.named_parameters()}


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument('--theriac', default='build/release/theriac')
    parser.add_argument('--exact', default='build/release/tests/exact_step')
    parser.add_argument('--model', default='rn50', choices=list(NAMES))
    parser.add_argument('--pictures', type=int, default=8)
    arguments = parser.parse_args()
    name = NAMES[arguments.model]
    model, _, preprocess = open_clip.create_model_and_transforms(name)
    with torch.no_grad():
        for key, parameter in model.named_parameters():
            if key.endswith('bn3.weight'):
                parameter.uniform_(0.2, 0.8)
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
        texts = open_clip.get_tokenizer(name)([caption for _, caption in rows])
        save_file({'images': images, 'tokens': texts}, work / 'inputs.safetensors')
        checkpoint = work / 'imported'
        subprocess.run([arguments.exact, checkpoint, work / 'inputs.safetensors', work / 'exact.safetensors'], check=True)
        ours_exact = load_file(work / 'exact.safetensors')
    channels_last = {'memory_format': torch.channels_last}
    theirs_loss, theirs = step(copy.deepcopy(model).to(**channels_last), images.to(**channels_last), texts)
    exact_loss, exact = step(copy.deepcopy(model).double(), images.double(), texts)
    print(f'{arguments.model}, batch {len(rows)}: loss {loss:.7f}; open_clip {theirs_loss:.7f}, in float64 {exact_loss:.7f}')
    assert abs(loss - theirs_loss) <= 1e-5
    scale = max(gradient.norm().item() for gradient in exact.values())
    ours = {key: moments[f'{key}.exp_avg'].reshape(exact[key].shape) / (1 - BETA1) for key in exact}
    compared = [key for key in exact if exact[key].norm() >= ROUNDING * scale]
    for key in exact.keys() - compared:
        assert (ours[key] - exact[key]).norm() < ROUNDING * scale, key

    def distances(what: str, a: dict[str, torch.Tensor]) -> tuple[float, float]:
        found = sorted(((a[key].double() - exact[key]).norm() / exact[key].norm()).item() for key in compared)
        print(f'  {what}: median {found[len(found) // 2]:.1e}, largest {found[-1]:.1e}')
        return found[len(found) // 2], found[-1]

    print(f"{len(compared)} gradients, relative L2 distance from open_clip's in float64")
    assert distances('Theriac, float64', ours_exact)[1] <= 1e-9
    assert abs(ours_exact['loss'].item() - exact_loss) <= 1e-10
    for own, other in zip(distances('Theriac, float32', ours), distances('open_clip, float32', theirs)):
        assert own <= max(1e-4, 2 * other)


if __name__ == '__main__':
    main()
