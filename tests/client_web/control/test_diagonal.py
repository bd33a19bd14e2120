"""Facts about the queue between two messages: it glides towards the screen and never jumps back."""

from playwright.async_api import Page

SETUP = """
    const { Diagonal } = await import("/web/control/diagonal.js");
    const slots = (head, length = 8, cue = () => 0) =>
        Array.from({ length }, (_, i) => ({ latent: head + i, level: (i + 1) / length, cue: cue(head + i) }));
    const diagonal = new Diagonal();
"""


async def test_without_a_message_there_is_nothing_to_draw(bench: Page) -> None:
    """A queue that nobody has told of has no columns."""
    assert await bench.evaluate(f"async () => {{ {SETUP} return diagonal.columns(0) }}") == []


async def test_columns_stand_as_the_message_says(bench: Page) -> None:
    """Right after the first message each slot is in its place, with its level."""
    columns = await bench.evaluate(f"""async () => {{ {SETUP}
        diagonal.update(slots(100), 0);
        return diagonal.columns(0) }}""")
    assert [column["position"] for column in columns[:8]] == list(range(8))
    assert [column["level"] for column in columns[:8]] == [(i + 1) / 8 for i in range(8)]


async def test_the_queue_glides_at_the_speed_of_the_messages(bench: Page) -> None:
    """Between messages positions fall steadily, and never rise."""
    heads = await bench.evaluate(f"""async () => {{ {SETUP}
        for (let t = 0; t <= 1000; t += 250) {{ diagonal.update(slots(t / 125), t); diagonal.columns(t); }}
        const heads = [];
        for (let t = 1000; t < 1250; t += 16) {{
            const [first] = diagonal.columns(t);
            heads.push(first.latent - first.position);
        }}
        return heads }}""")
    steps = [after - before for before, after in zip(heads, heads[1:], strict=False)]
    assert all(step > 0 for step in steps)
    assert max(steps) < 0.5


async def test_a_new_cue_enters_at_the_tail(bench: Page) -> None:
    """What is born after the last message is under the newest cue."""
    cues = await bench.evaluate(f"""async () => {{ {SETUP}
        diagonal.update(slots(0, 8, (latent) => latent < 7 ? 1 : 2), 0);
        return diagonal.columns(0).map((column) => column.cue) }}""")
    assert cues == [1] * 7 + [2, 2]


async def test_a_cut_starts_afresh(bench: Page) -> None:
    """When the indices fall back or leap, nothing glides across the gap."""
    positions = await bench.evaluate(f"""async () => {{ {SETUP}
        diagonal.update(slots(500), 0);
        diagonal.update(slots(3), 250);
        return diagonal.columns(250).map((column) => column.position) }}""")
    assert positions[0] == 0


async def test_a_paused_queue_comes_to_rest(bench: Page) -> None:
    """When the messages tell no progress the drawing stops moving."""
    moving = await bench.evaluate(f"""async () => {{ {SETUP}
        for (let t = 0; t <= 4000; t += 250) {{
            diagonal.update(slots(Math.min(t, 1000) / 125), t);
            diagonal.columns(t);
        }}
        return diagonal.isMoving(4000) }}""")
    assert moving is False


async def test_still_columns_are_whole_places(bench: Page) -> None:
    """For people who want less motion every column stands where the last message put it."""
    positions = await bench.evaluate(f"""async () => {{ {SETUP}
        for (let t = 0; t <= 1000; t += 250) diagonal.update(slots(t / 100, 64), t);
        return diagonal.columns(1100, {{ smooth: false }}).map((column) => column.position) }}""")
    assert positions == list(range(65))
