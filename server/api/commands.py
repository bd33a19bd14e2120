"""From what a client says to what the engine is asked, and back."""

import json

from pydantic import ValidationError
from pydantic_core import ErrorDetails

from fifo_live.config import MAX_PROMPT_CHARS
from fifo_live.errors import PromptError
from fifo_live.link import messages as link
from server.api import protocol
from server.studio import Studio

MAX_MESSAGE_CHARS = 64 * 1024

_RANGE_ERRORS = ("greater_than", "greater_than_equal", "less_than", "less_than_equal", "finite_number")


def parse(raw: str | bytes) -> protocol.ClientMessage:
    """Return the message that a client has sent.

    Raises: PromptError with one of the codes of docs/protocol.md.
    """
    if len(raw) > MAX_MESSAGE_CHARS:
        raise PromptError("too_long", f"A message may have {MAX_MESSAGE_CHARS} characters; this one has {len(raw)}.")
    try:
        return protocol.CLIENT_MESSAGE.validate_json(raw)
    except ValidationError as error:
        raise _explain(error.errors(include_url=False)[0]) from error


def parse_command(body: bytes, name: str) -> protocol.Command:
    """Return the command `name` with the values of a JSON object; nothing at all stands for an empty one.

    Raises: PromptError.
    """
    try:
        values = json.loads(body or b"{}")
    except ValueError as error:
        raise PromptError("bad_message", "The content is not JSON.") from error
    if not isinstance(values, dict) or values.get("type", name) != name:
        raise PromptError("bad_message", f"The content must be a JSON object, and its type {name!r} if it has one.")
    command = parse(json.dumps({**values, "type": name}))
    assert not isinstance(command, protocol.Subscribe | protocol.Unsubscribe)
    return command


def _explain(error: ErrorDetails) -> PromptError:
    kind, place = error["type"], ".".join(map(str, error["loc"][1:]))
    said = f"{place}: {error['msg']}." if place else f"{error['msg']}."
    if kind in ("union_tag_invalid", "union_tag_not_found"):
        return PromptError("unknown_type", f"There is no such type of message. {error['msg']}.")
    if kind == "string_type" and place.endswith("text"):
        return PromptError("not_text", "A prompt must be text.")
    if kind in _RANGE_ERRORS:
        return PromptError("out_of_range", said)
    return PromptError("bad_message", said)


async def perform(studio: Studio, command: protocol.Command) -> protocol.Accepted:
    """Do what a client asks, and return the answer.

    Raises: PromptError or EngineUnavailableError.
    """
    request = _request(studio, command)
    try:
        accepted = await studio.request(request)
    except PromptError:
        studio.num_rejected += 1
        raise
    studio.num_accepted += isinstance(command, protocol.Prompt)
    visible_frame = accepted.visible_frame
    return protocol.Accepted(
        id=command.id,
        cue=accepted.cue.cue if accepted.cue else None,
        enters_frame=accepted.enters_frame,
        visible_frame=visible_frame,
        eta_s=None if visible_frame is None else round(studio.eta_s(visible_frame), 3),
        understood=accepted.understood,
    )


def _request(studio: Studio, command: protocol.Command) -> link.Request:
    match command:
        case protocol.Prompt():
            prompts = _prompts(command, studio)
            return link.Steer(request=0, prompts=prompts, transition=command.transition, urgency=command.urgency)
        case protocol.Set():
            if command.guidance is None and command.seed is None:
                raise PromptError("bad_message", "Nothing is to be set; name guidance or seed.")
            return link.Adjust(request=0, guidance=command.guidance, seed=command.seed)
        case protocol.Pause():
            return link.Pause(request=0)
        case protocol.Resume():
            return link.Resume(request=0)
        case protocol.Cut():
            return link.Cut(request=0)


def _prompts(command: protocol.Prompt, studio: Studio) -> list[link.WeightedPrompt]:
    """Return the texts of a prompt, each without space around it.

    Raises: PromptError.
    """
    if (command.text is None) == (command.prompts is None):
        raise PromptError("bad_message", "A prompt has either text or prompts.")
    given = command.prompts or [link.WeightedPrompt(text=command.text or "")]
    info = studio.supervisor.info
    most = min(info.max_prompt_chars, MAX_PROMPT_CHARS) if info else MAX_PROMPT_CHARS
    prompts = [link.WeightedPrompt(text=prompt.text.strip(), weight=prompt.weight) for prompt in given]
    for prompt in prompts:
        if not prompt.text:
            raise PromptError("prompt_empty", "A prompt can not be empty.")
        if len(prompt.text) > most:
            raise PromptError(
                "prompt_too_long", f"A prompt may have {most} characters; this one has {len(prompt.text)}."
            )
    return prompts
