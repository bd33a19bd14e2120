"""`fifo-live doctor`: checks this machine and says how to fix what is missing."""

from collections.abc import Callable, Iterator

import typer

from fifo_live.commands import checks
from fifo_live.commands.checks import Finding, Verdict
from fifo_live.commands.options import ConfigFile, make_config
from fifo_live.config import Config

CHECKS: tuple[Callable[[], Iterator[Finding]], ...] = (
    checks.python,
    checks.machine,
    checks.torch,
    checks.encoders,
    checks.browser,
    checks.network,
    checks.ice,
)


def doctor(config: ConfigFile = None) -> None:
    """Check this machine and say what to do about what is missing."""
    healthy = True
    for finding in examine(make_config(config, {})):
        healthy = healthy and finding.verdict is not Verdict.BAD
        print(f"{finding.verdict:5} {finding.subject:16} {finding.fact}")
        if finding.advice:
            print(f"{'':22} -> {finding.advice}")
    if not healthy:
        raise typer.Exit(1)


def examine(config: Config) -> Iterator[Finding]:
    """Yield the findings, one after the other; some take a second."""
    for check in CHECKS:
        yield from check()
    yield from checks.memory_ring(config)
    yield from checks.port(config)
