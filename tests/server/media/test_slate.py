"""Tests of the slate and its font."""

import numpy as np
import pytest

from server.media import font
from server.media.slate import draw_slate


def test_letters_look_like_letters() -> None:
    """The dots of a text, drawn."""
    rows = ["".join("#" if dot else "." for dot in row) for row in font.text_mask("Li")]
    assert rows == [
        "#......###.",
        "#.......#..",
        "#.......#..",
        "#.......#..",
        "#.......#..",
        "#.......#..",
        "#####..###.",
    ]


def test_what_the_font_lacks_is_blank() -> None:
    """Unknown letters and no letters at all are no error."""
    assert not font.text_mask("\u00fc").any() and font.text_mask("").shape == (7, 1)


@pytest.mark.parametrize("size", [(512, 320), (64, 48), (1920, 1080), (5, 3)])
@pytest.mark.parametrize("text", ["", "Loading the model", "word " * 200, "x" * 500])
def test_any_text_fits_any_size(size: tuple[int, int], text: str) -> None:
    """A slate is always a picture of the asked size."""
    assert draw_slate(*size, text, 50).shape == (size[1], size[0], 3)


def test_the_bar_grows() -> None:
    """More percent are more of the bar's colour; without a percentage there is no bar."""
    blue = [int((draw_slate(512, 320, "x", percent)[:, :, 2] == 255).sum()) for percent in (None, 0, 50, 100)]
    assert blue[0] == blue[1] == 0 < blue[2] < blue[3]
    assert np.isclose(blue[3], 2 * blue[2], rtol=0.05)
