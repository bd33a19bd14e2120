"""Facts about the arrow keys' memory."""

from typing import Any

from playwright.async_api import Page

SETUP = """
    const { PromptHistory } = await import("/web/control/prompt_storage.js");
    localStorage.clear();
"""


async def history(bench: Page, steps: str) -> Any:
    """Run steps with PromptHistory at hand and return what they return."""
    return await bench.evaluate(f"async () => {{ {SETUP} {steps} }}")


async def test_the_draft_is_found_again(bench: Page) -> None:
    """Going back and forth ends at what was being typed."""
    seen = await history(
        bench,
        """const history = new PromptHistory(localStorage);
        history.add("one"); history.add("two");
        const back = [history.older("draft"), history.older("two"), history.older("one")];
        return [...back, history.newer(), history.newer()];""",
    )
    assert seen == ["two", "one", None, "two", "draft"]


async def test_it_outlives_the_page(bench: Page) -> None:
    """What was sent before is there after a reload, each prompt once."""
    seen = await history(
        bench,
        """const before = new PromptHistory(localStorage);
        for (const text of ["one", "two", "one"]) before.add(text);
        const after = new PromptHistory(localStorage);
        return [after.older(""), after.older("one"), after.older("two")];""",
    )
    assert seen == ["one", "two", None]


async def test_a_full_store_is_no_hindrance(bench: Page) -> None:
    """Without room in the browser the history lasts as long as the page."""
    seen = await history(
        bench,
        """const full = { getItem: () => null, setItem: () => { throw new DOMException("", "QuotaExceededError"); } };
        const history = new PromptHistory(full);
        history.add("one");
        return history.older("");""",
    )
    assert seen == "one"


async def test_a_spoiled_store_is_an_empty_one(bench: Page) -> None:
    """Whatever else wrote into the browser's storage does not stop the page."""
    seen = await history(
        bench,
        """localStorage.setItem("fifo-live.prompts", "{not json");
        return new PromptHistory(localStorage).older("") ?? null;""",
    )
    assert seen is None
