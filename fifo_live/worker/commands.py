"""Commands as every rank obeys them: rank 0 checks and encodes them, then all do the same between two ticks."""

from collections.abc import Callable, Iterable, Sequence

from fifo_live.engine.engine import Engine
from fifo_live.engine.timeline import Cue
from fifo_live.errors import PromptError
from fifo_live.link.messages import (
    Accepted,
    Adjust,
    Command,
    CueRecord,
    Cut,
    Event,
    Pause,
    Rejected,
    Resume,
    Start,
    Steer,
    Stop,
)
from fifo_live.models.contract import Denoiser
from fifo_live.protocol.cues import MAX_BLEND, WeightedPrompt
from fifo_live.worker.turn import Order

Reply = Callable[[Event], None]


def no_reply(_event: Event) -> None:
    """The voice of the ranks that do not talk to the server."""


class CommandHandler:
    """Applies commands to one rank's engine; `paused` and the numbering of cues are the same on all ranks."""

    def __init__(self, engine: Engine, denoiser: Denoiser, start: Start) -> None:
        self._engine = engine
        self._denoiser = denoiser
        self._next_cue = start.next_cue
        self.paused = start.paused

    def check(self, commands: Iterable[Command], reply: Reply) -> list[Command]:
        """Return the commands that may be tried; the others are rejected on rank 0 and go no further."""
        fit: list[Command] = []
        for command in commands:
            try:
                self._check(command)
            except PromptError as error:
                reply(Rejected(request=getattr(command, "request", 0), code=error.code, message=str(error)))
            else:
                fit.append(command)
        return fit

    def obey(self, orders: Sequence[Order], reply: Reply = no_reply) -> bool:
        """Carry orders out, on every rank at the same tick; returns False when the stream is to end."""
        for command, encoded in orders:
            self._engine.conditioning.teach(encoded)
            if isinstance(command, Stop):
                return False
            try:
                answer = self._carry_out(command)
            except PromptError as error:
                answer = Rejected(request=getattr(command, "request", 0), code=error.code, message=str(error))
            if answer is not None:
                reply(answer)
        return True

    def _carry_out(self, command: Command) -> Event | None:
        match command:
            case Steer():
                return self._steer(command)
            case Adjust(request=request, guidance=guidance, seed=seed):
                self._engine.adjust(guidance=guidance, seed=seed)
                return Accepted(request=request)
            case Pause(request=request) | Resume(request=request):
                self.paused = isinstance(command, Pause)
                return Accepted(request=request)
            case Cut(request=request):
                return self._accepted(request, self._engine.cut())
        return None

    def _steer(self, command: Steer) -> Accepted:
        prompts = tuple((prompt.text, prompt.weight) for prompt in command.prompts)
        number, self._next_cue = self._next_cue, self._next_cue + 1
        cue = self._engine.steer(number, prompts, transition=command.transition, urgency=command.urgency)
        return self._accepted(command.request, cue)

    def _accepted(self, request: int, cue: Cue) -> Accepted:
        words = [self._denoiser.understood(text) for text, _ in cue.prompts]
        known = [word for found in words if found is not None for word in found]
        return Accepted(
            request=request,
            cue=CueRecord(
                cue=cue.number,
                start=cue.start,
                transition=cue.transition,
                prompts=[WeightedPrompt(text=text, weight=weight) for text, weight in cue.prompts],
            ),
            enters_frame=self._engine.diagonal.head_frame,
            visible_frame=self._engine.diagonal.frame_of(cue.start),
            understood=None if None in words else known,
        )

    def _check(self, command: Command) -> None:
        if not isinstance(command, Steer):
            return
        limit = self._denoiser.spec.max_prompt_chars
        for prompt in command.prompts:
            if len(prompt.text) > limit:
                raise PromptError(
                    "prompt_too_long", f"The prompt has {len(prompt.text)} characters; {limit} are allowed."
                )
        if not 1 <= len(command.prompts) <= MAX_BLEND:
            raise PromptError(
                "out_of_range", f"A blend has 1 to {MAX_BLEND} prompts; this one has {len(command.prompts)}."
            )
