"""Tells what lies in a folder or a checkpoint file: whose it is, and which of the published models."""

from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import Any

from fifo_live.errors import ModelError
from fifo_live.models.card import Card
from fifo_live.models.common.weights import read_json, shapes_of
from fifo_live.models.family import Family
from fifo_live.models.requested_files import CHECKPOINT_ENDINGS

NETWORKS = ("transformer", "unet", "")


def recognise(path: Path, families: Sequence[Family]) -> Family:
    """Return the family of a folder or a checkpoint file.

    Raises: ModelError if none of them knows it.
    """
    known = ", ".join(sorted(family.name for family in families))
    file = only_checkpoint(path)
    if file is not None:
        shapes = shapes_of(file)
        for family in families:
            if family.recognises(shapes):
                return family
        raise ModelError(f"{str(file)!r} holds no model that fifo-live knows how to load. Known models: {known}.")
    classes = class_names(path)
    for family in families:
        if not set(classes).isdisjoint(family.classes):
            return family
    if classes:
        raise ModelError(f"{str(path)!r} holds a {classes[0]}, which fifo-live cannot run. Known models: {known}.")
    raise ModelError(
        f"The folder {str(path)!r} holds no model that fifo-live knows how to load: it has neither a model_index.json "
        f"nor a config.json nor one checkpoint file. Known models: {known}."
    )


def choose_card(family: Family, path: Path, name: str, report: Callable[[str], None]) -> Card:
    """Return the card that fits: by hub id, the network's config.json, the folder's or file's name; or the default.

    `report` is told where a folder could be several.
    """
    for card in family.cards:
        if card.hub_id == name:
            return card
    config = _network_config(path)
    told = [card for card in family.cards if card.config and card.config.items() <= config.items()]
    candidates = told or list(family.cards)
    named = [card for card in candidates if card.hub_id.partition("/")[2].lower() in str(path).lower()]
    filed = [card for card in candidates if card.file and card.file == path.name]
    fitting = named or filed or candidates
    if config and not named and len(fitting) > 1:
        others = ", ".join(card.hub_id for card in fitting[1:])
        report(
            f"{str(path)!r} is run with the settings of {fitting[0].hub_id}; it could also be {others}. "
            "Name the folder like one of them to have its settings."
        )
    return fitting[0]


def only_checkpoint(path: Path) -> Path | None:
    """Return a checkpoint file: the path itself, or the only one in a folder that has no configuration."""
    if path.is_file():
        return path
    files = [file for file in path.iterdir() if file.suffix in CHECKPOINT_ENDINGS]
    return files[0] if len(files) == 1 and not class_names(path) else None


def class_names(folder: Path) -> list[str]:
    """Return the `_class_name`s that a folder in diffusers' layout gives: the pipeline's, the network's."""
    files = [folder / "model_index.json", *(folder / network / "config.json" for network in NETWORKS)]
    names = [read_json(file).get("_class_name") for file in files if file.is_file()]
    return [str(name) for name in names if name]


def patch_of(path: Path) -> int:
    """Return how many cells of a latent's row the network in a folder takes together, by its config.json."""
    patch = _network_config(path).get("patch_size") or 1
    return int(patch[-1] if isinstance(patch, list) else patch)


def _network_config(path: Path) -> Mapping[str, Any]:
    files = [path / network / "config.json" for network in NETWORKS]
    return next((read_json(file) for file in files if file.is_file()), {})
