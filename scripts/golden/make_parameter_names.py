"""open_clip_rn50.json and open_clip_vit_b32.json: name -> shape, in state-dict order."""

from __future__ import annotations

import open_clip

from common import save_json

MODELS = {"open_clip_rn50.json": "RN50-quickgelu", "open_clip_vit_b32.json": "ViT-B-32-quickgelu"}


def main() -> None:
    for file, architecture in MODELS.items():
        model = open_clip.create_model(architecture, pretrained=None)
        save_json(file, {name: list(value.shape) for name, value in model.state_dict().items()})


if __name__ == "__main__":
    main()
