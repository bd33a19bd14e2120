"""The denoiser: a two-stage convolutional network over latents whose every frame has its own time and prompt.

Shapes: B windows, F frames, N = B * F pictures, C channels, H W latent size, E conditioning entries, D embedding.
All pictures run channels-last through 3x3 convolutions; frames meet in 1x1 mixtures of three neighbours, and in
full attention over frames and places at the coarse stage, with rotary positions (arXiv 2104.09864) over frames.
"""

from __future__ import annotations

import math

import torch
import torch.nn.functional as nnf
from torch import Tensor, nn

EMBEDDING = 256
TIME_WAVES = 32
HEAD = 32  # channels of an attention head
SHARPNESS = 8.0  # largest attention logit
SINK_TIME = -0.5  # in the place of 0: this latent is from another moment of the shot


def with_sink_marked(t_BF: Tensor) -> Tensor:
    """Return times (B, F) as the network expects them: a window that begins with a clean latent begins with a sink.

    A sink shows what the shot looks like, not what happened last (attention sinks for endless video: arXiv 2509.25161).
    """
    marked_BF = t_BF.clone()
    marked_BF[:, 0] = torch.where(t_BF[:, 0] == 0, SINK_TIME, t_BF[:, 0])
    return marked_BF


def normed(x_NCHW: Tensor) -> Tensor:
    """Layer norm over channels, without weights."""
    x_NHWC = x_NCHW.permute(0, 2, 3, 1)
    return nnf.layer_norm(x_NHWC, x_NHWC.shape[-1:], eps=1e-5).permute(0, 3, 1, 2)


class Conditioner(nn.Module):
    """Times and prompts to one embedding per frame."""

    def __init__(self, entries: int) -> None:
        super().__init__()
        self.time = nn.Linear(2 * TIME_WAVES, EMBEDDING)
        self.prompt = nn.Linear(entries, EMBEDDING)
        self.first = nn.Linear(EMBEDDING, EMBEDDING)
        self.second = nn.Linear(EMBEDDING, EMBEDDING)
        nn.init.normal_(self.prompt.weight, std=0.7)
        rate_W = torch.exp(torch.linspace(math.log(0.5), math.log(60.0), TIME_WAVES))
        self.register_buffer("rate_W", rate_W, persistent=False)

    def forward(self, t_N: Tensor, cond_NE: Tensor) -> Tensor:
        wave_NW = t_N[:, None] * self.get_buffer("rate_W").float()
        waves = torch.cat((wave_NW.cos(), wave_NW.sin()), dim=1).to(cond_NE.dtype)
        joined = self.time(waves) + self.prompt(cond_NE)
        inner: Tensor = self.first(nnf.silu(joined))
        return nnf.silu(self.second(nnf.silu(inner)))


class Block(nn.Module):
    """Two 3x3 convolutions steered by the embedding, then a mixture of each frame with its two neighbours."""

    def __init__(self, width: int) -> None:
        super().__init__()
        self.film = nn.Linear(EMBEDDING, 2 * width)
        self.first = nn.Conv2d(width, width, 3, padding=1)
        self.second = nn.Conv2d(width, width, 3, padding=1)
        self.mix = nn.Conv2d(3 * width, width, 1)
        for layer in (self.film, self.second, self.mix):
            nn.init.zeros_(layer.weight)
            nn.init.zeros_(layer.bias)  # type: ignore[arg-type]

    def forward(self, x_NCHW: Tensor, embedding_ND: Tensor, num_frames: int) -> Tensor:
        scale, shift = self.film(embedding_ND)[:, :, None, None].chunk(2, dim=1)
        inner = self.first(nnf.silu(torch.addcmul(shift, normed(x_NCHW), 1 + scale)))
        x_NCHW = x_NCHW + self.second(nnf.silu(inner))
        mixed: Tensor = self.mix(nnf.silu(_with_neighbours(normed(x_NCHW), num_frames)))
        return x_NCHW + mixed


def _with_neighbours(x_NCHW: Tensor, num_frames: int) -> Tensor:
    """Concatenate the frame before, the frame and the frame after; zeros outside the window."""
    x_BFCHW = x_NCHW.view(-1, num_frames, *x_NCHW.shape[1:])
    padded = nnf.pad(x_BFCHW, (0, 0, 0, 0, 0, 0, 1, 1))
    joined = torch.cat((padded[:, :-2], x_BFCHW, padded[:, 2:]), dim=2)
    return joined.flatten(0, 1).contiguous(memory_format=torch.channels_last)


class Attention(nn.Module):
    """Full attention over all frames and places of a window."""

    def __init__(self, width: int) -> None:
        super().__init__()
        self.heads = width // HEAD
        self.project = nn.Linear(width, 3 * width)
        self.out = nn.Linear(width, width)
        nn.init.zeros_(self.out.weight)
        nn.init.zeros_(self.out.bias)
        self.register_buffer("rate_R", 0.5 * 0.25 ** torch.arange(4), persistent=False)

    def forward(self, x_NCHW: Tensor, num_frames: int) -> Tensor:
        height, width = x_NCHW.shape[-2:]
        tokens = normed(x_NCHW).permute(0, 2, 3, 1).reshape(-1, num_frames * height * width, x_NCHW.shape[1])
        q, k, v = self.project(tokens).unflatten(-1, (3, self.heads, HEAD)).permute(2, 0, 3, 1, 4)
        frame_L = torch.arange(num_frames, device=q.device).repeat_interleave(height * width)
        q = self._turned(nnf.normalize(q, dim=-1), frame_L)
        k = self._turned(nnf.normalize(k, dim=-1) * SHARPNESS, frame_L)
        # Written out: at these sizes the fused kernel takes twice as long on a CPU, forwards and backwards.
        weight_BSLL = (q @ k.transpose(-1, -2)).softmax(-1)
        mixed = (weight_BSLL @ v).transpose(1, 2).flatten(2)
        out_NHWC: Tensor = self.out(mixed).reshape(-1, height, width, x_NCHW.shape[1])
        return x_NCHW + out_NHWC.permute(0, 3, 1, 2)

    def _turned(self, x_BSLE: Tensor, frame_L: Tensor) -> Tensor:
        """Rotate the first eight entries of a head by angles that grow with the frame's place."""
        angle_LR = frame_L[:, None] * self.get_buffer("rate_R").float()
        cos, sin = angle_LR.cos().to(x_BSLE.dtype), angle_LR.sin().to(x_BSLE.dtype)
        a, b, rest = x_BSLE[..., :4], x_BSLE[..., 4:8], x_BSLE[..., 8:]
        return torch.cat((a * cos - b * sin, a * sin + b * cos, rest), dim=-1)


class VideoUNet(nn.Module):
    def __init__(
        self, latent_shape: tuple[int, int, int], entries: int, widths: tuple[int, int], depths: tuple[int, int]
    ) -> None:
        super().__init__()
        channels, height, width = latent_shape
        fine, coarse = widths
        self.conditioner = Conditioner(entries)
        self.first = nn.Conv2d(channels, fine, 3, padding=1)
        self.place_fine = nn.Parameter(0.02 * torch.randn(1, fine, height, width))
        self.place_coarse = nn.Parameter(0.02 * torch.randn(1, coarse, height // 2, width // 2))
        self.falling = nn.ModuleList(Block(fine) for _ in range(depths[0]))
        self.down = nn.Conv2d(4 * fine, coarse, 1)
        self.middle = nn.ModuleList(Block(coarse) for _ in range(depths[1]))
        self.attention = nn.ModuleList(Attention(coarse) for _ in range(depths[1]))
        self.up = nn.Conv2d(coarse, 4 * fine, 1)
        self.join = nn.Conv2d(2 * fine, fine, 1)
        self.rising = nn.ModuleList(Block(fine) for _ in range(depths[0]))
        self.last = nn.Conv2d(fine, channels, 3, padding=1)
        nn.init.zeros_(self.last.weight)
        nn.init.zeros_(self.last.bias)  # type: ignore[arg-type]

    def forward(self, x_BFCHW: Tensor, t_BF: Tensor, cond_BFE: Tensor) -> Tensor:
        """Return the flow (noise minus clean latent) at times t in 0..1, or SINK_TIME; the shape of x."""
        num_frames = x_BFCHW.shape[1]
        embedding, x, inner = self.fall(x_BFCHW, t_BF, cond_BFE)
        for block, attention in zip(self.middle, self.attention, strict=True):
            inner = attention(block(inner, embedding, num_frames), num_frames)
        x = self.join(torch.cat((x, nnf.pixel_shuffle(self.up(inner), 2)), dim=1))
        for block in self.rising:
            x = block(x, embedding, num_frames)
        flow: Tensor = self.last(nnf.silu(normed(x)))
        return flow.reshape(x_BFCHW.shape)

    def fall(self, x_BFCHW: Tensor, t_BF: Tensor, cond_BFE: Tensor) -> tuple[Tensor, Tensor, Tensor]:
        """Return the embedding (N, D), the pictures at the fine stage, and what the coarse stage begins with."""
        num_frames = x_BFCHW.shape[1]
        embedding = self.conditioner(t_BF.flatten(), cond_BFE.flatten(0, 1))
        x = self.first(x_BFCHW.flatten(0, 1).contiguous(memory_format=torch.channels_last)) + self.place_fine
        for block in self.falling:
            x = block(x, embedding, num_frames)
        return embedding, x, self.down(nnf.pixel_unshuffle(x, 2)) + self.place_coarse
