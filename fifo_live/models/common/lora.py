"""LoRA files, added to the weights once and for all while loading (arXiv 2106.09685): W + scale * alpha / r * B A.

Key styles that are understood: diffusers' and peft's (`unet.mid_block.to_q.lora_A.weight`, `....lora_B.weight`,
`....alpha`), older diffusers' (`....to_q_lora.down.weight`, `....to_q.lora.up.weight`), and kohya's, whose dots are
underscores (`lora_unet_mid_block_to_q.lora_down.weight`). Beside low-rank changes, whole ones are taken: of a weight
(`.diff`) and of a bias (`.diff_b`). The adapter's name, which peft puts into the keys, may be any.
"""

import re
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path

import torch
from safetensors import SafetensorError, safe_open
from torch import Tensor, nn

from fifo_live.errors import ModelError
from fifo_live.models.common.lora_strength import Statement, agreed, refused, statements
from fifo_live.models.common.weights import read_pickle
from fifo_live.models.requested_files import check_lora, split_scale

_KEY = re.compile(
    r"(?P<target>.+?)(?:"
    r"[._]lora[._](?P<side>A|B|down|up)(?:\.(?P<adapter>[^.]+))?\.weight"
    r"|\.(?P<other>alpha|diff|diff_b)"
    r")"
)
_DOWN = ("A", "down")
_LOW_RANK = {"up", "down"}
_OTHERS = {
    "dora_scale": "DoRA",
    "lora_magnitude_vector": "DoRA",
    "hada_": "LoHa",
    "lokr_": "LoKr",
    "oft_": "OFT",
    "lora_mid": "LoRA in Tucker form",
    "lora_embedding_": "LoRA of embeddings",
    "vera_lambda": "VeRA",
    "ia3_": "change by (IA)³",
}
"""What else comes as such a file, by a word in its keys."""
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

Place = tuple[str, str]
"""The part that a change belongs to, and its layer's name with underscores for dots."""


class Lora:
    """The low-rank changes of one file; knows which of them have found their layer."""

    def __init__(self, name: str, tensors: Mapping[str, Tensor], scale: float, said: Sequence[Statement] = ()) -> None:
        """`said` is what there is to know of its strength beside the tensors.

        Raises: ModelError for keys that are not those of one plain LoRA.
        """
        self.name = name
        self._scale = scale
        self._said = said
        self._sides: dict[Place, dict[str, Tensor]] = {}
        self._dotted: dict[Place, str] = {}
        self._used: set[Place] = set()
        adapters: set[str] = set()
        for key, tensor in tensors.items():
            self._take(key, tensor, adapters)
        if len(adapters) > 1:
            raise ModelError(f"The LoRA {name} holds {len(adapters)} of them: {', '.join(sorted(adapters))}. Keep one.")

    def _take(self, key: str, tensor: Tensor, adapters: set[str]) -> None:
        found = _KEY.fullmatch(key)
        if found is None:
            for word, kind in _OTHERS.items():
                if word in key:
                    raise refused(self.name, kind, key)
            raise ModelError(f"The LoRA {self.name} has a key that is not understood: {key}.")
        side = found["other"] or ("down" if found["side"] in _DOWN else "up")
        adapters |= {found["adapter"] or "default"} if found["side"] else set()
        place, dotted = _place_of(found["target"])
        if side in self._sides.setdefault(place, {}):
            raise ModelError(f"The LoRA {self.name} says twice what becomes of {dotted}.")
        self._sides[place][side] = tensor
        self._dotted[place] = dotted

    @classmethod
    def read(cls, wish: str) -> "Lora":
        """Read `path` or `path:scale`.

        Raises: ModelError if there is no such file, or it is no LoRA.
        """
        path, (_, scale) = check_lora(wish), split_scale(wish)
        try:
            tensors, header = _read(path)
        except SafetensorError as error:
            raise ModelError(f"{path} is damaged: {error}.") from error
        return cls(path.name, tensors, scale, statements(path, header))

    def rename(self, translate: Callable[[str], str]) -> None:
        """Translate the network's layer names, with underscores for dots, from those that the file was made for."""

        def renamed(place: Place) -> Place:
            return place[0], translate(place[1]) if place[0] == "network" else place[1]

        self._sides = {renamed(place): sides for place, sides in self._sides.items()}
        self._dotted = {renamed(place): dotted for place, dotted in self._dotted.items()}

    @torch.no_grad()
    def fuse(self, part: str, module: nn.Module) -> None:
        """Add the changes that belong to layers of a part to their weights.

        Raises: ModelError if a change does not fit its layer.
        """
        kind = _PARTS.get(part)
        layers = {name.replace(".", "_"): layer for name, layer in module.named_modules() if hasattr(layer, "weight")}
        for place, sides in self._sides.items():
            if place[0] == kind and place[1] in layers:
                self._add(place, sides, layers[place[1]])
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

    def _add(self, place: Place, sides: Mapping[str, Tensor], layer: nn.Module) -> None:
        layer_name = place[1]
        for side, parameter in (("diff", layer.weight), ("diff_b", getattr(layer, "bias", None))):
            if side in sides:
                self._change(layer_name, parameter, sides[side])
        if not _LOW_RANK & set(sides) and {"diff", "diff_b"} & set(sides):
            return
        if not set(sides) >= _LOW_RANK:
            raise ModelError(f"The LoRA {self.name} is incomplete: {layer_name} has only one side.")
        assert isinstance(layer.weight, Tensor)
        up, down = (_flat(sides[side].to(layer.weight.device, torch.float32)) for side in ("up", "down"))
        if up.dim() != 2 or down.dim() != 2 or up.shape[1] != len(down) or not len(down):
            raise ModelError(
                f"The LoRA {self.name} does not fit: the sides of {layer_name} have the shapes "
                f"{tuple(up.shape)} and {tuple(down.shape)}, which have no rank in common."
            )
        strength = self._strength(place, sides, len(down))
        self._change(layer_name, layer.weight, strength * (up @ down))

    def _strength(self, place: Place, sides: Mapping[str, Tensor], rank: int) -> float:
        """Return alpha over rank, which all that is known of a layer has to agree on."""
        said: dict[str, float] = {}
        # Kohya's trainers write an alpha of 0 where none was asked for.
        if "alpha" in sides and (alpha := self._alpha(place, sides["alpha"])):
            said["its tensor"] = alpha / rank
        is_conv = sides["down"].dim() > 2 and sides["down"][0, 0].numel() > 1
        for statement in self._said:
            if statement.part in ("", place[0]):
                try:
                    strength = statement.strength(self._dotted[place], rank, is_conv=is_conv)
                except ValueError as error:
                    # A kohya file that was made smaller may keep the header that it had.
                    if statement.is_kohya and said:
                        continue
                    raise ModelError(f"The LoRA {self.name} contradicts itself: {error}.") from error
                said |= {} if strength is None else {statement.source: strength}
        return agreed(self.name, self._dotted[place], said)

    def _alpha(self, place: Place, tensor: Tensor) -> float:
        if tensor.numel() != 1 or not tensor.isfinite().all():
            raise ModelError(f"The LoRA {self.name} is damaged: the alpha of {self._dotted[place]} is no number.")
        return float(tensor)

    def _change(self, layer_name: str, parameter: Tensor | nn.Module | None, change: Tensor) -> None:
        shape = tuple(parameter.shape) if isinstance(parameter, Tensor) else ()
        fits = isinstance(parameter, Tensor) and _flat(change).shape == _flat(parameter).shape
        if not isinstance(parameter, Tensor) or not fits:
            raise ModelError(
                f"The LoRA {self.name} does not fit: {layer_name} has weights of {shape}, "
                f"the change is {tuple(change.shape)}."
            )
        change = change.to(parameter.device, torch.float32).view_as(parameter)
        parameter.copy_((parameter.float() + self._scale * change).to(parameter.dtype))


def _read(path: Path) -> tuple[dict[str, Tensor], Mapping[str, str]]:
    """Return a file's tensors and its header."""
    if path.suffix != ".safetensors":
        return read_pickle(path), {}
    with safe_open(path, framework="pt") as file:
        return {key: file.get_tensor(key) for key in file.keys()}, file.metadata() or {}


def _flat(tensor: Tensor) -> Tensor:
    """Return the weights of a layer as a matrix; those that are no matrix as they are."""
    return tensor.flatten(1) if tensor.dim() > 1 else tensor


def _place_of(target: str) -> tuple[Place, str]:
    """Return which part a key speaks of, the layer's name in it, with underscores for dots; and that name as it was."""
    part = "network"
    for prefix, of in _PREFIXES.items():
        if target.startswith(prefix):
            target, part = target.removeprefix(prefix), of
    name = target.replace(".", "_")
    return (part, _OLD_WRAPPER.sub(lambda found: "_" + found[1].replace("to_out", "to_out_0"), name)), target
