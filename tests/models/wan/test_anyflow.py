"""A flow map is told, for every latent, where its step leads."""

from pathlib import Path

import diffusers
import torch

from fifo_live.config import Config
from fifo_live.models.loading import load_denoiser
from tests.models.wan_stock import load, write_anyflow


def test_times_and_targets_of_their_own_are_the_stock_forward(tmp_path: Path) -> None:
    """With a time and a target for every latent the prediction is that of AnyFlowTransformer3DModel."""
    settings = {"name": str(write_anyflow(tmp_path / "model")), "device": "cpu", "dtype": "float32"}
    denoiser = load_denoiser(Config.from_dict({"model": {**settings, "width": 32, "height": 32}}))
    x = torch.randn(1, 5, *denoiser.spec.latent_shape, generator=torch.Generator().manual_seed(0))
    t, target = torch.linspace(0.2, 1.0, 5)[None], torch.linspace(0.0, 0.8, 5)[None]
    cond = denoiser.encode_prompts(["a calm sea"])
    ours = denoiser.denoise_to(x, t, target, cond[:, None].expand(-1, 5, -1, -1))
    transformer = load(diffusers.AnyFlowTransformer3DModel, tmp_path / "model" / "transformer")
    with torch.inference_mode():
        stock = transformer(x, 1000 * t, 1000 * target, cond).sample
    assert torch.allclose(ours, stock, rtol=1e-5, atol=1e-5)
    assert not torch.allclose(ours, denoiser.denoise(x, t, cond[:, None].expand(-1, 5, -1, -1)), atol=1e-3)
