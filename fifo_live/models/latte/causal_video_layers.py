"""Layers of the causal video autoencoder of Open-Sora Plan v1.1, by the names that its configuration has for them.

Every layer takes frames and a memory: a layer that looks back finds there what it needs of the frames of the calls
before, and leaves what it will need. With an empty memory the frames are a whole clip.

Shape suffixes: B batch, F frames, C channels, G groups of channels, H and W height and width; N is B * F.
"""

from collections.abc import Callable, Mapping

import torch
from einops import rearrange
from torch import Tensor, nn
from torch.nn import functional

NUM_GROUPS = 32
EPSILON = 1e-6
KERNEL = 3
FADE = 15 / 16
"""How much of what was known of the frames before still counts after a call: about as many latents as a clip had."""

Memory = dict[nn.Module, Tensor]
Layer = Callable[[int, int], nn.Module]


def per_frame(layer: Callable[[Tensor], Tensor], x_BCFHW: Tensor) -> Tensor:
    """Run a layer for images on every frame by itself."""
    y_NCHW = layer(x_BCFHW.transpose(1, 2).flatten(0, 1))
    return y_NCHW.unflatten(0, (len(x_BCFHW), -1)).transpose(1, 2)


def repeat_first(x_BCFHW: Tensor, times: int) -> Tensor:
    """Put the first frame in front as often as told: what a causal kernel sees before the beginning."""
    return torch.cat([x_BCFHW[:, :, :1]] * times + [x_BCFHW], 2)


class Norm(nn.GroupNorm):
    """Normalises over all frames of the clip: in a stream over those so far, the older ones counting less."""

    def __init__(self, num_channels: int) -> None:
        super().__init__(NUM_GROUPS, num_channels, EPSILON)

    def forward(self, x_BCFHW: Tensor, memory: Memory) -> Tensor:  # type: ignore[override]
        x_BGn = x_BCFHW.unflatten(1, (NUM_GROUPS, -1)).flatten(2)
        mean_BG = x_BGn.mean(2, dtype=torch.float32)
        power_BG = torch.linalg.vector_norm(x_BGn, dim=2, dtype=torch.float32).square() / x_BGn.shape[2]
        sums_3BG = torch.stack([torch.ones_like(mean_BG), mean_BG, power_BG]) * x_BCFHW.shape[2]
        if self in memory:
            sums_3BG = sums_3BG + FADE * memory[self]
        memory[self] = sums_3BG
        mean_BG, power_BG = sums_3BG[1] / sums_3BG[0], sums_3BG[2] / sums_3BG[0]
        rate_BG = (power_BG - mean_BG.square() + self.eps).rsqrt()
        mean_BC, rate_BC = (each.repeat_interleave(x_BCFHW.shape[1] // NUM_GROUPS, 1) for each in (mean_BG, rate_BG))
        scale_BC = rate_BC * self.weight
        shift_BC = self.bias - mean_BC * scale_BC
        return x_BCFHW * _over_frames(scale_BC, x_BCFHW) + _over_frames(shift_BC, x_BCFHW)


class CausalConv(nn.Module):
    """A convolution that sees the present frame and those before it."""

    def __init__(self, num_in: int, num_out: int, kernel: int = KERNEL, kernel_in_time: int | None = None) -> None:
        super().__init__()
        self.num_past = (kernel if kernel_in_time is None else kernel_in_time) - 1
        margin = kernel // 2
        self.conv = nn.Conv3d(num_in, num_out, (self.num_past + 1, kernel, kernel), padding=(0, margin, margin))

    def forward(self, x_BCFHW: Tensor, memory: Memory) -> Tensor:
        if self in memory:
            x_BCFHW = torch.cat([memory[self], x_BCFHW], 2)
        else:
            x_BCFHW = repeat_first(x_BCFHW, self.num_past)
        if self.num_past:
            memory[self] = x_BCFHW[:, :, -self.num_past :].clone()
        y_BCFHW: Tensor = self.conv(x_BCFHW)
        return y_BCFHW


class ImageConv(nn.Conv2d):
    """A convolution of every frame by itself, which keeps height and width."""

    def __init__(self, num_in: int, num_out: int) -> None:
        super().__init__(num_in, num_out, KERNEL, padding=KERNEL // 2)

    def forward(self, x_BCFHW: Tensor, memory: Memory) -> Tensor:  # type: ignore[override]
        return per_frame(super().forward, x_BCFHW)


class Residual(nn.Module):
    """Two convolutions, whose result is added to what went in."""

    def __init__(self, num_in: int, num_out: int) -> None:
        super().__init__()
        self.norm1 = Norm(num_in)
        self.conv1 = CausalConv(num_in, num_out)
        self.norm2 = Norm(num_out)
        self.conv2 = CausalConv(num_out, num_out)
        self.nin_shortcut = CausalConv(num_in, num_out, 1) if num_in != num_out else None

    def forward(self, x: Tensor, memory: Memory) -> Tensor:
        h = self.conv1(functional.silu(self.norm1(x, memory)), memory)
        h = self.conv2(functional.silu(self.norm2(h, memory)), memory)
        y: Tensor = h + (x if self.nin_shortcut is None else self.nin_shortcut(x, memory))
        return y


class ImageResidual(nn.Module):
    """The same for every frame by itself."""

    def __init__(self, num_in: int, num_out: int) -> None:
        super().__init__()
        self.norm1 = nn.GroupNorm(NUM_GROUPS, num_in, EPSILON)
        self.conv1 = nn.Conv2d(num_in, num_out, KERNEL, padding=KERNEL // 2)
        self.norm2 = nn.GroupNorm(NUM_GROUPS, num_out, EPSILON)
        self.conv2 = nn.Conv2d(num_out, num_out, KERNEL, padding=KERNEL // 2)
        self.nin_shortcut = nn.Conv2d(num_in, num_out, 1) if num_in != num_out else nn.Identity()

    def forward(self, x_BCFHW: Tensor, memory: Memory) -> Tensor:
        return per_frame(self._of_image, x_BCFHW)

    def _of_image(self, x_NCHW: Tensor) -> Tensor:
        h = self.conv1(functional.silu(self.norm1(x_NCHW)))
        y: Tensor = self.conv2(functional.silu(self.norm2(h))) + self.nin_shortcut(x_NCHW)
        return y


class Attention(nn.Module):
    """Attention within each frame."""

    def __init__(self, num_in: int, num_out: int) -> None:
        super().__init__()
        self.norm = Norm(num_in)
        self.q, self.k, self.v = (CausalConv(num_in, num_out, 1) for _ in range(3))
        self.proj_out = CausalConv(num_out, num_out, 1)

    def forward(self, x_BCFHW: Tensor, memory: Memory) -> Tensor:
        h = self.norm(x_BCFHW, memory)
        q, k, v = (rearrange(layer(h, memory), "b c f h w -> b f (h w) c") for layer in (self.q, self.k, self.v))
        seen = functional.scaled_dot_product_attention(q, k, v)
        seen_BCFHW = rearrange(seen, "b f (h w) c -> b c f h w", h=x_BCFHW.shape[3])
        y: Tensor = x_BCFHW + self.proj_out(seen_BCFHW, memory)
        return y


class HalfSize(nn.Module):
    """Halves height and width."""

    def __init__(self, num_in: int, num_out: int) -> None:
        super().__init__()
        self.conv = nn.Conv2d(num_in, num_out, KERNEL, stride=2)

    def forward(self, x_BCFHW: Tensor, memory: Memory) -> Tensor:
        return per_frame(self.conv, functional.pad(x_BCFHW, (0, 1, 0, 1)))


class DoubleSize(nn.Module):
    """Doubles height and width."""

    def __init__(self, num_in: int, num_out: int) -> None:
        super().__init__()
        self.conv = CausalConv(num_in, num_out, KERNEL, kernel_in_time=1)

    def forward(self, x_BCFHW: Tensor, memory: Memory) -> Tensor:
        y: Tensor = self.conv(functional.interpolate(x_BCFHW, scale_factor=(1, 2, 2)), memory)
        return y


class HalfRate(nn.Module):
    """Halves the number of frames of a whole clip, but for the first: a mean and a convolution in learned shares."""

    def __init__(self, num_in: int, num_out: int) -> None:
        super().__init__()
        self.conv = nn.Conv3d(num_in, num_out, KERNEL, stride=(2, 1, 1), padding=(0, 1, 1))
        self.mix_factor = nn.Parameter(torch.zeros(1))

    def forward(self, x_BCFHW: Tensor, memory: Memory) -> Tensor:
        x = repeat_first(x_BCFHW, KERNEL - 1)
        mean = x.unfold(2, KERNEL, 2).mean(-1)
        return torch.lerp(self.conv(x), mean, self.mix_factor.sigmoid())


class DoubleRate(nn.Module):
    """Doubles the number of frames, but for the first: linearly, and by a convolution of that, in learned shares.

    In between it looks at both frames; a stream does not wait for the next one, the present one stands for it.
    """

    def __init__(self, num_in: int, num_out: int) -> None:
        super().__init__()
        self.conv = CausalConv(num_in, num_out)
        self.mix_factor = nn.Parameter(torch.zeros(1))

    def forward(self, x_BCFHW: Tensor, memory: Memory) -> Tensor:
        if self in memory:
            rest = torch.cat([memory[self], x_BCFHW], 2)
            x_BCFHW = _doubled(rest)[:, :, 2 * memory[self].shape[2] :]
        else:
            rest = x_BCFHW[:, :, 1:]
            x_BCFHW = torch.cat([x_BCFHW[:, :, :1], _doubled(rest)], 2)
        memory[self] = rest[:, :, -1:].clone()
        return torch.lerp(self.conv(x_BCFHW, memory), x_BCFHW, self.mix_factor.sigmoid())


LAYERS: Mapping[str, Layer] = {
    "Conv2d": ImageConv,
    "CausalConv3d": CausalConv,
    "ResnetBlock2D": ImageResidual,
    "ResnetBlock3D": Residual,
    "AttnBlock3DFix": Attention,
    "Downsample": HalfSize,
    "SpatialUpsample2x": DoubleSize,
    "TimeDownsampleRes2x": HalfRate,
    "TimeUpsampleRes2x": DoubleRate,
}
"""What the published configuration calls the layers."""


def _doubled(x_BCFHW: Tensor) -> Tensor:
    if not x_BCFHW.shape[2]:
        return x_BCFHW
    return functional.interpolate(x_BCFHW, scale_factor=(2, 1, 1), mode="trilinear")


def _over_frames(each_BC: Tensor, like: Tensor) -> Tensor:
    return each_BC[:, :, None, None, None].to(like.dtype)
