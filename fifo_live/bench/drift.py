"""`fifo-live bench drift`: whether a stream that runs for long stays what it was.

Every frame's colours, contrast, motion and sharpness are measured; kept are their means over each hundred frames.
Shapes: F frames, H and W picture.
"""

from collections.abc import Iterator, Sequence
from itertools import islice
from statistics import mean, pstdev
from typing import Any

import torch
from rich.console import Console
from rich.markup import escape
from rich.progress import track
from torch import Tensor

from fifo_live.bench import frames as footage
from fifo_live.config import Config
from fifo_live.errors import ConfigError
from fifo_live.models.loading import load_denoiser

SKIPPED = 24  # frames of the start, when nothing has left the queue yet that could guide it
BLOCK = 100  # frames of one row of the series
EDGE = 500  # frames at each end that are compared
BLACK = 1e-4  # less than this, of a full range of 1, counts as this
PROMPT = "a calm blue sea"
CHANNELS = ("red", "green", "blue")
MEANS, VARIANCES = (tuple(f"{kind}_{channel}" for channel in CHANNELS) for kind in ("mean", "variance"))
STATISTICS = (*MEANS, *VARIANCES, "saturation", "motion", "sharpness")

Row = dict[str, float]


def measure(config: Config, frames: int = 10_000, prompt: Sequence[str] = ()) -> dict[str, Any]:
    """Return how far each statistic moved from the first 500 frames to the last, for a stream of every prompt.

    Raises: ConfigError if the streams are too short to have two such ends.
    """
    if frames < 2 * EDGE or frames % BLOCK:
        raise ConfigError(f"Drift is measured over hundreds of frames, {2 * EDGE} or more of them; it got {frames}.")
    denoiser = load_denoiser(config)
    streams: list[dict[str, Any]] = []
    for text in prompt or (config.model.prompt or PROMPT,):
        pictures = islice(footage.frames(denoiser, config, text, config.model.seed), SKIPPED, SKIPPED + frames)
        series = list(track(rows(pictures), escape(text), frames // BLOCK, console=Console(stderr=True)))
        streams.append({"prompt": text, **compare(series), "series": series})
    worst = {name: max(stream[name] for stream in streams) for name in ("max_relative_change", "max_scaled_change")}
    return {"frames": frames, **worst, "streams": streams}


def rows(pictures: Iterator[Tensor]) -> Iterator[Row]:
    """Yield the mean statistics of every block of frames; pictures are uint8 (H, W, 3)."""
    last_HW3: Tensor | None = None
    while block := list(islice(pictures, BLOCK)):
        sums = torch.zeros(len(STATISTICS), dtype=torch.float64)
        for picture_HW3 in block:
            x_HW3 = picture_HW3.float() / 255
            sums += statistics(x_HW3, x_HW3 if last_HW3 is None else last_HW3)
            last_HW3 = x_HW3
        yield dict(zip(STATISTICS, (sums / len(block)).tolist(), strict=True))


def statistics(x_HW3: Tensor, last_HW3: Tensor) -> Tensor:
    """Return the values of STATISTICS of a picture in 0..1, given the one before it.

    Saturation is the largest channel less the smallest, motion the difference from the last picture, sharpness the
    difference between neighbouring pixels; all are means over the picture.
    """
    saturation = (x_HW3.amax(2) - x_HW3.amin(2)).mean()
    motion = (x_HW3 - last_HW3).abs().mean()
    sharpness = x_HW3.diff(dim=0).abs().mean() + x_HW3.diff(dim=1).abs().mean()
    colours = torch.cat((x_HW3.mean((0, 1)), x_HW3.var((0, 1), correction=0)))
    return torch.cat((colours, torch.stack((saturation, motion, sharpness)))).double()


def compare(series: Sequence[Row]) -> dict[str, Any]:
    """Set the first 500 frames against the last 500, for the rows of at least as many.

    A statistic's `relative_change` is in parts of its own first value. That makes much of a channel that is nearly
    black, so `scaled_change` has channels in parts of the mean of all three. `wander` is how far the means of all
    stretches of 500 frames spread (standard deviation, in parts of the first value): a stream that wanders ends about
    as far from its start as it wanders on the way, a stream that drifts ends farther.
    """
    table = {name: _compare([row[name] for row in series]) for name in STATISTICS}
    for group in (MEANS, VARIANCES, *((name,) for name in STATISTICS[6:])):
        scale = mean(table[name]["first"] for name in group)
        for name in group:
            table[name]["scaled_change"] = _part(table[name]["last"] - table[name]["first"], scale)
    worst = {
        f"max_{kind}": max(abs(row[kind]) for row in table.values()) for kind in ("relative_change", "scaled_change")
    }
    return {**worst, "statistics": table}


def _compare(values: Sequence[float]) -> Row:
    size = EDGE // BLOCK
    stretches = [mean(values[start : start + size]) for start in range(0, len(values) - size + 1, size)]
    first, last = stretches[0], mean(values[-size:])
    return {
        "first": first,
        "last": last,
        "relative_change": _part(last - first, first),
        "wander": _part(pstdev(stretches), first),
    }


def _part(value: float, whole: float) -> float:
    return value / max(whole, BLACK)
