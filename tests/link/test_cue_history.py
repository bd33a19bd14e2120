"""Tests of the cues that a restarted worker is given."""

import pytest

from fifo_live.link import cue_history as journal_module
from fifo_live.link.cue_history import MAX_BYTES, CueHistory
from fifo_live.link.messages import CueRecord, Start
from fifo_live.link.transport import MAX_LINE_BYTES, encode_line
from fifo_live.protocol.cues import MAX_BLEND, WeightedPrompt


def make_journal(*cues: tuple[int, int, int]) -> CueHistory:
    journal = CueHistory()
    for number, start, transition in cues:
        prompts = [WeightedPrompt(text=str(number))]
        journal.add(CueRecord(cue=number, start=start, transition=transition, prompts=prompts))
    return journal


def kept(journal: CueHistory) -> list[int]:
    return [cue.cue for cue in journal.cues]


@pytest.mark.parametrize(
    ("latent", "expected"),
    [
        (0, [1, 2, 3, 4]),
        (10, [1, 2, 3, 4]),
        (20, [2, 3, 4]),
        (29, [2, 3, 4]),
        (30, [2, 3, 4]),
        (37, [2, 3, 4]),
        (38, [3, 4]),
        (99, [4]),
    ],
)
def test_what_is_behind_is_forgotten(latent: int, expected: list[int]) -> None:
    """The cue in effect stays, and the one it still blends from, and all that are to come."""
    journal = make_journal((1, 10, 0), (2, 20, 0), (3, 30, 8), (4, 90, 0))
    journal.forget_before(latent)
    assert kept(journal) == expected


def test_a_blend_of_blends_keeps_all_it_is_made_of() -> None:
    """A transition that began within another needs that one's origin too."""
    journal = make_journal((1, 0, 0), (2, 10, 20), (3, 15, 20))
    journal.forget_before(20)
    assert kept(journal) == [1, 2, 3]


def test_an_urgent_cue_wins_over_those_that_start_later() -> None:
    """What an urgent cue overrides is not needed once it is in effect."""
    journal = make_journal((1, 20, 0), (2, 10, 0))
    journal.forget_before(12)
    assert kept(journal) == [2]


def test_numbers_go_on() -> None:
    """The next cue's number is known also when all cues are forgotten; a cue told twice is kept once."""
    journal = make_journal((1, 0, 0), (2, 5, 0), (2, 6, 0))
    assert journal.next_cue == 3
    assert [cue.start for cue in journal.cues] == [0, 6]


def test_the_journal_is_bounded(monkeypatch: pytest.MonkeyPatch) -> None:
    """In a pause, cues can come without the stream going on; the oldest are dropped."""
    monkeypatch.setattr(journal_module, "MAX_CUES", 3)
    assert kept(make_journal(*[(number, 7, 0) for number in range(1, 9)])) == [6, 7, 8]


@pytest.mark.parametrize("letter", ["x", "\u6d77", "\U0001f30a", "\x01", '"'])
def test_whatever_the_cues_hold_they_fit_into_a_line(letter: str) -> None:
    """Many long blends in any script leave a first message that a worker can read; the newest cues are kept."""
    journal = CueHistory()
    prompts = [WeightedPrompt(text=letter * 1000) for _ in range(MAX_BLEND)]
    for number in range(1, 300):
        journal.add(CueRecord(cue=number, start=number, transition=512, prompts=prompts))
    line = encode_line(Start(seed=2**63 - 1, guidance=1.0, cues=journal.cues))
    assert MAX_BYTES // 2 < len(line) < MAX_LINE_BYTES
    assert kept(journal) == list(range(kept(journal)[0], 300))


def test_forgotten_cues_take_no_room() -> None:
    """What the stream has left behind does not count against the bound."""
    journal = CueHistory()
    prompts = [WeightedPrompt(text="x" * 1000) for _ in range(MAX_BLEND)]
    for number in range(1, 300):
        journal.add(CueRecord(cue=number, start=number, transition=0, prompts=prompts))
        journal.forget_before(number - 10)
    assert len(kept(journal)) == 11
