"""The process around an engine: `python -m fifo_live.worker.main`, started by `fifo_live.link.process`.

Every rank runs the same loop. Rank 0 also talks to the server, and what it hears it shares before the next tick, so
that a command takes effect at the same tick on all ranks.
"""

import os
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from functools import partial
from pathlib import Path
from time import perf_counter

import torch

from fifo_live.config import Config
from fifo_live.engine.clip import encode_file
from fifo_live.engine.decode_thread import DecodeThread
from fifo_live.engine.diagonal import Origin
from fifo_live.engine.engine import Engine
from fifo_live.engine.frame_decoder import FrameDecoder
from fifo_live.engine.plan import Plan
from fifo_live.engine.ranks import Ranks
from fifo_live.errors import FifoLiveError, RankLostError
from fifo_live.link.messages import Attach, Failed, Ready, Start, Stop
from fifo_live.link.output import lose_what_nobody_reads
from fifo_live.link.process import Task
from fifo_live.link.transport import WorkerChannel
from fifo_live.models.contract import Denoiser
from fifo_live.models.device import check_ranks
from fifo_live.models.loading import load_denoiser, say
from fifo_live.models.requested_files import check_init
from fifo_live.protocol.state import Progress
from fifo_live.worker.commands import CommandHandler
from fifo_live.worker.frame_writer import FrameWriter
from fifo_live.worker.inbox import Inbox
from fifo_live.worker.reporter import Reporter, model_info, queue_state
from fifo_live.worker.text_thread import TextStage
from fifo_live.worker.turn import Order, Turn


def run(task: Task, rank: int) -> None:
    """Run one rank from joining the others to the end of the stream."""
    config = task.config
    channel = WorkerChannel.connect(task.address, task.token, rank)
    with telling_failures(channel):
        on_gpu = config.model.device != "cpu" and torch.cuda.is_available()
        check_ranks(config.model.device, config.engine.ranks)
        ranks = Ranks.join(rank, config.engine.ranks, "cuda" if on_gpu else "cpu", task.meeting)
        if rank == 0:
            Leader(config, ranks, channel, Inbox(channel)).run()
        else:
            _follow(config, ranks)
        ranks.leave()


@contextmanager
def telling_failures(channel: WorkerChannel) -> Iterator[None]:
    """Report every failure of any rank before its process ends, so that the server can say what is wrong."""
    try:
        yield
    except EOFError:
        return  # the server is gone, and with it the reason to run
    except Exception as error:  # the border of the process
        fatal = isinstance(error, FifoLiveError) and not isinstance(error, RankLostError)
        code = getattr(error, "code", "out_of_memory" if isinstance(error, torch.OutOfMemoryError) else "worker_failed")
        with suppress(EOFError):
            channel.send(Failed(code=str(code), message=str(error) or type(error).__name__, fatal=fatal))
        if isinstance(error, FifoLiveError):
            sys.exit(1)  # The server says why.
        raise


def _follow(config: Config, ranks: Ranks) -> None:
    """The other ranks: do what rank 0 has heard, tick when it ticks."""
    ((start, _),) = Turn.from_bytes(ranks.broadcast(None)).orders
    assert isinstance(start, Start)
    engine, orders = make_engine(config, ranks, start, load(config, ranks))
    while True:
        turn = Turn.from_bytes(ranks.broadcast(None))
        if not orders.obey(turn.orders):
            return
        if turn.may_step and not orders.paused:
            engine.step()


def load(config: Config, ranks: Ranks, report: Callable[[str], None] = say) -> Denoiser:
    """Load the model onto this rank's device."""
    check_init(config.model.init)
    return load_denoiser(config, num_ranks=ranks.num_ranks, local_rank=ranks.local_rank, report=report)


def tell_loading(channel: WorkerChannel, sentence: str) -> None:
    """Tell stderr and, for whoever looks at the page, the server how loading goes."""
    say(sentence)
    channel.send(Progress(stage="loading", detail=sentence))


def make_engine(config: Config, ranks: Ranks, start: Start, denoiser: Denoiser) -> tuple[Engine, CommandHandler]:
    """Set the queue up where the stream begins or goes on, with the timeline so far."""
    plan = Plan.make(denoiser.spec, config.engine)
    origin = Origin(start.first_latent, start.first_frame, start.num_cuts)
    engine = Engine(
        denoiser, plan, rank=ranks.rank, seed=start.seed, prompt=config.model.prompt, origin=origin, report=say
    )
    if denoiser.spec.supports_guidance:
        engine.conditioning.learn([""])  # Not in the midst of the stream, when guidance is turned on.
    engine.adjust(guidance=start.guidance)
    for record in start.cues:
        engine.restore(record.cue, tuple((p.text, p.weight) for p in record.prompts), record.start, record.transition)
    if config.model.init and origin == Origin():
        engine.begin_with(encode_file(denoiser, Path(config.model.init), plan.schedule.length))
    return engine, CommandHandler(engine, denoiser, start)


class Leader:
    """Rank 0's loop: take orders, share them, tick, hand what has left the queue to the decoder."""

    def __init__(self, config: Config, ranks: Ranks, channel: WorkerChannel, inbox: Inbox) -> None:
        self._ranks = ranks
        self._channel = channel
        self._inbox = inbox
        (start,) = inbox.take(lambda: False)[:1]
        assert isinstance(start, Start)
        ranks.broadcast(Turn([(start, {})]).to_bytes())
        channel.send(Progress(stage="loading", detail=f"loading {config.model.name}"))
        denoiser = load(config, ranks, partial(tell_loading, channel))
        self._engine, self._orders = make_engine(config, ranks, start, denoiser)
        channel.send(Ready(info=model_info(denoiser, self._engine.plan, config)))
        self._outlet = FrameWriter(channel, inbox, denoiser.spec, start.first_frame)
        self._reporter = Reporter(channel, self._engine, self._outlet, denoiser.device)
        self._texts = TextStage(denoiser.encode_prompts, denoiser.device, inbox.wake)
        self._stage = DecodeThread(FrameDecoder(denoiser.decoder(), denoiser.spec), self._outlet.deliver, inbox.wake)

    def run(self) -> None:
        """Keep the queue moving until the server says stop."""
        try:
            while self._turn():
                continue
        finally:
            # The decoder may wait for credit; a thread inside torch must not outlive the interpreter.
            self._inbox.close()
            self._stage.close()
            self._texts.close()

    def _turn(self) -> bool:
        """Take orders and a tick; returns False when the stream is to end."""
        heard = self._listen()
        may_step = self._may_step()
        self._ranks.broadcast(Turn(heard, may_step).to_bytes())
        if not self._orders.obey(heard, self._channel.send):
            return False
        if heard:
            self._channel.send(queue_state(self._engine))
        if may_step and not self._orders.paused:
            self._tick()
        return True

    def _tick(self) -> None:
        begin = perf_counter()
        emitted = self._engine.step()
        self._reporter.add_tick(perf_counter() - begin)
        if emitted is not None:
            self._stage.submit(emitted)
        self._reporter.report()

    def _listen(self) -> list[Order]:
        commands = self._inbox.take(lambda: self._may_step() or self._texts.has_ready())
        for command in commands:
            if isinstance(command, Attach):
                self._outlet.attach(command.ring, command.slots)
        if any(isinstance(command, Stop) for command in commands):
            return [(Stop(), {})]
        heard = [command for command in commands if not isinstance(command, Attach)]
        self._texts.submit(self._orders.check(heard, self._channel.send))
        return self._texts.take(self._channel.send)

    def _may_step(self) -> bool:
        """Whether a tick can be taken now: what it emits must have a place to go."""
        return self._outlet.is_attached and not self._orders.paused and self._stage.has_room()


def main() -> None:
    """Read from the environment what the launcher has put there, and run."""
    lose_what_nobody_reads()
    run(Task.read(), int(os.environ["RANK"]))


if __name__ == "__main__":
    main()
