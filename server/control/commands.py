"""Translates client requests into engine requests, and the answers back."""

import codecs
import unicodedata

from pydantic import BaseModel, ConfigDict, ValidationError
from pydantic_core import ErrorDetails

from fifo_live.config import MAX_PROMPT_CHARS
from fifo_live.errors import PromptError
from fifo_live.link import messages as link
from fifo_live.protocol.answers import Accepted
from fifo_live.protocol.cues import WeightedPrompt
from fifo_live.protocol.message import RequestId
from fifo_live.protocol.requests import CLIENT_MESSAGE, ClientMessage, Command, Cut, Pause, Prompt, Resume, Set
from server.control.snapshot import eta_of
from server.stream import StreamService

MAX_MESSAGE_BYTES = 64 * 1024
MAX_EXPLANATION_CHARS = 300

COMMANDS: dict[str, type[Command]] = {
    "prompt": Prompt,
    "set": Set,
    "pause": Pause,
    "resume": Resume,
    "cut": Cut,
}

_RANGE_ERRORS = ("greater_than", "greater_than_equal", "less_than", "less_than_equal", "finite_number")


class _Identified(BaseModel):
    """Whatever else a message holds: its id."""

    model_config = ConfigDict(extra="ignore", strict=True)

    id: RequestId = None


def parse(raw: str | bytes) -> ClientMessage:
    """Return the message that a client has sent.

    Raises: PromptError with one of the codes of docs/protocol.md.
    """
    _require_short(raw)
    try:
        _Identified.model_validate_json(raw)
    except ValidationError as error:
        raise _explain(error, num_outer=0) from error
    try:
        return CLIENT_MESSAGE.validate_json(raw)
    except ValidationError as error:
        raise _explain(error, num_outer=1) from error


def parse_command(body: bytes, name: str) -> Command:
    """Return the command `name` with the values of a JSON object; nothing at all stands for an empty one.

    Raises: PromptError.
    """
    _require_short(body)
    try:
        return COMMANDS[name].model_validate_json(body.removeprefix(codecs.BOM_UTF8) or b"{}")
    except ValidationError as error:
        raise _explain(error, num_outer=0) from error


def id_of(raw: str | bytes) -> str | int | None:
    """Return the id of a message that is otherwise wrong, if it has one that can be repeated."""
    try:
        return _Identified.model_validate_json(raw).id if _num_bytes(raw) <= MAX_MESSAGE_BYTES else None
    except ValidationError:
        return None


def _require_short(raw: str | bytes) -> None:
    size = _num_bytes(raw)
    if size > MAX_MESSAGE_BYTES:
        raise PromptError("too_long", f"A message may have at most {MAX_MESSAGE_BYTES} bytes; this one has {size}.")


def _num_bytes(raw: str | bytes) -> int:
    return len(raw.encode(errors="replace")) if isinstance(raw, str) else len(raw)


def _explain(error: ValidationError, num_outer: int) -> PromptError:
    """Return what is wrong first; the first `num_outer` parts of its place are of our own making."""
    first: ErrorDetails = error.errors(include_url=False, include_input=False)[0]
    kind, place = first["type"], ".".join(map(str, first["loc"][num_outer:]))[:MAX_EXPLANATION_CHARS]
    reason = first["msg"][:MAX_EXPLANATION_CHARS]
    said = f"{place}: {reason}." if place else f"{reason}."
    if kind in ("union_tag_invalid", "union_tag_not_found"):
        return PromptError("unknown_type", f"Unknown message type. {reason}.")
    if kind == "string_type" and place.endswith("text"):
        return PromptError("not_text", "A prompt must be text.")
    if kind in _RANGE_ERRORS:
        return PromptError("out_of_range", said)
    return PromptError("bad_message", said)


async def perform(studio: StreamService, command: Command) -> Accepted:
    """Do what a client asks, and return the answer.

    Raises: PromptError or EngineUnavailableError.
    """
    request = _request(studio, command)
    try:
        accepted = await studio.request(request)
    except PromptError:
        studio.num_rejected += 1
        raise
    studio.num_accepted += isinstance(command, Prompt)
    visible_frame = accepted.visible_frame
    return Accepted(
        id=command.id,
        cue=accepted.cue.cue if accepted.cue else None,
        enters_frame=accepted.enters_frame,
        visible_frame=visible_frame,
        eta_s=None if visible_frame is None else eta_of(studio, visible_frame),
        understood=accepted.understood,
    )


def _request(studio: StreamService, command: Command) -> link.Request:
    match command:
        case Prompt():
            prompts = _prompts(command, studio)
            return link.Steer(request=0, prompts=prompts, transition=command.transition, urgency=command.urgency)
        case Set():
            if command.guidance is None and command.seed is None:
                raise PromptError("bad_message", "Nothing to set; give guidance or seed.")
            return link.Adjust(request=0, guidance=command.guidance, seed=command.seed)
        case Pause():
            return link.Pause(request=0)
        case Resume():
            return link.Resume(request=0)
        case Cut():
            return link.Cut(request=0)


def _prompts(command: Prompt, studio: StreamService) -> list[WeightedPrompt]:
    """Return the texts of a prompt, each without space around it.

    Raises: PromptError.
    """
    if (command.text is None) == (command.prompts is None):
        raise PromptError("bad_message", "A prompt has either text or prompts.")
    given = command.prompts or [WeightedPrompt(text=command.text or "")]
    info = studio.supervisor.info
    most = min(info.max_prompt_chars, MAX_PROMPT_CHARS) if info else MAX_PROMPT_CHARS
    prompts = [WeightedPrompt(text=prompt.text.strip(), weight=prompt.weight) for prompt in given]
    for prompt in prompts:
        if not is_visible(prompt.text):
            raise PromptError("prompt_empty", "A prompt cannot be empty.")
        if len(prompt.text) > most:
            raise PromptError(
                "prompt_too_long", f"A prompt may have at most {most} characters; this one has {len(prompt.text)}."
            )
    return prompts


def is_visible(text: str) -> bool:
    """Return whether a text has a character that can be seen: a letter, a figure, a sign or a picture."""
    return any(
        (unicodedata.category(char)[0] in "LNPS" and char not in _BLANK) or ord(char) in _PICTOGRAPHS for char in text
    )


_PICTOGRAPHS = range(0x1F000, 0x20000)
"""Also those that this Python's tables do not know yet."""
_BLANK = "\u115f\u1160\u2800\u3164\uffa0"
"""Letters and signs that are drawn as nothing: Hangul fillers and the empty Braille cell."""
