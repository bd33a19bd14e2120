"""The renderer: reproducible, its attributes independent of each other."""

from __future__ import annotations

from dataclasses import replace

import pytest
import torch
from torch import Tensor

from fifo_live.training.clips import FPS, HEADINGS, SPEEDS, Attributes, draw_attributes, render
from fifo_live.training.palettes import PALETTES, palette_stops
from fifo_live.training.scenes import COMBINATIONS, SCENES

SIZE = (144, 80)


def picture(scene: str, palette: str = "blue", speed: str = "medium", heading: str = "", num_frames: int = 3) -> Tensor:
    heading = heading or (SCENES[scene].headings or ("none",))[0]
    return render(Attributes(scene, palette, speed, heading), 4, num_frames, SIZE)


def motion(clip_FHWC: Tensor) -> float:
    return float((clip_FHWC[1:].float() - clip_FHWC[:-1].float()).abs().mean())


def test_there_is_enough_to_ask_for() -> None:
    """At least sixteen scenes, eight palettes and three speeds exist."""
    assert len(SCENES) >= 16
    assert len(PALETTES) >= 8
    assert len(SPEEDS) >= 3


@pytest.mark.parametrize("scene", SCENES)
def test_a_seed_gives_the_same_clip_again(scene: str) -> None:
    """Two renderings of a seed are equal to the bit, and have the right shape."""
    first = picture(scene)
    assert first.shape == (3, SIZE[1], SIZE[0], 3)
    assert first.dtype == torch.uint8
    assert torch.equal(first, picture(scene))


@pytest.mark.parametrize("scene", SCENES)
def test_every_scene_moves_and_is_not_flat(scene: str) -> None:
    """A clip has contrast, and its frames differ."""
    clip = picture(scene, speed="fast")
    assert float(clip.float().std()) > 8
    assert motion(clip) > 0.1


@pytest.mark.parametrize(("behind", "front"), COMBINATIONS)
def test_a_combination_shows_both_scenes(behind: str, front: str) -> None:
    """What stands in front leaves something of the scene behind it, and hides something of it."""
    attributes = Attributes(f"{behind}+{front}", "blue", "medium", (SCENES[front].headings or ("none",))[0])
    both = render(attributes, 4, 2, SIZE).float()
    one_part = [
        float((both - render(replace(attributes, scene=scene), 4, 2, SIZE).float()).abs().mean())
        for scene in (behind, front)
    ]
    assert min(one_part) > 0.5
    assert motion(both) > 0.05


@pytest.mark.parametrize("scene", SCENES)
def test_the_palette_changes_colours_but_not_shapes(scene: str) -> None:
    """The same seed in red and in blue has the same light and dark places."""
    red, blue = picture(scene, "red"), picture(scene, "blue")
    red_mean, blue_mean = red.float().mean((0, 1, 2)), blue.float().mean((0, 1, 2))
    assert float(red_mean[0] - red_mean[2]) > float(blue_mean[0] - blue_mean[2]) + 10
    light = torch.stack((red.float().mean(-1).flatten(), blue.float().mean(-1).flatten()))
    assert float(torch.corrcoef(light)[0, 1]) > 0.8


@pytest.mark.parametrize("scene", ["sea", "clouds", "fire", "snow", "mountains", "tunnel", "plasma"])
def test_fast_moves_more_than_slow(scene: str) -> None:
    """The speed word governs how much a frame differs from the next."""
    assert motion(picture(scene, speed="fast")) > 1.5 * motion(picture(scene, speed="slow"))


@pytest.mark.parametrize("scene", ["clouds", "mountains"])
def test_headings_are_opposite(scene: str) -> None:
    """Content heading right is found again further right; heading left, further left."""
    for heading, sign in (("right", 1), ("left", -1)):
        clip = picture(scene, heading=heading, speed="fast", num_frames=9).float().mean(-1)
        errors = {}
        for shift in (-2, -1, 1, 2):
            errors[shift] = float((torch.roll(clip[0], shift, 1) - clip[8])[:, 4:-4].abs().mean())
        best = min(errors, key=lambda shift: errors[shift])
        assert best * sign > 0, (heading, errors)


def test_attributes_are_drawn_independently() -> None:
    """Among many draws every scene meets every palette and every speed, and every combination is there."""
    generator = torch.Generator().manual_seed(1)
    draws = [draw_attributes(generator) for _ in range(4000)]
    assert {draw.scene for draw in draws} == {*SCENES, *("+".join(pair) for pair in COMBINATIONS)}
    assert {(draw.scene, draw.speed) for draw in draws} >= {(scene, speed) for scene in SCENES for speed in SPEEDS}
    pairs = {(draw.scene, draw.palette) for draw in draws}
    assert all((scene, palette) in pairs for scene in SCENES for palette in PALETTES)
    assert {draw.heading for draw in draws} == set(HEADINGS)


def test_two_colours_share_a_palette() -> None:
    """A pair takes its shadows from the first palette and its lights from the second."""
    stops = palette_stops("blue+gold", torch.Generator().manual_seed(0))
    assert stops[1, 2] > stops[1, 0]
    assert stops[3, 0] > stops[3, 2]


@pytest.mark.parametrize("name", ["city", "stars+sea", "fireworks"])
def test_far_moments_show_the_same_shot(name: str) -> None:
    """A moment between the frames is what a finer clip shows there, and asking for moments changes no frame."""
    heading = (SCENES[name.rpartition("+")[2]].headings or ("none",))[0]
    attributes = Attributes(name, "blue", "medium", heading)
    plain = render(attributes, 5, 5, (64, 32))
    with_moment = render(attributes, 5, 3, (64, 32), moments_s=(4 / FPS,))
    assert torch.equal(with_moment, plain[[0, 1, 2, 4]])
