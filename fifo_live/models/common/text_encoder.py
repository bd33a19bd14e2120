"""Prompts as text encoders read them.

Shape suffixes: P prompts, L tokens, D text width (one wider where the mask is marked).
"""

from collections.abc import Sequence
from typing import Any, Literal

import torch
import transformers
from torch import Tensor

from fifo_live.errors import ModelError
from fifo_live.models.common.checkpoint import Checkpoint
from fifo_live.models.common.weights import missing

Padding = Literal["keep", "zero", "mark"]


class TextEncoder:
    """A tokenizer and an encoder: every text becomes the encoder's states for `max_tokens` tokens.

    `padding` says what becomes of the states behind the end of a text: `keep` (CLIP, as Stable Diffusion was trained),
    `zero` (Wan), or `mark`, which appends a column of ones for tokens and zeros for padding, for networks that take a
    mask; `split_mask` takes it off again.
    """

    def __init__(self, encoder: Any, tokenizer: Any, *, max_tokens: int, padding: Padding = "keep") -> None:
        self._encoder = encoder
        self._tokenizer = tokenizer
        self._max_tokens = max_tokens
        self._padding = padding

    @torch.inference_mode()
    def encode(self, texts: Sequence[str]) -> Tensor:
        """Return the conditionings of texts, float32 (P, L, D), on the encoder's device; "" is the empty prompt."""
        tokens = self._tokenizer(
            list(texts), padding="max_length", max_length=self._max_tokens, truncation=True, return_tensors="pt"
        ).to(self._encoder.device)
        mask = None if self._padding == "keep" else tokens.attention_mask
        states_PLD: Tensor = self._encoder(tokens.input_ids, attention_mask=mask).last_hidden_state.float()
        if self._padding == "zero":
            states_PLD = states_PLD * tokens.attention_mask[..., None]
        if self._padding == "mark":
            states_PLD = torch.cat([states_PLD, tokens.attention_mask[..., None].float()], -1)
        return states_PLD


def split_mask(cond: Tensor) -> tuple[Tensor, Tensor]:
    """Split marked conditionings (..., L, D + 1) into states (..., L, D) and a mask (..., L) of True for tokens."""
    return cond[..., :-1], cond[..., -1] > 0


def load_clip(checkpoint: Checkpoint, *, max_tokens: int = 77) -> TextEncoder:
    """Load the CLIP text encoder of a folder.

    Raises: ModelError if something of it is missing.
    """
    encoder = checkpoint.load("text_encoder", transformers.CLIPTextModel, is_text=True)
    tokenizer = load_tokenizer(checkpoint, transformers.CLIPTokenizer)
    return TextEncoder(encoder, tokenizer, max_tokens=max_tokens)


def load_t5(
    checkpoint: Checkpoint,
    *,
    max_tokens: int,
    padding: Padding,
    cls: Any = transformers.T5EncoderModel,
    parts: tuple[str, str] = ("text_encoder", "tokenizer"),
) -> TextEncoder:
    """Load the T5 (or, with `cls`, the UMT5) text encoder of a folder; `parts` is where it and its tokenizer lie.

    Raises: ModelError if something of it is missing.
    """
    encoder = checkpoint.load(parts[0], cls, is_text=True)
    tokenizer = load_tokenizer(checkpoint, transformers.T5Tokenizer, parts[1])
    return TextEncoder(encoder, tokenizer, max_tokens=max_tokens, padding=padding)


def load_tokenizer(checkpoint: Checkpoint, cls: Any, part: str = "tokenizer") -> Any:
    """Load a folder's tokenizer.

    Raises: ModelError if it is missing or damaged.
    """
    folder = checkpoint.path / part
    if not folder.is_dir():
        raise ModelError(f"The model's folder {str(checkpoint.path)!r} is incomplete: it has no folder {part!r}.")
    names = cls.vocab_files_names
    needed = [name for key, name in names.items() if key != "tokenizer_file"]
    absent = [name for name in needed if not (folder / name).is_file()]
    if absent and not (folder / names["tokenizer_file"]).is_file():
        raise missing(folder / absent[0])
    try:
        return cls.from_pretrained(folder, local_files_only=True)
    except (OSError, ValueError, TypeError, RuntimeError) as error:
        raise ModelError(f"The {part} in {str(checkpoint.path)!r} cannot be read: {error}") from error
