"""`fifo-live serve`: the server and its workers, until Ctrl-C."""

from typing import Annotated, Any

import typer

from fifo_live.commands.options import Assignments, ConfigFile, Host, ModelName, Port, Ranks, Seed, make_config

Token = Annotated[str | None, typer.Option("--token", help="What viewers must show; needed beyond loopback.")]
Prompt = Annotated[str | None, typer.Option("--prompt", help="What the stream begins with.")]


def serve(
    config: ConfigFile = None,
    host: Host = None,
    port: Port = None,
    token: Annotated[
        str | None, typer.Option("--token", help="What viewers must show; needed beyond loopback.")
    ] = None,
    model: ModelName = None,
    ranks: Ranks = None,
    seed: Seed = None,
    prompt: Prompt = None,
    assignments: Assignments = None,
) -> None:
    """Stream to browsers and OBS until Ctrl-C."""
    sections: dict[str, dict[str, Any]] = {
        "server": {"host": host, "port": port, "token": token},
        "model": {"name": model, "seed": seed, "prompt": prompt},
        "engine": {"ranks": ranks},
    }
    settings = make_config(config, sections, assignments)
    from server.run import run

    run(settings)
