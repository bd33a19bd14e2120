"""Prompts of `generate` with the frame at which each is first seen."""

import re
import unicodedata
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from fifo_live.errors import PromptError

WITH_FRAME = re.compile(r"(0|[1-9][0-9]{0,8})\s*:(?![0-9])(.*)", re.DOTALL)
"""A frame, which has no leading zeros, and a text that no digit begins: "16:9", "3:00 am" and "007:" are texts."""

INVISIBLE = frozenset("\u115f\u1160\u2800\u3164\uffa0")
"""Letters and signs that stand for nothing: fillers of Hangul, and the Braille cell without a dot."""


def readable(text: str) -> str:
    """Return a prompt without the blanks around it.

    Raises: PromptError if nothing of it can be seen, or the terminal's encoding has damaged it.
    """
    if any(unicodedata.category(character) == "Cs" for character in text):
        raise PromptError("not_text", "The prompt is not valid text in this terminal's encoding; use a UTF-8 locale.")
    if not any(unicodedata.category(character)[0] in "LNPS" and character not in INVISIBLE for character in text):
        raise PromptError("prompt_empty", f"The prompt {text!r} has no text.")
    return text.strip()


@dataclass(frozen=True)
class TimedPrompt:
    """A prompt and the first frame that it is to be seen in."""

    frame: int
    text: str

    @classmethod
    def parse(cls, argument: str) -> "TimedPrompt":
        """Read `TEXT` or `FRAME:TEXT`; where both are possible it is a text.

        Raises: PromptError for an empty text.
        """
        match = WITH_FRAME.fullmatch(argument)
        return cls(int(match[1]), readable(match[2])) if match else cls(0, readable(argument))


def tell(prompts: Sequence[TimedPrompt], num_frames: int) -> Iterator[str]:
    """Yield what was read, a line for each prompt, for people to see whether it is what they meant."""
    for prompt in prompts:
        lost = f" (never seen: the video ends with frame {num_frames - 1})" if prompt.frame >= num_frames else ""
        yield f"From frame {prompt.frame}: {prompt.text}{lost}"


def parse_prompts(arguments: Sequence[str]) -> list[TimedPrompt]:
    """Read several prompts and put them in order.

    Raises: PromptError for an empty text, and for two prompts at the same frame.
    """
    prompts = sorted(map(TimedPrompt.parse, arguments), key=lambda prompt: prompt.frame)
    for first, second in zip(prompts, prompts[1:], strict=False):
        if first.frame == second.frame:
            raise PromptError(
                "prompt_clash",
                f"{first.text!r} and {second.text!r} both begin at frame {first.frame}; "
                "write the later one as FRAME:TEXT, with a space before a text that begins with a digit.",
            )
    return prompts
