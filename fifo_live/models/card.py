"""A published model's card: what a person wants to know before downloading it."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from fifo_live.models.contract import ModelSpec

BYTES_PER_GB = 1e9
HALF_BYTES = 2


@dataclass(frozen=True)
class Card:
    """One published checkpoint of a family.

    `hub_id` is where it is published and what --model may say. `spec` is what the engine runs by default; its width
    and height are the native size. `params` counts the numbers of each part, by the part's folder. `training_levels`
    is how many noise levels it was trained on, 0 if its time is continuous. `config` holds entries of the network's
    config.json that tell this card from others of its family. `file` names the one checkpoint file in the repository
    when it is not a folder in diffusers' layout. `run_with_weights` says with what the real weights were seen running;
    empty means never.
    """

    hub_id: str
    spec: ModelSpec
    params: Mapping[str, int]
    text_encoder: str
    training_levels: int = 1000
    config: Mapping[str, Any] = field(default_factory=dict)
    file: str = ""
    run_with_weights: str = ""

    @property
    def weights_gb(self) -> float:
        """The size of all weights at 16 bits, in 10^9 bytes."""
        return sum(self.params.values()) * HALF_BYTES / BYTES_PER_GB

    def row(self) -> dict[str, Any]:
        """Return the card as one row of a table, fit for JSON."""
        spec = self.spec
        return {
            "model": self.hub_id,
            "size": [spec.width, spec.height],
            "latent_shape": list(spec.latent_shape),
            "window": spec.window,
            "frames_per_latent": spec.frames_per_latent,
            "first_latent_frames": spec.first_latent_frames or spec.frames_per_latent,
            "prediction": spec.ladder.prediction,
            "training_levels": self.training_levels,
            "schedule": {"chunk": spec.chunk, "micro_steps": spec.micro_steps, "levels": spec.levels},
            "context": spec.context,
            "solver": spec.solver,
            "guidance": spec.guidance,
            "fps": spec.fps,
            "text_encoder": self.text_encoder,
            "params": dict(self.params),
            "weights_gb": round(self.weights_gb, 1),
            "licence": spec.licence,
            "non_commercial": spec.non_commercial,
            "run_with_weights": self.run_with_weights,
        }
