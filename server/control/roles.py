"""Roles of clients."""

from enum import IntEnum


class Role(IntEnum):
    """What somebody may do; each includes those before it."""

    NONE = 0
    VIEW = 1
    STEER = 2
