"""Stage 2: train the autoencoder on crops of images; later the decoder alone, on the frozen encoder's latents."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

import numpy as np
import torch
import torch.nn.functional as nnf
from torch import Tensor

from fifo_live.bundled.autoencoder import Autoencoder
from fifo_live.bundled.geometry import Geometry
from fifo_live.training import replicas
from fifo_live.training.budget import Budget, cosine_rate
from fifo_live.training.checkpoint import load_checkpoint, save_checkpoint

LATENT_NOISE = 0.1


@dataclass(frozen=True)
class AutoencoderRecipe:
    minutes: float
    batch: int = 12
    crop: tuple[int, int] = (192, 192)  # width, height
    peak_rate: float = 1.2e-3
    decoder_only: bool = False
    seed: int = 11


def train_autoencoder(
    model: Autoencoder, images: list[Path], checkpoint: Path, geometry: Geometry, recipe: AutoencoderRecipe
) -> None:
    """Train until the minutes are spent; carries on from the checkpoint if there is one."""
    torch.manual_seed(recipe.seed + (0 if replicas.is_first() else 1_000_003))
    pictures = [np.load(path, mmap_mode="r") for path in images]
    model.to(memory_format=torch.channels_last)  # type: ignore[call-overload]
    if recipe.decoder_only:
        model.encoder.requires_grad_(False)
    trained = [p for p in model.parameters() if p.requires_grad]
    optimizer = torch.optim.AdamW(trained, lr=recipe.peak_rate, betas=(0.9, 0.98), weight_decay=1e-4)
    budget = Budget(recipe.minutes)
    step = load_checkpoint(checkpoint, model, optimizer, budget)
    losses: list[float] = []
    while (done := replicas.all_reduce_max(budget.tick())) < 1:
        for group in optimizer.param_groups:
            group["lr"] = cosine_rate(step, done, recipe.peak_rate)
        crops = _crops(pictures, geometry, recipe)
        loss = _loss(model, crops)
        optimizer.zero_grad()
        loss.backward()  # type: ignore[no-untyped-call]
        replicas.all_reduce_gradients(trained, 1.0)
        optimizer.step()
        losses.append(float(loss.detach()))
        step += 1
        if step % 50 == 0 and replicas.is_first():
            print(f"autoencoder step {step} {100 * done:.1f} % loss {np.mean(losses[-50:]):.4f}", flush=True)
        if step % 200 == 0 and replicas.is_first():
            save_checkpoint(checkpoint, model, optimizer, budget, step)
    if replicas.is_first():
        save_checkpoint(checkpoint, model, optimizer, budget, step)


def _crops(pictures: list[np.ndarray], geometry: Geometry, recipe: AutoencoderRecipe) -> Tensor:
    """Cut random crops in -1..1 out of pictures brought to the geometry's size."""
    crops = []
    wide, tall = recipe.crop
    for _ in range(recipe.batch // replicas.world_size()):
        dataset = pictures[int(torch.randint(len(pictures), (1,)))]
        picture_HWC = torch.from_numpy(np.array(dataset[int(torch.randint(len(dataset), (1,)))]))
        picture = picture_HWC.permute(2, 0, 1)[None].float() / 127.5 - 1
        picture = fit(picture, geometry)
        top = int(torch.randint(geometry.height - tall + 1, (1,)))
        left = int(torch.randint(geometry.width - wide + 1, (1,)))
        crop = picture[:, :, top : top + tall, left : left + wide]
        crops.append(crop.flip(3) if torch.rand(1) < 0.5 else crop)
    return torch.cat(crops).contiguous(memory_format=torch.channels_last)


def fit(picture_F3HW: Tensor, geometry: Geometry) -> Tensor:
    """Bring pictures to the geometry's size, with filtering."""
    size = (geometry.height, geometry.width)
    if picture_F3HW.shape[-2:] == size:
        return picture_F3HW
    return nnf.interpolate(picture_F3HW, size=size, mode="bilinear", antialias=True)


def _loss(model: Autoencoder, crops: Tensor) -> Tensor:
    """L1, L1 of the gradients and squared error, with more weight on small features."""
    with torch.autocast("cpu", torch.bfloat16):
        latent = model.encoder(crops)
        latent = latent + LATENT_NOISE * torch.randn_like(latent)
        output = model.decoder(latent)
    error = output.float() - crops
    detail = (crops - nnf.avg_pool2d(crops, 15, 1, 7, count_include_pad=False)).abs().amax(1, keepdim=True)
    weight = 1 + 6 * detail
    slope_y = error[:, :, 1:] - error[:, :, :-1]
    slope_x = error[:, :, :, 1:] - error[:, :, :, :-1]
    slopes = slope_y.abs().mean() + slope_x.abs().mean()
    loss: Tensor = (weight * error.abs()).mean() + 4 * (weight * error**2).mean() + slopes
    return loss
