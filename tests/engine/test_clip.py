"""Pictures and clips from files, as latents."""

from dataclasses import replace
from fractions import Fraction
from pathlib import Path

import av
import numpy as np
import pytest
import torch

from fifo_live.commands.video_writer import VideoWriter
from fifo_live.engine.clip import encode_file, read_pictures
from fifo_live.errors import ConfigError, ModelError
from fifo_live.models.contract import Denoiser, ModelSpec
from tests.painted import Painted
from tests.toy import CAUSAL_SPEC, FIFO_SPEC, ToyDenoiser

SPEC = replace(FIFO_SPEC, fps=8.0)


def colours(pictures: np.ndarray) -> list[int]:
    """The red of each picture's middle."""
    return [int(picture[8, 16, 0]) for picture in pictures]


def save_picture(path: Path, picture: np.ndarray) -> Path:
    av.VideoFrame.from_ndarray(picture, "rgb24").save(str(path))
    return path


def save_clip(path: Path, reds: list[int], fps: float) -> Path:
    with VideoWriter(path, 64, 32, fps) as movie:
        for red in reds:
            movie.write(np.full((32, 64, 3), red, np.uint8))
        movie.finish()
    return path


@pytest.fixture
def picture(tmp_path: Path) -> Path:
    """A picture of the toy's size with a gradient."""
    ramp = np.linspace(20, 230, 32, dtype=np.uint8)
    return save_picture(tmp_path / "ramp.png", np.broadcast_to(ramp[None, :, None], (16, 32, 3)).copy())


def test_a_picture_of_the_right_size_is_taken_as_it_is(picture: Path) -> None:
    """Nothing is scaled or cut, and there is one of it."""
    pictures = read_pictures(picture, SPEC, 9)
    assert pictures.shape == (1, 16, 32, 3)
    assert pictures[0, 5, :, 1].tolist() == np.linspace(20, 230, 32, dtype=np.uint8).tolist()


def test_another_shape_is_cut_not_stretched(tmp_path: Path) -> None:
    """Of a wide picture the middle is shown, of a high one too."""
    for height, width in [(32, 192), (96, 64)]:
        wide = np.zeros((height, width, 3), np.uint8)
        wide[height // 2 - 16 : height // 2 + 16, width // 2 - 32 : width // 2 + 32] = 200
        pictures = read_pictures(save_picture(tmp_path / "wide.png", wide), SPEC, 1)
        assert pictures.shape == (1, 16, 32, 3) and (pictures[0, 2:-2, 2:-2] == 200).all()


@pytest.mark.parametrize(("fps", "expected"), [(8, [40, 80, 120, 160]), (16, [40, 120]), (4, [40, 40, 80, 80])])
def test_a_clip_keeps_its_pace(tmp_path: Path, fps: int, expected: list[int]) -> None:
    """Frames are left out or repeated to the model's own rate; no more are read than are wanted."""
    pictures = read_pictures(save_clip(tmp_path / "clip.mp4", [40, 80, 120, 160, 200], fps), SPEC, len(expected))
    assert np.allclose(colours(pictures), expected, atol=6)


@pytest.mark.parametrize("spec", [FIFO_SPEC, CAUSAL_SPEC])
def test_a_picture_becomes_two_latents(spec: ModelSpec, picture: Path) -> None:
    """A still is repeated until there is one latent behind the first, which may be a special one."""
    x_FCHW = encode_file(ToyDenoiser(spec), picture, 8)
    assert len(x_FCHW) == 2
    assert torch.equal(x_FCHW[0], x_FCHW[1])


@pytest.mark.parametrize(("num_frames", "num_latents"), [(5, 2), (6, 3), (9, 3), (60, 8)])
def test_a_clip_is_filled_up_to_whole_latents(num_frames: int, num_latents: int, tmp_path: Path) -> None:
    """The last frame is repeated to the end of its latent; what the queue cannot hold is not read."""
    clip = save_clip(tmp_path / "clip.mp4", [100] * num_frames, CAUSAL_SPEC.fps)
    assert len(encode_file(ToyDenoiser(CAUSAL_SPEC), clip, 8)) == num_latents


@pytest.mark.parametrize("content", [None, b"", b"not a picture at all", "folder", "sound"])
def test_a_bad_file_is_one_sentence(content: bytes | str | None, tmp_path: Path) -> None:
    """No file, an empty one, another kind, a folder, a sound without pictures: the file is named."""
    path = tmp_path / "begin.bin"
    if content == "folder":
        path.mkdir()
    elif content == "sound":
        path = tmp_path / "begin.wav"
        with av.open(str(path), "w") as container:
            stream = container.add_stream("pcm_s16le", rate=8000)
            frame = av.AudioFrame.from_ndarray(np.zeros((1, 800), np.int16), layout="mono")
            frame.sample_rate, frame.time_base = 8000, Fraction(1, 8000)
            container.mux(stream.encode(frame))
    elif isinstance(content, bytes):
        path.write_bytes(content)
    with pytest.raises(ConfigError, match="begin") as caught:
        encode_file(ToyDenoiser(), path, 8)
    assert "\n" not in str(caught.value)


def test_a_model_without_an_encoder_says_so(picture: Path) -> None:
    """The contract's own answer is a sentence with the model's name."""
    model: Denoiser = Painted(torch.device("cpu"))
    with pytest.raises(ModelError, match="painted has no encoder"):
        encode_file(model, picture, 8)
