"""LoRA files, added to the weights once and for all while loading (arXiv 2106.09685): W + scale * alpha / r * B A.

Key styles that are understood: diffusers' and peft's (`unet.mid_block.to_q.lora_A.weight`, `....lora_B.weight`,
`....alpha`), older diffusers' (`....to_q_lora.down.weight`, `....to_q.lora.up.weight`), and kohya's, whose dots are
underscores (`lora_unet_mid_block_to_q.lora_down.weight`). Beside low-rank changes, whole ones are taken: of a weight
(`.diff`) and of a bias (`.diff_b`).
"""

import re
from collections.abc import Callable, Mapping

import torch
from safetensors import SafetensorError
from safetensors.torch import load_file
from torch import Tensor, nn

from fifo_live.errors import ModelError
from fifo_live.models.parts.weights import read_pickle
from fifo_live.models.wishes import check_lora, split_scale

_KEY = re.compile(
    r"(?P<target>.+?)(?:"
    r"[._]lora[._](?P<side>A|B|down|up)(?:\.default)?\.weight"
    r"|\.(?P<other>alpha|diff|diff_b)"
    r")"
)
_DOWN = ("A", "down")
_LOW_RANK = {"up", "down"}
_PREFIXES = {
    "lora_unet_": "network",
    "lora_transformer_": "network",
    "lora_te_": "text_encoder",
    "lora_te1_": "text_encoder",
    "base_model.model.": "network",
    "diffusion_model.": "network",
    "unet.": "network",
    "transformer.": "network",
    "text_encoder.": "text_encoder",
}
_PARTS = {"unet": "network", "transformer": "network", "text_encoder": "text_encoder"}
_OLD_WRAPPER = re.compile(r"_processor_(to_[qkv]|to_out)$")


class Lora:
    """The low-rank changes of one file; knows which of them have found their layer."""

    def __init__(self, name: str, tensors: Mapping[str, Tensor], scale: float) -> None:
        self.name = name
        self._scale = scale
        self._sides: dict[tuple[str, str], dict[str, Tensor]] = {}
        self._used: set[tuple[str, str]] = set()
        for key, tensor in tensors.items():
            found = _KEY.fullmatch(key)
            if found is None:
                raise ModelError(f"The LoRA {name} has a key that is not understood: {key}.")
            side = found["other"] or ("down" if found["side"] in _DOWN else "up")
            self._sides.setdefault(_place_of(found["target"]), {})[side] = tensor

    @classmethod
    def read(cls, wish: str) -> "Lora":
        """Read `path` or `path:scale`.

        Raises: ModelError if there is no such file, or it is no LoRA.
        """
        path, (_, scale) = check_lora(wish), split_scale(wish)
        try:
            tensors = load_file(path) if path.suffix == ".safetensors" else read_pickle(path)
        except SafetensorError as error:
            raise ModelError(f"{path} is damaged: {error}.") from error
        return cls(path.name, tensors, scale)

    def rename(self, translate: Callable[[str], str]) -> None:
        """Translate the network's layer names, with underscores for dots, from those that the file was made for."""
        self._sides = {
            (part, translate(name) if part == "network" else name): sides for (part, name), sides in self._sides.items()
        }

    @torch.no_grad()
    def fuse(self, part: str, module: nn.Module) -> None:
        """Add the changes that belong to layers of a part to their weights.

        Raises: ModelError if a change does not fit its layer.
        """
        kind = _PARTS.get(part)
        layers = {name.replace(".", "_"): layer for name, layer in module.named_modules() if hasattr(layer, "weight")}
        for place, sides in self._sides.items():
            if place[0] == kind and place[1] in layers:
                self._add(place[1], sides, layers[place[1]])
                self._used.add(place)

    def check_all_used(self) -> None:
        """Make sure that every change has found its layer.

        Raises: ModelError if one has not: then the file was made for another model.
        """
        lost = sorted(set(self._sides) - self._used)
        if lost:
            raise ModelError(
                f"The LoRA {self.name} is for another model: {len(lost)} of its {len(self._sides)} layers are not in "
                f"this one, the first is {lost[0][1]}."
            )

    def _add(self, layer_name: str, sides: Mapping[str, Tensor], layer: nn.Module) -> None:
        for side, parameter in (("diff", layer.weight), ("diff_b", getattr(layer, "bias", None))):
            if side in sides:
                self._change(layer_name, parameter, sides[side])
        if not _LOW_RANK & set(sides) and {"diff", "diff_b"} & set(sides):
            return
        if not set(sides) >= _LOW_RANK:
            raise ModelError(f"The LoRA {self.name} is incomplete: {layer_name} has only one side.")
        assert isinstance(layer.weight, Tensor)
        up, down = (sides[side].to(layer.weight.device, torch.float32) for side in ("up", "down"))
        rank = down.shape[0]
        alpha = float(sides["alpha"]) if "alpha" in sides else rank
        self._change(layer_name, layer.weight, alpha / rank * (up.flatten(1) @ down.flatten(1)))

    def _change(self, layer_name: str, parameter: Tensor | nn.Module | None, change: Tensor) -> None:
        shape = tuple(parameter.shape) if isinstance(parameter, Tensor) else ()
        if not isinstance(parameter, Tensor) or change.numel() != parameter.numel():
            raise ModelError(
                f"The LoRA {self.name} does not fit: {layer_name} has weights of {shape}, "
                f"the change is {tuple(change.shape)}."
            )
        change = change.to(parameter.device, torch.float32).view_as(parameter)
        parameter.copy_((parameter.float() + self._scale * change).to(parameter.dtype))


def _place_of(target: str) -> tuple[str, str]:
    """Return which part a key speaks of and the layer's name in it, with underscores for dots."""
    part = "network"
    for prefix, of in _PREFIXES.items():
        if target.startswith(prefix):
            target, part = target.removeprefix(prefix), of
    name = target.replace(".", "_")
    return part, _OLD_WRAPPER.sub(lambda found: "_" + found[1].replace("to_out", "to_out_0"), name)
