"""What a page shows, read back as pixels."""

import numpy as np
from playwright.async_api import Frame, Page

from fifo_live.link.ring import Picture
from tests import barcode

CODE_WIDTH, CODE_HEIGHT = barcode.COLUMNS * barcode.BLOCK, barcode.ROWS * barcode.BLOCK
_GRAB = """([width, height]) => {
    const video = document.querySelector("video.shown");
    const canvas = Object.assign(document.createElement("canvas"), { width, height });
    const context = canvas.getContext("2d");
    context.drawImage(video, 0, 0);
    return Array.from(context.getImageData(0, 0, width, height).data);
}"""


async def video_picture(page: Page | Frame) -> Picture:
    """Return the corner of the shown video that holds the bar code, RGB."""
    pixels = await page.evaluate(_GRAB, [CODE_WIDTH, CODE_HEIGHT])
    return np.array(pixels, np.uint8).reshape(CODE_HEIGHT, CODE_WIDTH, 4)[:, :, :3]


async def shown_frame(page: Page | Frame) -> tuple[int, int] | None:
    """Return (frame, cue) of what the page shows now, None if the bar code cannot be read."""
    return barcode.read(await video_picture(page))


async def next_frame(page: Page | Frame) -> None:
    """Wait until the page has shown one more frame."""
    await page.evaluate(
        'new Promise((done) => document.querySelector("video.shown").requestVideoFrameCallback(() => done()))'
    )


async def frame_after(page: Page | Frame, frame: int = -1) -> tuple[int, int]:
    """Wait for a readable frame later than `frame` and return it with its cue."""
    while True:
        await next_frame(page)
        seen = await shown_frame(page)
        if seen is not None and seen[0] > frame:
            return seen
