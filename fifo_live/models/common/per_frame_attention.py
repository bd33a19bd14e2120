"""Attention for transformers that run every latent as a row of the batch, with a time and a text of its own.

So the stock blocks need one time for a row, where one for each cell would take several times the memory.

Shape suffixes: B batch, F latents, S cells of one latent, L text tokens, D a width; N is B * F rows, or B of them where
all latents share a text.
"""

from typing import Any

from torch import Tensor, nn


def attend_by_row(blocks: nn.ModuleList) -> None:
    """Let the attentions of a transformer's blocks take latents as rows: `attn1` between cells, `attn2` to text."""
    for block in blocks:
        attn1: Any = block.attn1
        attn2: Any = block.attn2
        attn1.set_processor(AcrossRows(attn1.processor))
        attn2.set_processor(OwnText(attn2.processor))


def rows_of_text(text_BFLD: Tensor) -> Tensor:
    """Return texts as rows: (N, L, D).

    Latents share a text where the tensor is an expanded view, as the engine gives it.
    """
    return text_BFLD[:, 0] if text_BFLD.stride(1) == 0 else text_BFLD.flatten(0, 1)


class AcrossRows:
    """A processor of diffusers' in which the cells of all latents see each other.

    How many latents belong together follows from the places, which are given for one clip: (1, ..., F * S, ..., D).
    """

    def __init__(self, stock: Any) -> None:
        self._stock = stock

    def __call__(
        self,
        attn: nn.Module,
        hidden_states: Tensor,
        encoder_hidden_states: None = None,
        attention_mask: None = None,
        rotary_emb: Any = None,
        image_rotary_emb: Any = None,
    ) -> Tensor:
        """Return the attention's output, shaped like `hidden_states`: (B * F, S, D)."""
        places = image_rotary_emb if rotary_emb is None else rotary_emb
        first: Tensor = places["query"] if isinstance(places, dict) else places[0]
        clips = hidden_states.reshape(-1, first.shape[:-1].numel(), hidden_states.shape[-1])
        out: Tensor = self._stock(attn, clips, None, None, places)
        return out.reshape(hidden_states.shape)


class OwnText:
    """A processor of diffusers' in which the cells of a row see the text of that row: there are as many texts as rows.

    With one text for all latents of a clip their cells are one row.
    """

    def __init__(self, stock: Any) -> None:
        self._stock = stock

    def __call__(
        self,
        attn: nn.Module,
        hidden_states: Tensor,
        encoder_hidden_states: Tensor,
        attention_mask: Tensor | None = None,
        rotary_emb: None = None,
        image_rotary_emb: None = None,
    ) -> Tensor:
        """Return the attention's output, shaped like `hidden_states`; text has no place, so there are no rotations."""
        rows = hidden_states.reshape(len(encoder_hidden_states), -1, hidden_states.shape[-1])
        out: Tensor = self._stock(attn, rows, encoder_hidden_states, attention_mask)
        return out.reshape(hidden_states.shape)
