"""Base class of networks with one timestep and one conditioning per latent frame."""

from abc import ABC, abstractmethod
from typing import Any

import torch
from torch import Tensor


class PerFrameNetwork(ABC):
    """Runs a network of a library, which was not made for that, in a forward of its own."""

    def __init__(self, network: Any) -> None:
        self._network = network

    @property
    def device(self) -> torch.device:
        """Where it runs."""
        device: torch.device = self._network.device
        return device

    @property
    def dtype(self) -> torch.dtype:
        """Its number format."""
        dtype: torch.dtype = self._network.dtype
        return dtype

    @abstractmethod
    def __call__(self, x_BFCHW: Tensor, t_BF: Tensor, cond_BF: Tensor) -> Tensor:
        """Return the prediction, (B, F, C, H, W), and behind its channels variances where the network learnt them."""
