"""Server side of the frame ring; accounts for credits across worker restarts."""

from fifo_live.link.frame import Frame
from fifo_live.link.messages import FrameReady
from fifo_live.link.ring import FrameRing
from fifo_live.protocol.model import ModelInfo


class Shelf:
    """Owns the ring across workers; a new one is made only when the pictures change their size.

    A worker begins with credit for the whole ring. So what its predecessor's frames would give back is kept from it,
    or it could overwrite what has not been read.
    """

    def __init__(self, buffer_frames: int) -> None:
        self._buffer_frames = buffer_frames
        self._ring: FrameRing | None = None
        self._geometry = (0, 0, 0)
        self._num_out = 0
        self._num_stale = 0
        self.is_attached = False

    def attach(self, info: ModelInfo) -> FrameRing:
        """Return the ring for a worker that begins: one tick's frames and some to even out the pace.

        Raises: SetupError if there is not so much shared memory.
        """
        slots = self._buffer_frames + info.chunk * info.frames_per_latent
        geometry = (slots, info.height, info.width)
        if self._ring is None or geometry != self._geometry:
            self.close()
            self._ring, self._geometry = FrameRing.create(*geometry), geometry
        self._num_stale = self._num_out
        self.is_attached = True
        return self._ring

    @property
    def has_room(self) -> bool:
        """Whether the worker may make another frame."""
        return self._ring is not None and self._num_out < self._ring.slots

    def detach(self) -> None:
        """Note that the worker is gone."""
        self.is_attached = False

    def take(self, event: FrameReady) -> Frame:
        """Return a frame that has arrived.

        Raises: ValueError if it cannot be where the worker says.
        """
        if self._ring is None or not self.is_attached or not 0 <= event.slot < self._ring.slots:
            raise ValueError(f"There is no slot {event.slot}.")
        self._num_out += 1
        picture = self._ring.read(event.slot)
        return Frame(event.frame, event.latent, event.cue, picture)

    def take_back(self, frames: int) -> int:
        """Note that so many frames have been taken, oldest first, and return how many of them the worker may refill."""
        assert 0 <= frames <= self._num_out, "more frames come back than went out"
        self._num_out -= frames
        stale = min(frames, self._num_stale)
        self._num_stale -= stale
        return frames - stale if self.is_attached else 0

    def close(self) -> None:
        """Free the memory."""
        if self._ring is not None:
            self._ring.close()
            self._ring.unlink()
        self._ring = None
