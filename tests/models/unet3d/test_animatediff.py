"""Facts about AnimateDiff: where motion modules and the image model are found, and what is published with them."""

from pathlib import Path
from typing import Any

import diffusers
import pytest
import torch
from safetensors.torch import load_file, save_file

from fifo_live.config import Config
from fifo_live.errors import ModelError
from fifo_live.models.common.hub import Pick
from fifo_live.models.contract import Denoiser
from fifo_live.models.loading import load_denoiser
from fifo_live.models.unet3d import motion_modules as motion
from fifo_live.models.unet3d.animatediff import FAMILY, LORAS
from tests.models.animatediff_stock import (
    motion_adapter,
    stock_animatediff,
    write_animatediff,
    write_image_model,
    write_lightning,
    write_whole,
)

LCM_LORA, LCM_SCALE = LORAS["wangfuyun/AnimateLCM"]


def load(path: Path) -> Denoiser:
    """Load a checkpoint as --model does."""
    model = {"name": str(path), "device": "cpu", "dtype": "float32", "width": 32, "height": 32}
    return load_denoiser(Config.from_dict({"model": model, "engine": {"threads": 1}}))


def prediction(denoiser: Denoiser) -> torch.Tensor:
    """Return what a model makes of the same noise at time 500."""
    generator = torch.Generator().manual_seed(0)
    x = torch.randn(1, 3, *denoiser.spec.latent_shape, generator=generator)
    cond = denoiser.encode_prompts(["a calm sea"])[0]
    return denoiser.denoise(x, torch.full((1, 3), 500.0), cond.expand(1, 3, *cond.shape))


def test_few_step_cards_fill_one_window_with_a_block_diagonal() -> None:
    """What takes N steps has N levels, and as many latents on each as the 16 frames of its training allow."""
    few = [card.spec for card in FAMILY.cards if card.spec.chunk > 1]
    assert {spec.levels for spec in few} == {4, 8}
    assert all(spec.chunk * spec.levels + spec.context == spec.window == 16 for spec in few)


def test_the_files_name_tells_how_many_steps(tmp_path: Path) -> None:
    """Lightning's files differ in nothing else."""
    path = write_lightning(tmp_path)
    assert load(path).spec.levels == 4
    eight = path.rename(path.with_name("animatediff_lightning_8step_diffusers.safetensors"))
    assert load(eight).spec.levels == 8


def test_a_whole_pipeline_is_the_same_as_its_parts(tmp_path: Path) -> None:
    """What AnimateDiffPipeline saves, with motion modules within its UNet, is read as it is."""
    whole = load(write_whole(tmp_path / "whole"))
    parts = write_image_model(tmp_path / "parts")
    motion_adapter().save_pretrained(parts / "motion_adapter")
    apart = load(parts)
    torch.testing.assert_close(prediction(whole), prediction(apart))
    assert whole.spec.ladder.alphas_cumprod[-1] == pytest.approx(apart.spec.ladder.alphas_cumprod[-1], rel=1e-4)


def test_an_image_model_alone_gets_the_default_motion(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Motion modules that are not there are taken from the first card's repository."""
    hub = tmp_path / "hub"
    motion_adapter(has_mid_block=False).save_pretrained(hub)
    asked = []

    def fetch(hub_id: str, _pick: Pick) -> Path:
        asked.append(hub_id)
        return hub

    monkeypatch.setattr(motion, "fetch", fetch)
    alone = load(write_image_model(tmp_path / "alone"))
    assert asked == [FAMILY.cards[0].hub_id]
    torch.testing.assert_close(prediction(alone), prediction(load(write_animatediff(tmp_path / "both"))))


def test_animatelcm_brings_its_lora(tmp_path: Path) -> None:
    """The LoRA that is published beside AnimateLCM's motion modules is added to the image model, at its scale."""
    folder = write_animatediff(tmp_path / "AnimateLCM")
    layer = "unet.down_blocks.0.attentions.0.transformer_blocks.0.attn1.to_q"
    sides = {f"{layer}.lora_A.weight": torch.randn(2, 32), f"{layer}.lora_B.weight": torch.randn(32, 2)}
    save_file(sides, folder / LCM_LORA)
    found = load(folder)
    assert found.spec.solver == "lcm"
    unet = folder / "unet" / "diffusion_pytorch_model.safetensors"
    tensors = load_file(unet)
    change = sides[f"{layer}.lora_B.weight"] @ sides[f"{layer}.lora_A.weight"]
    tensors[f"{layer.removeprefix('unet.')}.weight"] += LCM_SCALE * change
    save_file(tensors, unet, {"format": "pt"})
    with torch.inference_mode():
        x = torch.randn(1, 3, *found.spec.latent_shape, generator=torch.Generator().manual_seed(0))
        expected = stock_animatediff(folder, x, 500.0, found.encode_prompts(["a calm sea"])[0])
    torch.testing.assert_close(prediction(found), expected, rtol=1e-4, atol=1e-5)


@pytest.mark.parametrize(("widths", "layers"), [((32, 32), 1), ((32, 64), 2)])
def test_modules_for_another_image_model_are_refused(tmp_path: Path, widths: tuple[int, ...], layers: int) -> None:
    """Motion modules of other widths or depths than the image model's are one clear sentence."""
    folder = write_animatediff(tmp_path)
    wrong: Any = diffusers.MotionAdapter(block_out_channels=widths, motion_layers_per_block=layers)
    wrong.save_pretrained(folder / "motion_adapter")
    with pytest.raises(ModelError, match="do not fit the image model"):
        load(folder)
