"""VideoCrafter in small, with the published names and the arithmetic of its papers (arXiv 2310.19512, 2401.09047).

Written from the published structure for the tests, apart from what fifo-live runs.

Shape suffixes: B batch, F frames, C channels, H and W height and width, L tokens, D width; N is B * F.
"""

import math
from collections.abc import Callable
from pathlib import Path
from typing import Any

import diffusers
import torch
from torch import Tensor, nn
from torch.nn.functional import gelu, interpolate

from tests.models.tiny import fill, write_clip_tokenizer

GROUPS = 32
CHANNELS = (32, 64)
HEAD = 16
TEXT_WIDTH = 64
FARTHEST = 4
FPS = 8
SCALE = 0.18215


class Residual(nn.Module):
    """Two convolutions over the picture, then (in the second version) four over time."""

    def __init__(self, before: int, after: int, emb: int, *, over_time: bool) -> None:
        super().__init__()
        self.in_layers = nn.Sequential(nn.GroupNorm(GROUPS, before), nn.SiLU(), nn.Conv2d(before, after, 3, padding=1))
        self.emb_layers = nn.Sequential(nn.SiLU(), nn.Linear(emb, after))
        last = nn.Conv2d(after, after, 3, padding=1)
        self.out_layers = nn.Sequential(nn.GroupNorm(GROUPS, after), nn.SiLU(), nn.Identity(), last)
        self.skip_connection = nn.Conv2d(before, after, 1) if before != after else nn.Identity()
        if over_time:
            self.temopral_conv = nn.ModuleDict({f"conv{i}": over_frames(after, dropout=i > 1) for i in (1, 2, 3, 4)})

    def forward(self, x_BCFHW: Tensor, emb_BD: Tensor, _text: Tensor) -> Tensor:
        num_frames = x_BCFHW.shape[2]
        x_NCHW = x_BCFHW.transpose(1, 2).flatten(0, 1)
        emb_NC11 = self.emb_layers(emb_BD).repeat_interleave(num_frames, 0)[..., None, None]
        h = self.out_layers(self.in_layers(x_NCHW) + emb_NC11) + self.skip_connection(x_NCHW)
        h_BCFHW: Tensor = h.unflatten(0, (-1, num_frames)).transpose(1, 2)
        over_time = h_BCFHW
        for conv in self.temopral_conv.values() if hasattr(self, "temopral_conv") else ():
            over_time = conv(over_time)
        return h_BCFHW + over_time if hasattr(self, "temopral_conv") else h_BCFHW


def over_frames(channels: int, *, dropout: bool) -> nn.Sequential:
    """Return a convolution over three frames, with dropout's place in the numbering."""
    conv = nn.Conv3d(channels, channels, (3, 1, 1), padding=(1, 0, 0))
    return nn.Sequential(nn.GroupNorm(GROUPS, channels), nn.SiLU(), *[nn.Identity()] * dropout, conv)


class Table(nn.Module):
    """A vector for every distance between two frames."""

    def __init__(self) -> None:
        super().__init__()
        self.embeddings_table = nn.Parameter(torch.zeros(2 * FARTHEST + 1, HEAD))

    def forward(self, length: int) -> Tensor:
        rows = [[min(max(k - q, -FARTHEST), FARTHEST) + FARTHEST for k in range(length)] for q in range(length)]
        return self.embeddings_table[torch.tensor(rows)]


class Attention(nn.Module):
    """Attention over tokens, where wished with a vector for every distance on keys and values."""

    def __init__(self, width: int, context: int, heads: int, *, relative: bool) -> None:
        super().__init__()
        self.heads = heads
        self.to_q = nn.Linear(width, heads * HEAD, bias=False)
        self.to_k = nn.Linear(context, heads * HEAD, bias=False)
        self.to_v = nn.Linear(context, heads * HEAD, bias=False)
        self.to_out = nn.Sequential(nn.Linear(heads * HEAD, width))
        if relative:
            self.relative_position_k, self.relative_position_v = Table(), Table()

    def forward(self, x_NLD: Tensor, context: Tensor) -> Tensor:
        q, k, v = (
            layer(seen).unflatten(-1, (self.heads, HEAD)).transpose(1, 2)
            for layer, seen in ((self.to_q, x_NLD), (self.to_k, context), (self.to_v, context))
        )
        k, v = k[:, :, None], v[:, :, None]
        if hasattr(self, "relative_position_k"):
            k = k + self.relative_position_k(x_NLD.shape[1])
            v = v + self.relative_position_v(x_NLD.shape[1])
        weights = ((q[:, :, :, None] * k).sum(-1) / math.sqrt(HEAD)).softmax(-1)
        out: Tensor = self.to_out((weights[..., None] * v).sum(3).transpose(1, 2).flatten(2))
        return out


class Gated(nn.Module):
    """The wide, gated half of the feed-forward."""

    def __init__(self, width: int) -> None:
        super().__init__()
        self.proj = nn.Linear(width, 8 * width)

    def forward(self, x: Tensor) -> Tensor:
        value, gate = self.proj(x).chunk(2, -1)
        return value * gelu(gate)


class Layer(nn.Module):
    """Two attentions and a feed-forward; without a text both look at the tokens themselves."""

    def __init__(self, width: int, context: int, heads: int, *, relative: bool) -> None:
        super().__init__()
        self.attn1 = Attention(width, width, heads, relative=relative)
        self.attn2 = Attention(width, context, heads, relative=relative)
        self.ff = nn.ModuleDict({"net": nn.Sequential(Gated(width), nn.Identity(), nn.Linear(4 * width, width))})
        self.norm1, self.norm2, self.norm3 = (nn.LayerNorm(width) for _ in range(3))

    def forward(self, x: Tensor, text: Tensor | None) -> Tensor:
        seen = self.norm1(x)
        x = x + self.attn1(seen, seen)
        seen = self.norm2(x)
        x = x + self.attn2(seen, seen if text is None else text)
        out: Tensor = x + self.ff["net"](self.norm3(x))
        return out


class Transformer(nn.Module):
    """Attends within each picture and to the text, or (over time) within each place of the picture."""

    def __init__(
        self, channels: int, heads: int, *, over_time: bool, relative: bool = False, conv: bool = False
    ) -> None:
        super().__init__()
        self.over_time = over_time
        width, context = heads * HEAD, heads * HEAD if over_time else TEXT_WIDTH
        self.norm = nn.GroupNorm(GROUPS, channels, eps=1e-6)
        self.proj_in: nn.Module = nn.Conv1d(channels, width, 1) if conv else nn.Linear(channels, width)
        self.transformer_blocks = nn.ModuleList([Layer(width, context, heads, relative=relative)])
        self.proj_out: nn.Module = nn.Conv1d(width, channels, 1) if conv else nn.Linear(width, channels)

    def forward(self, x_BCFHW: Tensor, _emb: Tensor, text_BLD: Tensor) -> Tensor:
        batch, _, num_frames, height, width = x_BCFHW.shape
        if self.over_time:
            tokens = self.norm(x_BCFHW).permute(0, 3, 4, 2, 1).flatten(0, 2)
        else:
            pictures = x_BCFHW.transpose(1, 2).flatten(0, 1)
            tokens = self.norm(pictures).flatten(2).transpose(1, 2)
        tokens = self.transformer_blocks[0](
            self._project(self.proj_in, tokens),
            None if self.over_time else text_BLD.repeat_interleave(num_frames, 0),
        )
        tokens = self._project(self.proj_out, tokens)
        if self.over_time:
            return x_BCFHW + tokens.unflatten(0, (batch, height, width)).permute(0, 4, 3, 1, 2)
        back = tokens.unflatten(0, (batch, num_frames)).unflatten(2, (height, width))
        return x_BCFHW + back.permute(0, 4, 1, 2, 3)

    @staticmethod
    def _project(layer: nn.Module, tokens: Tensor) -> Tensor:
        out: Tensor = layer(tokens.mT).mT if isinstance(layer, nn.Conv1d) else layer(tokens)
        return out


class Resample(nn.Module):
    """Halves or doubles the picture's sides."""

    def __init__(self, channels: int, *, up: bool) -> None:
        super().__init__()
        if up:
            self.conv = nn.Conv2d(channels, channels, 3, padding=1)
        else:
            self.op = nn.Conv2d(channels, channels, 3, stride=2, padding=1)

    def forward(self, x_BCFHW: Tensor, _emb: Tensor, _text: Tensor) -> Tensor:
        pictures = x_BCFHW.transpose(1, 2).flatten(0, 1)
        up = hasattr(self, "conv")
        pictures = self.conv(interpolate(pictures, scale_factor=2)) if up else self.op(pictures)
        out: Tensor = pictures.unflatten(0, (len(x_BCFHW), -1)).transpose(1, 2)
        return out


class InputConv(nn.Conv2d):
    """The first convolution, picture by picture."""

    def forward(self, x_BCFHW: Tensor, _emb: Tensor, _text: Tensor) -> Tensor:  # type: ignore[override]
        pictures = super().forward(x_BCFHW.transpose(1, 2).flatten(0, 1))
        return pictures.unflatten(0, (len(x_BCFHW), -1)).transpose(1, 2)


class Unet(nn.Module):
    """Two levels of one block each; only the upper level attends."""

    def __init__(self, version: int, *, has_rate: bool) -> None:
        super().__init__()
        first, second = CHANNELS
        emb, relative, conv = 4 * first, version == 1, version == 2

        def block(before: int, after: int, *, attends: bool, more: tuple[nn.Module, ...] = ()) -> nn.ModuleList:
            looks = [
                Transformer(after, after // HEAD, over_time=over, relative=over and relative) for over in (False, True)
            ]
            residual = Residual(before, after, emb, over_time=conv)
            return nn.ModuleList([residual, *(looks if attends else ()), *more])

        self.time_embed = nn.Sequential(nn.Linear(first, emb), nn.SiLU(), nn.Linear(emb, emb))
        if has_rate:
            self.fps_embedding = nn.Sequential(nn.Linear(first, emb), nn.SiLU(), nn.Linear(emb, emb))
        self.init_attn = nn.ModuleList([Transformer(first, 8, over_time=True, relative=relative, conv=True)])
        self.input_blocks = nn.ModuleList(
            [
                nn.ModuleList([InputConv(4, first, 3, padding=1)]),
                block(first, first, attends=True),
                nn.ModuleList([Resample(first, up=False)]),
                block(first, second, attends=False),
            ]
        )
        middle = block(second, second, attends=True)
        self.middle_block = nn.ModuleList([*middle, Residual(second, second, emb, over_time=conv)])
        self.output_blocks = nn.ModuleList(
            [
                block(second + second, second, attends=False),
                block(second + first, second, attends=False, more=(Resample(second, up=True),)),
                block(second + first, first, attends=True),
                block(first + first, first, attends=True),
            ]
        )
        self.out = nn.Sequential(nn.GroupNorm(GROUPS, first), nn.SiLU(), nn.Conv2d(first, 4, 3, padding=1))

    def forward(self, x_BCFHW: Tensor, t: float, text_BLD: Tensor) -> Tensor:
        emb = self.time_embed(waves(t))
        if hasattr(self, "fps_embedding"):
            emb = emb + self.fps_embedding(waves(FPS))
        emb = emb.expand(len(x_BCFHW), -1)
        h, skips = x_BCFHW, []
        blocks: list[Any] = list(self.input_blocks)
        blocks[0] = [*blocks[0], *self.init_attn]
        for block in blocks:
            for part in block:
                h = part(h, emb, text_BLD)
            skips.append(h)
        for part in self.middle_block:
            h = part(h, emb, text_BLD)
        outputs: Any = self.output_blocks
        for block in outputs:
            h = torch.cat([h, skips.pop()], 1)
            for part in block:
                h = part(h, emb, text_BLD)
        pictures = self.out(h.transpose(1, 2).flatten(0, 1))
        out: Tensor = pictures.unflatten(0, (len(x_BCFHW), -1)).transpose(1, 2)
        return out


def waves(t: float) -> Tensor:
    """Return the cosines and sines by which a network is told a time or a frame rate: (1, D)."""
    half = CHANNELS[0] // 2
    angles = t * torch.exp(-math.log(10000) * torch.arange(half) / half)
    return torch.cat([angles.cos(), angles.sin()])[None]


class OpenClip(nn.Module):
    """OpenCLIP's text tower; `forward` gives the states of the layer before the last, normed."""

    def __init__(self, num_layers: int = 3) -> None:
        super().__init__()
        self.token_embedding = nn.Embedding(514, TEXT_WIDTH)
        self.positional_embedding = nn.Parameter(torch.zeros(77, TEXT_WIDTH))
        self.transformer = nn.ModuleDict({"resblocks": nn.ModuleList(ClipLayer() for _ in range(num_layers))})
        self.ln_final = nn.LayerNorm(TEXT_WIDTH)
        self.text_projection = nn.Parameter(torch.zeros(TEXT_WIDTH, TEXT_WIDTH))
        self.logit_scale = nn.Parameter(torch.zeros(()))

    def forward(self, tokens: Tensor) -> Tensor:
        x = self.token_embedding(tokens) + self.positional_embedding
        layers: Any = self.transformer["resblocks"]
        for layer in layers[:-1]:
            x = layer(x)
        out: Tensor = self.ln_final(x)
        return out


class ClipLayer(nn.Module):
    """One layer of a text tower, in which a token sees those before it."""

    def __init__(self) -> None:
        super().__init__()
        self.ln_1, self.ln_2 = nn.LayerNorm(TEXT_WIDTH), nn.LayerNorm(TEXT_WIDTH)
        self.attn = nn.MultiheadAttention(TEXT_WIDTH, 1, batch_first=True)
        wide = 4 * TEXT_WIDTH
        self.mlp = nn.ModuleDict({"c_fc": nn.Linear(TEXT_WIDTH, wide), "c_proj": nn.Linear(wide, TEXT_WIDTH)})

    def forward(self, x: Tensor) -> Tensor:
        mask = nn.Transformer.generate_square_subsequent_mask(x.shape[1])
        seen = self.ln_1(x)
        x = x + self.attn(seen, seen, seen, attn_mask=mask, need_weights=False)[0]
        out: Tensor = x + self.mlp["c_proj"](gelu(self.mlp["c_fc"](self.ln_2(x))))
        return out


# The checkpoint


def unet(version: int, *, has_rate: bool = True) -> Any:
    """Return the UNet of version 1 or 2 that `write` writes."""
    return _same_each_time(lambda: Unet(version, has_rate=has_rate))


def text_tower() -> Any:
    """Return the text tower that `write` writes."""
    return _same_each_time(OpenClip)


def autoencoder() -> Any:
    """Return the autoencoder that `write` writes, in diffusers' form."""
    return _same_each_time(
        lambda: diffusers.AutoencoderKL(
            block_out_channels=(32,) * 4,
            down_block_types=("DownEncoderBlock2D",) * 4,
            up_block_types=("UpDecoderBlock2D",) * 4,
        )
    )


def _same_each_time(make: Callable[[], Any]) -> Any:
    with torch.random.fork_rng():
        torch.manual_seed(0)
        return fill(make())


def write(folder: Path, version: int, *, has_rate: bool = True) -> Path:
    """Write model.ckpt as VideoCrafter publishes it, and a tokenizer beside it."""
    parts = {
        "model.diffusion_model.": unet(version, has_rate=has_rate).state_dict(),
        "cond_stage_model.model.": text_tower().state_dict(),
        "first_stage_model.": dict(ldm_names(autoencoder())),
    }
    tensors = {prefix + key: tensor for prefix, part in parts.items() for key, tensor in part.items()}
    folder.mkdir(parents=True, exist_ok=True)
    torch.save({"state_dict": {**tensors, "betas": torch.zeros(1000)}, "global_step": 1}, folder / "model.ckpt")
    write_clip_tokenizer(folder / "tokenizer")
    return folder / "model.ckpt"


def ldm_names(vae: Any) -> list[tuple[str, Tensor]]:
    """Return the autoencoder's tensors as latent diffusion names and shapes them."""
    renames = [
        ("mid_block.attentions.0.group_norm", "mid.attn_1.norm"),
        ("mid_block.attentions.0.to_out.0", "mid.attn_1.proj_out"),
        ("mid_block.attentions.0.to_", "mid.attn_1."),
        ("mid_block.resnets.0", "mid.block_1"),
        ("mid_block.resnets.1", "mid.block_2"),
        ("conv_norm_out", "norm_out"),
        ("conv_shortcut", "nin_shortcut"),
        *((f"down_blocks.{i}.resnets", f"down.{i}.block") for i in range(4)),
        *((f"down_blocks.{i}.downsamplers.0", f"down.{i}.downsample") for i in range(4)),
        *((f"up_blocks.{i}.resnets", f"up.{3 - i}.block") for i in range(4)),
        *((f"up_blocks.{i}.upsamplers.0", f"up.{3 - i}.upsample") for i in range(4)),
    ]
    named = []
    for key, tensor in vae.state_dict().items():
        name = key
        for ours, published in renames:
            name = name.replace(ours, published)
        is_projection = ".attn_1." in name and "norm" not in name and tensor.ndim == 2
        named.append((name, tensor[..., None, None] if is_projection else tensor))
    return named


# What tests/models/families.py asks for


def write_videocrafter(folder: Path) -> Path:
    """Write the one file of VideoCrafter/VideoCrafter2."""
    return write(folder, 2)


def write_first_videocrafter(folder: Path) -> Path:
    """Write the one file of VideoCrafter/Text2Video-1024."""
    return write(folder, 1)


def stock_videocrafter(_path: Path, x_BFCHW: Tensor, t: float, cond_LD: Tensor) -> Tensor:
    """Run VideoCrafter2's UNet."""
    return _run(unet(2), x_BFCHW, t, cond_LD)


def stock_first_videocrafter(_path: Path, x_BFCHW: Tensor, t: float, cond_LD: Tensor) -> Tensor:
    """Run VideoCrafter1's UNet."""
    return _run(unet(1), x_BFCHW, t, cond_LD)


def whole_videocrafter(_path: Path, x_FCHW: Tensor) -> Tensor:
    """Decode with the AutoencoderKL that Stable Diffusion's autoencoder is, picture by picture."""
    vae = autoencoder()
    return torch.cat([vae.decode(x_1CHW / SCALE).sample for x_1CHW in torch.split(x_FCHW, 1)])


def _run(network: Any, x_BFCHW: Tensor, t: float, cond_LD: Tensor) -> Tensor:
    out: Tensor = network(x_BFCHW.transpose(1, 2), t, cond_LD.expand(len(x_BFCHW), *cond_LD.shape))
    return out.transpose(1, 2)
