"""steps.safetensors: five training steps of tiny_rn and tiny_vit in float64 (MMCL, AdamW, clamped logit scale).

The start, the pictures and the captions are those of tiny_rn.safetensors and tiny_vit.safetensors. Tensors of two and more
dimensions decay; the learning rate is constant; after each step the logit scale is clamped to [0, ln 100].
"""

from __future__ import annotations

import math

import torch
import torch.nn.functional as F
from open_clip.model import CLIP
from safetensors.torch import load_file

from common import OUTPUT, deterministic, save
from losses import mmcl
from make_models import EMBED, FULL_GRADIENT_UP_TO, TEXT, VISION

STEPS, RATE, DECAY = 5, 1e-2, 0.1


def train(kind: str) -> dict[str, torch.Tensor]:
    golden = load_file(OUTPUT / f"tiny_{kind}.safetensors")
    model = CLIP(EMBED, VISION[kind], TEXT[kind], quick_gelu=True)
    model.load_state_dict({k[6:]: v for k, v in golden.items() if k.startswith("state.")})
    model.double().train()
    images, tokens = golden["images"].double(), golden["tokens"]
    decay = [p for p in model.parameters() if p.ndim >= 2]
    plain = [p for p in model.parameters() if p.ndim < 2]
    groups = [{"params": decay, "weight_decay": DECAY}, {"params": plain, "weight_decay": 0.0}]
    optimizer = torch.optim.AdamW(groups, lr=RATE)
    losses = []
    for _ in range(STEPS):
        optimizer.zero_grad()
        image, text = model.encode_image(images), model.encode_text(tokens)
        loss = mmcl(F.normalize(image, dim=-1), F.normalize(text, dim=-1), model.logit_scale.exp())
        loss.backward()
        optimizer.step()
        with torch.no_grad():
            model.logit_scale.clamp_(0, math.log(100))
        losses.append(loss.item())
    parameters = dict(sorted(model.named_parameters()))
    out = {"loss": torch.tensor(losses, dtype=torch.float64)}
    out["sum"] = torch.stack([p.sum() for p in parameters.values()])
    out["norm"] = torch.stack([p.norm() for p in parameters.values()])
    out |= {f"after.{n}": p for n, p in parameters.items() if p.numel() <= FULL_GRADIENT_UP_TO}
    return {f"{kind}.{name}": value for name, value in out.items()}


if __name__ == "__main__":
    deterministic(11)
    save("steps.safetensors", {name: value for kind in VISION for name, value in train(kind).items()})
