"""A text of its own for every frame, in transformers whose frames all attend to one text.

Shape suffixes: B batch, F frames, L text tokens, D text width.
"""

from typing import Any

from torch import Tensor, nn


def pack_texts(text_BFLD: Tensor) -> Tensor:
    """Return texts as one sequence, frame after frame: (B, F * L, D); (B, L, D) if all frames share one.

    Frames share a text where the tensor is an expanded view, as the engine gives it.
    """
    return text_BFLD[:, 0] if text_BFLD.stride(1) == 0 else text_BFLD.flatten(1, 2)


def attend_by_frame(blocks: nn.ModuleList, num_tokens: int) -> None:
    """Let the text attention (`attn2`) of a transformer's blocks take packed texts of `num_tokens` each."""
    for block in blocks:
        attention: Any = block.attn2
        attention.set_processor(FrameAttention(attention.processor, num_tokens))


class FrameAttention:
    """A processor of diffusers' for attention to text; folds the frames into the batch, and calls the stock one.

    It remembers nothing: how many texts there are follows from their length. One text for all frames is left alone.
    """

    def __init__(self, stock: Any, num_tokens: int) -> None:
        self._stock = stock
        self._num_tokens = num_tokens

    def __call__(
        self,
        attn: nn.Module,
        hidden_states: Tensor,
        encoder_hidden_states: Tensor,
        attention_mask: Tensor | None = None,
        rotary_emb: Tensor | None = None,
    ) -> Tensor:
        """Return the attention's output, shaped like `hidden_states`: (B, F * cells, width).

        Text carries neither mask nor place in these models, so the last two are None.
        """
        num_texts = encoder_hidden_states.shape[1] // self._num_tokens
        frames, texts = (
            tensor.unflatten(1, (num_texts, -1)).flatten(0, 1) for tensor in (hidden_states, encoder_hidden_states)
        )
        out: Tensor = self._stock(attn, frames, texts)
        return out.unflatten(0, (-1, num_texts)).flatten(1, 2)
