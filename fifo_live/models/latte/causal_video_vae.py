"""The causal video autoencoder of Open-Sora Plan v1.1: four pictures to a latent, the first one to a latent by itself.

Built as its published config.json says (github.com/PKU-YuanGroup/Open-Sora-Plan, Train_And_Eval_CausalVideoVAE.md); the
names of the modules are those of the published tensors. Only its convolutions are causal: its upsampling in time looks
at the next frame, and its normalisation at all frames of a clip. So a stream cannot equal a whole decode: its
convolutions do, but the normalisation goes by the frames so far, and the next frame is not waited for. (The authors'
own decoder cuts long clips into pieces of 17 latents.)

Shape suffixes: B batch, F frames, C channels, 3 RGB, H and W height and width.
"""

from collections.abc import Mapping
from typing import Any

import torch
from torch import Tensor, nn
from torch.nn import functional

from fifo_live.errors import ModelError
from fifo_live.models.common.checkpoint import Checkpoint
from fifo_live.models.common.decoders import CausalDecoder
from fifo_live.models.common.materialise import filled
from fifo_live.models.latte.causal_video_layers import LAYERS, CausalConv, Memory, Norm

SCALE = 0.18215
RGB = 3

Config = Mapping[str, Any]


class Level(nn.Module):
    """The layers at one size, and what leads to the next."""

    def __init__(self, block: str, widths: list[int], **resample: str) -> None:
        super().__init__()
        pairs = zip(widths[:-1], widths[1:], strict=True)
        self.block = nn.ModuleList([_layer(block, num_in, num_out) for num_in, num_out in pairs])
        self._resample = [name for name, layer in resample.items() if layer]
        for name in self._resample:
            self.add_module(name, _layer(resample[name], widths[-1], widths[-1]))

    def forward(self, x: Tensor, memory: Memory) -> Tensor:
        for layer in (*self.block, *map(self.get_submodule, self._resample)):
            x = layer(x, memory)
        return x


class Middle(nn.Module):
    """The layers at the size of the latents."""

    def __init__(self, block: str, attention: str, width: int) -> None:
        super().__init__()
        self.block_1 = _layer(block, width, width)
        self.attn_1 = _layer(attention, width, width)
        self.block_2 = _layer(block, width, width)

    def forward(self, x: Tensor, memory: Memory) -> Tensor:
        y: Tensor = self.block_2(self.attn_1(self.block_1(x, memory), memory), memory)
        return y


class Encoder(nn.Module):
    """Turns pixels into means and variances of latents."""

    def __init__(self, config: Config) -> None:
        super().__init__()
        widths = [config["hidden_size"] * factor for factor in config["hidden_size_mult"]]
        self.conv_in = _layer(config["encoder_conv_in"], RGB, config["hidden_size"])
        self.down = nn.ModuleList(
            Level(
                config["encoder_resnet_blocks"][level],
                [before] + [width] * config["num_res_blocks"],
                downsample=config["encoder_spatial_downsample"][level],
                time_downsample=config["encoder_temporal_downsample"][level],
            )
            for level, (before, width) in enumerate(zip([config["hidden_size"], *widths[:-1]], widths, strict=True))
        )
        self.mid = Middle(config["encoder_mid_resnet"], config["encoder_attention"], widths[-1])
        self.norm_out = Norm(widths[-1])
        self.conv_out = _layer(config["encoder_conv_out"], widths[-1], 2 * config["z_channels"])

    def forward(self, x: Tensor, memory: Memory) -> Tensor:
        x = self.conv_in(x, memory)
        for level in self.down:
            x = level(x, memory)
        x = self.norm_out(self.mid(x, memory), memory)
        y: Tensor = self.conv_out(functional.silu(x), memory)
        return y


class Decoder(nn.Module):
    """Turns latents into pixels."""

    def __init__(self, config: Config) -> None:
        super().__init__()
        widths = [config["hidden_size"] * factor for factor in config["hidden_size_mult"]]
        self.conv_in = _layer(config["decoder_conv_in"], config["z_channels"], widths[-1])
        self.mid = Middle(config["decoder_mid_resnet"], config["decoder_attention"], widths[-1])
        self.up = nn.ModuleList(
            Level(
                config["decoder_resnet_blocks"][level],
                [before] + [width] * (config["num_res_blocks"] + 1),
                upsample=config["decoder_spatial_upsample"][level],
                time_upsample=config["decoder_temporal_upsample"][level],
            )
            for level, (before, width) in enumerate(zip([*widths[1:], widths[-1]], widths, strict=True))
        )
        self.norm_out = Norm(widths[0])
        self.conv_out = _layer(config["decoder_conv_out"], widths[0], RGB)

    def forward(self, x: Tensor, memory: Memory) -> Tensor:
        x = self.mid(self.conv_in(x, memory), memory)
        for level in reversed(self.up):
            x = level(x, memory)
        y: Tensor = self.conv_out(functional.silu(self.norm_out(x, memory)), memory)
        return y


class CausalVideoNetwork(nn.Module):
    """Encoder and decoder, with what stands between them and the latents.

    Raises: ModelError if the configuration names a layer that is not known.
    """

    def __init__(self, config: Config) -> None:
        super().__init__()
        if config.get("attn_resolutions"):
            raise ModelError("The autoencoder has attention between its levels, which fifo-live does not know.")
        self.encoder = Encoder(config)
        self.decoder = Decoder(config)
        self.quant_conv = CausalConv(2 * config["z_channels"], 2 * config["embed_dim"], 1)
        self.post_quant_conv = CausalConv(config["embed_dim"], config["z_channels"], 1)

    def encode(self, pixels_B3FHW: Tensor) -> Tensor:
        """Return the means of a whole clip's latents: (B, C, F', H', W')."""
        memory: Memory = {}
        moments: Tensor = self.quant_conv(self.encoder(pixels_B3FHW, memory), memory)
        return moments.chunk(2, dim=1)[0]

    def decode(self, x_BCFHW: Tensor, memory: Memory) -> Tensor:
        """Return pixels between -1 and 1: (B, 3, F', H', W'); with an empty memory the first latent is one frame."""
        pixels: Tensor = self.decoder(self.post_quant_conv(x_BCFHW, memory), memory)
        return pixels


class CausalVideoVae:
    """The autoencoder of one clip; latents are as the diffusion network sees them."""

    def __init__(self, network: CausalVideoNetwork, config: Config) -> None:
        self._network = network
        self.channels = int(config["embed_dim"])
        self.stride = 2 ** sum(map(bool, config["decoder_spatial_upsample"]))

    @classmethod
    def load(cls, checkpoint: Checkpoint) -> "CausalVideoVae":
        """Load the `vae` of a folder; what is left in it from the training (`loss`) is not.

        Raises: ModelError if something of it is missing.
        """
        config = checkpoint.config("vae")
        tensors = {key: value for key, value in checkpoint.tensors("vae").items() if not key.startswith("loss.")}
        network = filled(lambda: CausalVideoNetwork(config), tensors, "autoencoder")
        return cls(checkpoint.place("vae", network), config)

    def decode(self, x_FCHW: Tensor, memory: Memory | None = None) -> tuple[Tensor, Memory]:
        """Return pixels between -1 and 1, (frames, 3, H, W), and what the next call has to know."""
        kept = {} if memory is None else memory
        x_1CFHW = x_FCHW.to(self._like).div(SCALE).transpose(0, 1)[None]
        return self._network.decode(x_1CFHW, kept)[0].transpose(0, 1), kept

    def decoder(self) -> CausalDecoder[Memory]:
        """Return a fresh decoder for one stream."""
        return CausalDecoder(self.decode)

    @torch.inference_mode()
    def encode(self, pictures_FHWC: Tensor) -> Tensor:
        """Return the latents of 1 + 4n uint8 pictures: float32, (1 + n, C, H, W)."""
        pixels_13FHW = (pictures_FHWC.to(self._like) / 127.5 - 1).permute(3, 0, 1, 2)[None]
        return self._network.encode(pixels_13FHW)[0].transpose(0, 1).float() * SCALE

    @property
    def _like(self) -> Tensor:
        """A tensor of the network's number format, where the network is."""
        return next(self._network.parameters())


def _layer(name: str, num_in: int, num_out: int) -> nn.Module:
    if name not in LAYERS:
        raise ModelError(
            f"The autoencoder is made of {name!r}, which fifo-live does not know; it knows {', '.join(LAYERS)}."
        )
    return LAYERS[name](num_in, num_out)
