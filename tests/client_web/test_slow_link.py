"""Facts about viewers who are far away."""

import pytest
from playwright.async_api import Browser

from tests import chromium
from tests.client_web.picture import frame_after
from tests.client_web.relay import LongWay
from tests.client_web.stage import Stage


@pytest.mark.parametrize(
    ("path", "delay_s", "loss"), [("/watch", 0.4, 0.0), ("/obs/source", 0.75, 0.0), ("/watch", 0.0, 0.2)]
)
async def test_one_join_is_enough(browser: Browser, stage: Stage, path: str, delay_s: float, loss: float) -> None:
    """A way of seconds there and back, or one that loses a fifth, makes the first picture late and nobody impatient."""
    with LongWay(delay_s, loss) as way:
        async with chromium.opened(browser) as page:
            await way.lead(page)
            await page.goto(stage.url + path)
            await page.wait_for_selector("video.shown")
            frame, _ = await frame_after(page)
            await frame_after(page, frame + 25)
            assert way.num_joins == 1
