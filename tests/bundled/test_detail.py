"""Detail that stays is strengthened before decoding, detail that comes and goes is not."""

from __future__ import annotations

import pytest
import torch
from torch import Tensor

from fifo_live.bundled.detail import DAMPED, FOLLOW, GAIN, Detail, fine, soften

SHAPE = (4, 10, 18)


def latent(seed: int = 0) -> Tensor:
    return torch.randn(1, *SHAPE, generator=torch.Generator().manual_seed(seed))


def test_what_is_even_stays_as_it_is() -> None:
    """Without detail there is nothing to strengthen, also at the edges, however light changes."""
    even = torch.linspace(-1, 1, 6)[:, None, None, None].expand(-1, *SHAPE)
    assert torch.allclose(Detail().strengthen(even), even, atol=1e-6)


def test_a_still_picture_gains_detail_from_its_first_latent_on() -> None:
    """What does not change is strengthened at once and evenly, as is told by GAIN."""
    still = latent().expand(5, -1, -1, -1)
    expected = still + GAIN * fine(still)
    assert torch.allclose(Detail().strengthen(still), expected, atol=1e-5)


def test_what_comes_and_goes_grows_less_than_what_stays() -> None:
    """Detail that turns over with every latent is not strengthened in the long run."""
    blinking = torch.cat([latent() * sign for sign in (1, -1) * 20])
    strengthened = Detail().strengthen(blinking)
    gain = float(fine(strengthened[-10:]).norm() / fine(blinking[-10:]).norm())
    assert gain == pytest.approx(1 - DAMPED + (GAIN + DAMPED) * FOLLOW / (2 - FOLLOW), abs=0.05)
    assert gain < 1


def test_latents_may_come_one_by_one() -> None:
    """A stream decoded in pieces is the same as one decoded at once."""
    stream = torch.cat([latent(seed) for seed in range(6)])
    pieces = Detail()
    apart = torch.cat([pieces.strengthen(part) for part in torch.split(stream, [1, 2, 3])])
    assert torch.equal(apart, Detail().strengthen(stream))


def test_a_cut_forgets_what_was_there() -> None:
    """Behind a cut nothing of the last shot shows through."""
    memory = Detail()
    memory.strengthen(latent(1))
    memory.reset()
    assert torch.equal(memory.strengthen(latent(2)), Detail().strengthen(latent(2)))


def test_a_picture_that_a_stream_begins_with_is_made_as_soft_as_a_stream() -> None:
    """Softened and strengthened again, latents are nearly what they were."""
    x = latent()
    assert float((Detail().strengthen(soften(x)) - x).norm() / x.norm()) < 0.1
