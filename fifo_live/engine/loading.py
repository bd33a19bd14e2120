"""A model as the configuration wants it, on the device and with the threads that are its."""

from fifo_live.config import Config
from fifo_live.engine.device import choose_device, set_threads
from fifo_live.models.base import Denoiser
from fifo_live.models.registry import load_model


def load_denoiser(config: Config, *, num_ranks: int = 1, local_rank: int = 0) -> Denoiser:
    """Load the configured model for one rank of this machine.

    Raises: ConfigError if there is no such device, ModelError if the model can not be loaded.
    """
    set_threads(config.engine.threads, num_ranks)
    return load_model(config.model.name, choose_device(config.model.device, local_rank), config.model.dtype)
