"""What is reckoned for the computation is what the published networks take: measured in shapes, nothing is computed.

Two layers of the published widths are run on the meta device; in inference the peak does not grow with their number.
"""

import json
import weakref
from collections.abc import Callable
from typing import Any

import diffusers
import pytest
import torch
from torch import Tensor
from torch.utils._python_dispatch import TorchDispatchMode
from torch.utils._pytree import tree_leaves

from fifo_live.models.card import Card
from fifo_live.models.cogvideox import network as frame_cogvideox
from fifo_live.models.cogvideox.cogvideox import FAMILY as COGVIDEOX
from fifo_live.models.cogvideox.network import PerFrameCogVideoX
from fifo_live.models.common.memory_estimate import LIVE_IN_TRANSFORMER, LIVE_IN_UNET, Work, width_per_cell
from fifo_live.models.common.per_frame_network import PerFrameNetwork
from fifo_live.models.latte.latte import FAMILY as LATTE
from fifo_live.models.latte.network import PerFrameLatte
from fifo_live.models.ltx.ltx import FAMILY as LTX
from fifo_live.models.ltx.network import PerFrameLTX
from fifo_live.models.unet3d.modelscope import FAMILY as MODELSCOPE
from fifo_live.models.unet3d.network import PerFrameUNet
from fifo_live.models.unet3d.videocrafter import FAMILY as VIDEOCRAFTER
from fifo_live.models.wan.anyflow import FAMILY as ANYFLOW
from fifo_live.models.wan.anyflow import FrameAnyFlow
from fifo_live.models.wan.skyreels import FAMILY as SKYREELS
from fifo_live.models.wan.skyreels import FrameSkyReels
from fifo_live.models.wan.wan import FAMILY as WAN
from fifo_live.models.wan.wan import FrameWan21

HALF = torch.bfloat16
Make = Callable[[], PerFrameNetwork]


class Live(TorchDispatchMode):
    """Counts the bytes of tensors that are alive, and the most there have been."""

    def __init__(self) -> None:
        super().__init__()
        self.now = self.peak = 0
        self._seen: set[int] = set()

    def __torch_dispatch__(self, func: Any, types: Any, args: Any = (), kwargs: Any = None) -> Any:
        out = func(*args, **(kwargs or {}))
        for tensor in tree_leaves(out):
            if isinstance(tensor, Tensor) and (key := tensor.untyped_storage()._cdata) not in self._seen:
                storage = tensor.untyped_storage()
                self._seen.add(key)
                self.now += storage.nbytes()
                self.peak = max(self.peak, self.now)
                weakref.finalize(storage, self._gone, key, storage.nbytes())
        return out

    def _gone(self, key: int, size: int) -> None:
        self._seen.discard(key)
        self.now -= size


def wan(heads: int, ffn: int, channels: int = 16) -> Make:
    sizes: dict[str, Any] = dict(num_attention_heads=heads, ffn_dim=ffn, in_channels=channels, out_channels=channels)
    return lambda: FrameWan21(diffusers.WanTransformer3DModel(num_layers=2, **sizes))


def skyreels() -> PerFrameNetwork:
    sizes: dict[str, Any] = dict(num_attention_heads=40, ffn_dim=13824, inject_sample_info=True)
    return FrameSkyReels(diffusers.SkyReelsV2Transformer3DModel(num_layers=2, **sizes), 24.0)


def anyflow() -> PerFrameNetwork:
    return FrameAnyFlow(diffusers.AnyFlowTransformer3DModel(num_layers=2, num_attention_heads=40, ffn_dim=13824))


def cogvideox() -> PerFrameNetwork:
    sizes: dict[str, Any] = dict(num_attention_heads=48, use_rotary_positional_embeddings=True)
    return PerFrameCogVideoX(diffusers.CogVideoXTransformer3DModel(num_layers=2, **sizes))


def ltx() -> PerFrameNetwork:
    sizes: dict[str, Any] = dict(num_attention_heads=32, attention_head_dim=128, cross_attention_dim=4096)
    transformer = diffusers.LTXVideoTransformer3DModel(num_layers=2, **sizes)
    return PerFrameLTX(transformer, 24.0, (8, 32), first_is_one_frame=True)


def latte() -> PerFrameNetwork:
    sizes: dict[str, Any] = dict(in_channels=4, out_channels=8, sample_size=64, patch_size=2, caption_channels=4096)
    norms: dict[str, Any] = dict(norm_type="ada_norm_single", norm_elementwise_affine=False, cross_attention_dim=1152)
    return PerFrameLatte(diffusers.LatteTransformer3DModel(num_layers=2, attention_head_dim=72, **sizes, **norms))


def modelscope() -> PerFrameNetwork:
    return PerFrameUNet(diffusers.UNet3DConditionModel(cross_attention_dim=1024, attention_head_dim=64))


def motion() -> PerFrameNetwork:
    return PerFrameUNet(diffusers.UNetMotionModel(cross_attention_dim=1024))


CASES: dict[str, tuple[Card, Make, tuple[int, int]]] = {
    "Wan 1.3B": (WAN.cards[0], wan(12, 8960), (512, 4096)),
    "Wan 14B": (WAN.cards[1], wan(40, 13824), (512, 4096)),
    "Wan 5B": (WAN.cards[2], wan(24, 14336, 48), (512, 4096)),
    "SkyReels 14B 720P": (SKYREELS.cards[2], skyreels, (512, 4096)),
    "AnyFlow 14B": (ANYFLOW.cards[1], anyflow, (512, 4096)),
    "CogVideoX 5B": (COGVIDEOX.cards[-1], cogvideox, (226, 4096)),
    "LTX 13B": (next(card for card in LTX.cards if "13B" in card.spec.name), ltx, (128, 4097)),
    "Latte": (LATTE.cards[0], latte, (120, 4097)),
    "zeroscope": (MODELSCOPE.cards[0], modelscope, (77, 1024)),
    "VideoCrafter2": (VIDEOCRAFTER.cards[0], motion, (77, 1024)),
}


def peak(make: Make, card: Card, text: tuple[int, int], windows: int) -> tuple[int, dict[str, Any]]:
    """The most bytes that are alive in a forward of so many windows, and the network's configuration."""
    spec = card.spec
    batch = windows * (2 if spec.supports_guidance else 1)
    with torch.device("meta"):
        network = make()
        inner = network._network
        torch.nn.Module.to(inner, HALF).eval()
        x = torch.empty(batch, spec.window, *spec.latent_shape)
        is_wan = hasattr(network, "step_to")
        cond = torch.empty(batch, 1, *text, dtype=HALF if is_wan else torch.float32).expand(-1, spec.window, *text)
        live = Live()
        with torch.no_grad(), live:
            network(x.to(HALF) if is_wan else x, torch.empty(batch, spec.window), cond)
    return live.peak, json.loads(json.dumps(dict(inner.config), default=str))


@pytest.mark.parametrize("windows", [1, 3])
@pytest.mark.parametrize("case", CASES)
def test_no_network_takes_more_than_is_reckoned(case: str, windows: int, monkeypatch: pytest.MonkeyPatch) -> None:
    """The activations of a forward at the published size are at most what is reckoned, and at least a quarter of it."""

    def attention(query: Tensor, *_args: Any, **_kwargs: Any) -> Tensor:
        return torch.empty_like(query)

    monkeypatch.setattr(torch.nn.functional, "scaled_dot_product_attention", attention)
    monkeypatch.setattr(frame_cogvideox, "scaled_dot_product_attention", attention)
    card, make, text = CASES[case]
    taken, config = peak(make, card, text, windows)
    kind = LIVE_IN_UNET if "block_out_channels" in config else LIVE_IN_TRANSFORMER
    work = Work(card, (card.spec.width, card.spec.height), HALF, width_per_cell(config), kind)
    assert windows * work.window_bytes() / 4 <= taken <= windows * work.window_bytes()
