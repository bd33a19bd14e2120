"""Facts about `fifo-live generate`, with the model that paints what can be read back."""

from pathlib import Path

import av
import numpy as np
import pytest
from typer.testing import CliRunner

from fifo_live.cli import app
from fifo_live.commands.timed_prompt import TimedPrompt, parse_prompts
from fifo_live.errors import FifoLiveError, PromptError
from tests.painted import pixels, read_number, shows


def generate(*arguments: str) -> str:
    """Run the command with the painted model; returns what it printed."""
    result = CliRunner().invoke(app, ["generate", "--model", "tests.painted:load", *arguments])
    if isinstance(result.exception, FifoLiveError):
        raise result.exception
    assert result.exit_code == 0, result.output
    return result.output


def test_each_prompt_is_first_seen_at_its_frame(tmp_path: Path) -> None:
    """The file holds the frames in order, and each prompt begins at its frame, or with the next latent after it."""
    out = tmp_path / "film.mp4"
    printed = generate(
        "--prompt", "a sea", "--prompt", "4:a forest", "--prompt", "21:a city", "--frames", "41", "-o", str(out)
    )
    assert "Wrote 41 frames of 320x180" in printed
    with av.open(str(out)) as container:
        assert container.streams.video[0].average_rate == 24
        pictures = [pixels(frame) for frame in container.decode(video=0)]
    assert [read_number(picture) for picture in pictures] == list(range(41))
    for number, picture in enumerate(pictures):
        expected = "a sea" if number < 4 else "a forest" if number < 22 else "a city"
        assert shows(picture, expected), f"Frame {number} does not show {expected}."


def test_without_a_prompt_the_model_opens(tmp_path: Path) -> None:
    """The model's own opening is shown until the first prompt."""
    out = tmp_path / "film.mp4"
    generate("--frames", "3", "-o", str(out))
    with av.open(str(out)) as container:
        assert shows(pixels(next(container.decode(video=0))), "the beginning")


def save_orange(path: str) -> None:
    av.VideoFrame.from_ndarray(np.full((90, 160, 3), (200, 120, 60), np.uint8), "rgb24").save(path)


def test_begins_with_a_picture(tmp_path: Path) -> None:
    """With --init the first frames look like the picture; its prompt counts from the first frame on."""
    picture, out = str(tmp_path / "orange.png"), str(tmp_path / "film.mp4")
    save_orange(picture)
    generate("--model", "tests.toy:load_flat", "--init", picture, "--prompt", "a sea", "--frames", "20", "-o", out)
    with av.open(out) as container:
        means = [pixels(frame).mean(axis=(0, 1)) for frame in container.decode(video=0)]
    assert len(means) == 20
    assert np.allclose(means[:4], (200, 120, 60), atol=12), means[:4]


@pytest.mark.parametrize(
    ("arguments", "code"),
    [
        (("--prompt", "a" * 201), "prompt_too_long"),
        (("--prompt", "  "), "prompt_empty"),
        (("--prompt", "a", "--prompt", "b"), "prompt_clash"),
        (("-o", "no/such/folder.mp4"), "bad_config"),
        (("-o", "out.nothing"), "bad_config"),
        (("--init", "no/such/picture.png"), "bad_config"),
        (("--init", "orange.png"), "bad_model"),
        (("--model", "no_such_model"), "bad_model"),
        (("--model", "tests.painted:nothing"), "bad_model"),
    ],
)
def test_what_can_not_be_done_is_said(
    arguments: tuple[str, ...], code: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Bad prompts, files and models are refused with their code."""
    monkeypatch.chdir(tmp_path)
    save_orange("orange.png")
    with pytest.raises(FifoLiveError) as caught:
        generate("--frames", "2", *arguments)
    assert caught.value.code == code


def test_prompts_are_put_in_order() -> None:
    """A number and a colon say the frame; another colon belongs to the text."""
    assert parse_prompts(["48:a city: night", "a sea"]) == [TimedPrompt(0, "a sea"), TimedPrompt(48, "a city: night")]
    with pytest.raises(PromptError):
        parse_prompts(["7:"])
