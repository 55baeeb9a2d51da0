"""foreign_*.pt: files of torch.save and torch.jit.save, and one that would run a command."""

from __future__ import annotations

import os
import pickle
import zipfile
from collections import OrderedDict

import torch

from common import OUTPUT, deterministic


class Inner(torch.nn.Module):
    def __init__(self) -> None:
        super().__init__()
        self.weight = torch.nn.Parameter(torch.arange(6.0).reshape(2, 3))
        self.register_buffer("count", torch.tensor(7))

    def forward(self, x: torch.Tensor) -> torch.Tensor:
        return x @ self.weight


class Outer(torch.nn.Module):
    def __init__(self) -> None:
        super().__init__()
        self.visual = Inner()
        self.logit_scale = torch.nn.Parameter(torch.tensor(2.5))
        self.register_buffer("vocab_size", torch.tensor(49408))

    def forward(self, x: torch.Tensor) -> torch.Tensor:
        return self.visual(x) * self.logit_scale


class Command:
    def __reduce__(self):
        return os.system, ("touch /tmp/theriac_executed_a_pickle",)


def main() -> None:
    deterministic(5)
    grid = torch.arange(12.0).reshape(3, 4)
    state = OrderedDict(
        [
            ("module.plain", grid),
            ("module.turned", grid.t()),  # strides (1, 4), same storage
            ("module.part", grid[1:, 2:]),  # an offset
            ("module.half", grid.half() / 8),
            ("module.bfloat", grid.bfloat16() / 8),
            ("module.count", torch.tensor(11)),
            ("module.mask", torch.tensor([True, False])),
            ("module.parameter", torch.nn.Parameter(torch.full((2,), -1.5))),
        ]
    )
    weight = torch.nn.Parameter(torch.zeros(2))
    optimizer = torch.optim.AdamW([weight])
    weight.sum().backward()
    optimizer.step()
    checkpoint = {"epoch": 3, "name": "é", "loss": 0.25, "state_dict": state, "optimizer": optimizer.state_dict()}
    torch.save(checkpoint, OUTPUT / "foreign_checkpoint.pt")
    torch.jit.script(Outer()).save(str(OUTPUT / "foreign_script.pt"))
    with zipfile.ZipFile(OUTPUT / "foreign_command.pt", "w", zipfile.ZIP_STORED) as archive:
        archive.writestr("archive/data.pkl", pickle.dumps({"state_dict": Command()}, protocol=2))
    for path in sorted(OUTPUT.glob("foreign_*.pt")):
        path.chmod(0o644)
        print(f"{path.name}: {path.stat().st_size / 1000:.1f} kB")


if __name__ == "__main__":
    main()
