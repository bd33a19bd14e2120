"""Facts about `fifo-live generate`, with the model that paints what can be read back."""

import os
import signal
import subprocess
import sys
from pathlib import Path

import av
import numpy as np
import pytest
from typer.testing import CliRunner

from fifo_live.cli import app
from fifo_live.commands.offline_stream import OfflineStream
from fifo_live.commands.timed_prompt import TimedPrompt, parse_prompts
from fifo_live.errors import ConfigError, FifoLiveError, PromptError
from tests.painted import pixels, read_number, shows
from tests.trees import ROOT


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
        (("-o", "."), "bad_config"),
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


def test_a_file_that_cannot_be_written_is_said_before_a_model_is_loaded(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Nobody waits for a model to hear that; nothing is left behind."""
    monkeypatch.chdir(tmp_path)
    monkeypatch.setattr(OfflineStream, "__init__", lambda *_: pytest.fail("the model was loaded"))
    for out in ("a.gif", "no/such/a.mp4", "/proc/a.mp4"):
        with pytest.raises(ConfigError):
            generate("-o", out)
    assert list(tmp_path.iterdir()) == []


@pytest.mark.skipif(sys.platform == "win32", reason="there is no limit to files there")
def test_a_disk_that_fills_up_is_a_sentence(tmp_path: Path) -> None:
    """An older file stays, and nothing is left beside it."""
    out = tmp_path / "film.mp4"
    out.write_bytes(b"old")
    script = (
        "import resource, sys; from fifo_live.cli import main; resource.setrlimit(resource.RLIMIT_FSIZE, (4000, 4000));"
        "sys.argv[0] = 'fifo-live'; main()"
    )
    arguments = ["generate", "--model", "tests.painted:load", "--frames", "60", "-o", str(out)]
    command = [sys.executable, "-c", script, *arguments]
    # The limit would hit a measurement of coverage too.
    environment = {key: value for key, value in os.environ.items() if not key.startswith("COVERAGE_")}
    environment["PYTHONPATH"] = str(ROOT)
    result = subprocess.run(command, env=environment, capture_output=True, text=True, timeout=50, check=False)
    assert result.returncode == 2
    assert result.stderr.splitlines()[-1] == f"fifo-live: {out} cannot be written: File too large."
    assert "Traceback" not in result.stderr
    assert [(file.name, file.read_bytes()) for file in tmp_path.iterdir()] == [("film.mp4", b"old")]


@pytest.mark.skipif(sys.platform == "win32", reason="signals are different there")
@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGHUP, signal.SIGINT])
def test_a_film_that_is_broken_off_replaces_no_older_one(number: signal.Signals, tmp_path: Path) -> None:
    """A signal leaves the file as it was and nothing beside it, and gives the shell's usual exit code."""
    out = tmp_path / "film.mp4"
    out.write_bytes(b"old")
    arguments = ["generate", "--model", "tests.painted:load", "--frames", "1000000", "-o", str(out)]
    environment = {**os.environ, "PYTHONPATH": str(ROOT)}
    process = subprocess.Popen(
        [sys.executable, "-m", "fifo_live", *arguments], env=environment, stderr=subprocess.PIPE, text=True
    )
    assert process.stderr is not None
    with process, process.stderr as errors:
        assert any("Loading tests.painted:load" in line for line in errors)
        process.send_signal(number)
        assert process.wait(40) == 128 + number
    assert [(file.name, file.read_bytes()) for file in tmp_path.iterdir()] == [("film.mp4", b"old")]


def test_the_same_seed_gives_the_same_file(tmp_path: Path) -> None:
    """Byte for byte; another seed gives another film."""
    films = [tmp_path / f"{number}.mp4" for number in range(3)]
    for film, seed in zip(films, ("3", "3", "4"), strict=True):
        generate("--model", "tests.toy:load", "--prompt", "a sea", "--seed", seed, "--frames", "24", "-o", str(film))
    assert films[0].read_bytes() == films[1].read_bytes() != films[2].read_bytes()


def test_what_was_read_is_told(tmp_path: Path) -> None:
    """Each prompt with its frame, also one that is never seen; the end says how long the film is."""
    arguments = ["--prompt", "16:9 wide shot", "--prompt", "2: 9 cats", "--prompt", "120:a city"]
    printed = generate(*arguments, "--frames", "4", "-o", str(tmp_path / "film.mp4")).splitlines()
    assert "From frame 0: 16:9 wide shot" in printed
    assert "From frame 2: 9 cats" in printed
    assert "From frame 120: a city (never seen: the video ends with frame 3)" in printed
    assert printed[-1].startswith("Wrote 4 frames of 320x180 (0.2 s at 24 frames a second) to ")


@pytest.mark.parametrize(
    "text",
    ["16:9 wide shot", "4:3 old film", "3:00 am in Tokyo", "007: the spy", "-5:a", "1e3:a", "a: b", "9999999999:a"],
)
def test_a_number_and_a_colon_may_begin_a_text(text: str) -> None:
    """Ratios, times of day and numbers with leading zeros are no frames."""
    assert parse_prompts([text]) == [TimedPrompt(0, text)]


@pytest.mark.parametrize("text", ["120:a city", "120 : a city", "120: a city", "120:\na city"])
def test_blanks_around_the_colon_do_not_matter(text: str) -> None:
    """A frame is a frame."""
    assert parse_prompts([text]) == [TimedPrompt(120, "a city")]


@pytest.mark.parametrize(
    "text", ["", " ", "7:", "7: ", "\u200b", "\u2060\u200d", "\x00", "\u2800", "\u3164", "7:\ufeff"]
)
def test_a_prompt_of_which_nothing_is_seen_is_empty(text: str) -> None:
    """Invisible characters are no text."""
    with pytest.raises(PromptError, match="has no text"):
        parse_prompts([text])


def test_prompts_are_put_in_order() -> None:
    """A number and a colon say the frame; another colon belongs to the text."""
    assert parse_prompts(["48:a city: night", "a sea"]) == [TimedPrompt(0, "a sea"), TimedPrompt(48, "a city: night")]
    with pytest.raises(PromptError):
        parse_prompts(["7:"])
