"""A model for tests that paints what can be read back: a colour per prompt, and the number of every frame.

It goes through the same contract as any other: `--model tests.painted:load`. The network predicts what leads straight
to the latent that holds its prompt's colour, so a frame's colour tells under which cue its latent was denoised.
"""

import hashlib
from collections.abc import Sequence

import av
import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor

from fifo_live.models.contract import Denoiser, ModelSpec, NoiseSchedule, StreamDecoder

WIDTH, HEIGHT = 320, 180
FRAMES_PER_LATENT = 2
BITS = 16
CELL = 16
"""Side of a bit in pixels, large enough to survive the codec. The bits stand in one row in the middle."""
ROW = slice(80, 80 + CELL)
COLUMN = 32


def colour(text: str) -> tuple[int, int, int]:
    """Return a prompt's colour: one of 64, far enough from each other to be told apart after coding."""
    code = hashlib.sha256(text.encode()).digest()[0]
    return 40 + 58 * (code & 3), 40 + 58 * (code >> 2 & 3), 40 + 58 * (code >> 4 & 3)


def pixels(frame: av.VideoFrame) -> NDArray[np.uint8]:
    """Return a decoded frame as RGB, (height, width, 3)."""
    return np.asarray(frame.to_ndarray(format="rgb24"), np.uint8)


def read_number(picture: NDArray[np.uint8]) -> int:
    """Return the number that is painted in a picture, (height, width, 3)."""
    row = picture[ROW, COLUMN : COLUMN + BITS * CELL].astype(float).mean(axis=(0, 2))
    bits = row.reshape(BITS, CELL)[:, CELL // 4 : -CELL // 4].mean(axis=1) > 127
    return int(sum(1 << place for place, bit in enumerate(bits) if bit))


def read_colour(picture: NDArray[np.uint8]) -> tuple[float, float, float]:
    """Return the mean colour of a picture's lower third."""
    red, green, blue = picture[120:].reshape(-1, 3).mean(axis=0)
    return float(red), float(green), float(blue)


def shows(picture: NDArray[np.uint8], text: str) -> bool:
    """Return whether a picture has the colour of a prompt."""
    return max(abs(seen - meant) for seen, meant in zip(read_colour(picture), colour(text), strict=True)) < 20


class PaintedDecoder(StreamDecoder):
    """Paints the latent's colour, and over it the running number of the frame."""

    def __init__(self) -> None:
        self._frame = 0

    def decode(self, x_FCHW: Tensor) -> Tensor:
        """Return FRAMES_PER_LATENT pictures for each latent."""
        return torch.stack([self._paint(latent) for latent in x_FCHW for _ in range(FRAMES_PER_LATENT)])

    def reset(self) -> None:
        """Go on counting: frames are numbered through the whole stream."""

    def _paint(self, x_CHW: Tensor) -> Tensor:
        picture = torch.zeros(HEIGHT, WIDTH, 3, dtype=torch.uint8)
        picture[:] = (x_CHW.mean(dim=(1, 2)).clamp(0, 1) * 255).round().to(torch.uint8)
        for place in range(BITS):
            column = COLUMN + place * CELL
            picture[ROW, column : column + CELL] = 255 if self._frame >> place & 1 else 0
        self._frame += 1
        return picture


class Painted(Denoiser):
    """Needs no weights: from any noise level the prediction points at the prompt's colour."""

    spec = ModelSpec(
        name="painted",
        width=WIDTH,
        height=HEIGHT,
        fps=24.0,
        latent_shape=(3, 2, 2),
        window=8,
        ladder=NoiseSchedule("flow"),
        frames_per_latent=FRAMES_PER_LATENT,
        levels=8,
        max_prompt_chars=200,
        default_prompt="the beginning",
        licence="Apache-2.0",
    )

    def __init__(self, device: torch.device) -> None:
        self.device = device

    def encode_prompts(self, texts: Sequence[str]) -> Tensor:
        """Return each prompt's colour."""
        return torch.tensor([colour(text) for text in texts], dtype=torch.float32).reshape(-1, 3) / 255

    def denoise(self, x_BFCHW: Tensor, t_BF: Tensor, cond_BF: Tensor) -> Tensor:
        """Return noise - x0 for x0 = the prompt's colour."""
        return (x_BFCHW - cond_BF[..., None, None]) / t_BF[..., None, None, None]

    def decoder(self) -> StreamDecoder:
        """Return a decoder that begins at frame 0."""
        return PaintedDecoder()


def load(path: str, device: torch.device, dtype: str) -> Painted:
    """The loader that --model names."""
    return Painted(device)
