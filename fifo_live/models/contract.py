"""The contract between the engine and a video diffusion model.

Shape suffixes: B batch of windows, F latent frames, C latent channels, H and W latent height and width,
P prompts, K pixel frames of one latent (F pixel frames where pictures are meant).
"""

from abc import ABC, abstractmethod
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

import torch
from torch import Tensor

from fifo_live.errors import ModelError

Prediction = Literal["flow", "eps", "v"]


@dataclass(frozen=True)
class NoiseSchedule:
    """How the model was trained to see noise.

    `flow`: x_t = (1 - t) * x0 + t * noise with t in (0, 1], the network gives noise - x0; `shift` bends the
    levels towards the noisy end (SD3, arXiv 2403.03206, eq. 23). `steps` are for a model that was distilled at a few
    times of its own choice: those times, noisiest first, without the clean end; `shift` then says nothing.
    `eps` and `v`: x_t = sqrt(abar_t) * x0 + sqrt(1 - abar_t) * noise with t an integer training timestep
    (DDPM, arXiv 2006.11239; v-prediction, arXiv 2202.00512).
    """

    prediction: Prediction
    alphas_cumprod: tuple[float, ...] = ()
    shift: float = 1.0
    steps: tuple[float, ...] = ()


@dataclass(frozen=True)
class ModelSpec:
    """What the engine has to know about a model before it runs it."""

    name: str
    width: int  # of the picture, in pixels
    height: int
    fps: float
    latent_shape: tuple[int, int, int]  # channels, height, width
    # Latents that pass the network together, the first `sink + context` of them only to be looked at; `levels * chunk`
    # more hold the whole queue.
    window: int
    ladder: NoiseSchedule
    frames_per_latent: int = 1
    # Frames of the first latent after `reset`, for causal autoencoders; 0 if all latents are alike. Its first frame is
    # shown for longer, so that all latents take the same time.
    first_latent_frames: int = 0
    context: int = 0  # clean latents in front of the queue
    sink: int = 0  # 1 keeps the scene's first clean latent in front of every window, for models whose first is special
    chunk: int = 1  # latents that share a noise level
    micro_steps: int = 1  # ticks from one level to the next
    levels: int = 8  # noise levels of the queue
    solver: str = "euler"  # a name of engine/solver.py
    guidance: float = 1.0  # scale of classifier-free guidance; 1 is none
    supports_guidance: bool = False
    # For models that hold on to the scene they see: every prompt begins a new shot, whose latents do not look at those
    # before it, and a transition dissolves from the last picture of the old shot into the new one.
    cuts: bool = False
    # False for models that never saw noise whose turn has not come: it is left out of the window where a stream begins.
    sees_waiting: bool = True
    max_prompt_chars: int = 1000
    default_prompt: str = ""
    licence: str = "unknown"
    non_commercial: bool = False
    knows: tuple[str, ...] = ()  # words or phrases that a page may offer


class StreamDecoder(ABC):
    """Turns the latents that leave the queue into pictures, one call after the other, in order."""

    @abstractmethod
    def decode(self, x_FCHW: Tensor) -> Tensor:
        """Return the pixel frames of the next latents: uint8, (F*K, height, width, 3), RGB, on the CPU.

        The first latent after `reset` gives `first_latent_frames` of them, if the spec says so.
        """

    def reset(self) -> None:
        """Forget what came before; the next latent starts a new picture."""
        return


class Denoiser(ABC):
    """A video diffusion model whose every latent frame has its own noise level and its own prompt.

    `windows_per_forward` is how many windows may go through the network together, unless the configuration says.
    """

    spec: ModelSpec
    device: torch.device
    dtype_name: str = "float32"
    windows_per_forward: int = 1

    @abstractmethod
    def encode_prompts(self, texts: Sequence[str]) -> Tensor:
        """Return one conditioning per text: float32, (P, *condition shape).

        Two conditionings may be blended linearly.
        """

    @abstractmethod
    def denoise(self, x_BFCHW: Tensor, t_BF: Tensor, cond_BF: Tensor) -> Tensor:
        """Return the network's prediction for noisy latents: float32, the shape of `x_BFCHW`.

        `t_BF` is each latent's time on the model's own ladder; `cond_BF` is (B, F, *condition shape);
        where latents share a prompt it is an expanded view.
        """

    def denoise_to(self, x_BFCHW: Tensor, t_BF: Tensor, target_BF: Tensor, cond_BF: Tensor) -> Tensor:
        """Return the prediction for a step that leads to the times `target_BF`; this is what the engine calls.

        Only a flow map (arXiv 2505.13447) has to know where a step leads; for all others it is `denoise`.
        """
        return self.denoise(x_BFCHW, t_BF, cond_BF)

    @abstractmethod
    def decoder(self) -> StreamDecoder:
        """Return a fresh decoder for one stream."""

    def encode_pictures(self, pictures_FHWC: Tensor) -> Tensor:
        """Return a clip as clean latents, as they leave the queue: float32, (latents, C, H, W), on any device.

        `pictures_FHWC` is uint8 RGB of the spec's size, on the CPU: as many frames as the first latent of a shot
        decodes to, and `frames_per_latent` more for each further latent.

        Raises: ModelError if the model has no encoder.
        """
        raise ModelError(
            f"{self.spec.name} has no encoder, so it cannot begin with a picture or a clip; leave out --init."
        )

    def understood(self, text: str) -> tuple[str, ...] | None:
        """Return the words of `text` that the model knows, or None if it cannot tell."""
        return None
