"""A small font for the slate: capital letters, figures and some signs, 5 dots wide and 7 high."""

import numpy as np
from numpy.typing import NDArray

WIDTH, HEIGHT = 5, 7

_ROWS = {
    "A": "0E11111F111111", "B": "1E11111E11111E", "C": "0E11101010110E", "D": "1E11111111111E", "E": "1F10101E10101F",
    "F": "1F10101E101010", "G": "0E11101711110F", "H": "1111111F111111", "I": "0E04040404040E", "J": "0702020202120C",
    "K": "11121418141211", "L": "1010101010101F", "M": "111B1515111111", "N": "11111915131111", "O": "0E11111111110E",
    "P": "1E11111E101010", "Q": "0E11111115120D", "R": "1E11111E141211", "S": "0F10100E01011E", "T": "1F040404040404",
    "U": "1111111111110E", "V": "11111111110A04", "W": "1111111515150A", "X": "11110A040A1111", "Y": "11110A04040404",
    "Z": "1F01020408101F", "0": "0E11131519110E", "1": "040C040404040E", "2": "0E11010204081F", "3": "1F02040201110E",
    "4": "02060A121F0202", "5": "1F101E0101110E", "6": "0608101E11110E", "7": "1F010204080808", "8": "0E11110E11110E",
    "9": "0E11110F01020C", ".": "00000000000C0C", ",": "000000000C0408", ":": "000C0C000C0C00", "-": "0000001F000000",
    "/": "01010204081010", "%": "18190204081303", "'": "04040800000000", "(": "02040808080402", ")": "08040202020408",
}  # fmt: skip


def text_mask(text: str) -> NDArray[np.bool_]:
    """Return one line of text as dots, (HEIGHT, width); what the font lacks is left blank."""
    mask = np.zeros((HEIGHT, max(1, len(text) * (WIDTH + 1) - 1)), np.bool_)
    for number, letter in enumerate(text.upper()):
        rows = np.frombuffer(bytes.fromhex(_ROWS.get(letter, "00" * HEIGHT)), np.uint8)
        left = number * (WIDTH + 1)
        mask[:, left : left + WIDTH] = np.unpackbits(rows[:, None], axis=1)[:, 8 - WIDTH :]
    return mask
