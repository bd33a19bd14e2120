"""Facts about LoRA files: every style of keys changes the same weights, and nothing is left out silently."""

import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import pytest
import torch
from safetensors.torch import save_file
from torch import Tensor, nn

from fifo_live.errors import ModelError
from fifo_live.models.common.lora import Lora
from fifo_live.models.requested_files import split_scale

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


Q, OUT = "mid_block.attn1.to_q", "mid_block.attn1.to_out.0"
BARE = {key: tensor for key, tensor in peft().items() if not key.endswith("alpha")}
RANKS = {"to_q": RANK, r"attn1\.to_out\.0": RANK, "conv_in": RANK}


def strengths(
    folder: Path,
    tensors: Mapping[str, Tensor],
    header: Mapping[str, str] | None = None,
    name: str = "style.safetensors",
) -> dict[str, float]:
    """How many times up @ down a file changes each layer."""
    save_file({key: tensor.clone() for key, tensor in tensors.items()}, folder / name, metadata=dict(header or {}))
    network, before = Network(), Network()
    before.load_state_dict(network.state_dict())
    Lora.read(str(folder / name)).fuse("unet", network)
    change = {
        layer: network.get_parameter(f"{layer}.weight") - before.get_parameter(f"{layer}.weight") for layer in DOWN_UP
    }
    products = {layer: up @ down for layer, (down, up) in DOWN_UP.items()}
    for layer, product in products.items():
        ratio = (change[layer] * product).sum() / product.square().sum()
        torch.testing.assert_close(change[layer], ratio * product, atol=1e-4, rtol=1e-3)
    return {
        layer: round(float(((change[layer] * product).sum() / product.square().sum()).detach()), 3)
        for layer, product in products.items()
    }


def diffusers_header(**config: Any) -> dict[str, str]:
    """As diffusers writes today: peft's configuration of each part, flat."""
    return {
        "format": "pt",
        "lora_adapter_metadata": json.dumps({f"unet.{key}": value for key, value in config.items()}),
    }


@pytest.mark.parametrize(
    "header",
    [
        diffusers_header(r=RANK, lora_alpha=8),
        diffusers_header(r=16, lora_alpha=99, rank_pattern=RANKS, alpha_pattern={".*": 8}),
        {"lora_adapter_metadata": json.dumps({"r": RANK, "lora_alpha": 8})},
        {"lora_alpha": "8", "rank": "2"},
        {"lora_alpha": "8.0"},
        {"alpha": "8", "r": "2"},
        {"ss_network_alpha": "8.0", "ss_network_dim": "2"},
        {"ss_network_alpha": "8", "ss_network_dim": "2", "ss_network_args": json.dumps({"conv_alpha": "1"})},
    ],
)
def test_alpha_may_stand_in_the_header(header: dict[str, str], tmp_path: Path) -> None:
    """An alpha of four times the rank makes the change four times up @ down, wherever it is written."""
    tensors = {key: tensor for key, tensor in BARE.items() if "conv_in" not in key}
    assert strengths(tmp_path, tensors, header) == {Q: 4.0, OUT: 4.0}


@pytest.mark.parametrize(
    ("config", "expected"),
    [
        ({"r": RANK, "lora_alpha": 8}, {Q: 4.0, OUT: 4.0}),
        ({"r": RANK, "lora_alpha": 8, "use_rslora": True}, {Q: 5.657, OUT: 5.657}),
        ({"r": RANK, "lora_alpha": 8, "alpha_pattern": {"to_q": 2}}, {Q: 1.0, OUT: 4.0}),
        ({"r": RANK, "lora_alpha": 8, "alpha_pattern": {"o_q": 2}}, {Q: 4.0, OUT: 4.0}),
        ({"r": 4, "lora_alpha": 8, "rank_pattern": {"to_q": 2, "to_out.0": 2, "conv_in": 2}}, {Q: 4.0, OUT: 4.0}),
    ],
)
def test_alpha_may_stand_in_pefts_configuration(
    config: dict[str, Any], expected: dict[str, float], tmp_path: Path
) -> None:
    """adapter_config.json beside the file counts, with its patterns and with rank-stabilised scaling."""
    (tmp_path / "adapter_config.json").write_text(json.dumps({"peft_type": "LORA", **config}))
    assert strengths(tmp_path, BARE) == expected
    assert strengths(tmp_path, BARE, name="adapter_model.safetensors") == expected
    assert strengths(tmp_path, BARE, name="another.safetensors") == {Q: 1.0, OUT: 1.0}


def test_sources_that_agree_are_one(tmp_path: Path) -> None:
    """The same alpha in tensors, header and configuration counts once; words and zeros say nothing."""
    (tmp_path / "adapter_config.json").write_text(json.dumps({"r": RANK, "lora_alpha": ALPHA}))
    assert strengths(tmp_path, peft(), diffusers_header(r=RANK, lora_alpha=ALPHA)) == {Q: 0.5, OUT: 0.5}
    (tmp_path / "adapter_config.json").unlink()
    assert strengths(tmp_path, BARE, {"ss_network_alpha": "Dynamic", "ss_network_dim": "Dynamic"})[Q] == 1.0
    zero = {**BARE, f"unet.{Q}.alpha": torch.tensor(0.0)}
    assert strengths(tmp_path, zero, {"lora_alpha": "8"})[Q] == 4.0


@pytest.mark.parametrize(
    ("tensors", "header", "sentence"),
    [
        (peft(), {"lora_alpha": "8"}, "contradicts itself: for .*its tensor gives .* of 0.5, the header .* of 4"),
        (peft(), {"ss_network_alpha": "8"}, "contradicts itself"),
        (BARE, {"lora_alpha": "8", "network_alpha": "8", "ss_network_alpha": "4"}, "contradicts itself"),
        (BARE, diffusers_header(r=4, lora_alpha=8), "says that .* has rank 4, but it has 2"),
        (BARE, {"ss_network_alpha": "8", "ss_network_dim": "4"}, "says that .* has rank 4, but it has 2"),
        (BARE, diffusers_header(r=RANK, lora_alpha=8, use_dora=True), "is a DoRA"),
        (BARE, diffusers_header(r=RANK, lora_alpha=8, alpha_pattern={"(": 1}), "no pattern of names"),
    ],
)
def test_contradictions_are_errors(
    tensors: Mapping[str, Tensor], header: dict[str, str], sentence: str, tmp_path: Path
) -> None:
    """Two strengths for one layer, another rank than that of the sides, and another kind of change are refused."""
    with pytest.raises(ModelError, match=sentence):
        strengths(tmp_path, tensors, header)


def test_the_configuration_may_contradict_too(tmp_path: Path) -> None:
    """What peft's file says is held against the header and the tensors, and its kind is looked at."""
    (tmp_path / "adapter_config.json").write_text(json.dumps({"r": RANK, "lora_alpha": 8}))
    with pytest.raises(ModelError, match="its tensor gives .*, adapter_config.json one of 4"):
        strengths(tmp_path, peft())
    (tmp_path / "adapter_config.json").write_text(json.dumps({"peft_type": "LOHA", "r": RANK}))
    with pytest.raises(ModelError, match="is a LOHA, and fifo-live takes plain LoRAs only"):
        strengths(tmp_path, BARE)


@pytest.mark.parametrize("adapter", ["", ".default", ".my-style", ".default_0"])
def test_an_adapter_may_have_any_name(adapter: str, tmp_path: Path) -> None:
    """The one name that peft puts into all keys does not matter; two of them are two LoRAs."""
    named = {key.replace(".weight", f"{adapter}.weight"): tensor for key, tensor in BARE.items()}
    assert strengths(tmp_path, named) == {Q: 1.0, OUT: 1.0}
    other = {key.replace(".weight", ".other.weight"): tensor for key, tensor in BARE.items() if "conv_in" in key}
    with pytest.raises(ModelError, match="holds 2 of them"):
        Lora("x", {**{key: tensor for key, tensor in named.items() if "conv_in" not in key}, **other}, 1.0)


@pytest.mark.parametrize(
    ("up", "down"), [((4, 3), (2, 6)), ((4, 2), (3, 6)), ((4,), (2, 6)), ((4, 0), (0, 6)), ((6, 2), (2, 4))]
)
def test_sides_have_one_rank_and_the_layers_shape(up: tuple[int, ...], down: tuple[int, ...]) -> None:
    """Sides of different rank, without any, or the wrong way round are refused by a sentence."""
    lora = Lora("x", {f"unet.{Q}.lora_A.weight": torch.zeros(down), f"unet.{Q}.lora_B.weight": torch.zeros(up)}, 1.0)
    with pytest.raises(ModelError, match="The LoRA x does not fit"):
        lora.fuse("unet", Network())


@pytest.mark.parametrize(
    ("key", "kind"),
    [
        (f"unet.{Q}.dora_scale", "DoRA"),
        (f"base_model.model.{Q}.lora_magnitude_vector.default.weight", "DoRA"),
        ("lora_unet_mid_block_attn1_to_q.hada_w1_a", "LoHa"),
        ("lora_unet_mid_block_attn1_to_q.lokr_w1", "LoKr"),
        ("lora_unet_mid_block_attn1_to_q.oft_diag", "OFT"),
        ("lora_unet_conv_in.lora_mid.weight", "Tucker"),
        ("base_model.model.embed.lora_embedding_A.default", "embeddings"),
    ],
)
def test_other_kinds_are_refused_by_name(key: str, kind: str) -> None:
    """What is no plain LoRA is called what it is, with the key that shows it."""
    with pytest.raises(ModelError, match=rf"{kind}.*takes plain LoRAs only: its key is not understood: {key}"):
        Lora("x", {**BARE, key: torch.zeros(1)}, 1.0)
