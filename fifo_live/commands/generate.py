"""`fifo-live generate`: writes a video file, without a server."""

import sys
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer
from rich.console import Console
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
from fifo_live.commands.timed_prompt import TimedPrompt, parse_prompts, tell
from fifo_live.config import Config
from fifo_live.models.requested_files import check_wishes

if TYPE_CHECKING:
    from fifo_live.commands.offline_stream import OfflineStream
    from fifo_live.commands.video_writer import VideoWriter

PROMPT_HELP = (
    "The prompt; may be repeated. 120:TEXT is first seen in frame 120 (or with the next latent after it). "
    "A text like '16:9 wide shot' stays a text; for a frame before a digit put a space, as in '16: 9 cats'."
)

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
    check_wishes(settings.model)
    prompts = parse_prompts(prompt or ([settings.model.prompt] if settings.model.prompt else []))
    from fifo_live.commands.video_writer import check_out

    check_out(out)
    for line in tell(prompts, frames):
        print(line, file=sys.stderr, flush=True)
    _write(settings, prompts, out, frames, transition)


def _write(settings: Config, prompts: Sequence[TimedPrompt], out: Path, frames: int, transition: int) -> None:
    """Make the film; what was made before Ctrl-C is kept, unless it would replace an older file."""
    from fifo_live.commands.offline_stream import OfflineStream
    from fifo_live.commands.video_writer import VideoWriter

    print(f"Loading {settings.model.name}.", file=sys.stderr, flush=True)
    film = OfflineStream(settings)
    with VideoWriter(out, film.spec.width, film.spec.height, film.spec.fps) as movie:
        try:
            _play(film, movie, prompts, frames, transition)
        except KeyboardInterrupt:
            if not movie.num_frames or not movie.target.is_new:
                raise
            _finish(film, movie)
            raise
        _finish(film, movie)


def _finish(film: "OfflineStream", movie: "VideoWriter") -> None:
    movie.finish()
    spec, frames = film.spec, movie.num_frames
    length = f"{frames / spec.fps:.1f} s at {spec.fps:g} frames a second"
    print(f"Wrote {frames} frames of {spec.width}x{spec.height} ({length}) to {movie.target.name}.")


def _play(
    film: "OfflineStream", movie: "VideoWriter", prompts: Sequence[TimedPrompt], frames: int, transition: int
) -> None:
    with Progress(console=Console(stderr=True)) as progress:
        warming = progress.add_task("Warming up", total=film.warmth[1])
        writing = progress.add_task("Frames", total=frames)
        for pictures in film.play(prompts, transition):
            for picture in pictures[: frames - movie.num_frames]:
                movie.write(picture)
            progress.update(warming, completed=film.warmth[0])
            progress.update(writing, completed=movie.num_frames)
            if movie.num_frames == frames:
                break
