"""A family of models that one adapter runs: what it recognises, what it loads, which checkpoints are published."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass

from fifo_live.models.card import Card
from fifo_live.models.common.checkpoint import Checkpoint
from fifo_live.models.contract import Denoiser

Shapes = Mapping[str, tuple[int, ...]]
"""The shape of every tensor in a checkpoint file, by its key."""


def recognises_no_file(_shapes: Shapes) -> bool:
    """Say that a family is not published as a single file."""
    return False


@dataclass(frozen=True)
class Family:
    """What an adapter tells the registry.

    `load` makes the model from a checkpoint on disk. `cards` are the published ones, the default first. `classes` are
    the `_class_name`s in model_index.json, or in the network's config.json, by which a folder is recognised.
    `recognises` looks at the keys and shapes of a single checkpoint file. `tiny_decoder` is the hub id of a small
    autoencoder for the same latents; empty if one can only be named by its file, None if the adapter takes none.
    """

    name: str
    about: str
    load: Callable[[Checkpoint], Denoiser]
    cards: tuple[Card, ...]
    classes: tuple[str, ...] = ()
    recognises: Callable[[Shapes], bool] = recognises_no_file
    tiny_decoder: str | None = None
