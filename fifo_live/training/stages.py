"""Stages of the training: text, images, autoencoder, latents, denoiser, adversarial, decoder, export.

Every stage carries on where it was stopped.
"""

from __future__ import annotations

import json
import multiprocessing
import random
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import torch

from fifo_live.bundled.autoencoder import Autoencoder
from fifo_live.bundled.text_encoder import TextEnsemble
from fifo_live.bundled.unet import VideoUNet
from fifo_live.bundled.weights import (
    grow_from,
    load_encoder,
    load_model,
    make_denoiser,
    make_text_ensemble,
    save_model,
)
from fifo_live.bundled.words import WordTable
from fifo_live.training import replicas
from fifo_live.training.adversarial import AdversarialTraining
from fifo_live.training.autoencode import AutoencoderRecipe, train_autoencoder
from fifo_live.training.denoise import DenoiserRecipe, Trainer
from fifo_live.training.images import render_images
from fifo_live.training.latents import encode_shards, read_shards, trained_autoencoder, trained_encoder
from fifo_live.training.prompts import read_captions
from fifo_live.training.run_plan import RunPlan
from fifo_live.training.text import Reader, TextRecipe, train_text
from fifo_live.training.windows import LatentDataset

IMAGES_SEED = 1_000_000
CLIPS_SEED = 50_000_000
CARRIED_ON_HOLD, CARRIED_ON_RATE = 0.05, 5e-4  # of a denoiser that begins with trained weights; more would undo them
ADVERSARIAL_HOLD, ADVERSARIAL_RATE, ADVERSARIAL_EMA = 0.5, 1e-4, 0.998  # slow enough for the discriminator to keep up


def make_text(plan: RunPlan) -> None:
    for number in range(plan.text_encoders):
        path = plan.work / f"text{number}.pt"
        if not path.exists():
            recipe = TextRecipe(steps=plan.text_steps, seed=TextRecipe.seed + number)
            train_text(WordTable.load(plan.words), recipe, path)


def make_images(plan: RunPlan) -> None:
    parts = [(plan, number) for number in range(plan.processes)]
    _spread(_images_part, parts, plan.processes)


def _images_part(job: tuple[RunPlan, int]) -> None:
    plan, number = job
    torch.set_num_threads(1)
    path = plan.work / f"images{number}.npy"
    render_images(path, plan.images // plan.processes, plan.size, IMAGES_SEED * (number + 1))


def make_autoencoder(plan: RunPlan) -> None:
    """Train with one process, or with as many as torchrun starts; so does the decoder's stage."""
    replicas.join()
    rate = AutoencoderRecipe.peak_rate / (2 if plan.start else 1)
    recipe = AutoencoderRecipe(plan.autoencoder_minutes, crop=plan.crop, peak_rate=rate)
    torch.manual_seed(recipe.seed)
    model = Autoencoder(plan.geometry.autoencoder)
    if plan.start:
        model.encoder.load_state_dict(load_encoder(plan.start).state_dict())
        model.decoder.load_state_dict(load_model(plan.start).decoder.state_dict())
        model.requires_grad_(True)
    train_autoencoder(model, _images(plan), plan.path("ae"), plan.geometry, recipe)


def _images(plan: RunPlan) -> list[Path]:
    return sorted(plan.work.glob("images*.npy"))


def make_latents(plan: RunPlan) -> None:
    _spread(_latents_part, [(plan, shard) for shard in range(plan.shards)], plan.processes)


def _latents_part(job: tuple[RunPlan, int]) -> None:
    plan, shard = job
    torch.set_num_threads(1)
    encoders = {plan.geometry_name: (trained_encoder(plan.path("ae"), plan.geometry), plan.geometry)}
    encode_shards(plan.work / "latents", encoders, range(shard, shard + 1), plan.size, CLIPS_SEED)


def _spread(task: Callable[[tuple[RunPlan, int]], None], jobs: list[tuple[RunPlan, int]], processes: int) -> None:
    """Run jobs in this process, or in several."""
    if processes == 1:
        for job in jobs:
            task(job)
        return
    with multiprocessing.get_context("spawn").Pool(processes) as pool:
        for _ in pool.imap_unordered(task, jobs):
            pass


def make_denoiser_weights(plan: RunPlan) -> None:
    """Train with one process, or with as many as torchrun starts."""
    replicas.join()
    dataset = load_dataset(plan)
    recipe = DenoiserRecipe(plan.denoiser_minutes)
    torch.manual_seed(recipe.seed)
    denoiser = make_denoiser(plan.geometry)
    if plan.start:
        grow_from(denoiser, plan.start)
        recipe = replace(recipe, hold=CARRIED_ON_HOLD, peak_rate=CARRIED_ON_RATE)
    trainer = Trainer(denoiser.requires_grad_(True), plan.path("denoiser"), recipe)
    trainer.run(dataset, on_save=lambda: export(plan))


def train_adversarially(plan: RunPlan) -> None:
    """Train the denoiser on beside a discriminator; with one process, or with as many as torchrun starts."""
    replicas.join()
    torch.manual_seed(DenoiserRecipe.seed)
    recipe = DenoiserRecipe(
        plan.adversarial_minutes, hold=ADVERSARIAL_HOLD, peak_rate=ADVERSARIAL_RATE, ema=ADVERSARIAL_EMA
    )
    trainer = Trainer(trained_denoiser(plan).requires_grad_(True), plan.path("adversarial"), recipe)
    AdversarialTraining(trainer, load_dataset(plan), plan.path("discriminator")).run(on_save=lambda: export(plan))


def trained_denoiser(plan: RunPlan) -> VideoUNet:
    """Return the averaged network of the last stage that was run; what the training began with before that."""
    denoiser = make_denoiser(plan.geometry)
    checkpoints = [path for path in (plan.path("adversarial"), plan.path("denoiser")) if path.exists()]
    if checkpoints:
        denoiser.load_state_dict(torch.load(checkpoints[0], weights_only=True)["average"])
    elif plan.start:
        grow_from(denoiser, plan.start)
    else:
        raise FileNotFoundError(plan.path("denoiser"))
    return denoiser


def load_dataset(plan: RunPlan) -> LatentDataset:
    """Read all latents and write new captions for them."""
    latents, attributes = read_shards(plan.work / "latents", plan.geometry_name)
    rng = random.Random(3)
    table = WordTable.load(plan.words)
    reader = Reader(table, rng, swap=0.15, drop=0.05)
    prompts = read_captions(attributes, load_text(plan, table), reader, rng)
    names = sorted({row.scene for row in attributes})
    scenes = torch.tensor([names.index(row.scene) for row in attributes])
    print(f"{len(latents)} clips, latents scaled by {latent_scale(plan):.4f}", flush=True)
    return LatentDataset(latents, prompts, scenes, latent_scale(plan), attributes=attributes)


def load_text(plan: RunPlan, table: WordTable) -> TextEnsemble:
    text = make_text_ensemble(table, plan.text_encoders)
    for number, encoder in enumerate(text.encoders):
        encoder.load_state_dict(torch.load(plan.work / f"text{number}.pt", weights_only=True))
    return text.eval()


def latent_scale(plan: RunPlan) -> float:
    """One over the standard deviation of the latents; written down once, since weights depend on it."""
    path = plan.work / f"scale-{plan.geometry_name}.json"
    if not path.exists():
        latents, _ = read_shards(plan.work / "latents", plan.geometry_name)
        path.write_text(json.dumps(1 / float(latents.float().std())))
    return float(json.loads(path.read_text()))


def make_decoder(plan: RunPlan) -> None:
    """Train the decoder on, alone: the encoder stays, so that the latents keep their meaning."""
    replicas.join()
    model = trained_autoencoder(plan.path("ae"), plan.geometry)
    recipe = AutoencoderRecipe(plan.decoder_minutes, crop=plan.crop, peak_rate=6e-4, decoder_only=True, seed=12)
    train_autoencoder(model, _images(plan), plan.path("decoder"), plan.geometry, recipe)


def export(plan: RunPlan) -> None:
    """Write the weights as they are now, averaged and in half precision."""
    path = plan.path("decoder") if plan.path("decoder").exists() else plan.path("ae")
    autoencoder = trained_autoencoder(path, plan.geometry)
    table = WordTable.load(plan.words)
    parts = {
        "denoiser": trained_denoiser(plan),
        "encoder": autoencoder.encoder,
        "decoder": autoencoder.decoder,
        "text": load_text(plan, table),
    }
    config = {"geometry": plan.geometry_name, "scale": latent_scale(plan), "text_encoders": plan.text_encoders}
    save_model(plan.out, config, parts)
    if plan.out.resolve() != plan.words.resolve():
        for name in ("words.txt", "words.safetensors"):
            (plan.out / name).write_bytes((plan.words / name).read_bytes())


STAGES: dict[str, Callable[[RunPlan], None]] = {
    "text": make_text,
    "images": make_images,
    "autoencoder": make_autoencoder,
    "latents": make_latents,
    "denoiser": make_denoiser_weights,
    "adversarial": train_adversarially,
    "decoder": make_decoder,
    "export": export,
}


def make(plan: RunPlan, stages: tuple[str, ...] = tuple(STAGES)) -> None:
    plan.work.mkdir(parents=True, exist_ok=True)
    for name in stages:
        print(f"-- {name}", flush=True)
        STAGES[name](plan)
