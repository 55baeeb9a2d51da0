"""tiny_rn.safetensors and tiny_vit.safetensors: open_clip's own classes at a tiny size.

Every parameter and batch-norm buffer is moved away from its initial value, so that no gain is zero
or one and no bias is zero: an implementation that forgets one of them fails.
"""

from __future__ import annotations

import torch
import torch.nn.functional as F
from open_clip.model import CLIP, CLIPTextCfg, CLIPVisionCfg

from common import deterministic, save
from losses import mmcl

BATCH = 3
END_TOKEN = 63
CONTEXT = 16
TEXT = {
    "rn": CLIPTextCfg(context_length=CONTEXT, vocab_size=64, width=8, heads=2, layers=1),
    "vit": CLIPTextCfg(context_length=CONTEXT, vocab_size=64, width=8, heads=2, layers=2),
}
VISION = {
    # heads of the attention pool: width * 32 / head_width = 4
    "rn": CLIPVisionCfg(layers=(1, 1, 1, 1), width=2, head_width=16, image_size=32),
    "vit": CLIPVisionCfg(layers=2, width=16, head_width=8, patch_size=4, image_size=16),
}
EMBED = 16
FULL_GRADIENT_UP_TO = 64


def perturb(model: CLIP) -> None:
    with torch.no_grad():
        for name, parameter in model.named_parameters():
            if name == "logit_scale":
                parameter.fill_(2.0)
            elif parameter.ndim == 1:
                parameter.add_(0.2 * torch.randn_like(parameter))
            else:
                parameter.add_(0.3 * parameter.std() * torch.randn_like(parameter))
            if name.endswith("bn3.weight"):  # zero at the start
                parameter.copy_(0.5 + torch.rand_like(parameter))
        for name, buffer in model.named_buffers():
            if name.endswith("running_mean"):
                buffer.copy_(0.2 * torch.randn_like(buffer))
            elif name.endswith("running_var"):
                buffer.copy_(0.5 + torch.rand_like(buffer))


def captions() -> torch.Tensor:
    """Start token 62, words, end token 63, zeros; one caption fills the context."""
    tokens = torch.zeros(BATCH, CONTEXT, dtype=torch.int64)
    for row, words in enumerate((3, CONTEXT - 2, 7)):
        tokens[row, 0] = 62
        tokens[row, 1 : words + 1] = torch.randint(1, 62, (words,))
        tokens[row, words + 1] = END_TOKEN
    return tokens


def make(kind: str) -> None:
    deterministic(7)
    model = CLIP(EMBED, VISION[kind], TEXT[kind], quick_gelu=True)
    perturb(model)
    images = torch.randn(BATCH, 3, VISION[kind].image_size, VISION[kind].image_size)
    tokens = captions()

    out = {f"state.{name}": value.clone() for name, value in model.state_dict().items()}
    out |= {"images": images, "tokens": tokens}

    def loss_of(image: torch.Tensor, text: torch.Tensor) -> torch.Tensor:
        normalised = F.normalize(image, dim=-1), F.normalize(text, dim=-1)
        return mmcl(*normalised, model.logit_scale.exp())

    model.eval()
    with torch.no_grad():
        image, text = model.encode_image(images), model.encode_text(tokens)
    out |= {"eval.image_features": image, "eval.text_features": text}
    out |= {"eval.image_normalised": F.normalize(image, dim=-1)}
    out |= {"eval.text_normalised": F.normalize(text, dim=-1)}
    out["eval.mmcl"] = loss_of(image, text)

    model.train()
    image, text = model.encode_image(images), model.encode_text(tokens)
    loss = loss_of(image, text)
    loss.backward()
    out |= {"train.image_features": image, "train.text_features": text, "train.mmcl": loss}
    for name, buffer in model.named_buffers():
        if "running_" in name:
            out[f"after.{name}"] = buffer

    parameters = dict(sorted(model.named_parameters()))
    out["gradient_norm"] = torch.stack([p.grad.double().norm() for p in parameters.values()])
    for name, parameter in parameters.items():
        if parameter.numel() <= FULL_GRADIENT_UP_TO:
            out[f"gradient.{name}"] = parameter.grad
    save(f"tiny_{kind}.safetensors", out)


if __name__ == "__main__":
    for kind in VISION:
        make(kind)
