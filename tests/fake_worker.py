"""A worker without a model: speaks the real protocol from a real process and draws pictures with a bar code.

The environment variable FIFO_LIVE_FAKE holds its settings as JSON. Some prompts are orders: "!crash" (die without an
answer), "!hang" (never answer again), "!slow" (ten frames a second), "!fast", "!reject" and "!late" (on air three
frames later than announced).
"""

import json
import os
import sys
import time
from dataclasses import dataclass, field, fields

import numpy as np

from fifo_live.link.messages import (
    Accepted,
    Adjust,
    Attach,
    Command,
    Credit,
    CueRecord,
    Cut,
    EngineStats,
    Failed,
    FrameReady,
    Pause,
    Ready,
    Rejected,
    Resume,
    Start,
    Steer,
    Stop,
)
from fifo_live.link.output import lose_what_nobody_reads
from fifo_live.link.process import Task
from fifo_live.link.ring import FrameRing, Picture
from fifo_live.link.transport import WorkerChannel
from fifo_live.protocol.cues import WeightedPrompt
from fifo_live.protocol.model import ModelInfo
from fifo_live.protocol.slots import Queue, Slot
from fifo_live.protocol.state import Progress
from tests import barcode

SETTINGS = "FIFO_LIVE_FAKE"
KNOWN_WORDS = ("sea", "fire", "city", "night")


@dataclass
class Settings:
    """What a test may ask of the fake."""

    width: int = 256
    height: int = 160
    fps: float = 25.0
    frames_per_latent: int = 1
    levels: int = 8
    speed_fps: float = 0.0
    fail: str = ""
    fatal: bool = False
    die_early: bool = False
    ready_after_s: float = 0.0
    hang: str = ""

    @classmethod
    def from_environment(cls) -> "Settings":
        values = json.loads(os.environ.get(SETTINGS, "{}"))
        assert values.keys() <= {f.name for f in fields(cls)}
        return cls(**values)


@dataclass
class FakeWorker:
    """The queue is only counted: a latent born at the tail leaves at the head `levels` ticks later."""

    channel: WorkerChannel
    settings: Settings
    start: Start
    ring: FrameRing | None = None
    credit: int = 0
    tick: int = 0
    cues: list[CueRecord] = field(default_factory=list)
    is_running: bool = True

    def __post_init__(self) -> None:
        self.latent = self.start.first_latent
        self.frame = self.start.first_frame
        self.cues = list(self.start.cues)
        self.next_cue = self.start.next_cue
        self.paused = self.start.paused
        self.next_report_s = 0.0
        self.next_frame_s = 0.0

    def run(self) -> None:
        self.channel.send(Ready(info=model_info(self.settings)))
        while self.is_running:
            for command in self.channel.receive(self.patience_s()):
                self.obey(command)
            if self.may_step():
                self.step()

    def may_step(self) -> bool:
        return self.credit > 0 and not self.paused and time.monotonic() >= self.next_frame_s

    def patience_s(self) -> float | None:
        if self.credit == 0 or self.paused:
            return None
        return max(0.0, self.next_frame_s - time.monotonic())

    def step(self) -> None:
        """Show one frame; the last of a latent ends the tick."""
        if self.settings.hang == "tick":
            hang()
        assert self.ring is not None
        now = time.monotonic()
        cue = self.cue_at(self.latent)
        slot = self.frame % self.ring.slots
        self.ring.write(slot, draw_picture(self.settings, self.frame, cue))
        self.channel.send(FrameReady(slot=slot, frame=self.frame, latent=self.latent, cue=cue))
        self.credit -= 1
        self.frame += 1
        if self.settings.speed_fps:
            self.next_frame_s = max(now, self.next_frame_s) + 1 / self.settings.speed_fps
        if (self.frame - self.start.first_frame) % self.settings.frames_per_latent == 0:
            self.latent += 1
            self.tick += 1
        self.report(now)

    def report(self, now: float) -> None:
        """Tell how it is, a few times a second."""
        if now < self.next_report_s:
            return
        self.next_report_s = now + 0.25
        slots = [
            Slot(latent=self.latent + age, level=age / self.settings.levels, cue=self.cue_at(self.latent + age), age=0)
            for age in range(self.settings.levels)
        ]
        self.channel.send(Queue(tick=self.tick, slots=slots))
        self.channel.send(
            EngineStats(
                tick=self.tick,
                frames=self.frame,
                tick_ms=4.0,
                denoiser_ms=3.0,
                decode_ms=1.0,
                generated_fps=self.settings.speed_fps or 100.0,
                rss_mb=1.0,
                device_mb=0.0,
            )
        )

    def cue_at(self, latent: int) -> int:
        return next((cue.cue for cue in reversed(self.cues) if cue.start <= latent), 0)

    def frame_of(self, latent: int) -> int:
        return self.start.first_frame + (latent - self.start.first_latent) * self.settings.frames_per_latent

    def obey(self, command: Command) -> None:
        match command:
            case Attach():
                self.ring = FrameRing.attach(command.ring, command.slots, self.settings.height, self.settings.width)
                self.credit = command.slots
                self.channel.send(Progress(stage="warming", done=1, total=1))
            case Credit():
                self.credit += command.frames
            case Steer():
                self.steer(command)
            case Pause() | Resume():
                self.paused = isinstance(command, Pause)
                self.channel.send(Accepted(request=command.request))
            case Adjust():
                self.channel.send(Accepted(request=command.request))
            case Cut():
                self.cut(command)
            case Stop():
                self.is_running = False

    def cut(self, command: Cut) -> None:
        """Bring the newest cue forward to the next latent."""
        prompts = [WeightedPrompt(text="a quiet sea")]
        newest = self.cues[-1] if self.cues else CueRecord(cue=0, start=0, transition=0, prompts=prompts)
        cue = newest.model_copy(update={"start": self.latent})
        self.cues = [known for known in self.cues if known.cue != cue.cue] + [cue]
        frame = self.frame_of(self.latent)
        self.channel.send(Accepted(request=command.request, cue=cue, enters_frame=frame, visible_frame=frame))

    def steer(self, command: Steer) -> None:
        text = command.prompts[0].text
        if text == "!crash":
            os._exit(3)
        if text == "!hang":
            hang()
        if text == "!reject":
            self.channel.send(Rejected(request=command.request, code="prompt_refused", message="This one is refused."))
            return
        if text in ("!slow", "!fast"):
            self.settings.speed_fps = 10.0 if text == "!slow" else 0.0
        depth = round(self.settings.levels * command.urgency)
        start = self.latent + max(1, depth)
        record = CueRecord(cue=self.next_cue, start=start, transition=command.transition, prompts=command.prompts)
        late = CueRecord(**{**record.model_dump(), "start": start + 3}) if text == "!late" else record
        self.cues.append(late)
        self.next_cue += 1
        self.channel.send(
            Accepted(
                request=command.request,
                cue=record,
                enters_frame=self.frame,
                visible_frame=self.frame_of(start),
                understood=[word for word in KNOWN_WORDS if word in text],
            )
        )


def hang() -> None:
    """Do nothing any more, and notice nothing."""
    while True:
        time.sleep(60)


def draw_picture(settings: Settings, frame: int, cue: int) -> Picture:
    """Return a slowly moving pattern, tinted by the cue, with the bar code in its corner."""
    y, x = np.mgrid[0 : settings.height, 0 : settings.width]
    wave = 127 + 60 * np.sin((x + y + 3 * frame) / 40)
    tint = np.array([1.0, 0.6 + 0.1 * (cue % 4), 0.4 + 0.15 * (cue % 3)])
    picture: Picture = (wave[:, :, None] * tint).astype(np.uint8)
    barcode.draw(picture, frame, cue)
    return picture


def model_info(settings: Settings) -> ModelInfo:
    """Return what a real model would say of itself."""
    return ModelInfo(
        name="fake",
        width=settings.width,
        height=settings.height,
        fps=settings.fps,
        frames_per_latent=settings.frames_per_latent,
        levels=settings.levels,
        chunk=1,
        micro_steps=1,
        window=settings.levels,
        context=0,
        queue_length=settings.levels,
        ranks=1,
        dtype="float32",
        device="cpu",
        supports_guidance=True,
        guidance=1.0,
        max_prompt_chars=200,
        default_prompt="a quiet sea",
        licence="Apache-2.0",
        non_commercial=False,
        knows=list(KNOWN_WORDS),
    )


def main() -> None:
    """Do what a worker does, until the server is gone."""
    lose_what_nobody_reads()
    task = Task.read()
    settings = Settings.from_environment()
    if settings.die_early:
        sys.exit(1)
    if settings.hang == "hello":
        hang()
    channel = WorkerChannel.connect(task.address, task.token)
    try:
        start = channel.receive(None)[0]
        assert isinstance(start, Start)
        channel.send(Progress(stage="loading", done=1, total=2, detail="the fake"))
        if settings.fail:
            channel.send(Failed(code="bad_model", message=settings.fail, fatal=settings.fatal))
            sys.exit(1)
        time.sleep(settings.ready_after_s)
        FakeWorker(channel, settings, start).run()
    except EOFError:
        sys.exit(0)


if __name__ == "__main__":
    main()
