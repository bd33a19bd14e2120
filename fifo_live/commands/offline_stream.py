"""A finite stream in this process, with prompts at given frames."""

from collections.abc import Iterator, Sequence
from pathlib import Path

import numpy as np
import torch
from numpy.typing import NDArray

from fifo_live.commands.timed_prompt import TimedPrompt
from fifo_live.config import Config
from fifo_live.engine.clip import encode_file
from fifo_live.engine.engine import Engine
from fifo_live.engine.frame_decoder import FrameDecoder
from fifo_live.engine.plan import Plan
from fifo_live.engine.shot import Emitted
from fifo_live.errors import PromptError
from fifo_live.models.loading import load_denoiser, say


class OfflineStream:
    """Loads the model, then plays once."""

    def __init__(self, config: Config) -> None:
        self._denoiser = load_denoiser(config)
        self.spec = self._denoiser.spec
        plan = Plan.make(self.spec, config.engine)
        self._engine = Engine(self._denoiser, plan, seed=config.model.seed, report=say)
        if config.model.init:
            self._engine.begin_with(encode_file(self._denoiser, Path(config.model.init), plan.schedule.length))
        self._pictures = FrameDecoder(self._denoiser.decoder(), self.spec)

    @property
    def warmth(self) -> tuple[int, int]:
        """Ticks done and to do before the first picture."""
        return self._engine.diagonal.warmth

    def play(self, prompts: Sequence[TimedPrompt], transition: int) -> Iterator[NDArray[np.uint8]]:
        """Yield what each tick gives, for ever: pictures, (frames, height, width, 3), none while the queue warms up.

        Raises: PromptError for a prompt that the model cannot take.
        """
        for prompt in prompts:
            if len(prompt.text) > self.spec.max_prompt_chars:
                limit = f"{self.spec.name} takes up to {self.spec.max_prompt_chars} characters"
                raise PromptError("prompt_too_long", f"A prompt has {len(prompt.text)} characters; {limit}.")
        waiting = list(enumerate(sorted(prompts, key=lambda prompt: prompt.frame), start=1))
        while True:
            # A cue is seen where it enters, so it is sent off when the latent of its frame is about to be born.
            while waiting and waiting[0][1].frame <= self._engine.diagonal.frame_of(self._engine.diagonal.next_latent):
                cue, prompt = waiting.pop(0)
                # What the film begins with is meant for all that is in the queue already, if that began with a clip.
                blend, urgency = (transition, 1.0) if prompt.frame else (0, 0.0)
                self._engine.steer(cue, ((prompt.text, 1.0),), transition=blend, urgency=urgency)
            yield self._decode(self._engine.step())

    @torch.inference_mode()
    def _decode(self, emitted: Emitted | None) -> NDArray[np.uint8]:
        if emitted is None:
            return np.empty((0, self.spec.height, self.spec.width, 3), np.uint8)
        return self._pictures.decode(emitted).numpy()
