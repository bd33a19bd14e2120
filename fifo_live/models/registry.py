"""Finds the model that --model names, and loads it."""

import os
import sys
from collections.abc import Callable, Sequence
from importlib import import_module
from pathlib import Path

import torch

from fifo_live.errors import ModelError
from fifo_live.models.card import Card
from fifo_live.models.common.checkpoint import Checkpoint
from fifo_live.models.common.hub import fetch, folder_of, wanted_files
from fifo_live.models.common.lora import Lora
from fifo_live.models.common.memory_check import fit, windows_at_once
from fifo_live.models.common.precision import choose_dtype
from fifo_live.models.contract import Denoiser
from fifo_live.models.detect import choose_card, only_checkpoint, patch_of, recognise
from fifo_live.models.family import Family
from fifo_live.models.names import ADAPTERS, HUB_ID, plugins, suggestion, unknown_model
from fifo_live.models.options import LoadOptions

Loader = Callable[[str, torch.device, str], Denoiser]
"""The plain way to bring a model: takes what follows the name in `name:path`, the device, and the number format's name
(auto, float32, bfloat16 or float16)."""


def load_model(name: str, options: LoadOptions) -> Denoiser:
    """Load the model that `name` stands for.

    That is a family (`bundled`, or `name:path`), a hub id (`owner/name`, or `owner/name/folder` where a repository
    holds several models), a folder or a checkpoint file of a known family, or `package.module:attribute` for one's
    own, where `:path` may follow.

    Raises: ModelError if there is no such model, or it cannot be loaded.
    """
    found, path = _find(name)
    if isinstance(found, Family):
        return load_family(found, path, options)
    for option in ("loras", "decoder", "width", "height", "text_encoder_device"):
        if getattr(options, option) != getattr(LoadOptions, option):
            raise ModelError(f"{name} does not take the option {option}; leave it at its default.")
    return found(path, options.device, options.dtype)


def load_family(family: Family, path: str, options: LoadOptions) -> Denoiser:
    """Load a model of a family from a folder, a checkpoint file or a hub id; empty means the family's default.

    Raises: ModelError if it cannot be loaded.
    """
    folder, card = _locate(family, path or family.cards[0].hub_id, options)
    check_size(card, options, patch_of(folder))
    text_device = fit(folder, card, options, family.cards)
    loras = tuple(map(Lora.read, options.loras))
    tiny = _tiny_decoder(family, options)
    denoiser = family.load(Checkpoint(folder, card, options, text_device, tiny, loras))
    for lora in loras:
        lora.check_all_used()
    denoiser.windows_per_forward = windows_at_once(folder, card, options)
    spec = denoiser.spec
    options.report(f"It runs as {spec.name}, {spec.width}x{spec.height}, in {denoiser.dtype_name}.")
    if spec.non_commercial:
        options.report(f"The weights of {spec.name} are for non-commercial use only ({spec.licence}).")
    return denoiser


def check_size(card: Card, options: LoadOptions, patch: int) -> None:
    """Make sure that a model can paint pictures of the size that is wanted; `patch` cells go into it together.

    Raises: ModelError if it cannot.
    """
    spec = card.spec
    width, height = options.width or spec.width, options.height or spec.height
    unit = spec.width // spec.latent_shape[2] * patch
    if width % unit or height % unit:
        raise ModelError(f"{width}x{height} does not fit {spec.name}: use multiples of {unit}.")


def families() -> dict[str, Family | Loader]:
    """Return every family by name: ours, and those that other packages have registered.

    Raises: ModelError if one cannot be imported.
    """
    return {name: _open(name) for name in (*ADAPTERS, *plugins())}


def cards() -> list[tuple[Family, Card]]:
    """Return every published model that is known, with its family."""
    return [(family, card) for family in _known_families() for card in family.cards]


def loaders() -> list[str]:
    """Return the names that stand for one model of their own, which has no card."""
    return [name for name, found in families().items() if not isinstance(found, Family)]


# Finding


def _find(name: str) -> tuple[Family | Loader, str]:
    """Return the family or loader that a name stands for, and the path that it is to load."""
    family, _, path = name.partition(":")
    if family in ADAPTERS or family in plugins():
        return _open(family), path
    if name and Path(name).exists():
        return recognise(Path(name), _known_families()), name
    if HUB_ID.fullmatch(name):
        return _of_hub_id(name), name
    if not family or not path:
        raise unknown_model(name)
    attribute, _, path = path.partition(":")
    return _import(name, family, attribute), path


def _locate(family: Family, name: str, options: LoadOptions) -> tuple[Path, Card]:
    """Return a model's folder or file on this machine, and its card; what is not here is downloaded."""
    path = Path(name)
    if not path.exists():
        if not HUB_ID.fullmatch(name):
            raise ModelError(f"There is no folder or file {name!r} to load {family.name} from.")
        path = _download(name, family, options)
    return only_checkpoint(path) or path, choose_card(family, path, name, options.report)


def _download(hub_id: str, family: Family, options: LoadOptions) -> Path:
    options.report(f"Looking for {hub_id} on this machine and on the hub.")
    dtype = choose_dtype(options.dtype, options.device)
    file = next((card.file for card in family.cards if card.hub_id == hub_id), "")
    others = {folder_of(card.hub_id) for card in family.cards} - {folder_of(hub_id)}

    def pick(names: Sequence[str]) -> list[str]:
        return [file] if file else [name for name in wanted_files(names, dtype) if name.split("/")[0] not in others]

    return fetch(hub_id, pick)


def _of_hub_id(hub_id: str) -> Family:
    for family in _known_families():
        if any(card.hub_id == hub_id for card in family.cards):
            return family
    try:
        folder = fetch(hub_id, lambda names: [name for name in names if name.endswith("json")])
    except ModelError as error:
        raise ModelError(f"{error}{suggestion(hub_id)}") from error
    return recognise(folder, _known_families())


def _tiny_decoder(family: Family, options: LoadOptions) -> Path | None:
    kind, _, path = options.decoder.partition(":")
    if kind == "full":
        return None
    if family.tiny_decoder is None:
        raise ModelError(f"{family.name} takes no tiny decoder; leave --decoder at full.")
    name = path or family.tiny_decoder
    if not name:
        raise ModelError(f"{family.name} has no tiny decoder of its own; name the file of one as tiny:PATH.")
    if Path(name).exists():
        return Path(name)
    if not HUB_ID.fullmatch(name):
        raise ModelError(f"There is no tiny decoder {name!r}: tiny:PATH_OR_ID names a file, a folder or a hub id.")
    dtype = choose_dtype(options.dtype, options.device)
    return fetch(name, lambda names: wanted_files(names, dtype))


# Opening


def _known_families() -> list[Family]:
    return [family for family in families().values() if isinstance(family, Family)]


def _open(name: str) -> Family | Loader:
    target = ADAPTERS[name].code if name in ADAPTERS else plugins()[name].value
    module, _, attribute = target.partition(":")
    return _import(name, module, attribute)


def _import(name: str, module: str, attribute: str) -> Family | Loader:
    _look_in_working_folder()
    try:
        found: Family | Loader = getattr(import_module(module), attribute)
    except (ModuleNotFoundError, AttributeError) as error:
        raise ModelError(f"The model {name!r} names code that is not there: {error}.") from error
    except (ImportError, SyntaxError) as error:
        raise ModelError(f"The code of the model {name!r} cannot be imported: {error}.") from error
    return found


def _look_in_working_folder() -> None:
    """Let one's own `mine.py` be found, behind everything else: a file there replaces no module of another's."""
    folder = os.getcwd()
    if folder not in sys.path:
        sys.path.append(folder)
