"""Prompts as the network reads them: every text encoded once, every latent with its own blend."""

from collections.abc import Callable, Iterable, Mapping, Sequence

import torch
from torch import Tensor

from fifo_live.engine.timeline import Blend, Timeline

Encode = Callable[[Sequence[str]], Tensor]


class Conditioning:
    """Gives each latent its conditioning, (*condition shape), from the timeline; keeps no text longer than needed."""

    def __init__(self, timeline: Timeline, encode: Encode, device: torch.device) -> None:
        self._timeline = timeline
        self._encode = encode
        self._device = device
        self._texts: dict[str, Tensor] = {}
        self._latents: dict[int, tuple[Blend, Tensor]] = {}
        self._pinned: dict[int, Tensor] = {}

    def learn(self, texts: Iterable[str]) -> Mapping[str, Tensor]:
        """Encode the texts that are new and return their conditionings, on the CPU, for the other ranks."""
        new = [text for text in dict.fromkeys(texts) if text not in self._texts]
        encoded = {text: tensor.cpu() for text, tensor in zip(new, self._encode(new), strict=True)} if new else {}
        self.teach(encoded)
        return encoded

    def teach(self, encoded: Mapping[str, Tensor]) -> None:
        """Take conditionings that another rank has encoded."""
        self._texts |= {text: tensor.to(self._device) for text, tensor in encoded.items()}

    def of(self, rows: Sequence[Iterable[int]], *, guided: bool = False) -> Tensor:
        """Return the conditionings of B rows of F latents: (B, F, *condition shape).

        With `guided` as many rows of the empty prompt follow. Where all of a row is under one prompt, nothing is copied
        for each latent; where all rows are, nothing at all: text can weigh more than the video it belongs to.
        """
        mixes = [[self._of(latent) for latent in row] for row in rows]
        if guided:
            self.learn([""])
            mixes += [[self._texts[""]] * len(row) for row in mixes]
        if all(mix is row[0] for row in mixes for mix in row):
            table = _stacked([row[0] for row in mixes])
            return table[:, None].expand(-1, len(mixes[0]), *table.shape[1:])
        return torch.stack([mix for row in mixes for mix in row]).view(len(mixes), -1, *mixes[0][0].shape)

    def pin(self, latent: int) -> None:
        """Keep the conditioning of one latent beyond `forget_before`, instead of the one that was pinned before."""
        self._pinned = {latent: self._of(latent)}

    def forget_before(self, latent: int) -> None:
        """Drop what only latents before `latent` needed."""
        self._timeline.forget_before(latent)
        self._latents = {index: kept for index, kept in self._latents.items() if index >= latent}
        self.forget_texts()

    def forget_texts(self) -> None:
        """Drop the texts that no cue needs any more."""
        needed = {text for cue in self._timeline.cues for text in (*cue.before, *(t for t, _ in cue.prompts))}
        self._texts = {text: tensor for text, tensor in self._texts.items() if text in needed or text == ""}

    def _of(self, latent: int) -> Tensor:
        if latent in self._pinned:
            return self._pinned[latent]
        blend = self._timeline.blend_at(latent)
        kept = self._latents.get(latent)
        if kept is None or kept[0] != blend:
            mix = next((mix for known, mix in self._latents.values() if known == blend), None)
            kept = self._latents[latent] = (blend, self._mixed(blend) if mix is None else mix)
        return kept[1]

    def _mixed(self, blend: Blend) -> Tensor:
        return torch.stack([weight * self._texts[text] for text, weight in blend.items()]).sum(0)


def _stacked(tensors: Sequence[Tensor]) -> Tensor:
    """Return tensors as one, (len, ...); a view if all are the same one."""
    first = tensors[0]
    if all(tensor is first for tensor in tensors):
        return first.expand(len(tensors), *first.shape)
    return torch.stack(list(tensors))
