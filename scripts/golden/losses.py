"""The losses, written from their formulas and independent of the C++ code.

image, text, and their augmented views: [N, D] unit rows. scale = exp(logit_scale).
"""

from __future__ import annotations

import torch
import torch.nn.functional as F

Tensor = torch.Tensor


def match(rows: Tensor, columns: Tensor, scale: Tensor) -> Tensor:
    """Mean over i of -log softmax(scale * rows @ columns^T)[i, i]."""
    return F.cross_entropy(scale * rows @ columns.T, torch.arange(len(rows)))


def mmcl(image: Tensor, text: Tensor, scale: Tensor) -> Tensor:
    return (match(image, text, scale) + match(text, image, scale)) / 2


def intra_modal(
    image: Tensor, text: Tensor, image_view: Tensor, text_view: Tensor, scale: Tensor
) -> Tensor:
    """Plain view to augmented view, one direction only."""
    return (match(image, image_view, scale) + match(text, text_view, scale)) / 2


def siglip(image: Tensor, text: Tensor, scale: Tensor) -> Tensor:
    """Mean over all N^2 pairs of softplus(-z * scale * <image, text>); no bias."""
    sign = 2 * torch.eye(len(image), dtype=image.dtype) - 1
    return F.softplus(-sign * (scale * image @ text.T)).mean()
