"""Checkpoints of the autoencoder's training: weights, optimiser, steps and spent seconds."""

from __future__ import annotations

import os
from pathlib import Path

import torch
from torch import nn
from torch.optim import Optimizer

from fifo_live.training.budget import Budget


def save_checkpoint(path: Path, model: nn.Module, optimizer: Optimizer, budget: Budget, step: int) -> None:
    state = {
        "model": model.state_dict(),
        "optimizer": optimizer.state_dict(),
        "spent_s": budget.spent_s,
        "step": step,
    }
    part = path.with_suffix(".part")
    torch.save(state, part)
    os.replace(part, path)


def load_checkpoint(path: Path, model: nn.Module, optimizer: Optimizer, budget: Budget) -> int:
    """Fill everything from a checkpoint if it is there; return the number of steps already taken."""
    if not path.exists():
        return 0
    state = torch.load(path, weights_only=True)
    model.load_state_dict(state["model"])
    optimizer.load_state_dict(state["optimizer"])
    budget.spent_s = float(state["spent_s"])
    return int(state["step"])
