"""Models of the Hugging Face hub: what to download of a repository, and from where it is taken when offline."""

from collections import defaultdict
from collections.abc import Callable, Sequence
from pathlib import Path, PurePosixPath

import httpx2
import torch
from huggingface_hub import HfApi, snapshot_download
from huggingface_hub.constants import is_offline_mode
from huggingface_hub.errors import GatedRepoError, LocalEntryNotFoundError, RepositoryNotFoundError

from fifo_live.errors import ModelError
from fifo_live.models.common.weights import WEIGHT_ENDINGS, variant_of

TEXT_ENDINGS = (".json", ".txt", ".model")

Pick = Callable[[Sequence[str]], list[str]]


def fetch(hub_id: str, pick: Pick) -> Path:
    """Return the folder of a repository on this machine; what `pick` chooses of its files is downloaded if need be.

    Of a repository that holds several models, `owner/name/folder` is the folder of one.

    Raises: ModelError if it is not on this machine and cannot be had.
    """
    folder = folder_of(hub_id)
    return _snapshot(hub_id.removesuffix(f"/{folder}") if folder else hub_id, pick) / folder


def folder_of(hub_id: str) -> str:
    """Return what follows the repository in a hub id: the folder of one of its models, or nothing."""
    return "/".join(hub_id.split("/")[2:])


def _snapshot(hub_id: str, pick: Pick) -> Path:
    if is_offline_mode():
        return _cached(hub_id, "HF_HUB_OFFLINE is set")
    try:
        names = HfApi().list_repo_files(hub_id)
        return Path(snapshot_download(hub_id, allow_patterns=pick(names)))
    except GatedRepoError as error:
        raise ModelError(
            f"{hub_id} is given only to those who have accepted its terms: do so on its page on the hub, "
            "then set HF_TOKEN to a token of yours."
        ) from error
    except RepositoryNotFoundError as error:
        raise ModelError(f"The hub has no model {hub_id!r} (or it is private, and HF_TOKEN is not set).") from error
    except (httpx2.HTTPError, LocalEntryNotFoundError, OSError) as error:
        return _cached(hub_id, f"the hub does not answer ({type(error).__name__})")


def wanted_files(names: Sequence[str], dtype: torch.dtype) -> list[str]:
    """Return the files of a repository in diffusers' layout that a load reads: of each folder one kind of weights."""
    folders: dict[PurePosixPath, list[str]] = defaultdict(list)
    for name in names:
        folders[PurePosixPath(name).parent].append(PurePosixPath(name).name)
    wanted = []
    for folder, files in folders.items():
        is_part = folder != PurePosixPath() or ("config.json" in files and "model_index.json" not in files)
        wanted += [str(folder / file) for file in files if file.endswith(TEXT_ENDINGS)]
        wanted += [str(folder / file) for file in _weights(files, dtype) if is_part]
    return sorted(wanted)


def _weights(files: Sequence[str], dtype: torch.dtype) -> list[str]:
    for ending in WEIGHT_ENDINGS:
        kind = [file for file in files if file.endswith(ending)]
        if kind:
            variant = variant_of(files, dtype)
            return [file for file in kind if _variant(file) == variant]
    return []


def _variant(file: str) -> str | None:
    """Return the fp16 of `model.fp16.safetensors` and of `model.fp16-00001-of-00002.safetensors`."""
    middle = file.split(".")[1].partition("-")[0]
    return middle if middle in ("fp16", "bf16") else None


def _cached(hub_id: str, reason: str) -> Path:
    try:
        return Path(snapshot_download(hub_id, local_files_only=True))
    except LocalEntryNotFoundError as error:
        raise ModelError(
            f"{hub_id} is not on this machine, and {reason}. Download it where there is a network "
            f"('hf download {hub_id}'), or give its folder to --model."
        ) from error
