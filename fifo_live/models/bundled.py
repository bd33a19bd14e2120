"""The adapter of the embedded model: `fifo_live.bundled` behind the contract."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import torch
from torch import Tensor

from fifo_live.bundled.detail import Detail, soften
from fifo_live.bundled.light import hold_light
from fifo_live.bundled.scenes import FPS, NAMES
from fifo_live.bundled.text_encoder import encode, understood_words
from fifo_live.bundled.unet import with_sink_marked
from fifo_live.bundled.weights import FOLDER, BundledModel, load_encoder, load_model
from fifo_live.errors import ModelError
from fifo_live.models.common.decoders import Decode, ImageDecoder
from fifo_live.models.common.precision import DTYPES, choose_dtype
from fifo_live.models.contract import Denoiser, ModelSpec, NoiseSchedule

LEVELS = 8
SINK = 1
CONTEXT = 1


class BundledDecoder(ImageDecoder):
    """Decodes every latent by itself, once its detail has been strengthened."""

    def __init__(self, decode: Decode) -> None:
        super().__init__(decode)
        self._detail = Detail()

    def reset(self) -> None:
        self._detail.reset()

    @torch.inference_mode()
    def decode(self, x_FCHW: Tensor) -> Tensor:
        return super().decode(self._detail.strengthen(x_FCHW.float()))


class BundledDenoiser(Denoiser):
    def __init__(self, model: BundledModel, device: torch.device, dtype: torch.dtype) -> None:
        self.model = model
        self.device = device
        self.dtype = dtype
        model.denoiser.to(device=device, dtype=dtype, memory_format=torch.channels_last)  # type: ignore[call-overload]
        model.decoder.to(device=device, dtype=dtype, memory_format=torch.channels_last)  # type: ignore[call-overload]
        geometry = model.geometry
        self.spec = ModelSpec(
            name="bundled",
            width=geometry.width,
            height=geometry.height,
            fps=FPS,
            latent_shape=geometry.latent_shape,
            window=SINK + CONTEXT + LEVELS,
            ladder=NoiseSchedule("flow"),
            context=CONTEXT,
            sink=SINK,
            levels=LEVELS,
            cuts=True,
            sees_waiting=False,
            default_prompt="the calm blue sea at sunset",
            licence="Apache-2.0",
            knows=NAMES["scene"],
        )

    def encode_prompts(self, texts: Sequence[str]) -> Tensor:
        return encode(self.model.text, self.model.table, texts).to(self.device)

    @torch.inference_mode()
    def denoise(self, x_BFCHW: Tensor, t_BF: Tensor, cond_BF: Tensor) -> Tensor:
        times_BF, cond_BFE = with_sink_marked(t_BF), cond_BF.to(self.dtype)
        flow: Tensor = self.model.denoiser(x_BFCHW.to(self.dtype), times_BF, cond_BFE)
        return hold_light(x_BFCHW, times_BF, cond_BFE, flow.float())

    @torch.inference_mode()
    def encode_pictures(self, pictures_FHWC: Tensor) -> Tensor:
        try:
            encoder = load_encoder(self.model.folder).to(self.device)
        except FileNotFoundError as error:
            raise ModelError(f"The bundled model cannot begin with a picture: {error.filename} is missing.") from error
        picture_F3HW = pictures_FHWC.to(self.device).permute(0, 3, 1, 2).float() / 127.5 - 1
        latents = [encoder(picture_13HW) for picture_13HW in picture_F3HW.split(1)]
        return soften(torch.cat(latents) * self.model.scale)

    def decoder(self) -> BundledDecoder:
        return BundledDecoder(self._decode)

    def _decode(self, x_FCHW: Tensor) -> Tensor:
        latent = (x_FCHW.to(self.device) / self.model.scale).to(self.dtype, memory_format=torch.channels_last)
        pixels_F3HW: Tensor = self.model.decoder(latent)
        return pixels_F3HW

    def understood(self, text: str) -> tuple[str, ...]:
        return understood_words(self.model.table, text)


def load(path: str, device: torch.device, dtype: str) -> BundledDenoiser:
    """Load the embedded weights, or those in the folder `path`.

    Raises: ModelError if the weights are missing or the dtype is unknown.
    """
    if dtype != "auto" and dtype not in DTYPES:
        raise ModelError(f"The bundled model runs in {', '.join(DTYPES)} or auto, not in {dtype!r}.")
    try:
        model = load_model(Path(path) if path else FOLDER)
    except FileNotFoundError as error:
        raise ModelError(f"The bundled model's weights are incomplete: {error.filename} is missing.") from error
    return BundledDenoiser(model, device, choose_dtype(dtype, device))
