"""Timeouts and restart limits of the supervisor."""

from dataclasses import dataclass


@dataclass(frozen=True)
class Timeouts:
    """Seconds, but for `early_deaths`: so many workers in a row may end before their first frame."""

    hello_s: float = 300.0
    request_s: float = 30.0
    silence_s: float = 300.0
    stall_s: float = 2.0
    grace_s: float = 3.0
    backoff_s: float = 0.5
    max_backoff_s: float = 30.0
    early_deaths: int = 4
