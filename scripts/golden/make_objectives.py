"""objectives.safetensors: values and gradients of the loss terms in float64."""

from __future__ import annotations

import torch
import torch.nn.functional as F
from open_clip.loss import SigLipLoss

from common import deterministic, save
from losses import intra_modal, mmcl, siglip

WEIGHTS = torch.tensor([1.0, 2.0], dtype=torch.float64)  # of mmcl and intra_modal in `weighted_sum`


def main() -> None:
    deterministic(11)
    names = ("image", "text", "image_view", "text_view")
    inputs = {n: F.normalize(torch.randn(8, 16, dtype=torch.float64), dim=1) for n in names}
    inputs["logit_scale"] = torch.tensor(1.5, dtype=torch.float64)
    out = dict(inputs) | {"weights": WEIGHTS}

    def terms(v: dict[str, torch.Tensor]) -> dict[str, torch.Tensor]:
        scale = v["logit_scale"].exp()
        cross = mmcl(v["image"], v["text"], scale)
        within = intra_modal(v["image"], v["text"], v["image_view"], v["text_view"], scale)
        return {
            "mmcl": cross,
            "intra_modal": within,
            "weighted_sum": WEIGHTS[0] * cross + WEIGHTS[1] * within,
            "siglip": siglip(v["image"], v["text"], scale),
            "siglip_published": SigLipLoss()(v["image"], v["text"], scale, torch.tensor(-10.0, dtype=torch.float64)),
        }

    for term in ("mmcl", "intra_modal", "weighted_sum", "siglip", "siglip_published"):
        leaves = {n: value.clone().requires_grad_() for n, value in inputs.items()}
        value = terms(leaves)[term]
        value.backward()
        out[f"{term}.value"] = value
        for name, leaf in leaves.items():
            if leaf.grad is not None:
                out[f"{term}.gradient.{name}"] = leaf.grad
    save("objectives.safetensors", out)


if __name__ == "__main__":
    main()
