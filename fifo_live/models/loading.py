"""A model as the configuration wants it, on the device and with the threads that are its."""

import sys
from collections.abc import Callable

from fifo_live.config import Config
from fifo_live.models.contract import Denoiser
from fifo_live.models.device import choose_device, set_threads
from fifo_live.models.options import LoadOptions, no_report
from fifo_live.models.registry import load_model


def say(sentence: str) -> None:
    """Tell stderr."""
    print(f"fifo-live: {sentence}", file=sys.stderr, flush=True)


def load_denoiser(
    config: Config, *, num_ranks: int = 1, local_rank: int = 0, report: Callable[[str], None] = say
) -> Denoiser:
    """Load the configured model for one rank of this machine; the first rank reports how it goes.

    Raises: ConfigError if there is no such device, ModelError if the model cannot be loaded.
    """
    set_threads(config.engine.threads, num_ranks)
    wishes = config.model
    options = LoadOptions(
        device=choose_device(wishes.device, local_rank),
        dtype=wishes.dtype,
        width=wishes.width,
        height=wishes.height,
        text_encoder_device=wishes.text_encoder_device,
        decoder=wishes.decoder,
        loras=wishes.lora,
        window=config.engine.window,
        windows_per_forward=config.engine.windows_per_forward,
        report=no_report if local_rank else report,
    )
    return load_model(wishes.name, options)
