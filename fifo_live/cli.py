"""The command line: `fifo-live COMMAND`. Each command is a file of its own in commands/."""

import sys
from typing import Annotated

import typer

from fifo_live import __version__
from fifo_live.commands.bench import bench
from fifo_live.commands.doctor import doctor
from fifo_live.commands.generate import generate
from fifo_live.commands.models import models
from fifo_live.commands.obs import obs
from fifo_live.commands.serve import serve
from fifo_live.commands.signals import end_in_order, exit_code
from fifo_live.commands.steer import steer
from fifo_live.commands.streams import open_streams
from fifo_live.errors import FifoLiveError

USER_ERROR = 2
INTERRUPTED = 130

app = typer.Typer(
    name="fifo-live",
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,
)
for command in (serve, generate, steer, models, bench, doctor, obs):
    app.command()(command)


def _print_version(wanted: bool) -> None:
    if wanted:
        print(f"fifo-live {__version__}")
        raise typer.Exit


@app.callback()
def choose(
    version: Annotated[
        bool, typer.Option("--version", callback=_print_version, is_eager=True, help="Print the version.")
    ] = False,
) -> None:
    """Text to an endless live video that can be steered while it runs. Start with `fifo-live serve`."""


def main() -> None:
    """Run the command line; what the user can mend is said in one sentence, with exit code 2."""
    open_streams()
    end_in_order()
    try:
        app()
    except FifoLiveError as error:
        print(f"fifo-live: {error}", file=sys.stderr)
        sys.exit(USER_ERROR)
    except KeyboardInterrupt:
        sys.exit(exit_code(INTERRUPTED))
    except SystemExit as end:
        sys.exit(exit_code(INTERRUPTED) if end.code == INTERRUPTED else end.code)
