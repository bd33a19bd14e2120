"""Tests of the cues as people see them."""

from fifo_live.protocol.cues import WeightedPrompt
from server.control.cues import MAX_BYTES, MAX_CUES, CueEntry, CueLog
from tests.server.media.frames import make_frame


def make_entry(cue: int, visible_frame: int = 0) -> CueEntry:
    return CueEntry(cue, [WeightedPrompt(text=str(cue))], visible_frame=visible_frame)


def make_log(*visible_frames: int) -> CueLog:
    log = CueLog()
    for cue, visible_frame in enumerate(visible_frames):
        log.add(make_entry(cue, visible_frame))
    return log


def shown(log: CueLog, frame: int, cue: int = 0) -> int | None:
    """Show a frame; returns the cue that is first seen in it."""
    entry = log.show(make_frame(frame, cue=cue))
    return None if entry is None else entry.cue


def test_a_cue_is_on_air_with_its_first_frame_and_once_only() -> None:
    """Waiting, on air, past."""
    log = make_log(0, 5)
    assert shown(log, 0) == 0
    assert [log.status(entry) for entry in log] == ["on_air", "waiting"]
    assert shown(log, 4) is None
    assert shown(log, 5, cue=1) == 1
    assert shown(log, 6, cue=1) is None
    assert [(log.status(entry), entry.on_air_frame) for entry in log] == [("past", 0), ("on_air", 5)]


def test_frames_that_are_missing_do_not_hide_a_cue() -> None:
    """The frame's own cue counts, also where the announced frame was never made."""
    log = make_log(0, 5)
    assert (shown(log, 3), shown(log, 7, cue=1)) == (0, 1)


def test_what_is_overtaken_is_past() -> None:
    """An urgent cue, or a cut, shows the newest first; those that would have come before it are never on air."""
    log = make_log(0, 50, 55)
    shown(log, 0)
    log.add(make_entry(2, 20))
    assert shown(log, 20, cue=2) == 2
    assert shown(log, 60, cue=2) is None
    assert [log.status(entry) for entry in log] == ["past", "past", "on_air"]
    assert [entry.on_air_frame for entry in log] == [0, None, 20]


def test_a_cut_under_the_cue_that_is_on_air_changes_nothing() -> None:
    """It was seen already, and is not announced again."""
    log = make_log(0)
    shown(log, 0)
    log.add(make_entry(0, 20))
    assert shown(log, 20) is None
    assert [(log.status(entry), entry.on_air_frame) for entry in log] == [("on_air", 0)]


def test_old_cues_are_forgotten() -> None:
    """The log is bounded."""
    log = make_log(*range(MAX_CUES + 5))
    assert [entry.cue for entry in log][:1] == [5]
    log.add(make_entry(7, 99))
    assert len(list(log)) == MAX_CUES


def test_the_cue_on_air_is_never_forgotten() -> None:
    """However many wait behind it, as in a pause."""
    log = make_log(0)
    log.show(make_frame(0, cue=0))
    for cue in range(1, MAX_CUES + 5):
        log.add(make_entry(cue))
    assert [entry.cue for entry in log] == [0, *range(6, MAX_CUES + 5)]


def test_long_cues_are_bounded_by_their_size() -> None:
    """Blends of long texts in any script leave a list that can be sent; the newest cue is among them."""
    for letter in ("x", "\u6d77", "\x01"):
        log = CueLog()
        for cue in range(MAX_CUES):
            log.add(CueEntry(cue, [WeightedPrompt(text=letter * 1000)] * 8, understood=["sea"] * 100))
        sizes = [entry.num_bytes for entry in log]
        assert MAX_BYTES // 2 < sum(sizes) <= MAX_BYTES
        assert [entry.cue for entry in log] == list(range(MAX_CUES - len(sizes), MAX_CUES))
