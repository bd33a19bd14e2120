"""Facts about the Frechet distance."""

import pytest
import torch

from fifo_live.bench.frechet import frechet_distance


def test_a_set_is_no_distance_from_itself() -> None:
    """The distance of a set from itself is zero."""
    features = torch.randn(50, 6, generator=torch.Generator().manual_seed(0))
    assert frechet_distance(features, features) == pytest.approx(0, abs=1e-6)


def test_a_shift_counts_squared() -> None:
    """Moving a set without changing its spread is as far as the move is long, squared."""
    features = torch.randn(50, 6, generator=torch.Generator().manual_seed(0))
    assert frechet_distance(features, features + 2) == pytest.approx(6 * 4, rel=1e-4)


def test_a_spread_counts_as_for_normal_distributions() -> None:
    """In one dimension the distance of two spreads is the square of their difference."""
    features = torch.randn(500, 1, generator=torch.Generator().manual_seed(0))
    features = (features - features.mean()) / features.std()
    assert frechet_distance(features, 3 * features) == pytest.approx(4, rel=1e-4)


def test_it_is_the_same_both_ways() -> None:
    """The order of the two sets does not matter."""
    generator = torch.Generator().manual_seed(0)
    one, other = torch.randn(40, 5, generator=generator), torch.rand(30, 5, generator=generator)
    assert frechet_distance(one, other) == pytest.approx(frechet_distance(other, one))
