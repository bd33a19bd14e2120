"""Stage 3: render whole clips, encode them, and keep latents and attributes on disk as a growing set of shards."""

from __future__ import annotations

import json
import random
from collections.abc import Mapping
from dataclasses import asdict, replace
from pathlib import Path

import numpy as np
import torch
from torch import Tensor

from fifo_live.bundled.autoencoder import Autoencoder, Encoder
from fifo_live.bundled.geometry import Geometry
from fifo_live.training.autoencode import fit
from fifo_live.training.clips import Attributes, draw_attributes, render

CLIP_FRAMES = 16  # a queue, its context, and what is born in seven ticks
FAR_FRAMES = 2  # moments of the same shot, long before or after
FAR_S = (3.0, 60.0)
SHARD_CLIPS = 24  # and as many mirrored ones
MIRRORED = {"left": "right", "right": "left"}


def trained_autoencoder(checkpoint: Path, geometry: Geometry) -> Autoencoder:
    model = Autoencoder(geometry.autoencoder)
    model.load_state_dict(torch.load(checkpoint, weights_only=True)["model"])
    return model


def trained_encoder(checkpoint: Path, geometry: Geometry) -> Encoder:
    encoder = trained_autoencoder(checkpoint, geometry).encoder
    return encoder.eval().to(torch.bfloat16, memory_format=torch.channels_last)  # type: ignore[call-overload, no-any-return]


def encode_shards(
    folder: Path, encoders: Mapping[str, tuple[Encoder, Geometry]], shards: range, size: tuple[int, int], seed: int
) -> None:
    """Write shard files `NAME-00012.npz`, one per encoder and shard; shards that exist are left alone."""
    folder.mkdir(parents=True, exist_ok=True)
    for shard in shards:
        paths = {name: folder / f"{name}-{shard:05d}.npz" for name in encoders}
        if all(path.exists() for path in paths.values()):
            continue
        clips, meanings = _render_shard(seed + shard * SHARD_CLIPS, size)
        for name, (encoder, geometry) in encoders.items():
            latents = np.stack([_encode(clip, encoder, geometry) for clip in clips])
            part = paths[name].with_suffix(".part")
            with part.open("wb") as file:
                np.savez(file, latents=latents, meanings=json.dumps(meanings))
            part.rename(paths[name])
        print(f"latents shard {shard} written", flush=True)


def _render_shard(first_seed: int, size: tuple[int, int]) -> tuple[list[Tensor], list[dict[str, str]]]:
    """Draw clips, and behind each the same one mirrored left to right."""
    clips, meanings = [], []
    for seed in range(first_seed, first_seed + SHARD_CLIPS):
        attributes = draw_attributes(torch.Generator().manual_seed(seed))
        clips.append(render(attributes, seed, CLIP_FRAMES, size, moments_s=far_moments(seed)))
        meanings.append(asdict(attributes))
        clips.append(clips[-1].flip(2))
        meanings.append(asdict(replace(attributes, heading=MIRRORED.get(attributes.heading, attributes.heading))))
    return clips, meanings


def far_moments(seed: int) -> tuple[float, ...]:
    """Draw when, in seconds from the first frame of a clip, its far frames are."""
    rng = random.Random(seed)
    return tuple(rng.choice((-1, 1)) * rng.uniform(*FAR_S) for _ in range(FAR_FRAMES))


@torch.inference_mode()
def _encode(clip_FHWC: Tensor, encoder: Encoder, geometry: Geometry) -> np.ndarray:
    rows = []
    for part_FHWC in torch.split(clip_FHWC, 6):
        picture = fit(part_FHWC.permute(0, 3, 1, 2).float() / 127.5 - 1, geometry)
        picture = picture.to(torch.bfloat16).contiguous(memory_format=torch.channels_last)
        rows.append(encoder(picture).float())
    return torch.cat(rows).contiguous().numpy().astype(np.float16)


def read_shards(folder: Path, name: str) -> tuple[Tensor, list[Attributes]]:
    """Return all latents of a name, float16 (clips, CLIP_FRAMES + FAR_FRAMES, C, H, W), and their attributes."""
    latents, attributes = [], []
    for path in sorted(folder.glob(f"{name}-*.npz")):
        with np.load(path) as shard:
            latents.append(torch.from_numpy(shard["latents"]))
            attributes += [Attributes(**row) for row in json.loads(str(shard["meanings"]))]
    return torch.cat(latents), attributes
