"""Stage 1: single images of many clips, on disk, to train the autoencoder on."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import torch

from fifo_live.training.clips import draw_attributes, render

PER_CLIP = 3  # pictures a second and a half apart


def render_images(path: Path, num_clips: int, size: tuple[int, int], seed: int) -> None:
    """Write uint8 (num_clips * PER_CLIP, H, W, 3) to a .npy file; carries on where an earlier call stopped."""
    width, height = size
    done_path = path.with_suffix(".done")
    done = int(done_path.read_text()) if done_path.exists() else 0
    shape = (num_clips * PER_CLIP, height, width, 3)
    mode = "r+" if done else "w+"
    images = np.lib.format.open_memmap(path, mode=mode, dtype=np.uint8, shape=shape)
    for clip in range(done, num_clips):
        generator = torch.Generator().manual_seed(seed + clip)
        attributes = draw_attributes(generator)
        frames_FHWC = render(attributes, seed + clip, PER_CLIP, size, every=24)
        images[clip * PER_CLIP : (clip + 1) * PER_CLIP] = frames_FHWC.numpy()
        if clip % 50 == 49 or clip == num_clips - 1:
            images.flush()
            done_path.write_text(str(clip + 1))
            print(f"images {clip + 1}/{num_clips}", flush=True)
