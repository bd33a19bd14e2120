"""`fifo-live generate`: frames into a file, without a server."""

from pathlib import Path
from typing import Annotated

import typer
from rich.progress import Progress

from fifo_live.commands.options import (
    Assignments,
    ConfigFile,
    DecoderName,
    Dtype,
    Init,
    Loras,
    ModelName,
    Seed,
    TextEncoderDevice,
    make_config,
    model_section,
)
from fifo_live.commands.timed_prompt import parse_prompts
from fifo_live.errors import ConfigError

PROMPT_HELP = "What is shown; may be repeated. 120:TEXT is first seen in frame 120 (or with the next latent after it)."

Prompts = Annotated[list[str] | None, typer.Option("--prompt", metavar="[FRAME:]TEXT", help=PROMPT_HELP)]
Frames = Annotated[int, typer.Option("--frames", min=1, help="How many frames to make.")]
Out = Annotated[Path, typer.Option("--out", "-o", metavar="FILE", help="The file to write.")]
Transition = Annotated[int, typer.Option("--transition", min=0, help="Blend into each prompt over so many latents.")]


def generate(
    prompt: Prompts = None,
    frames: Frames = 240,
    out: Out = Path("out.mp4"),
    transition: Transition = 0,
    config: ConfigFile = None,
    model: ModelName = None,
    seed: Seed = None,
    init: Init = None,
    dtype: Dtype = None,
    lora: Loras = None,
    decoder: DecoderName = None,
    text_encoder_device: TextEncoderDevice = None,
    assignments: Assignments = None,
) -> None:
    """Write a video file, with one prompt or several."""
    wishes = model_section(model, dtype, lora, decoder, text_encoder_device)
    settings = make_config(config, {"model": {**wishes, "seed": seed, "init": init}}, assignments)
    prompts = parse_prompts(prompt or ([settings.model.prompt] if settings.model.prompt else []))
    if not out.parent.is_dir():
        raise ConfigError(f"There is no folder {str(out.parent)!r} to write {out.name} into.")
    from fifo_live.commands.film import Film
    from fifo_live.commands.movie import Movie

    film = Film(settings)
    with Movie(out, film.spec.width, film.spec.height, film.spec.fps) as movie, Progress() as progress:
        warming = progress.add_task("Warming up", total=film.warmth[1])
        writing = progress.add_task("Frames", total=frames)
        for pictures in film.play(prompts, transition):
            for picture in pictures[: frames - movie.num_frames]:
                movie.write(picture)
            progress.update(warming, completed=film.warmth[0])
            progress.update(writing, completed=movie.num_frames)
            if movie.num_frames == frames:
                break
    print(f"Wrote {frames} frames of {film.spec.width}x{film.spec.height} to {out}.")
