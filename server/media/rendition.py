"""One codec's stream to all its viewers."""

from fifo_live.config import StreamConfig
from server.media.codec import Codec
from server.media.encoder import Encoder
from server.media.frame import Shot
from server.media.outputs.webrtc.viewer import Viewer
from server.media.packet import Packet


class Rendition:
    """Encodes while somebody watches, and hands every packet to every viewer; nobody waits for anybody."""

    def __init__(self, codec: Codec, config: StreamConfig) -> None:
        self.encoder = Encoder(codec, config, self._publish)
        self._viewers: set[Viewer] = set()

    @property
    def num_viewers(self) -> int:
        """How many watch."""
        return len(self._viewers)

    def add(self, viewer: Viewer) -> None:
        """Let somebody watch, from the next keyframe on."""
        self._viewers.add(viewer)
        viewer.request_keyframe = self.encoder.request_keyframe
        viewer.ask_for_keyframe()

    def remove(self, viewer: Viewer) -> None:
        """Note that somebody watches no more; a viewer that is not there is no error."""
        self._viewers.discard(viewer)
        if not self._viewers:
            self.encoder.rest()

    def show(self, shot: Shot, fps: float) -> None:
        """Show a shot to all viewers."""
        if self._viewers:
            self.encoder.show(shot, fps)

    def _publish(self, packet: Packet) -> None:
        for viewer in self._viewers:
            viewer.offer(packet)
