"""The names that --model takes, known without loading anything; the one list of adapters."""

import difflib
import re
from collections.abc import Iterable
from functools import cache
from importlib.metadata import EntryPoint, entry_points
from typing import NamedTuple

from fifo_live.errors import ModelError


class Adapter(NamedTuple):
    """Where a family's code is, and what it runs."""

    code: str  # module:attribute, of a `Family` or a `Loader`
    hub_ids: tuple[str, ...] = ()  # of its cards, for suggestions; a test compares the two


ADAPTERS: dict[str, Adapter] = {
    "animatediff": Adapter(
        "fifo_live.models.unet3d.animatediff:FAMILY",
        (
            "guoyww/animatediff-motion-adapter-v1-5-3",
            "guoyww/animatediff-motion-adapter-v1-5-2",
            "ByteDance/AnimateDiff-Lightning/animatediff_lightning_8step_diffusers.safetensors",
            "ByteDance/AnimateDiff-Lightning",
            "wangfuyun/AnimateLCM",
        ),
    ),
    "anyflow": Adapter(
        "fifo_live.models.wan.anyflow:FAMILY",
        (
            "nvidia/AnyFlow-Wan2.1-T2V-1.3B-Diffusers",
            "nvidia/AnyFlow-Wan2.1-T2V-14B-Diffusers",
        ),
    ),
    "bundled": Adapter("fifo_live.models.bundled:load"),
    "cogvideox": Adapter(
        "fifo_live.models.cogvideox.cogvideox:FAMILY",
        (
            "THUDM/CogVideoX-2b",
            "THUDM/CogVideoX-5b",
        ),
    ),
    "latte": Adapter(
        "fifo_live.models.latte.latte:FAMILY",
        ("maxin-cn/Latte-1",),
    ),
    "ltx": Adapter(
        "fifo_live.models.ltx.ltx:FAMILY",
        (
            "Lightricks/LTX-Video",
            "Lightricks/LTX-Video-0.9.8-13B-distilled",
            "Lightricks/LTX-Video-0.9.7-distilled",
            "Lightricks/LTX-Video-0.9.7-dev",
            "Lightricks/LTX-Video-0.9.5",
        ),
    ),
    "modelscope": Adapter(
        "fifo_live.models.unet3d.modelscope:FAMILY",
        (
            "cerspense/zeroscope_v2_576w",
            "ali-vilab/text-to-video-ms-1.7b",
        ),
    ),
    "opensoraplan": Adapter(
        "fifo_live.models.latte.opensoraplan:FAMILY",
        (
            "LanguageBind/Open-Sora-Plan-v1.1.0/65x512x512",
            "LanguageBind/Open-Sora-Plan-v1.1.0/221x512x512",
        ),
    ),
    "skyreels": Adapter(
        "fifo_live.models.wan.skyreels:FAMILY",
        (
            "Skywork/SkyReels-V2-DF-1.3B-540P-Diffusers",
            "Skywork/SkyReels-V2-DF-14B-540P-Diffusers",
            "Skywork/SkyReels-V2-DF-14B-720P-Diffusers",
        ),
    ),
    "videocrafter": Adapter(
        "fifo_live.models.unet3d.videocrafter:FAMILY",
        (
            "VideoCrafter/VideoCrafter2",
            "VideoCrafter/Text2Video-1024",
            "VideoCrafter/Text2Video-512",
        ),
    ),
    "wan": Adapter(
        "fifo_live.models.wan.wan:FAMILY",
        (
            "Wan-AI/Wan2.1-T2V-1.3B-Diffusers",
            "Wan-AI/Wan2.1-T2V-14B-Diffusers",
            "Wan-AI/Wan2.2-TI2V-5B-Diffusers",
            "FastVideo/FastWan2.1-T2V-1.3B-Diffusers",
            "FastVideo/FastWan2.1-T2V-14B-Diffusers",
            "FastVideo/FastWan2.2-TI2V-5B-FullAttn-Diffusers",
            "lightx2v/Wan2.1-Distill-Models",
        ),
    ),
}
"""Every model family by name: the one place where a new family is written down."""

ENTRY_POINTS = "fifo_live.models"
"""The group of entry points in which other packages name theirs, in the same way."""

HUB_ID = re.compile(r"[\w.-]+/[\w.-]+(/[\w.-]+)?")


@cache
def plugins() -> dict[str, EntryPoint]:
    """Return the models that other packages bring, by name."""
    return {point.name: point for point in entry_points(group=ENTRY_POINTS)}


def forget_plugins() -> None:
    """Look for other packages' models anew: what was installed since is then found too."""
    plugins.cache_clear()


def family_names() -> list[str]:
    """Return the names of all families, in order."""
    return sorted((*ADAPTERS, *plugins()))


def published() -> list[str]:
    """Return the hub ids of all cards, in the order of the families."""
    return [hub_id for adapter in ADAPTERS.values() for hub_id in adapter.hub_ids]


def unknown_model(name: str) -> ModelError:
    """Return what is said of a name that stands for nothing."""
    return ModelError(
        f"There is no model called {name!r}, and no folder of that name.{suggestion(name)} Known models: "
        f"{', '.join(family_names())}; `fifo-live models` lists hub ids, which are written owner/name; your own is "
        "named as package.module:loader."
    )


def suggestion(name: str) -> str:
    """Return ` Did you mean X?` for the known name that is most like a wrong one, or nothing."""
    known = {key.lower(): full for full in (*family_names(), *published()) for key in _keys(full)}
    found = difflib.get_close_matches(name.lower(), known, n=1, cutoff=0.7)
    return f" Did you mean {known[found[0]]!r}?" if found and known[found[0]] != name else ""


def _keys(full: str) -> Iterable[str]:
    """Return what people may have meant to type for a name: also a hub id without its owner."""
    return (full, full.partition("/")[2]) if "/" in full else (full,)
