"""Tests of a viewer's queue and of the fan-out."""

import asyncio

from fifo_live.config import StreamConfig
from server.media.codec import Codec
from server.media.outputs.webrtc.viewer import KEYFRAME_GAP_S, MAX_WAITING, Viewer
from server.media.packet import Packet
from server.media.rendition import Rendition
from tests.server.media.frames import make_shot


def packet(pts: int, *, keyframe: bool = False) -> Packet:
    return Packet([b"x"], pts, keyframe)


class ManualClock:
    """A clock in the test's hand."""

    def __init__(self) -> None:
        self.now_s = 0.0

    def __call__(self) -> float:
        return self.now_s


class Wishes:
    """Counts the keyframes that a viewer asks for."""

    def __init__(self, viewer: Viewer) -> None:
        self.count = 0
        viewer.request_keyframe = self._add

    def _add(self) -> None:
        self.count += 1


async def test_a_joiner_begins_with_a_keyframe() -> None:
    """What comes before it is left out and asked for."""
    viewer = Viewer()
    wishes = Wishes(viewer)
    for each in (packet(0), packet(1, keyframe=True), packet(2)):
        viewer.offer(each)
    assert [(await viewer.next()).pts for _ in range(2)] == [1, 2]
    assert (viewer.num_sent, viewer.num_dropped, wishes.count) == (2, 0, 1)


async def test_a_slow_viewer_goes_on_with_the_next_keyframe() -> None:
    """With too much waiting all of it is dropped and counted, and a keyframe asked for."""
    clock = ManualClock()
    viewer = Viewer(clock)
    wishes = Wishes(viewer)
    viewer.offer(packet(0, keyframe=True))
    for pts in range(1, MAX_WAITING + 1):
        viewer.offer(packet(pts))
    assert (viewer.num_dropped, wishes.count) == (MAX_WAITING + 1, 1)
    viewer.offer(packet(98))
    viewer.offer(packet(99, keyframe=True))
    assert (await viewer.next()).pts == 99


async def test_one_viewer_costs_the_others_few_keyframes() -> None:
    """However often a viewer asks, it causes one keyframe in two seconds; what was asked too early is not forgotten."""
    clock = ManualClock()
    viewer = Viewer(clock)
    wishes = Wishes(viewer)
    viewer.ask_for_keyframe()
    viewer.offer(packet(0, keyframe=True))
    for tick in range(1, 40):
        clock.now_s = tick * 0.05
        viewer.ask_for_keyframe()
        viewer.offer(packet(tick))
    assert wishes.count == 1
    clock.now_s = KEYFRAME_GAP_S
    viewer.offer(packet(40))
    assert wishes.count == 2
    viewer.offer(packet(41, keyframe=True))
    clock.now_s = 2 * KEYFRAME_GAP_S
    viewer.offer(packet(42))
    assert wishes.count == 2


async def test_next_waits_for_a_packet() -> None:
    """next() returns with the packet that comes."""
    viewer = Viewer()
    waiting = asyncio.create_task(viewer.next())
    await asyncio.sleep(0)
    assert not waiting.done()
    viewer.offer(packet(5, keyframe=True))
    assert (await waiting).pts == 5


async def test_all_viewers_get_the_same_packets() -> None:
    """One encode serves all; who has left gets no more, and without viewers nothing is encoded."""
    publisher = Rendition(Codec.VP8, StreamConfig())
    encoding = asyncio.create_task(publisher.encoder.run())
    publisher.show(make_shot(0), 30.0)
    viewers = [Viewer(), Viewer()]
    for viewer in viewers:
        publisher.add(viewer)
    publisher.show(make_shot(1, pts=1), 30.0)
    first, second = [await viewer.next() for viewer in viewers]
    assert first is second and first.pts == 1
    for viewer in viewers:
        publisher.remove(viewer)
        publisher.remove(viewer)
    publisher.show(make_shot(2, pts=2), 30.0)
    await asyncio.sleep(0)
    assert (publisher.num_viewers, publisher.encoder.num_encoded) == (0, 1)
    encoding.cancel()
    await asyncio.gather(encoding, return_exceptions=True)
