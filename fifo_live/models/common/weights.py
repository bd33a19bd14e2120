"""The weight files of one part of a model: which to read, whether they are all there, what they hold."""

import json
import pickle
import zipfile
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import torch
from safetensors import SafetensorError, safe_open

from fifo_live.errors import ModelError

VARIANTS = {torch.float16: "fp16", torch.bfloat16: "bf16"}
STEMS = ("diffusion_pytorch_model", "model", "pytorch_model")
WEIGHT_ENDINGS = (".safetensors", ".bin")
UNREADABLE = (pickle.UnpicklingError, RuntimeError, EOFError, OSError, ValueError, AttributeError, KeyError)

Shapes = dict[str, tuple[int, ...]]


def read_json(file: Path) -> dict[str, Any]:
    """Return what a JSON file holds.

    Raises: ModelError if it is not there or is no JSON object.
    """
    try:
        values = json.loads(file.read_text(encoding="utf-8"))
    except FileNotFoundError as error:
        raise missing(file) from error
    except (json.JSONDecodeError, UnicodeDecodeError) as error:
        raise ModelError(f"{file} is damaged: {error}.") from error
    if not isinstance(values, dict):
        raise ModelError(f"{file} is damaged: it holds no JSON object.")
    return values


def missing(file: Path) -> ModelError:
    """Return the error for a file that should be there."""
    return ModelError(f"The model's folder {str(file.parent)!r} is incomplete: {file.name} is missing.")


def variant_of(names: Sequence[str], dtype: torch.dtype) -> str | None:
    """Return which variant of a part's files to read: the one of this number format, the plain one, any that is there.

    None stands for the plain files.
    """
    there = [variant for variant in (VARIANTS.get(dtype), None, *VARIANTS.values()) if _stem(names, variant)]
    return there[0] if there else None


def weight_files(folder: Path, dtype: torch.dtype) -> list[Path]:
    """Return the files that hold a part's weights: one, or the shards that its index names.

    Raises: ModelError naming the first one that is missing.
    """
    if not folder.is_dir():
        raise ModelError(f"The model's folder {str(folder.parent)!r} is incomplete: it has no folder {folder.name!r}.")
    names = [file.name for file in folder.iterdir()]
    found = _stem(names, variant_of(names, dtype))
    if found is None:
        raise missing(folder / "diffusion_pytorch_model.safetensors")
    if not found.endswith(".json"):
        return [folder / found]
    shards = sorted(set(read_json(folder / found).get("weight_map", {}).values()))
    for shard in shards:
        if shard not in names:
            raise missing(folder / shard)
    return [folder / shard for shard in shards]


def shapes_of(file: Path) -> Shapes:
    """Return the shape of every tensor in a checkpoint file without reading the numbers.

    Raises: ModelError if the file is damaged, or holds more than tensors.
    """
    if file.suffix == ".safetensors":
        try:
            with safe_open(file, framework="pt") as tensors:
                return {key: tuple(tensors.get_slice(key).get_shape()) for key in tensors.keys()}
        except SafetensorError as error:
            raise ModelError(f"{file} is damaged: {error}.") from error
    return {key: tuple(tensor.shape) for key, tensor in read_pickle(file, "meta").items()}


def read_pickle(file: Path, device: str = "cpu") -> dict[str, torch.Tensor]:
    """Return the tensors of a .ckpt, .pt, .pth or .bin file; nothing but tensors and plain values is unpickled.

    Raises: ModelError if the file is damaged, or holds more than that.
    """
    try:
        held = torch.load(file, map_location=device, weights_only=True, mmap=zipfile.is_zipfile(file))
    except UNREADABLE as error:
        raise ModelError(f"{file} cannot be read as a checkpoint of plain tensors: {error}.") from error
    if not isinstance(held, dict):
        raise ModelError(f"{file} is no checkpoint: it holds a {type(held).__name__}, not named tensors.")
    for name in ("state_dict", "module", "model"):
        if isinstance(held.get(name), dict):
            held = held[name]
    return {key: value for key, value in held.items() if isinstance(value, torch.Tensor)}


def num_params(folder: Path, dtype: torch.dtype) -> int:
    """Return how many numbers a part's weights are.

    Raises: ModelError if a file is missing or damaged.
    """
    return sum(num_params_of_file(file) for file in weight_files(folder, dtype))


def num_params_of_file(file: Path) -> int:
    """Return how many numbers a checkpoint file holds.

    Raises: ModelError if it is damaged.
    """
    return sum(torch.Size(shape).numel() for shape in shapes_of(file).values())


def _stem(names: Sequence[str], variant: str | None) -> str | None:
    """Return the file (or the index of shards) of a variant, safetensors first."""
    dotted = f".{variant}" if variant else ""
    for ending in WEIGHT_ENDINGS:
        for stem in STEMS:
            for name in (
                f"{stem}{dotted}{ending}",
                f"{stem}{ending}.index{dotted}.json",
                f"{stem}{dotted}{ending}.index.json",
            ):
                if name in names:
                    return name
    return None
