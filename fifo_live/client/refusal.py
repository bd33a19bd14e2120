"""Sentences for a control connection that did not come about, or that the server ended."""

from websockets.exceptions import ConnectionClosed, InvalidStatus

from fifo_live.client.address import Address
from fifo_live.errors import EngineUnavailableError

TOKEN_REQUIRED, FORBIDDEN, TOO_MANY_ATTEMPTS = 4401, 4403, 4429
"""Codes with which a server closes the control connection."""


def refusal(error: Exception, address: Address) -> EngineUnavailableError:
    """Return what to tell a user who could not connect, or was shut out."""
    url = address.root
    if isinstance(error, ImportError):
        return EngineUnavailableError(f"The proxy that is set in the environment cannot be used: {error}.")
    if isinstance(error, InvalidStatus):
        return EngineUnavailableError(_of_status(error.response.status_code, address))
    code = error.rcvd.code if isinstance(error, ConnectionClosed) and error.rcvd else 0
    sentences = {
        TOKEN_REQUIRED: f"{url} requires a token: pass the one that `fifo-live serve` prints with --token.",
        FORBIDDEN: f"{url} rejects this token; pass the steering token, which `fifo-live serve` prints, with --token.",
        TOO_MANY_ATTEMPTS: f"{url} has seen too many wrong tokens from this address; try again in a moment.",
    }
    unknown = f"No answer from {url}: {str(error) or type(error).__name__}."
    return EngineUnavailableError(sentences.get(code, unknown))


def _of_status(status: int, address: Address) -> str:
    if status in (403, 404):
        return f"There is no control socket at {address.socket_url} (HTTP {status}); check the path of the address."
    return f"{address.root} answers HTTP {status}; it accepts no control connection now."
