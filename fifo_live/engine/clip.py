"""A picture or a clip from a file, as latents with which a queue can begin.

Shape suffixes: F frames (pixel frames or latents), C channels, H and W height and width.
"""

from collections.abc import Iterator
from itertools import islice
from pathlib import Path

import av
import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor

from fifo_live.errors import ConfigError
from fifo_live.models.contract import Denoiser, ModelSpec

TOLERANCE_S = 1e-3
"""How exactly the times of a clip's frames are written down: to a millisecond in some containers."""


@torch.inference_mode()
def encode_file(denoiser: Denoiser, path: Path, num_latents: int) -> Tensor:
    """Return the beginning of a file as clean latents, at most `num_latents` of them: (F, C, H, W).

    Raises: ConfigError if the file holds no picture, ModelError if the model has no encoder.
    """
    spec = denoiser.spec
    first = spec.first_latent_frames or spec.frames_per_latent
    pictures_FHWC = read_pictures(path, spec, first + (num_latents - 1) * spec.frames_per_latent)
    # The last picture is repeated up to a whole latent; a still needs two, since the first latent may be a special one.
    behind_first = max(len(pictures_FHWC) - first, 1)
    missing = first + -(-behind_first // spec.frames_per_latent) * spec.frames_per_latent - len(pictures_FHWC)
    pictures_FHWC = np.concatenate([pictures_FHWC, pictures_FHWC[-1:].repeat(missing, axis=0)])
    return denoiser.encode_pictures(torch.from_numpy(pictures_FHWC))


def read_pictures(path: Path, spec: ModelSpec, count: int) -> NDArray[np.uint8]:
    """Return up to `count` pictures of a file at the model's own rate and size: (F, height, width, 3).

    A picture of another shape is cut at its edges, not stretched.

    Raises: ConfigError if the file cannot be read or holds no picture.
    """
    if not path.is_file():
        raise ConfigError(f"There is no file {str(path)!r} to begin with.")
    try:
        with av.open(str(path)) as container:
            frames = container.decode(container.streams.video[0])
            pictures = list(islice(_at_rate(frames, spec), count))
    except (av.FFmpegError, IndexError, OSError) as error:
        raise ConfigError(f"{str(path)!r} holds no picture or clip that can be read: {error}.") from error
    if not pictures:
        raise ConfigError(f"{str(path)!r} holds no picture.")
    return np.stack(pictures)


def _at_rate(frames: Iterator[av.VideoFrame], spec: ModelSpec) -> Iterator[NDArray[np.uint8]]:
    """Yield what is shown at the times of the model's own frames."""
    shown, begin_s, number = None, 0.0, 0
    for frame in frames:
        time_s = frame.time or 0.0
        begin_s = time_s if shown is None else begin_s
        while shown is not None and number / spec.fps < time_s - begin_s - TOLERANCE_S:
            yield _fitted(shown, spec.width, spec.height)
            number += 1
        shown = frame
    if shown is not None:
        yield _fitted(shown, spec.width, spec.height)


def _fitted(frame: av.VideoFrame, width: int, height: int) -> NDArray[np.uint8]:
    """Return a frame, (height, width, 3), scaled to cover the size; what stands out is cut off on both sides."""
    scale = max(width / frame.width, height / frame.height)
    size = max(width, round(frame.width * scale)), max(height, round(frame.height * scale))
    picture = frame.to_ndarray(format="rgb24", width=size[0], height=size[1])
    left, top = (size[0] - width) // 2, (size[1] - height) // 2
    return np.asarray(picture[top : top + height, left : left + width], np.uint8)
