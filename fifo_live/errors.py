"""Errors that a user can act on.

FifoLiveError
├── ConfigError             a knob has a value it cannot have
├── ModelError              a model cannot be found, loaded or run
├── PromptError             a prompt cannot be taken (code says why)
├── EngineUnavailableError  no worker is there to answer
├── RankLostError           one of several workers has ended
└── SetupError              the machine lacks something that is needed
"""


class FifoLiveError(Exception):
    """Base of all errors whose message is a sentence meant for the user."""

    code = "error"


class ConfigError(FifoLiveError, ValueError):
    """A knob has a value it cannot have; `key` names the knob, as in server.port."""

    code = "bad_config"

    def __init__(self, message: str, key: str = "") -> None:
        super().__init__(message)
        self.key = key


class ModelError(FifoLiveError):
    """A model cannot be found, loaded or run."""

    code = "bad_model"


class PromptError(FifoLiveError, ValueError):
    """A prompt or another steering command cannot be taken."""

    def __init__(self, code: str, message: str) -> None:
        super().__init__(message)
        self.code = code


class EngineUnavailableError(FifoLiveError):
    """No worker is there to answer."""

    code = "engine_unavailable"


class RankLostError(FifoLiveError):
    """One of the workers that share a queue has ended, and the others with it."""

    code = "rank_lost"


class SetupError(FifoLiveError):
    """The machine lacks something that is needed."""

    code = "setup"
