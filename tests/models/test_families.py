"""Facts about every family of models, shown on tiny random weights that are read by the real path.

The cases are in `tests/models/families.py`.
"""

from functools import cache
from pathlib import Path

import av
import pytest
import torch
from torch import Tensor
from typer.testing import CliRunner

from fifo_live.cli import app
from fifo_live.commands import offline_stream as film
from fifo_live.config import Config
from fifo_live.models.common.decoders import to_pictures
from fifo_live.models.contract import Denoiser, StreamDecoder
from fifo_live.models.loading import load_denoiser
from fifo_live.models.names import ADAPTERS
from tests.models.families import CASES, Case

MAX_RELATIVE_ERROR = 1e-5
NUM_FRAMES = 100
CHANGED = 3
ALMOST_STILL = 0.99


@pytest.fixture(scope="module", params=CASES, ids=lambda case: case.name)
def case(request: pytest.FixtureRequest) -> Case:
    """Each family in turn."""
    found = request.param
    assert isinstance(found, Case)
    return found


@pytest.fixture(scope="module")
def path(case: Case, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A tiny checkpoint of the family."""
    return case.write(tmp_path_factory.mktemp(case.name.replace(" ", "-")))


@pytest.fixture(scope="module")
def denoiser(case: Case, path: Path) -> Denoiser:
    """The checkpoint, recognised and loaded as --model does."""
    torch.set_num_threads(1)
    return load_denoiser(Config.from_dict({"model": model_settings(case, path), "engine": {"threads": 1}}))


def model_settings(case: Case, path: Path) -> dict[str, str | int]:
    """Return the section [model]."""
    size = {"width": case.width, "height": case.height}
    return {"name": str(path), "device": "cpu", "dtype": "float32", **size}


def noise(denoiser: Denoiser, num_frames: int, seed: int = 0) -> Tensor:
    """Return latents (1, F, C, H, W)."""
    generator = torch.Generator().manual_seed(seed)
    return torch.randn(1, num_frames, *denoiser.spec.latent_shape, generator=generator)


def times(denoiser: Denoiser, num_frames: int) -> Tensor:
    """Return a diagonal on the model's ladder, clean frames first: (1, F)."""
    top = 1.0 if denoiser.spec.ladder.prediction == "flow" else len(denoiser.spec.ladder.alphas_cumprod) - 1.0
    return torch.linspace(0.1, 0.95, num_frames)[None] * top


def test_every_adapter_has_a_case() -> None:
    """No family in the registry goes untested; the bundled model has tests of its own."""
    assert set(ADAPTERS) - {"bundled"} <= {case.name.split()[0] for case in CASES}


def test_one_time_for_all_frames_is_the_stock_forward(case: Case, path: Path, denoiser: Denoiser) -> None:
    """With all frames at one time under one prompt, shared or of their own, it is what the model's library gives."""
    cond = denoiser.encode_prompts(["a calm sea"])[0]
    x = noise(denoiser, case.window)
    for t in times(denoiser, 5)[0, [1, 4]].tolist():
        with torch.inference_mode():
            stock = case.stock(path, x, t, cond)
        shared = cond.expand(1, case.window, *cond.shape)
        for conds in (shared, shared.clone()):
            ours = denoiser.denoise(x, torch.full(x.shape[:2], t), conds)
            assert stock.shape == ours.shape
            error = float((ours - stock).abs().max() / stock.abs().max())
            assert error <= MAX_RELATIVE_ERROR, f"At time {t} the relative error is {error}."


def test_the_prompt_of_a_frame_matters_most_to_that_frame(case: Case, denoiser: Denoiser) -> None:
    """On a diagonal with a prompt for each frame, another prompt for one frame changes that frame most."""
    x, t = noise(denoiser, case.window), times(denoiser, case.window)
    sea, fire = denoiser.encode_prompts(["a calm sea", "red fire in the night"])
    cond = sea.expand(1, case.window, *sea.shape)
    other = cond.clone()
    other[:, CHANGED] = fire
    change_F = (denoiser.denoise(x, t, cond) - denoiser.denoise(x, t, other)).square().mean((0, 2, 3, 4))
    assert int(change_F.argmax()) == CHANGED, change_F.tolist()


def test_the_time_of_a_frame_is_heard(case: Case, denoiser: Denoiser) -> None:
    """On a diagonal every frame has its own time: another time for one frame changes that frame most."""
    x, t = noise(denoiser, case.window), times(denoiser, case.window)
    cond = denoiser.encode_prompts(["a calm sea"])[0]
    conds = cond.expand(1, case.window, *cond.shape)
    other = t.clone()
    other[:, CHANGED] *= 0.2
    change_F = (denoiser.denoise(x, t, conds) - denoiser.denoise(x, other, conds)).square().mean((0, 2, 3, 4))
    assert int(change_F.argmax()) == CHANGED, change_F.tolist()


class Recorder(StreamDecoder):
    """Passes everything on, each latent with the share `kept` of the one before, and keeps it."""

    def __init__(self, decoder: StreamDecoder, kept: float) -> None:
        self._decoder = decoder
        self._kept = kept
        self.latents: list[Tensor] = []
        self.pictures: list[Tensor] = []

    def reset(self) -> None:
        self._decoder.reset()

    def decode(self, x_FCHW: Tensor) -> Tensor:
        x_FCHW = x_FCHW.clone()
        for frame, x_CHW in enumerate(x_FCHW):
            before_CHW = x_FCHW[frame - 1] if frame else self.latents[-1][-1] if self.latents else x_CHW.clone()
            x_CHW.mul_(1 - self._kept).add_(before_CHW, alpha=self._kept)
        pictures = self._decoder.decode(x_FCHW)
        self.latents.append(x_FCHW)
        self.pictures.append(pictures)
        return pictures


def test_a_stream_decodes_like_a_whole(
    case: Case, path: Path, denoiser: Denoiser, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """`generate` writes 100 frames, whose pictures are those of one decode of all their latents.

    Of a decoder that cannot be exact that is asked for a scene that hardly moves: there it must come close.
    """
    recorder = Recorder(denoiser.decoder(), ALMOST_STILL if case.max_decode_error else 0.0)
    monkeypatch.setattr(denoiser, "decoder", lambda: recorder, raising=False)
    monkeypatch.setattr(film, "load_denoiser", cache(lambda config: denoiser))
    out = tmp_path / "film.mp4"
    knobs = [f"engine.window={case.window}", "engine.context=0", f"engine.levels={case.window}", *case.settings]
    sets = [word for knob in knobs for word in ("--set", knob)]
    command = ["generate", "--model", str(path), "--prompt", "a calm sea", "--prompt", "40:red fire", *sets]
    result = CliRunner().invoke(app, [*command, "--frames", str(NUM_FRAMES), "-o", str(out)])
    assert result.exit_code == 0, result.output or result.exception
    with av.open(str(out)) as container:
        assert sum(1 for _ in container.decode(video=0)) == NUM_FRAMES
    with torch.inference_mode():
        whole = to_pictures(case.whole(path, torch.cat(recorder.latents)))
    streamed = torch.cat(recorder.pictures)
    assert streamed.shape == whole.shape
    error = float((streamed.float() - whole.float()).abs().mean())
    assert error <= case.max_decode_error, f"{error} of 255 levels on average"
