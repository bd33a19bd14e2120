"""Tests of the cues as people see them."""

from fifo_live.link.messages import WeightedPrompt
from server.cues import MAX_CUES, CueEntry, CueLog
from tests.server.media.frames import make_frame


def make_entry(cue: int, visible_frame: int = 0) -> CueEntry:
    return CueEntry(cue, [WeightedPrompt(text=str(cue))], visible_frame=visible_frame)


def make_log(*visible_frames: int) -> CueLog:
    log = CueLog()
    for cue, visible_frame in enumerate(visible_frames):
        log.add(make_entry(cue, visible_frame))
    return log


def test_a_cue_is_on_air_with_its_first_frame_and_once_only() -> None:
    """Waiting, on air, past."""
    log = make_log(0, 5)
    assert [entry.cue for entry in log.show(make_frame(0))] == [0]
    assert [log.status(entry) for entry in log] == ["on_air", "waiting"]
    assert log.show(make_frame(4)) == []
    assert [entry.cue for entry in log.show(make_frame(5, cue=1))] == [1]
    assert log.show(make_frame(6, cue=1)) == []
    assert [(log.status(entry), entry.on_air_frame) for entry in log] == [("past", 0), ("on_air", 5)]


def test_frames_that_are_missing_do_not_hide_a_cue() -> None:
    """The first frame at or behind the announced one counts, and the frame's own cue before that."""
    log = make_log(0, 5, 9)
    assert [entry.cue for entry in log.show(make_frame(7, cue=2))] == [0, 1, 2]
    assert log.on_air == 2


def test_old_cues_are_forgotten() -> None:
    """The log is bounded."""
    log = make_log(*range(MAX_CUES + 5))
    assert [entry.cue for entry in log][:1] == [5]
    log.add(make_entry(7, 99))
    assert len(list(log)) == MAX_CUES
