"""Steers a real stream and keeps what a viewer sees: `python scripts/contact_sheet.py docs/contact-sheet.jpg`.

Starts a server with the bundled model, joins it as a WebRTC viewer, and sends one prompt after the other over /ws. The
left picture of a row was received just before the prompt came on air, the others follow it in steps of half a second.
"""

import asyncio
import sys
import tempfile
from collections import deque
from pathlib import Path

import numpy as np
from numpy.typing import NDArray
from PIL import Image, ImageDraw

from fifo_live.bench.player import Player, Seen
from fifo_live.bench.server_process import ServerProcess
from fifo_live.client import ControlClient

PROMPTS = (
    "a calm blue sea with a low sun",
    "burning orange flames in the dark",
    "green northern lights over the hills",
    "a purple galaxy, drifting slowly",
    "snow falling on a pine forest at night",
    "the skyline of a big city after dark, golden windows",
    "pink and red silk waving",
    "flying through a turquoise tunnel, fast",
)
OFFSETS_S = (-0.3, 0.25, 0.75, 1.25, 2.0, 2.75)
TILE = (288, 160)
JPEG_QUALITY = 82
START_TIMEOUT_S = 60.0

Picture = NDArray[np.uint8]


async def watch(player: Player, seen: deque[Seen]) -> None:
    """Keep the last seconds of what a viewer sees."""
    async for picture in player.frames():
        seen.append(picture)


async def row(client: ControlClient, seen: deque[Seen], prompt: str) -> tuple[list[Picture], str]:
    """Send a prompt and return the pictures around the moment at which it came on air, with what was announced."""
    accepted = await client.prompt(prompt)
    on_air = await client.on_air(accepted)
    assert on_air is not None, "nobody else steers"
    begin_s = asyncio.get_running_loop().time()
    await asyncio.sleep(OFFSETS_S[-1] + 0.2)
    pictures = [min(seen, key=lambda item: abs(item.at_s - begin_s - offset)) for offset in OFFSETS_S]  # noqa: B023
    caption = f"{prompt}   (announced for frame {accepted.visible_frame}, on air in frame {on_air.frame})"
    return [np.asarray(item.picture.to_ndarray(format="rgb24"), np.uint8) for item in pictures], caption


async def rows(url: str) -> list[tuple[list[Picture], str]]:
    """Steer through all prompts."""
    seen: deque[Seen] = deque(maxlen=200)
    async with Player(url) as player, ControlClient(url) as client:
        task = asyncio.create_task(watch(player, seen))
        while not seen:
            await asyncio.sleep(0.1)
        made = [await row(client, seen, prompt) for prompt in PROMPTS]
        task.cancel()
        return made


def draw(made: list[tuple[list[Picture], str]]) -> Image.Image:
    """Lay the rows out, a line of text above each."""
    width, height = TILE
    sheet = Image.new("RGB", (width * len(OFFSETS_S), (height + 16) * len(made)), "black")
    pen = ImageDraw.Draw(sheet)
    for number, (pictures, caption) in enumerate(made):
        top = number * (height + 16)
        pen.text((4, top + 2), caption, fill="white")
        for column, picture in enumerate(pictures):
            sheet.paste(Image.fromarray(picture).resize(TILE), (column * width, top + 16))
    return sheet


def main() -> None:
    """Make the sheet named on the command line."""
    log = Path(tempfile.mkdtemp()) / "server.log"
    with ServerProcess(sys.argv[2:], log) as server:
        server.wait_until("/readyz", START_TIMEOUT_S)
        sheet = draw(asyncio.run(rows(server.url)))
    sheet.save(sys.argv[1], quality=JPEG_QUALITY, optimize=True)


if __name__ == "__main__":
    main()
