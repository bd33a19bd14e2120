"""Strength of a LoRA's changes, from all that its file and its folder say about it: alpha over rank.

It may stand in a tensor beside each layer (`.alpha`), in the file's header (diffusers' `lora_adapter_metadata`, kohya's
`ss_network_alpha`, or plainly `lora_alpha`), or in peft's `adapter_config.json` beside the file. Without any of them
alpha is the rank, as its trainers mean it.
"""

import json
import math
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from fifo_live.errors import ModelError
from fifo_live.models.common.weights import read_json

CONFIG = "adapter_config.json"
TOLERANCE = 0.01
"""How far two strengths may be from each other and still be the same: some were rounded to 16 bits."""
_ALPHAS = ("lora_alpha", "network_alpha", "alpha")
_RANKS = ("r", "rank", "lora_rank", "network_dim", "dim")
_NESTED = ("lora_adapter_metadata", "lora_config", "peft_config", "adapter_config")
_PARTS = {"unet": "network", "transformer": "network", "text_encoder": "text_encoder"}

Numbers = Mapping[str, float]


@dataclass(frozen=True)
class Statement:
    """What one source says: an alpha and a rank for all layers, and others for those whose names fit a pattern.

    `part` is whom it speaks of, all if empty. `root` is for rank-stabilised LoRAs (arXiv 2312.03732), which divide by
    the root of the rank. `conv` is for those whose convolutions have an alpha of their own, or None of which is known.
    """

    source: str
    alpha: float
    rank: float | None = None
    part: str = ""
    root: bool = False
    alphas: Numbers = field(default_factory=dict)
    ranks: Numbers = field(default_factory=dict)
    is_kohya: bool = False
    conv: tuple[float | None, float | None] = (None, None)

    def strength(self, layer: str, rank: int, *, is_conv: bool) -> float | None:
        """Return alpha over rank for a layer, None if nothing is said of it.

        Raises: ValueError if the layer has another rank than it is told to have.
        """
        alpha: float | None
        alpha, told = _by_pattern(self.alphas, layer, self.alpha), _by_pattern(self.ranks, layer, self.rank)
        if self.is_kohya and is_conv:
            alpha, told = self.conv
        if told is not None and told != rank:
            raise ValueError(f"{self.source} says that {layer} has rank {told:g}, but it has {rank}")
        if alpha is None:
            return None
        return alpha / (math.sqrt(rank) if self.root else rank)


def statements(path: Path, header: Mapping[str, str]) -> list[Statement]:
    """Return what a file's header and the configuration beside it say.

    Raises: ModelError for numbers that are none, or a kind of change that is not low-rank.
    """
    found = list(_of_header(path.name, header))
    config = path.with_name(CONFIG)
    # In a folder of peft's the configuration belongs to peft's own file, if that is there.
    is_peft = path.stem == "adapter_model" or not any(path.parent.glob("adapter_model.*"))
    if is_peft and config.is_file():
        found += _of_peft(path.name, CONFIG, "", read_json(config))
    return found


def agreed(lora: str, layer: str, said: Mapping[str, float]) -> float:
    """Return the strength that all sources give; 1 without any.

    Raises: ModelError if they contradict each other.
    """
    strengths = list(said.items())
    for source, strength in strengths[1:]:
        if not math.isclose(strength, strengths[0][1], rel_tol=TOLERANCE):
            raise ModelError(
                f"The LoRA {lora} contradicts itself: for {layer} {strengths[0][0]} gives a strength of "
                f"{strengths[0][1]:g}, {source} one of {strength:g}."
            )
    return strengths[0][1] if strengths else 1.0


def _of_header(lora: str, header: Mapping[str, str]) -> Iterator[Statement]:
    for key in _NESTED:
        for part, config in _by_part(_parsed(header.get(key, "{}"))).items():
            yield from _of_peft(lora, f"{key} in the header", part, config)
    yield from _of_peft(lora, "the header", "", {key: _parsed(value) for key, value in header.items()})
    alpha, rank = (_number(header.get(f"ss_network_{name}")) for name in ("alpha", "dim"))
    arguments = _parsed(header.get("ss_network_args", "{}"))
    arguments = arguments if isinstance(arguments, dict) else {}
    # Some networks of kohya's have an alpha for each block; those always come as tensors.
    if alpha is not None and not any(str(name).startswith("block_") for name in arguments):
        conv = (_number(arguments.get("conv_alpha")), _number(arguments.get("conv_dim")))
        yield Statement("ss_network_alpha in the header", alpha, rank, is_kohya=True, conv=conv)


def _of_peft(lora: str, source: str, part: str, config: Mapping[str, Any]) -> Iterator[Statement]:
    kind = str(config.get("peft_type") or "LORA").upper()
    if kind != "LORA" or config.get("use_dora") is True:
        raise refused(lora, "DoRA" if kind == "LORA" else kind)
    alpha, rank = (_first_number(config, names) for names in (_ALPHAS, _RANKS))
    alphas, ranks = (_numbers(config.get(f"{name}_pattern")) for name in ("alpha", "rank"))
    alpha = rank if alpha is None and alphas else alpha
    if alpha is not None:
        yield Statement(source, alpha, rank, part, config.get("use_rslora") is True, alphas, ranks)


def refused(lora: str, kind: str, key: str = "") -> ModelError:
    """Return the error for a change that is not a plain low-rank one."""
    where = f": its key is not understood: {key}" if key else ""
    return ModelError(f"The LoRA {lora} is a {kind}, and fifo-live takes plain LoRAs only{where}.")


def _by_part(values: Any) -> dict[str, dict[str, Any]]:
    """Sort keys such as `transformer.lora_alpha` by the part that they speak of; without one it is all parts."""
    parts: dict[str, dict[str, Any]] = {}
    for key, value in values.items() if isinstance(values, dict) else ():
        part, dot, name = str(key).partition(".")
        parts.setdefault(_PARTS.get(part, part) if dot else "", {})[name if dot else part] = value
    return parts


def _by_pattern(patterns: Numbers, layer: str, otherwise: float | None) -> Any:
    """Return the number of the first pattern that a layer's name ends with, as peft reads them."""
    for pattern, number in patterns.items():
        try:
            if re.fullmatch(rf"(.*\.)?({pattern})", layer):
                return number
        except re.error as error:
            raise ValueError(f"{pattern!r} is no pattern of names: {error}") from error
    return otherwise


def _parsed(text: str) -> Any:
    try:
        return json.loads(text)
    except (ValueError, RecursionError):
        return text


def _first_number(config: Mapping[str, Any], names: tuple[str, ...]) -> float | None:
    return next((number for name in names if (number := _number(config.get(name))) is not None), None)


def _numbers(values: Any) -> dict[str, float]:
    pairs = values.items() if isinstance(values, dict) else ()
    return {str(name): number for name, value in pairs if (number := _number(value)) is not None}


def _number(value: Any) -> float | None:
    """Return a number that may be written as text; None for words such as "Dynamic"."""
    try:
        number = float(value)
    except (TypeError, ValueError):
        return None
    return number if math.isfinite(number) and not isinstance(value, bool) else None
