"""Facts about Latte's network that hold for all that is built like it."""

import diffusers
import pytest
import torch

from fifo_live.errors import ModelError
from fifo_live.models.latte.network import PerFrameLatte
from tests.models.tiny import SMALL_LATTE, TEXT_WIDTH


def test_a_window_may_not_be_longer_than_the_clips_it_was_trained_on() -> None:
    """It has a place for each latent of such a clip; with more it says which knob to turn."""
    latte = PerFrameLatte(diffusers.LatteTransformer3DModel(**SMALL_LATTE, sample_size=4, video_length=6))
    x, t, text = torch.zeros(1, 7, 4, 4, 4), torch.zeros(1, 7), torch.zeros(1, 7, 3, TEXT_WIDTH + 1)
    with pytest.raises(ModelError, match=r"has places for 6 latents, not 7: lower engine\.window"):
        latte(x, t, text)
