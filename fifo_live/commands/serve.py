"""`fifo-live serve`: the server and its workers, until Ctrl-C."""

from typing import Annotated, Any

import typer

from fifo_live.commands.options import (
    Assignments,
    ConfigFile,
    DecoderName,
    Dtype,
    Host,
    Init,
    Loras,
    ModelName,
    Port,
    Ranks,
    Seed,
    TextEncoderDevice,
    make_config,
    model_section,
)
from fifo_live.models.requested_files import check_wishes

Token = Annotated[
    str | None, typer.Option("--token", help="Token that clients must present; required beyond loopback.")
]
Prompt = Annotated[str | None, typer.Option("--prompt", help="The first prompt of the stream.")]


def serve(
    config: ConfigFile = None,
    host: Host = None,
    port: Port = None,
    token: Annotated[
        str | None, typer.Option("--token", help="Token that clients must present; required beyond loopback.")
    ] = None,
    model: ModelName = None,
    ranks: Ranks = None,
    seed: Seed = None,
    dtype: Dtype = None,
    lora: Loras = None,
    decoder: DecoderName = None,
    text_encoder_device: TextEncoderDevice = None,
    prompt: Prompt = None,
    init: Init = None,
    assignments: Assignments = None,
) -> None:
    """Stream to browsers and OBS until Ctrl-C."""
    wishes = model_section(model, dtype, lora, decoder, text_encoder_device)
    sections: dict[str, dict[str, Any]] = {
        "server": {"host": host, "port": port, "token": token},
        "model": {**wishes, "seed": seed, "prompt": prompt, "init": init},
        "engine": {"ranks": ranks},
    }
    settings = make_config(config, sections, assignments)
    check_wishes(settings.model)
    from server.run import run

    run(settings)
