"""How much memory a model will take, from the headers of its files: reckoned before anything is loaded."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import psutil
import torch

from fifo_live.errors import ModelError
from fifo_live.models.card import Card
from fifo_live.models.parts.weights import num_params, num_params_of_file, read_json

GB = 1e9
LIVE_TENSORS = 20
"""Activations that are alive at once in the widest layer, in units of tokens times width: q, k, v, the wide half of the
feed-forward, skip connections. A rough figure, which has not been measured on a GPU."""
DECODER_CHANNELS = 256
"""Channels of a decoder at full size that are alive at once, in the same rough sense."""
ROOM = 0.95
"""How much of the free memory may be planned for."""
NETWORK = "transformer"
NETWORK_PARTS = ("unet", NETWORK)
WEIGHTED_PARTS = (*NETWORK_PARTS, "vae", "text_encoder", "motion")
TEXT_PARTS = ("text_encoder", "text_encoder_2", "text_encoder_3")


@dataclass(frozen=True)
class Need:
    """Bytes: the weights beside the network, those of text encoders, and what the computation itself takes."""

    weights: Mapping[str, int]
    text: int
    work: int

    def on_device(self, *, with_text: bool) -> int:
        """Return what is needed where the network runs."""
        return sum(self.weights.values()) + self.work + (self.text if with_text else 0)

    def at_half(self) -> "Need":
        """Return the same in half the number of bits."""
        return Need({part: count // 2 for part, count in self.weights.items()}, self.text // 2, self.work // 2)


def reckon_file(file: Path, dtype: torch.dtype) -> Need:
    """Reckon with the tensors of a single checkpoint file, whatever they are; what the computation takes is left out.

    Raises: ModelError if the file is damaged.
    """
    return Need({file.name: num_params_of_file(file) * dtype.itemsize}, 0, 0)


def reckon(folder: Path, card: Card, size: tuple[int, int], dtype: torch.dtype) -> Need:
    """Reckon with a folder's files and the pictures' (width, height).

    Raises: ModelError if a file is missing or damaged.
    """
    found = _weighted_parts(folder)
    params = {name: num_params(part, dtype) for name, part in found.items()}
    if NETWORK in found and found[NETWORK] == folder:
        params = {**card.params, **params}
    network = next((found[name] for name in NETWORK_PARTS if name in found), None)
    config = read_json(network / "config.json") if network else {}
    text = sum(params.pop(part, 0) for part in TEXT_PARTS)
    weights = {part: count * dtype.itemsize for part, count in params.items()}
    return Need(weights, text * dtype.itemsize, work_bytes(card, size, dtype, width_per_cell(config)))


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
    height, width = patch[-2:] if isinstance(patch, list) else (patch, patch)
    return int(config.get("num_attention_heads", 1) * config.get("attention_head_dim", 1)) // int(height * width)


def work_bytes(card: Card, size: tuple[int, int], dtype: torch.dtype, width_per_cell: int) -> int:
    """Return a rough figure for the activations of one window with guidance, or of one latent in the decoder."""
    width, height = size
    spec = card.spec
    _, rows, columns = spec.latent_shape
    cells = spec.window * rows * columns * (width * height) // (spec.width * spec.height)
    branches = 2 if spec.supports_guidance else 1
    network = cells * width_per_cell * branches * LIVE_TENSORS
    decoder = width * height * spec.frames_per_latent * DECODER_CHANNELS
    return max(network, decoder) * dtype.itemsize


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
