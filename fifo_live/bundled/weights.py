"""Save and load the parts of a trained bundled model: a folder of safetensors and a small config."""

from __future__ import annotations

import json
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import torch
from safetensors.torch import load_file, save_file
from torch import nn

from fifo_live.bundled.autoencoder import Decoder, Encoder
from fifo_live.bundled.geometry import GEOMETRIES, Geometry
from fifo_live.bundled.text_encoder import ENTRIES, TextEncoder, TextEnsemble
from fifo_live.bundled.unet import VideoUNet
from fifo_live.bundled.words import WordTable

FOLDER = Path(__file__).parent / "weights"


@dataclass(frozen=True)
class BundledModel:
    folder: Path
    geometry: Geometry
    scale: float  # latents of the autoencoder times scale have about unit variance
    denoiser: VideoUNet
    decoder: Decoder
    text: TextEnsemble
    table: WordTable


def make_denoiser(geometry: Geometry) -> VideoUNet:
    return VideoUNet(geometry.latent_shape, ENTRIES, geometry.widths, geometry.depths)


def make_text_ensemble(table: WordTable, num_encoders: int) -> TextEnsemble:
    return TextEnsemble([TextEncoder(table.vectors_VE.shape[1]) for _ in range(num_encoders)])


def load_model(folder: Path = FOLDER) -> BundledModel:
    """Read a folder written by `save_model`; float32, ready to run."""
    config = _read_config(folder)
    geometry, scale = GEOMETRIES[config["geometry"]], float(config["scale"])
    table = WordTable.load(folder)
    denoiser, decoder = make_denoiser(geometry), Decoder(geometry.autoencoder)
    text = make_text_ensemble(table, int(config["text_encoders"]))
    for name, module in (("denoiser", denoiser), ("decoder", decoder), ("text", text)):
        _fill(module, folder / f"{name}.safetensors")
    return BundledModel(folder, geometry, scale, denoiser, decoder, text, table)


def grow_from(denoiser: VideoUNet, folder: Path) -> None:
    """Give a new denoiser the weights of a folder whose network has as many blocks or fewer.

    Blocks that are only in the new one keep their zero last layers, so that both do the same.
    Raises: ValueError if a weight does not fit.
    """
    state = {key: value.float() for key, value in load_file(folder / "denoiser.safetensors").items()}
    own = denoiser.state_dict()
    misfits = [key for key, value in state.items() if key not in own or own[key].shape != value.shape]
    if misfits:
        raise ValueError(
            f"The denoiser in {folder} is of another shape: {misfits[0]} does not fit. Begin with another."
        )
    denoiser.load_state_dict(own | state)


def load_encoder(folder: Path = FOLDER) -> Encoder:
    """Read the encoder of a folder written by `save_model`; needed to train on, and to begin with a picture."""
    encoder = Encoder(GEOMETRIES[_read_config(folder)["geometry"]].autoencoder)
    _fill(encoder, folder / "encoder.safetensors")
    return encoder


def _read_config(folder: Path) -> dict[str, Any]:
    config: dict[str, Any] = json.loads((folder / "config.json").read_text(encoding="utf-8"))
    return config


def _fill(module: nn.Module, path: Path) -> None:
    module.load_state_dict({key: value.float() for key, value in load_file(path).items()})
    module.eval().requires_grad_(False)


def save_model(folder: Path, config: dict[str, Any], parts: dict[str, nn.Module]) -> None:
    """Write the parts "denoiser", "encoder", "decoder" and "text" in half precision; the words are there already.

    The config names the "geometry", the "scale" of the latents and the number of "text_encoders".
    """
    folder.mkdir(parents=True, exist_ok=True)
    for name, module in parts.items():
        state = {key: value.detach().to(torch.float16).contiguous() for key, value in module.state_dict().items()}
        save_file(state, folder / f"{name}.safetensors")
    (folder / "config.json").write_text(json.dumps(config, indent=2) + "\n", encoding="utf-8")
