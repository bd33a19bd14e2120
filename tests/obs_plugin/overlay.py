"""The browser source as OBS gets it: pixels with alpha."""

import io

import numpy as np
from numpy.typing import NDArray
from PIL import Image
from playwright.async_api import Page


async def overlay(page: Page) -> NDArray[np.uint8]:
    """Return what the page paints, (height, width, RGBA), over nothing."""
    png = await page.screenshot(omit_background=True)
    return np.asarray(Image.open(io.BytesIO(png)).convert("RGBA"))
