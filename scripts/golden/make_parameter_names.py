"""open_clip_shapes.json: preset -> name -> shape, the whole state dict of open_clip's model."""

from __future__ import annotations

import inspect

import open_clip
import torch
from open_clip.model import CLIP

from common import save_json

MODELS = {
    "rn50": "RN50",
    "rn101": "RN101",
    "rn50x4": "RN50x4",
    "vit_s16": "ViT-S-16",
    "vit_b32": "ViT-B-32",
    "vit_b16": "ViT-B-16",
    "vit_l14": "ViT-L-14",
}


def shapes(architecture: str) -> dict[str, list[int]]:
    known = inspect.signature(CLIP.__init__).parameters
    config = {key: value for key, value in open_clip.get_model_config(architecture).items() if key in known}
    with torch.device("meta"):
        model = CLIP(**config)
    return {name: list(value.shape) for name, value in model.state_dict().items()}


def main() -> None:
    save_json("open_clip_shapes.json", {preset: shapes(name) for preset, name in MODELS.items()})


if __name__ == "__main__":
    main()
