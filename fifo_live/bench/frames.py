"""A stream as pictures, in this process: what the benchmarks that look at pictures look at.

Shapes: F frames, H and W picture.
"""

from collections.abc import Iterator

import torch
from torch import Tensor

from fifo_live.config import Config
from fifo_live.engine.engine import Engine
from fifo_live.engine.frame_decoder import FrameDecoder
from fifo_live.engine.plan import Plan
from fifo_live.models.contract import Denoiser
from fifo_live.models.loading import say


def frames(denoiser: Denoiser, config: Config, prompt: str, seed: int) -> Iterator[Tensor]:
    """Yield the pictures of a fresh stream for ever, uint8 (H, W, 3) each."""
    engine = Engine(denoiser, Plan.make(denoiser.spec, config.engine), seed=seed, prompt=prompt, report=say)
    pictures = FrameDecoder(denoiser.decoder(), denoiser.spec)
    while True:
        emitted = engine.step()
        if emitted is not None:
            with torch.inference_mode():
                yield from pictures.decode(emitted)
