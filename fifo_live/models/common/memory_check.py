"""Checks whether a model fits into this machine's memory, and suggests what would if it does not."""

from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path

import torch

from fifo_live.models.card import Card
from fifo_live.models.common.memory_estimate import (
    GB,
    ROOM,
    Batch,
    Need,
    choose_text_device,
    free_bytes,
    reckon,
    reckon_file,
    refusal,
    windows_that_fit,
)
from fifo_live.models.common.precision import choose_dtype
from fifo_live.models.options import LoadOptions

CPU = torch.device("cpu")


def fit(path: Path, card: Card, options: LoadOptions, family: Sequence[Card]) -> torch.device:
    """Return where the text encoders of a model go; `path` is a folder or a checkpoint file.

    Raises: ModelError if the model does not fit, with the numbers and what would fit.
    """
    free = {"cpu": free_bytes(CPU), options.device.type: free_bytes(options.device)}
    need = needed(path, card, options)
    found = choose_text_device(need, options.text_encoder_device, options.device, free)
    if found is None:
        smaller = [other for other in family if other.weights_gb < card.weights_gb]
        raise refusal(card, need, options.device, free, list(_advice(need, options, free, smaller)))
    if found != options.device:
        options.report(f"The text encoder ({need.text / GB:.1f} GB) runs on the CPU.")
    return found


def needed(path: Path, card: Card, options: LoadOptions) -> Need:
    """Return what a model takes as it is going to be run.

    Raises: ModelError if a file is missing or damaged.
    """
    size = options.width or card.spec.width, options.height or card.spec.height
    dtype = choose_dtype(options.dtype, options.device)
    batch = Batch(options.windows_per_forward or 1, options.window)
    return (reckon_file if path.is_file() else reckon)(path, card, size, dtype, batch)


def windows_at_once(path: Path, card: Card, options: LoadOptions) -> int:
    """Return how many windows go through the network of a model that is loaded together: as wished, or what fits.

    Raises: ModelError if a file is missing or damaged.
    """
    if options.windows_per_forward:
        return options.windows_per_forward
    return windows_that_fit(needed(path, card, options), options.device, free_bytes(options.device))


def _advice(need: Need, options: LoadOptions, free: Mapping[str, int], smaller: Sequence[Card]) -> Iterator[str]:
    """Yield what to ask for instead."""
    halved = need.at_half()
    if choose_dtype(options.dtype, options.device) == torch.float32:
        if choose_text_device(halved, options.text_encoder_device, options.device, free):
            yield f"--dtype bfloat16 ({halved.on_device(with_text=True) / GB:.1f} GB)"
    if choose_text_device(need, "cpu", options.device, free):
        yield f"--text-encoder-device cpu ({need.on_device(with_text=False) / GB:.1f} GB)"
    for card in smaller:
        if card.weights_gb * GB + need.work <= ROOM * free[options.device.type]:
            yield f"--model {card.hub_id} ({card.weights_gb + need.work / GB:.1f} GB at 16 bits)"
