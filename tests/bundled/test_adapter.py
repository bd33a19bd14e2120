"""The adapter: the bundled model behind the engine's contract, with the weights of the repository."""

from __future__ import annotations

from functools import cache
from itertools import islice

import pytest
import torch
from torch import Tensor

from fifo_live.bench.frames import frames
from fifo_live.bundled.weights import FOLDER
from fifo_live.config import Config, EngineConfig
from fifo_live.engine.engine import Engine
from fifo_live.engine.plan import Plan
from fifo_live.errors import ModelError
from fifo_live.models.bundled import BundledDenoiser, load
from fifo_live.models.common.precision import natural_dtype
from fifo_live.training.clips import Attributes, render
from fifo_live.training.scenes import SCENES

CPU = torch.device("cpu")
LIMIT_BYTES = 60_000_000


@cache
def model(dtype: str = "auto") -> BundledDenoiser:
    return load("", CPU, dtype)


def inputs(frames: int) -> tuple[Tensor, Tensor, Tensor]:
    denoiser = model("float32")
    generator = torch.Generator().manual_seed(0)
    x = torch.randn(1, frames, *denoiser.spec.latent_shape, generator=generator)
    cond = denoiser.encode_prompts(["a blue sea"]).expand(frames, -1)[None]
    return x, torch.linspace(0.1, 1, frames)[None], cond


def test_the_weights_are_small() -> None:
    """Everything in the weights folder is at most 60 MB, and a card lies beside it."""
    files = [path for path in FOLDER.iterdir() if path.is_file()]
    assert sum(path.stat().st_size for path in files) <= LIMIT_BYTES
    assert {
        "MODEL_CARD.md",
        "denoiser.safetensors",
        "encoder.safetensors",
        "decoder.safetensors",
        "text.safetensors",
    } <= {f.name for f in files}


@pytest.mark.parametrize("frames", [1, 8, 16])
def test_a_window_of_any_length_is_denoised(frames: int) -> None:
    """The prediction is float32 and has the shape of its input."""
    out = model().denoise(*inputs(frames))
    assert out.shape == (1, frames, *model().spec.latent_shape)
    assert out.dtype == torch.float32
    assert bool(out.isfinite().all())


@pytest.mark.parametrize(
    ("chunk", "micro_steps", "levels", "seen"),
    [(1, 1, 8, [1, 2, 3, 4]), (2, 1, 4, [2, 4, 6, 8]), (3, 1, 2, [3, 6, 9, 10]), (2, 2, 4, [2, 2, 4, 4])],
)
def test_what_waits_as_noise_is_not_looked_at(
    chunk: int, micro_steps: int, levels: int, seen: list[int], monkeypatch: pytest.MonkeyPatch
) -> None:
    """Of pure noise the network sees all latents whose turn it is, and predicts each; what waits it does not see."""
    denoiser = model("float32")
    config = EngineConfig(chunk=chunk, micro_steps=micro_steps, levels=levels)
    engine = Engine(denoiser, Plan.make(denoiser.spec, config), prompt="a blue sea")
    sizes, denoise = [], denoiser.denoise

    def spy(x_BFCHW: Tensor, t_BF: Tensor, cond_BF: Tensor) -> Tensor:
        out = denoise(x_BFCHW, t_BF, cond_BF)
        sizes.append(out.shape[1])
        assert bool(out[t_BF > 0].flatten(1).any(1).all())
        return out

    monkeypatch.setattr(denoiser, "denoise", spy)
    for _ in seen:
        engine.step()
    assert sizes == seen


def test_half_precision_stays_near_single() -> None:
    """bfloat16 and float32 predictions differ by a few percent."""
    exact, rough = (model(dtype).denoise(*inputs(8)) for dtype in ("float32", "bfloat16"))
    assert float((exact - rough).norm() / exact.norm()) < 0.05


def test_the_prompt_of_a_frame_matters_most_to_that_frame() -> None:
    """Another prompt for frame 3 changes frame 3 most."""
    x, t, cond = inputs(8)
    other = cond.clone()
    other[:, 3] = model().encode_prompts(["red fire"])[0]
    denoiser = model("float32")
    change_F = (denoiser.denoise(x, t, cond) - denoiser.denoise(x, t, other)).square().mean((0, 2, 3, 4))
    assert int(change_F.argmax()) == 3


def test_latents_decode_to_pictures() -> None:
    """Each latent gives one RGB picture of the size that the spec names."""
    spec = model().spec
    frames = model().decoder().decode(torch.randn(2, *spec.latent_shape))
    assert frames.shape == (2, spec.height, spec.width, 3)
    assert frames.dtype == torch.uint8


def test_a_picture_goes_through_encoder_and_decoder() -> None:
    """A drawn picture comes back with an error of a few levels of 255, so a stream can begin with it."""
    drawn = render(Attributes("mountains", "sunset", "medium", "left"), 3, 2, (model().spec.width, model().spec.height))
    back = model("float32").decoder().decode(model("float32").encode_pictures(drawn))
    assert float((back.float() - drawn.float()).abs().mean()) < 5


def colour_and_light(frames_FHWC: Tensor) -> Tensor:
    """A small fingerprint of pictures: their mean on a 6x4 grid, in RGB."""
    picture_3HW = frames_FHWC.float().mean(0).permute(2, 0, 1)
    return torch.nn.functional.adaptive_avg_pool2d(picture_3HW, (4, 6)).flatten() / 255


@cache
def streamed(prompt: str) -> Tensor:
    return torch.stack(list(islice(frames(model(), Config(), prompt, 1), 12, 20)))


@cache
def rendered(scene: str, palette: str) -> Tensor:
    spec = model().spec
    heading = (SCENES[scene].headings or ("none",))[0]
    attributes = Attributes(scene, palette, "medium", heading)
    prints = [colour_and_light(render(attributes, seed, 2, (spec.width, spec.height))) for seed in range(6)]
    return torch.stack(prints).mean(0)


@pytest.mark.parametrize(
    ("prompt", "scene", "palette"),
    [("orange flames", "fire", "orange"), ("a blue sea", "sea", "blue"), ("green northern lights", "aurora", "green")],
)
def test_a_stream_looks_like_what_was_asked_for(prompt: str, scene: str, palette: str) -> None:
    """Streamed pictures are nearer the drawn scene than to other scenes in other colours."""
    seen = colour_and_light(streamed(prompt))
    rivals = [("fire", "orange"), ("sea", "blue"), ("aurora", "green"), ("clouds", "pink"), ("plasma", "purple")]
    distance = {rival: float((seen - rendered(*rival)).norm()) for rival in rivals}
    assert min(distance, key=lambda rival: distance[rival]) == (scene, palette), distance


def test_a_missing_folder_is_a_sentence(tmp_path: object) -> None:
    """Without weights the error says which file is missing."""
    with pytest.raises(ModelError, match="is missing"):
        load(f"bundled:{tmp_path}", CPU, "auto")
    with pytest.raises(ModelError, match="float8"):
        load("", CPU, "float8")


def test_the_dtype_follows_the_hardware(monkeypatch: pytest.MonkeyPatch) -> None:
    """bfloat16 needs instructions for it; a ceiling put on oneDNN is respected."""
    monkeypatch.setenv("ONEDNN_MAX_CPU_ISA", "AVX2")
    assert natural_dtype(CPU) == torch.float32
    monkeypatch.delenv("ONEDNN_MAX_CPU_ISA")
    monkeypatch.setattr(torch.cpu, "get_capabilities", lambda: {"avx512_bf16": True})
    assert natural_dtype(CPU) == torch.bfloat16
    monkeypatch.setattr(torch.cpu, "get_capabilities", lambda: {})
    assert natural_dtype(CPU) == torch.float32
