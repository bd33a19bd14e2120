"""Facts about the cues that the page knows of."""

from typing import Any

import pytest
from playwright.async_api import Page


async def book(bench: Page, steps: str) -> Any:
    """Run steps on a new CueBook and return what they return."""
    return await bench.evaluate(
        f"""async () => {{
            const {{ CueBook }} = await import("/web/control/cue_book.js");
            const book = new CueBook();
            {steps}
        }}"""
    )


async def test_a_cue_waits_is_on_air_and_past(bench: Page) -> None:
    """Going on air makes the cues before it past and leaves those after it waiting."""
    statuses = await book(
        bench,
        """for (const cue of [1, 2, 3]) book.put({ cue, text: `cue ${cue}` });
        book.goOnAir(2, 5);
        return book.newestFirst.map((cue) => cue.status);""",
    )
    assert statuses == ["waiting", "on_air", "past"]


@pytest.mark.parametrize(
    ("cues", "statuses"),
    [
        ([(1, 10), (2, 50), (3, 20)], ["waiting", "skipped", "on_air"]),
        ([(1, 10), (2, 20), (3, 20)], ["waiting", "skipped", "on_air"]),
        ([(1, 10), (2, 20), (3, 30)], ["waiting", "waiting", "on_air"]),
        ([(1, 10), (2, 0), (3, 20)], ["waiting", "waiting", "on_air"]),
    ],
)
async def test_a_cue_that_was_dropped_is_not_next(
    bench: Page, cues: list[tuple[int, int]], statuses: list[str]
) -> None:
    """After a cut, or a hurried prompt, older cues that would be seen no earlier are never seen."""
    seen = await bench.evaluate(
        """async (cues) => {
            const { CueBook } = await import("/web/control/cue_book.js");
            const book = new CueBook();
            for (const [cue, visibleFrame] of cues) book.put({ cue, visibleFrame });
            book.goOnAir(1, 0);
            return book.newestFirst.map((cue) => cue.status);
        }""",
        cues,
    )
    assert seen == statuses


async def test_what_another_server_has_forgotten_is_told(bench: Page) -> None:
    """Only if it is the newest cue: the oldest are forgotten by every server."""
    told = await book(
        bench,
        """const cues = [1, 2, 3].map((cue) => ({ cue, text: `cue ${cue}` }));
        book.replace(cues, 3, 0);
        const old = book.replace(cues.slice(1), 3, 0);
        const newest = book.replace([{ cue: 0, text: "a calm sea" }], 0, 0);
        return [old?.text, newest?.text];""",
    )
    assert told == [None, "cue 3"]


async def test_the_next_is_the_oldest_that_waits(bench: Page) -> None:
    """Of several waiting cues the one to be seen first is next."""
    next_cue = await book(
        bench,
        """for (const cue of [4, 2, 3]) book.put({ cue });
        book.goOnAir(1, 0);
        return book.next.cue;""",
    )
    assert next_cue == 2


async def test_what_was_known_stays(bench: Page) -> None:
    """A later message that names fewer fields takes nothing away."""
    cue = await book(
        bench,
        """book.put({ cue: 1, text: "sea", due_ms: 100 });
        book.put({ cue: 1, text: undefined, start: 7 });
        return book.find(1);""",
    )
    assert (cue["text"], cue["due_ms"], cue["start"]) == ("sea", 100, 7)


async def test_the_moment_on_air_is_kept(bench: Page) -> None:
    """A second report of the same cue does not move its time."""
    on_air_ms = await book(
        bench,
        """book.put({ cue: 1 });
        book.goOnAir(1, 10);
        book.goOnAir(1, 90);
        return book.onAir.onAir_ms;""",
    )
    assert on_air_ms == 10


async def test_the_book_is_bounded(bench: Page) -> None:
    """The oldest cues are forgotten."""
    cues = await book(
        bench,
        """for (let cue = 0; cue < 1000; cue++) book.put({ cue });
        return book.newestFirst.map((cue) => cue.cue);""",
    )
    assert (len(cues), cues[0]) == (200, 999)


async def test_another_stream_begins_with_other_cues(bench: Page) -> None:
    """What the server does not know any more is forgotten, and its cue numbers may begin again."""
    cues = await book(
        bench,
        """for (const cue of [1, 2, 3]) book.put({ cue, text: `old ${cue}` });
        book.goOnAir(3, 10);
        book.replace([{ cue: 0, text: "opening" }, { cue: 1, text: "new" }], 0, 20);
        return book.newestFirst.map(({ text, status }) => [text, status]);""",
    )
    assert cues == [["new", "waiting"], ["opening", "on_air"]]
