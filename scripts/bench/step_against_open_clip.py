#!/usr/bin/env python3
"""Times one training step (forward, MMCL, backward, AdamW) of Theriac and of open_clip, in turns on the same machine.

usage: step_against_open_clip.py [--theriac build/release/theriac] [--models rn50 vit_b32] [--batch 16] [--threads 1]
                                 [--precision fp32|bf16] [--tokens 20] [--steps 5] [--rounds 2] [--json FILE]

Random pictures at 224 px and random captions of --tokens ids; Theriac cuts captions to the batch's longest, open_clip
computes all 77 positions. open_clip runs as it comes and with channels_last; its better one counts. Needs
open_clip_torch 3.3 and torch 2.11.0 (see scripts/golden/requirements.txt).
"""
import argparse
import json
import os
import statistics
import subprocess
import sys
import time

NAMES = {'rn50': 'RN50', 'vit_b32': 'ViT-B-32-quickgelu'}


def open_clip_seconds(a) -> float:
    """Median seconds of a step; runs in a process of its own (--child)."""
    import open_clip
    import torch
    torch.set_num_threads(a.threads)
    torch.manual_seed(1)
    model = open_clip.create_model(NAMES[a.child], output_dict=True).train()
    layout = torch.channels_last if a.channels_last else torch.contiguous_format
    model = model.to(memory_format=layout)
    gains = [p for n, p in model.named_parameters() if p.ndim < 2 or 'logit_scale' in n]
    rest = [p for n, p in model.named_parameters() if not (p.ndim < 2 or 'logit_scale' in n)]
    optimizer = torch.optim.AdamW([{'params': gains, 'weight_decay': 0.0}, {'params': rest, 'weight_decay': 0.2}],
                                  lr=1e-4, betas=(0.9, 0.98), eps=1e-6)
    loss_of = open_clip.ClipLoss()
    image = torch.randn(a.batch, 3, 224, 224).to(memory_format=layout)
    text = torch.zeros(a.batch, 77, dtype=torch.long)
    text[:, :a.tokens] = torch.randint(1, 49406, (a.batch, a.tokens))
    text[:, 0], text[:, a.tokens - 1] = 49406, 49407
    seconds = []
    for _ in range(a.steps + 2):
        start = time.perf_counter()
        optimizer.zero_grad()
        with torch.autocast('cpu', torch.bfloat16, enabled=a.precision == 'bf16'):
            out = model(image, text)
            loss = loss_of(out['image_features'], out['text_features'], out['logit_scale'])
        loss.backward()
        optimizer.step()
        with torch.no_grad():
            model.logit_scale.clamp_(0, 4.6052)
        seconds.append(time.perf_counter() - start)
    return statistics.median(seconds[2:])


def measure_open_clip(a, model: str, channels_last: bool) -> float:
    command = [sys.executable, __file__, '--child', model, '--batch', a.batch, '--threads', a.threads, '--precision',
               a.precision, '--tokens', a.tokens, '--steps', a.steps] + (['--channels-last'] if channels_last else [])
    environment = os.environ | {'OMP_NUM_THREADS': str(a.threads), 'MKL_NUM_THREADS': str(a.threads)}
    out = subprocess.run([str(c) for c in command], check=True, capture_output=True, text=True, env=environment).stdout
    return a.batch / float(out.split()[-1])


def measure_theriac(a, model: str) -> dict:
    command = [a.theriac, 'bench', 'step', '--model', model, '--batch', a.batch, '--threads', a.threads, '--precision',
               a.precision, '--tokens', a.tokens, '--steps', a.steps, '--device', 'cpu', '--json']
    return json.loads(subprocess.run([str(c) for c in command], check=True, capture_output=True, text=True).stdout)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument('--theriac', default='build/release/theriac')
    parser.add_argument('--models', nargs='+', default=list(NAMES), choices=list(NAMES))
    parser.add_argument('--precision', default='fp32', choices=['fp32', 'bf16'])
    parser.add_argument('--json')
    for name, value in {'batch': 16, 'threads': 1, 'tokens': 20, 'steps': 5, 'rounds': 2}.items():
        parser.add_argument(f'--{name}', type=int, default=value)
    parser.add_argument('--child', help=argparse.SUPPRESS)
    parser.add_argument('--channels-last', action='store_true', help=argparse.SUPPRESS)
    a = parser.parse_args()
    if a.child:
        print(open_clip_seconds(a))
        return
    rows = []
    print(f'pairs/s, {a.precision}, batch {a.batch}, {a.threads} thread(s), captions of {a.tokens} ids; best of {a.rounds} rounds')
    print(f'{"model":<10} {"theriac":>8} {"open_clip":>10} {"channels_last":>14} {"ratio":>6}')
    for model in a.models:
        ours, plain, last = 0.0, 0.0, 0.0
        parts = {}
        for _ in range(a.rounds):
            report = measure_theriac(a, model)
            if report['pairs_per_second'] > ours:
                ours, parts = report['pairs_per_second'], report['parts']
            plain = max(plain, measure_open_clip(a, model, False))
            last = max(last, measure_open_clip(a, model, True))
        rows.append({'model': model, 'theriac': ours, 'open_clip': plain, 'open_clip_channels_last': last, 'parts': parts})
        print(f'{model:<10} {ours:>8.2f} {plain:>10.2f} {last:>14.2f} {ours / max(plain, last):>5.2f}x', flush=True)
    if a.json:
        with open(a.json, 'w') as out:
            json.dump({'settings': vars(a), 'rows': rows}, out, indent=1)


if __name__ == '__main__':
    main()
