"""Motion modules (AnimateDiff, arXiv 2307.04725): layers over time that are put into the UNet of an image model."""

from collections.abc import Mapping
from dataclasses import replace
from itertools import count, takewhile
from typing import Any

import diffusers
from torch import Tensor

from fifo_live.errors import ModelError
from fifo_live.models.common.checkpoint import Checkpoint
from fifo_live.models.common.hub import fetch, wanted_files
from fifo_live.models.common.materialise import filled

_POSITIONS = "down_blocks.0.motion_modules.0.transformer_blocks.0.pos_embed.pe"
_NORM = "down_blocks.{}.motion_modules.{}.norm.weight"


def has_motion(shapes: Mapping[str, tuple[int, ...]]) -> bool:
    """Tell a file of motion modules in diffusers' names."""
    return _POSITIONS in shapes


def with_motion(checkpoint: Checkpoint, image_model: Checkpoint) -> Any:
    """Return the image model's UNet with a checkpoint's motion modules in it, and the LoRAs of either.

    Raises: ModelError if something is missing, or the two do not fit.
    """
    motion = _load_motion(replace(checkpoint, loras=()))
    image = replace(image_model, loras=()).load("unet", diffusers.UNet2DConditionModel)
    ours, theirs = (tuple(part.config.block_out_channels) for part in (motion, image))
    if ours != theirs:
        raise ModelError(f"The motion modules do not fit the image model: their widths are {ours}, its are {theirs}.")

    def make() -> Any:
        try:
            return diffusers.UNetMotionModel.from_unet2d(image, motion, load_weights=False)
        except ValueError as error:
            raise ModelError(f"The motion modules do not fit the image model: {error}.") from error

    tensors = {**image.state_dict(), **motion.state_dict()}
    return checkpoint.place("unet", filled(make, tensors, "UNet with motion modules"))


def modules_of(tensors: Mapping[str, Tensor]) -> Any:
    """Return the motion modules of one file.

    Raises: ModelError if they are not all there.
    """
    levels = list(takewhile(lambda level: _NORM.format(level, 0) in tensors, count()))
    config = {
        "block_out_channels": tuple(len(tensors[_NORM.format(level, 0)]) for level in levels),
        "motion_layers_per_block": len(list(takewhile(lambda layer: _NORM.format(0, layer) in tensors, count()))),
        "motion_max_seq_length": tensors[_POSITIONS].shape[1],
        "use_motion_mid_block": any(key.startswith("mid_block.") for key in tensors),
    }
    return filled(lambda: diffusers.MotionAdapter(**config), tensors, "motion modules")


def _load_motion(checkpoint: Checkpoint) -> Any:
    """Return the motion modules of a folder or a file; where there are none, those of the card on the hub."""
    for part in ("motion_adapter", ""):
        if (checkpoint.path / part / "config.json").is_file():
            return checkpoint.load(part, diffusers.MotionAdapter)
    file = checkpoint.path if checkpoint.path.is_file() else checkpoint.path / checkpoint.card.file
    if file.is_file():
        return checkpoint.place("motion_adapter", modules_of(checkpoint.at(file).tensors()))
    checkpoint.options.report(f"The motion modules are taken from {checkpoint.card.hub_id}.")
    folder = fetch(checkpoint.card.hub_id, lambda names: wanted_files(names, checkpoint.dtype))
    return checkpoint.at(folder).load("", diffusers.MotionAdapter)
