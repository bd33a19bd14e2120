"""Checks of `fifo-live doctor`: one function per part of the machine, each yielding its findings."""

import asyncio
import platform
import shutil
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from enum import StrEnum

import psutil

from fifo_live.config import Config, ModelConfig
from fifo_live.errors import SetupError
from fifo_live.link.shared_memory import reserve

RING_BYTES = 32 * 2**20
LARGE_PICTURE = (1024, 576)
MIN_MEMORY_GB = 4
ICE_TIMEOUT_S = 10.0
BROWSERS = ("chromium", "chromium-browser", "google-chrome", "chrome")


class Verdict(StrEnum):
    """How a check went: all is well, something optional is missing, or fifo-live cannot run."""

    GOOD = "good"
    NOTE = "note"
    BAD = "bad"


@dataclass(frozen=True)
class Finding:
    """One line of the report; `advice` is what to do about it."""

    subject: str
    verdict: Verdict
    fact: str
    advice: str = ""


def python() -> Iterator[Finding]:
    """Say which Python runs."""
    verdict = Verdict.GOOD if sys.version_info >= (3, 11) else Verdict.BAD
    yield Finding("Python", verdict, f"{platform.python_version()} on {platform.platform(terse=True)}")


def machine() -> Iterator[Finding]:
    """Say how many cores and how much memory there are."""
    memory_gb = psutil.virtual_memory().available / 2**30
    enough = memory_gb >= MIN_MEMORY_GB
    yield Finding(
        "cores, memory",
        Verdict.GOOD if enough else Verdict.NOTE,
        f"{psutil.cpu_count(logical=False)} cores, {memory_gb:.1f} GiB free",
        "" if enough else f"The bundled model needs about {MIN_MEMORY_GB} GiB; close other programs.",
    )


def torch() -> Iterator[Finding]:
    """Say what the network will run on."""
    try:
        import torch
    except ImportError as error:
        yield Finding("torch", Verdict.BAD, f"cannot be imported: {error}", "Run 'make setup'.")
        return
    yield Finding("torch", Verdict.GOOD, f"{torch.__version__}, {torch.get_num_threads()} threads")
    features = torch.cpu.get_capabilities()
    fast = [name for name in ("avx512_bf16", "amx_bf16") if features.get(name)]
    fact = f"has {', '.join(fast)}: bfloat16 is quick here" if fast else "no bfloat16 instructions: float32 is used"
    yield Finding("CPU", Verdict.GOOD, f"{features.get('cpu_name', platform.machine())}; {fact}")
    for index in range(torch.cuda.device_count()):
        card = torch.cuda.get_device_properties(index)
        yield Finding(f"GPU {index}", Verdict.GOOD, f"{card.name}, {card.total_memory / 2**30:.0f} GiB")
    if not torch.cuda.is_available():
        yield Finding("GPU", Verdict.NOTE, "none usable by torch", "The bundled model needs none; larger ones do.")


def encoders() -> Iterator[Finding]:
    """Say which video encoders there are; viewers need one of the two."""
    import av

    for name in ("libx264", "libvpx"):
        found = name in av.codecs_available
        verdict, fact = (Verdict.GOOD, "there") if found else (Verdict.NOTE, "missing")
        advice = "" if found else "Install PyAV from its wheel: 'pip install --force-reinstall av'."
        yield Finding(f"encoder {name}", verdict, fact, advice)


def memory_ring(config: Config) -> Iterator[Finding]:
    """Say whether there is the shared memory in which the frames travel."""
    wanted = max(RING_BYTES, config.stream.buffer_frames * _picture_bytes(config.model))
    try:
        block = reserve(wanted)
    except SetupError as error:
        sentence, _, advice = str(error).partition(". ")
        yield Finding("shared memory", Verdict.BAD, sentence, advice)
        return
    block.close()
    block.unlink()
    yield Finding("shared memory", Verdict.GOOD, f"{wanted / 2**20:.0f} MiB available")


def _picture_bytes(model: ModelConfig) -> int:
    """Return what one frame weighs; of a model whose size is its own, that of a large one."""
    width, height = LARGE_PICTURE
    return 3 * (model.width or width) * (model.height or height)


def browser() -> Iterator[Finding]:
    """Say whether the browser tests can run; no browser is needed on the server's machine otherwise."""
    found = next(filter(None, map(shutil.which, BROWSERS)), None)
    if found:
        yield Finding("Chromium", Verdict.GOOD, found)
    else:
        yield Finding("Chromium", Verdict.NOTE, "missing", "Only tests need it; on Debian: 'apt-get install chromium'.")


def ice() -> Iterator[Finding]:
    """Say whether two peers of this machine find each other over loopback."""
    try:
        asyncio.run(asyncio.wait_for(_connect_peers(), ICE_TIMEOUT_S))
    except (TimeoutError, OSError, SetupError) as error:
        advice = "Something blocks UDP on this machine; see docs/operations.md."
        yield Finding("WebRTC", Verdict.BAD, f"two local peers do not connect: {error or 'timed out'}", advice)
        return
    yield Finding("WebRTC", Verdict.GOOD, "two local peers connect")


def network() -> Iterator[Finding]:
    """Say whether this machine has an address that a browser can take for WebRTC."""
    from server.http.addresses import ANY_IPV6, others_hosts

    found = others_hosts(ANY_IPV6)
    if found:
        yield Finding("network", Verdict.GOOD, ", ".join(found))
        return
    advice = "Browsers make no connection over loopback alone and stay at 'Joining': connect this machine to a network."
    yield Finding("network", Verdict.NOTE, "no address but loopback", advice)


def port(config: Config) -> Iterator[Finding]:
    """Say whether the server's port is free."""
    from server.http.addresses import Entrance, plain_host
    from server.run import listen

    place = Entrance(plain_host(config.server.host), config.server.port).netloc
    try:
        listen(config).close()
    except SetupError as error:
        yield Finding("port", Verdict.NOTE, str(error), "Another server may be running there, or an earlier fifo-live.")
        return
    yield Finding("port", Verdict.GOOD, f"{place} is free")


async def _connect_peers() -> None:
    """Connect two peers with a data channel and wait until it opens."""
    from aiortc import RTCConfiguration, RTCPeerConnection

    from server.media.outputs.webrtc import peer as rtc

    rtc.prepare(())
    caller, callee = (RTCPeerConnection(RTCConfiguration(iceServers=[])) for _ in range(2))
    opened = asyncio.Event()
    caller.createDataChannel("doctor").on("open", opened.set)
    try:
        await caller.setLocalDescription(await caller.createOffer())
        await callee.setRemoteDescription(caller.localDescription)
        await callee.setLocalDescription(await callee.createAnswer())
        await caller.setRemoteDescription(callee.localDescription)
        await opened.wait()
    finally:
        await caller.close()
        await callee.close()
