"""Checks what a configuration asks of a model, before anything is loaded; needs no torch."""

import importlib.machinery
import math
import os
import re
import sys
from importlib.machinery import ModuleSpec
from pathlib import Path

from fifo_live.config import ModelConfig
from fifo_live.errors import ConfigError, ModelError
from fifo_live.models.names import ADAPTERS, HUB_ID, plugins, suggestion, unknown_model

CHECKPOINT_ENDINGS = (".safetensors", ".ckpt", ".pt", ".pth")
CONFIGURATIONS = ("model_index.json", "config.json", "transformer/config.json", "unet/config.json")


def check_wishes(model: ModelConfig) -> None:
    """Make sure that everything a model is to be made of is there, as far as that can be seen from outside.

    Raises: ModelError for a model, a LoRA or a decoder that is not there, ConfigError for a missing file to begin with.
    """
    check_name(model.name)
    _check_options(model)
    for wish in model.lora:
        check_lora(wish)
    check_decoder(model.decoder)
    check_init(model.init)


def check_name(name: str) -> None:
    """Make sure that --model may stand for something.

    Raises: ModelError if it cannot.
    """
    family, colon, path = name.partition(":")
    if family in ADAPTERS:
        if colon and not Path(path).exists() and not HUB_ID.fullmatch(path):
            raise ModelError(f"There is no folder or file {path!r} to load {family} from.")
    elif family in plugins():
        return
    elif name and Path(name).exists():
        _check_folder(Path(name))
    elif HUB_ID.fullmatch(name) and not name.startswith("."):
        _check_hub_id(name)
    elif family and path and not Path(family).is_absolute():
        _check_code(name, family, path.partition(":")[0])
    else:
        raise unknown_model(name)


def check_lora(wish: str) -> Path:
    """Return the file of a LoRA that is wished for as `path` or `path:scale`.

    Raises: ModelError if there is no such file.
    """
    path, _ = split_scale(wish)
    if not path.is_file():
        raise ModelError(f"There is no LoRA file {str(path)!r}.")
    return path


def split_scale(wish: str) -> tuple[Path, float]:
    """Split `path:scale`; without a scale it is 1.

    Raises: ModelError if the scale is no number.
    """
    path, colon, scale = wish.rpartition(":")
    if not colon or Path(wish).exists():
        return Path(wish), 1.0
    try:
        number = float(scale)
    except ValueError:
        number = math.nan
    if not math.isfinite(number):
        raise ModelError(f"--lora wants path or path:scale, as in style.safetensors:0.8; it got {wish!r}.")
    return Path(path), number


def check_decoder(decoder: str) -> None:
    """Make sure that a tiny decoder that is named may be there.

    Raises: ModelError if it is not.
    """
    name = decoder.partition(":")[2]
    if name and not Path(name).exists() and not HUB_ID.fullmatch(name):
        raise ModelError(f"There is no tiny decoder {name!r}: tiny:PATH_OR_ID names a file, a folder or a hub id.")


def check_init(init: str) -> None:
    """Make sure that there is something to begin with; empty means that nothing is wanted.

    Raises: ConfigError if there is no such file.
    """
    if init and not Path(init).is_file():
        raise ConfigError(f"There is no file {init!r} to begin with; --init (model.init) names a picture or a clip.")


def _check_options(model: ModelConfig) -> None:
    """Refuse options that a family without checkpoints of others does not take."""
    family = model.name.partition(":")[0]
    if family in ADAPTERS and not ADAPTERS[family].code.endswith(":FAMILY"):
        for option in ("lora", "decoder", "width", "height", "text_encoder_device"):
            if getattr(model, option) != getattr(ModelConfig, option):
                raise ModelError(f"{model.name} does not take the option {option}; leave it at its default.")


def _check_folder(path: Path) -> None:
    if path.is_file() or any((path / name).is_file() for name in CONFIGURATIONS):
        return
    if sum(file.suffix in CHECKPOINT_ENDINGS for file in path.iterdir()) != 1:
        raise ModelError(
            f"The folder {str(path)!r} holds no model: it has neither a model_index.json nor a config.json nor one "
            "checkpoint file."
        )


def _check_hub_id(hub_id: str) -> None:
    """Refuse a repository that is not on this machine, if nothing may be downloaded."""
    from huggingface_hub.constants import HF_HUB_CACHE, is_offline_mode

    folder = Path(HF_HUB_CACHE, "models--" + "--".join(hub_id.split("/")[:2]))
    if is_offline_mode() and not folder.is_dir():
        raise ModelError(f"{hub_id} is not on this machine, and HF_HUB_OFFLINE is set.{suggestion(hub_id)}")


def _check_code(name: str, module: str, attribute: str) -> None:
    """Make sure that a module is there and names an attribute, without running any of it."""
    spec = _find_module(module)
    if spec is None:
        raise (
            unknown_model(name)
            if "." not in module
            else ModelError(f"The model {name!r} names code that is not there: no module named {module!r}.")
        )
    source = Path(spec.origin).read_text("utf-8", "replace") if spec.origin and spec.origin.endswith(".py") else ""
    may_come_from_elsewhere = not source or re.search(r"import \*|__getattr__|globals\(\)", source)
    if not may_come_from_elsewhere and not re.search(rf"\b{re.escape(attribute)}\b", source):
        raise ModelError(f"The model {name!r} names code that is not there: {module} has no {attribute!r}.")


def _find_module(module: str) -> ModuleSpec | None:
    """Return where a module lies: on the path, or in the working folder, where workers look last."""
    locations: list[str] | None = None
    spec: ModuleSpec | None = None
    parts = module.split(".")
    for depth in range(1, len(parts) + 1):
        spec = _find_spec(".".join(parts[:depth]), locations)
        if spec is None:
            return None
        locations = list(spec.submodule_search_locations or [])
    return spec


def _find_spec(name: str, locations: list[str] | None) -> ModuleSpec | None:
    for finder in sys.meta_path:
        spec = finder.find_spec(name, locations)
        if spec is not None:
            return spec
    return importlib.machinery.PathFinder.find_spec(name, [os.getcwd()]) if locations is None else None
