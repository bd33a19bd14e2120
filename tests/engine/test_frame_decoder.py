"""Every latent is shown in equally many pictures."""

from dataclasses import replace

import pytest
import torch

from fifo_live.engine.frame_decoder import FrameDecoder
from fifo_live.engine.shot import Emitted
from fifo_live.errors import ModelError
from tests.toy import CAUSAL_SPEC, FIFO_SPEC, CausalToyDecoder, ToyDecoder


def emitted(latents: range, *begins: int) -> Emitted:
    """Latents that are one number each, their index over ten."""
    values = torch.tensor(latents, dtype=torch.float32)[:, None, None, None] / 10
    return Emitted(values.expand(-1, 4, 4, 8), latents, (0,) * len(latents), begins)


def shown(pictures: torch.Tensor) -> list[float]:
    """Read the pictures back as numbers of latents."""
    values = (pictures[:, 0, 0, 0].float() / 127.5 - 1).atanh()
    return [round(float(value) * 10, 1) for value in values]


def test_the_first_frame_of_a_shot_is_held() -> None:
    """The first latent decodes to one frame, which fills the time of four; the next ones move."""
    pictures = FrameDecoder(CausalToyDecoder(), CAUSAL_SPEC)
    assert shown(pictures.decode(emitted(range(1), 0))) == [0, 0, 0, 0]
    assert shown(pictures.decode(emitted(range(1, 2)))) == pytest.approx([0.25, 0.5, 0.75, 1], abs=0.2)


def test_a_shot_may_begin_inside_a_chunk() -> None:
    """The decoder forgets just before the latent with which the new shot begins."""
    pictures = FrameDecoder(CausalToyDecoder(), CAUSAL_SPEC)
    pictures.decode(emitted(range(2), 0))
    expected = [1.25, 1.5, 1.75, 2, 3, 3, 3, 3, 3.25, 3.5, 3.75, 4]
    assert shown(pictures.decode(emitted(range(2, 5), 3))) == pytest.approx(expected, abs=0.2)


def test_latents_that_are_all_alike_are_left_alone() -> None:
    """A decoder without a special first latent gives its frames as they are."""
    pictures = FrameDecoder(ToyDecoder(), FIFO_SPEC)
    assert shown(pictures.decode(emitted(range(3), 0, 2))) == pytest.approx([0, 1, 2], abs=0.2)


def test_a_card_that_is_wrong_is_named() -> None:
    """A decoder that does not give what the card says would move every frame that is announced."""
    pictures = FrameDecoder(ToyDecoder(), replace(FIFO_SPEC, frames_per_latent=4))
    with pytest.raises(ModelError, match="2 latent.s. to 2 frame.s.; its card says 4"):
        pictures.decode(emitted(range(2), 0))
