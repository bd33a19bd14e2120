"""Facts about the files that films become."""

import stat
from pathlib import Path

import numpy as np
import pytest

from fifo_live.commands.target import ENDINGS
from fifo_live.commands.video_writer import VideoWriter, check_out
from fifo_live.errors import ConfigError


def write(path: Path, num_frames: int = 30) -> None:
    """Write a moving picture."""
    with VideoWriter(path, 96, 64, 24.0) as movie:
        for number in range(num_frames):
            movie.write(np.roll(np.arange(96 * 64 * 3, dtype=np.uint8).reshape(64, 96, 3), number, axis=1))
        movie.finish()


@pytest.mark.parametrize("ending", ENDINGS)
def test_the_same_pictures_give_the_same_file(ending: str, tmp_path: Path) -> None:
    """Byte for byte: no time of day, no random number, no number of cores is written down."""
    first, second = tmp_path / f"first{ending}", tmp_path / f"second{ending}"
    write(first)
    write(second)
    assert first.stat().st_size > 1000
    assert first.read_bytes() == second.read_bytes()


def test_a_busy_film_is_the_same_every_time(tmp_path: Path) -> None:
    """Also a large one with noise, whose bits x264 has to plan, which it does in threads."""
    noise = np.random.default_rng(0).integers(0, 255, (320, 576, 3), dtype=np.uint8) // 8
    ramp = (np.arange(576) // 4).astype(np.uint8)[None, :, None]
    files = [tmp_path / f"{number}.mp4" for number in range(8)]
    for file in files:
        with VideoWriter(file, 576, 320, 16.0) as movie:
            for shift in range(40):
                movie.write(np.roll(noise, shift, axis=1) + ramp)
            movie.finish()
    assert len({file.read_bytes() for file in files}) == 1


@pytest.mark.parametrize(
    "name",
    [
        "a.gif",
        "a.webm",
        "a.png",
        "a.y4m",
        "a.ogg",
        "a.m3u8",
        "a%d.jpg",
        "a.nothing",
        "none",
        ".mp4",
        "no/such/a.mp4",
        "/proc/a.mp4",
        "/dev/null",
        "/dev/full",
        ".",
        "folder.mp4",
        "x" * 300 + ".mp4",
        "http://example.org/a.mp4",
    ],
)
def test_what_cannot_be_written_is_said_before_anything_is_made(
    name: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """One sentence names the file, and nothing is left in the folder."""
    monkeypatch.chdir(tmp_path)
    (tmp_path / "folder.mp4").mkdir()
    with pytest.raises(ConfigError) as caught:
        check_out(Path(name))
    assert "\n" not in str(caught.value)
    assert [path.name for path in tmp_path.iterdir()] == ["folder.mp4"]


@pytest.mark.parametrize("name", ["a.mp4", "2024-05-01T12:30:00.mp4", "file:a.mp4", "a b.MKV", "海.mov", "tee:x|y.mp4"])
def test_a_colon_is_part_of_a_name(name: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """No name is taken for a protocol, and the check leaves nothing behind."""
    monkeypatch.chdir(tmp_path)
    check_out(Path(name))
    assert list(tmp_path.iterdir()) == []
    write(Path(name))
    assert [path.name for path in tmp_path.iterdir()] == [name]


def test_an_older_file_stays_until_the_new_one_is_whole(tmp_path: Path) -> None:
    """A film that breaks off leaves what was there; a whole one takes its place and its rights."""
    file = tmp_path / "a.mp4"
    file.write_bytes(b"old")
    file.chmod(0o640)
    check_out(file)
    with pytest.raises(KeyboardInterrupt), VideoWriter(file, 64, 64, 24.0) as movie:
        movie.write(np.zeros((64, 64, 3), np.uint8))
        raise KeyboardInterrupt
    assert (file.read_bytes(), len(list(tmp_path.iterdir()))) == (b"old", 1)
    write(file)
    assert file.stat().st_size > 1000 and stat.S_IMODE(file.stat().st_mode) == 0o640


def test_a_link_stays_a_link(tmp_path: Path) -> None:
    """The file that it leads to is written."""
    (tmp_path / "link.mp4").symlink_to("real.mp4")
    write(tmp_path / "link.mp4")
    assert (tmp_path / "link.mp4").is_symlink() and (tmp_path / "real.mp4").is_file()


def test_odd_sizes_are_said() -> None:
    """H.264 with its usual colours has none."""
    with pytest.raises(ConfigError, match="Pictures of 321x180 cannot be written: H.264 takes even sizes only"):
        VideoWriter(Path("a.mp4"), 321, 180, 24.0)
