"""Facts about the benchmarks, run short and with the model that needs no weights."""

import aiortc.rtcrtpreceiver
import pytest

from fifo_live.bench import churn, live, memory, overhead
from fifo_live.bench.visitor import Leaving
from fifo_live.config import Config
from tests.trees import ROOT

PAINTED = Config().with_values(model={"name": "tests.painted:load"})


@pytest.fixture(autouse=True)
def _servers_find_the_tests(monkeypatch: pytest.MonkeyPatch) -> None:
    """Let the servers that a benchmark starts import the painted model."""
    monkeypatch.setenv("PYTHONPATH", str(ROOT))


@pytest.mark.timeout(150)
def test_live_measures_a_whole_stream(monkeypatch: pytest.MonkeyPatch) -> None:
    """All figures are there, in their order, and make sense."""
    monkeypatch.setattr(live, "SETTLE_S", 0.5)
    monkeypatch.setattr(live, "WATCH_S", 3.0)
    monkeypatch.setattr(live, "PROMPTS", ("a sea",))
    figures = live.measure(PAINTED)
    assert tuple(figures) == live.FIGURES
    assert (figures["width"], figures["height"]) == (320, 180)
    assert 0 < figures["delivered_fps"] < 30
    assert figures["generated_fps"] > 0
    assert 0 < figures["first_frame_s"] < 60
    assert figures["prompt_to_picture_s"] == pytest.approx(figures["eta_s"] + figures["eta_error_s"])


@pytest.mark.timeout(120)
def test_memory_watches_server_and_workers(monkeypatch: pytest.MonkeyPatch) -> None:
    """The memory of all processes is summed up, which is more than torch alone takes."""
    monkeypatch.setattr(memory, "EARLY", 24)
    monkeypatch.setattr(memory, "LATE", 72)
    figures = memory.measure(PAINTED)
    assert figures["rss_mb_500"] > 150
    assert figures["growth"] == figures["rss_mb_5000"] / figures["rss_mb_500"] - 1


def test_overhead_compares_a_tick_with_the_network(monkeypatch: pytest.MonkeyPatch) -> None:
    """The ratio is that of the two medians."""
    monkeypatch.setattr(overhead, "NUM_TURNS", 5)
    figures = overhead.measure(PAINTED)
    assert figures["engine_overhead"] == figures["tick_ms"] / figures["bare_ms"]


@pytest.mark.timeout(120)
def test_churn_counts_what_viewers_leave_behind(monkeypatch: pytest.MonkeyPatch) -> None:
    """Viewers who say goodbye leave nothing."""
    monkeypatch.setattr(churn, "SHARES", {Leaving.DELETE: 1, Leaving.CLOSE: 1})
    decoder_worker = getattr(aiortc.rtcrtpreceiver, "decoder_worker")  # noqa: B009
    figures = churn.measure(Config(), joins=10)
    assert getattr(aiortc.rtcrtpreceiver, "decoder_worker") is decoder_worker  # noqa: B009
    assert figures["delete"] + figures["close"] == 10
    assert [figures[name] for name in ("refused", "not_connected", "tracebacks")] == [0, 0, 0]
    assert (figures["tasks_left"], figures["files_left"]) == (0, 0)
    assert 0.5 < figures["growth"] == figures["late_mb"] / figures["early_mb"] < 2.0
