"""Modules that are built without numbers of their own and filled with a checkpoint's."""

from collections.abc import Callable, Mapping
from typing import Any

import torch
from torch import Tensor

from fifo_live.errors import ModelError


def filled(make: Callable[[], Any], tensors: Mapping[str, Tensor], what: str) -> Any:
    """Return the module that `make` builds, with `tensors` as its parameters and buffers, by name; `what` is its name.

    Raises: ModelError if a tensor is missing, is one too many, or has another shape.
    """
    with torch.device("meta"):
        module = make()
    try:
        missing, unexpected = module.load_state_dict(tensors, strict=False, assign=True)
    except RuntimeError as error:
        raise ModelError(f"The checkpoint does not hold the {what} it should: {error}") from error
    for keys, fault in ((missing, "are missing"), (unexpected, "are not known")):
        if keys:
            raise ModelError(
                f"The checkpoint's {what} is not as published: {len(keys)} tensors {fault}, the first is {keys[0]}."
            )
    return module
