"""Contact sheets of the bundled model for its docs: `python scripts/model_sheets.py docs/images`.

`--model bundled:FOLDER` shows other weights; `--only data scenes` makes some of them.
"""

import argparse
from collections.abc import Callable, Sequence
from itertools import islice
from pathlib import Path

import numpy as np
import torch
from numpy.typing import NDArray
from PIL import Image

from fifo_live.bench.frames import frames
from fifo_live.commands.offline_stream import OfflineStream
from fifo_live.commands.timed_prompt import TimedPrompt
from fifo_live.config import Config, ModelConfig
from fifo_live.models.loading import load_denoiser
from fifo_live.training.clips import Attributes, render
from fifo_live.training.scenes import COMBINATIONS, SCENES

Picture = NDArray[np.uint8]
TILE = (240, 134)
JPEG_QUALITY = 82
MOMENTS = (16, 32, 96)
PROMPTS = (
    *("a calm blue sea", "a red ocean at full speed", "drifting through the stars", "a green nebula"),
    *("northern lights", "a purple aurora", "an abstract plasma", "blue and gold liquid colours"),
    *("pink silk ribbons", "golden silk in the wind", "clouds in a blue sky", "clouds at sunset"),
    *("a bonfire", "blue flames", "a red lava lamp", "a green lava lamp"),
    *("falling snow in a forest", "a purple winter landscape", "a city at night", "the skyline in gold"),
    *("a tunnel of light", "red rings", "misty mountains", "mountains at sunset"),
    *("rain at night", "golden rain", "fireworks", "red fireworks"),
    *("jellyfish in the deep sea", "pink jellyfish", "a meadow in the wind", "a golden wheat field"),
    *("a kaleidoscope", "a pink kaleidoscope", "northern lights over the sea", "snow falling on the city"),
    *("a city in the rain, purple", "fireworks over the sea", "stars above the mountains", "clouds over a field"),
)
TRANSITIONS = (
    ("orange flames", "a calm blue sea", 0),
    ("green plasma", "a golden city at night", 6),
    ("a purple aurora", "falling snow in a forest", 8),
    ("clouds at sunset", "a tunnel of teal rings", 12),
)
TRANSITION_FRAMES = (-2, 0, 2, 4, 6, 8, 12, 20)
SWITCH_AT = 40
# What it does badly, or cannot do at all.
FAULTS = (
    *("flying forward through the stars", "blue and gold fireworks", "a cat on a sofa"),
    *("a portrait of a woman", "two jellyfish and a big whale", "a red city with a green sky"),
)


def tile(picture_HWC: Picture) -> Picture:
    return np.asarray(Image.fromarray(picture_HWC).resize(TILE, Image.Resampling.BOX), np.uint8)


def grid(tiles: Sequence[Picture], columns: int) -> Picture:
    rows = [np.concatenate(tiles[start : start + columns], 1) for start in range(0, len(tiles), columns)]
    return np.concatenate(rows, 0)


def config(model: str, seed: int) -> Config:
    return Config(model=ModelConfig(name=model, seed=seed))


def data(_: str) -> Picture:
    """What the model learnt from: of every scene and combination a clip in natural colours, and a picture in others."""
    tiles = []
    for number, name in enumerate([*SCENES, *("+".join(pair) for pair in COMBINATIONS)]):
        scene = SCENES[name.rpartition("+")[2]]
        heading = (scene.headings or ("none",))[0]
        for palette, moments in ((scene.palettes[0], (0, 16)), ("pink" if number % 2 else "gold", (0,))):
            clip_FHWC = render(Attributes(name, palette, "medium", heading), number * 10, 17, (576, 320)).numpy()
            tiles += [tile(clip_FHWC[moment]) for moment in moments]
    return grid(tiles + tiles[: -len(tiles) % 6], 6)


def autoencoder(model: str) -> Picture:
    """Of every scene a drawn picture, and what encoder and decoder leave of it."""
    denoiser = load_denoiser(config(model, 0))
    decoder, tiles = denoiser.decoder(), []
    for number, (name, scene) in enumerate(SCENES.items()):
        heading = (scene.headings or ("none",))[0]
        drawn_FHWC = render(Attributes(name, scene.palettes[0], "medium", heading), 900 + number, 1, (576, 320))
        decoder.reset()
        back_FHWC = decoder.decode(denoiser.encode_pictures(drawn_FHWC))
        tiles += [tile(drawn_FHWC[0].numpy()), tile(back_FHWC[0].numpy())]
    return grid(tiles + tiles[: -len(tiles) % 6], 6)


def streamed(model: str, prompts: Sequence[str]) -> Picture:
    """Three moments of a fresh stream for every prompt, two prompts to a row."""
    denoiser = load_denoiser(config(model, 0))
    tiles = []
    for number, prompt in enumerate(prompts):
        film = frames(denoiser, config(model, 0), prompt, number)
        shown = list(islice(film, MOMENTS[-1] + 1))
        tiles += [tile(shown[moment].numpy()) for moment in MOMENTS]
    return grid(tiles, 2 * len(MOMENTS))


def beside(model: str) -> Picture:
    """Of every scene a frame of a stream and one of a drawn clip at full size, two scenes to a row."""
    denoiser = load_denoiser(config(model, 0))
    tiles = []
    for number, (name, scene) in enumerate(SCENES.items()):
        palette, heading = scene.palettes[0], (scene.headings or ("none",))[0]
        drawn_FHWC = render(Attributes(name, palette, "medium", heading), 700 + number, 1, (576, 320))
        film = frames(denoiser, config(model, 0), f"{name}, {palette}", number)
        tiles += [next(islice(film, MOMENTS[1], None)).numpy(), drawn_FHWC[0].numpy()]
    return grid(tiles + [np.zeros_like(tiles[0])] * (-len(tiles) % 4), 4)


def transitions(model: str) -> Picture:
    """One row per change of prompt, with the frames counted from where the new prompt is first seen."""
    tiles = []
    for number, (before, after, length) in enumerate(TRANSITIONS):
        film = OfflineStream(config(model, number))
        played = film.play([TimedPrompt(0, before), TimedPrompt(SWITCH_AT, after)], length)
        shown: list[Picture] = []
        while len(shown) <= SWITCH_AT + TRANSITION_FRAMES[-1]:
            shown += list(next(played))
        tiles += [tile(shown[SWITCH_AT + offset]) for offset in TRANSITION_FRAMES]
    return grid(tiles, len(TRANSITION_FRAMES))


SHEETS: dict[str, Callable[[str], Picture]] = {
    "data": data,
    "autoencoder": autoencoder,
    "scenes": lambda model: streamed(model, PROMPTS),
    "beside": beside,
    "transitions": transitions,
    "faults": lambda model: streamed(model, FAULTS),
}


def main() -> None:
    """Make the sheets named on the command line."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("out", type=Path, help="folder for bundled-NAME.jpg")
    parser.add_argument("--model", default="bundled")
    parser.add_argument("--only", nargs="+", choices=tuple(SHEETS), default=tuple(SHEETS))
    given = parser.parse_args()
    torch.set_num_threads(1)
    given.out.mkdir(parents=True, exist_ok=True)
    for name in given.only:
        sheet = Image.fromarray(SHEETS[name](given.model))
        sheet.save(given.out / f"bundled-{name}.jpg", quality=JPEG_QUALITY, optimize=True)


if __name__ == "__main__":
    main()
