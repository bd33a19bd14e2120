"""Muon: momentum whose update is made orthogonal for every weight matrix (Keller Jordan, 2024; arXiv 2502.16982).

Convolutions count as matrices of (outputs, inputs * kernel). The orthogonalisation is the Newton-Schulz iteration
with the published quintic coefficients.
"""

from __future__ import annotations

from collections.abc import Iterable

import torch
from torch import Tensor
from torch.nn import Parameter
from torch.optim import Optimizer

COEFFICIENTS = (3.4445, -4.7750, 2.0315)
ITERATIONS = 5


def orthogonal(matrix_MN: Tensor) -> Tensor:
    """Return about the nearest semi-orthogonal matrix."""
    a, b, c = COEFFICIENTS
    tall = matrix_MN.shape[0] > matrix_MN.shape[1]
    x = (matrix_MN.T if tall else matrix_MN).to(torch.bfloat16)
    x = x / (x.norm() + 1e-7)
    for _ in range(ITERATIONS):
        gram = x @ x.T
        x = a * x + (b * gram + c * gram @ gram) @ x
    result: Tensor = x.T if tall else x
    return result.float()


class Muon(Optimizer):
    def __init__(
        self, parameters: Iterable[Parameter], lr: float, momentum: float = 0.95, weight_decay: float = 0.01
    ) -> None:
        super().__init__(parameters, {"lr": lr, "momentum": momentum, "weight_decay": weight_decay})

    @torch.no_grad()
    def step(self, closure: None = None) -> None:  # type: ignore[override]
        for group in self.param_groups:
            for parameter in group["params"]:
                if parameter.grad is not None:
                    self._update(parameter, group["lr"], group["momentum"], group["weight_decay"])

    def _update(self, parameter: Parameter, lr: float, momentum: float, weight_decay: float) -> None:
        assert parameter.grad is not None
        state = self.state[parameter]
        if "momentum" not in state:
            state["momentum"] = torch.zeros_like(parameter)
        state["momentum"].lerp_(parameter.grad, 1 - momentum)
        ahead = parameter.grad.lerp(state["momentum"], momentum)
        matrix_MN = orthogonal(ahead.flatten(1))
        size = 0.2 * max(matrix_MN.shape) ** 0.5  # entries as large as AdamW's
        parameter.mul_(1 - lr * weight_decay)
        parameter.add_(matrix_MN.view_as(parameter), alpha=-lr * size)
