"""Contact sheets of a model and figures on long streams: `python -m fifo_live.bundled.training.sheets OUT`."""

from __future__ import annotations

import argparse
from collections.abc import Callable, Iterator, Sequence
from itertools import islice
from pathlib import Path

import av
import numpy as np
import torch
import torch.nn.functional as nnf
from numpy.typing import NDArray
from torch import Tensor

from fifo_live.bundled.clips import Attributes, render
from fifo_live.bundled.scenes import SCENES
from fifo_live.bundled.text_encoder import encode
from fifo_live.bundled.training.stream import Diagonal, stream
from fifo_live.bundled.weights import FOLDER, BundledModel, load_model

Picture = NDArray[np.uint8]
DTYPE = torch.bfloat16 if torch.cpu.get_capabilities().get("avx512_bf16") else torch.float32
THUMB = (135, 240)  # height, width
PROMPTS = {
    "sea": ("a calm blue sea", "a red ocean at full speed"),
    "stars": ("flying through the stars", "a green nebula"),
    "aurora": ("northern lights", "a purple aurora"),
    "plasma": ("an abstract plasma", "blue and gold liquid colours"),
    "silk": ("pink silk ribbons", "golden silk in the wind"),
    "clouds": ("clouds in a blue sky", "clouds at sunset"),
    "fire": ("a bonfire", "blue flames"),
    "lava": ("a red lava lamp", "a green lava lamp"),
    "snow": ("falling snow in a forest", "a purple winter landscape"),
    "city": ("a city at night", "the skyline in gold"),
    "tunnel": ("a tunnel of light", "red rings"),
    "mountains": ("misty mountains", "mountains at sunset"),
}
SWITCHES = (
    "orange flames",
    "a calm blue sea",
    "purple northern lights",
    "a golden city at night",
    "it is snowing in the forest",
    "green plasma",
    "clouds at sunset",
    "a tunnel of teal rings",
)
FRAMES_PER_SWITCH = 24


def write_jpeg(path: Path, picture_HWC: Picture, quality: int = 4) -> None:
    """Write an RGB picture; a higher number is a smaller file."""
    frame = av.VideoFrame.from_ndarray(np.ascontiguousarray(picture_HWC), format="rgb24").reformat(format="yuvj420p")
    codec = av.CodecContext.create("mjpeg", "w")
    codec.width, codec.height, codec.pix_fmt = frame.width, frame.height, "yuvj420p"
    codec.options = {"qmin": str(quality), "qmax": str(quality)}
    codec.time_base = 1  # type: ignore[assignment]
    packets = [*codec.encode(frame), *codec.encode(None)]
    path.write_bytes(b"".join(bytes(packet) for packet in packets))


class Player:
    """A model that streams pictures for prompts."""

    def __init__(self, model: BundledModel) -> None:
        self.model = model
        model.denoiser.to(DTYPE, memory_format=torch.channels_last)  # type: ignore[call-overload]
        model.decoder.to(DTYPE, memory_format=torch.channels_last)  # type: ignore[call-overload]

    def prompts(self, texts: Sequence[str]) -> Tensor:
        return encode(self.model.text, self.model.table, texts)

    def latents(self, prompts: Callable[[int], Tensor], seed: int) -> Iterator[Tensor]:
        return stream(self._denoise, self.model.geometry.latent_shape, prompts, Diagonal(seed=seed))

    def _denoise(self, x: Tensor, t: Tensor, cond: Tensor) -> Tensor:
        flow: Tensor = self.model.denoiser(x.to(DTYPE), t, cond.to(DTYPE))
        return flow.float()

    @torch.inference_mode()
    def picture(self, latent_CHW: Tensor) -> Tensor:
        """Decode one latent to (3, H, W) in 0..1."""
        latent = (latent_CHW[None] / self.model.scale).to(DTYPE, memory_format=torch.channels_last)
        out: Tensor = self.model.decoder(latent)[0].float()
        return (out.clamp(-1, 1) + 1) / 2


def thumb(picture_3HW: Tensor) -> Picture:
    small = nnf.interpolate(picture_3HW[None], size=THUMB, mode="bilinear", antialias=True)[0]
    return (small * 255).round().byte().permute(1, 2, 0).numpy()


def grid(thumbs: Sequence[Picture], columns: int) -> Picture:
    rows = [np.concatenate(thumbs[start : start + columns], 1) for start in range(0, len(thumbs), columns)]
    return np.concatenate(rows, 0)


def data_sheet() -> Picture:
    thumbs = []
    for number, (name, scene) in enumerate(SCENES.items()):
        heading = (scene.headings or ("none",))[0]
        for palette, frames in ((scene.palettes[0], (0, 16)), ("pink" if number % 2 else "gold", (0,))):
            clip_FHWC = render(Attributes(name, palette, "medium", heading), number * 10, 17, (576, 320))
            thumbs += [thumb(clip_FHWC[frame].permute(2, 0, 1).float() / 255) for frame in frames]
    return grid(thumbs, 6)


def scene_sheet(player: Player) -> Picture:
    """For every scene two prompts, two moments each."""
    thumbs = []
    for number, text in enumerate(text for pair in PROMPTS.values() for text in pair):
        cond = player.prompts([text])[0]
        latents = list(islice(player.latents(lambda index, cond=cond: cond, number), 33))  # type: ignore[misc]
        thumbs += [thumb(player.picture(latents[frame])) for frame in (16, 32)]
    return grid(thumbs, 4)


def switch_sheet(player: Player) -> Picture:
    """One stream whose prompt changes every 24 frames, every third frame of it."""
    conds = player.prompts(SWITCHES)
    latents = player.latents(lambda index: conds[index // FRAMES_PER_SWITCH % len(SWITCHES)], 1)
    shown = islice(latents, FRAMES_PER_SWITCH * len(SWITCHES))
    return grid([thumb(player.picture(latent)) for number, latent in enumerate(shown) if number % 3 == 0], 8)


def long_stream(player: Player, text: str, num_frames: int) -> list[str]:
    """Mean colour, contrast and motion of every hundred frames of one prompt."""
    cond = player.prompts([text])[0]
    lines, last, rows = [], None, []
    for latent in islice(player.latents(lambda index: cond, 5), num_frames):
        picture = player.picture(latent)
        moved = 0.0 if last is None else float((picture - last).abs().mean())
        rows.append([*picture.mean((1, 2)).tolist(), float(picture.std()), moved])
        last = picture
    for start in range(0, num_frames, 100):
        means = np.array(rows[start : start + 100]).mean(0)
        lines.append(f"{text} {start:5d}: " + " ".join(f"{value:.4f}" for value in means))
    return lines


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("out", type=Path, help="folder for the sheets")
    parser.add_argument("--weights", type=Path, default=FOLDER)
    parser.add_argument("--only", nargs="+", default=["data", "scenes", "switches"])
    parser.add_argument("--frames", type=int, default=0, help="also measure a stream of so many frames per prompt")
    given = parser.parse_args()
    player = Player(load_model(given.weights))
    makers: dict[str, Callable[[], Picture]] = {
        "data": data_sheet,
        "scenes": lambda: scene_sheet(player),
        "switches": lambda: switch_sheet(player),
    }
    given.out.mkdir(parents=True, exist_ok=True)
    for name in given.only:
        write_jpeg(given.out / f"bundled-{name}.jpg", makers[name]())
    for text in ("a calm blue sea", "fast orange flames", "flying through the stars") if given.frames else ():
        print("\n".join(long_stream(player, text, given.frames)), flush=True)


if __name__ == "__main__":
    main()
