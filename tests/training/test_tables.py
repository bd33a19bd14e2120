"""The tables of the bundled model are those of its training."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from fifo_live.bundled import scenes
from fifo_live.bundled.words import vocabulary
from fifo_live.training import captions, clips
from fifo_live.training.__main__ import main
from fifo_live.training.scenes import COMBINATIONS, SCENES
from fifo_live.training.tables import are_written, make_tables, write_tables
from fifo_live.training.vocabulary import content_words, grammar_words, listed_under


def test_the_committed_tables_are_those_of_the_training() -> None:
    """Scenes, attributes and words that the model reads from its files equal the tables that it was trained with."""
    assert are_written()
    assert scenes.NAMES == captions.NAMES
    assert scenes.COMBINATIONS == COMBINATIONS and scenes.FPS == clips.FPS
    natural = {name: (scene.palettes, scene.headings) for name, scene in SCENES.items()}
    assert {name: (scene.palettes, scene.headings) for name, scene in scenes.SCENES.items()} == natural
    assert vocabulary().words == grammar_words()
    assert vocabulary().content == content_words()
    assert vocabulary().listed_under == listed_under()


def test_a_change_of_the_training_is_noticed(tmp_path: Path) -> None:
    """Tables that differ from those of the training, or are missing, are not taken as written."""
    assert not are_written(tmp_path)
    write_tables(tmp_path)
    assert are_written(tmp_path)
    table = make_tables()["scenes.json"]
    table["palettes"].append("octarine")
    (tmp_path / "scenes.json").write_text(json.dumps(table), encoding="utf-8")
    assert not are_written(tmp_path)


def test_no_training_begins_with_old_tables(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """The command says how the tables are written, before any work is done."""
    monkeypatch.setattr("fifo_live.training.__main__.are_written", lambda: False)
    with pytest.raises(SystemExit):
        main(["--work", str(tmp_path / "work")])
    assert "python -m fifo_live.training.tables" in capsys.readouterr().err
    assert not (tmp_path / "work").exists()
