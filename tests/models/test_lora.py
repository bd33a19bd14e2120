"""Facts about LoRA files: every style of keys changes the same weights, and nothing is left out silently."""

from collections.abc import Mapping
from pathlib import Path

import pytest
import torch
from safetensors.torch import save_file
from torch import Tensor, nn

from fifo_live.errors import ModelError
from fifo_live.models.parts.lora import Lora
from fifo_live.models.wishes import split_scale

RANK = 2
ALPHA = 1.0
SCALE = 0.5


class Network(nn.Module):
    """Has a linear layer and a convolution, named as in diffusers' attention blocks."""

    def __init__(self) -> None:
        super().__init__()
        self.mid_block = nn.Module()
        self.mid_block.attn1 = nn.Module()
        self.mid_block.attn1.to_q = nn.Linear(6, 4)
        self.mid_block.attn1.to_out = nn.ModuleList([nn.Linear(4, 6)])
        self.conv_in = nn.Conv2d(3, 5, 3)


DOWN_UP = {
    "mid_block.attn1.to_q": (torch.randn(RANK, 6), torch.randn(4, RANK)),
    "mid_block.attn1.to_out.0": (torch.randn(RANK, 4), torch.randn(6, RANK)),
}
CONV = (torch.randn(RANK, 3, 3, 3), torch.randn(5, RANK, 1, 1))


def peft() -> dict[str, Tensor]:
    """As diffusers and peft write today."""
    keys = {f"unet.{name}.lora_A.weight": down for name, (down, _) in DOWN_UP.items()}
    keys |= {f"unet.{name}.lora_B.weight": up for name, (_, up) in DOWN_UP.items()}
    keys |= {f"unet.{name}.alpha": torch.tensor(ALPHA) for name in DOWN_UP}
    return keys | {"unet.conv_in.lora_A.weight": CONV[0], "unet.conv_in.lora_B.weight": CONV[1]}


def kohya() -> dict[str, Tensor]:
    """As kohya's scripts write."""
    named = {**DOWN_UP, "conv_in": CONV}
    flat = {f"lora_unet_{name.replace('.', '_')}": sides for name, sides in named.items()}
    keys = {f"{name}.lora_down.weight": down for name, (down, _) in flat.items()}
    keys |= {f"{name}.lora_up.weight": up for name, (_, up) in flat.items()}
    return keys | {f"{name}.alpha": torch.tensor(ALPHA) for name in flat if "conv" not in name}


def old() -> dict[str, Tensor]:
    """As diffusers wrote at first, with alpha equal to the rank."""
    keys = {}
    for name, (down, up) in DOWN_UP.items():
        block, _, layer = name.removesuffix(".0").rpartition(".")
        keys[f"{block}.processor.{layer}_lora.down.weight"] = down * (ALPHA / RANK)
        keys[f"{block}.processor.{layer}_lora.up.weight"] = up
    return keys | {"conv_in.lora.down.weight": CONV[0], "conv_in.lora.up.weight": CONV[1]}


@pytest.mark.parametrize("keys", [peft(), kohya(), old()], ids=["peft", "kohya", "old"])
def test_a_lora_is_added_to_the_weights(keys: Mapping[str, Tensor], tmp_path: Path) -> None:
    """W becomes W + scale * alpha / rank * up @ down, for linear layers and convolutions."""
    save_file({key: tensor.contiguous() for key, tensor in keys.items()}, tmp_path / "style.safetensors")
    network, before = Network(), Network()
    before.load_state_dict(network.state_dict())
    lora = Lora.read(f"{tmp_path / 'style.safetensors'}:{SCALE}")
    lora.fuse("text_encoder", network)
    lora.fuse("unet", network)
    lora.check_all_used()
    for name, (down, up) in DOWN_UP.items():
        change = network.get_parameter(f"{name}.weight") - before.get_parameter(f"{name}.weight")
        torch.testing.assert_close(change, SCALE * ALPHA / RANK * up @ down)
    both = torch.einsum("or,rihw->oihw", CONV[1][:, :, 0, 0], CONV[0])
    torch.testing.assert_close(network.conv_in.weight - before.conv_in.weight, SCALE * both)


def test_what_does_not_fit_is_refused() -> None:
    """Unknown keys, layers that are not there, one side alone and wrong shapes are errors that name them."""
    with pytest.raises(ModelError, match="not understood: unet.mid_block.dora_scale"):
        Lora("x", {"unet.mid_block.dora_scale": torch.zeros(1)}, 1.0)
    stranger = Lora("x", {"unet.nowhere.lora_A.weight": torch.zeros(2, 6)}, 1.0)
    stranger.fuse("unet", Network())
    with pytest.raises(ModelError, match="for another model: 1 of its 1 layers .* the first is nowhere"):
        stranger.check_all_used()
    one_side = {"unet.mid_block.attn1.to_q.lora_A.weight": torch.zeros(2, 6)}
    with pytest.raises(ModelError, match="only one side"):
        Lora("x", one_side, 1.0).fuse("unet", Network())
    wide = one_side | {"unet.mid_block.attn1.to_q.lora_B.weight": torch.zeros(9, 2)}
    with pytest.raises(ModelError, match=r"has weights of \(4, 6\), the change is \(9, 6\)"):
        Lora("x", wide, 1.0).fuse("unet", Network())


def test_a_scale_may_follow_the_path(tmp_path: Path) -> None:
    """Without one it is 1; a path may hold a colon; a word is no scale."""
    assert split_scale("a.safetensors") == (Path("a.safetensors"), 1.0)
    assert split_scale("a.safetensors:0.8") == (Path("a.safetensors"), 0.8)
    odd = tmp_path / "a:b"
    odd.touch()
    assert split_scale(str(odd)) == (odd, 1.0)
    for scale in ("much", "nan", "inf"):
        with pytest.raises(ModelError, match="--lora wants path or path:scale"):
            split_scale(f"a.safetensors:{scale}")
    with pytest.raises(ModelError, match="There is no LoRA file"):
        Lora.read("nowhere.safetensors")
