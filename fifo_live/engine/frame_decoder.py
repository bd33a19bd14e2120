"""Pictures from the latents that leave the queue: equally many for each latent, the first one of a shot too.

Shape suffixes: F latent frames, C channels, H and W latent height and width.
"""

import torch
from torch import Tensor

from fifo_live.engine.shot import Emitted
from fifo_live.errors import ModelError
from fifo_live.models.contract import ModelSpec, StreamDecoder


class FrameDecoder:
    """Decodes a stream in order; its decoder forgets where a shot begins.

    A causal autoencoder makes fewer frames of the first latent it sees. The first of them is then held for as long as
    the missing ones would have been shown. So every latent takes the same time: a frame that was announced stays the
    right one over cuts and restarts, and no cut makes the stream wait.
    """

    def __init__(self, decoder: StreamDecoder, spec: ModelSpec) -> None:
        self._decoder = decoder
        self._spec = spec
        self._num_held = spec.frames_per_latent - (spec.first_latent_frames or spec.frames_per_latent)

    def decode(self, emitted: Emitted) -> Tensor:
        """Return the pictures of the next latents: uint8, (F * frames_per_latent, height, width, 3), on the CPU.

        Raises: ModelError if the decoder does not give as many as the model's card says.
        """
        first, stop = emitted.latents.start, emitted.latents.stop
        starts = sorted({first, *emitted.begins})
        parts = zip(starts, [*starts[1:], stop], strict=True)
        return torch.cat([self._decode(emitted.x_FCHW[a - first : b - first], a in emitted.begins) for a, b in parts])

    def _decode(self, x_FCHW: Tensor, begins: bool) -> Tensor:
        if begins:
            self._decoder.reset()
        pictures = self._decoder.decode(x_FCHW)
        if begins and self._num_held:
            pictures = torch.cat([pictures[:1].expand(self._num_held, -1, -1, -1), pictures])
        if len(pictures) != len(x_FCHW) * self._spec.frames_per_latent:
            raise ModelError(
                f"{self._spec.name} decoded {len(x_FCHW)} latent(s) to {len(pictures)} frame(s); its card says "
                f"{self._spec.frames_per_latent} for each (and {self._num_held} fewer where a shot begins)."
            )
        return pictures
