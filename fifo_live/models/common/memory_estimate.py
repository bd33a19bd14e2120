"""Estimates the memory a model needs, from the headers of its files, before anything is loaded."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from math import prod
from pathlib import Path
from typing import Any

import psutil
import torch

from fifo_live.errors import ModelError
from fifo_live.models.card import Card
from fifo_live.models.common.weights import num_params, read_json, shapes_of

GB = 1e9
LIVE_IN_TRANSFORMER = 26
LIVE_IN_UNET = 60
"""Activations that are alive at once at the widest place, in units of cells times width: q, k, v, the wide half of the
feed-forward, numbers in float32, a UNet's skip connections. The most that shapes say of the published networks, where
attention keeps no table of all pairs (tests/models/test_peaks.py); not measured on a GPU."""
DECODER_CHANNELS = 256
"""Channels of a decoder at full size that are alive at once, in the same rough sense."""
ROOM = 0.95
"""How much of the free memory may be planned for."""
FILE_PARTS = {
    "cond_stage_model.": "text_encoder",
    "text_encoders.": "text_encoder",
    "first_stage_model.": "vae",
    "vae.": "vae",
}
"""How the tensors of a part begin in a single file; all others are the network's."""
FIRST_TENSORS = (
    "patch_embedding.weight",
    "patchify_proj.weight",
    "input_blocks.0.0.weight",
    "down_blocks.0.motion_modules.0.norm.weight",
)
"""How the tensor ends by which a single file tells the width of its network."""
NETWORK = "transformer"
NETWORK_PARTS = ("unet", NETWORK)
WEIGHTED_PARTS = (*NETWORK_PARTS, "vae", "text_encoder", "motion")
TEXT_PARTS = ("text_encoder", "text_encoder_2", "text_encoder_3")


@dataclass(frozen=True)
class Need:
    """Bytes: the weights beside the network, those of text encoders, and what the computation itself takes.

    `window` is what of that each window takes that goes through the network together with others, where several may.
    """

    weights: Mapping[str, int]
    text: int
    work: int
    window: int = 0

    def on_device(self, *, with_text: bool) -> int:
        """Return what is needed where the network runs."""
        return sum(self.weights.values()) + self.work + (self.text if with_text else 0)

    def at_half(self) -> "Need":
        """Return the same in half the number of bits."""
        return Need(
            {part: count // 2 for part, count in self.weights.items()}, self.text // 2, self.work // 2, self.window // 2
        )


@dataclass(frozen=True)
class Batch:
    """What goes through the network together: so many windows of so many latents, 0 for the model's own window."""

    windows: int = 1
    window: int = 0


ONE_WINDOW = Batch()


def reckon_file(file: Path, card: Card, size: tuple[int, int], dtype: torch.dtype, batch: Batch = ONE_WINDOW) -> Need:
    """Reckon with the tensors of a single checkpoint file; parts that it lacks count as they lie beside it.

    What is not on this machine counts as its card says.

    Raises: ModelError if a file is damaged.
    """
    shapes = {key.removeprefix("_forward_module."): torch.Size(shape) for key, shape in shapes_of(file).items()}
    found: dict[str, int] = {}
    for key, shape in shapes.items():
        part = next((part for start, part in FILE_PARTS.items() if key.startswith(start)), "")
        part = part or _network_of(card, key)
        found[part] = found.get(part, 0) + shape.numel()
    beside = {
        part: num_params(file.parent / part, dtype)
        for part in card.params
        if part not in found and (file.parent / part).is_dir()
    }
    kind = LIVE_IN_TRANSFORMER if "transformer" in found else LIVE_IN_UNET
    work = Work(card, size, dtype, _width_of_file(shapes), kind)
    return _need({**card.params, **beside, **found}, dtype, work, batch)


def _network_of(card: Card, key: str) -> str:
    if "motion_modules." in key and "motion_adapter" in card.params:
        return "motion_adapter"
    return next(part for part in (*NETWORK_PARTS, "motion_adapter") if part in card.params)


def _width_of_file(shapes: Mapping[str, torch.Size]) -> int:
    """Return the width of a network's widest layers, per cell of the latent, from the tensor that is told the cells."""
    for key, shape in shapes.items():
        if key.endswith(FIRST_TENSORS):
            # A patch is a convolution in time, height and width; others keep the cells.
            return int(shape[0]) // (prod(shape[3:]) if len(shape) == 5 else 1)
    return 0


def reckon(folder: Path, card: Card, size: tuple[int, int], dtype: torch.dtype, batch: Batch = ONE_WINDOW) -> Need:
    """Reckon with a folder's files and the pictures' (width, height).

    Raises: ModelError if a file is missing or damaged.
    """
    found = _weighted_parts(folder)
    params = {name: num_params(part, dtype) for name, part in found.items()}
    if NETWORK in found and found[NETWORK] == folder:
        params = {**card.params, **params}
    network = next((found[name] for name in NETWORK_PARTS if name in found), None)
    config = read_json(network / "config.json") if network else {}
    kind = LIVE_IN_UNET if "block_out_channels" in config else LIVE_IN_TRANSFORMER
    return _need(params, dtype, Work(card, size, dtype, width_per_cell(config), kind), batch)


def _need(params: Mapping[str, int], dtype: torch.dtype, work: "Work", batch: Batch) -> Need:
    text = sum(params.get(part, 0) for part in TEXT_PARTS)
    weights = {part: count * dtype.itemsize for part, count in params.items() if part not in TEXT_PARTS}
    several = work.window_bytes(batch.window) if work.live == LIVE_IN_UNET else 0
    return Need(weights, text * dtype.itemsize, work.bytes(batch), several)


def _weighted_parts(folder: Path) -> dict[str, Path]:
    """Return the folders with weights by the part's name; a network's own folder may have the others beside it."""
    is_network = (folder / "config.json").is_file() and not (folder / "model_index.json").is_file()
    places = (folder.parent, folder) if is_network else (folder,)
    parts = [part for place in places for part in sorted(place.iterdir()) if part.is_dir()]
    found = {part.name: part for part in parts if part.name.startswith(WEIGHTED_PARTS)}
    return {**found, NETWORK: folder} if is_network else found


def width_per_cell(config: Mapping[str, Any]) -> int:
    """Return the width of a network's widest layers, per cell of the latent, from its config.json."""
    if "block_out_channels" in config:
        return int(config["block_out_channels"][0])
    patch = config.get("patch_size", 1)
    height, width = patch[-2:] if isinstance(patch, list | tuple) else (patch, patch)
    return int(config.get("num_attention_heads", 1) * config.get("attention_head_dim", 1)) // int(height * width)


@dataclass(frozen=True)
class Work:
    """What the computation takes: rough figures, from the width of the network and the kind that it is."""

    card: Card
    size: tuple[int, int]
    dtype: torch.dtype
    width_per_cell: int
    live: int

    def bytes(self, batch: Batch) -> int:
        """Return what a forward takes, and the decoder, which works beside it."""
        return batch.windows * self.window_bytes(batch.window) + self.decoder_bytes

    def window_bytes(self, window: int = 0) -> int:
        """Return the activations of one window of so many latents, with guidance if the model takes it."""
        spec, (width, height) = self.card.spec, self.size
        _, rows, columns = spec.latent_shape
        cells = (window or spec.window) * rows * columns * (width * height) // (spec.width * spec.height)
        branches = 2 if spec.supports_guidance else 1
        return cells * self.width_per_cell * branches * self.live * self.dtype.itemsize

    @property
    def decoder_bytes(self) -> int:
        """The activations of one latent in the decoder."""
        width, height = self.size
        return width * height * self.card.spec.frames_per_latent * DECODER_CHANNELS * self.dtype.itemsize


def work_bytes(card: Card, size: tuple[int, int], dtype: torch.dtype, width_per_cell: int) -> int:
    """Return what a transformer's computation takes with one window at a time."""
    return Work(card, size, dtype, width_per_cell, LIVE_IN_TRANSFORMER).bytes(ONE_WINDOW)


def windows_that_fit(need: Need, device: torch.device, free: int) -> int:
    """Return how many windows may go through the network together, where `free` bytes are left beside the weights.

    A transformer has enough to do with one; a UNet, whose windows are small, gains from more. On a CPU none does.
    """
    if device.type == "cpu" or not need.window:
        return 1
    return max(1, int((ROOM * free - (need.work - need.window)) // need.window))


def free_bytes(device: torch.device) -> int:
    """Return the memory that is free on a device."""
    if device.type == "cuda":
        return torch.cuda.mem_get_info(device)[0]
    return int(psutil.virtual_memory().available)


def choose_text_device(need: Need, wish: str, device: torch.device, free: Mapping[str, int]) -> torch.device | None:
    """Return where text encoders go, or None if there is no room; `free` is by device type.

    `auto` puts them beside the network if both fit, else on the CPU.
    """
    cpu = torch.device("cpu")
    beside = need.on_device(with_text=True) <= ROOM * free[device.type]
    if device.type == "cpu":
        return cpu if beside else None
    apart = need.on_device(with_text=False) <= ROOM * free[device.type] and need.text <= ROOM * free["cpu"]
    if wish != "cpu" and beside:
        return device
    return cpu if wish != "same" and apart else None


def refusal(card: Card, need: Need, device: torch.device, free: Mapping[str, int], advice: Sequence[str]) -> ModelError:
    """Return the error for a model that does not fit, with the numbers and what would fit."""
    parts = {**need.weights, "text encoder": need.text, "work": need.work}
    listed = ", ".join(f"{name} {count / GB:.1f}" for name, count in parts.items() if count)
    would = " ".join(f"It would fit with {way}." for way in advice) or "Nothing smaller of this family would fit."
    return ModelError(
        f"{card.spec.name} needs about {need.on_device(with_text=True) / GB:.1f} GB ({listed}), "
        f"but {device} has {free[device.type] / GB:.1f} GB free. {would}"
    )
