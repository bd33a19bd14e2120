"""Rank 0's way out: pictures into the frame ring, one doorbell for each."""

from fifo_live.engine.decode_thread import Decoded
from fifo_live.link.messages import FrameReady
from fifo_live.link.ring import FrameRing
from fifo_live.link.transport import WorkerChannel
from fifo_live.models.contract import ModelSpec
from fifo_live.worker.inbox import Inbox


class FrameWriter:
    """Writes the pictures of the stream in order; waits for the server's credit before each."""

    def __init__(self, channel: WorkerChannel, inbox: Inbox, spec: ModelSpec, first_frame: int) -> None:
        self._channel = channel
        self._inbox = inbox
        self._spec = spec
        self._ring: FrameRing | None = None
        self._frame = first_frame
        self.num_frames = 0
        self.decode_s = 0.0

    @property
    def is_attached(self) -> bool:
        """Whether there is a ring to write to."""
        return self._ring is not None

    def attach(self, name: str, slots: int) -> None:
        """Open the ring that the server has made; all its slots are free."""
        self._ring = FrameRing.attach(name, slots, self._spec.height, self._spec.width)
        self._inbox.add_credit(slots)

    def deliver(self, decoded: Decoded) -> None:
        """Hand over the pictures of some latents; called from the decoder's thread."""
        assert self._ring is not None, "the loop does not step before a ring is there"
        emitted = decoded.emitted
        per_latent = self._spec.frames_per_latent
        self.decode_s += decoded.decode_s
        for number, picture in enumerate(decoded.pictures):
            self._inbox.spend_credit()
            slot = self._frame % self._ring.slots
            self._ring.write(slot, picture)
            self._channel.send(
                FrameReady(
                    slot=slot,
                    frame=self._frame,
                    latent=emitted.latents[number // per_latent],
                    cue=emitted.cues[number // per_latent],
                )
            )
            self._frame += 1
            self.num_frames += 1
