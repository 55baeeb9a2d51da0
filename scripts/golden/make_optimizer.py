"""adamw.safetensors: five AdamW steps in float64 with decay groups, warm-up and cosine.

Problem: loss = mean((exp(logit_scale) * (x @ weight^T + bias) - y)^2), x [8, 4], y [8, 3].
Only `weight` decays: a gain, a bias and the logit scale do not.
    lr(k) = base * (k + 1) / warm                                         for k < warm
    lr(k) = base * (1 + cos(pi * (k - warm) / (total - warm))) / 2        otherwise
"""

from __future__ import annotations

import math

import torch

from common import deterministic, save

STEPS, WARM, BASE, DECAY = 5, 2, 1e-2, 0.1
BETAS, EPS = (0.9, 0.999), 1e-8


def learning_rate(step: int) -> float:
    if step < WARM:
        return BASE * (step + 1) / WARM
    return BASE * 0.5 * (1 + math.cos(math.pi * (step - WARM) / (STEPS - WARM)))


def main() -> None:
    deterministic(13)
    double = {"dtype": torch.float64}
    x, y = torch.randn(8, 4, **double), torch.randn(8, 3, **double)
    parameters = {
        "weight": torch.randn(3, 4, **double).requires_grad_(),
        "bias": torch.randn(3, **double).requires_grad_(),
        "logit_scale": torch.tensor(0.5, **double).requires_grad_(),
    }
    optimizer = torch.optim.AdamW(
        [
            {"params": [parameters["weight"]], "weight_decay": DECAY},
            {"params": [parameters["bias"], parameters["logit_scale"]], "weight_decay": 0.0},
        ],
        lr=BASE,
        betas=BETAS,
        eps=EPS,
    )
    settings = torch.tensor([BASE, DECAY, *BETAS, EPS, WARM, STEPS], **double)
    out = {"x": x, "y": y, "settings": settings}
    out |= {f"start.{name}": value.clone() for name, value in parameters.items()}
    rates, losses = [], []
    for step in range(STEPS):
        for group in optimizer.param_groups:
            group["lr"] = learning_rate(step)
        optimizer.zero_grad()
        linear = x @ parameters["weight"].T + parameters["bias"]
        prediction = parameters["logit_scale"].exp() * linear
        loss = (prediction - y).square().mean()
        loss.backward()
        out |= {f"gradient{step}.{name}": value.grad.clone() for name, value in parameters.items()}
        optimizer.step()
        out |= {f"step{step}.{name}": value.detach().clone() for name, value in parameters.items()}
        rates.append(learning_rate(step))
        losses.append(loss.item())
    out |= {"learning_rate": torch.tensor(rates, **double), "loss": torch.tensor(losses, **double)}
    save("adamw.safetensors", out)


if __name__ == "__main__":
    main()
