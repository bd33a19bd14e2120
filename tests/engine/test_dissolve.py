"""Fading from one shot into the next."""

import torch
from torch import Tensor

from fifo_live.engine.dissolve import Dissolve
from fifo_live.engine.timeline import Cue, Timeline


def shown(cues: Timeline, values: list[float]) -> list[float]:
    """Show latents that are one number each; returns the numbers as they are shown."""
    dissolve = Dissolve(cues)
    x = torch.tensor(values, dtype=torch.float32)[:, None, None, None]
    parts: list[Tensor] = [dissolve.apply(x[i : i + 1], range(i, i + 1)) for i in range(len(values))]
    return [round(float(part), 4) for part in parts]


def timeline() -> Timeline:
    return Timeline(Cue(0, 0, 0, (("sea", 1.0),)), cuts=True)


def test_fades_from_the_last_picture() -> None:
    """The old shot's last picture stands still while the new shot comes up over it."""
    cues = timeline()
    cues.add(1, (("fire", 1.0),), start=2, transition=3)
    assert shown(cues, [0, 8, 4, 4, 4, 4]) == [0, 8, 7, 6, 5, 4]


def test_without_transition_it_is_a_cut() -> None:
    """Nothing is mixed."""
    cues = timeline()
    cues.add(1, (("fire", 1.0),), start=2)
    assert shown(cues, [0, 8, 4, 5]) == [0, 8, 4, 5]


def test_a_dissolve_that_is_interrupted() -> None:
    """The next dissolve begins at the mix that was shown, without a jump."""
    cues = timeline()
    cues.add(1, (("fire", 1.0),), start=1, transition=1)
    cues.add(2, (("snow", 1.0),), start=2, transition=1)
    assert shown(cues, [0, 8, 0, 0]) == [0, 4, 2, 0]


def test_nothing_to_fade_from() -> None:
    """After a restart there is no picture before; the new shot is shown as it is."""
    cues = timeline()
    cues.add(1, (("fire", 1.0),), start=0, transition=9)
    assert shown(cues, [3, 4]) == [3, 4]
