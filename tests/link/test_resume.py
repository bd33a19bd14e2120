"""Tests of what a worker's successor is told."""

import numpy as np

from fifo_live.link.frame import Frame
from fifo_live.link.messages import Accepted, Adjust, CueRecord, Cut, Pause, Rejected, Resume, Steer
from fifo_live.link.resume import Memory
from fifo_live.protocol.cues import WeightedPrompt

PICTURE = np.zeros((1, 1, 3), np.uint8)
PROMPTS = [WeightedPrompt(text="fire")]


def make_memory(*frames: tuple[int, int], frames_per_latent: int = 1) -> Memory:
    """Return a memory that has seen (frame, latent)."""
    memory = Memory(seed=1, guidance=2.0)
    memory.frames_per_latent = frames_per_latent
    for index, latent in frames:
        memory.note_frame(Frame(index, latent, 0, PICTURE))
    return memory


def test_the_first_worker_begins_at_the_beginning() -> None:
    """Without a past there are the configured values."""
    start = make_memory().start()
    assert (start.seed, start.guidance, start.first_latent, start.first_frame) == (1, 2.0, 0, 0)
    assert (start.cues, start.next_cue, start.paused) == ([], 1, False)


def test_the_next_one_goes_on_behind_the_last_frame() -> None:
    """Latents and frames go on."""
    start = make_memory((0, 0), (1, 1), (2, 2)).start()
    assert (start.first_latent, start.first_frame) == (3, 3)


def test_frames_keep_their_numbers_when_some_of_a_latent_are_lost() -> None:
    """What was announced for a later frame stays true."""
    memory = make_memory(*[(frame, frame // 4) for frame in range(10)], frames_per_latent=4)
    assert (memory.start().first_latent, memory.start().first_frame) == (3, 12)
    memory = make_memory((0, 0), (1, 0), frames_per_latent=4)
    assert (memory.start().first_latent, memory.start().first_frame) == (1, 4)


def test_only_what_was_confirmed_is_remembered() -> None:
    """Knobs, the pause and cues count when the worker has accepted them."""
    memory = make_memory()
    memory.note(Adjust(request=1, seed=5), Rejected(request=1, code="no", message="No."))
    memory.note(Adjust(request=2, guidance=7.0), Accepted(request=2))
    memory.note(Pause(request=3), Accepted(request=3))
    cue = CueRecord(cue=4, start=9, transition=0, prompts=PROMPTS)
    memory.note(Steer(request=4, prompts=PROMPTS), Accepted(request=4, cue=cue))
    memory.note(None, Accepted(request=5))
    start = memory.start()
    assert (start.seed, start.guidance, start.paused) == (1, 7.0, True)
    assert (start.cues, start.next_cue) == ([cue], 5)
    memory.note(Resume(request=6), Accepted(request=6))
    assert not memory.start().paused


def test_guidance_is_nobodys_until_it_is_set() -> None:
    """A successor takes its own guidance if none was set; one of 0 that was set is 0."""
    memory = Memory(seed=1)
    assert memory.start().guidance is None
    memory.note(Adjust(request=1, guidance=0.0), Accepted(request=1))
    assert memory.start().guidance == 0.0


def test_cuts_are_counted_when_they_are_confirmed() -> None:
    """A successor knows how often the queue was dropped, so that it makes the noise that its predecessor made."""
    memory = make_memory()
    memory.note(Cut(request=1), Rejected(request=1, code="no", message="No."))
    memory.note(Cut(request=2), Accepted(request=2))
    assert memory.start().num_cuts == 1
