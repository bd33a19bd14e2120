"""A published model on this machine, and how its parts are read."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any, TypeVar

import torch
from safetensors import SafetensorError
from safetensors.torch import load_file
from torch import Tensor, nn

from fifo_live.errors import ModelError
from fifo_live.models.card import Card
from fifo_live.models.common.hub import Pick, fetch, wanted_files
from fifo_live.models.common.lora import Lora
from fifo_live.models.common.precision import choose_dtype
from fifo_live.models.common.weights import WEIGHT_ENDINGS, missing, read_json, read_pickle, variant_of, weight_files
from fifo_live.models.contract import ModelSpec, NoiseSchedule
from fifo_live.models.options import LoadOptions

Module = TypeVar("Module", bound=nn.Module)


@dataclass(frozen=True)
class Checkpoint:
    """A folder in diffusers' layout, or one checkpoint file, with the card that fits it and the user's wishes.

    A part is a folder: unet, transformer, vae, text_encoder. Every part that an adapter loads gets the LoRAs that speak
    of it, so an adapter need not know of them; `text_device` is where the registry found room for text encoders.
    """

    path: Path
    card: Card
    options: LoadOptions
    text_device: torch.device
    tiny_decoder: Path | None = None
    loras: tuple[Lora, ...] = field(default=())

    @property
    def device(self) -> torch.device:
        """Where the network runs."""
        return self.options.device

    @property
    def dtype(self) -> torch.dtype:
        """The number format of the network and the decoder."""
        return choose_dtype(self.options.dtype, self.options.device)

    @property
    def text_dtype(self) -> torch.dtype:
        """The number format of text encoders: that of the network, but never float16 on a CPU, which is slow there."""
        return torch.bfloat16 if self.text_device.type == "cpu" and self.dtype == torch.float16 else self.dtype

    def at(self, path: Path) -> "Checkpoint":
        """Return the same wishes for another folder, whose own parts (or whose "" alone) are then loaded."""
        return replace(self, path=path)

    def has(self, part: str) -> bool:
        """Tell whether the folder has such a part."""
        return (self.path / part).is_dir()

    def config(self, part: str, name: str = "config.json") -> dict[str, Any]:
        """Return a part's configuration; "scheduler" has it in scheduler_config.json.

        Raises: ModelError if it is missing.
        """
        return read_json(self.path / part / ("scheduler_config.json" if part == "scheduler" else name))

    def elsewhere(self, part: str, hub_id: str) -> "Checkpoint":
        """Return where a part lies that the model does not bring along: in a folder beside it, or on the hub.

        Weights of other parts are not downloaded.

        Raises: ModelError if it is in neither place.
        """
        folder = self.path if self.path.is_dir() else self.path.parent
        if (folder / part).is_dir():
            return self.at(folder)
        self.options.report(f"{part} is taken from {hub_id}.")
        return self.at(fetch(hub_id, self._of_part(part)))

    def _of_part(self, part: str) -> Pick:
        """Return what chooses a repository's files without the weights in the folders of other parts."""

        def pick(names: Sequence[str]) -> list[str]:
            wanted = wanted_files(names, self.dtype)
            return [name for name in wanted if name.split("/")[0] in (part, name) or not name.endswith(WEIGHT_ENDINGS)]

        return pick

    def load(self, part: str, cls: Any, *, is_text: bool = False) -> Any:
        """Return a part as `cls`, a model class of diffusers or transformers, ready to run.

        Raises: ModelError if files are missing or damaged, or do not hold what the part's configuration says.
        """
        folder = self.path / part
        dtype = self.text_dtype if is_text else self.dtype
        if not (folder / "config.json").is_file():
            raise missing(folder / "config.json")
        files = weight_files(folder, dtype)
        self._announce(part, files)
        return self._ready(part, _from_pretrained(cls, folder, dtype, files), is_text=is_text)

    def place(self, part: str, module: Module, *, is_text: bool = False) -> Module:
        """Return a module that was filled by other means: in its number format, with its LoRAs, on its device.

        One of a class that keeps some layers in float32 stays in the formats that it has.
        """
        if not getattr(module, "_keep_in_fp32_modules", None):
            # The classes of diffusers have a `to` that warns of layers kept in float32 even where there are none.
            module = nn.Module.to(module, self.text_dtype if is_text else self.dtype)
        return self._ready(part, module, is_text=is_text)

    def _announce(self, what: str, files: Sequence[Path]) -> None:
        size_gb = sum(file.stat().st_size for file in files) / 1e9
        self.options.report(f"Loading {what} ({size_gb:.1f} GB).")

    def _ready(self, part: str, module: Module, *, is_text: bool) -> Module:
        for lora in self.loras:
            lora.fuse(part, module)
        return module.to(self.text_device if is_text else self.device).eval().requires_grad_(False)

    def tensors(self, part: str = "") -> dict[str, Tensor]:
        """Return the tensors of a single checkpoint file, or of a folder's part, on the CPU.

        From a pickle only plain tensors are read.

        Raises: ModelError if a file is missing or damaged.
        """
        files = [self.path] if self.path.is_file() else weight_files(self.path / part, self.dtype)
        if self.path.is_dir():
            self._announce(part or self.path.name, files)
        return {key: tensor for file in files for key, tensor in _read(file).items()}

    def spec(self, *, channels: int, stride: int, patch: int = 1, ladder: NoiseSchedule | None = None) -> ModelSpec:
        """Return the card's spec at the size that is wanted.

        `stride` is how many pixels the side of a latent's cell stands for, `patch` how many cells the network takes
        together.

        Raises: ModelError for a size that cannot be divided so.
        """
        width, height = self.options.width or self.card.spec.width, self.options.height or self.card.spec.height
        unit = stride * patch
        if width % unit or height % unit:
            raise ModelError(f"{width}x{height} does not fit {self.card.spec.name}: use multiples of {unit}.")
        shape = (channels, height // stride, width // stride)
        spec = replace(self.card.spec, width=width, height=height, latent_shape=shape)
        return spec if ladder is None else replace(spec, ladder=ladder)


def _read(file: Path) -> dict[str, Tensor]:
    if file.suffix != ".safetensors":
        return read_pickle(file)
    try:
        return load_file(file)
    except SafetensorError as error:
        raise ModelError(f"{file} is damaged: {error}.") from error


def _from_pretrained(cls: Any, folder: Path, dtype: torch.dtype, files: list[Path]) -> Any:
    options: Mapping[str, Any] = {
        "local_files_only": True,
        "torch_dtype" if cls.__module__.startswith("diffusers.") else "dtype": dtype,
        "variant": variant_of([file.name for file in folder.iterdir()], dtype),
        "output_loading_info": True,
        "use_safetensors": files[0].suffix == ".safetensors",
    }
    try:
        module, info = cls.from_pretrained(folder, **options)
    except (SafetensorError, RuntimeError, ValueError, OSError) as error:
        raise ModelError(f"The {folder.name} in {str(folder.parent)!r} cannot be loaded: {error}") from error
    absent = sorted(info["missing_keys"])
    if absent:
        raise ModelError(
            f"The {folder.name} in {str(folder.parent)!r} is incomplete: {len(absent)} tensors are missing, "
            f"the first is {absent[0]}."
        )
    return module
