"""Options that any model accepts: where it runs, in which number format, with which parts of others."""

from collections.abc import Callable
from dataclasses import dataclass

import torch


def no_report(_sentence: str) -> None:
    """Tell nobody."""


@dataclass(frozen=True)
class LoadOptions:
    """How a model is wanted; the defaults leave everything to the model.

    `dtype` is auto, float32, bfloat16 or float16. `width` and `height` are pixels, 0 for the model's own.
    `text_encoder_device` is auto (beside the network if there is room, else the CPU), same or cpu. `decoder` is full,
    tiny or tiny:PATH_OR_ID. `window` and `windows_per_forward` are what goes through the network together, 0 for
    the model's own and for what fits. A LoRA is `path` or `path:scale`. `report` is told what is being loaded, in
    sentences.
    """

    device: torch.device
    dtype: str = "auto"
    width: int = 0
    height: int = 0
    text_encoder_device: str = "auto"
    window: int = 0
    windows_per_forward: int = 0
    decoder: str = "full"
    loras: tuple[str, ...] = ()
    report: Callable[[str], None] = no_report
