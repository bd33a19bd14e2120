"""The critic learns to tell made windows from drawn ones, and to say what would make them better."""

from __future__ import annotations

import pytest
import torch

from fifo_live.bundled.geometry import GEOMETRIES
from fifo_live.bundled.text_encoder import ENTRIES
from fifo_live.bundled.weights import make_denoiser
from fifo_live.training.discriminator import Discriminator, Views, blame, judge

TIMES = torch.tensor([-0.5, 0.0, 0.125, 0.25])


@pytest.fixture(scope="module")
def generator() -> torch.Generator:
    return torch.Generator().manual_seed(3)


def views(generator: torch.Generator) -> Views:
    """Streams with half the contrast of clips, and clips whose first entry says which half of them is bright."""
    latent_shape = GEOMETRIES["toy"].latent_shape
    drawn = torch.randn(8, len(TIMES), *latent_shape, generator=generator)
    asked_BE = torch.zeros(8, ENTRIES)
    asked_BE[::2, 0] = 1
    drawn[::2] += 1
    mistaken_BE = asked_BE.clone()
    mistaken_BE[:, 0] = 1 - asked_BE[:, 0]
    return Views(0.5 * torch.randn(drawn.shape, generator=generator), drawn, TIMES, asked_BE, mistaken_BE)


@pytest.fixture(scope="module")
def critic(generator: torch.Generator) -> Discriminator:
    """One that has learnt for some steps."""
    torch.manual_seed(0)
    critic = Discriminator(make_denoiser(GEOMETRIES["toy"]))
    optimizer = torch.optim.AdamW(critic.parameters(), lr=2e-3)
    for _ in range(80):
        optimizer.zero_grad()
        judge(critic, views(generator), generator).loss.backward()  # type: ignore[no-untyped-call]
        optimizer.step()
    return critic


def test_it_tells_streams_from_clips(critic: Discriminator, generator: torch.Generator) -> None:
    """After some steps it rates every frame and head of clips higher than of streams."""
    verdict = judge(critic, views(generator), generator)
    assert verdict.made.shape == (8, len(TIMES), len(critic.heads))
    assert float((verdict.drawn > verdict.made).float().mean()) > 0.9


def test_it_tells_clips_from_what_was_not_asked_for(critic: Discriminator, generator: torch.Generator) -> None:
    """A clip with a prompt that is not its own is rated lower than with its own."""
    verdict = judge(critic, views(generator), generator)
    assert float((verdict.drawn > verdict.mistaken).float().mean()) > 0.9


def test_its_blame_leads_towards_clips(critic: Discriminator, generator: torch.Generator) -> None:
    """A small step against the gradient of the blame brings the contrast of streams nearer to that of clips."""
    seen = views(generator)
    drawn = judge(critic, seen, generator).drawn
    made = seen.made.clone().requires_grad_(True)
    (gradient,) = torch.autograd.grad(
        blame(critic, Views(made, seen.drawn, seen.t_F, seen.asked_BE, seen.mistaken_BE), drawn), made
    )
    better = made - 0.1 * gradient / gradient.square().mean().sqrt()
    assert float(better.detach().std()) > float(made.detach().std())


def test_it_begins_as_the_denoiser_and_leaves_it_alone() -> None:
    """The critic's layers are copies: its training does not touch the denoiser's weights."""
    denoiser = make_denoiser(GEOMETRIES["toy"]).requires_grad_(False)
    critic = Discriminator(denoiser)
    assert torch.equal(critic.trunk.first.weight, denoiser.first.weight)
    assert critic.trunk.first.weight is not denoiser.first.weight
    assert all(parameter.requires_grad for parameter in critic.parameters())
