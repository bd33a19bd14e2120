"""Facts about the drift of a stream."""

from itertools import islice, repeat

import pytest
import torch

from fifo_live.bench import drift
from fifo_live.bench.frames import frames
from fifo_live.config import Config
from fifo_live.errors import ConfigError
from fifo_live.models.loading import load_denoiser

TOY = Config().with_values(model={"name": "tests.toy:load"}, engine={"levels": 8})


@pytest.fixture
def _short(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(drift, "BLOCK", 4)
    monkeypatch.setattr(drift, "EDGE", 8)


def flat(**levels: float) -> drift.Row:
    """A row of statistics that are all 0.2 but for those given."""
    return dict.fromkeys(drift.STATISTICS, 0.2) | levels


def test_footage_is_one_stream() -> None:
    """The pictures have the model's size, and the same seed and prompt give them again."""
    denoiser = load_denoiser(TOY)
    first, again, other = (
        torch.stack(list(islice(frames(denoiser, TOY, prompt, 3), 6))) for prompt in ("a sea", "a sea", "a fire")
    )
    assert first.shape == (6, denoiser.spec.height, denoiser.spec.width, 3)
    assert torch.equal(first, again)
    assert not torch.equal(first, other)


@pytest.mark.usefixtures("_short")
def test_every_prompt_has_a_stream_and_a_series() -> None:
    """Each prompt's stream is measured over all its frames; the worst change is the bench's figure."""
    result = drift.measure(TOY, 20, ("a sea", "a fire"))
    assert [stream["prompt"] for stream in result["streams"]] == ["a sea", "a fire"]
    assert [len(stream["series"]) for stream in result["streams"]] == [5, 5]
    assert result["max_relative_change"] == max(stream["max_relative_change"] for stream in result["streams"])


def test_the_first_frames_are_set_against_the_last(monkeypatch: pytest.MonkeyPatch) -> None:
    """The change is that of the means of both ends, in parts of the first; what is between does not count."""
    monkeypatch.setattr(drift, "EDGE", 2 * drift.BLOCK)
    series = [flat(), flat(), flat(motion=0.9), flat(motion=0.1), flat(motion=0.2)]
    result = drift.compare(series)
    assert result["statistics"]["motion"]["relative_change"] == pytest.approx(-0.25)
    assert result["max_relative_change"] == pytest.approx(0.25)
    assert result["statistics"]["sharpness"]["wander"] == 0


def test_a_dark_channel_is_scaled_by_all_three() -> None:
    """A nearly black channel that doubles is a large change of its own, and a small one of the picture."""
    block = drift.EDGE // drift.BLOCK
    before, after = flat(mean_red=0.01, mean_blue=0.39), flat(mean_red=0.02, mean_blue=0.39)
    result = drift.compare([before] * block + [after] * block)
    assert result["max_relative_change"] == pytest.approx(1)
    assert result["max_scaled_change"] == pytest.approx(0.05)


def test_a_frozen_grey_picture_has_only_its_mean() -> None:
    """One grey level everywhere, all the time: no variance, saturation, motion or sharpness."""
    picture = torch.full((4, 6, 3), 51, dtype=torch.uint8)
    row = next(drift.rows(islice(repeat(picture), 3)))
    assert [row[name] for name in drift.MEANS] == pytest.approx([0.2] * 3)
    assert [row[name] for name in drift.STATISTICS[3:]] == pytest.approx([0] * 6, abs=1e-6)


def test_stripes_are_sharp_and_moving_stripes_move() -> None:
    """Sharpness is the difference of neighbours, motion that of one picture from the next."""
    stripes = torch.tensor([0, 255], dtype=torch.uint8).repeat(3)[None, :, None].expand(4, 6, 3)
    row = next(drift.rows(iter((stripes, 255 - stripes))))
    assert row["sharpness"] == pytest.approx(1)
    assert row["motion"] == pytest.approx(0.5)


@pytest.mark.parametrize("frames", [900, 1050])
def test_too_few_frames_are_refused(frames: int) -> None:
    """Both ends have to fit, in whole hundreds."""
    with pytest.raises(ConfigError, match="1000 or more"):
        drift.measure(TOY, frames)
