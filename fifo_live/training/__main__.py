"""Make the bundled model from nothing: `python -m fifo_live.training`.

Stages: text, images, autoencoder, latents, denoiser, adversarial, decoder, export. Every stage carries on where it
was stopped, so the command may be interrupted and repeated at will. `--begin-with FOLDER` takes the weights of that
folder.
"""

from __future__ import annotations

import argparse
import os
from pathlib import Path

from fifo_live.bundled.geometry import GEOMETRIES
from fifo_live.bundled.weights import FOLDER
from fifo_live.training.run_plan import RunPlan
from fifo_live.training.stages import STAGES, make
from fifo_live.training.tables import are_written


def main(arguments: list[str] | None = None) -> None:
    defaults = RunPlan(Path(".train"), FOLDER)
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--work", type=Path, default=defaults.work, help="folder for data and checkpoints")
    parser.add_argument("--out", type=Path, default=defaults.out, help="folder for the finished weights")
    parser.add_argument(
        "--begin-with", type=Path, dest="start", help="folder with weights to begin with; without it, from nothing"
    )
    parser.add_argument("--words", type=Path, default=defaults.words, help="folder of the word table")
    parser.add_argument("--geometry-name", choices=tuple(GEOMETRIES), default=defaults.geometry_name)
    for name in ("images", "shards", "text_steps", "text_encoders"):
        parser.add_argument(f"--{name.replace('_', '-')}", type=int, default=getattr(defaults, name))
    for name in ("autoencoder_minutes", "denoiser_minutes", "adversarial_minutes", "decoder_minutes"):
        parser.add_argument(f"--{name.replace('_', '-')}", type=float, default=getattr(defaults, name))
    parser.add_argument("--processes", type=int, default=os.cpu_count() or 1, help="for rendering and encoding")
    parser.add_argument("--stages", nargs="+", choices=tuple(STAGES), default=tuple(STAGES))
    given = vars(parser.parse_args(arguments))
    if not are_written():
        parser.error("The model's tables are older than the training's. Run: python -m fifo_live.training.tables")
    stages = tuple(given.pop("stages"))
    make(RunPlan(**given), stages)


if __name__ == "__main__":
    main()
