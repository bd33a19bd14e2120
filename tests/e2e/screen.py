"""What a page's video shows, asked from inside the page."""

from typing import Any

from playwright.async_api import Page

PLAYING = """
([frames, timeout_ms]) => new Promise((resolve, reject) => {
  const deadline = performance.now() + timeout_ms;
  let first_s = null, count = 0;
  const look = () => {
    const video = document.querySelector("video");
    if (performance.now() > deadline) return reject(new Error(`only ${count} pictures in time`));
    if (!video) return setTimeout(look, 50);
    video.requestVideoFrameCallback((now, metadata) => {
      count += 1;
      first_s ??= now / 1000;
      if (count < frames) return look();
      resolve({ fps: (count - 1) / (now / 1000 - first_s), width: metadata.width, height: metadata.height });
    });
  };
  look();
})
"""
"""Waits until so many pictures were shown, and says how fast they came."""

CONTRAST = """
() => {
  const video = document.querySelector("video");
  const canvas = document.createElement("canvas");
  [canvas.width, canvas.height] = [64, 36];
  const context = canvas.getContext("2d");
  context.drawImage(video, 0, 0, 64, 36);
  const { data } = context.getImageData(0, 0, 64, 36);
  const light = Array.from({ length: 64 * 36 }, (_, i) => (data[4 * i] + data[4 * i + 1] + data[4 * i + 2]) / 3);
  const mean = light.reduce((a, b) => a + b) / light.length;
  return Math.sqrt(light.reduce((sum, value) => sum + (value - mean) ** 2, 0) / light.length);
}
"""
"""The standard deviation of the picture's lightness, of 255; a blank picture has none."""


async def watch(page: Page, num_frames: int, timeout_s: float = 45.0) -> dict[str, Any]:
    """Wait until a page's video has shown so many pictures; returns their rate and size."""
    result: dict[str, Any] = await page.evaluate(PLAYING, [num_frames, 1000 * timeout_s])
    return result


async def contrast(page: Page) -> float:
    """Return how much the picture that is shown now varies in lightness."""
    result: float = await page.evaluate(CONTRAST)
    return result
