"""The command line: `fifo-live COMMAND`. What each command does stands in a file of its own in commands/."""

import sys

import typer

from fifo_live.commands.bench import bench
from fifo_live.commands.doctor import doctor
from fifo_live.commands.generate import generate
from fifo_live.commands.models import models
from fifo_live.commands.obs import obs
from fifo_live.commands.serve import serve
from fifo_live.commands.steer import steer
from fifo_live.errors import FifoLiveError

USER_ERROR = 2
INTERRUPTED = 130

app = typer.Typer(
    name="fifo-live",
    help="Text to an endless live video that can be steered while it runs.",
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,
)
for command in (serve, generate, steer, models, bench, doctor, obs):
    app.command()(command)


def main() -> None:
    """Run the command line; what the user can mend is said in one sentence, with exit code 2."""
    try:
        app()
    except FifoLiveError as error:
        print(f"fifo-live: {error}", file=sys.stderr)
        sys.exit(USER_ERROR)
    except KeyboardInterrupt:
        sys.exit(INTERRUPTED)
