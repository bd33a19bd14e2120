"""Save and load the parts of a trained bundled model: a folder of safetensors and a small config."""

from __future__ import annotations

import json
from dataclasses import dataclass
from pathlib import Path

import torch
from safetensors.torch import load_file, save_file
from torch import nn

from fifo_live.bundled.autoencoder import Decoder
from fifo_live.bundled.geometry import GEOMETRIES, Geometry
from fifo_live.bundled.text_encoder import ENTRIES, TextEncoder
from fifo_live.bundled.unet import VideoUNet
from fifo_live.bundled.words import WordTable

FOLDER = Path(__file__).parent / "weights"


@dataclass(frozen=True)
class BundledModel:
    geometry: Geometry
    scale: float  # latents of the autoencoder times scale have about unit variance
    denoiser: VideoUNet
    decoder: Decoder
    text: TextEncoder
    table: WordTable


def make_denoiser(geometry: Geometry) -> VideoUNet:
    return VideoUNet(geometry.latent_shape, ENTRIES, geometry.widths, geometry.depths)


def load_model(folder: Path = FOLDER) -> BundledModel:
    """Read a folder written by `save_model`; float32, ready to run."""
    config = json.loads((folder / "config.json").read_text(encoding="utf-8"))
    geometry = GEOMETRIES[config["geometry"]]
    table = WordTable.load(folder)
    denoiser, decoder = make_denoiser(geometry), Decoder(geometry.autoencoder)
    text = TextEncoder(table.vectors_VE.shape[1])
    for name, module in (("denoiser", denoiser), ("decoder", decoder), ("text", text)):
        state = {key: value.float() for key, value in load_file(folder / f"{name}.safetensors").items()}
        module.load_state_dict(state)
        module.eval().requires_grad_(False)
    return BundledModel(geometry, float(config["scale"]), denoiser, decoder, text, table)


def save_model(folder: Path, geometry: str, scale: float, parts: dict[str, nn.Module]) -> None:
    """Write the parts "denoiser", "decoder" and "text" in half precision; the word table is there already."""
    folder.mkdir(parents=True, exist_ok=True)
    for name, module in parts.items():
        state = {key: value.detach().to(torch.float16).contiguous() for key, value in module.state_dict().items()}
        save_file(state, folder / f"{name}.safetensors")
    config = {"geometry": geometry, "scale": scale}
    (folder / "config.json").write_text(json.dumps(config, indent=2) + "\n", encoding="utf-8")
