"""Facts about when a viewer gives a connection up."""

import pytest
from playwright.async_api import Page

LIMITS = {"silence_s": 5, "join_s": 15, "freeze_s": 20, "decode_s": 60}
Course = list[tuple[float, int, int, int]]

JUDGE = """async ([limits, course]) => {
    const { StallDetector } = await import("/web/lib/stall_detector.js");
    const stall = new StallDetector(0, limits);
    for (const [time_s, decoded, packets, signs] of course)
        if (stall.judge({ decoded, packets, signs }, time_s * 1000)) return time_s;
    return null;
}"""


def course(seconds: int, *, decoded: float = 0, packets: float = 0, signs: float = 0, until: float = 1e9) -> Course:
    """Return what is counted each second, growing at the given rates until some second."""
    grown = [(t, min(t, until)) for t in range(1, seconds + 1)]
    return [(t, int(decoded * g), int(packets * g), int(signs * g)) for t, g in grown]


@pytest.mark.parametrize(
    ("what", "given_up_s"),
    [
        pytest.param(course(600, signs=0.3), None, id="checks and handshakes go on: the stream may begin any time"),
        pytest.param(course(59, packets=20, signs=1), None, id="packets come, and no whole picture yet"),
        pytest.param(course(100, packets=20, signs=1), 62, id="packets never make a picture"),
        pytest.param(course(15), None, id="an answer under way for long"),
        pytest.param(course(30), 16, id="no sign at all"),
        pytest.param(course(30, signs=1, until=6), 22, id="signs have ended before the first picture"),
        pytest.param(course(600, decoded=0.1, packets=1, signs=1), None, id="a picture every ten seconds"),
        pytest.param(course(30, decoded=10, packets=20, signs=1, until=8), 14, id="all has ended"),
        pytest.param(course(14, decoded=10, packets=20, signs=1, until=10), None, id="a gap of four seconds"),
    ],
)
async def test_nobody_is_thrown_out_who_comes_closer_to_a_picture(
    bench: Page, what: Course, given_up_s: float | None
) -> None:
    """Silence ends a connection, slowness does not."""
    assert await bench.evaluate(JUDGE, [LIMITS, what]) == given_up_s


async def test_a_frozen_picture_is_given_up_though_packets_come(bench: Page) -> None:
    """A decoder that is stuck begins anew with a new connection."""
    frozen = [(t, min(t, 5) * 10, t * 20, t) for t in range(1, 40)]
    assert await bench.evaluate(JUDGE, [LIMITS, frozen]) == 26
