"""The discriminator learns to tell generated windows from drawn ones, and which way is better."""

from __future__ import annotations

import pytest
import torch

from fifo_live.bundled.geometry import GEOMETRIES
from fifo_live.bundled.text_encoder import ENTRIES
from fifo_live.bundled.weights import make_denoiser
from fifo_live.training.discriminator import Discriminator, DiscriminatorBatch, discriminator_loss, generator_loss

TIMES = torch.tensor([-0.5, 0.0, 0.125, 0.25])


@pytest.fixture(scope="module")
def generator() -> torch.Generator:
    return torch.Generator().manual_seed(3)


def batch(generator: torch.Generator) -> DiscriminatorBatch:
    """Streams with half the contrast of clips, and clips whose first entry says which half of them is bright."""
    latent_shape = GEOMETRIES["toy"].latent_shape
    real = torch.randn(8, len(TIMES), *latent_shape, generator=generator)
    asked_BE = torch.zeros(8, ENTRIES)
    asked_BE[::2, 0] = 1
    real[::2] += 1
    mismatched_BE = asked_BE.clone()
    mismatched_BE[:, 0] = 1 - asked_BE[:, 0]
    return DiscriminatorBatch(0.5 * torch.randn(real.shape, generator=generator), real, TIMES, asked_BE, mismatched_BE)


@pytest.fixture(scope="module")
def discriminator(generator: torch.Generator) -> Discriminator:
    """One that has learnt for some steps."""
    torch.manual_seed(0)
    discriminator = Discriminator(make_denoiser(GEOMETRIES["toy"]))
    optimizer = torch.optim.AdamW(discriminator.parameters(), lr=2e-3)
    for _ in range(80):
        optimizer.zero_grad()
        discriminator_loss(discriminator, batch(generator), generator).loss.backward()  # type: ignore[no-untyped-call]
        optimizer.step()
    return discriminator


def test_it_tells_streams_from_clips(discriminator: Discriminator, generator: torch.Generator) -> None:
    """After some steps it rates every frame and head of clips higher than of streams."""
    scores = discriminator_loss(discriminator, batch(generator), generator)
    assert scores.fake.shape == (8, len(TIMES), len(discriminator.heads))
    assert float((scores.real > scores.fake).float().mean()) > 0.9


def test_it_tells_clips_from_what_was_not_asked_for(discriminator: Discriminator, generator: torch.Generator) -> None:
    """A clip with a prompt that is not its own is rated lower than with its own."""
    scores = discriminator_loss(discriminator, batch(generator), generator)
    assert float((scores.real > scores.mismatched).float().mean()) > 0.9


def test_the_generator_loss_leads_towards_clips(discriminator: Discriminator, generator: torch.Generator) -> None:
    """A small step against its gradient brings the contrast of streams nearer to that of clips."""
    seen = batch(generator)
    real = discriminator_loss(discriminator, seen, generator).real
    fake = seen.fake.clone().requires_grad_(True)
    (gradient,) = torch.autograd.grad(
        generator_loss(
            discriminator, DiscriminatorBatch(fake, seen.real, seen.t_F, seen.asked_BE, seen.mismatched_BE), real
        ),
        fake,
    )
    better = fake - 0.1 * gradient / gradient.square().mean().sqrt()
    assert float(better.detach().std()) > float(fake.detach().std())


def test_it_begins_as_the_denoiser_and_leaves_it_alone() -> None:
    """The discriminator's layers are copies: its training does not touch the denoiser's weights."""
    denoiser = make_denoiser(GEOMETRIES["toy"]).requires_grad_(False)
    discriminator = Discriminator(denoiser)
    assert torch.equal(discriminator.trunk.first.weight, denoiser.first.weight)
    assert discriminator.trunk.first.weight is not denoiser.first.weight
    assert all(parameter.requires_grad for parameter in discriminator.parameters())
