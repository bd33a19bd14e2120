"""The forward of transformers like Wan's (arXiv 2503.20314), with a time and a text of its own for every latent.

Every latent is a row of the batch, so that the stock blocks get one time for all of its cells; its cells look at those
of all latents. Where all latents share a time this is the stock forward.

Shape suffixes: B batch, F latents, C channels, H and W latent height and width, S cells of one latent, L text tokens,
D a width; N is B * F.
"""

from abc import abstractmethod
from typing import Any

from torch import Tensor

from fifo_live.errors import ModelError
from fifo_live.models.common.per_frame_attention import attend_by_row, rows_of_text
from fifo_live.models.common.per_frame_network import PerFrameNetwork

Embedded = tuple[Tensor, Tensor, Tensor]


class FrameWan(PerFrameNetwork):
    """Runs a transformer of Wan's form through its public parts; families differ in how they tell it the time."""

    def __init__(self, transformer: Any) -> None:
        """Raises: ModelError for a transformer that takes several latents together."""
        super().__init__(transformer)
        self._patch: int = transformer.config.patch_size[-1]
        if transformer.config.patch_size[0] != 1:
            raise ModelError(f"The transformer takes {transformer.config.patch_size[0]} latents together, not one.")
        attend_by_row(transformer.blocks)

    def __call__(self, x_BFCHW: Tensor, t_BF: Tensor, cond_BF: Tensor) -> Tensor:
        """Return the prediction, (B, F, C, H, W), in the network's own number format."""
        return self.step_to(x_BFCHW, t_BF, t_BF, cond_BF)

    def step_to(self, x_BFCHW: Tensor, t_BF: Tensor, target_BF: Tensor, cond_BF: Tensor) -> Tensor:
        """Return the prediction for a step that leads to the times `target_BF`."""
        net, clips = self._network, x_BFCHW.transpose(1, 2)
        cells_BDFhw = net.patch_embedding(clips)
        time_ND, steps_N6D, text_NLD = self._embed(t_BF, target_BF, rows_of_text(cond_BF))
        states_NSD = cells_BDFhw.permute(0, 2, 3, 4, 1).flatten(2, 3).flatten(0, 1)
        places = self._places(clips)
        for block in net.blocks:
            states_NSD = self._run(block, states_NSD, text_NLD, steps_N6D, places)
        shift, scale = (net.scale_shift_table + time_ND[:, None]).chunk(2, 1)
        states_NSD = (net.norm_out(states_NSD.float()) * (1 + scale) + shift).type_as(states_NSD)
        return self._from_patches(net.proj_out(states_NSD), x_BFCHW)

    @abstractmethod
    def _embed(self, t_BF: Tensor, target_BF: Tensor, text_NLD: Tensor) -> Embedded:
        """Return the times, what they do to each block (N, 6, D), and the texts, as the blocks want them."""

    def _places(self, clips_BCFHW: Tensor) -> Any:
        """Return where the cells of one clip are."""
        return self._network.rope(clips_BCFHW)

    def _run(self, block: Any, states_NSD: Tensor, text_NLD: Tensor, steps_N6D: Tensor, places: Any) -> Tensor:
        states: Tensor = block(states_NSD, text_NLD, steps_N6D, places)
        return states

    def _from_patches(self, out_NSD: Tensor, like_BFCHW: Tensor) -> Tensor:
        """Lay out what was predicted for patches as latents."""
        batch, frames, _, height, width = like_BFCHW.shape
        side = self._patch
        cells = out_NSD.reshape(batch, frames, height // side, width // side, side, side, -1)
        return cells.permute(0, 1, 6, 2, 4, 3, 5).reshape(batch, frames, -1, height, width)
