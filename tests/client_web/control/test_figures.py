"""Facts about the numbers beside the picture."""

from typing import Any

from playwright.async_api import Page


async def figures(bench: Page, steps: str) -> Any:
    """Run steps on new Figures and return what they return."""
    return await bench.evaluate(
        f"""async () => {{
            const {{ Figures }} = await import("/web/control/figures.js");
            const figures = new Figures();
            {steps}
        }}"""
    )


async def test_the_rate_counts_frames_that_were_presented(bench: Page) -> None:
    """Also those for which no callback came."""
    fps = await figures(
        bench,
        """for (let i = 0; i <= 10; i++) figures.frame(i * 100, { presentedFrames: 2.4 * i, expectedDisplayTime: 0 });
        return figures.fps(1000);""",
    )
    assert abs(fps - 24) < 0.01


async def test_a_standing_picture_has_no_rate(bench: Page) -> None:
    """Two seconds after the last frame there is nothing left to count."""
    fps = await figures(
        bench,
        """figures.frame(0, { presentedFrames: 1, expectedDisplayTime: 0 });
        figures.frame(40, { presentedFrames: 2, expectedDisplayTime: 0 });
        return figures.fps(2100);""",
    )
    assert fps == 0


async def test_delay_is_the_browsers_share_and_half_a_round_trip(bench: Page) -> None:
    """From leaving the server to the screen."""
    delay_ms = await figures(
        bench,
        """figures.roundTrip(0.02);
        figures.frame(0, { presentedFrames: 1, expectedDisplayTime: 130, receiveTime: 100 });
        return figures.delay_ms;""",
    )
    assert abs(delay_ms - 40) < 0.01


async def test_a_browser_that_does_not_say_has_no_delay(bench: Page) -> None:
    """Without receive times the figure is unknown, not zero."""
    is_known = await figures(
        bench,
        """figures.frame(0, { presentedFrames: 1, expectedDisplayTime: 130 });
        return Number.isFinite(figures.delay_ms);""",
    )
    assert is_known is False
