"""What leaves the queue.

Shape suffixes: F latent frames, C channels, H and W latent height and width.
"""

from dataclasses import dataclass

from torch import Tensor


@dataclass(frozen=True)
class Emitted:
    """Clean latents that have left the queue: x0, (F, C, H, W), with the index and cue of each.

    `begins` are those with which a shot begins: the first one after a start, and after each cut.
    """

    x_FCHW: Tensor
    latents: range
    cues: tuple[int, ...]
    born_s: float
    begins: tuple[int, ...] = ()
