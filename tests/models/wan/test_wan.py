"""What becomes of Wan's files and folders when they are loaded."""

import json
from pathlib import Path
from typing import Any

import diffusers
import pytest
import torch
from safetensors.torch import load_file, save_file

from fifo_live.config import Config
from fifo_live.errors import ModelError
from fifo_live.models.loading import load_denoiser
from fifo_live.models.wan.denoiser import WanDenoiser
from tests.models.tiny import write_part
from tests.models.wan_stock import (
    TRANSFORMER,
    first_name,
    write_anyflow,
    write_skyreels,
    write_wan,
    write_wan_file,
)
from tests.models.wan_stock import load as stock_part

ALPHA = torch.tensor(1.0)


def load(path: Path, dtype: str = "float32", **more: Any) -> Any:
    settings = {"name": str(path), "device": "cpu", "dtype": dtype, "width": 32, "height": 32} | more
    return load_denoiser(Config.from_dict({"model": settings}))


def test_a_distilled_file_is_known_by_its_name(tmp_path: Path) -> None:
    """A file that is called as it was published runs with its own few steps and without guidance."""
    denoiser = load(write_wan_file(tmp_path / "model"))
    assert isinstance(denoiser, WanDenoiser)
    spec = denoiser.spec
    assert (spec.name, spec.levels, spec.guidance) == ("wan2.1_t2v_14b_lightx2v_4step", 4, 1.0)


@pytest.mark.parametrize("write", [write_wan, write_wan_file])
def test_what_tells_the_time_stays_in_float32(write: Any, tmp_path: Path) -> None:
    """In half precision a folder and a file keep the same layers in float32, and predict nearly the same."""
    path = write(tmp_path / "model")
    exact, half = (load(path, dtype) for dtype in ("float32", "bfloat16"))
    formats = {name: parameter.dtype for name, parameter in half.transformer.named_parameters()}
    assert formats["condition_embedder.time_embedder.linear_1.weight"] == torch.float32
    assert formats["blocks.0.attn1.to_q.weight"] == torch.bfloat16
    x, t = torch.randn(1, 3, 4, 4, 4, generator=torch.Generator().manual_seed(0)), torch.tensor([[0.1, 0.5, 0.9]])
    cond = exact.encode_prompts(["a", "b", "c"])[None]
    assert torch.allclose(half.denoise(x, t, cond), exact.denoise(x, t, cond), atol=0.1)


def test_loras_may_use_the_first_names(tmp_path: Path) -> None:
    """A LoRA as LightX2V publishes it changes every layer that it names, by its low rank or by a whole difference."""
    path = write_wan(tmp_path / "model")
    transformer = load(path).transformer
    changes: dict[str, torch.Tensor] = {}
    expected: dict[str, torch.Tensor] = {}
    for name, parameter in transformer.named_parameters():
        layer, _, kind = name.rpartition(".")
        if "blocks" in name and kind == "weight" and "norm" not in name:
            up, down = torch.randn(len(parameter), 2), torch.randn(2, parameter.shape[1])
            changes |= {
                f"{layer}.lora_up.weight": up,
                f"{layer}.lora_down.weight": down,
                f"{layer}.alpha": ALPHA.clone(),
            }
            expected[name] = parameter + 0.5 * float(ALPHA) / 2 * up @ down
        elif "table" not in name:
            changes[f"{layer}.diff{'_b' if kind == 'bias' else ''}"] = torch.randn(parameter.shape)
            expected[name] = parameter + 0.5 * changes[f"{layer}.diff{'_b' if kind == 'bias' else ''}"]
    file = tmp_path / "wan2.1_t2v_14b_lora_rank64_lightx2v_4step.safetensors"
    save_file({f"diffusion_model.{first_name(key)}": tensor for key, tensor in changes.items()}, file)
    changed = dict(load(path, lora=[f"{file}:0.5"]).transformer.named_parameters())
    for name, tensor in expected.items():
        assert torch.allclose(changed[name], tensor, atol=1e-5), name


def test_clips_are_encoded_as_the_network_sees_them(tmp_path: Path) -> None:
    """Five pictures become two latents, which decode to five pictures."""
    denoiser = load(write_wan(tmp_path / "model"))
    latents = denoiser.encode_pictures(torch.randint(0, 256, (5, 32, 32, 3), dtype=torch.uint8))
    assert latents.shape == (2, *denoiser.spec.latent_shape)
    assert denoiser.decoder().decode(latents).shape == (5, 32, 32, 3)


def test_refuses_what_is_more_than_text_to_video(tmp_path: Path) -> None:
    """Transformers that also want pictures, and pairs of transformers, are refused by what they are."""
    folder = write_wan(tmp_path / "model")
    write_part(folder / "transformer", diffusers.WanTransformer3DModel(**{**TRANSFORMER, "in_channels": 9}))
    with pytest.raises(ModelError, match="takes 9 channels, a latent has 4"):
        load(folder)
    (folder / "transformer_2").mkdir()
    (folder / "transformer_2" / "config.json").write_text(json.dumps({}))
    save_file({"weight": torch.zeros(1)}, folder / "transformer_2" / "diffusion_pytorch_model.safetensors")
    with pytest.raises(ModelError, match="second transformer"):
        load(folder)


def test_refuses_quantised_files(tmp_path: Path) -> None:
    """A file of 8-bit numbers, which mean nothing without their scales, is refused."""
    file = write_wan_file(tmp_path / "model")
    tensors = load_file(file)
    save_file({key: tensor.to(torch.float8_e4m3fn) for key, tensor in tensors.items()}, file)
    with pytest.raises(ModelError, match="quantised"):
        load(file)


def test_times_of_their_own_are_the_stock_forward(tmp_path: Path) -> None:
    """With a time for every latent the prediction is that of the stock forward with a time for every cell."""
    denoiser = load(write_wan(tmp_path / "model"))
    x = torch.randn(2, 5, *denoiser.spec.latent_shape, generator=torch.Generator().manual_seed(0))
    t = torch.rand(2, 5, generator=torch.Generator().manual_seed(1))
    cond = denoiser.encode_prompts(["a calm sea", "fire"])
    ours = denoiser.denoise(x, t, cond[:, None].expand(-1, 5, -1, -1))
    stock = stock_part(diffusers.WanTransformer3DModel, tmp_path / "model" / "transformer")
    cells = x[0, 0, 0].numel() // 4
    with torch.inference_mode():
        theirs = stock(x.transpose(1, 2), 1000 * t.repeat_interleave(cells, 1), cond).sample.transpose(1, 2)
    assert torch.allclose(ours, theirs, rtol=1e-5, atol=1e-5)


@pytest.mark.parametrize("write", [write_wan, write_skyreels, write_anyflow])
def test_a_time_is_told_once_for_each_latent(write: Any, tmp_path: Path) -> None:
    """What a time does to the blocks is worked out and kept once for a latent, not once for each of its cells."""
    denoiser = load(write(tmp_path / "model"))
    seen: list[torch.Size] = []
    for block in denoiser.transformer.blocks:
        block.register_forward_pre_hook(lambda _block, inputs: seen.append(inputs[2].flatten(0, -3).shape))
    x, cond = torch.randn(2, 5, *denoiser.spec.latent_shape), denoiser.encode_prompts(["a"])
    denoiser.denoise(x, torch.rand(2, 5), cond[:, None].expand(2, 5, -1, -1))
    assert seen == [(2 * 5, 6, 24)] * 2
