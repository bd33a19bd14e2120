"""`fifo-live bench live`: a whole stream on this machine, from the start of a process to a picture at a viewer.

A real server with its worker is started twice, and one viewer plays it: once not paced, for what the machine can do,
once paced at the model's rate, as people run it.
"""

import asyncio
import time
from pathlib import Path
from statistics import mean, median
from tempfile import TemporaryDirectory
from typing import Any

from fifo_live.bench import overhead
from fifo_live.bench.probe_client import ProbeClient
from fifo_live.bench.server_process import ServerProcess, arguments_of
from fifo_live.config import Config
from fifo_live.protocol.answers import OnAir
from fifo_live.protocol.stats import Stats

START_TIMEOUT_S = 300.0
ANSWER_TIMEOUT_S = 120.0
SETTLE_S = 3.0
WATCH_S = 12.0
PROMPTS = ("a calm ocean at dusk", "a city at night in blue", "fire, fast")

FIGURES = (
    "generated_fps",
    "delivered_fps",
    "dropped",
    "late",
    "tick_ms",
    "denoiser_ms",
    "decode_ms",
    "encode_ms",
    "engine_overhead",
    "first_frame_s",
    "prompt_to_picture_s",
    "eta_s",
    "eta_error_s",
    "width",
    "height",
)
"""What is printed, in this order; docs/operations.md says what each one means."""

Figures = dict[str, Any]


def measure(config: Config) -> Figures:
    """Return the figures of a stream with one viewer; takes about a minute beside loading the model."""
    with TemporaryDirectory() as folder:
        figures = _in_server(config.with_values(stream={"paced": False}), Path(folder) / "unpaced.log", _generate)
        figures |= _in_server(config.with_values(stream={"paced": True}), Path(folder) / "paced.log", _deliver)
    figures |= {"engine_overhead": overhead.measure(config)["engine_overhead"]}
    return {name: figures[name] for name in FIGURES}


def _in_server(config: Config, log: Path, watch: Any) -> Figures:
    with ServerProcess(arguments_of(config), log) as server:
        server.wait_until("/healthz", START_TIMEOUT_S)
        figures: Figures = asyncio.run(_witnessed(server, watch))
        return figures


async def _witnessed(server: ServerProcess, watch: Any) -> Figures:
    async with ProbeClient(server.url) as witness:
        # The first cue comes with the engine's first frame; a model may load for minutes before.
        on_air_s, _ = await witness.message(OnAir, START_TIMEOUT_S)
        first_s = await witness.picture(ANSWER_TIMEOUT_S, after_s=on_air_s)
        await asyncio.sleep(SETTLE_S)
        figures: Figures = await watch(witness)
        width, height = witness.size
        return figures | {"first_frame_s": first_s - server.started_s, "width": width, "height": height}


async def _generate(witness: ProbeClient) -> Figures:
    """What the machine does when nothing holds it back."""
    stats = await _collect_stats(witness)
    names = ("generated_fps", "tick_ms", "denoiser_ms", "decode_ms", "encode_ms")
    return {name: mean(getattr(message, name) for message in stats) for name in names}


async def _deliver(witness: ProbeClient) -> Figures:
    """What a viewer gets, and how long a prompt takes to be seen."""
    begin_s = time.monotonic()
    stats = await _collect_stats(witness)
    seconds = time.monotonic() - begin_s
    num_seen = sum(at_s > begin_s for at_s in witness.pictures_s)
    late = stats[-1].late - stats[0].late
    figures: Figures = {
        "delivered_fps": (num_seen - late) / seconds,
        "dropped": stats[-1].dropped - stats[0].dropped,
        "late": late,
    }
    waits = [await _steer(witness, prompt) for prompt in PROMPTS]
    return figures | {
        "prompt_to_picture_s": median(seen_s for seen_s, _ in waits),
        **announced(waits),
    }


def announced(waits: list[tuple[float, float | None]]) -> Figures:
    """Return how long the announced waits were, and the worst error; None where the server announced none."""
    told = [(seen_s, eta_s) for seen_s, eta_s in waits if eta_s is not None]
    return {
        "eta_s": median(eta_s for _, eta_s in told) if told else None,
        "eta_error_s": max((seen_s - eta_s for seen_s, eta_s in told), key=abs) if told else None,
    }


async def _collect_stats(witness: ProbeClient) -> list[Stats]:
    """Return the server's figures of the next seconds."""
    begin_s = time.monotonic()
    await asyncio.sleep(WATCH_S)
    return [message for _, message in witness.messages(Stats, begin_s)]


async def _steer(witness: ProbeClient, prompt: str) -> tuple[float, float | None]:
    """Send a prompt; returns the seconds until it was seen, and those announced, if any."""
    begin_s = time.monotonic()
    accepted = await witness.client.prompt(prompt)
    on_air_s, _ = await witness.message(OnAir, ANSWER_TIMEOUT_S, after_s=begin_s, cue=accepted.cue)
    seen_s = await witness.picture(ANSWER_TIMEOUT_S, after_s=on_air_s)
    return seen_s - begin_s, accepted.eta_s
