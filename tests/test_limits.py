"""Facts about the shape of the code and its sentences: files and functions stay small, wide excepts stay few."""

import ast
import re
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.trees import ROOT, file_of, functions, sources

MAX_FILE_LINES = 300
MAX_FUNCTION_LINES = 40
WIDE_EXCEPTS = 3
"""How many `except Exception` the product may hold: at process, task and socket borders, each with its reason."""

PROSE = (".py", ".js", ".md", ".html", ".toml", ".css")
FOLDERS = ("client_web", "docs", "fifo_live", "obs_plugin", "scripts", "server", "tests")

QUESTIONS = ("What", "Who", "Where", "When", "How", "Whether", "Why", "Which")

MODULES = sorted(sources())


@pytest.mark.parametrize("module", MODULES)
def test_a_file_is_short(module: str) -> None:
    """No file has more than 300 lines."""
    assert len(file_of(module).read_text(encoding="utf-8").splitlines()) <= MAX_FILE_LINES


@pytest.mark.parametrize("module", MODULES)
def test_a_function_is_short(module: str) -> None:
    """No function has more than 40 lines."""
    lengths = {function.name: (function.end_lineno or 0) - function.lineno + 1 for function in functions(module)}
    assert {name: length for name, length in lengths.items() if length > MAX_FUNCTION_LINES} == {}


@pytest.mark.parametrize("module", MODULES)
def test_a_file_says_what_it_is(module: str) -> None:
    """Each file begins with a docstring whose first word is a noun or a verb, not a question."""
    header = ast.get_docstring(sources()[module])
    assert header and header.split()[0] not in QUESTIONS


def test_wide_excepts_are_counted() -> None:
    """`except Exception` (or wider) appears no more often than is known, and always with its reason beside it."""
    places = [
        (module, handler)
        for module, tree in sources().items()
        for handler in ast.walk(tree)
        if isinstance(handler, ast.ExceptHandler) and _is_wide(handler)
    ]
    assert len(places) <= WIDE_EXCEPTS, [module for module, _ in places]
    for module, handler in places:
        lines = file_of(module).read_text(encoding="utf-8").splitlines()
        nearby = lines[handler.lineno - 2 : handler.lineno + 1]
        assert any("#" in line for line in nearby), f"{module}:{handler.lineno} does not say why it catches all."


def test_cannot_is_one_word() -> None:
    """No sentence of code, pages, tests or docs writes "cannot" as two words, on one line or across two."""
    two_words = re.compile(r"\bcan[\s#*/\"]+not\b", re.IGNORECASE)
    texts = {path: path.read_text(encoding="utf-8") for path in _prose()}
    assert len(texts) > 100
    assert [f"{path}: {match.group()!r}" for path, text in texts.items() for match in two_words.finditer(text)] == []


def _prose() -> Iterator[Path]:
    """Yield the files of the tree that hold sentences."""
    for path in (*ROOT.iterdir(), *(path for folder in FOLDERS for path in (ROOT / folder).rglob("*"))):
        if path.suffix in PROSE and path.is_file():
            yield path


def _is_wide(handler: ast.ExceptHandler) -> bool:
    if isinstance(handler.body[-1], ast.Raise) and handler.body[-1].exc is None:
        return False  # it only tidies up on the way
    kinds = handler.type.elts if isinstance(handler.type, ast.Tuple) else [handler.type]
    return any(kind is None or getattr(kind, "id", "") in ("Exception", "BaseException") for kind in kinds)
