"""Resume state for a restarted worker."""

from fifo_live.link.cue_history import CueHistory
from fifo_live.link.frame import Frame
from fifo_live.link.messages import Accepted, Adjust, Cut, Event, Pause, Request, Resume, Start


class Memory:
    """Seed, guidance, pause, cuts, cues, and where the stream is; all as the workers so far have confirmed it.

    `guidance` is None until somebody sets it: each worker then takes the configuration's, or the model's own.
    """

    def __init__(self, seed: int, guidance: float | None = None) -> None:
        self.seed = seed
        self.guidance = guidance
        self.paused = False
        self.num_cuts = 0
        self.journal = CueHistory()
        self.frames_per_latent = 1
        self._latent = -1
        self._latents_first_frame = 0
        self._next_frame = 0

    def note(self, request: Request | None, answer: Event) -> None:
        """Take in an answer to a request."""
        if not isinstance(answer, Accepted):
            return
        if answer.cue is not None:
            self.journal.add(answer.cue)
        match request:
            case Pause():
                self.paused = True
            case Resume():
                self.paused = False
            case Cut():
                self.num_cuts += 1
            case Adjust():
                self.seed = self.seed if request.seed is None else request.seed
                self.guidance = self.guidance if request.guidance is None else request.guidance

    def note_frame(self, frame: Frame) -> None:
        """Take in how far the stream is."""
        if frame.latent != self._latent:
            self._latent, self._latents_first_frame = frame.latent, frame.index
            self.journal.forget_before(frame.latent)
        self._next_frame = frame.index + 1

    def start(self) -> Start:
        """Return the first message for the next worker.

        A latent of which only some frames have come is not made again, but its frames keep their numbers: what has
        been announced for a later frame stays true.
        """
        next_frame = self._next_frame
        if self._latent >= 0:
            next_frame = max(next_frame, self._latents_first_frame + self.frames_per_latent)
        return Start(
            seed=self.seed,
            guidance=self.guidance,
            first_latent=self._latent + 1,
            first_frame=next_frame,
            num_cuts=self.num_cuts,
            cues=self.journal.cues,
            next_cue=self.journal.next_cue,
            paused=self.paused,
        )
