"""A prompt with the frame at which it is to be seen, as `generate` takes them."""

import re
from collections.abc import Sequence
from dataclasses import dataclass

from fifo_live.errors import PromptError

WITH_FRAME = re.compile(r"(\d+):(.*)", re.DOTALL)


@dataclass(frozen=True)
class TimedPrompt:
    """A prompt and the first frame that it is to be seen in."""

    frame: int
    text: str

    @classmethod
    def parse(cls, argument: str) -> "TimedPrompt":
        """Read `TEXT` or `FRAME:TEXT`.

        Raises: PromptError for an empty text.
        """
        match = WITH_FRAME.fullmatch(argument)
        frame, text = (int(match[1]), match[2].strip()) if match else (0, argument.strip())
        if not text:
            raise PromptError("prompt_empty", f"The prompt {argument!r} has no text.")
        return cls(frame, text)


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
                "write the later one as FRAME:TEXT.",
            )
    return prompts
