"""Public description of the running model."""

from fifo_live.protocol.message import Message


class ModelInfo(Message):
    """Sizes in pixels, `fps` in frames per second; the rest as in `ModelSpec` and the engine's settings."""

    name: str
    width: int
    height: int
    fps: float
    frames_per_latent: int
    levels: int
    chunk: int
    micro_steps: int
    window: int
    context: int
    queue_length: int
    ranks: int
    dtype: str
    device: str
    supports_guidance: bool
    guidance: float
    max_prompt_chars: int
    default_prompt: str
    licence: str
    non_commercial: bool
    knows: list[str]
