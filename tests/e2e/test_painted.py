"""Facts about the whole way from prompt to picture, with a model whose pictures can be read back exactly."""

import asyncio
import re
import sys
from collections.abc import Sequence
from itertools import groupby
from pathlib import Path

import numpy as np
import psutil
from numpy.typing import NDArray

from fifo_live.bench.player import Player
from fifo_live.bench.server_process import ServerProcess
from tests.e2e.steering import Control
from tests.painted import pixels, read_number, shows
from tests.trees import ROOT


async def watch(player: Player, num_frames: int) -> list[NDArray[np.uint8]]:
    """Return the next pictures that a player decodes."""
    pictures = []
    async with asyncio.timeout(30):
        async for seen in player.frames():
            pictures.append(pixels(seen.picture))
            if len(pictures) == num_frames:
                break
    return pictures


def numbers_of(pictures: Sequence[NDArray[np.uint8]]) -> list[int]:
    """Return the numbers of pictures; one that was shown twice, because the machine was busy, counts once."""
    return [number for number, _ in groupby(map(read_number, pictures))]


def first_shown(pictures: Sequence[NDArray[np.uint8]], prompt: str) -> int:
    """Return the number of the first picture that has a prompt's colour."""
    return next(read_number(picture) for picture in pictures if shows(picture, prompt))


async def test_a_prompt_is_first_seen_in_the_announced_frame(painted: ServerProcess) -> None:
    """`accepted` names the frame, `on_air` names the same one, and a viewer sees the change in exactly that one."""
    async with Player(painted.url) as player, Control(painted.url) as control:
        await watch(player, 5)
        watching = asyncio.create_task(watch(player, 90))
        accepted = await control.prompt("a red door")
        on_air = await control.wait_for("on_air", cue=accepted["cue"])
        pictures = await watching
    assert on_air["frame"] == accepted["visible_frame"] == first_shown(pictures, "a red door")
    numbers = numbers_of(pictures)
    assert numbers == list(range(numbers[0], numbers[-1] + 1))


async def test_the_announced_time_is_kept(painted: ServerProcess) -> None:
    """From sending to `on_air` it takes about as long as `eta_s` says; `bench live` measures how exactly."""
    loop = asyncio.get_running_loop()
    async with Player(painted.url) as player, Control(painted.url) as control:
        await watch(player, 24)
        watching = asyncio.create_task(watch(player, 60))
        sent_s = loop.time()
        accepted = await control.prompt("a green field")
        await control.wait_for("on_air", cue=accepted["cue"])
        assert abs(loop.time() - sent_s - accepted["eta_s"]) < 0.8
        await watching


async def test_two_viewers_see_the_same_frames(painted: ServerProcess) -> None:
    """Both decode the same numbers, one after the other, with none left out."""
    async with Player(painted.url) as first, Player(painted.url) as second:
        seen = await asyncio.gather(watch(first, 48), watch(second, 48))
    for pictures in seen:
        numbers = numbers_of(pictures)
        assert numbers == list(range(numbers[0], numbers[-1] + 1))
    assert abs(read_number(seen[0][0]) - read_number(seen[1][0])) < 24


async def test_a_transition_blends(painted: ServerProcess) -> None:
    """Over the transition's latents the colour goes from one prompt's to the other's."""
    async with Player(painted.url) as player, Control(painted.url) as control:
        await control.prompt("a sea")
        accepted = await control.prompt("a city", transition=8)
        pictures = await watch(player, 90)
    shown = [number for number, picture in enumerate(pictures) if shows(picture, "a city")]
    assert shown, "The new prompt was never seen."
    assert read_number(pictures[shown[0]]) > accepted["visible_frame"]


async def test_a_killed_worker_is_replaced(painted: ServerProcess) -> None:
    """The viewer stays connected, and the new worker goes on with the prompt that the old one had."""
    async with Player(painted.url) as player, Control(painted.url) as control:
        accepted = await control.prompt("a yellow house")
        await control.wait_for("on_air", cue=accepted["cue"])
        workers = [child for child in psutil.Process(painted.process.pid).children(recursive=True) if is_worker(child)]
        assert workers
        for worker in workers:
            worker.kill()
        await control.wait_for("state", timeout_s=40)
        pictures = await watch(player, 200)
    assert shows(pictures[-1], "a yellow house")
    assert read_number(pictures[-1]) != read_number(pictures[-48])


async def test_two_ranks_make_one_stream(tmp_path: Path) -> None:
    """With the queue spread over two processes a prompt is seen in the announced frame all the same."""
    arguments = ["--model", "tests.painted:load", "--ranks", "2", "--set", "engine.window=4"]
    with ServerProcess(arguments, tmp_path / "server.log", {"PYTHONPATH": str(ROOT)}) as server:
        server.wait_until("/readyz", 50)
        async with Player(server.url) as player, Control(server.url) as control:
            accepted = await control.prompt("a red door")
            pictures = await watch(player, 90)
    assert first_shown(pictures, "a red door") == accepted["visible_frame"]


async def test_the_command_line_steers(painted: ServerProcess) -> None:
    """`fifo-live steer` prints what was announced and what came of it."""
    command = [sys.executable, "-m", "fifo_live", "steer", "a blue boat", "--url", painted.url]
    process = await asyncio.create_subprocess_exec(*command, stdout=asyncio.subprocess.PIPE)
    async with Player(painted.url) as player, asyncio.timeout(30):
        await watch(player, 24)
        printed, _ = await process.communicate()
    lines = printed.decode().splitlines()
    assert process.returncode == 0
    assert re.fullmatch(r"Cue \d+ enters with frame \d+; first seen in frame (\d+), in \d+\.\d s\.", lines[0])
    assert lines[1].startswith("On air in frame")


def is_worker(process: psutil.Process) -> bool:
    """Return whether a process is one of the engine's ranks."""
    return any("fifo_live.worker.main" in part for part in process.cmdline())
