"""Noise belongs to the latent."""

import torch

from fifo_live.engine.noise import latent_noise, stacked_noise


def test_same_key_same_noise() -> None:
    """Noise depends on seed, latent and level only, not on the order of asking."""
    first = latent_noise(1, 5, 3, (2, 4))
    latent_noise(9, 9, 9, (3,))
    assert torch.equal(first, latent_noise(1, 5, 3, (2, 4)))


def test_each_key_has_its_own() -> None:
    """Another seed, latent or level gives other noise."""
    draws = [latent_noise(*key, (64,)) for key in [(1, 5, 3), (2, 5, 3), (1, 6, 3), (1, 5, 4)]]
    assert all(not torch.equal(a, b) for i, a in enumerate(draws) for b in draws[:i])


def test_is_standard_normal() -> None:
    """Noise has mean 0 and standard deviation 1."""
    noise = latent_noise(0, 0, 0, (100_000,))
    assert abs(float(noise.mean())) < 0.02 and abs(float(noise.std()) - 1) < 0.02


def test_stacks() -> None:
    """Several latents at several levels are stacked in order."""
    stack = stacked_noise(1, [3, 4], [8, 7], (2, 2))
    assert torch.equal(stack[1], latent_noise(1, 4, 7, (2, 2)))


def test_a_cut_brings_other_noise() -> None:
    """The same latents have other noise after each cut; before the first one nothing says that there could be any."""
    before, first, second = (latent_noise(1, 5, 3, (64,), num_cuts) for num_cuts in range(3))
    assert torch.equal(before, latent_noise(1, 5, 3, (64,)))
    assert not (before == first).any() and not (first == second).any()
