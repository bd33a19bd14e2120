"""Finds a model adapter by name; the one list that names them all."""

from collections.abc import Callable
from importlib import import_module
from pathlib import Path

import torch

from fifo_live.errors import ModelError
from fifo_live.models.base import Denoiser

Loader = Callable[[str, torch.device, str], Denoiser]
"""A loader takes what follows the name in `name:path`, the device, and auto, float32, bfloat16 or float16."""

ADAPTERS: dict[str, str] = {
    "bundled": "fifo_live.models.bundled:load",
}


def load_model(name: str, device: torch.device, dtype: str) -> Denoiser:
    """Load the model called `name`: a name of `ADAPTERS`, or `package.module:loader` for one's own; `:path` may follow.

    Raises: ModelError if there is no such model or it can not be loaded.
    """
    family, _, path = name.partition(":")
    if family in ADAPTERS:
        module_name, _, attribute = ADAPTERS[family].partition(":")
    else:
        module_name, (attribute, _, path) = family, path.partition(":")
    if not attribute:
        raise ModelError(_unknown(name))
    try:
        loader: Loader = getattr(import_module(module_name), attribute)
    except (ModuleNotFoundError, AttributeError) as error:
        raise ModelError(f"The model {name!r} names code that is not there: {error}.") from error
    return loader(path, device, dtype)


def _unknown(name: str) -> str:
    known = ", ".join(sorted(ADAPTERS))
    if Path(name).exists():
        return f"The folder {name!r} holds no model that fifo-live knows how to load. Known models: {known}."
    return (
        f"There is no model called {name!r}, and no folder of that name. Known models: {known}; "
        "your own is named as package.module:loader."
    )
