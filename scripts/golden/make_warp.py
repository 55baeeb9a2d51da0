"""warp.json: WaNet's warping through torch's own interpolate and grid_sample.

Field F [1, 2, k, k], mean |F| = 1; grid = clamp(identity + s * up(F) / side, -1, 1) with up = bicubic
interpolation and corners aligned; sampling bilinear, zero padding, corners aligned.
"""

from __future__ import annotations

import torch
import torch.nn.functional as F

from common import deterministic, save_json

# k, strength, side: WaNet's smooth warp; a wild one, that is clamped at the borders; the field as
# large as the picture (the reference's k = 224 at 224 px); a field that is scaled down; one point.
CASES = [(4, 0.5, 24), (4, 12.0, 24), (24, 0.6, 24), (30, 3.0, 20), (1, 2.0, 16)]


def warp(picture: torch.Tensor, field: torch.Tensor, strength: float) -> torch.Tensor:
    side = picture.shape[-1]
    line = torch.linspace(-1, 1, side)
    y, x = torch.meshgrid(line, line, indexing="ij")
    up = F.interpolate(field, size=side, mode="bicubic", align_corners=True)
    grid = torch.stack((x, y), 2)[None] + strength * up.permute(0, 2, 3, 1) / side
    return F.grid_sample(picture, grid.clamp(-1, 1), align_corners=True)


def main() -> None:
    deterministic(5)
    out = []
    for k, strength, side in CASES:
        field = torch.rand(1, 2, k, k) * 2 - 1
        field = field / field.abs().mean()
        picture = torch.randint(0, 256, (1, 3, side, side)).float()
        warped = warp(picture / 255, field, strength) * 255
        out.append(
            {
                "k": k,
                "strength": strength,
                "side": side,
                "field": [float(f"{value:.9g}") for value in field.flatten().tolist()],
                "picture": picture[0].permute(1, 2, 0).int().flatten().tolist(),
                "warped": [round(value, 3) for value in warped[0].permute(1, 2, 0).flatten().tolist()],
            }
        )
    save_json("warp.json", out)


if __name__ == "__main__":
    main()
