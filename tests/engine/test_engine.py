"""The diagonal queue as a whole, with a toy for a model."""

from dataclasses import replace
from typing import Any

import pytest
import torch
from torch import Tensor

from fifo_live.config import EngineConfig
from fifo_live.engine.diagonal import Origin
from fifo_live.engine.engine import Engine
from fifo_live.engine.plan import Plan
from fifo_live.engine.shot import Emitted
from fifo_live.errors import ConfigError, PromptError
from fifo_live.models.contract import ModelSpec, NoiseSchedule
from tests.toy import FIFO_SPEC, Network, ToyDenoiser, find_flat

SMALL = replace(FIFO_SPEC, window=12, context=4, levels=8)


MODELS_OWN = EngineConfig()


def solver_of(name: str) -> ModelSpec:
    return replace(SMALL, solver=name)


def make(
    spec: ModelSpec = SMALL,
    config: EngineConfig = MODELS_OWN,
    network: Network | None = None,
    **kwargs: Any,
) -> tuple[Engine, ToyDenoiser]:
    toy = ToyDenoiser(spec, network)
    return Engine(toy, Plan.make(spec, config), **kwargs), toy


def run(engine: Engine, count: int) -> list[Emitted]:
    """Step until `count` chunks have left."""
    emitted: list[Emitted] = []
    while len(emitted) < count:
        if (item := engine.step()) is not None:
            emitted.append(item)
    return emitted


def latents(emitted: list[Emitted]) -> Tensor:
    return torch.cat([item.x_FCHW for item in emitted])


def test_starts_without_waste() -> None:
    """The first latent leaves after exactly T ticks, then one leaves every tick, numbered without gaps."""
    engine, _ = make()
    outcomes = [engine.step() for _ in range(20)]
    assert [outcome is not None for outcome in outcomes] == [False] * 7 + [True] * 13
    assert [index for item in outcomes if item for index in item.latents] == list(range(13))


def test_warmth_counts_the_start() -> None:
    """Progress of the start goes from 0 to T and stays there."""
    engine, _ = make()
    seen = []
    for _ in range(10):
        seen.append(engine.diagonal.warmth)
        engine.step()
    assert seen == [(min(tick, 8), 8) for tick in range(10)]


@pytest.mark.parametrize(("c", "s", "n"), [(1, 1, 8), (2, 1, 8), (3, 1, 5), (2, 4, 3), (5, 10, 2), (4, 12, 1)])
def test_each_latent_is_denoised_as_alone(c: int, s: int, n: int) -> None:
    """With a network that looks at one frame only, the queue gives what plain sampling of each latent gives."""
    spec = replace(SMALL, chunk=c, micro_steps=s, levels=n, window=c * n, context=0)
    engine, _ = make(spec, network=lambda x, t, cond: torch.tanh(x) * t)
    got = latents(run(engine, 4))
    solver = Plan.make(spec, EngineConfig()).solver
    x = engine._noise_of(range(-engine.diagonal.latent(0), len(got) - engine.diagonal.latent(0)))
    for row in reversed(range(s * n)):
        out = torch.tanh(x) * solver.times[row + 1]
        x = solver.step(x, out, torch.full((len(x),), row), None, None)
    assert torch.allclose(got, x, atol=1e-6)


def test_emits_x0() -> None:
    """What leaves the queue is the x0 of the last step, with no noise left in it."""
    engine, _ = make(replace(SMALL, window=8, context=0), network=lambda x, t, cond: (x - 3.0) / t)
    assert torch.allclose(latents(run(engine, 12)), torch.tensor(3.0), atol=1e-5)


def test_context_grows_to_full() -> None:
    """The first windows have no context to look at; once latents have left there is all of it."""
    engine, toy = make()
    run(engine, 6)
    assert toy.window_sizes == [8] * 8 + [9, 10, 11, 12, 12]


def test_windows_without_work_are_skipped() -> None:
    """During the start of a long queue only the windows that have begun go through the network."""
    engine, toy = make(FIFO_SPEC)
    run(engine, 1)
    assert len(toy.window_sizes) == sum(tick // 8 + 1 for tick in range(64))


@pytest.mark.parametrize("solver", ["euler", "renoise", "dpmpp_2m"])
def test_batching_changes_nothing(solver: str) -> None:
    """All windows in one forward give the same latents as one window at a time."""
    spec = replace(FIFO_SPEC, ladder=NoiseSchedule("flow"), solver=solver)
    one, _ = make(spec, EngineConfig(windows_per_forward=1), seed=7)
    all_, _ = make(spec, EngineConfig(windows_per_forward=8), seed=7)
    assert torch.allclose(latents(run(one, 30)), latents(run(all_, 30)), atol=1e-5)


def test_the_model_says_how_many_windows_go_together(monkeypatch: pytest.MonkeyPatch) -> None:
    """One, unless the model or the configuration says otherwise; the configuration wins. Too many are halved aloud."""
    for of_model, configured, expected in [(1, 0, 1), (4, 0, 4), (4, 2, 2)]:
        toy = ToyDenoiser(FIFO_SPEC)
        toy.windows_per_forward = of_model
        engine = Engine(toy, Plan.make(FIFO_SPEC, EngineConfig(windows_per_forward=configured)))
        assert max(map(len, engine._batches(engine.plan.segments[0].windows))) == expected
    said: list[str] = []
    whole, _ = make(FIFO_SPEC)
    narrow, toy = make(FIFO_SPEC, EngineConfig(windows_per_forward=8), report=said.append)
    denoise = toy.denoise

    def with_little_memory(x: Tensor, t: Tensor, cond: Tensor) -> Tensor:
        if len(x) > 2:
            raise torch.OutOfMemoryError("no room")
        return denoise(x, t, cond)

    monkeypatch.setattr(toy, "denoise", with_little_memory)
    assert torch.allclose(latents(run(narrow, 10)), latents(run(whole, 10)), atol=1e-5)
    assert len(said) >= 1 and narrow._batches.limit == 2


def test_seed_repeats_the_stream() -> None:
    """The same seed gives the same bits, another seed another stream."""
    a, b, c = (latents(run(make(seed=seed)[0], 20)) for seed in (1, 1, 2))
    assert torch.equal(a, b) and not torch.allclose(a, c)


def test_prompt_lands_where_announced() -> None:
    """A cue starts at the next latent that begins; exactly the latents from there on carry it."""
    engine, _ = make()
    run(engine, 5)
    cue = engine.steer(1, (("fire", 1.0),))
    assert cue.start == engine.diagonal.next_latent == 12
    assert engine.diagonal.frame_of(cue.start) - engine.diagonal.head_frame == 7
    carried = {index: number for item in run(engine, 15) for index, number in zip(item.latents, item.cues, strict=True)}
    assert carried == {index: int(index >= 12) for index in range(5, 20)}


def test_prompt_changes_only_what_is_born_later() -> None:
    """Latents born before the change are influenced by their neighbours only, not by the new text itself."""
    spec = replace(SMALL, window=8, context=0)
    streams = []
    for text in ("fire", "snow"):
        engine, _ = make(spec, network=lambda x, t, cond: torch.tanh(x) - cond)
        run(engine, 5)
        engine.steer(1, ((text, 1.0),))
        streams.append(latents(run(engine, 12)))
    same = [torch.equal(a, b) for a, b in zip(*streams, strict=True)]
    assert same == [True] * 7 + [False] * 5


def test_prompt_during_the_start() -> None:
    """A prompt that comes while the queue fills takes effect in the first latent that has not begun."""
    engine, _ = make()
    for _ in range(3):
        engine.step()
    assert engine.steer(1, (("fire", 1.0),)).start == 3


def test_urgent_prompt_reaches_born_latents() -> None:
    """Urgency below 1 re-prompts the latents that are still noisy enough, and says from which frame on."""
    engine, _ = make()
    run(engine, 5)
    cue = engine.steer(1, (("fire", 1.0),), urgency=0.5)
    assert cue.start == 5 + 3
    assert [item.cues[0] for item in run(engine, 6)] == [0, 0, 0, 1, 1, 1]


def test_prompts_are_encoded_once() -> None:
    """A text goes through the text encoder once, however long it is used."""
    engine, toy = make()
    engine.steer(1, (("fire", 1.0), ("a toy", 1.0)), transition=5)
    run(engine, 30)
    assert toy.encoded == ["a toy", "fire"]


def test_forgets_old_prompts() -> None:
    """After many prompts only those that are still in the queue are kept."""
    engine, _ = make()
    for number in range(1, 200):
        engine.steer(number, ((f"prompt {number}", 1.0),))
        run(engine, 1)
    assert len(engine.timeline.cues) < 20
    assert len(engine.conditioning._texts) < 20 and len(engine.conditioning._latents) < 20


def test_prompts_in_a_pause_do_not_pile_up() -> None:
    """Without a tick between them, at the start or in a pause, prompts leave only what may be seen."""
    engine, _ = make()
    for _ in range(2):
        for number in range(1, 200):
            engine.steer(number, ((f"prompt {number}", 1.0),), transition=3, urgency=0.01 * (number % 100))
        assert len(engine.timeline.cues) < 12 and len(engine.conditioning._texts) < 30
        run(engine, 5)


def test_urgency_counts_noise() -> None:
    """With bent levels what counts is how noisy a latent is, not how many steps it has left; slots say the same."""
    spec = replace(SMALL, ladder=NoiseSchedule("flow", shift=8.0))
    engine, _ = make(spec)
    run(engine, 5)
    noise = [slot.level for slot in engine.slots()]
    assert noise == pytest.approx([8 * k / (8 + 7 * k) for k in range(1, 9)])
    assert engine.steer(1, (("fire", 1.0),), urgency=0.6).start == 5 + 1
    assert engine.steer(2, (("fire", 1.0),), urgency=1.0).start == engine.diagonal.next_latent


@pytest.mark.parametrize("seen", ["start", "cut", "clip"])
def test_the_first_windows_are_whole(seen: str) -> None:
    """Where nothing has left yet that could be looked at, the slots behind a window are: it always reads 16."""
    engine, toy = make(FIFO_SPEC)
    if seen == "cut":
        run(engine, 3)
        engine.cut()
    if seen == "clip":
        engine.begin_with(clip(1.0))
    toy.window_sizes.clear()
    run(engine, 12)
    assert set(toy.window_sizes) == {16}


@pytest.mark.parametrize("sink", [0, 1])
def test_the_first_windows_do_not_look_across_a_cut(sink: int) -> None:
    """What stands in for context is of the same shot: a prompt changes nothing of what was born before."""
    spec = replace(FIFO_SPEC, cuts=True, sink=sink, window=16 + sink)
    streams = []
    for text in ("fire", "snow"):
        engine, _ = make(spec)
        engine.restore(1, ((text, 1.0),), 11, 0)
        streams.append(latents(run(engine, 14)))
    same = [torch.equal(a, b) for a, b in zip(*streams, strict=True)]
    assert same == [True] * 11 + [False] * 3


@pytest.mark.parametrize(
    ("chunk", "micro_steps", "sizes"),
    [(1, 1, [1, 2, 3, 4, 5]), (2, 1, [2, 4, 6, 8, 10]), (2, 2, [2, 2, 4, 4, 6, 6, 8])],
)
def test_what_waits_is_left_out_for_models_that_never_saw_it(chunk: int, micro_steps: int, sizes: list[int]) -> None:
    """Such a model sees all that is due and nothing behind it, with any chunk and any number of micro-steps."""
    spec = replace(SMALL, sees_waiting=False, chunk=chunk, micro_steps=micro_steps, levels=8 // chunk)
    engine, toy = make(spec)
    for _ in sizes:
        engine.step()
    assert toy.window_sizes == sizes


def test_frames_of_latents() -> None:
    """With k frames per latent the announced frame is the first that shows the latent, whatever the decoder does."""
    engine, _ = make(replace(SMALL, frames_per_latent=4, first_latent_frames=1), origin=Origin(10, 100))
    assert [engine.diagonal.frame_of(latent) for latent in (10, 11, 12)] == [100, 104, 108]


def test_goes_on_after_a_restart() -> None:
    """A new engine at an origin continues the numbering, and a cue that was announced keeps its latent."""
    engine, _ = make(origin=Origin(50, 50))
    engine.restore(3, (("fire", 1.0),), 55, 0)
    items = run(engine, 10)
    assert [item.latents[0] for item in items] == list(range(50, 60))
    assert [item.cues[0] for item in items] == [0] * 5 + [3] * 5


def test_cut_begins_again() -> None:
    """A cut drops the queue, brings the newest cue forward and leaves no gap in the numbering."""
    engine, _ = make()
    run(engine, 5)
    engine.steer(1, (("fire", 1.0),), transition=9)
    cue = engine.cut()
    assert (cue.start, engine.diagonal.frame_of(cue.start), engine.diagonal.warmth) == (5, 5, (0, 8))
    items = run(engine, 4)
    assert [(item.latents[0], item.cues[0]) for item in items] == [(index, 1) for index in range(5, 9)]
    assert [item.begins for item in items] == [(5,), (), (), ()]


def test_a_cut_begins_with_other_noise() -> None:
    """Nothing of the noise that was dropped comes again, and an engine that goes on behind the cut makes the same."""
    engine, _ = make(solver_of("renoise"), seed=5)
    run(engine, 5)
    dropped = engine._noise_of(range(8))
    engine.cut()
    fresh = engine._noise_of(range(8))
    assert not (fresh == dropped).any()
    successor, _ = make(solver_of("renoise"), seed=5, origin=engine.diagonal.origin)
    assert torch.equal(latents(run(engine, 9)), latents(run(successor, 9)))
    assert engine.diagonal.origin == Origin(5, 5, 1)


def test_guidance_mixes_with_the_empty_prompt() -> None:
    """At scale 1 there is one branch; above it the difference to the empty prompt is enlarged."""
    spec = replace(SMALL, supports_guidance=True)
    plain, toy = make(spec)
    run(plain, 1)
    assert "" not in toy.encoded
    guided, toy = make(spec, EngineConfig(guidance=4.0))
    run(guided, 1)
    assert "" in toy.encoded
    x, t = torch.zeros(1, 2, 4, 4, 8), torch.ones(1, 2)
    cond = guided.conditioning.of([[0, 0]], guided=True)
    with_prompt, without = toy.denoise(x, t, cond[:1]), toy.denoise(x, t, cond[1:])
    assert torch.allclose(guided._guided(x, t, t, cond), without + 4.0 * (with_prompt - without), atol=1e-6)


def test_a_flow_map_is_told_where_its_steps_lead(monkeypatch: pytest.MonkeyPatch) -> None:
    """The target of a latent is the time that it has at the next tick; clean context stays where it is."""
    engine, toy = make(network=lambda x, t, cond: torch.zeros_like(x))
    seen: list[tuple[Tensor, Tensor]] = []

    def denoise_to(x: Tensor, t: Tensor, target: Tensor, cond: Tensor) -> Tensor:
        seen.append((t, target))
        return toy.denoise(x, t, cond)

    monkeypatch.setattr(toy, "denoise_to", denoise_to)
    run(engine, 8)
    t, target = (times[0] for times in seen[-1])
    times = engine.plan.solver.times
    assert torch.equal(t, torch.cat([torch.zeros(4), times[1:]]))
    assert torch.equal(target, torch.cat([torch.zeros(4), times[:-1]]))


def test_guidance_of_a_model_without() -> None:
    """A model with built-in guidance refuses another scale, at the start and while it runs."""
    with pytest.raises(ConfigError, match="built in"):
        make(config=EngineConfig(guidance=4.0))
    with pytest.raises(PromptError, match="built in"):
        make()[0].adjust(guidance=4.0)


def test_slots_show_the_diagonal() -> None:
    """The visible state rises from the head to the tail and knows each slot's cue."""
    engine, _ = make()
    run(engine, 5)
    engine.steer(1, (("fire", 1.0),))
    slots = engine.slots()
    assert [slot.level for slot in slots] == [(i + 1) / 8 for i in range(8)]
    assert [slot.latent for slot in slots] == list(range(5, 13))
    assert [slot.cue for slot in slots] == [0] * 7 + [1]
    assert [slot.age for slot in slots] == [7, 6, 5, 4, 3, 2, 1, 0]


def test_a_cut_is_a_start_of_its_own() -> None:
    """With cuts, latents of a new shot do not depend on the shot before."""
    tails = []
    for first in ("sea", "fire"):
        engine, _ = make(replace(SMALL, cuts=True), prompt=first)
        run(engine, 5)
        engine.steer(1, (("snow", 1.0),))
        tails.append(latents(run(engine, 20))[7:])
    assert torch.equal(tails[0], tails[1])


def test_the_decoder_is_told_where_shots_begin() -> None:
    """A start begins a shot; a cue does so only with cuts, also in the middle of a chunk."""
    for cuts, expected in [(True, [0, 8, 17]), (False, [0])]:
        engine, _ = make(replace(SMALL, chunk=2, levels=4, window=12, cuts=cuts))
        engine.restore(1, (("fire", 1.0),), 8, 0)
        engine.restore(2, (("snow", 1.0),), 17, 3)
        assert [latent for item in run(engine, 15) for latent in item.begins] == expected


def test_a_transition_between_shots_is_a_dissolve() -> None:
    """With cuts a transition mixes the old shot's last latent into the new shot, which is made as without it."""
    streams = []
    for transition in (0, 3):
        engine, _ = make(replace(SMALL, cuts=True))
        run(engine, 5)
        engine.steer(1, (("snow", 1.0),), transition=transition)
        streams.append(latents(run(engine, 15)))
    cut, dissolved = streams
    still = cut[6]
    expected = [torch.lerp(still, cut[7 + i], (i + 1) / 4) for i in range(3)]
    assert torch.allclose(dissolved[7:10], torch.stack(expected), atol=1e-6)
    assert torch.equal(dissolved[:7], cut[:7]) and torch.equal(dissolved[10:], cut[10:])


def test_without_cuts_shots_flow_into_each_other() -> None:
    """A model that does not ask for cuts, or a configuration against them, lets new latents look at older ones."""
    for spec, config in [(SMALL, MODELS_OWN), (replace(SMALL, cuts=True), EngineConfig(cuts="no"))]:
        tails = []
        for first in ("sea", "fire"):
            engine, _ = make(spec, config, prompt=first)
            run(engine, 5)
            engine.steer(1, (("snow", 1.0),))
            tails.append(latents(run(engine, 10))[7:])
        assert not torch.allclose(tails[0], tails[1], atol=1e-3)


FLAT = replace(SMALL, window=13, sink=1)


def clip(*values: float) -> Tensor:
    """Latents of one value each."""
    return torch.tensor(values)[:, None, None, None].expand(-1, 4, 4, 8)


@pytest.mark.parametrize(
    "spec",
    [SMALL, FLAT, replace(SMALL, solver="dpmpp_2m"), replace(SMALL, chunk=2, micro_steps=3, levels=4), FIFO_SPEC],
)
def test_begins_with_a_clip(spec: ModelSpec) -> None:
    """What leaves first are the clip's latents in their order, after one shift instead of a whole warm-up."""
    engine, _ = make(spec, network=find_flat)
    engine.begin_with(clip(1.0, -1.0, 0.5))
    assert [slot.level * spec.levels for slot in engine.slots()][:: spec.chunk] == list(range(1, spec.levels + 1))
    first = [engine.step() for _ in range(spec.micro_steps)][-1]
    assert first is not None and first.begins == (0,) and first.latents[0] == 0
    left = torch.cat([first.x_FCHW, latents(run(engine, 3))])
    assert torch.allclose(left[:4].mean(dim=(1, 2, 3)), torch.tensor([1.0, -1.0, 0.5, 0.5]), atol=0.15)


def test_a_clip_changes_nothing_about_prompts() -> None:
    """A prompt lands in the first latent that has not begun, which is the tail; a cut begins with noise again."""
    engine, _ = make(network=find_flat)
    engine.begin_with(clip(1.0))
    assert engine.steer(1, (("fire", 1.0),)).start == 7
    assert [item.cues[0] for item in run(engine, 9)] == [0] * 7 + [1] * 2
    engine.cut()
    assert engine.diagonal.warmth == (0, 8)
