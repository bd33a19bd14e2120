"""Prompts made from the captions of a clip: several for each, some partial, read by the text encoder."""

from __future__ import annotations

import random
from collections.abc import Sequence
from dataclasses import asdict

import torch
from torch import Tensor

from fifo_live.bundled.text_encoder import TextEnsemble, fill, named_shares, natural, pack, shares
from fifo_live.training.captions import Caption, write_caption
from fifo_live.training.clips import Attributes
from fifo_live.training.text import Reader

PER_CLIP = 3
EXACT = 6  # times that the truth itself stands beside them


def caption_of(attributes: Attributes, rng: random.Random) -> Caption:
    """Write a caption for a clip; what is natural for the scene is often left out, the rest seldom."""
    scene = _pair(attributes.scene)
    palettes, headings = natural(scene)
    palette = _pair(attributes.palette)
    heading = None if attributes.heading == "none" else attributes.heading
    meaning = Caption(
        "",
        scene=scene if rng.random() < 0.94 else None,
        palette=palette if rng.random() < (0.55 if palette in palettes else 0.92) else None,
        speed=attributes.speed if rng.random() < (0.3 if attributes.speed == "medium" else 0.85) else None,
        heading=heading if rng.random() < (0.3 if heading in headings[:1] else 0.85) else None,
    )
    return write_caption(meaning, rng)


def _pair(value: str) -> str | tuple[str, str]:
    """A pair of names if two different ones are joined by "+"."""
    first, _, second = value.partition("+")
    return (first, second) if second and second != first else first


@torch.inference_mode()
def read_captions(clips: Sequence[Attributes], encoder: TextEnsemble, reader: Reader, rng: random.Random) -> Tensor:
    """Return the shares (clips, PER_CLIP + EXACT, A) of freshly written captions, the unsaid filled in with the truth.

    The last EXACT rows are the truth alone: what a caption read without a fault comes near.
    """
    rows = []
    entries = reader.table.vectors_VE.shape[1]
    for attributes in clips:
        texts = [reader.read(caption_of(attributes, rng).text) for _ in range(PER_CLIP)]
        truth_A = named_shares(**asdict(attributes))
        read_PA = fill(shares(encoder(*pack(texts, entries))), truth_A)
        rows.append(torch.cat((read_PA, truth_A.expand(EXACT, -1))))
    return torch.stack(rows)
