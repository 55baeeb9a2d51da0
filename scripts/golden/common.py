"""Where the golden files live, and how they are written."""

from __future__ import annotations

import json
from pathlib import Path

import torch
from safetensors.torch import save_file

OUTPUT = Path(__file__).resolve().parents[2] / "tests" / "golden"


def save(name: str, tensors: dict[str, torch.Tensor]) -> None:
    OUTPUT.mkdir(parents=True, exist_ok=True)
    path = OUTPUT / name
    save_file({key: value.detach().clone().contiguous() for key, value in tensors.items()}, path)
    path.chmod(0o644)
    print(f"{name}: {len(tensors)} tensors, {path.stat().st_size / 1000:.0f} kB")


def save_json(name: str, value: object) -> None:
    OUTPUT.mkdir(parents=True, exist_ok=True)
    path = OUTPUT / name
    path.write_text(json.dumps(value, separators=(",", ":")) + "\n")
    print(f"{name}: {path.stat().st_size / 1000:.0f} kB")


def deterministic(seed: int) -> None:
    torch.set_num_threads(1)
    torch.manual_seed(seed)
    torch.use_deterministic_algorithms(True)
